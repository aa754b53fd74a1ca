//! The identity graph in memory: identities, their links, and the components that records make of them.

use super::changes::{Cause, Journal, LinkState};
use super::components::Components;
use super::forest::Knot;
use super::links::{KEPT, LinkNumber, LinkRows, Links, Sighting};
use super::names::{Names, Node, Sight};
use super::spaces::Spaces;
use crate::model::{
    Identity, IdentityId, LinkSettings, Namespace, NamespaceId, NamespaceKind, Paged, Removal,
};

/// What counts as the more recent of two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recency {
    /// The later batch, then the later row: the order of arrival.
    Arrival,
    /// The later row, whatever the batch: for a replay in another order, whose rows number the whole replay.
    Replay,
}

/// Identities and links under the linking rules.
///
/// Feed it records in order of arrival with [`Graph::observe`]; every answer is that of the rules in their plain form, at the
/// cost of what changes. The settings are fixed when it is made: for other settings make another graph and replay.
pub struct Graph {
    pub(super) names: Names,
    pub(super) links: Links,
    pub(super) knots: Paged<Knot>,
    pub(super) components: Components,
    pub(super) journal: Journal,
    pub(super) cap: Option<u32>,
    pub(super) own: Vec<Node>,
    pub(super) labels: Vec<u32>,
    pub(super) epoch: u32,
    recency: Recency,
}

impl Graph {
    /// An empty graph under these settings.
    pub fn new(settings: &LinkSettings) -> Graph {
        Graph::with_recency(settings, Recency::Arrival)
    }

    /// An empty graph that takes this for the order of records.
    pub fn with_recency(settings: &LinkSettings, recency: Recency) -> Graph {
        Graph {
            names: Names::new(Spaces::new(settings)),
            links: Links::new(),
            knots: Paged::default(),
            components: Components::default(),
            journal: Journal::default(),
            cap: settings.store.max_identities,
            own: Vec::new(),
            labels: Vec::new(),
            epoch: 0,
            recency,
        }
    }

    /// Adds a namespace that came up later; what is linked already keeps its order.
    pub fn add_namespace(&mut self, namespace: &Namespace) {
        self.names.spaces.add(namespace);
    }

    /// Identities that come in from now on are numbered from this one.
    pub fn number_from(&mut self, next: IdentityId) {
        self.names.number_from(next);
    }

    /// The node of an identity; a new one gets the next number.
    pub fn intern(&mut self, namespace: NamespaceId, value: &str) -> Node {
        self.enter(namespace, value, None)
    }

    /// Brings in an identity that has a number already; numbers say who was seen first.
    pub fn restore_identity(
        &mut self,
        id: IdentityId,
        namespace: NamespaceId,
        value: &str,
    ) -> Node {
        self.enter(namespace, value, Some(id))
    }

    /// Reads what is kept of a node; the number says nothing.
    pub(super) fn touch_node(&self, node: Node) -> u32 {
        let label = self.knots.get(node.index()).map_or(0, |knot| knot.label);
        label ^ self.names.touch(node) ^ self.links.touch_head(node)
    }

    fn enter(&mut self, namespace: NamespaceId, value: &str, id: Option<IdentityId>) -> Node {
        let (node, sight) = self.names.intern(namespace, value, id);
        if sight == Sight::New {
            let label = self.add_component(node);
            self.knots.push(Knot::new(node, label));
            self.links.add_node();
        }
        node
    }

    /// Brings in a link that holds already; one that is in stays as it is. It is no change, but who moves by it is reported.
    pub fn restore_link(
        &mut self,
        a: Node,
        b: Node,
        first: Sighting,
        last: Sighting,
        seen: u64,
    ) -> LinkNumber {
        let is_known = self.links.find(a, b).is_some();
        let link = self.restore_removed_link(a, b, first, last, seen);
        if a != b && !is_known {
            self.links.keep(link);
            self.plant(link);
        }
        link
    }

    /// Brings in a link that was removed, so that it returns with its history; one that is in stays as it is.
    pub fn restore_removed_link(
        &mut self,
        a: Node,
        b: Node,
        first: Sighting,
        last: Sighting,
        seen: u64,
    ) -> LinkNumber {
        self.links.find(a, b).unwrap_or_else(|| {
            let link = self.links.add(a, b, first);
            self.links.set_seen(link, last, seen);
            link
        })
    }

    /// Says since when a restored link has held, where that is not since its first sighting.
    pub fn restore_since(&mut self, link: LinkNumber, since: Sighting) {
        if since != self.links.first_seen(link) {
            self.journal.held_since.insert(link, since);
        }
    }

