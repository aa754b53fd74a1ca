//! Linking again: all records in order, under the present settings, less what was deleted.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use super::Result;
use super::finish;
use super::plot::Plot;
use crate::identity::{Admission, Mention, Node, Sighting};
use crate::model::{
    BatchId, ClusterId, DatasetId, DatasetKind, DatasetTotals, IdentityId, Moment, ResolveAnswer,
};
use crate::store::{Observation, Pending, Total, Writer};

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

/// Whether a replay is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It only says what would change.
    DryRun,
    /// It is written.
    Write,
}

/// Replays all records under the present settings; says what changes.
pub fn resolve(writer: &Writer, order: ReplayOrder, outcome: Outcome) -> Result<ResolveAnswer> {
    let plot = replayed(writer, order)?;
    let answer = difference(&plot);
    if outcome == Outcome::Write {
        write(writer, plot)?;
        writer.set_resolve_pending(Pending::No)?;
    }
    Ok(answer)
}

/// Takes batches out as if they had never been imported; says what changes.
pub fn delete_batches(writer: &Writer, batches: &[BatchId]) -> Result<ResolveAnswer> {
    let mut touched = BTreeSet::new();
    for batch in batches {
        touched.extend(writer.remove_versions_of_batch(*batch)?);
        touched.extend(writer.remove_events_of_batch(*batch)?);
        writer.remove_batch(*batch)?;
    }
    let mut plot = replayed(writer, ReplayOrder::Arrival)?;
    for id in touched {
        recount(writer, &mut plot, id)?;
    }
    let answer = difference(&plot);
    write(writer, plot)?;
    count_again(writer)?;
    Ok(answer)
}

/// Takes a dataset out, all its batches with it.
pub fn delete_dataset(writer: &Writer, dataset: DatasetId) -> Result<ResolveAnswer> {
    let batches: Vec<_> = writer
        .view()
        .catalog()?
        .batches()
        .iter()
        .filter(|batch| batch.dataset == dataset)
        .map(|batch| batch.id)
        .collect();
    let answer = delete_batches(writer, &batches)?;
    writer.remove_dataset(dataset)?;
    Ok(answer)
}

/// Replays after a history was given moments before what was there already.
pub(super) fn relink(writer: &Writer) -> Result<()> {
    let plot = replayed(writer, ReplayOrder::Arrival)?;
    write(writer, plot)
}

/// Everyone that the store knows, linked anew from the observations.
fn replayed(writer: &Writer, order: ReplayOrder) -> Result<Plot<'_>> {
    let mut plot = Plot::new(writer, Path::new("."), Moment::MIN)?;
    plot.people.load_unlinked(writer.view())?;
    let admission = Admission::new(&plot.settings);
    let mut seen: HashMap<Node, (Moment, Moment)> = HashMap::new();
    let batches = in_order(writer)?;
    let mut replay = |plot: &mut Plot<'_>, row: u64, observation: &Observation| {
        let Some((kind, at)) = batches.get(&observation.batch).copied() else {
            return;
        };
        let nodes: Vec<Node> = observation
            .identities
            .iter()
            .filter_map(|id| plot.people.node_of(*id))
            .collect();
        for node in &nodes {
            let span = seen.entry(*node).or_insert((at, at));
            *span = (span.0.min(at), span.1.max(at));
        }
        link(plot, &admission, kind, &nodes, sighting(observation, row));
    };
    match order {
        ReplayOrder::Arrival => {
            for batch in ordered(&batches, writer)? {
                writer.view().each_observation(batch, |observation| {
                    replay(&mut plot, observation.row, &observation);
                    Ok(())
                })?;
            }
        }
        ReplayOrder::EventTime => {
            for (row, observation) in by_time(writer, &batches)?.iter().enumerate() {
                replay(&mut plot, row as u64 + 1, observation);
            }
        }
    }
    for (node, (first, last)) in seen {
        if let Some(person) = plot.people.change(node) {
            (person.first_seen, person.last_seen) = (first, last);
        }
    }
    Ok(plot)
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

fn link(
    plot: &mut Plot<'_>,
    admission: &Admission,
    kind: DatasetKind,
    nodes: &[Node],
    at: Sighting,
) {
    let graph = &plot.people.graph;
    let mentions: Vec<Mention<'_>> = nodes
        .iter()
        .map(|node| Mention {
            namespace: graph.namespace_of(*node),
            value: graph.value(*node),
            is_primary: false,
        })
        .collect();
    let linked: Vec<Node> = admission
        .admit(kind, &mentions)
        .linked
        .iter()
        .filter_map(|place| nodes.get(*place).copied())
        .collect();
    plot.people.graph.observe(&linked, at);
}

