//! A query as the store understands it: with its namespaces.

use super::error::{LookupError, Result};
use crate::model::{Moment, Vocabulary};
use crate::query::{self, Context, Query};
use crate::store::View;

/// Reads a query, or says what is wrong with it and where.
pub(super) fn parsed(view: View<'_>, text: &str, now: Moment) -> Result<Query> {
    let codes = namespaces(view)?;
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let context = Context {
        namespaces: &codes,
        now,
    };
    query::parse(text, &context).map_err(LookupError::Query)
}

/// The names that a query can hold: codes of namespaces, and attributes.
pub fn vocabulary(view: View<'_>) -> Result<Vocabulary> {
    Ok(Vocabulary {
        namespaces: namespaces(view)?,
        paths: view.paths()?,
    })
}

/// The codes of the store's namespaces, which a query may name before a colon.
pub(super) fn namespaces(view: View<'_>) -> Result<Vec<String>> {
    let catalog = view.catalog()?;
    let namespaces = catalog.namespaces().iter();
    Ok(namespaces
        .map(|namespace| namespace.code.as_str().to_owned())
        .collect())
}
