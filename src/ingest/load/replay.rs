//! Linking again: records in order, under the present settings, less what was deleted.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::Result;
use super::finish;
use super::plot::Plot;
use crate::identity::{Admission, Mention, Node, Sighting};
use crate::model::{BatchId, ClusterId, DatasetKind, IdentityId, Moment, ResolveAnswer};
use crate::store::{self, IdentitySet, Observation, StoredIdentity, Total, Writer};

/// How many changed profiles are named.
const EXAMPLES: usize = 10;

/// In which order records are replayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplayOrder {
    /// As they arrived: by batch, then by row.
    #[default]
    Arrival,
    /// By their own times: for histories that were loaded out of order.
    EventTime,
}

/// Replays after a history was given moments before what was there already.
pub(super) fn relink(writer: &Writer) -> Result<()> {
    let replayed = replayed(writer, ReplayOrder::Arrival, &Scope::All)?;
    write(writer, replayed, &Scope::All)
}

/// Whose records are replayed.
pub(super) enum Scope {
    /// Everyone's.
    All,
    /// Those of these alone; whoever shares a link with one of them is among them.
    Only(IdentitySet),
}

/// The remaining records of an identity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    /// The moment of the earliest batch that names it.
    first: Moment,
    /// The moment of the latest.
    last: Moment,
    /// The batch that arrived first of those.
    pub(super) batch: BatchId,
}

/// What a replay comes to, before it is written.
pub(super) struct Replayed<'w> {
    pub(super) plot: Plot<'w>,
    pub(super) seen: HashMap<Node, Seen>,
}

/// Everyone of the scope, linked anew from the observations.
pub(super) fn replayed<'w>(
    writer: &'w Writer,
    order: ReplayOrder,
    scope: &Scope,
) -> Result<Replayed<'w>> {
    let mut plot = Plot::new(writer, Path::new("."), Moment::MIN)?;
    match scope {
        Scope::All => plot.people.load_unlinked(writer.view())?,
        Scope::Only(ids) => plot.people.load_some(writer.view(), ids)?,
    }
    let admission = Admission::new(&plot.settings);
    let mut seen: HashMap<Node, Seen> = HashMap::new();
    let batches = in_order(writer)?;
    let mut replay = |plot: &mut Plot<'_>, row: u64, observation: &Observation| {
        let Some((kind, at)) = batches.get(&observation.batch).copied() else {
            return Ok(());
        };
        let nodes = nodes_of(plot, observation)?;
        for node in nodes.iter().filter_map(|named| named.node) {
            let span = seen.entry(node).or_insert(Seen {
                first: at,
                last: at,
                batch: observation.batch,
            });
            span.first = span.first.min(at);
            span.last = span.last.max(at);
            span.batch = span.batch.min(observation.batch);
        }
        link(plot, &admission, kind, &nodes, sighting(observation, row));
        Ok(())
    };
    match order {
        ReplayOrder::Arrival => {
            for batch in ordered(&batches, writer)? {
                let view = writer.view();
                let visit =
                    |observation: Observation| replay(&mut plot, observation.row, &observation);
                match scope {
                    Scope::All => view.each_observation(batch, visit)?,
                    Scope::Only(ids) => view.each_observation_naming(batch, ids, visit)?,
                }
            }
        }
        ReplayOrder::EventTime => {
            for (row, observation) in by_time(writer, &batches)?.iter().enumerate() {
                replay(&mut plot, row as u64 + 1, observation)?;
            }
        }
    }
    for (node, span) in &seen {
        if let Some(person) = plot.people.change(*node) {
            (person.first_seen, person.last_seen) = (span.first, span.last);
        }
    }
    Ok(Replayed { plot, seen })
}

type Batches = HashMap<BatchId, (DatasetKind, Moment)>;

fn in_order(writer: &Writer) -> Result<Batches> {
    let catalog = writer.view().catalog()?;
    catalog
        .batches()
        .iter()
        .map(|batch| {
            let kind = catalog.dataset(batch.dataset)?.kind;
            Ok((batch.id, (kind, batch.ingested_at)))
        })
        .collect()
}