/// What the store holds of an identity, counted again.
fn recount(writer: &Writer, plot: &mut Plot<'_>, id: IdentityId) -> Result<()> {
    let view = writer.view();
    let mut datasets: BTreeSet<DatasetId> = view.fragment_datasets(id)?.into_iter().collect();
    let fragments = datasets.len() as u64;
    let totals = view.event_totals(id, Moment::MAX)?;
    datasets.extend(totals.iter().filter(|t| t.events > 0).map(|t| t.dataset));
    let list: Vec<_> = datasets.into_iter().collect();
    let source_set = writer.source_set(&list)?;
    if let Some(node) = plot.people.node_of(id)
        && let Some(person) = plot.people.change(node)
    {
        person.fragments = fragments as u32;
        person.events = totals.iter().map(|totals| totals.events as u32).sum();
        person.last_event = totals.iter().map(|totals| totals.last).max();
        person.source_set = source_set;
    }
    Ok(())
}

/// How the clusters of the replay differ from those that the store has.
fn difference(plot: &Plot<'_>) -> ResolveAnswer {
    let graph = &plot.people.graph;
    let mut now: HashMap<Node, ClusterId> = HashMap::new();
    for (node, _) in plot.people.all() {
        if !now.contains_key(&node) {
            let first = ClusterId(graph.id(graph.representative(node)).0);
            now.extend(
                graph
                    .members(node)
                    .into_iter()
                    .map(|member| (member, first)),
            );
        }
    }
    let mut after: HashMap<ClusterId, BTreeSet<ClusterId>> = HashMap::new();
    let mut before: HashMap<ClusterId, BTreeSet<ClusterId>> = HashMap::new();
    for (node, person) in plot.people.all() {
        let Some((new, old)) = now.get(&node).zip(person.stored_cluster.as_ref()) else {
            continue;
        };
        before.entry(*old).or_default().insert(*new);
        after.entry(*new).or_default().insert(*old);
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

/// Writes the links and clusters of a replay in place of those that the store has.
fn write(writer: &Writer, mut plot: Plot<'_>) -> Result<()> {
    writer.remove_all_links()?;
    writer.set_total(Total::Links, 0)?;
    writer.set_total(Total::RemovedLinks, 0)?;
    let nodes: Vec<Node> = plot.people.all().map(|(node, _)| node).collect();
    let mut unknown = Vec::new();
    for node in nodes {
        let Some(person) = plot.people.change(node) else {
            continue;
        };
        let is_unknown = person.fragments == 0 && person.events == 0;
        if is_unknown && plot.people.graph.component_size(node) == 1 {
            unknown.push(plot.people.graph.id(node));
        }
    }
    finish::people(writer, plot, &mut |_| Ok(()))?;
    remove_unknown(writer, &unknown)
}

/// Takes out identities that no remaining record names.
fn remove_unknown(writer: &Writer, candidates: &[IdentityId]) -> Result<()> {
    if candidates.is_empty() {
        return Ok(());
    }
    let mut named = HashSet::new();
    let batches: Vec<_> = writer
        .view()
        .catalog()?
        .batches()
        .iter()
        .map(|b| b.id)
        .collect();
    for batch in batches {
        writer.view().each_observation(batch, |observation| {
            named.extend(observation.identities);
            Ok(())
        })?;
    }
    let mut left = writer.view().total(Total::Identities)?;
    for id in candidates.iter().filter(|id| !named.contains(id)) {
        writer.remove_identity(*id)?;
        left = left.saturating_sub(1);
    }
    Ok(writer.set_total(Total::Identities, left)?)
}

/// Counts fragments and events again after a deletion.
fn count_again(writer: &Writer) -> Result<()> {
    let totals: Vec<DatasetTotals> = writer.view().dataset_totals()?;
    let fragments = totals.iter().map(|totals| totals.fragments).sum();
    let events = totals.iter().map(|totals| totals.events).sum();
    writer.set_total(Total::Fragments, fragments)?;
    writer.set_total(Total::Events, events)?;
    Ok(())
}
