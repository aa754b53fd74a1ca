//! What a query can go on with: paths, namespaces, datasets, event types and values that are there.

use super::error::Result;
use super::read::namespaces;
use crate::model::{CompletionAnswer, Path, Suggestion};
use crate::query::text::fold;
use crate::query::{Written, quoted, written_at};
use crate::store::View;

/// Suggestions at most.
const MOST: usize = 40;

/// Rows of the look-up table that one path's values are taken from.
const MOST_ROWS: u64 = 50_000;

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
pub fn complete(view: View<'_>, query: &str, cursor: usize) -> Result<CompletionAnswer> {
    let Some((written, place)) = written_at(query, cursor) else {
        return Ok(CompletionAnswer::default());
    };
    let suggestions = match written {
        Written::Name(text) => names(view, &text)?,
        Written::Value { name, text } => values(view, &name, &text)?,
    };
    Ok(CompletionAnswer {
        from: place.start,
        to: place.end,
        suggestions,
    })
}

fn names(view: View<'_>, begun: &str) -> Result<Vec<Suggestion>> {
    // `any.` and `attr.` go before a path and stay where they are.
    let (head, begun) = ["any.", "attr."]
        .into_iter()
        .find_map(|head| Some((head, begun.strip_prefix(head)?)))
        .unwrap_or(("", begun));
    let mut found = Ranking::new(begun);
    for (_, path) in view.paths()? {
        let name = path.to_string();
        found.offer(&name, format!("{head}{name}:"), "attribute", None);
    }
    if head.is_empty() {
        for code in namespaces(view)? {
            found.offer(&code, format!("{code}:"), "namespace", None);
        }
        for (word, what) in WORDS {
            found.offer(word, word.to_owned(), what, None);
        }
    }
    Ok(found.best())
}

fn values(view: View<'_>, name: &str, begun: &str) -> Result<Vec<Suggestion>> {
    let catalog = view.catalog()?;
    let mut found = Ranking::new(begun);
    match name.to_ascii_lowercase().as_str() {
        "dataset" => {
            for dataset in catalog.datasets() {
                found.offer(&dataset.name, quoted(&dataset.name), "dataset", None);
            }
        }
        "ns" => {
            for code in namespaces(view)? {
                found.offer(&code, quoted(&code), "namespace", None);
            }
        }
        "event" => {
            for (_, kind) in catalog.event_types() {
                found.offer(kind, quoted(kind), "event type", None);
            }
        }
        "conflict" => {
            for (_, path) in view.paths()? {
                let name = path.to_string();
                found.offer(&name, name.clone(), "attribute", None);
            }
        }
        "ids" | "events" | "fragments" => bounds(&mut found, &["1", ">1", ">10", "2..5"], "count"),
        "seen" | "first" => bounds(&mut found, &["<1d", "<7d", "<30d", "<365d", ">365d"], "age"),
        _ if catalog.namespace_of(name).is_some() => {}
        _ => of_path(view, name, begun, &mut found)?,
    }
    Ok(found.best())
}

fn bounds(found: &mut Ranking, texts: &[&str], kind: &'static str) {
    for text in texts {
        found.offer(text, (*text).to_owned(), kind, None);
    }
}

/// The values of every path that ends so, each with how many fragments say it.
fn of_path(view: View<'_>, name: &str, begun: &str, found: &mut Ranking) -> Result<()> {
    let name = ["any.", "attr."]
        .into_iter()
        .find_map(|head| name.strip_prefix(head))
        .unwrap_or(name);
    let wanted: Path = super::fields::path(name);
    for (id, path) in view.paths()? {
        if path.ends_with(&wanted) {
            for (value, count) in view.values_at(id, &fold(begun), MOST_ROWS)? {
                found.offer(&value, quoted(&value), "value", Some(count));
            }
        }
    }
    Ok(())
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
