//! Adobe's streaming envelopes: the record or event is the `xdmEntity` of a `body`, with or without a `header`.

use serde_json::{Map, Value};

use super::{Shape, path, xdm};
use crate::ingest::formats::Slot;
use crate::model::{DatasetKind, Path};

/// A message of a streaming connection.
pub struct Envelope;

fn entities() -> [Path; 2] {
    [path(&["body", "xdmEntity"]), path(&["xdmEntity"])]
}

impl Shape for Envelope {
    fn code(&self) -> &'static str {
        "envelope"
    }

    fn name(&self) -> &'static str {
        "Adobe streaming envelope"
    }

    fn fits(&self, row: &Map<String, Value>) -> bool {
        let holder = row.get("body").and_then(Value::as_object).unwrap_or(row);
        holder.get("xdmEntity").is_some_and(Value::is_object)
    }

    fn payloads(&self) -> Vec<Path> {
        entities().to_vec()
    }

    fn fields(&self, kind: DatasetKind) -> Vec<(Path, Slot)> {
        let fields = entities().map(|entity| xdm::fields(&entity, kind));
        fields.concat()
    }

    fn sorted_by(&self) -> Vec<Path> {
        entities().map(|entity| xdm::sorted_by(&entity)).concat()
    }

    fn kind(&self, word: Option<&str>) -> DatasetKind {
        xdm::kind(word)
    }
}
