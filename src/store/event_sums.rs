//! What many identities have of events, summed up in the order in which their blocks lie: each page is read once.

use std::ops::RangeInclusive;

use super::codec::{Numbers, put, put_signed};
use super::events::{EventTotals, bounds, identity_of, span};
use super::{Result, View};
use super::{block_head, blocks};
use crate::model::{DatasetId, IdentityId};

/// What a dataset holds of an identity as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSum {
    /// How many events, and from when to when.
    pub totals: EventTotals,
    /// The numbers of their types, each once, in ascending order.
    pub kinds: Vec<i64>,
}

impl EventSum {
    fn of(totals: EventTotals) -> EventSum {
        EventSum {
            totals,
            kinds: Vec::new(),
        }
    }

    fn add_kind(&mut self, kind: i64) {
        if let Err(place) = self.kinds.binary_search(&kind) {
            self.kinds.insert(place, kind);
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        let EventTotals {
            dataset,
            events,
            first,
            last,
        } = self.totals;
        put(bytes, u64::from(dataset.0));
        put(bytes, events);
        put_signed(bytes, first.0);
        put_signed(bytes, last.0.wrapping_sub(first.0));
        put(bytes, self.kinds.len() as u64);
        self.kinds.iter().for_each(|kind| put(bytes, *kind as u64));
    }

    fn read(numbers: &mut Numbers<'_>) -> Result<EventSum> {
        let dataset = DatasetId(numbers.take()? as u16);
        let events = numbers.take()?;
        let (first, last) = span(numbers.take_signed()?, numbers.take_signed()?);
        let kinds = 0..numbers.take()?;
        Ok(EventSum {
            totals: EventTotals {
                dataset,
                events,
                first,
                last,
            },
            kinds: kinds
                .map(|_| Ok(numbers.take()? as i64))
                .collect::<Result<_>>()?,
        })
    }
}

/// The sums of identities whose numbers follow each other, packed: some twenty bytes for one that has events.
#[derive(Clone, Debug, Default)]
pub struct EventSums {
    first: u32,
    /// Where the sums of each identity end.
    ends: Vec<usize>,
    bytes: Vec<u8>,
}

impl EventSums {
    /// The sums of an identity, dataset by dataset; none of one that it does not speak of.
    pub fn of(&self, identity: IdentityId) -> Result<Vec<EventSum>> {
        let place = identity.0.checked_sub(self.first);
        let place = place.map_or(usize::MAX, |place| place as usize);
        let before = place
            .checked_sub(1)
            .and_then(|before| self.ends.get(before));
        let from = before.copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(from);
        let mut numbers = Numbers(self.bytes.get(from..end).unwrap_or_default());
        let mut sums = Vec::new();
        while !numbers.is_empty() {
            sums.push(EventSum::read(&mut numbers)?);
        }
        Ok(sums)
    }

    /// Takes in the next identity that has some, and ends it.
    fn add(&mut self, identity: IdentityId, sums: &mut Vec<EventSum>) {
        let place = identity.0.saturating_sub(self.first) as usize;
        self.ends.resize(place, self.bytes.len());
        sums.sort_by_key(|sum| sum.totals.dataset);
        sums.drain(..).for_each(|sum| sum.write(&mut self.bytes));
        self.ends.push(self.bytes.len());
    }
}

impl View<'_> {
    /// What these identities have of events as they are now.
    pub fn event_sums(&self, identities: RangeInclusive<IdentityId>) -> Result<EventSums> {
        let mut statement = self.conn.prepare_cached(
            "SELECT key, dataset, first, lasting, replaced, head
             FROM event_block
             WHERE key BETWEEN :from AND :to
             ORDER BY key",
        )?;
        let (from, _) = bounds(*identities.start());
        let (_, to) = bounds(*identities.end());
        let mut rows = statement.query([from, to])?;
        let mut all = EventSums {
            first: identities.start().0,
            ..EventSums::default()
        };
        let (mut own, mut sums) = (*identities.start(), Vec::new());
        while let Some(row) = rows.next()? {
            let identity = identity_of(row.get(0)?);
            if identity != own {
                all.add(own, &mut sums);
                own = identity;
            }
            let (first, last) = span(row.get(2)?, row.get(3)?);
            let block = EventTotals {
                dataset: DatasetId(row.get(1)?),
                events: 0,
                first,
                last,
            };
            let replaced = row.get_ref(4)?.as_blob_or_null().unwrap_or_default();
            let head = row.get_ref(5)?.as_blob().unwrap_or_default();
            add_block(&mut sums, block, replaced.unwrap_or_default(), head)?;
        }
        all.add(own, &mut sums);
        Ok(all)
    }
}

/// Adds a block to the sum of its dataset; its events are counted one by one.
fn add_block(
    sums: &mut Vec<EventSum>,
    block: EventTotals,
    replaced: &[u8],
    head: &[u8],
) -> Result<()> {
    let known = sums
        .iter()
        .position(|sum| sum.totals.dataset == block.dataset);
    if known.is_none() {
        sums.push(EventSum::of(block));
    }
    let place = known.unwrap_or(sums.len() - 1);
    let Some(sum) = sums.get_mut(place) else {
        return Ok(());
    };
    sum.totals.add(&block);
    block_head::each_kind(head, |place, kind| {
        if blocks::replaced(replaced).all(|(gone, _)| gone != place) {
            sum.totals.events += 1;
            sum.add_kind(kind);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Moment;

    fn sum(dataset: u16, (first, last): (i64, i64), kinds: &[i64]) -> EventSum {
        let totals = EventTotals {
            dataset: DatasetId(dataset),
            events: 300,
            first: Moment(first),
            last: Moment(last),
        };
        let mut sum = EventSum::of(totals);
        for kind in kinds {
            sum.add_kind(*kind);
        }
        sum
    }

    #[test]
    fn sums_come_back_by_identity_and_nobody_else_has_any() {
        let twelfth = [
            sum(2, (-5, 70), &[9, 3, 9, 0]),
            sum(700, (i64::MIN, i64::MAX), &[1_000]),
        ];
        let fifteenth = [sum(1, (0, 0), &[])];
        let mut sums = EventSums {
            first: 10,
            ..EventSums::default()
        };
        sums.add(IdentityId(10), &mut Vec::new());
        // Datasets stand in their order, whichever block came first.
        sums.add(IdentityId(12), &mut twelfth.iter().rev().cloned().collect());
        sums.add(IdentityId(15), &mut fifteenth.to_vec());
        for (identity, expected) in [(12, &twelfth[..]), (15, &fifteenth[..])] {
            assert_eq!(sums.of(IdentityId(identity)).unwrap(), expected);
        }
        for nobody in [0, 9, 10, 11, 13, 14, 16, u32::MAX] {
            assert_eq!(sums.of(IdentityId(nobody)).unwrap(), [], "{nobody}");
        }
        assert_eq!(twelfth[0].kinds, [0, 3, 9]);
    }
}
