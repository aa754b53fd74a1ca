//! The end of an import: identities, links, the lines of the list, and the totals.

use std::collections::BTreeSet;

use hashbrown::{HashMap, HashSet};

use super::people::Person;
use super::plot::Plot;
use super::{Result, brought};
use crate::identity::{Changes, Graph, Happening, LinkNumber, LinkState, Node, Sighting};
use crate::model::{ClusterId, IdentityId, MergePolicy, Moment, SourceLine, Stitching};
use crate::store::{
    Arrived, Catalog, LinkInterval, LinkRows, StoredCluster, StoredIdentity, StoredLink, Total,
    Writer,
};

/// Rows between two words about how far the writing is.
const ROWS_A_WORD: usize = 1_024;

/// Hears how many more rows are written; an error of it ends the writing.
type Tell<'a> = &'a mut dyn FnMut(u64) -> Result<()>;

/// Writes everyone that the import changed, and how they are linked now; `tell` hears of the rows.
pub(super) fn people(writer: &Writer, mut plot: Plot<'_>, tell: Tell<'_>) -> Result<()> {
    write_sightings(writer, &mut plot.people.graph, tell)?;
    let changes = plot.people.graph.drain_changes();
    write_links(writer, &plot.people.graph, &changes, tell)?;
    brought::write(writer, &plot, &changes.new_links)?;
    let changed = write_identities(writer, &plot, &changes, tell)?;
    write_clusters(writer, &plot, &changed, tell)
}

/// About how many rows [`people`] writes.
pub(super) fn rows(plot: &Plot<'_>) -> u64 {
    let graph = &plot.people.graph;
    (2 * graph.len() + graph.links().count()) as u64
}

/// Does something with each of these, and tells of it now and then.
fn each<T>(
    rows: impl IntoIterator<Item = T>,
    tell: Tell<'_>,
    mut write: impl FnMut(T) -> Result<()>,
) -> Result<()> {
    for (place, row) in rows.into_iter().enumerate() {
        write(row)?;
        if (place + 1).is_multiple_of(ROWS_A_WORD) {
            tell(ROWS_A_WORD as u64)?;
        }
    }
    Ok(())
}

/// Writes the rows of each batch that show a link, but for the single row that first showed it, which the link holds.
fn write_sightings(writer: &Writer, graph: &mut Graph, tell: Tell<'_>) -> Result<()> {
    let mut sighted = Vec::new();
    graph.drain_sightings(|rows| sighted.push(rows));
    let mut sighted: Vec<_> = sighted
        .into_iter()
        .filter_map(|rows| {
            let state = graph.link(rows.link);
            let is_first = rows.batch == state.first.batch && rows.seen == 1;
            (!is_first).then(|| (numbers(graph, &state), rows))
        })
        .collect();
    // In the order of their keys rows are added at the end of their table, which is what it does fastest.
    sighted.sort_unstable_by_key(|(ends, rows)| (*ends, rows.batch));
    let mut insert = writer.link_rows_insert()?;
    each(sighted, tell, |(ends, rows)| {
        Ok(insert.put(
            ends,
            &LinkRows {
                batch: rows.batch,
                first_line: SourceLine::unpack(rows.first_line),
                last_line: SourceLine::unpack(rows.last_line),
                seen: rows.seen,
            },
        )?)
    })
}

/// Writes the links that changed, and the intervals that ended; keeps the totals.
fn write_links(writer: &Writer, graph: &Graph, changes: &Changes, tell: Tell<'_>) -> Result<()> {
    let view = writer.view();
    let (mut kept, mut removed) = (
        view.total(Total::Links)? as i64,
        view.total(Total::RemovedLinks)? as i64,
    );
    let before = Before::of(changes);
    let mut insert = writer.link_insert()?;
    each(in_order(graph, changes), tell, |link| {
        let state = graph.link(link);
        insert.put(&stored(graph, &state))?;
        match before.of_link(link, &state) {
            Some(true) => kept -= 1,
            Some(false) => removed -= 1,
            None => {}
        }
        if state.is_kept {
            kept += 1;
        } else {
            removed += 1;
        }
        Ok(())
    })?;
    write_intervals(writer, graph, changes)?;
    writer.set_total(Total::Links, kept.unsigned_abs())?;
    writer.set_total(Total::RemovedLinks, removed.unsigned_abs())?;
    Ok(())
}

/// The links that changed, by the keys of their rows.
fn in_order(graph: &Graph, changes: &Changes) -> Vec<LinkNumber> {
    let changed = changes.new_links.iter().chain(&changes.changed_links);
    let mut links: Vec<_> = changed
        .map(|link| (numbers(graph, &graph.link(*link)), *link))
        .collect();
    links.sort_unstable();
    links.into_iter().map(|(_, link)| link).collect()
}

fn write_intervals(writer: &Writer, graph: &Graph, changes: &Changes) -> Result<()> {
    for turn in &changes.turns {
        let Happening::Removed { since, cause } = turn.what else {
            continue;
        };
        let (a, b) = numbers(graph, &graph.link(turn.link));
        let until = turn.by.unwrap_or(since);
        writer.put_interval(
            a,
            b,
            &LinkInterval {
                since: arrived(since),
                until: arrived(until),
                until_line: SourceLine::unpack(until.line),
                reason: graph.removal(cause),
            },
        )?;
    }
    Ok(())
}

/// How links stood before the import.
struct Before {
    new: HashSet<LinkNumber>,
    first_turns: HashMap<LinkNumber, bool>,
}

