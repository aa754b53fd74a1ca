//! The links of an import on their way into the store: their states, the rows that show them, the intervals that ended.

use std::vec::IntoIter;

use hashbrown::HashMap;

use super::ROWS_A_STEP;
use crate::identity::{Changes, Graph, Happening, LinkNumber, LinkState, Sighting};
use crate::ingest::load::Result;
use crate::model::{BatchId, SourceLine};
use crate::store::{
    Arrived, Ends, LinkInsert, LinkInterval, LinkRows, LinkRowsInsert, StoredLink, Total, Writer,
};

/// What is still to be written of links.
pub(super) struct Links<'w> {
    writer: &'w Writer,
    sightings: IntoIter<(Ends, LinkRows)>,
    made: Made,
    /// The links that changed in the order of their rows, once sightings are written: both at once take much memory.
    changed: Option<IntoIter<(LinkNumber, Sort)>>,
    /// Whether links that took a turn were kept before their first.
    first_turns: HashMap<LinkNumber, bool>,
    kept: i64,
    removed: i64,
    rows_insert: LinkRowsInsert<'w>,
    link_insert: LinkInsert<'w>,
}

impl<'w> Links<'w> {
    /// The links that changed, and the rows that show them; intervals are few and are written at once.
    pub(super) fn new(
        writer: &'w Writer,
        graph: &Graph,
        sightings: Vec<(Ends, LinkRows)>,
        changes: Changes,
    ) -> Result<Links<'w>> {
        write_intervals(writer, graph, &changes)?;
        let view = writer.view();
        Ok(Links {
            writer,
            sightings: sightings.into_iter(),
            changed: None,
            first_turns: first_turns(&changes),
            made: Made {
                new: changes.new_links,
                known: changes.changed_links,
            },
            kept: view.total(Total::Links)? as i64,
            removed: view.total(Total::RemovedLinks)? as i64,
            rows_insert: writer.link_rows_insert()?,
            link_insert: writer.link_insert()?,
        })
    }

    /// Writes some rows; how many, `None` where none was left.
    pub(super) fn step(&mut self, graph: &Graph) -> Result<Option<u64>> {
        let sightings = self.sightings.as_slice();
        let sightings = sightings.get(..ROWS_A_STEP).unwrap_or(sightings);
        if !sightings.is_empty() {
            self.rows_insert.put(sightings)?;
            let count = sightings.len();
            self.sightings.by_ref().take(count).for_each(drop);
            return Ok(Some(count as u64));
        }
        self.sightings = Vec::new().into_iter();
        let mut changed = match self.changed.take() {
            Some(changed) => changed,
            None => std::mem::take(&mut self.made).in_order(graph).into_iter(),
        };
        let written = self.write_changed(graph, &mut changed);
        self.changed = Some(changed);
        written
    }

    fn write_changed(
        &mut self,
        graph: &Graph,
        changed: &mut IntoIter<(LinkNumber, Sort)>,
    ) -> Result<Option<u64>> {
        let mut links = Vec::with_capacity(ROWS_A_STEP);
        while links.len() < ROWS_A_STEP
            && let Some((link, sort)) = changed.next()
        {
            let state = graph.link(link);
            if sort == Sort::Known {
                let was_kept = self.first_turns.get(&link).copied();
                self.count(was_kept.unwrap_or(state.is_kept), -1);
            }
            self.count(state.is_kept, 1);
            links.push(stored(graph, &state));
        }
        if links.is_empty() {
            return Ok(None);
        }
        self.link_insert.put(&links)?;
        if changed.len() == 0 {
            self.set_totals()?;
        }
        Ok(Some(links.len() as u64))
    }

    fn count(&mut self, is_kept: bool, more: i64) {
        if is_kept {
            self.kept += more;
        } else {
            self.removed += more;
        }
    }

    fn set_totals(&self) -> Result<()> {
        let set = |total, count: i64| self.writer.set_total(total, count.unsigned_abs());
        set(Total::Links, self.kept)?;
        Ok(set(Total::RemovedLinks, self.removed)?)
    }
}

/// The rows of each batch that show a link, but for the single row that first showed it, which the link holds.
pub(super) fn sightings(graph: &mut Graph) -> Vec<(Ends, LinkRows)> {
    // Most links are seen once: their rows are not even gathered.
    let first: Vec<BatchId> = graph
        .links()
        .map(|link| graph.link(link).first.batch)
        .collect();
    let mut drained = Vec::new();
    graph.drain_sightings(|rows| {
        let is_first = rows.seen == 1 && first.get(rows.link.index()) == Some(&rows.batch);
        if !is_first {
            drained.push(rows);
        }
    });
    drop(first);
    let mut sighted = Vec::with_capacity(drained.len());
    sighted.extend(drained.into_iter().map(|rows| {
        let stored = LinkRows {
            batch: rows.batch,
            first_line: SourceLine::unpack(rows.first_line),
            last_line: SourceLine::unpack(rows.last_line),
            seen: rows.seen,
        };
        (numbers(graph, &graph.link(rows.link)), stored)
    }));
    // In the order of their keys rows are added at the end of their table, which is what it does fastest.
    sighted.sort_unstable_by_key(|(ends, rows)| (*ends, rows.batch));
    sighted
}

/// Whether the store knows a link already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    New,
    Known,
}

/// The links that changed.
#[derive(Default)]
struct Made {
    new: Vec<LinkNumber>,
    known: Vec<LinkNumber>,
}

impl Made {
    /// All of them by the keys of their rows.
    fn in_order(self, graph: &Graph) -> Vec<(LinkNumber, Sort)> {
        let new = self.new.into_iter().map(|link| (link, Sort::New));
        let known = self.known.into_iter().map(|link| (link, Sort::Known));
        let mut links: Vec<_> = new
            .chain(known)
            .map(|(link, sort)| (numbers(graph, &graph.link(link)), link, sort))
            .collect();
        links.sort_unstable();
        let without_ends = |(_, link, sort)| (link, sort);
        links.into_iter().map(without_ends).collect()
    }
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

/// Of the links that held or were removed in between, whether they had been kept before.
fn first_turns(changes: &Changes) -> HashMap<LinkNumber, bool> {
    let mut first_turns = HashMap::new();
    for turn in &changes.turns {
        let was_kept = matches!(turn.what, Happening::Removed { .. });
        first_turns.entry(turn.link).or_insert(was_kept);
    }
    first_turns
}

fn numbers(graph: &Graph, state: &LinkState) -> Ends {
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
