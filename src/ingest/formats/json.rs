//! JSON documents: an array of rows, pages of rows, one object, or several of these one after another; never held whole.

use super::documents::DocumentSplitter;
use super::json_row::JsonRows;
use super::{Confidence, Format, Head, RowReader, Splitter, Table};
use crate::ingest::interpret::Rules;

/// An array of objects, a page of them, or one object.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "JSON"
    }

    fn sniff(&self, head: &Head<'_>) -> Confidence {
        let has_ending = head.ending == "json";
        let text = head.bytes.trim_ascii_start();
        let begins = match text {
            [b'{', rest @ ..] => matches!(rest.trim_ascii_start(), [b'"' | b'}', ..] | []),
            [b'[', rest @ ..] => matches!(rest.trim_ascii_start(), [b'{' | b'[' | b']', ..] | []),
            _ => false,
        };
        match (has_ending, begins) {
            (true, true) => Confidence::Certain,
            (false, true) => Confidence::Likely,
            (true, false) => Confidence::Possible,
            (false, false) => Confidence::No,
        }
    }

    fn table(&self, _: &Head<'_>) -> Option<Table> {
        None
    }

    fn splitter(&self, _: Option<&Table>) -> Box<dyn Splitter> {
        Box::new(DocumentSplitter::default())
    }

    fn reader<'r>(&self, rules: Rules<'r>, _: Option<&Table>) -> Box<dyn RowReader + 'r> {
        Box::new(JsonRows::new(rules))
    }
}
