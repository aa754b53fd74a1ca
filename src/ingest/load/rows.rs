//! Versions and events on their way through the sorter: written and read in the same breath.

use std::io;

use crate::model::{BatchId, IdentityId, Moment, Operation, SourceLine};
use crate::store::{EventMark, NewEvent, Repeat};

/// What stands before the body of a record's version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VersionHead {
    pub(super) line: SourceLine,
    pub(super) operation: Operation,
    pub(super) customer_time: Option<Moment>,
    pub(super) secondary: Vec<IdentityId>,
}

impl VersionHead {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.line.packed().to_le_bytes());
        bytes.push(self.operation as u8);
        bytes.extend(self.customer_time.map_or(i64::MIN, |at| at.0).to_le_bytes());
        bytes.extend((self.secondary.len() as u32).to_le_bytes());
        for id in &self.secondary {
            bytes.extend(id.0.to_le_bytes());
        }
    }
}

/// A record's version, as it waits to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VersionRow<'a> {
    pub(super) head: VersionHead,
    pub(super) body: &'a str,
}

impl<'a> VersionRow<'a> {
    pub(super) fn read(row: &'a [u8]) -> io::Result<VersionRow<'a>> {
        let mut row = Bytes(row);
        let line = SourceLine::unpack(u64::from_le_bytes(row.take()?));
        let [operation] = row.take()?;
        let customer_time = i64::from_le_bytes(row.take()?);
        let count = u32::from_le_bytes(row.take()?);
        let secondary = (0..count)
            .map(|_| Ok(IdentityId(u32::from_le_bytes(row.take()?))))
            .collect::<io::Result<_>>()?;
        Ok(VersionRow {
            head: VersionHead {
                line,
                operation: operation_of(operation),
                customer_time: (customer_time != i64::MIN).then_some(Moment(customer_time)),
                secondary,
            },
            body: std::str::from_utf8(row.0).map_err(|_| broken())?,
        })
    }
}

pub(super) fn operation_of(code: u8) -> Operation {
    [Operation::Merge, Operation::Append, Operation::Delete]
        .into_iter()
        .find(|operation| *operation as u8 == code)
        .unwrap_or(Operation::Create)
}

/// What stands before the body of an event, but for its time, which is part of the sorter's key.
pub(super) struct EventHead<'a> {
    pub(super) kind: i64,
    pub(super) line: SourceLine,
    pub(super) mark: EventMark,
    pub(super) id: Option<&'a str>,
}

impl EventHead<'_> {
    pub(super) fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend((self.kind as u32).to_le_bytes());
        bytes.extend(self.line.packed().to_le_bytes());
        bytes.extend(self.mark.key.to_le_bytes());
        bytes.extend(self.mark.body.to_le_bytes());
        let length = self.id.map_or(u32::MAX, |id| id.len() as u32);
        bytes.extend(length.to_le_bytes());
        bytes.extend(self.id.unwrap_or_default().as_bytes());
    }
}

/// Reads an event's head and the body behind it.
pub(super) fn read_event(timestamp: Moment, row: &[u8]) -> io::Result<NewEvent<'_>> {
    let mut row = Bytes(row);
    let kind = i64::from(u32::from_le_bytes(row.take()?));
    let line = SourceLine::unpack(u64::from_le_bytes(row.take()?));
    let mark = EventMark {
        key: u64::from_le_bytes(row.take()?),
        body: u32::from_le_bytes(row.take()?),
    };
    let id = match u32::from_le_bytes(row.take()?) {
        u32::MAX => None,
        length => {
            let (id, rest) = row.0.split_at_checked(length as usize).ok_or_else(broken)?;
            row.0 = rest;
            Some(std::str::from_utf8(id).map_err(|_| broken())?.into())
        }
    };
    Ok(NewEvent {
        timestamp,
        kind,
        line,
        id,
        mark,
        body: row.0.into(),
        outdated_by: None,
        repeats: Vec::new(),
    })
}

/// Writes a row that repeats the event at this place of a block.
pub(super) fn write_repeat(place: u32, repeat: &Repeat, bytes: &mut Vec<u8>) {
    bytes.extend(place.to_le_bytes());
    bytes.extend(repeat.batch.0.to_le_bytes());
    bytes.extend(repeat.row.to_le_bytes());
    bytes.extend(repeat.line.packed().to_le_bytes());
}

/// Reads what [`write_repeat`] wrote.
pub(super) fn read_repeat(row: &[u8]) -> io::Result<(u32, Repeat)> {
    let mut row = Bytes(row);
    let place = u32::from_le_bytes(row.take()?);
    let repeat = Repeat {
        batch: BatchId(u32::from_le_bytes(row.take()?)),
        row: u64::from_le_bytes(row.take()?),
        line: SourceLine::unpack(u64::from_le_bytes(row.take()?)),
    };
    Ok((place, repeat))
}

pub(super) struct Bytes<'a>(pub(super) &'a [u8]);

impl Bytes<'_> {
    /// The next bytes, as many as are named.
    pub(super) fn cut(&mut self, length: usize) -> io::Result<&[u8]> {
        let (front, rest) = self.0.split_at_checked(length).ok_or_else(broken)?;
        self.0 = rest;
        Ok(front)
    }

    pub(super) fn take<const N: usize>(&mut self) -> io::Result<[u8; N]> {
        let (front, rest) = self.0.split_first_chunk::<N>().ok_or_else(broken)?;
        self.0 = rest;
        Ok(*front)
    }
}

pub(super) fn broken() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "a row in the temporary file breaks off",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_back_as_they_went_in() {
        let head = VersionHead {
            line: SourceLine { file: 2, line: 9 },
            operation: Operation::Append,
            customer_time: None,
            secondary: vec![IdentityId(1), IdentityId(70_000)],
        };
        let mut bytes = Vec::new();
        head.write(&mut bytes);
        bytes.extend(b"{}");
        let version = VersionRow { head, body: "{}" };
        assert_eq!(VersionRow::read(&bytes).unwrap(), version);
        assert!(VersionRow::read(&bytes[..12]).is_err());

        for id in [None, Some(""), Some("e-1")] {
            let head = EventHead {
                kind: 3,
                line: SourceLine { file: 0, line: 1 },
                mark: EventMark { key: 7, body: 8 },
                id,
            };
            let mut bytes = Vec::new();
            head.write(&mut bytes);
            bytes.extend(b"{\"a\":1}");
            let back = read_event(Moment(-4), &bytes).unwrap();
            assert_eq!(back.id.as_deref(), id);
            assert_eq!(
                (back.timestamp, back.kind, back.line, back.mark),
                (Moment(-4), head.kind, head.line, head.mark)
            );
            assert_eq!(&*back.body, b"{\"a\":1}");
        }
    }
}
