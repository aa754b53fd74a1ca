//! The identities of a graph: every namespace and value once, numbered in the order in which they came in.
#![expect(
    clippy::indexing_slicing,
    reason = "nodes are handed out by this file and stay valid for its arenas"
)]

use std::cmp::Ordering;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::spaces::Spaces;
use super::table::Table;
use super::texts::{TextPlace, Texts};
use crate::model::{Identity, IdentityId, NamespaceId, Paged};

/// An identity in a graph, numbered from 0 without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node(pub(super) u32);

impl Node {
    /// The place of what is kept beside the graph for this identity.
    pub fn index(self) -> usize {
        self.0 as usize
    }

    /// The node at a place that [`Node::index`] gave.
    pub fn from_index(index: usize) -> Node {
        Node(index as u32)
    }
}

/// The identities.
pub(super) struct Names {
    texts: Texts,
    all: Paged<Name>,
    ids: Paged<IdentityId>,
    next_id: u32,
    table: Table,
    pub(super) spaces: Spaces,
}

/// Where a value stands, and whose it is, side by side: a look-up reads one place.
#[derive(Clone, Copy)]
struct Name {
    at: TextPlace,
    length: u32,
    namespace: NamespaceId,
}

impl Names {
    pub(super) fn new(spaces: Spaces) -> Names {
        Names {
            texts: Texts::default(),
            all: Paged::default(),
            ids: Paged::default(),
            next_id: 1,
            table: Table::new(),
            spaces,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Identities that come in from now on are numbered from this one.
    pub(super) fn number_from(&mut self, next: IdentityId) {
        self.next_id = self.next_id.max(next.0);
    }

    pub(super) fn lookup(&self, namespace: NamespaceId, value: &str) -> Option<Node> {
        self.find(hash(namespace, value), namespace, value)
    }

    fn find(&self, hash: u32, namespace: NamespaceId, value: &str) -> Option<Node> {
        self.table
            .find(hash, |n| self.is(Node(n), namespace, value))
            .map(Node)
    }

    /// Who is probably meant by a hash.
    pub(super) fn probable(&self, hash: u32) -> Option<Node> {
        self.table.probable(hash).map(Node)
    }

    /// Reads where a name lies; the number says nothing.
    pub(super) fn touch(&self, node: Node) -> u32 {
        self.all[node.index()].length ^ self.ids[node.index()].0
    }

    /// Reads the beginning of a name; the number says nothing.
    pub(super) fn touch_text(&self, node: Node) -> u32 {
        self.texts.touch(self.all[node.index()].at)
    }

    /// The node of an identity, and whether it is new; a new one gets this number or else the next.
    pub(super) fn intern(
        &mut self,
        namespace: NamespaceId,
        value: &str,
        id: Option<IdentityId>,
    ) -> (Node, Sight) {
        let hash = hash(namespace, value);
        if let Some(node) = self.find(hash, namespace, value) {
            return (node, Sight::Known);
        }
        let node = Node(self.all.len() as u32);
        self.spaces.reach(namespace);
        self.all.push(Name {
            at: self.texts.add(value),
            length: value.len() as u32,
            namespace,
        });
        let id = id.unwrap_or(IdentityId(self.next_id));
        self.ids.push(id);
        self.next_id = self.next_id.max(id.0.saturating_add(1));
        self.table.add(hash, node.0);
        (node, Sight::New)
    }

    fn is(&self, node: Node, namespace: NamespaceId, value: &str) -> bool {
        let name = self.all[node.index()];
        name.namespace == namespace
            && name.length as usize == value.len()
            && self.text(name) == value
    }

    pub(super) fn value(&self, node: Node) -> &str {
        self.text(self.all[node.index()])
    }

    fn text(&self, name: Name) -> &str {
        self.texts.get(name.at, name.length)
    }

    pub(super) fn namespace(&self, node: Node) -> NamespaceId {
        self.all[node.index()].namespace
    }

    pub(super) fn id(&self, node: Node) -> IdentityId {
        self.ids[node.index()]
    }

    pub(super) fn identity(&self, node: Node) -> Identity {
        Identity::new(self.spaces.code(self.namespace(node)), self.value(node))
    }

    pub(super) fn place(&self, node: Node) -> u32 {
        self.spaces.place(self.namespace(node))
    }

    pub(super) fn is_unique(&self, node: Node) -> bool {
        self.spaces.is_unique(self.namespace(node))
    }

    /// The order of two identities as strings, byte by byte.
    pub(super) fn compare(&self, a: Node, b: Node) -> Ordering {
        if self.namespace(a) == self.namespace(b) {
            return self.value(a).cmp(self.value(b));
        }
        // Two namespaces may make the same string, where a code holds a colon; the order stays total by their numbers.
        let bytes = |node| {
            let code = self.spaces.code(self.namespace(node)).bytes();
            code.chain([b':']).chain(self.value(node).bytes())
        };
        bytes(a)
            .cmp(bytes(b))
            .then_with(|| self.namespace(a).cmp(&self.namespace(b)))
    }

    /// Two identities, the smaller string first.
    pub(super) fn sorted(&self, a: Node, b: Node) -> (Node, Node) {
        if self.compare(a, b).is_le() {
            (a, b)
        } else {
            (b, a)
        }
    }
}

/// Whether an identity was known when it was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    New,
    Known,
}

pub(super) fn hash(namespace: NamespaceId, value: &str) -> u32 {
    xxh3_64_with_seed(value.as_bytes(), u64::from(namespace.0)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LinkSettings, Namespace, NamespaceKind, StoreSettings};

    fn names(codes: &[&str]) -> Names {
        let namespace = |(i, code): (usize, &&str)| Namespace {
            id: NamespaceId(i as u16 + 1),
            code: (*code).to_owned(),
            kind: NamespaceKind::Cookie,
            unique: false,
            priority: None,
        };
        Names::new(Spaces::new(&LinkSettings {
            namespaces: codes.iter().enumerate().map(namespace).collect(),
            store: StoreSettings::default(),
        }))
    }

    #[test]
    fn an_identity_is_the_same_only_by_namespace_and_value() {
        let mut names = names(&["A", "B"]);
        let mut check = |namespace: u16, value: &str, expected: u32| {
            let node = names.intern(NamespaceId(namespace), value, None).0;
            assert_eq!(node, Node(expected), "{namespace}:{value}");
            assert_eq!(names.value(node), value);
            assert_eq!(names.lookup(NamespaceId(namespace), value), Some(node));
        };
        check(1, "x", 0);
        check(2, "x", 1);
        check(1, "X", 2);
        check(1, "", 3);
        check(1, "\0\u{202e}", 4);
        check(1, "x", 0);
        check(9, "of a namespace that nobody declared", 5);
        assert_eq!(names.lookup(NamespaceId(1), "y"), None);
    }

    #[test]
    fn identities_sort_as_their_strings_do() {
        let mut names = names(&["CRMID", "CRMIDhash", "A", "A:b"]);
        let mut check = |a: (u16, &str), b: (u16, &str), expected: Ordering| {
            let a = names.intern(NamespaceId(a.0), a.1, None).0;
            let b = names.intern(NamespaceId(b.0), b.1, None).0;
            assert_eq!(names.compare(a, b), expected, "{a:?} {b:?}");
            assert_eq!(names.compare(b, a), expected.reverse(), "{b:?} {a:?}");
        };
        check((1, "z"), (2, "a"), Ordering::Less);
        check((1, "a"), (1, "b"), Ordering::Less);
        check((1, "b"), (1, "ab"), Ordering::Greater);
        check((3, "b:x"), (4, "x"), Ordering::Less);
        check((1, "a"), (1, "a"), Ordering::Equal);
    }
}
