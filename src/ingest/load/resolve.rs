//! `resolve`: all records linked again under the present settings, and events moved to where these would place them.

use super::Result;
use super::difference::difference;
use super::plot::Plot;
use super::recount::recount;
use super::rekey::Misplaced;
use super::replay::{self, ReplayOrder, Scope};
use crate::model::ResolveAnswer;
use crate::store::{Pending, Writer};

/// Whether a replay is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It only says what would change.
    DryRun,
    /// It is written.
    Write,
}

/// What becomes of events that present settings would place elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Events {
    Stay,
    Move,
}

/// Replays all records under the present settings; says what changes.
pub fn resolve(writer: &Writer, order: ReplayOrder, outcome: Outcome) -> Result<ResolveAnswer> {
    run(writer, order, outcome, Events::Stay)
}

/// The same, and moves the events that present settings would place elsewhere.
pub fn rekey(writer: &Writer, order: ReplayOrder, outcome: Outcome) -> Result<ResolveAnswer> {
    run(writer, order, outcome, Events::Move)
}

fn run(
    writer: &Writer,
    order: ReplayOrder,
    outcome: Outcome,
    events: Events,
) -> Result<ResolveAnswer> {
    let mut replayed = replay::replayed(writer, order, &Scope::All)?;
    let mut answer = difference(&replayed.plot);
    let is_due = writer.view().rekey_pending()?;
    if events == Events::Move {
        answer.moved_events = Some(0);
    }
    if is_due {
        place(&mut replayed.plot, outcome, &mut answer)?;
    }
    if outcome == Outcome::Write {
        replay::write(writer, replayed, &Scope::All)?;
        let is_left = is_due && events == Events::Stay;
        writer.set_rekey_pending(if is_left { Pending::Yes } else { Pending::No })?;
        writer.set_resolve_pending(Pending::No)?;
    }
    Ok(answer)
}

/// Counts the events that lie elsewhere, and moves them where that is asked.
fn place(plot: &mut Plot<'_>, outcome: Outcome, answer: &mut ResolveAnswer) -> Result<()> {
    let misplaced = Misplaced::find(plot)?;
    answer.misplaced_events = misplaced.events;
    if answer.moved_events.is_none() {
        return Ok(());
    }
    let movable = misplaced.movable(plot)?;
    answer.moved_events = Some(movable.events);
    if outcome == Outcome::DryRun {
        return Ok(());
    }
    let touched = misplaced.relocate(plot, &movable)?;
    let writer = plot.writer;
    for id in touched.iter() {
        recount(writer, &mut plot.people, id)?;
    }
    Ok(())
}
