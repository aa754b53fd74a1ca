//! Rows that repeat an event, from their meeting until they are written beside it.

use std::io;
use std::path::Path;

use hashbrown::HashMap;

use super::known::Earlier;
use super::sort::{Key, Sorter};
use super::{Result, rows};
use crate::store::{EventPlace, Repeat, Writer};

/// Repetitions of one block that are written at once.
const AT_ONCE: usize = 1_000;

/// What repeats what.
pub(super) struct Repeats {
    arrived: HashMap<u64, Vec<Repeat>>,
    stored: Sorter,
    count: u64,
}

impl Repeats {
    pub(super) fn new(folder: &Path) -> Repeats {
        Repeats {
            arrived: HashMap::new(),
            stored: Sorter::new(folder),
            count: 0,
        }
    }

    /// Notes that a row repeats an event.
    pub(super) fn note(&mut self, earlier: Earlier<EventPlace>, again: Repeat) -> io::Result<()> {
        let at = match earlier {
            Earlier::Arrived(n) => {
                self.arrived.entry(n).or_default().push(again);
                return Ok(());
            }
            Earlier::Stored(at) => at,
        };
        self.count += 1;
        let key = Key {
            group: 0,
            part: 0,
            at: at.block(),
            n: self.count,
        };
        let write = |bytes: &mut Vec<u8>| rows::write_repeat(at.place(), &again, bytes);
        self.stored.add(key, write, String::new())
    }

    /// The rows that repeat events of this import, by the numbers of these.
    pub(super) fn take_arrived(&mut self) -> HashMap<u64, Vec<Repeat>> {
        std::mem::take(&mut self.arrived)
    }

    /// Writes those that repeat events of the store.
    pub(super) fn write(self, writer: &Writer) -> Result<()> {
        let mut sorted = self.stored.sorted()?;
        let (mut alike, mut row) = (Vec::new(), Vec::new());
        while let Some(key) = sorted.next(&mut row)? {
            let (place, repeat) = rows::read_repeat(&row)?;
            row.clear();
            alike.push((EventPlace::new(key.at, place), repeat));
            let is_last = sorted.peek().is_none_or(|next| next.at != key.at);
            if is_last || alike.len() >= AT_ONCE {
                writer.repeat_events(&alike)?;
                alike.clear();
            }
        }
        Ok(())
    }
}
