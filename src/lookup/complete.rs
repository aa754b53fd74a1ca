//! What a query can go on with: paths, namespaces, datasets, event types and values that are there.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use super::error::Result;
use super::read::namespaces;
use crate::index::{self, Index, Segment, Subject};
use crate::model::{ClusterId, CompletionAnswer, Path, Suggestion};
use crate::query::text::fold;
use crate::query::{Written, each_scalar, quoted, text_of, written_at};
use crate::store::View;

/// Suggestions at most.
const MOST: usize = 40;

/// Profiles whose records are looked at for values where there is no index.
const NEWEST: usize = 1_000;

/// The words of the language that stand before a colon.
const WORDS: [(&str, &str); 11] = [
    ("event:", "has such an event"),
    ("seen:", "last seen"),
    ("ids:", "how many identities"),
    ("events:", "how many events"),
    ("dataset:", "comes from"),
    ("ns:", "has a namespace"),
    ("conflict:", "fragments disagree"),
    ("first:", "first seen"),
    ("fragments:", "how many fragments"),
    ("any.", "values that lost too"),
    ("attr.", "an attribute, whatever its name"),
];

/// What the query can go on with at a place, in characters from 0.
pub fn complete(
    view: View<'_>,
    index: Option<&Index>,
    query: &str,
    cursor: usize,
) -> Result<CompletionAnswer> {
    let Some((written, place)) = written_at(query, cursor) else {
        return Ok(CompletionAnswer::default());
    };
    let suggestions = match written {
        Written::Name(text) => names(view, index, &text)?,
        Written::Value { name, text } => values(view, index, &name, &text)?,
    };
    Ok(CompletionAnswer {
        from: place.start,
        to: place.end,
        suggestions,
    })
}

fn names(view: View<'_>, index: Option<&Index>, begun: &str) -> Result<Vec<Suggestion>> {
    // `any.` and `attr.` go before a path and stay where they are.
    let (head, begun) = ["any.", "attr."]
        .into_iter()
        .find_map(|head| Some((head, begun.strip_prefix(head)?)))
        .unwrap_or(("", begun));
    let mut found = Ranking::new(begun);
    for (path, count) in paths(view, index)? {
        let name = path.to_string();
        found.offer(&name, format!("{head}{name}:"), "attribute", count);
    }
    if head.is_empty() {
        for (code, count) in codes(view, index)? {
            found.offer(&code, format!("{code}:"), "namespace", count);
        }
        for (word, what) in WORDS {
            found.offer(word, word.to_owned(), what, None);
        }
    }
    Ok(found.best())
}

fn values(
    view: View<'_>,
    index: Option<&Index>,
    name: &str,
    begun: &str,
) -> Result<Vec<Suggestion>> {
    let catalog = view.catalog()?;
    let mut found = Ranking::new(begun);
    match name.to_ascii_lowercase().as_str() {
        "dataset" => {
            let known = catalog
                .datasets()
                .into_iter()
                .map(|dataset| dataset.name.clone());
            for (name, count) in counted(index, &Subject::Dataset, known)? {
                found.offer(&name, quoted(&name), "dataset", count);
            }
        }
        "ns" => {
            for (code, count) in codes(view, index)? {
                found.offer(&code, quoted(&code), "namespace", count);
            }
        }
        "event" => {
            let known = catalog.event_types().map(|(_, kind)| kind.to_string());
            for (kind, count) in counted(index, &Subject::EventType, known)? {
                found.offer(&kind, quoted(&kind), "event type", count);
            }
        }
        "conflict" => {
            for (path, _) in paths(view, index)? {
                let name = path.to_string();
                found.offer(&name, name.clone(), "attribute", None);
            }
        }
        "ids" | "events" | "fragments" => bounds(&mut found, &["1", ">1", ">10", "2..5"], "count"),
        "seen" | "first" => bounds(&mut found, &["<1d", "<7d", "<30d", "<365d", ">365d"], "age"),
        _ => match (catalog.namespace_of(name), index) {
            (Some(_), None) => {}
            (Some(namespace), Some(index)) => {
                let subject = Subject::Namespace(namespace.code.as_str().to_owned());
                for value in index::beginning(index, |s| *s == subject, begun, MOST)? {
                    found.offer(
                        &value.text,
                        quoted(&value.text),
                        "value",
                        Some(value.profiles),
                    );
                }
            }
            (None, Some(index)) => by_index(index, name, begun, &mut found)?,
            (None, None) => by_records(view, name, begun, &mut found)?,
        },
    }
    Ok(found.best())
}

fn bounds(found: &mut Ranking, texts: &[&str], kind: &'static str) {
    for text in texts {
        found.offer(text, (*text).to_owned(), kind, None);
    }
}

/// Attributes, each with the number of profiles that have it where an index knows.
fn paths(view: View<'_>, index: Option<&Index>) -> Result<Vec<(Path, Option<u64>)>> {
    if let Some(index) = index {
        let known = index::paths(index).into_iter();
        return Ok(known.map(|(path, count)| (path, Some(count))).collect());
    }
    Ok(view.paths()?.into_iter().map(|path| (path, None)).collect())
}