/// Batches by their moments of ingestion, which need not be the order of their numbers.
fn ordered(batches: &Batches, writer: &Writer) -> Result<Vec<BatchId>> {
    let mut order: Vec<_> = batches.iter().map(|(id, (_, at))| (*at, *id)).collect();
    order.sort_unstable();
    debug_assert_eq!(order.len(), writer.view().catalog()?.batches().len());
    Ok(order.into_iter().map(|(_, id)| id).collect())
}

fn by_time(writer: &Writer, batches: &Batches) -> Result<Vec<Observation>> {
    let mut all = Vec::new();
    for batch in ordered(batches, writer)? {
        writer.view().each_observation(batch, |observation| {
            all.push(observation);
            Ok(())
        })?;
    }
    // Stable: records of the same moment, and those without a time of their own, stay in the order of arrival.
    all.sort_by_key(|observation| {
        let ingested = batches.get(&observation.batch).map(|(_, at)| *at);
        observation.time.or(ingested)
    });
    Ok(all)
}

fn sighting(observation: &Observation, row: u64) -> Sighting {
    Sighting {
        batch: observation.batch,
        row,
        line: observation.line.packed(),
    }
}

/// An identity that a record names; without a node where it is out of the scope.
struct Named {
    node: Option<Node>,
    outside: Option<StoredIdentity>,
}

fn nodes_of(plot: &Plot<'_>, observation: &Observation) -> store::Result<Vec<Named>> {
    let mut named = Vec::with_capacity(observation.identities.len());
    for id in &observation.identities {
        let node = plot.people.node_of(*id);
        let outside = match node {
            Some(_) => None,
            None => plot.writer.view().known_identity(*id)?,
        };
        if node.is_some() || outside.is_some() {
            named.push(Named { node, outside });
        }
    }
    Ok(named)
}

fn link(
    plot: &mut Plot<'_>,
    admission: &Admission,
    kind: DatasetKind,
    named: &[Named],
    at: Sighting,
) {
    let graph = &plot.people.graph;
    let mentions: Vec<Mention<'_>> = named
        .iter()
        .filter_map(|named| {
            let (namespace, value) = match (&named.outside, named.node) {
                (Some(stored), _) => (stored.namespace, stored.value.as_str()),
                (None, Some(node)) => (graph.namespace_of(node), graph.value(node)),
                (None, None) => return None,
            };
            Some(Mention {
                namespace,
                value,
                is_primary: false,
            })
        })
        .collect();
    let admitted = admission.admit(kind, &mentions);
    let linked = admitted.linked.iter().filter_map(|place| named.get(*place));
    // Had the record linked anyone, all of them would be in the scope.
    if let Some(linked) = linked
        .map(|named| named.node)
        .collect::<Option<Vec<Node>>>()
    {
        plot.people.graph.observe(&linked, at);
    }
}

/// The cluster of everyone in the replay.
pub(super) fn labels(plot: &Plot<'_>) -> HashMap<Node, ClusterId> {
    let graph = &plot.people.graph;
    let mut labels: HashMap<Node, ClusterId> = HashMap::new();
    for (node, _) in plot.people.all() {
        if !labels.contains_key(&node) {
            let first = ClusterId(graph.id(graph.representative(node)).0);
            let members = graph.members(node).into_iter();
            labels.extend(members.map(|member| (member, first)));
        }
    }
    labels
}

