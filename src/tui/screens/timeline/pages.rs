//! The stretches of a timeline that are in hand: a few pages around what is seen, of any number of events.

use std::collections::BTreeMap;

use crate::model::{Event, EventsAnswer, Moment};

use super::words::{Part, describe};

/// Events of one page.
pub const PAGE: u64 = 200;

/// Pages that are kept.
const MOST_PAGES: usize = 5;

/// Events before the edge of a page at which the next one is asked for.
const AHEAD: u64 = 60;

/// An event with what its row says.
#[derive(Clone, Debug)]
pub struct Row {
    /// The event.
    pub event: Event,
    /// A few words out of its body.
    pub words: Vec<Part>,
}

/// The pages in hand.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    total: u64,
    hidden: u64,
    in_hand: BTreeMap<u64, Vec<Row>>,
}

impl Pages {
    /// How many events there are in all.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many more the policy leaves out.
    pub fn hidden(&self) -> u64 {
        self.hidden
    }

    /// The event at a place of the timeline, where it is in hand.
    pub fn row(&self, at: u64) -> Option<&Row> {
        let page = self.in_hand.get(&(at / PAGE))?;
        page.get((at % PAGE) as usize)
    }

    /// When the event at a place happened.
    pub fn moment(&self, at: u64) -> Option<Moment> {
        self.row(at).map(|row| row.event.timestamp)
    }

    /// Forgets everything but the counts.
    pub fn clear(&mut self) {
        self.in_hand.clear();
    }

    /// Takes a page; those farthest from it are let go.
    pub fn take(&mut self, answer: &EventsAnswer) {
        if self.total != answer.total {
            self.in_hand.clear();
        }
        self.total = answer.total;
        self.hidden = answer.hidden;
        let page = answer.offset / PAGE;
        let rows = answer.events.iter().map(|event| Row {
            words: describe(&event.body),
            event: event.clone(),
        });
        self.in_hand.insert(page, rows.collect());
        while self.in_hand.len() > MOST_PAGES {
            let farthest = self.in_hand.keys().max_by_key(|other| other.abs_diff(page));
            match farthest.copied() {
                Some(farthest) => self.in_hand.remove(&farthest),
                None => return,
            };
        }
    }

    /// Where the page begins that is to be asked for next: one that is seen, else one that soon may be.
    pub fn missing(&self, top: u64, height: u64) -> Option<u64> {
        let last = self.total.saturating_sub(1);
        let seen = top..=top.saturating_add(height).min(last);
        let soon = top.saturating_sub(AHEAD)..=seen.end().saturating_add(AHEAD).min(last);
        let pages = [seen.start(), seen.end(), soon.end(), soon.start()].map(|at| *at / PAGE);
        let page = pages.iter().find(|page| !self.in_hand.contains_key(page))?;
        (page * PAGE < self.total.max(1)).then_some(page * PAGE)
    }
}