/// Namespaces, each with the number of profiles that have it where an index knows.
fn codes(view: View<'_>, index: Option<&Index>) -> Result<Vec<(String, Option<u64>)>> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let segments = index.map_or(&[][..], Index::segments).iter();
    for (subject, profiles) in segments.flat_map(Segment::subjects) {
        if let Subject::Namespace(code) = subject {
            *counts.entry(code).or_default() += profiles;
        }
    }
    let codes = namespaces(view)?.into_iter();
    Ok(codes
        .map(|code| {
            let count = counts.get(code.as_str()).copied();
            (code, count)
        })
        .collect())
}

/// Names, each with the number of profiles that have it where an index knows.
fn counted(
    index: Option<&Index>,
    subject: &Subject,
    known: impl Iterator<Item = String>,
) -> Result<Vec<(String, Option<u64>)>> {
    let counts = match index {
        Some(index) => index::beginning(index, |other| other == subject, "", usize::MAX)?,
        None => Vec::new(),
    };
    let count = |name: &String| counts.iter().find(|value| value.text == *name);
    Ok(known
        .map(|name| {
            let profiles = count(&name).map(|value| value.profiles);
            (name, profiles)
        })
        .collect())
}

/// The path that a name before a colon means.
fn meant(name: &str) -> Path {
    let heads = ["any.", "attr."].into_iter();
    let rest = heads.into_iter().find_map(|head| name.strip_prefix(head));
    super::fields::path(rest.unwrap_or(name))
}

/// The values of every path that ends so, each with how many profiles have it.
fn by_index(index: &Index, name: &str, begun: &str, found: &mut Ranking) -> Result<()> {
    let wanted = meant(name);
    let is_asked = |subject: &Subject| match subject {
        Subject::Path(keys) => Path(keys.clone()).ends_with(&wanted),
        _ => false,
    };
    for value in index::beginning(index, is_asked, begun, MOST)? {
        found.offer(
            &value.text,
            quoted(&value.text),
            "value",
            Some(value.profiles),
        );
    }
    Ok(())
}

/// The values that records of the last active profiles say there, each with how many of these profiles say it.
fn by_records(view: View<'_>, name: &str, begun: &str, found: &mut Ranking) -> Result<()> {
    let (wanted, begun) = (meant(name), fold(begun));
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut left = NEWEST;
    view.each_recent_cluster(|cluster| -> Result<_> {
        for value in values_of(view, cluster.id, &wanted)? {
            if fold(&value).starts_with(&begun) {
                *counts.entry(value).or_default() += 1;
            }
        }
        left -= 1;
        Ok(if left == 0 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        })
    })?;
    for (value, count) in counts {
        found.offer(&value, quoted(&value), "value", Some(count));
    }
    Ok(())
}

/// What any record of a cluster says at the paths that end so.
fn values_of(view: View<'_>, cluster: ClusterId, wanted: &Path) -> Result<BTreeSet<String>> {
    let mut values = BTreeSet::new();
    for member in view.members(cluster)? {
        view.each_body(member.id, |version| {
            each_scalar(
                &mut Vec::new(),
                &version.body.value(),
                &mut |keys, value| {
                    let path = Path(keys.iter().map(|key| (*key).to_owned()).collect());
                    if path.ends_with(wanted) {
                        values.insert(text_of(value).into_owned());
                    }
                },
            );
        })?;
    }
    Ok(values)
}

/// Suggestions that fit what was begun, the nearest and most frequent first.
struct Ranking {
    begun: String,
    found: Vec<(u8, Suggestion)>,
}

impl Ranking {
    fn new(begun: &str) -> Ranking {
        Ranking {
            begun: fold(begun),
            found: Vec::new(),
        }
    }

    fn offer(&mut self, name: &str, text: String, kind: &'static str, count: Option<u64>) {
        let name = fold(name);
        let begins_part = || {
            name.split(['.', '_', '-', ' '])
                .any(|part| part.starts_with(&self.begun))
        };
        let rank = match name.find(&self.begun) {
            Some(0) => 0,
            Some(_) if begins_part() => 1,
            Some(_) => 2,
            None => return,
        };
        // What is written whole already needs no suggestion.
        if name != self.begun || text.ends_with(':') {
            self.found.push((rank, Suggestion { text, kind, count }));
        }
    }

    fn best(mut self) -> Vec<Suggestion> {
        self.found.sort_by(|(a, one), (b, other)| {
            let order = a.cmp(b).then_with(|| other.count.cmp(&one.count));
            order.then_with(|| one.text.cmp(&other.text))
        });
        self.found.dedup_by(|(_, a), (_, b)| a.text == b.text);
        self.found.truncate(MOST);
        self.found.into_iter().map(|(_, one)| one).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_and_most_frequent_come_first() {
        let check = |begun: &str, expected: &[&str]| {
            let mut found = Ranking::new(begun);
            for (name, count) in [
                ("loyalty.tier", 1),
                ("tiered", 2),
                ("tier", 9),
                ("otier", 9),
            ] {
                found.offer(name, format!("{name}:"), "attribute", Some(count));
            }
            let texts: Vec<_> = found.best().into_iter().map(|one| one.text).collect();
            assert_eq!(texts, expected, "{begun}");
        };
        check("tier", &["tier:", "tiered:", "loyalty.tier:", "otier:"]);
        check("LOY", &["loyalty.tier:"]);
        check("none", &[]);
    }
}
