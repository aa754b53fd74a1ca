//! A row that is being read: what was found of it so far.

use super::{Mention, Warning};
use crate::ingest::time::{Reading, TimeFault};

/// A row that is being read.
#[derive(Debug, Default)]
pub struct Draft {
    /// What should be said about it.
    pub warnings: Vec<Warning>,
    /// Its type, where it is an event.
    pub kind: Option<String>,
    /// What it says that it is.
    pub word: Option<String>,
    pub(super) mentions: Vec<Mention>,
    /// Identities that count only where no other is named.
    pub(super) spares: Vec<Mention>,
    pub(super) id: Option<String>,
    pub(super) other_id: Option<String>,
    /// Times with their ranks, one of each; 0 stands where a time is looked for first.
    pub(super) times: Vec<Ranked>,
    pub(super) ingested: Option<Time>,
    pub(super) may_lack_time: bool,
}

/// A time that was found, read or not.
#[derive(Debug)]
pub(super) struct Time {
    /// The text of one that could not be read.
    pub(super) text: String,
    pub(super) reading: Result<Reading, TimeFault>,
}

impl Time {
    pub(super) fn read(reading: Result<Reading, TimeFault>, text: &str) -> Time {
        let text = match &reading {
            Ok(_) => String::new(),
            Err(_) => text.to_owned(),
        };
        Time { text, reading }
    }
}

/// A time with its rank.
pub(super) type Ranked = (u8, Time);

impl Draft {
    /// Marks the first identity of the first of these namespaces that the row names as primary.
    pub fn mark_first_of(&mut self, namespaces: &[&str]) {
        let first = namespaces.iter().find_map(|code| {
            let is_of = |mention: &Mention| {
                mention.namespace.eq_ignore_ascii_case(code) && !mention.value.trim().is_empty()
            };
            self.mentions.iter().position(is_of)
        });
        if let Some(mention) = first.and_then(|place| self.mentions.get_mut(place)) {
            mention.is_primary = true;
        }
    }

    /// An event that names no time at all happened when it was received.
    pub fn may_lack_time(&mut self) {
        self.may_lack_time = true;
    }

    /// Takes a time of a rank, unless there is one.
    pub(super) fn add_time(&mut self, rank: u8, time: Time) {
        if self.times.iter().all(|(other, _)| *other != rank) {
            self.times.push((rank, time));
        }
    }

    /// The time that counts: the first by rank that can be read, else the first; and those before it.
    pub(super) fn best_time(&mut self) -> (Option<Ranked>, Vec<Ranked>) {
        if self.times.len() < 2 {
            return (self.times.pop(), Vec::new());
        }
        self.times.sort_by_key(|(rank, _)| *rank);
        let mut times = std::mem::take(&mut self.times);
        let best = times.iter().position(|(_, time)| time.reading.is_ok());
        let mut before = times.split_off(best.unwrap_or(0));
        std::mem::swap(&mut times, &mut before);
        (times.into_iter().next(), before)
    }
}