    /// The node of an identity, where it is in.
    pub fn lookup(&self, namespace: NamespaceId, value: &str) -> Option<Node> {
        self.names.lookup(namespace, value)
    }

    /// The number of the namespace of this code, without regard to case.
    pub fn namespace(&self, code: &str) -> Option<NamespaceId> {
        self.names.spaces.find(code)
    }

    /// The identity of a node.
    pub fn name(&self, node: Node) -> Identity {
        self.names.identity(node)
    }

    /// The value of a node, without a copy.
    pub fn value(&self, node: Node) -> &str {
        self.names.value(node)
    }

    /// The namespace of a node.
    pub fn namespace_of(&self, node: Node) -> NamespaceId {
        self.names.namespace(node)
    }

    /// What a node's namespace names.
    pub fn kind_of(&self, node: Node) -> NamespaceKind {
        self.names.spaces.kind(self.names.namespace(node))
    }

    /// The number of a node's identity.
    pub fn id(&self, node: Node) -> IdentityId {
        self.names.id(node)
    }

    /// How many identities there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no identity.
    pub fn is_empty(&self) -> bool {
        self.names.len() == 0
    }

    /// Every identity, in the order in which they came in.
    pub fn nodes(&self) -> impl Iterator<Item = Node> + use<> {
        (0..self.names.len() as u32).map(Node)
    }

    /// Every link, removed ones included.
    pub fn links(&self) -> impl Iterator<Item = LinkNumber> + use<> {
        (0..self.links.len() as u32).map(LinkNumber)
    }

    /// The links of an identity that hold.
    pub fn links_of(&self, node: Node) -> impl Iterator<Item = LinkNumber> {
        self.links.of(node)
    }

    /// The link between two identities, kept or removed.
    pub fn link_between(&self, a: Node, b: Node) -> Option<LinkNumber> {
        self.links.find(a, b)
    }

    /// What is known of a link.
    pub fn link(&self, link: LinkNumber) -> LinkState {
        let [a, b] = self.links.ends(link);
        let first = self.links.first_seen(link);
        LinkState {
            a,
            b,
            is_kept: self.links.has(link, KEPT),
            since: self.journal.held_since.get(&link).copied().unwrap_or(first),
            first,
            last: self.links.last_seen(link),
            seen: self.links.seen(link),
        }
    }

    /// The two ends of a link, the smaller string first.
    pub fn ends(&self, link: LinkNumber) -> (Identity, Identity) {
        let [a, b] = self.links.ends(link);
        let (a, b) = self.names.sorted(a, b);
        (self.name(a), self.name(b))
    }

    /// Everyone in the component of an identity, itself included.
    pub fn members(&self, node: Node) -> Vec<Node> {
        self.members_of(self.label(node))
    }

    /// How many identities the component of this one has.
    pub fn component_size(&self, node: Node) -> usize {
        self.size(self.label(node)) as usize
    }

    /// The identities of unique namespaces in the component of this one.
    pub fn unique_values(&self, node: Node) -> Vec<Node> {
        self.holders(self.label(node)).collect()
    }

    /// Whether links lead from one identity to the other.
    pub fn are_together(&self, a: Node, b: Node) -> bool {
        self.label(a) == self.label(b)
    }

    /// A cause in words.
    pub fn removal(&self, cause: Cause) -> Removal {
        match cause {
            Cause::Unique { a, b } => Removal::Unique {
                namespace: self.name(a).namespace,
                a: self.value(a).to_owned(),
                b: self.value(b).to_owned(),
            },
            Cause::Cap { node } => Removal::Cap {
                identity: self.name(node),
                limit: self.cap.unwrap_or(u32::MAX),
            },
            Cause::Deleted { node } => Removal::Deleted {
                identity: self.name(node),
            },
        }
    }

    /// Goes through the rows that showed each link since this was last asked, batch by batch.
    pub fn drain_sightings(&mut self, mut visit: impl FnMut(LinkRows)) {
        for rows in self.journal.ended_rows.drain() {
            visit(rows);
        }
        for link in self.journal.with_rows.drain() {
            if let Some(rows) = self.links.take_rows(link) {
                visit(rows);
            }
        }
    }

    pub(super) fn recency_of(&self, link: LinkNumber) -> u64 {
        let last = self.links.last_seen(link);
        match self.recency {
            Recency::Arrival => u64::from(last.batch.0) << 32 | last.row,
            Recency::Replay => last.row,
        }
    }
}
