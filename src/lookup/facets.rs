//! What a result is made of: how many of its profiles share a tier, a country, a consent, a source.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use serde_json::Value;

use super::error::Result;
use super::export::{Sought, each_match};
use super::indexing::trusted;
use super::read::parsed;
use super::search::{SearchRequest, documents, each_indexed, has_words};
use crate::index::{self, Docs, Index, Number, Subject};
use crate::model::privacy::is_personal;
use crate::model::value::is_number;
use crate::model::{Facet, FacetRow, FacetsAnswer, MergePolicy, Moment, Path, ProfileAnswer};
use crate::query::{Query, Reach, each_scalar, quoted, text_of};
use crate::store::View;

/// Values that an attribute may have and still be a facet.
const MOST_VALUES: usize = 24;

/// Values of a facet that are told.
const MOST_ROWS: usize = 8;

/// Attributes that are told.
const MOST_FACETS: usize = 8;

/// Letters of a value that people group by.
const LONGEST: usize = 40;

/// Parts of paths that people like to group by, the best first.
const TELLING: [&str; 10] = [
    "tier", "status", "segment", "consent", "country", "city", "language", "plan", "level",
    "gender",
];

/// Numbers of identities that are counted together: first, last, and the term that asks for them.
const SIZES: [(usize, usize, &str, &str); 5] = [
    (1, 1, "1", "ids:1"),
    (2, 3, "2–3", "ids:2..3"),
    (4, 6, "4–6", "ids:4..6"),
    (7, 12, "7–12", "ids:7..12"),
    (13, usize::MAX, "13+", "ids:>=13"),
];

/// Counts the facets of the profiles that match: of all where an index knows who wins under the policy, else of so many at most, the
/// last active first.
pub fn facets(
    view: View<'_>,
    index: Option<&Index>,
    (query, most): (&str, u64),
    now: Moment,
    policy: &MergePolicy,
) -> Result<FacetsAnswer> {
    let query = &parsed(view, query, now)?;
    let sought = Sought { query, policy, now };
    let counted = match index {
        Some(index) => trusted(view, Census::by_index(view, index, &sought, most))?,
        None => None,
    };
    let census = match counted {
        Some(census) => census,
        None => Census::of_each(query, most, |reach, visit| {
            each_match(view, &sought, reach, |answer| Result::Ok(visit(&answer)))
        })?,
    };
    Ok(census.told())
}

/// What was counted so far.
#[derive(Default)]
struct Census {
    profiles: u64,
    is_whole: bool,
    /// Of each path its values; `None` where they are too many, or say who somebody is.
    values: BTreeMap<Path, Option<BTreeMap<String, u64>>>,
    sources: BTreeMap<String, u64>,
    sizes: [u64; SIZES.len()],
}

impl Census {
    /// Counts by an index, whether it knows who wins under the policy or not.
    fn by_index(view: View<'_>, index: &Index, sought: &Sought<'_>, most: u64) -> Result<Census> {
        let Sought { query, policy, now } = *sought;
        if index::same_winners(policy, index.policy()) {
            let request = SearchRequest::on_screen(&query.text, None, 0, 0, now);
            return Census::of_documents(index, &documents(view, index, &request, policy)?);
        }
        Census::of_each(query, most, |reach, visit| {
            each_indexed(view, index, (query, now), policy, reach, visit)
        })
    }

    /// Counts profiles one by one, so many at most, as `each` hands over those that match within a reach.
    fn of_each(
        query: &Query,
        most: u64,
        each: impl Fn(Reach, &mut dyn FnMut(&ProfileAnswer) -> ControlFlow<()>) -> Result<()>,
    ) -> Result<Census> {
        let mut census = Census::default();
        for reach in [Reach::Typos, Reach::Subsequences] {
            census.is_whole = true;
            each(reach, &mut |answer| {
                if census.profiles >= most {
                    census.is_whole = false;
                    return ControlFlow::Break(());
                }
                census.count(answer);
                ControlFlow::Continue(())
            })?;
            if census.profiles > 0 || !has_words(&query.expr) {
                break;
            }
        }
        Ok(census)
    }

