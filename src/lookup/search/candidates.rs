//! Which clusters a query can match at all: a superset found without folding, to be verified by folding.

use std::collections::HashSet;

use crate::lookup::error::Result;
use crate::model::value::compare_numbers;
use crate::model::{ClusterId, IdentityId};
use crate::query::ast::{Values, Word};
use crate::query::text::{Folded, fold};
use crate::query::{self, Expr, PathPattern, Reach, Test, Wanted};
use crate::store::View;

/// Values are kept for look-up up to this many bytes; longer ones are known by their beginning alone.
const LONGEST_VALUE: usize = 128;

/// The clusters that can match; `None` is every one.
pub(in crate::lookup) fn candidates(
    view: View<'_>,
    expr: &Expr,
    reach: Reach,
) -> Result<Option<HashSet<ClusterId>>> {
    match expr {
        Expr::Not(..) => Ok(None),
        Expr::Term(term) => of_test(view, &term.test, reach),
        Expr::All(parts) => {
            let mut all: Option<HashSet<ClusterId>> = None;
            for part in parts {
                if let Some(some) = candidates(view, part, reach)? {
                    all = Some(match all {
                        Some(known) => known.intersection(&some).copied().collect(),
                        None => some,
                    });
                }
            }
            Ok(all)
        }
        Expr::Any(parts) => {
            let mut any = HashSet::new();
            for part in parts {
                match candidates(view, part, reach)? {
                    Some(some) => any.extend(some),
                    None => return Ok(None),
                }
            }
            Ok(Some(any))
        }
    }
}

fn of_test(view: View<'_>, test: &Test, reach: Reach) -> Result<Option<HashSet<ClusterId>>> {
    match test {
        Test::Word(word) => Ok(Some(of_word(view, word, reach)?)),
        Test::Identity { namespace, values } => of_identity(view, namespace, values),
        Test::Attribute { path, values, .. } => Ok(of_attribute(view, path, values)?),
        _ => Ok(None),
    }
}

/// Clusters with a word in an identity value, or in a name, e-mail or phone of any fragment.
fn of_word(view: View<'_>, word: &Word, reach: Reach) -> Result<HashSet<ClusterId>> {
    let has_word = |text: &str| query::closeness(word, &Folded::of(text), reach).is_some();
    let mut clusters: HashSet<_> = view
        .clusters_where(|_, value| has_word(value))?
        .into_iter()
        .collect();
    for (id, path) in view.paths()? {
        if query::is_searched(&path.0) {
            let saying =
                view.identities_where(id, |value| value.len() >= LONGEST_VALUE || has_word(value))?;
            clusters.extend(clusters_of(view, &saying)?);
        }
    }
    Ok(clusters)
}

fn of_identity(view: View<'_>, code: &str, values: &Values) -> Result<Option<HashSet<ClusterId>>> {
    let catalog = view.catalog()?;
    let Some(namespace) = catalog.namespace_of(code) else {
        return Ok(None);
    };
    let wanted = |own: crate::model::NamespaceId, value: &str| {
        own == namespace.id && is_wanted(values, &fold(value))
    };
    // A value without a wildcard is exact, so the index decides.
    if let Values::OneOf(all) = values
        && let [Wanted::Like(pattern)] = all.as_slice()
        && let Some(literal) = pattern.literal()
    {
        let exact = view.find_identity(namespace.id, literal)?;
        return Ok(Some(exact.into_iter().map(|found| found.cluster).collect()));
    }
    Ok(Some(view.clusters_where(wanted)?.into_iter().collect()))
}

/// Clusters of which some version of a fragment has such a value at such a path.
fn of_attribute(
    view: View<'_>,
    pattern: &PathPattern,
    values: &Values,
) -> Result<Option<HashSet<ClusterId>>> {
    let mut clusters = HashSet::new();
    for (id, path) in view.paths()? {
        let keys: Vec<&str> = path.0.iter().map(String::as_str).collect();
        if !pattern.holds(&keys) {
            continue;
        }
        let saying = match plain_text(values) {
            Some(text) => view.identities_saying(id, &text)?,
            None => view.identities_where(id, |value| {
                value.len() >= LONGEST_VALUE || is_wanted(values, value)
            })?,
        };
        clusters.extend(clusters_of(view, &saying)?);
    }
    // The system fields of a profile stand in no record as they are shown.
    let is_system = ["identitymap", "segmentmembership"]
        .iter()
        .any(|name| pattern.path().to_string().to_lowercase().starts_with(name));
    Ok((!is_system).then_some(clusters))
}

/// The one text that is wanted, folded, where no other spelling of it can match.
fn plain_text(values: &Values) -> Option<String> {
    let Values::OneOf(all) = values else {
        return None;
    };
    let [Wanted::Like(pattern)] = all.as_slice() else {
        return None;
    };
    let text = fold(pattern.literal()?);
    let may_be_number = text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    (!may_be_number && text.len() < LONGEST_VALUE).then_some(text)
}

/// Whether a folded value can be one that is wanted.
fn is_wanted(values: &Values, value: &str) -> bool {
    let Values::OneOf(all) = values else {
        return true;
    };
    let upper = value.to_uppercase();
    all.iter().any(|wanted| match wanted {
        Wanted::Like(pattern) => {
            pattern.matches_folded(value)
                || pattern.literal().is_some_and(|text| {
                    compare_numbers(value, text) == Some(std::cmp::Ordering::Equal)
                })
        }
        // Folding takes the capitals out of times; they are put back for reading one.
        other => other.accepts(|operand| operand.compare(&upper)),
    })
}

/// What an identity said that is gone is still looked up, though it has no cluster any more.
fn clusters_of(view: View<'_>, identities: &[IdentityId]) -> Result<Vec<ClusterId>> {
    let mut clusters = Vec::with_capacity(identities.len());
    for id in identities {
        view.go_on()?;
        clusters.extend(view.cluster_of(*id)?);
    }
    Ok(clusters)
}
