//! A JSON object as a row.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::identity_map::plain_entries;
use super::json_text::check_readable;
use super::reshape::Reshape;
use super::{Compass, RowReader, Slot, entries, items};
use crate::ingest::interpret::{Cell, Draft, Interpreter, MapEntry, Place, Rules};
use crate::ingest::rejects::Reason;
use crate::ingest::row::Row;
use crate::ingest::shapes::{Notation, Sorter, named};
use crate::model::DatasetKind;

/// Reads rows that are JSON objects, by the rules of their dataset.
pub struct JsonRows<'r> {
    compass: Compass,
    reshape: Option<Reshape<'r>>,
    /// Of a file that two datasets share: what tells their rows apart, and which are this one's.
    share: Option<(Sorter, DatasetKind)>,
    interpreter: Interpreter<'r>,
}

impl<'r> JsonRows<'r> {
    /// A reader under these rules.
    pub fn new(rules: Rules<'r>) -> JsonRows<'r> {
        JsonRows {
            compass: Compass::new(&rules),
            reshape: Reshape::new(rules.mapping),
            share: rules.sorter().map(|sorter| (sorter, rules.kind)),
            interpreter: Interpreter::new(rules),
        }
    }
}

impl RowReader for JsonRows<'_> {
    fn takes_unreadable(&self) -> bool {
        !matches!(self.share, Some((_, DatasetKind::Record)))
    }

    fn read(&mut self, text: &str, place: Place) -> Result<Option<Row>, Reason> {
        if self.is_elsewhere(text) {
            return Ok(None);
        }
        if !text.starts_with('{') {
            return Err(match serde_json::from_str::<serde::de::IgnoredAny>(text) {
                Ok(_) => Reason::NotAnObject,
                Err(error) => not_json(&error),
            });
        }
        self.row(text, place).map(Some)
    }
}

impl JsonRows<'_> {
    /// Whether the row belongs to the other dataset of its file.
    fn is_elsewhere(&self, text: &str) -> bool {
        self.share.as_ref().is_some_and(|(sorter, own)| {
            let kind = sorter.kind(text).unwrap_or(DatasetKind::Event);
            kind != *own
        })
    }

    fn row(&mut self, text: &str, place: Place) -> Result<Row, Reason> {
        let found = self.compass.walk(text).map_err(|error| not_json(&error))?;
        check_readable(text)?;
        let mut draft = Draft::default();
        let mut payload = text;
        for (slot, value) in found {
            match slot {
                Slot::IdentityMap => self.identity_map(value, &mut draft),
                Slot::Named(notation) => self.named(notation, value, &mut draft),
                Slot::Payload if value.starts_with('{') => payload = value,
                _ => self.value(slot, value, &mut draft),
            }
        }
        let body = match &self.reshape {
            None => payload.to_owned(),
            Some(reshape) => {
                let body = reshape.apply(payload, &mut draft.warnings);
                let body = body.map_err(|_| Reason::NotJson("it breaks off".into()))?;
                check_readable(&body)?;
                body
            }
        };
        self.interpreter.finish(draft, place, body)
    }

    /// Takes the identities that stand in another notation.
    fn named(&mut self, notation: Notation, value: &str, draft: &mut Draft) {
        for found in named(notation, value) {
            let entry = MapEntry {
                namespace: &found.namespace,
                id: cell(found.id),
                is_primary: found.is_primary,
            };
            if found.is_spare {
                self.interpreter.spare_mention(entry, draft);
            } else {
                self.interpreter.mention(entry, draft);
            }
        }
    }

    /// Takes a value, or each of an array's.
    fn value(&mut self, slot: Slot, value: &str, draft: &mut Draft) {
        if let (Slot::Identity(_), true) = (slot, value.starts_with('[')) {
            for item in items(value) {
                self.value(slot, item, draft);
            }
            return;
        }
        self.interpreter.take(slot, cell(value), draft);
    }

    /// Takes the identities of an `identityMap`: `{"Email": [{"id": "ana@example.com", "primary": true}]}`.
    fn identity_map(&mut self, map: &str, draft: &mut Draft) {
        if map == "null" {
            return;
        }
        if let Some(plain) = plain_entries(map) {
            for entry in plain {
                self.interpreter.mention(entry.map_entry(), draft);
            }
            return;
        }
        let Ok(namespaces) = entries(map) else {
            self.interpreter.take(Slot::IdentityMap, cell(map), draft);
            return;
        };
        for (namespace, list) in namespaces {
            let values = if list.starts_with('[') {
                items(list)
            } else {
                vec![list]
            };
            for value in values {
                self.map_entry(&namespace, value, draft);
            }
        }
    }

    fn map_entry(&mut self, namespace: &str, value: &str, draft: &mut Draft) {
        let Ok(written) = serde_json::from_str::<WrittenEntry<'_>>(value) else {
            self.interpreter.take(Slot::IdentityMap, cell(value), draft);
            return;
        };
        let is_true = |mark: &RawValue| matches!(mark.get(), "true" | "\"true\"");
        if let Some(id) = written.id {
            let entry = MapEntry {
                namespace,
                id: cell(id.get()),
                is_primary: written.primary.is_some_and(is_true),
            };
            self.interpreter.mention(entry, draft);
        }
    }
}

/// An entry of an `identityMap`; what else it says does not count.
#[derive(Deserialize)]
struct WrittenEntry<'t> {
    #[serde(borrow, alias = "xdm:id", default)]
    id: Option<&'t RawValue>,
    #[serde(borrow, alias = "xdm:primary", default)]
    primary: Option<&'t RawValue>,
}

/// What a value says, by its JSON text.
pub(super) fn cell(text: &str) -> Cell<'_> {
    match text.as_bytes() {
        [b'"', inner @ .., b'"'] if memchr::memchr(b'\\', inner).is_none() => Cell::Text(
            Cow::Borrowed(text.get(1..text.len() - 1).unwrap_or_default()),
        ),
        [b'"', ..] => serde_json::from_str(text)
            .map_or(Cell::Other("a text that is not valid"), |text: String| {
                Cell::Text(Cow::Owned(text))
            }),
        [b'-' | b'0'..=b'9', ..] => Cell::Number(text),
        [b'n', ..] => Cell::Null,
        [b't' | b'f', ..] => Cell::Other("a truth value"),
        [b'[', ..] => Cell::Other("an array"),
        _ => Cell::Other("an object"),
    }
}

fn not_json(error: &serde_json::Error) -> Reason {
    let text = error.to_string();
    let what = text.split(" at line ").next().unwrap_or(&text);
    let column = error.column();
    Reason::NotJson(match error.line() {
        0 | 1 => format!("{what} at byte {column}"),
        line => format!("{what} at line {line} of the row, byte {column}"),
    })
}
