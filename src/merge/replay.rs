//! The versions of a fragment replayed into the tree of what fragments say.

#![expect(
    clippy::indexing_slicing,
    reason = "nodes are numbered by the tree that owns them"
)]

use serde_json::{Map, Value};

use super::tree::{NodeId, Past, ROOT, Said, Tree};
use crate::model::value::agree;
use crate::model::{Fragment, Operation};

/// A profile's identity map is made from its cluster; what records say of it fed the links.
pub(super) const IDENTITY_MAP: &str = "identityMap";

impl Tree {
    /// Lets a fragment say what its versions make of it; `place` must be higher than that of all before.
    ///
    /// Returns whether it holds anything but segments, or nothing at all.
    pub fn replay(&mut self, place: usize, fragment: &Fragment) -> bool {
        let mut replay = Replay {
            tree: self,
            place,
            version: 0,
            is_append: false,
            open: Vec::new(),
        };
        for (number, version) in fragment.versions.iter().enumerate() {
            replay.version = number;
            replay.is_append = version.operation == Operation::Append;
            let body = match version.operation {
                Operation::Delete => Value::Null,
                _ => version.body.value(),
            };
            let Value::Object(body) = body else {
                replay.create(Map::new());
                continue;
            };
            match version.operation {
                Operation::Create | Operation::Delete => replay.create(body),
                Operation::Merge | Operation::Append => replay.merge(body),
            }
        }
        replay.holds_attributes()
    }
}

/// Where in a record a value stands, as far as that decides what is one leaf.
#[derive(Clone, Copy)]
pub(super) enum Region {
    Top,
    Plain,
    Consents,
    Segments,
}

impl Region {
    pub fn inside(self, key: &str) -> Region {
        match (self, key) {
            (Region::Top, "segmentMembership") => Region::Segments,
            (Region::Top | Region::Plain, "consents") => Region::Consents,
            (Region::Top, _) => Region::Plain,
            (region, _) => region,
        }
    }

    /// A consent choice, and a qualification for a segment, are never torn apart.
    pub fn is_one_leaf(self, object: &Map<String, Value>) -> bool {
        let has = |key| object.get(key).is_some_and(|value| !value.is_null());
        match self {
            Region::Top | Region::Plain => false,
            Region::Consents => has("val"),
            Region::Segments => has("lastQualificationTime") || has("status"),
        }
    }
}

/// What a record says that is all there is of its fragment, in the order in which it speaks of it: leaf by leaf, `None` where it
/// names a path and says nothing. The same as [`Tree::replay`] makes of it, without a tree.
pub(super) fn each_leaf(body: Value, visit: &mut dyn FnMut(&[String], Option<Value>)) {
    if let Value::Object(body) = body {
        each_inside(body, Region::Top, &mut Vec::new(), visit);
    }
}

/// The same of what stands at these keys.
pub(super) fn each_in(
    value: Value,
    region: Region,
    keys: &mut Vec<String>,
    visit: &mut dyn FnMut(&[String], Option<Value>),
) {
    match value {
        Value::Null => visit(keys, None),
        Value::Object(object) if !object.is_empty() && !region.is_one_leaf(&object) => {
            each_inside(object, region, keys, visit);
        }
        leaf => visit(keys, Some(leaf)),
    }
}

fn each_inside(
    object: Map<String, Value>,
    region: Region,
    keys: &mut Vec<String>,
    visit: &mut dyn FnMut(&[String], Option<Value>),
) {
    for (key, value) in object {
        if matches!(region, Region::Top) && key == IDENTITY_MAP {
            continue;
        }
        let region = region.inside(&key);
        keys.push(key);
        each_in(value, region, keys, visit);
        keys.pop();
    }
}

/// One fragment on its way through its versions.
struct Replay<'t> {
    tree: &'t mut Tree,
    place: usize,
    version: usize,
    is_append: bool,
    /// Where the fragment says something, now or a moment ago.
    open: Vec<NodeId>,
}

