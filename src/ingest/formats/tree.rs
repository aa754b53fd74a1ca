//! An object that is built path by path, its values as they are written.

use std::collections::HashMap;

use super::write_text;
use crate::ingest::row::{Warning, warn};
use crate::model::Path;

/// Who put a value where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// The row has it there.
    Row,
    /// The mapping moved it there.
    Mapping,
}

/// A value on the way to its new place.
#[derive(Debug)]
pub enum Tree<'t> {
    /// A value as it is written.
    Leaf(&'t str, Author),
    /// An object whose keys are looked at.
    Object(Entries<'t>),
}

/// The entries of an object in their order.
#[derive(Debug, Default)]
pub struct Entries<'t> {
    list: Vec<(String, Tree<'t>)>,
    /// The places by key, kept from the moment when looking through the list would take long.
    places: HashMap<String, usize>,
}

/// Up to this many entries are looked through one by one.
const FEW: usize = 24;

impl<'t> Entries<'t> {
    /// The value of a key, a new empty object where there is none.
    fn of(&mut self, key: &str) -> Option<&mut Tree<'t>> {
        let place = match self.find(key) {
            Some(place) => place,
            None => self.push(key),
        };
        self.list.get_mut(place).map(|(_, tree)| tree)
    }

    fn find(&self, key: &str) -> Option<usize> {
        if self.list.len() > FEW {
            return self.places.get(key).copied();
        }
        self.list.iter().position(|(name, _)| name == key)
    }

    fn push(&mut self, key: &str) -> usize {
        let place = self.list.len();
        self.list.push((key.to_owned(), Tree::empty()));
        if place == FEW {
            let keys = self.list.iter().enumerate();
            self.places = keys.map(|(place, (key, _))| (key.clone(), place)).collect();
        } else if place > FEW {
            self.places.insert(key.to_owned(), place);
        }
        place
    }
}

impl<'t> Tree<'t> {
    /// The object without any key.
    pub fn empty() -> Tree<'t> {
        Tree::Object(Entries::default())
    }

    /// Puts a value at a path; what stands there gives way to the mapping's value only.
    pub fn put(
        &mut self,
        path: &Path,
        leaf: (&'t str, Author),
        warnings: &mut Vec<Warning>,
    ) -> Result<(), Occupied> {
        let mut place = self;
        for key in path.keys() {
            if matches!(place, Tree::Leaf("null" | "{}", _)) {
                *place = Tree::empty();
            }
            let Tree::Object(entries) = place else {
                return Err(Occupied);
            };
            place = entries.of(key).ok_or(Occupied)?;
        }
        place.settle(leaf, path, warnings)
    }

    fn settle(
        &mut self,
        (text, author): (&'t str, Author),
        path: &Path,
        warnings: &mut Vec<Warning>,
    ) -> Result<(), Occupied> {
        let displaced = |warnings: &mut Vec<Warning>| {
            let path = path.clone();
            warn(warnings, Warning::Displaced { path });
        };
        match (&self, author) {
            (Tree::Object(entries), _) if !entries.list.is_empty() => return Err(Occupied),
            (Tree::Leaf(_, Author::Mapping), Author::Row) => {
                displaced(warnings);
                return Ok(());
            }
            (Tree::Leaf(old, _), Author::Mapping) if *old != "null" => displaced(warnings),
            // Of a key that a row repeats the last counts, as everywhere in JSON.
            _ => {}
        }
        *self = Tree::Leaf(text, author);
        Ok(())
    }

    /// Writes the object as JSON.
    pub fn write(&self, out: &mut String) {
        match self {
            Tree::Leaf(text, _) => out.push_str(text),
            Tree::Object(entries) => {
                out.push('{');
                for (place, (key, tree)) in entries.list.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    write_text(out, key);
                    out.push(':');
                    tree.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// A plain value stands where a path must lead through, or an object where a value must go.
#[derive(Debug, PartialEq, Eq)]
pub struct Occupied;
