//! The identities of an import: their numbers in the store, what is counted of them, and the graph that links them.

use std::collections::BTreeSet;
use std::hint::black_box;

use hashbrown::HashMap;

use crate::identity::{Ahead, Graph, Node, Sighting};
use crate::model::{ClusterId, DatasetId, IdentityId, LinkSettings, Moment, NamespaceId, Paged};
use crate::store::{Arrived, IdentitySet, Result, StoredIdentity, StoredLink, View, Writer};

/// What is counted of an identity that takes part in an import.
///
/// There is one for everybody, so it is kept small.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) first_seen: Moment,
    pub(super) last_seen: Moment,
    /// The time of its last event; the earliest there is where it has none.
    last_event: Moment,
    /// The datasets that hold a fragment or event of it, as the store numbers such sets.
    pub(super) source_set: u32,
    pub(super) fragments: u32,
    pub(super) events: u32,
    /// The cluster that the store has it in; 0 for one that is new.
    stored_cluster: u32,
}

impl Person {
    /// Somebody whom the store does not know.
    fn new(at: Moment) -> Person {
        Person {
            first_seen: at,
            last_seen: at,
            last_event: Moment::MIN,
            source_set: 0,
            fragments: 0,
            events: 0,
            stored_cluster: 0,
        }
    }

    /// The time of its last event, where it has one.
    pub(super) fn last_event(&self) -> Option<Moment> {
        (self.last_event > Moment::MIN).then_some(self.last_event)
    }

    /// Sets the time of its last event.
    pub(super) fn set_last_event(&mut self, last: Option<Moment>) {
        self.last_event = last.unwrap_or(Moment::MIN);
    }

    /// The cluster that the store has it in; `None` for one that is new.
    pub(super) fn stored_cluster(&self) -> Option<ClusterId> {
        (self.stored_cluster > 0).then_some(ClusterId(self.stored_cluster))
    }
}

/// Everyone that an import touches, and how they are linked.
pub(super) struct People {
    pub(super) graph: Graph,
    persons: Paged<Person>,
    /// Of whom something has changed.
    changed: Paged<bool>,
    nodes: Numbered,
    has_more: bool,
    arrived: u64,
}

impl People {
    /// Nobody yet; those that the store knows come in when a record names them.
    pub(super) fn new(view: View<'_>, settings: &LinkSettings) -> Result<People> {
        let last = view.last_identity()?;
        let mut people = People::nobody(settings);
        people.graph.number_from(IdentityId(last + 1));
        people.nodes = Numbered::up_to(last);
        people.has_more = last > 0;
        Ok(people)
    }

    /// Nobody, and nobody to come.
    pub(super) fn nobody(settings: &LinkSettings) -> People {
        People {
            graph: Graph::new(settings),
            persons: Paged::default(),
            changed: Paged::default(),
            nodes: Numbered::default(),
            has_more: false,
            arrived: 0,
        }
    }

    /// Brings in everyone that the store knows, where an import will touch a good part of them.
    pub(super) fn load_all(&mut self, view: View<'_>) -> Result<()> {
        view.each_identity(|stored| {
            self.restore(&stored);
            Ok(())
        })?;
        view.each_link(|link| {
            self.restore_link(&link);
            Ok(())
        })?;
        self.has_more = false;
        Ok(())
    }

    /// Brings in everyone that the store knows, each alone: their records are to link them anew.
    pub(super) fn load_unlinked(&mut self, view: View<'_>) -> Result<()> {
        view.each_identity(|stored| {
            self.bring_in(&stored);
            Ok(())
        })?;
        self.has_more = false;
        Ok(())
    }

    /// Brings in these alone, each unlinked.
    pub(super) fn load_some(&mut self, view: View<'_>, ids: &IdentitySet) -> Result<()> {
        for id in ids.iter() {
            let stored = view.identity(id)?;
            self.restore(&stored);
        }
        self.has_more = false;
        Ok(())
    }

    /// How many have come in that the store did not know.
    pub(super) fn arrived(&self) -> u64 {
        self.arrived
    }

    /// The node of an identity by its number in the store, where it is in.
    pub(super) fn node_of(&self, id: IdentityId) -> Option<Node> {
        self.nodes.get(id)
    }

    /// Everyone, in the order in which they came in.
    pub(super) fn all(&self) -> impl Iterator<Item = (Node, &Person)> {
        self.persons
            .iter()
            .enumerate()
            .map(|(i, person)| (Node::from_index(i), person))
    }

    /// The node of an identity; one that the store knows comes with its whole cluster.
    pub(super) fn node(
        &mut self,
        view: View<'_>,
        namespace: NamespaceId,
        value: &str,
        at: Moment,
    ) -> Result<Node> {
        if self.has_more {
            if let Some(node) = self.graph.lookup(namespace, value) {
                return Ok(node);
            }
            if let Some(stored) = view.find_identity(namespace, value)? {
                return self.load_cluster(view, &stored);
            }
        }
        let node = self.graph.intern(namespace, value);
        if node.index() < self.persons.len() {
            return Ok(node);
        }
        self.arrived += 1;
        self.persons.push(Person::new(at));
        self.changed.push(true);
        Ok(node)
    }