    /// Counts by the tables of an index; a table of many values is nobody's facet.
    fn of_documents(index: &Index, docs: &[Docs]) -> Result<Census> {
        let mut census = Census {
            profiles: docs.iter().map(Docs::count).sum(),
            is_whole: true,
            ..Census::default()
        };
        for (path, _) in index::paths(index) {
            if is_short(index, &path)? {
                let is_asked =
                    |subject: &Subject| matches!(subject, Subject::Path(keys) if *keys == path.0);
                for value in index::counts(index, is_asked, docs, MOST_VALUES + 1)? {
                    census.add(&path, value.text, value.profiles);
                }
            }
        }
        let is_source = |subject: &Subject| *subject == Subject::Dataset;
        for source in index::counts(index, is_source, docs, usize::MAX)? {
            census.sources.insert(source.text, source.profiles);
        }
        for (segment, docs) in index.segments().iter().zip(docs) {
            for doc in docs.iter() {
                census.add_size(segment.number_of(Number::Identities, doc)? as usize);
            }
        }
        Ok(census)
    }

    fn count(&mut self, answer: &ProfileAnswer) {
        self.profiles += 1;
        let mut said = BTreeSet::new();
        for leaf in &answer.profile.leaves {
            let mut keys: Vec<&str> = leaf.path.0.iter().map(String::as_str).collect();
            each_scalar(&mut keys, &leaf.value, &mut |keys, value| {
                let path = Path(keys.iter().map(|key| (*key).to_owned()).collect());
                said.insert((path, text_of(value).into_owned()));
            });
        }
        for (path, text) in said {
            self.add(&path, text, 1);
        }
        for source in &answer.sources {
            *self.sources.entry(source.to_string()).or_default() += 1;
        }
        self.add_size(answer.identities.len());
    }

    fn add_size(&mut self, ids: usize) {
        let holds =
            |(first, last, ..): &(usize, usize, &str, &str)| (*first..=*last).contains(&ids);
        let size = SIZES.iter().position(holds);
        if let Some(count) = size.and_then(|at| self.sizes.get_mut(at)) {
            *count += 1;
        }
    }

    fn add(&mut self, path: &Path, text: String, profiles: u64) {
        let known = match self.values.get_mut(path) {
            Some(known) => known,
            None => self
                .values
                .entry(path.clone())
                .or_insert_with(|| Some(BTreeMap::new())),
        };
        let Some(counts) = known else { return };
        let is_grouped = groups_by(path, &text);
        if is_grouped {
            *counts.entry(text).or_default() += profiles;
        }
        if !is_grouped || counts.len() > MOST_VALUES {
            *known = None;
        }
    }

    fn told(self) -> FacetsAnswer {
        let paths: Vec<&Path> = self.values.keys().collect();
        let mut found: Vec<(usize, &Path, &BTreeMap<String, u64>)> = self
            .values
            .iter()
            .filter_map(|(path, counts)| Some((rank(path), path, counts.as_ref()?)))
            .filter(|(rank, _, counts)| *rank < TELLING.len() || is_telling(counts, self.profiles))
            .collect();
        found.sort_by_key(|(rank, path, counts)| (*rank, counts.len(), *path));
        let mut facets: Vec<Facet> = found
            .into_iter()
            .take(MOST_FACETS)
            .map(|(_, path, counts)| of_path(path, &paths, counts))
            .collect();
        facets.push(Facet {
            title: "source".into(),
            is_personal: false,
            rows: most(&self.sources, |name| format!("dataset:{}", quoted(name))),
        });
        facets.push(Facet {
            title: "identities".into(),
            is_personal: false,
            rows: sizes(&self.sizes),
        });
        facets.retain(|facet| !facet.rows.is_empty());
        FacetsAnswer {
            facets,
            profiles: self.profiles,
            is_whole: self.is_whole,
        }
    }
}

