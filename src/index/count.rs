//! How often values occur: for completion, and for the facets of a result.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use hashbrown::HashMap;

use super::IndexError;
use super::docs::Docs;
use super::files::Index;
use super::layout::Subject;
use crate::model::Path;

/// A value and the number of profiles in which it wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueCount {
    /// The value as it was said.
    pub text: String,
    /// How many profiles.
    pub profiles: u64,
}

/// The values of these subjects that begin so, case and accents aside, with their counts: the most frequent first.
pub fn beginning(
    index: &Index,
    is_asked: impl Fn(&Subject) -> bool,
    prefix: &str,
    most: usize,
) -> Result<Vec<ValueCount>, IndexError> {
    let prefix = crate::query::text::fold(prefix);
    let mut found: HashMap<String, u64> = HashMap::new();
    for segment in index.segments() {
        let profiles = segment.profiles()?;
        for (_, table) in segment.tables(&is_asked)? {
            for at in table.beginning(&prefix) {
                let count = table.count(at, profiles);
                if count > 0 {
                    let text = table.value(at).text;
                    *found.entry_ref(text).or_default() += count;
                }
            }
        }
    }
    Ok(most_frequent(found, most))
}

/// The values of these subjects among documents, given by segment, with their counts: the most frequent first.
pub fn counts(
    index: &Index,
    is_asked: impl Fn(&Subject) -> bool,
    among: &[Docs],
    most: usize,
) -> Result<Vec<ValueCount>, IndexError> {
    let mut found: HashMap<String, u64> = HashMap::new();
    for (segment, docs) in index.segments().iter().zip(among) {
        for (_, table) in segment.tables(&is_asked)? {
            for at in 0..table.len() {
                let count = table.count(at, docs);
                if count > 0 {
                    let text = table.value(at).text;
                    *found.entry_ref(text).or_default() += count;
                }
            }
        }
    }
    Ok(most_frequent(found, most))
}

/// The paths that profiles have, and in how many of them.
pub fn paths(index: &Index) -> Vec<(Path, u64)> {
    let mut found: BTreeMap<Path, u64> = BTreeMap::new();
    for segment in index.segments() {
        for (subject, profiles) in segment.subjects() {
            if let Subject::Path(keys) = subject {
                *found.entry(Path(keys.clone())).or_default() += profiles;
            }
        }
    }
    found.into_iter().collect()
}

fn most_frequent(found: HashMap<String, u64>, most: usize) -> Vec<ValueCount> {
    let mut all: Vec<ValueCount> = found
        .into_iter()
        .map(|(text, profiles)| ValueCount { text, profiles })
        .collect();
    all.sort_by(|a, b| (Reverse(a.profiles), &a.text).cmp(&(Reverse(b.profiles), &b.text)));
    all.truncate(most);
    all
}