/// How the clusters of the replay differ from those that the store has.
pub(super) fn difference(plot: &Plot<'_>) -> ResolveAnswer {
    let graph = &plot.people.graph;
    let now = labels(plot);
    let mut after: HashMap<ClusterId, BTreeSet<ClusterId>> = HashMap::new();
    let mut before: HashMap<ClusterId, BTreeSet<ClusterId>> = HashMap::new();
    for (node, person) in plot.people.all() {
        let Some((new, old)) = now.get(&node).copied().zip(person.stored_cluster()) else {
            continue;
        };
        before.entry(old).or_default().insert(new);
        after.entry(new).or_default().insert(old);
    }
    let split: BTreeSet<_> = parted(&before);
    let joined: BTreeSet<_> = parted(&after);
    let named = split.iter().chain(&joined).take(EXAMPLES);
    let examples = named
        .filter_map(|cluster| plot.people.node_of(IdentityId(cluster.0)))
        .map(|node| graph.name(node))
        .collect();
    ResolveAnswer {
        graphs: before.len() as u64,
        split: split.len() as u64,
        joined: joined.len() as u64,
        unchanged: before
            .iter()
            .filter(|(old, new)| {
                new.len() == 1
                    && new.iter().all(|n| {
                        after
                            .get(n)
                            .is_some_and(|o| o.len() == 1 && o.contains(old))
                    })
            })
            .count() as u64,
        examples,
        looks_unique: looks_unique(plot),
        ..ResolveAnswer::default()
    }
}

fn parted(clusters: &HashMap<ClusterId, BTreeSet<ClusterId>>) -> BTreeSet<ClusterId> {
    clusters
        .iter()
        .filter(|(_, others)| others.len() > 1)
        .map(|(cluster, _)| *cluster)
        .collect()
}

/// Namespaces that nearly always have one value in a graph, with the number of graphs that hold more.
fn looks_unique(plot: &Plot<'_>) -> Vec<(String, u64)> {
    let graph = &plot.people.graph;
    let mut done: HashSet<Node> = HashSet::new();
    let mut counts: HashMap<_, (u64, u64)> = HashMap::new();
    for (node, _) in plot.people.all() {
        if done.contains(&node) {
            continue;
        }
        let members = graph.members(node);
        let mut of_graph: HashMap<_, u64> = HashMap::new();
        for member in &members {
            *of_graph.entry(graph.namespace_of(*member)).or_default() += 1;
        }
        for (namespace, values) in of_graph {
            let count = counts.entry(namespace).or_default();
            count.0 += 1;
            count.1 += u64::from(values > 1);
        }
        done.extend(members);
    }
    let mut found: Vec<_> = counts
        .into_iter()
        .filter(|(_, (graphs, several))| *several > 0 && several * 20 <= *graphs)
        .filter_map(|(id, (_, several))| {
            let namespace = plot.settings.namespaces.iter().find(|n| n.id == id)?;
            (!namespace.unique).then(|| (namespace.code.clone(), several))
        })
        .collect();
    found.sort();
    found
}

/// Writes the links and clusters of a replay in place of those that the store has of its scope.
pub(super) fn write(writer: &Writer, replayed: Replayed<'_>, scope: &Scope) -> Result<()> {
    let Replayed { mut plot, seen } = replayed;
    remove_links(writer, scope)?;
    let nodes: Vec<Node> = plot.people.all().map(|(node, _)| node).collect();
    let mut unknown = Vec::new();
    for node in nodes {
        let Some(person) = plot.people.change(node) else {
            continue;
        };
        if person.fragments == 0 && person.events == 0 && !seen.contains_key(&node) {
            unknown.push(plot.people.graph.id(node));
        }
    }
    finish::people(writer, plot.people)?;
    for id in &unknown {
        writer.remove_identity(*id)?;
    }
    let left = writer.view().total(Total::Identities)?;
    let left = left.saturating_sub(unknown.len() as u64);
    Ok(writer.set_total(Total::Identities, left)?)
}

fn remove_links(writer: &Writer, scope: &Scope) -> Result<()> {
    let view = writer.view();
    let (mut kept, mut removed) = (view.total(Total::Links)?, view.total(Total::RemovedLinks)?);
    match scope {
        Scope::All => {
            writer.remove_all_links()?;
            (kept, removed) = (0, 0);
        }
        Scope::Only(ids) => {
            for id in ids.iter() {
                let links = view.links_from(id)?;
                let held = links.iter().filter(|link| link.is_kept).count();
                kept = kept.saturating_sub(held as u64);
                removed = removed.saturating_sub((links.len() - held) as u64);
                writer.remove_links_of(id)?;
            }
        }
    }
    writer.set_total(Total::Links, kept)?;
    writer.set_total(Total::RemovedLinks, removed)?;
    Ok(())
}
