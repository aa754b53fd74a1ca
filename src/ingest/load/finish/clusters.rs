//! The lines of the list on their way into the store.

use std::rc::Rc;
use std::vec::IntoIter;

use super::ROWS_A_STEP;
use super::identities::Labelled;
use crate::identity::Node;
use crate::ingest::load::Result;
use crate::ingest::load::people::People;
use crate::model::{ClusterId, IdentityId, Moment};
use crate::store::{Catalog, ClusterInsert, IdentitySet, StoredCluster, Writer};

/// The clusters whose lines are still to be written.
pub(super) struct Clusters<'w> {
    writer: &'w Writer,
    catalog: Rc<Catalog>,
    changed: IntoIter<Labelled>,
    done: IdentitySet,
    insert: ClusterInsert<'w>,
}

impl<'w> Clusters<'w> {
    /// The clusters of these identities.
    pub(super) fn new(writer: &'w Writer, changed: Vec<Labelled>) -> Result<Clusters<'w>> {
        Ok(Clusters {
            writer,
            catalog: writer.view().catalog()?,
            changed: changed.into_iter(),
            done: IdentitySet::default(),
            insert: writer.cluster_insert()?,
        })
    }

    /// Looks at some identities; at how many, `None` where none was left.
    pub(super) fn step(&mut self, people: &People) -> Result<Option<u64>> {
        let (mut seen, mut lines) = (0, Vec::with_capacity(ROWS_A_STEP));
        for Labelled { node, cluster } in self.changed.by_ref().take(ROWS_A_STEP) {
            seen += 1;
            if !self.done.insert(IdentityId(cluster.0)) {
                continue;
            }
            let line = line(&self.catalog, people, node, cluster);
            if line.fragments + line.events > 0 {
                lines.push(line);
            } else {
                self.writer.remove_cluster(cluster)?;
            }
        }
        self.insert.put(&lines)?;
        Ok((seen > 0).then_some(seen))
    }
}

fn line(catalog: &Catalog, people: &People, node: Node, id: ClusterId) -> StoredCluster {
    let graph = &people.graph;
    let members = graph.members(node);
    let canonical = members
        .iter()
        .min_by_key(|node| {
            let seen = people.person(**node).map(|person| person.first_seen);
            let rank = catalog.rank(graph.namespace_of(**node));
            (rank, seen, graph.id(**node))
        })
        .copied()
        .unwrap_or(node);
    let mut line = StoredCluster {
        id,
        canonical: graph.id(canonical),
        identities: members.len() as u64,
        fragments: 0,
        events: 0,
        last_event: None,
        last_active: Moment::MIN,
    };
    for person in members.iter().filter_map(|node| people.person(*node)) {
        line.fragments += u64::from(person.fragments);
        line.events += u64::from(person.events);
        line.last_event = line.last_event.max(person.last_event());
        line.last_active = line.last_active.max(person.last_seen);
    }
    line.last_active = line.last_event.unwrap_or(line.last_active);
    line
}