    /// Brings near what is known of those who come next.
    pub(super) fn look_ahead(&self, ahead: &mut Ahead) {
        self.graph.look_ahead(ahead);
        let persons = ahead.nodes().filter_map(|node| self.person(node));
        black_box(persons.fold(0, |touched, person| touched ^ person.events));
    }

    fn load_cluster(&mut self, view: View<'_>, stored: &StoredIdentity) -> Result<Node> {
        let members = view.members(stored.cluster)?;
        for member in &members {
            self.restore(member);
        }
        // A removed link leads out of the cluster; it comes in with the second of its ends.
        for member in &members {
            for link in view.links_of(member.id)? {
                self.restore_link(&link);
            }
        }
        Ok(self.restore(stored))
    }

    fn restore(&mut self, stored: &StoredIdentity) -> Node {
        let known = self.graph.lookup(stored.namespace, &stored.value);
        known.unwrap_or_else(|| self.bring_in(stored))
    }

    /// Brings in somebody who is not in yet.
    fn bring_in(&mut self, stored: &StoredIdentity) -> Node {
        let node = self
            .graph
            .restore_identity(stored.id, stored.namespace, &stored.value);
        self.nodes.insert(stored.id, node);
        self.persons.push(Person {
            first_seen: stored.first_seen,
            last_seen: stored.last_seen,
            last_event: stored.last_event.unwrap_or(Moment::MIN),
            source_set: stored.source_set as u32,
            fragments: stored.fragments as u32,
            events: stored.events as u32,
            stored_cluster: stored.cluster.0,
        });
        self.changed.push(false);
        node
    }

    fn restore_link(&mut self, link: &StoredLink) {
        let ends = (self.nodes.get(link.a), self.nodes.get(link.b));
        let (Some(a), Some(b)) = ends else {
            return;
        };
        let (first, last) = (sighting(link.first, link), sighting(link.last, link));
        if link.is_kept {
            let number = self.graph.restore_link(a, b, first, last, link.seen);
            self.graph.restore_since(number, sighting(link.since, link));
        } else {
            self.graph
                .restore_removed_link(a, b, first, last, link.seen);
        }
    }

    /// What is counted of an identity.
    pub(super) fn person(&self, node: Node) -> Option<&Person> {
        self.persons.get(node.index())
    }

    /// The same, to be changed.
    pub(super) fn change(&mut self, node: Node) -> Option<&mut Person> {
        if let Some(is_changed) = self.changed.get_mut(node.index()) {
            *is_changed = true;
        }
        self.persons.get_mut(node.index())
    }

    /// Whether something of it has changed.
    pub(super) fn is_changed(&self, node: Node) -> bool {
        self.changed.get(node.index()).is_some_and(|is| *is)
    }
}

/// The nodes of those whom the store knows, one higher, by their numbers there, which follow each other closely; 0 is none.
#[derive(Default)]
struct Numbered(Vec<u32>);

impl Numbered {
    /// Nobody yet of a store whose last identity has this number; what is not filled takes no memory.
    fn up_to(last: u32) -> Numbered {
        Numbered(vec![0; last as usize + 1])
    }

    fn get(&self, id: IdentityId) -> Option<Node> {
        let own = self.0.get(id.0 as usize)?.checked_sub(1)?;
        Some(Node::from_index(own as usize))
    }

    fn insert(&mut self, id: IdentityId, node: Node) {
        let place = id.0 as usize;
        if place >= self.0.len() {
            self.0.resize(place + 1, 0);
        }
        if let Some(own) = self.0.get_mut(place) {
            *own = node.index() as u32 + 1;
        }
    }
}

fn sighting(at: Arrived, link: &StoredLink) -> Sighting {
    Sighting {
        batch: at.batch,
        row: at.row,
        line: link.first_line.packed(),
    }
}

/// The sets of datasets that hold identities, so that adding one is a look-up.
#[derive(Default)]
pub(super) struct SourceSets {
    sets: HashMap<u32, BTreeSet<DatasetId>>,
    with: HashMap<(u32, DatasetId), u32>,
}

impl SourceSets {
    /// The sets that the store has.
    pub(super) fn load(view: View<'_>) -> Result<SourceSets> {
        let sets = view
            .catalog()?
            .source_sets()
            .map(|(id, set)| (id as u32, set.iter().copied().collect()))
            .collect();
        Ok(SourceSets {
            sets,
            with: HashMap::new(),
        })
    }

    /// The set that this one and a dataset make.
    pub(super) fn with(&mut self, writer: &Writer, set: u32, dataset: DatasetId) -> Result<u32> {
        if let Some(known) = self.with.get(&(set, dataset)) {
            return Ok(*known);
        }
        let mut wider = self.sets.get(&set).cloned().unwrap_or_default();
        wider.insert(dataset);
        let list: Vec<_> = wider.iter().copied().collect();
        let id = writer.source_set(&list)? as u32;
        self.sets.insert(id, wider);
        self.with.insert((set, dataset), id);
        Ok(id)
    }
}
