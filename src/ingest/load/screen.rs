//! What was forgotten stays forgotten: rows of such persons are refused before anything of them is kept.

use super::Result;
use super::intake::Intake;
use super::plot::Plot;
use crate::ingest::{Reason, Rejected, Row};
use crate::model::DatasetKind;

/// Whether a row may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may, less the devices that went with somebody.
    Passes,
    /// It is a row of somebody who was forgotten.
    Refused,
}

impl Plot<'_> {
    /// A refused row as it may be kept: of one that names somebody who was forgotten, nothing but where it stood.
    /// Such a row was not understood, so every piece of its text is taken for an identity.
    pub(super) fn screened(&self, rejected: Rejected) -> Result<Rejected> {
        if self.forgotten.is_empty() {
            return Ok(rejected);
        }
        let catalog = self.writer.view().catalog()?;
        let text = String::from_utf8_lossy(&rejected.row);
        let is_theirs = text.split(is_between).any(|piece| {
            let lowered = piece.to_lowercase();
            catalog.namespaces().iter().any(|namespace| {
                let mark = |value| self.forgotten.mark(&namespace.code, value);
                mark(piece).or_else(|| mark(&lowered)).is_some()
            })
        });
        if !is_theirs {
            return Ok(rejected);
        }
        Ok(Rejected {
            reason: Reason::Forgotten,
            row: Vec::new(),
            ..rejected
        })
    }
}

/// What parts values in rows of every format.
fn is_between(letter: char) -> bool {
    letter.is_whitespace() || ",;|\"'{}[]()<>\\".contains(letter)
}

impl Intake<'_, '_> {
    /// Holds a row against the marks of the forgotten. An identity that names a person refuses the row; a device may
    /// have other owners, so it only drops out of it, unless nothing else says whose the row is.
    pub(super) fn screen(&self, row: &mut Row) -> Verdict {
        let forgotten = &self.around.plot.forgotten;
        if forgotten.is_empty() {
            return Verdict::Passes;
        }
        let marks: Vec<_> = row
            .mentions
            .iter()
            .map(|mention| forgotten.mark(&mention.namespace, &mention.value))
            .collect();
        let names_person = marks.iter().flatten().any(|mark| mark.names_person);
        let is_record = self.planned.kind == DatasetKind::Record;
        let is_primary = |place: usize| {
            let marked = row.mentions.get(place).is_some_and(|m| m.is_primary);
            row.primary == Some(place) || marked
        };
        let is_about_one = is_record
            && marks
                .iter()
                .enumerate()
                .any(|(place, mark)| mark.is_some() && is_primary(place));
        if names_person || is_about_one || marks.iter().all(Option::is_some) {
            return Verdict::Refused;
        }
        let stays = |place: usize| marks.get(place).is_none_or(Option::is_none);
        row.primary = row
            .primary
            .filter(|place| stays(*place))
            .map(|place| (0..place).filter(|before| stays(*before)).count());
        let mut place = 0;
        row.mentions.retain(|_| {
            place += 1;
            stays(place - 1)
        });
        Verdict::Passes
    }
}
