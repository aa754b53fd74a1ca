//! Rows that wait in the sorter for the turn of their moment: written and read in the same breath.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::rows::{Bytes, broken, operation_of};
use crate::ingest::{Mention, Row};
use crate::model::{Moment, SourceLine};

/// Writes a row; its moment is part of the sorter's key, and its warnings were said.
pub(super) fn write(row: &Row, bytes: &mut Vec<u8>) {
    for number in [row.line.packed(), row.offset, row.length] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.push(row.operation as u8);
    for time in [row.timestamp, row.customer_time] {
        bytes.extend(time.map_or(i64::MIN, |at| at.0).to_le_bytes());
    }
    put(bytes, row.id.as_deref());
    put(bytes, row.kind.as_deref());
    let primary = row.primary.map_or(u32::MAX, |place| place as u32);
    bytes.extend(primary.to_le_bytes());
    bytes.extend((row.mentions.len() as u32).to_le_bytes());
    for mention in &row.mentions {
        bytes.push(u8::from(mention.is_primary));
        put(bytes, Some(&mention.namespace));
        put(bytes, Some(&mention.value));
    }
    bytes.extend(row.body.as_bytes());
}

fn put(bytes: &mut Vec<u8>, text: Option<&str>) {
    bytes.extend(
        text.map_or(u32::MAX, |text| text.len() as u32)
            .to_le_bytes(),
    );
    bytes.extend(text.unwrap_or_default().as_bytes());
}

/// Reads rows back; the codes of namespaces are shared between them.
#[derive(Default)]
pub(super) struct Stash {
    codes: HashSet<Arc<str>>,
}

/// Codes that are shared; a source with more than these invents them.
const CODES_KEPT: usize = 1024;

impl Stash {
    /// Reads what [`write()`] wrote.
    pub(super) fn read(&mut self, at: Moment, row: &[u8]) -> io::Result<Row> {
        let mut bytes = Bytes(row);
        let line = SourceLine::unpack(number(&mut bytes)?);
        let (offset, length) = (number(&mut bytes)?, number(&mut bytes)?);
        let [operation] = bytes.take()?;
        let (timestamp, customer_time) = (time(&mut bytes)?, time(&mut bytes)?);
        let (id, kind) = (text(&mut bytes)?, text(&mut bytes)?);
        let primary = match u32::from_le_bytes(bytes.take()?) {
            u32::MAX => None,
            place => Some(place as usize),
        };
        let count = u32::from_le_bytes(bytes.take()?);
        let mentions = (0..count)
            .map(|_| self.mention(&mut bytes))
            .collect::<io::Result<_>>()?;
        let body = String::from_utf8(bytes.0.to_vec()).map_err(|_| broken())?;
        Ok(Row {
            line,
            offset,
            length,
            mentions,
            primary,
            timestamp,
            customer_time,
            ingested: Some(at),
            id,
            kind,
            operation: operation_of(operation),
            body_hash: xxh3_64(body.as_bytes()),
            body,
            warnings: Vec::new(),
        })
    }

    fn mention(&mut self, bytes: &mut Bytes<'_>) -> io::Result<Mention> {
        let [is_primary] = bytes.take()?;
        let namespace = text(bytes)?.unwrap_or_default();
        Ok(Mention {
            namespace: self.code(&namespace),
            value: text(bytes)?.unwrap_or_default(),
            is_primary: is_primary == 1,
        })
    }

    fn code(&mut self, code: &str) -> Arc<str> {
        if let Some(known) = self.codes.get(code) {
            return Arc::clone(known);
        }
        let new: Arc<str> = code.into();
        if self.codes.len() < CODES_KEPT {
            self.codes.insert(Arc::clone(&new));
        }
        new
    }
}

fn number(bytes: &mut Bytes<'_>) -> io::Result<u64> {
    Ok(u64::from_le_bytes(bytes.take()?))
}

fn time(bytes: &mut Bytes<'_>) -> io::Result<Option<Moment>> {
    let at = i64::from_le_bytes(bytes.take()?);
    Ok((at != i64::MIN).then_some(Moment(at)))
}

fn text(bytes: &mut Bytes<'_>) -> io::Result<Option<String>> {
    match u32::from_le_bytes(bytes.take()?) {
        u32::MAX => Ok(None),
        length => {
            let text = bytes.cut(length as usize)?;
            Ok(Some(String::from_utf8_lossy(text).into_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Operation;

    #[test]
    fn a_row_comes_back_as_it_went_in() {
        let mention = |value: &str, is_primary| Mention {
            namespace: "Email".into(),
            value: value.into(),
            is_primary,
        };
        let full = Row {
            line: SourceLine { file: 3, line: 9 },
            offset: 17,
            length: 40,
            mentions: vec![mention("ana@example.com", true), mention("", false)],
            primary: Some(1),
            timestamp: Some(Moment(-5)),
            customer_time: Some(Moment(6)),
            ingested: Some(Moment(7)),
            id: Some(String::new()),
            kind: Some("web.pageView".into()),
            operation: Operation::Append,
            body: "{\"é\":1.50}".into(),
            body_hash: xxh3_64("{\"é\":1.50}".as_bytes()),
            warnings: Vec::new(),
        };
        let bare = Row {
            mentions: Vec::new(),
            primary: None,
            timestamp: None,
            customer_time: None,
            id: None,
            kind: None,
            operation: Operation::Create,
            ..full.clone()
        };
        for row in [full, bare] {
            let mut bytes = Vec::new();
            write(&row, &mut bytes);
            assert_eq!(Stash::default().read(Moment(7), &bytes).unwrap(), row);
            let mut stash = Stash::default();
            assert!(stash.read(Moment(7), bytes.get(..20).unwrap()).is_err());
        }
    }
}