impl Before {
    fn of(changes: &Changes) -> Before {
        let mut first_turns = HashMap::new();
        for turn in &changes.turns {
            let was_kept = matches!(turn.what, Happening::Removed { .. });
            first_turns.entry(turn.link).or_insert(was_kept);
        }
        Before {
            new: changes.new_links.iter().copied().collect(),
            first_turns,
        }
    }

    /// Whether the link was kept; `None` where there was none.
    fn of_link(&self, link: LinkNumber, now: &LinkState) -> Option<bool> {
        if self.new.contains(&link) {
            return None;
        }
        Some(self.first_turns.get(&link).copied().unwrap_or(now.is_kept))
    }
}

fn numbers(graph: &Graph, state: &LinkState) -> (IdentityId, IdentityId) {
    let (a, b) = (graph.id(state.a), graph.id(state.b));
    (a.min(b), a.max(b))
}

fn arrived(at: Sighting) -> Arrived {
    Arrived {
        batch: at.batch,
        row: at.row,
    }
}

fn stored(graph: &Graph, state: &LinkState) -> StoredLink {
    let (a, b) = numbers(graph, state);
    StoredLink {
        a,
        b,
        is_kept: state.is_kept,
        since: arrived(state.since),
        first: arrived(state.first),
        first_line: SourceLine::unpack(state.first.line),
        last: arrived(state.last),
        seen: state.seen,
    }
}

/// An identity and the cluster that it belongs to now.
struct Labelled {
    node: Node,
    cluster: ClusterId,
}

/// Writes the identities that changed or moved, and gives them with their clusters.
fn write_identities(
    writer: &Writer,
    plot: &Plot<'_>,
    changes: &Changes,
    tell: Tell<'_>,
) -> Result<Vec<Labelled>> {
    let graph = &plot.people.graph;
    let moved: HashMap<Node, ClusterId> = changes
        .moved
        .iter()
        .map(|(node, first)| (*node, ClusterId(graph.id(*first).0)))
        .collect();
    let mut total = writer.view().total(Total::Identities)?;
    let mut gone = BTreeSet::new();
    let mut people: Vec<_> = plot.people.all().collect();
    people.sort_by_key(|(node, _)| graph.id(*node));
    let mut labelled = Vec::new();
    let mut unchanged = Vec::new();
    let mut insert = writer.identity_insert()?;
    each(people, tell, |(node, person)| {
        // Changes are drained once: whoever did not move is the first of its cluster.
        let first = ClusterId(graph.id(node).0);
        let cluster = moved.get(&node).copied().unwrap_or(first);
        let before = person.stored_cluster;
        if !person.is_changed && before == Some(cluster) {
            unchanged.push(Labelled { node, cluster });
            return Ok(());
        }
        total += u64::from(before.is_none());
        gone.extend(before.filter(|before| *before != cluster));
        insert.put(&stored_identity(graph, node, person, cluster))?;
        labelled.push(Labelled { node, cluster });
        Ok(())
    })?;
    for cluster in &gone {
        writer.remove_cluster(*cluster)?;
    }
    // A cluster that somebody left may live on with those who stayed: its line is another one now.
    labelled.extend(unchanged.into_iter().filter(|l| gone.contains(&l.cluster)));
    writer.set_total(Total::Identities, total)?;
    Ok(labelled)
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
        source_set: person.source_set,
        fragments: person.fragments.into(),
        events: person.events.into(),
        last_event: person.last_event,
    }
}

/// Writes the lines of the list for the clusters of these identities.
fn write_clusters(
    writer: &Writer,
    plot: &Plot<'_>,
    changed: &[Labelled],
    tell: Tell<'_>,
) -> Result<()> {
    let catalog = writer.view().catalog()?;
    let mut insert = writer.cluster_insert()?;
    let mut done = HashSet::new();
    each(changed, tell, |Labelled { node, cluster }| {
        if done.insert(*cluster) {
            let line = line(&catalog, plot, *node, *cluster);
            if line.fragments + line.events > 0 {
                insert.put(&line)?;
            } else {
                writer.remove_cluster(*cluster)?;
            }
        }
        Ok(())
    })
}

fn line(catalog: &Catalog, plot: &Plot<'_>, node: Node, id: ClusterId) -> StoredCluster {
    let graph = &plot.people.graph;
    let members = graph.members(node);
    let canonical = members
        .iter()
        .min_by_key(|node| {
            let seen = plot.people.person(**node).map(|person| person.first_seen);
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
    for person in members.iter().filter_map(|node| plot.people.person(*node)) {
        line.fragments += u64::from(person.fragments);
        line.events += u64::from(person.events);
        line.last_event = line.last_event.max(person.last_event);
        line.last_active = line.last_active.max(person.last_seen);
    }
    line.last_active = line.last_event.unwrap_or(line.last_active);
    line
}

/// How many profiles the default policy makes.
pub(super) fn profiles(writer: &Writer) -> Result<u64> {
    let view = writer.view();
    let default = view
        .policies()?
        .into_iter()
        .find(|policy| policy.is_default)
        .unwrap_or_else(MergePolicy::latest_wins);
    if default.stitching == Stitching::Pdg && default.order.is_empty() {
        return Ok(view.cluster_count()?);
    }
    let catalog = view.catalog()?;
    let mut profiles = HashSet::new();
    view.each_identity(|identity| {
        let is_seen = catalog.source_set(identity.source_set).iter().any(|id| {
            catalog
                .dataset(*id)
                .is_ok_and(|dataset| default.sees(&dataset.name))
        });
        if is_seen {
            profiles.insert(match default.stitching {
                Stitching::Pdg => identity.cluster,
                Stitching::None => ClusterId(identity.id.0),
            });
        }
        Ok(())
    })?;
    Ok(profiles.len() as u64)
}
