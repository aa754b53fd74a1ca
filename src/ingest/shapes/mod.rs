//! The shapes of JSON rows: how sources write records and events; one file per shape, one line in `SHAPES`.

mod entity;
mod envelope;
mod instance;
mod notation;
mod segment;
mod verdict;
mod xdm;

pub use notation::{Notation, named};
pub use verdict::{Sorter, Verdict, judge};

use std::fmt;

use serde_json::{Map, Value};

use super::formats::Slot;
use super::interpret::Draft;
use super::mapping::Mapping;
use crate::config::alternatives;
use crate::model::{DatasetKind, Path};

/// Every shape, in the order in which rows are tried.
pub static SHAPES: [&dyn Shape; 5] = [
    &segment::Segment,
    &envelope::Envelope,
    &entity::Entity,
    &instance::Instance,
    &xdm::Xdm,
];

/// A way of sources to write records and events as JSON objects.
pub trait Shape: Sync {
    /// Its name in a manifest.
    fn code(&self) -> &'static str;

    /// Its name, as people say it.
    fn name(&self) -> &'static str;

    /// Whether a row is of this shape.
    fn fits(&self, row: &Map<String, Value>) -> bool;

    /// The part of the rows of a sample, in percent, that must fit.
    fn least_share(&self) -> usize {
        50
    }

    /// How rows of this shape are read beyond their conventions, in the words of a manifest.
    fn mapping(&self, kind: DatasetKind) -> Mapping {
        let _ = kind;
        Mapping::default()
    }

    /// The paths at which the record or event itself may lie within the row; without any, the row is it.
    fn payloads(&self) -> Vec<Path> {
        Vec::new()
    }

    /// What else is looked at, beyond the mapping and the conventions of XDM.
    fn fields(&self, kind: DatasetKind) -> Vec<(Path, Slot)>;

    /// Where the time is looked for when the first place has none that can be read, in this order.
    fn other_times(&self, kind: DatasetKind) -> &'static [&'static str] {
        let _ = kind;
        &[]
    }

    /// Where the row says whether it is a record or an event.
    fn sorted_by(&self) -> Vec<Path>;

    /// What a row is, by what it says there.
    fn kind(&self, word: Option<&str>) -> DatasetKind;

    /// What the records of a file are called that has events too.
    fn records(&self) -> &'static str {
        "records"
    }

    /// Gives a row what its values say only together.
    fn complete(&self, draft: &mut Draft) {
        let _ = draft;
    }
}

impl fmt::Debug for dyn Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl PartialEq for dyn Shape {
    fn eq(&self, other: &dyn Shape) -> bool {
        self.code() == other.code()
    }
}

/// The shape that a manifest calls so, or a sentence with what it may have meant.
pub fn shape_called(code: &str) -> Result<&'static dyn Shape, String> {
    let found = SHAPES.into_iter().find(|shape| shape.code() == code);
    found.ok_or_else(|| {
        let hint = alternatives(code, SHAPES.map(Shape::code));
        format!("`{code}` is no shape of rows; {hint}")
    })
}

/// Which rows of a file belong to a dataset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Share {
    /// All of them.
    #[default]
    Whole,
    /// Those of the dataset's kind; what can't be told belongs to the events.
    OfItsKind,
}

/// A path of these keys.
fn path(keys: &[&str]) -> Path {
    Path(keys.iter().map(|key| (*key).to_owned()).collect())
}
