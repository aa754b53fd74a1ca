//! What a sample of rows is: of which shape, how surely, and how many of them are records and events.

use serde_json::{Map, Value};

use super::{SHAPES, Shape};
use crate::ingest::formats::{Compass, Confidence, Slot, plain_text};
use crate::ingest::mapping::Mapping;
use crate::model::DatasetKind;

/// What the rows of a sample are.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    /// Their shape.
    pub shape: &'static dyn Shape,
    /// How sure that is.
    pub confidence: Confidence,
    /// Rows that are records.
    pub records: usize,
    /// Rows that are events.
    pub events: usize,
}

impl Verdict {
    /// The kind of all rows; `None` where there are both.
    pub fn kind(&self) -> Option<DatasetKind> {
        match (self.records, self.events) {
            (_, 0) => Some(DatasetKind::Record),
            (0, _) => Some(DatasetKind::Event),
            _ => None,
        }
    }

    /// How the rows are read: identities, primary identity and time as a manifest would say it.
    pub fn mapping(&self, kind: DatasetKind) -> Mapping {
        self.shape.mapping(kind)
    }
}

/// Judges the first rows of a file, each the text of a JSON object; `None` where no shape is known.
pub fn judge(rows: &[&str]) -> Option<Verdict> {
    let parsed: Vec<(&str, Map<String, Value>)> = rows
        .iter()
        .filter_map(|row| Some((*row, serde_json::from_str(row).ok()?)))
        .collect();
    let fitting = |shape: &dyn Shape| parsed.iter().filter(|(_, row)| shape.fits(row)).count();
    let (shape, fitting) = SHAPES
        .into_iter()
        .map(|shape| (shape, fitting(shape)))
        .find(|(shape, count)| *count > 0 && *count * 100 >= shape.least_share() * parsed.len())?;
    let sorter = Sorter::of(shape);
    let is_event = |text: &str| sorter.kind(text) == Some(DatasetKind::Event);
    let events = parsed.iter().filter(|(text, _)| is_event(text)).count();
    Some(Verdict {
        shape,
        confidence: match fitting {
            all if all == parsed.len() => Confidence::Certain,
            most if most * 2 >= parsed.len() => Confidence::Likely,
            _ => Confidence::Possible,
        },
        records: parsed.len() - events,
        events,
    })
}

/// Tells the records and events of a shape apart.
#[derive(Debug)]
pub struct Sorter {
    shape: &'static dyn Shape,
    compass: Compass,
}

impl Sorter {
    /// The sorter of a shape's rows.
    pub fn of(shape: &'static dyn Shape) -> Sorter {
        let paths = shape.sorted_by().into_iter();
        Sorter {
            shape,
            compass: Compass::to(paths.map(|path| (path, Slot::Word))),
        }
    }

    /// What a row is; `None` where it is no JSON object, so that nobody can say.
    pub fn kind(&self, text: &str) -> Option<DatasetKind> {
        if !text.starts_with('{') {
            return None;
        }
        let found = self.compass.walk(text).ok()?;
        let says = found.iter().find(|(_, value)| *value != "null");
        let word = says
            .or(found.first())
            .map(|(_, value)| plain_text(value).unwrap_or_else(|| (*value).to_owned()));
        Some(self.shape.kind(word.as_deref()))
    }
}
