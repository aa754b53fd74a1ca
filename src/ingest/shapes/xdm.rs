//! XDM: profiles and experience events, with plain keys, with `xdm:` keys, or with both.

use serde_json::{Map, Value};

use super::{Notation, Shape};
use crate::ingest::formats::{Slot, with_prefixes};
use crate::model::{DatasetKind, Path};

/// Rows of XDM as they are.
pub struct Xdm;

/// Keys that only XDM has at the top of its objects.
const KEYS: [&str; 4] = [
    "identityMap",
    "endUserIDs",
    "xdm:identities",
    "xdm:timestamp",
];

impl Shape for Xdm {
    fn code(&self) -> &'static str {
        "xdm"
    }

    fn name(&self) -> &'static str {
        "XDM"
    }

    fn fits(&self, row: &Map<String, Value>) -> bool {
        let has = |key: &&str| row.contains_key(*key) || row.contains_key(&format!("xdm:{key}"));
        KEYS.iter().any(has) || row.get("identities").is_some_and(is_old_list)
    }

    /// One row that names its identities is enough: the others may have none.
    fn least_share(&self) -> usize {
        0
    }

    fn fields(&self, kind: DatasetKind) -> Vec<(Path, Slot)> {
        fields(&Path::root(), kind)
    }

    fn sorted_by(&self) -> Vec<Path> {
        sorted_by(&Path::root())
    }

    fn kind(&self, word: Option<&str>) -> DatasetKind {
        kind(word)
    }
}

fn is_old_list(value: &Value) -> bool {
    let namespace = |item: &Value| item.get("namespace").or(item.get("xdm:namespace")).cloned();
    let items = value.as_array().map_or(&[][..], Vec::as_slice);
    items
        .iter()
        .any(|item| namespace(item).is_some_and(|it| it.is_object()))
}

/// What XDM objects below a path have beyond an `identityMap`.
pub fn fields(below: &Path, kind: DatasetKind) -> Vec<(Path, Slot)> {
    let mut fields = Vec::new();
    let mut add = |key: &str, slot| {
        for path in with_prefixes(&[key]) {
            fields.push((below.join(&path), slot));
        }
    };
    add("identities", Slot::Named(Notation::Identities));
    add("endUserIDs", Slot::Named(Notation::EndUserIds));
    if kind == DatasetKind::Event {
        fields.push((below.join(&super::path(&["@id"])), Slot::OtherId));
    }
    fields
}

/// Where XDM objects below a path have what makes them events.
pub fn sorted_by(below: &Path) -> Vec<Path> {
    let paths = with_prefixes(&["timestamp"]);
    paths.iter().map(|path| below.join(path)).collect()
}

/// What has a place for the time at which it happened is an event, even where that is empty.
pub fn kind(word: Option<&str>) -> DatasetKind {
    match word {
        Some(_) => DatasetKind::Event,
        None => DatasetKind::Record,
    }
}
