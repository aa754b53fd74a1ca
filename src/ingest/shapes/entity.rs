//! Answers of Adobe's profile access API: an `entity` with its `entityId`, its sources, and when it changed.

use serde_json::{Map, Value};

use super::{Notation, Shape, path, xdm};
use crate::ingest::formats::Slot;
use crate::model::{DatasetKind, Path};

/// A profile or event as the API gives it out.
pub struct Entity;

fn entity() -> Path {
    path(&["entity"])
}

impl Shape for Entity {
    fn code(&self) -> &'static str {
        "entity"
    }

    fn name(&self) -> &'static str {
        "profile access API"
    }

    fn fits(&self, row: &Map<String, Value>) -> bool {
        row.contains_key("entityId") && row.get("entity").is_some_and(Value::is_object)
    }

    fn payloads(&self) -> Vec<Path> {
        vec![entity()]
    }

    /// Ids of the identity service count only where no identity is named: else each would stand there twice.
    fn fields(&self, kind: DatasetKind) -> Vec<(Path, Slot)> {
        let mut fields = xdm::fields(&entity(), kind);
        fields.push((path(&["identityGraph"]), Slot::Named(Notation::Xids)));
        let (xid, time) = match kind {
            DatasetKind::Record => ("entityId", "lastModifiedAt"),
            DatasetKind::Event => ("relatedEntityId", "timestamp"),
        };
        fields.push((path(&[xid]), Slot::Named(Notation::Xids)));
        fields.push((path(&[time]), Slot::OtherTime(1)));
        if kind == DatasetKind::Event {
            fields.push((path(&["entityId"]), Slot::OtherId));
        }
        fields
    }

    fn other_times(&self, kind: DatasetKind) -> &'static [&'static str] {
        match kind {
            DatasetKind::Record => &["lastModifiedAt"],
            DatasetKind::Event => &["timestamp"],
        }
    }

    fn sorted_by(&self) -> Vec<Path> {
        let mut paths = xdm::sorted_by(&entity());
        paths.push(path(&["timestamp"]));
        paths
    }

    fn kind(&self, word: Option<&str>) -> DatasetKind {
        xdm::kind(word)
    }
}
