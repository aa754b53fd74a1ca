//! Linking again: records in order, under the present settings, less what was deleted.

use std::collections::HashMap;
use std::path::Path;

use super::Result;
use super::finish;
use super::plot::Plot;
use crate::identity::{Admission, Admitted, Ahead, Mention, Node, Sighting};
use crate::model::{BatchId, DatasetKind, Moment};
use crate::store::{self, IdentitySet, Observation, StoredIdentity, Total, Writer};

/// Records that are taken together.
const TOGETHER: usize = 64;

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

/// The remaining records of everyone, by node.
pub(super) struct SeenBy(Vec<Option<Seen>>);

impl SeenBy {
    pub(super) fn of(&self, node: Node) -> Option<&Seen> {
        self.0.get(node.index())?.as_ref()
    }

    fn note(&mut self, node: Node, at: Moment, batch: BatchId) {
        if let Some(own) = self.0.get_mut(node.index()) {
            let span = own.get_or_insert(Seen {
                first: at,
                last: at,
                batch,
            });
            span.first = span.first.min(at);
            span.last = span.last.max(at);
            span.batch = span.batch.min(batch);
        }
    }

    fn all(&self) -> impl Iterator<Item = (Node, &Seen)> {
        let all = self.0.iter().enumerate();
        all.filter_map(|(place, seen)| Some((Node::from_index(place), seen.as_ref()?)))
    }
}

/// What a replay comes to, before it is written.
pub(super) struct Replayed<'w> {
    pub(super) plot: Plot<'w>,
    pub(super) seen: SeenBy,
}

/// A replay under way.
struct Replay<'w> {
    plot: Plot<'w>,
    admission: Admission,
    batches: Batches,
    seen: SeenBy,
    /// Records that are taken next, each with its place.
    waiting: Vec<(u64, Observation)>,
    ahead: Ahead,
    /// Memory that is used again from record to record.
    named: Vec<Named>,
    admitted: Admitted,
    linked: Vec<Node>,
}

impl<'w> Replay<'w> {
    fn new(mut plot: Plot<'w>, scope: &Scope) -> Result<Replay<'w>> {
        let view = plot.writer.view();
        match scope {
            Scope::All => plot.people.load_unlinked(view)?,
            Scope::Only(ids) => plot.people.load_some(view, ids)?,
        }
        Ok(Replay {
            admission: Admission::new(&plot.settings),
            batches: in_order(plot.writer)?,
            seen: SeenBy(vec![None; plot.people.graph.len()]),
            plot,
            waiting: Vec::new(),
            ahead: Ahead::default(),
            named: Vec::new(),
            admitted: Admitted::default(),
            linked: Vec::new(),
        })
    }

    fn take(&mut self, row: u64, observation: Observation) -> store::Result<()> {
        self.waiting.push((row, observation));
        match self.waiting.len() {
            TOGETHER.. => self.take_waiting(),
            _ => Ok(()),
        }
    }

    /// Takes those that wait, once memory has brought near what is known of those whom they name.
    fn take_waiting(&mut self) -> store::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let people = &self.plot.people;
        self.ahead.clear();
        for (_, observation) in &waiting {
            let ids = observation.identities.iter();
            let nodes = ids.filter_map(|id| people.node_of(*id));
            nodes.for_each(|node| self.ahead.add_node(node));
            self.ahead.end_record();
        }
        people.look_ahead(&mut self.ahead);
        for (row, observation) in &waiting {
            self.take_one(*row, observation)?;
        }
        self.waiting = waiting;
        self.waiting.clear();
        Ok(())
    }

    fn take_one(&mut self, row: u64, observation: &Observation) -> store::Result<()> {
        let Some((kind, at)) = self.batches.get(&observation.batch).copied() else {
            return Ok(());
        };
        self.name(observation)?;
        for node in self.named.iter().filter_map(Named::node) {
            self.seen.note(node, at, observation.batch);
        }
        self.link(kind, sighting(observation, row));
        Ok(())
    }

    /// Finds those whom a record names.
    fn name(&mut self, observation: &Observation) -> store::Result<()> {
        self.named.clear();
        for id in &observation.identities {
            if let Some(node) = self.plot.people.node_of(*id) {
                self.named.push(Named::Inside(node));
            } else if let Some(stored) = self.plot.writer.view().known_identity(*id)? {
                self.named.push(Named::Outside(Box::new(stored)));
            }
        }
        Ok(())
    }

    fn link(&mut self, kind: DatasetKind, at: Sighting) {
        let graph = &self.plot.people.graph;
        let mentions = self.named.iter().map(|named| {
            let (namespace, value) = match named {
                Named::Inside(node) => (graph.namespace_of(*node), graph.value(*node)),
                Named::Outside(stored) => (stored.namespace, stored.value.as_str()),
            };
            Mention {
                namespace,
                value,
                is_primary: false,
            }
        });
        let mentions: Vec<Mention<'_>> = mentions.collect();
        self.admission
            .admit_into(kind, &mentions, &mut self.admitted);
        let linked = self.admitted.linked.iter();
        let linked = linked.filter_map(|place| self.named.get(*place));
        self.linked.clear();
        for named in linked {
            // Had the record linked anyone, all of them would be in the scope.
            let Some(node) = named.node() else {
                return;
            };
            self.linked.push(node);
        }
        self.plot.people.graph.observe(&self.linked, at);
    }
}

/// Everyone of the scope, linked anew from the observations.
pub(super) fn replayed<'w>(
    writer: &'w Writer,
    order: ReplayOrder,
    scope: &Scope,
) -> Result<Replayed<'w>> {
    let plot = Plot::new(writer, Path::new("."), Moment::MIN)?;
    let mut replay = Replay::new(plot, scope)?;
    match order {
        ReplayOrder::Arrival => {
            for batch in ordered(&replay.batches, writer)? {
                let view = writer.view();
                let visit = |observation: Observation| replay.take(observation.row, observation);
                match scope {
                    Scope::All => view.each_observation(batch, visit)?,
                    Scope::Only(ids) => view.each_observation_naming(batch, ids, visit)?,
                }
            }
        }
        ReplayOrder::EventTime => {
            let records = by_time(writer, &replay.batches)?;
            for (row, observation) in (1..).zip(records) {
                replay.take(row, observation)?;
            }
        }
    }
    replay.take_waiting()?;
    let Replay { mut plot, seen, .. } = replay;
    for (node, span) in seen.all() {
        if let Some(person) = plot.people.change(node) {
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

/// An identity that a record names.
enum Named {
    Inside(Node),
    /// It is out of the scope.
    Outside(Box<StoredIdentity>),
}

impl Named {
    fn node(&self) -> Option<Node> {
        match self {
            Named::Inside(node) => Some(*node),
            Named::Outside(_) => None,
        }
    }
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
        if person.fragments == 0 && person.events == 0 && seen.of(node).is_none() {
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
