//! Which clusters a query can match at all, as far as identities tell: a superset found without folding, to be verified by folding.

use std::collections::HashSet;

use crate::lookup::error::Result;
use crate::model::ClusterId;
use crate::model::value::compare_numbers;
use crate::query::ast::Values;
use crate::query::text::fold;
use crate::query::{Expr, Test, Wanted};
use crate::store::View;

/// The clusters that can match; `None` is every one.
pub(in crate::lookup) fn candidates(
    view: View<'_>,
    expr: &Expr,
) -> Result<Option<HashSet<ClusterId>>> {
    match expr {
        Expr::Not(..) => Ok(None),
        Expr::Term(term) => of_test(view, &term.test),
        Expr::All(parts) => {
            let mut all: Option<HashSet<ClusterId>> = None;
            for part in parts {
                if let Some(some) = candidates(view, part)? {
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
                match candidates(view, part)? {
                    Some(some) => any.extend(some),
                    None => return Ok(None),
                }
            }
            Ok(Some(any))
        }
    }
}

fn of_test(view: View<'_>, test: &Test) -> Result<Option<HashSet<ClusterId>>> {
    match test {
        Test::Identity { namespace, values } => of_identity(view, namespace, values),
        _ => Ok(None),
    }
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
