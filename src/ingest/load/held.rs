//! What a store tells the planning of an import: its codes, its datasets, and whether it holds a value.

use std::rc::Rc;

use super::known;
use crate::ingest::{Held, Known};
use crate::store::{Reader, StoreError};

/// What a store knows, with the store to ask for values.
pub fn known_by(reader: Reader) -> Result<Known, StoreError> {
    let known = known(reader.view())?;
    Ok(Known {
        held: Some(Rc::new(reader)),
        ..known
    })
}

impl Held for Reader {
    fn within(&self, namespace: &str, values: &[&str]) -> usize {
        let view = self.view();
        let Ok(catalog) = view.catalog() else {
            return 0;
        };
        let Some(namespace) = catalog.namespace_of(namespace) else {
            return 0;
        };
        let is_held =
            |value: &&&str| matches!(view.find_identity(namespace.id, value), Ok(Some(_)));
        values.iter().filter(is_held).count()
    }
}
