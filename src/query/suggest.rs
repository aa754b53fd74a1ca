//! What somebody may have meant who named a path that no profile has.

use std::collections::BTreeSet;

use crate::model::Path;

use super::ast::{Expr, Test};
use super::pattern::PathPattern;

/// How many paths are offered.
const MOST: usize = 3;

/// The attribute paths that a query names, outside of events.
pub fn wanted_paths(expr: &Expr) -> Vec<&PathPattern> {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().flat_map(wanted_paths).collect(),
        Expr::Not(inner) => wanted_paths(inner),
        Expr::Term(term) => match &term.test {
            Test::Attribute { path, .. } | Test::Conflict(path) => vec![path],
            _ => Vec::new(),
        },
    }
}

/// The known paths nearest to one that none of them ends with, nearest first; none where it is not a mistake.
///
/// Paths are compared by as many of their last keys as were written.
pub fn nearest_paths(wanted: &PathPattern, known: &[Path]) -> Vec<Path> {
    let keys = wanted.path().keys();
    let written = keys.join(".").to_lowercase();
    // What is far longer than any path is nobody's misspelling, and not worth the comparison.
    let is_known = |path: &Path| {
        let keys: Vec<&str> = path.keys().iter().map(String::as_str).collect();
        wanted.holds(&keys)
    };
    if written.len() > 200 || known.iter().any(is_known) {
        return Vec::new();
    }
    let allowed = (written.chars().count() / 3).max(1);
    let near = known.iter().filter_map(|path| {
        let from = path.keys().len().saturating_sub(keys.len());
        let end = path.keys().get(from..)?.join(".").to_lowercase();
        let distance = strsim::osa_distance(&written, &end);
        (distance <= allowed).then_some((distance, path))
    });
    let sorted: BTreeSet<(usize, &Path)> = near.collect();
    sorted
        .into_iter()
        .take(MOST)
        .map(|(_, path)| path.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_paths_get_the_nearest_known_ones() {
        let check = |wanted: &str, expected: &[&str]| {
            let read = |text: &str| text.parse::<Path>().expect("every text is a path");
            let known = ["loyalty.tier", "person.name.firstName", "loyalty.points"].map(read);
            let nearest = nearest_paths(&PathPattern::of(read(wanted)), &known);
            let said: Vec<_> = nearest.iter().map(Path::to_string).collect();
            assert_eq!(said, expected, "{wanted}");
        };
        check("teir", &["loyalty.tier"]);
        check("loyality.points", &["loyalty.points"]);
        check("firstname", &[]);
        check("loyalty", &[]);
        check("nothing", &[]);
    }
}
