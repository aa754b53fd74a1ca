//! The identities of an import on their way into the store, each with the cluster that it belongs to now.

use std::collections::BTreeSet;
use std::vec::IntoIter;

use super::ROWS_A_STEP;
use crate::identity::{Graph, Node};
use crate::ingest::load::Result;
use crate::ingest::load::people::{People, Person};
use crate::model::ClusterId;
use crate::store::{IdentityInsert, StoredIdentity, Total, Writer};

/// An identity and the cluster that it belongs to now.
pub(super) struct Labelled {
    pub(super) node: Node,
    pub(super) cluster: ClusterId,
}

/// The identities that are still to be written.
pub(super) struct Identities<'w> {
    writer: &'w Writer,
    people: IntoIter<Node>,
    /// The clusters of all nodes.
    clusters: Vec<ClusterId>,
    gone: BTreeSet<ClusterId>,
    labelled: Vec<Labelled>,
    unchanged: Vec<Labelled>,
    new: u64,
    insert: IdentityInsert<'w>,
}

/// Where everyone belongs, and in which order they are written.
pub(super) struct Places {
    people: Vec<Node>,
    clusters: Vec<ClusterId>,
}

impl Places {
    /// Changes are drained once: whoever did not move is the first of its cluster.
    pub(super) fn of(graph: &Graph, moved: &[(Node, Node)]) -> Places {
        let cluster = |node| ClusterId(graph.id(node).0);
        let mut clusters: Vec<_> = graph.nodes().map(cluster).collect();
        for (node, first) in moved {
            if let Some(place) = clusters.get_mut(node.index()) {
                *place = cluster(*first);
            }
        }
        let mut people: Vec<Node> = graph.nodes().collect();
        people.sort_by_key(|node| graph.id(*node));
        Places { people, clusters }
    }
}

impl<'w> Identities<'w> {
    /// Those that changed, or that moved to the cluster of another.
    pub(super) fn new(writer: &'w Writer, places: Places) -> Result<Identities<'w>> {
        Ok(Identities {
            writer,
            people: places.people.into_iter(),
            clusters: places.clusters,
            gone: BTreeSet::new(),
            labelled: Vec::new(),
            unchanged: Vec::new(),
            new: 0,
            insert: writer.identity_insert()?,
        })
    }

    /// Looks at some of them; at how many, `None` where none was left.
    pub(super) fn step(&mut self, people: &People) -> Result<Option<u64>> {
        let (mut seen, mut rows) = (0, Vec::with_capacity(ROWS_A_STEP));
        for node in self.people.by_ref().take(ROWS_A_STEP) {
            seen += 1;
            let cluster = self.clusters.get(node.index());
            let Some((person, cluster)) = people.person(node).zip(cluster.copied()) else {
                continue;
            };
            let before = person.stored_cluster();
            if !people.is_changed(node) && before == Some(cluster) {
                self.unchanged.push(Labelled { node, cluster });
                continue;
            }
            self.new += u64::from(before.is_none());
            self.gone.extend(before.filter(|before| *before != cluster));
            rows.push(stored_identity(&people.graph, node, person, cluster));
            self.labelled.push(Labelled { node, cluster });
        }
        self.insert.put(&rows)?;
        Ok((seen > 0).then_some(seen))
    }

    /// Once all are written: takes out the clusters that are no more, and gives those whose clusters have another line.
    pub(super) fn finish(&mut self) -> Result<Vec<Labelled>> {
        for cluster in &self.gone {
            self.writer.remove_cluster(*cluster)?;
        }
        let total = self.writer.view().total(Total::Identities)?;
        self.writer.set_total(Total::Identities, total + self.new)?;
        let mut changed = std::mem::take(&mut self.labelled);
        // A cluster that somebody left may live on with those who stayed: its line is another one now.
        let unchanged = std::mem::take(&mut self.unchanged).into_iter();
        changed.extend(unchanged.filter(|stays| self.gone.contains(&stays.cluster)));
        Ok(changed)
    }
}

fn stored_identity(
    graph: &Graph,
    node: Node,
    person: &Person,
    cluster: ClusterId,
) -> StoredIdentity {
    StoredIdentity {
        id: graph.id(node),
        namespace: graph.namespace_of(node),
        value: graph.value(node).to_owned(),
        cluster,
        first_seen: person.first_seen,
        last_seen: person.last_seen,
        source_set: person.source_set.into(),
        fragments: person.fragments.into(),
        events: person.events.into(),
        last_event: person.last_event(),
    }
}