impl Replay<'_> {
    /// The record replaces the fragment.
    fn create(&mut self, body: Map<String, Value>) {
        self.each(ROOT, body, Region::Top, Replay::state);
        let mut open = std::mem::take(&mut self.open);
        open.retain(|&id| match self.held(id) {
            Some(said) if said.set == self.version => true,
            Some(_) => {
                self.end(id);
                false
            }
            None => false,
        });
        self.open = open;
    }

    /// The record patches the fragment leaf by leaf.
    fn merge(&mut self, body: Map<String, Value>) {
        self.each(ROOT, body, Region::Top, Replay::patch);
    }

    fn holds_attributes(&self) -> bool {
        let mut held = self.open.iter().filter(|&&id| self.held(id).is_some());
        let mut is_empty = true;
        let attribute = held.find(|&&id| {
            is_empty = false;
            self.tree.nodes[self.tree.topmost(id).0].key != "segmentMembership"
        });
        is_empty || attribute.is_some()
    }

    fn each(
        &mut self,
        at: NodeId,
        object: Map<String, Value>,
        region: Region,
        step: fn(&mut Self, NodeId, Value, Region),
    ) {
        for (key, value) in object {
            if matches!(region, Region::Top) && key == IDENTITY_MAP {
                continue;
            }
            let region = region.inside(&key);
            let child = self.tree.child(at, key);
            step(self, child, value, region);
        }
    }

    fn state(&mut self, at: NodeId, value: Value, region: Region) {
        match value {
            Value::Null => {}
            Value::Object(object) if !object.is_empty() && !region.is_one_leaf(&object) => {
                self.each(at, object, region, Replay::state);
            }
            leaf => self.say(at, leaf),
        }
    }

    fn patch(&mut self, at: NodeId, value: Value, region: Region) {
        match value {
            Value::Null => self.clear(at),
            Value::Object(object) if region.is_one_leaf(&object) => {
                self.put(at, Value::Object(object));
            }
            Value::Object(object) => match self.held_object(at) {
                Some(held) => self.patch_whole(at, patched(held, object), region),
                None => self.each(at, object, region, Replay::patch),
            },
            Value::Array(items) if self.is_append => {
                let mut joined = match self.held(at).map(|said| &said.value) {
                    Some(Value::Array(held)) => held.clone(),
                    _ => Vec::new(),
                };
                joined.extend(items);
                self.put(at, Value::Array(joined));
            }
            leaf => self.put(at, leaf),
        }
    }

    /// A consent choice was patched from within: it stays one leaf as long as it is a choice.
    fn patch_whole(&mut self, at: NodeId, object: Map<String, Value>, region: Region) {
        if region.is_one_leaf(&object) {
            self.put(at, Value::Object(object));
        } else {
            self.end(at);
            self.each(at, object, region, Replay::patch);
        }
    }

    /// A leaf of a patch: what the fragment said inside it or around it is gone.
    fn put(&mut self, at: NodeId, leaf: Value) {
        for index in 0..self.tree.nodes[at.0].children.len() {
            self.clear(self.tree.nodes[at.0].children[index]);
        }
        let mut around = at;
        while around != ROOT {
            around = self.tree.nodes[around.0].parent;
            self.end(around);
        }
        self.say(at, leaf);
    }

    fn say(&mut self, at: NodeId, value: Value) {
        let (fragment, version) = (self.place, self.version);
        let node = &mut self.tree.nodes[at.0];
        match node.said.last_mut().filter(|s| s.fragment == fragment) {
            Some(said) if agree(&said.value, &value) => {
                said.value = value;
                said.set = version;
                return;
            }
            Some(_) => self.end(at),
            None => {}
        }
        self.open.push(at);
        self.tree.nodes[at.0].said.push(Said {
            fragment,
            value,
            set: version,
            changed: version,
        });
    }

    /// The fragment says nothing any more, here and further in.
    fn clear(&mut self, at: NodeId) {
        self.end(at);
        for index in 0..self.tree.nodes[at.0].children.len() {
            self.clear(self.tree.nodes[at.0].children[index]);
        }
    }

    fn end(&mut self, at: NodeId) {
        let (fragment, ended) = (self.place, self.version);
        let node = &mut self.tree.nodes[at.0];
        if let Some(said) = node.said.pop_if(|said| said.fragment == fragment) {
            node.past.push(Past {
                fragment,
                value: said.value,
                set: said.set,
                ended,
            });
        }
    }

    fn held(&self, at: NodeId) -> Option<&Said> {
        let last = self.tree.nodes[at.0].said.last();
        last.filter(|said| said.fragment == self.place)
    }

    fn held_object(&self, at: NodeId) -> Option<Map<String, Value>> {
        match &self.held(at)?.value {
            Value::Object(object) if !object.is_empty() => Some(object.clone()),
            _ => None,
        }
    }
}

fn patched(mut held: Map<String, Value>, patch: Map<String, Value>) -> Map<String, Value> {
    for (key, value) in patch {
        if value.is_null() {
            held.shift_remove(&key);
        } else {
            held.insert(key, value);
        }
    }
    held
}
