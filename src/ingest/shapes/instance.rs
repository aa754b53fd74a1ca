//! Examples of XDM schemas: an object with the `path` of the example and the `instance` itself.

use serde_json::{Map, Value};

use super::{Shape, path, xdm};
use crate::ingest::formats::Slot;
use crate::model::{DatasetKind, Path};

/// An XDM object in a wrapper.
pub struct Instance;

fn instance() -> Path {
    path(&["instance"])
}

impl Shape for Instance {
    fn code(&self) -> &'static str {
        "instance"
    }

    fn name(&self) -> &'static str {
        "XDM in `instance`"
    }

    fn fits(&self, row: &Map<String, Value>) -> bool {
        let is_wrapper = |key: &String| matches!(key.as_str(), "path" | "instance");
        row.get("instance").is_some_and(Value::is_object)
            && row.contains_key("path")
            && row.keys().all(is_wrapper)
    }

    fn payloads(&self) -> Vec<Path> {
        vec![instance()]
    }

    fn fields(&self, kind: DatasetKind) -> Vec<(Path, Slot)> {
        xdm::fields(&instance(), kind)
    }

    fn sorted_by(&self) -> Vec<Path> {
        xdm::sorted_by(&instance())
    }

    fn kind(&self, word: Option<&str>) -> DatasetKind {
        xdm::kind(word)
    }
}