/// Whether an attribute has few values in every segment of an index.
fn is_short(index: &Index, path: &Path) -> Result<bool> {
    for segment in index.segments() {
        let is_asked =
            |subject: &Subject| matches!(subject, Subject::Path(keys) if *keys == path.0);
        for (_, table) in segment.tables(is_asked)? {
            if table.len() > MOST_VALUES * 4 {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Whether people group by a value: it is short, and nobody's own. When and why a choice was made is no group.
fn groups_by(path: &Path, text: &str) -> bool {
    let is_short = (1..=LONGEST).contains(&text.chars().count());
    let is_measure = is_number(text) || Moment::read(text).is_some();
    // A city or a country names a place, not a person.
    let is_place = rank(path) < TELLING.len();
    let is_own = !is_place && is_personal(path.keys(), &text.into());
    let last = path.keys().last().map_or("", String::as_str);
    let is_aside =
        path.keys().iter().any(|key| key == "consents") && matches!(last, "reason" | "time");
    is_short && !is_measure && !is_own && !is_aside
}

fn rank(path: &Path) -> usize {
    let text = path.to_string().to_lowercase();
    let at = TELLING.iter().position(|word| text.contains(word));
    at.unwrap_or(TELLING.len())
}

/// Whether the values part a result: several of them, and not one for nearly everybody.
fn is_telling(counts: &BTreeMap<String, u64>, profiles: u64) -> bool {
    let said: u64 = counts.values().sum();
    let is_one_each = counts.len() > 1 && counts.values().all(|count| *count == 1);
    !is_one_each && (counts.len() > 1 || said < profiles || profiles == 1)
}

fn of_path(path: &Path, all: &[&Path], counts: &BTreeMap<String, u64>) -> Facet {
    let name = shortest(path, all);
    let title = match name.strip_suffix(".val") {
        Some(choice) => format!("consent {choice}"),
        None => name.clone(),
    };
    let says_who = |value: &String| is_personal(path.keys(), &Value::from(value.as_str()));
    Facet {
        is_personal: counts.keys().any(says_who),
        rows: most(counts, |value| format!("{name}:{}", quoted(value))),
        title,
    }
}

/// The end of a path that no other path has.
fn shortest(path: &Path, all: &[&Path]) -> String {
    let keys = path.keys();
    let least = if keys.last().is_some_and(|key| key == "val") {
        2
    } else {
        1
    };
    let ends =
        (least..=keys.len()).map(|len| Path(keys.iter().skip(keys.len() - len).cloned().collect()));
    let own = ends
        .into_iter()
        .find(|end| all.iter().filter(|other| other.ends_with(end)).count() == 1);
    let name = own.unwrap_or_else(|| path.clone()).to_string();
    let is_word = [
        "event",
        "ids",
        "events",
        "fragments",
        "dataset",
        "ns",
        "seen",
        "first",
        "conflict",
    ]
    .iter()
    .any(|word| name.eq_ignore_ascii_case(word));
    if is_word {
        format!("attr.{name}")
    } else {
        name
    }
}

fn most(counts: &BTreeMap<String, u64>, term: impl Fn(&str) -> String) -> Vec<FacetRow> {
    let mut rows: Vec<FacetRow> = counts
        .iter()
        .map(|(value, count)| FacetRow {
            label: value.clone(),
            term: term(value),
            count: *count,
        })
        .collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.cmp(&b.label)));
    rows.truncate(MOST_ROWS);
    rows
}

fn sizes(counts: &[u64]) -> Vec<FacetRow> {
    let rows = SIZES.iter().zip(counts).filter(|(_, count)| **count > 0);
    rows.map(|((_, _, label, term), count)| FacetRow {
        label: (*label).to_owned(),
        term: (*term).to_owned(),
        count: *count,
    })
    .collect()
}

#[cfg(test)]
mod tests;
