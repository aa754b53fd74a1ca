//! What a block says of its events in front of their bodies: small numbers, event by event.

use super::Result;
use super::blocks::NewEvent;
use super::codec::{Numbers, put, put_signed};
use crate::model::{Moment, SourceLine};

/// How a head is written. Heads that older programs wrote begin with the time of the first event since itself, which is 0.
const IS_FORMED: u64 = 1;
/// Times are whole seconds after the first.
const IN_SECONDS: u64 = 2;
/// All ids are of one length, which stands in front.
const ONE_LENGTH: u64 = 4;

const SECOND: i64 = 1_000;

/// What a block says of an event without opening the bodies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) timestamp: Moment,
    pub(super) kind: i64,
    pub(super) line: SourceLine,
    pub(super) id: Option<String>,
    pub(super) length: usize,
}

/// Packs what is said of events that are in time order; they are not empty.
pub(super) fn pack(events: &[NewEvent<'_>]) -> Vec<u8> {
    let mut head = Vec::new();
    let id_length = |event: &NewEvent<'_>| event.id.as_ref().map_or(0, |id| id.len() as u64 + 1);
    let times = || events.iter().map(|event| event.timestamp.0);
    let deltas = || times().zip(times().skip(1)).map(|(a, b)| b.wrapping_sub(a));
    let is_whole = deltas().all(|delta| delta % SECOND == 0);
    let common = events.first().map(id_length);
    let common = common.filter(|length| events.iter().all(|event| id_length(event) == *length));
    let flag = |is_set: bool, flag: u64| if is_set { flag } else { 0 };
    let form = IS_FORMED | flag(is_whole, IN_SECONDS) | flag(common.is_some(), ONE_LENGTH);
    put(&mut head, form);
    if let Some(length) = common {
        put(&mut head, length);
    }
    let unit = if is_whole { SECOND } else { 1 };
    let mut line = 0u64;
    for (event, delta) in events
        .iter()
        .zip([None].into_iter().chain(deltas().map(Some)))
    {
        if let Some(delta) = delta {
            put(&mut head, (delta / unit) as u64);
        }
        put(&mut head, event.kind as u64);
        put_signed(&mut head, event.line.packed().wrapping_sub(line) as i64);
        put(&mut head, event.body.len() as u64);
        if common.is_none() {
            put(&mut head, id_length(event));
        }
        line = event.line.packed();
    }
    head
}

/// The heads of a block, in time order, with the lengths of their ids, one higher, 0 for those without.
pub(super) fn heads(first: Moment, head: &[u8]) -> Result<Vec<(Head, usize)>> {
    let mut heads = Vec::new();
    each(first, head, |head, id_length| heads.push((head, id_length)))?;
    Ok(heads)
}

/// Goes through the places of a block's events, in time order, and the numbers of their types.
pub(super) fn each_kind(head: &[u8], mut visit: impl FnMut(usize, i64)) -> Result<()> {
    let mut place = 0;
    each(Moment(0), head, |head, _| {
        visit(place, head.kind);
        place += 1;
    })
}

fn each(first: Moment, head: &[u8], mut visit: impl FnMut(Head, usize)) -> Result<()> {
    let mut numbers = Numbers(head);
    let is_formed = head
        .first()
        .is_some_and(|form| u64::from(*form) & IS_FORMED != 0);
    let form = if is_formed { numbers.take()? } else { 0 };
    let common = match form & ONE_LENGTH {
        0 => None,
        _ => Some(numbers.take()?),
    };
    let unit = match form & IN_SECONDS {
        0 => 1,
        _ => SECOND,
    };
    let (mut time, mut line) = (first.0, 0u64);
    let mut is_first = true;
    while !numbers.is_empty() {
        if !is_formed || !is_first {
            let delta = numbers.take()? as i64;
            time = time.wrapping_add(delta.wrapping_mul(unit));
        }
        is_first = false;
        let kind = numbers.take()? as i64;
        line = line.wrapping_add(numbers.take_signed()? as u64);
        let length = numbers.take()? as usize;
        let id_length = match common {
            Some(length) => length,
            None => numbers.take()?,
        };
        let head = Head {
            timestamp: Moment(time),
            kind,
            line: SourceLine::unpack(line),
            id: None,
            length,
        };
        visit(head, id_length as usize);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::store::EventMark;

    fn event(at: i64, id: Option<&'static str>) -> NewEvent<'static> {
        NewEvent {
            timestamp: Moment(at),
            kind: at % 3 + 3,
            line: SourceLine {
                file: 1,
                line: (at % 977).unsigned_abs(),
            },
            id: id.map(Cow::Borrowed),
            mark: EventMark { key: 1, body: 2 },
            body: b"{}"[..].into(),
            outdated_by: None,
            repeats: Vec::new(),
        }
    }

    fn told(events: &[NewEvent<'_>], head: &[u8]) {
        let first = events[0].timestamp;
        let heads = heads(first, head).unwrap();
        assert_eq!(heads.len(), events.len());
        for (event, (head, id_length)) in events.iter().zip(&heads) {
            assert_eq!(head.timestamp, event.timestamp);
            assert_eq!((head.kind, head.line), (event.kind, event.line));
            assert_eq!(head.length, event.body.len());
            assert_eq!(*id_length, event.id.as_ref().map_or(0, |id| id.len() + 1));
        }
        let mut kinds = Vec::new();
        each_kind(head, |place, kind| kinds.push((place, kind))).unwrap();
        let expected: Vec<_> = events.iter().map(|event| event.kind).enumerate().collect();
        assert_eq!(kinds, expected);
    }

    #[test]
    fn heads_come_back_in_every_form() {
        let check = |events: &[NewEvent<'_>], form: u64| {
            let head = pack(events);
            told(events, &head);
            assert_eq!(u64::from(head[0]), IS_FORMED | form);
        };
        let all = IN_SECONDS | ONE_LENGTH;
        check(&[event(-7_501, None)], all);
        check(&[event(1_001, Some("a")), event(61_001, Some("b"))], all);
        check(
            &[event(1_000, Some("a")), event(1_001, Some("b"))],
            ONE_LENGTH,
        );
        check(&[event(1_000, Some("")), event(61_000, None)], IN_SECONDS);
        check(&[event(1_000, Some("a")), event(1_001, None)], 0);
        check(&[event(i64::MIN, None), event(i64::MAX, None)], ONE_LENGTH);
    }

    #[test]
    fn heads_of_older_programs_are_read() {
        let events = [event(1_000, Some("a")), event(61_000, None)];
        let mut head = Vec::new();
        let (mut time, mut line) = (1_000, 0u64);
        for event in &events {
            put(&mut head, (event.timestamp.0 - time) as u64);
            put(&mut head, event.kind as u64);
            put_signed(&mut head, event.line.packed().wrapping_sub(line) as i64);
            put(&mut head, 2);
            put(
                &mut head,
                event.id.as_ref().map_or(0, |id| id.len() as u64 + 1),
            );
            (time, line) = (event.timestamp.0, event.line.packed());
        }
        told(&events, &head);
    }
}
