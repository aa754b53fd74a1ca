//! Bodies written anew: under another dictionary, or without what names a forgotten person.

use std::collections::{BTreeSet, HashSet};

use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::codec::{Numbers, put};
use super::held::range;
use super::marks;
use super::{
    BodyWriter, MentioningRow, NewEvent, Result, RowPlace, StoreError, View, Writer, block_head,
    blocks, train,
};
use crate::model::{IdentityId, Moment};

/// Texts that share this many bytes with a dictionary may have taught it.
const WINDOW: usize = 6;

/// Bodies of others that a dictionary is held against, and that the next one is trained on.
const SAMPLES: usize = 2_000;

/// Bytes of each of them.
const SAMPLE_BYTES: usize = 4_096;

/// The tables whose bodies are packed under a batch's dictionary, each with the column.
const PACKED: [(&str, &str); 2] = [("fragment", "body"), ("event_block", "bodies")];

impl Writer {
    /// Replaces every dictionary that learnt something of these texts which no other body says; all that was packed
    /// under it is packed again. The person's own rows are gone by then. Gives how many dictionaries went.
    pub fn forget_in_dictionaries(&self, texts: &BTreeSet<String>) -> Result<u64> {
        let mut statement = self
            .view()
            .conn
            .prepare("SELECT id, bytes FROM dictionary")?;
        let known = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, Vec<u8>)>>>()?;
        let mut replaced = 0;
        for (id, bytes) in known {
            let learnt: HashSet<&[u8]> = bytes.windows(WINDOW).collect();
            let mut suspects: HashSet<&[u8]> = texts
                .iter()
                .flat_map(|text| text.as_bytes().windows(WINDOW))
                .filter(|window| learnt.contains(window))
                .collect();
            if suspects.is_empty() {
                continue;
            }
            let samples = self.view().samples(id)?;
            for window in samples.iter().flat_map(|body| body.windows(WINDOW)) {
                suspects.remove(window);
            }
            if !suspects.is_empty() {
                self.replace_dictionary(id, &samples)?;
                replaced += 1;
            }
        }
        Ok(replaced)
    }

    fn replace_dictionary(&self, old: i64, samples: &[Vec<u8>]) -> Result<()> {
        let conn = self.view().conn;
        let samples: Vec<&[u8]> = samples.iter().map(Vec::as_slice).collect();
        let trained = train(&samples).unwrap_or_default();
        let mut bodies = writer(&trained)?;
        // The new one gets its number while the old one stands, so no reader takes one for the other.
        let mut new = None;
        if !trained.is_empty() {
            conn.execute("INSERT INTO dictionary (bytes) VALUES (:bytes)", [trained])?;
            new = Some(conn.last_insert_rowid());
        }
        for (table, column) in PACKED {
            let mut statement = conn.prepare(&format!(
                "SELECT key FROM {table}
                 WHERE batch IN (SELECT id FROM batch WHERE dictionary = :old)"
            ))?;
            let keys = statement
                .query_map([old], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()?;
            for key in keys {
                let packed: Vec<u8> = conn
                    .prepare_cached(&format!("SELECT {column} FROM {table} WHERE key = :key"))?
                    .query_row([key], |row| row.get(0))?;
                let body = self.unpacked(old, &packed)?;
                let again = bodies.pack(&body).map_err(|error| packing(&error))?;
                conn.prepare_cached(&format!("UPDATE {table} SET {column} = ?2 WHERE key = ?1"))?
                    .execute(params![key, again])?;
            }
        }
        conn.execute(
            "UPDATE batch SET dictionary = ?2 WHERE dictionary = ?1",
            params![old, new],
        )?;
        conn.execute("DELETE FROM dictionary WHERE id = :old", [old])?;
        self.packers.forget();
        self.view().forget();
        Ok(())
    }

    /// Takes these values out of the bodies of others' rows that named their owner; gives whose rows that were, once for each.
    pub fn forget_mentions(
        &self,
        rows: &[MentioningRow],
        values: &HashSet<String>,
        gone: &HashSet<IdentityId>,
    ) -> Result<Vec<IdentityId>> {
        let mut mended = Vec::new();
        for row in rows {
            for other in &row.others {
                let versions = self.mend_versions(*other, row.place, values, gone)?;
                let events = self.mend_events(*other, row.place, values)?;
                mended.extend((0..versions + events).map(|_| *other));
            }
        }
        Ok(mended)
    }

    fn mend_versions(
        &self,
        owner: IdentityId,
        (batch, line): RowPlace,
        values: &HashSet<String>,
        gone: &HashSet<IdentityId>,
    ) -> Result<u64> {
        let conn = self.view().conn;
        let dictionary = self.view().catalog()?.batch(batch)?.dictionary;
        let [from, to] = range(owner);
        let mut statement = conn.prepare_cached(
            "SELECT key, body, secondary
             FROM fragment
             WHERE key BETWEEN ?1 AND ?2 AND batch = ?3 AND line = ?4",
        )?;
        let found = statement
            .query_map(params![from, to, batch.0, line.packed()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            })?
            .collect::<rusqlite::Result<Vec<(i64, Vec<u8>, Option<Vec<u8>>)>>>()?;
        let mut changed = 0;
        for (key, packed, secondary) in found {
            let mut others = Vec::new();
            let secondary = secondary.unwrap_or_default();
            let mut numbers = Numbers(&secondary);
            while !numbers.is_empty() {
                let id = numbers.take()?;
                if !gone.contains(&IdentityId(id as u32)) {
                    put(&mut others, id);
                }
            }
            let body = self.unpacked(dictionary, &packed)?;
            let mended = mended(&body, values);
            changed += u64::from(mended.is_some());
            let body = mended.unwrap_or(body);
            let mut packer = writer(&self.dictionary(dictionary)?)?;
            let body = packer.pack(&body).map_err(|error| packing(&error))?;
            conn.prepare_cached("UPDATE fragment SET body = ?2, secondary = ?3 WHERE key = ?1")?
                .execute(params![key, body, (!others.is_empty()).then_some(others)])?;
        }
        Ok(changed)
    }

    fn mend_events(
        &self,
        owner: IdentityId,
        (batch, line): RowPlace,
        values: &HashSet<String>,
    ) -> Result<u64> {
        let conn = self.view().conn;
        let dictionary = self.view().catalog()?.batch(batch)?.dictionary;
        let [from, to] = range(owner);
        let mut statement = conn.prepare_cached(
            "SELECT key, first, head, marks, bodies
             FROM event_block
             WHERE key BETWEEN ?1 AND ?2 AND batch = ?3",
        )?;
        let found = statement
            .query_map(params![from, to, batch.0], |row| {
                Ok(StoredBlock {
                    key: row.get(0)?,
                    first: Moment(row.get(1)?),
                    head: row.get(2)?,
                    marks: row.get(3)?,
                    bodies: row.get(4)?,
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let mut changed = 0;
        for block in found {
            let heads = block_head::heads(block.first, &block.head)?;
            if !heads.iter().any(|(head, _)| head.line == line) {
                continue;
            }
            let text = self.unpacked(dictionary, &block.bodies)?;
            let mut events = block.events(&text)?;
            let before = changed;
            for event in events.iter_mut().filter(|event| event.line == line) {
                if let Some(mended) = mended(&event.body, values) {
                    event.body = mended.into();
                    changed += 1;
                }
            }
            if changed > before {
                let mut bodies = writer(&self.dictionary(dictionary)?)?;
                let packed = blocks::pack_block(&events, &mut bodies)?;
                conn.prepare_cached(
                    "UPDATE event_block SET head = ?2, bodies = ?3, marks = ?4 WHERE key = ?1",
                )?
                .execute(params![
                    block.key,
                    packed.head,
                    packed.bodies,
                    packed.marks
                ])?;
            }
        }
        Ok(changed)
    }

    fn unpacked(&self, dictionary: i64, packed: &[u8]) -> Result<Vec<u8>> {
        let view = self.view();
        view.codecs
            .borrow_mut()
            .unpack(view.conn, dictionary, packed)
    }

    fn dictionary(&self, id: i64) -> Result<Vec<u8>> {
        let found = self
            .view()
            .conn
            .prepare_cached("SELECT bytes FROM dictionary WHERE id = :id")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        Ok(found.unwrap_or_default())
    }
}

impl View<'_> {
    /// The beginnings of bodies that are packed under a dictionary.
    fn samples(&self, dictionary: i64) -> Result<Vec<Vec<u8>>> {
        let mut samples = Vec::new();
        for (table, column) in PACKED {
            let mut statement = self.conn.prepare(&format!(
                "SELECT {column} FROM {table}
                 WHERE batch IN (SELECT id FROM batch WHERE dictionary = :dictionary)
                 LIMIT :limit"
            ))?;
            let mut rows = statement.query(params![dictionary, SAMPLES])?;
            while let Some(row) = rows.next()? {
                let packed = row.get_ref(0)?.as_blob().unwrap_or_default();
                let mut body = self
                    .codecs
                    .borrow_mut()
                    .unpack(self.conn, dictionary, packed)?;
                body.truncate(SAMPLE_BYTES);
                samples.push(body);
            }
        }
        Ok(samples)
    }
}

/// A block as it lies in the store.
struct StoredBlock {
    key: i64,
    first: Moment,
    head: Vec<u8>,
    marks: Vec<u8>,
    bodies: Vec<u8>,
}

impl StoredBlock {
    /// Its events; their marks stay those of the rows as they were sent, so that these are known again.
    fn events(&self, text: &[u8]) -> Result<Vec<NewEvent<'static>>> {
        let opened = blocks::open(block_head::heads(self.first, &self.head)?, text)?;
        let marks = if self.marks.is_empty() {
            marks::following(self.first, &self.head, text)?
        } else {
            marks::unpack(&self.marks).collect()
        };
        Ok(opened
            .into_iter()
            .zip(marks)
            .map(|((head, body), mark)| NewEvent {
                timestamp: head.timestamp,
                kind: head.kind,
                line: head.line,
                id: head.id.map(Into::into),
                mark,
                body: body.into_bytes().into(),
                outdated_by: None,
                repeats: Vec::new(),
            })
            .collect())
    }
}

fn writer(dictionary: &[u8]) -> Result<BodyWriter> {
    BodyWriter::new(dictionary).map_err(|error| packing(&error))
}

fn packing(error: &std::io::Error) -> StoreError {
    StoreError::Damaged(format!("a body cannot be packed: {error}"))
}

/// The body without these values: entries of an identity map go, other values become null. `None` where it has none.
fn mended(body: &[u8], values: &HashSet<String>) -> Option<Vec<u8>> {
    let mut body: Value = serde_json::from_slice(body).ok()?;
    take_out(&mut body, values).then(|| body.to_string().into_bytes())
}

fn take_out(value: &mut Value, values: &HashSet<String>) -> bool {
    match value {
        Value::Object(fields) => {
            let mut found = false;
            for (_, value) in fields.iter_mut() {
                found |= take_out(value, values);
            }
            found
        }
        Value::Array(items) => {
            let before = items.len();
            items.retain(|item| !item.get("id").is_some_and(|id| is_one_of(id, values)));
            let mut found = items.len() < before;
            for item in items {
                found |= take_out(item, values);
            }
            found
        }
        plain if is_one_of(plain, values) => {
            *plain = Value::Null;
            true
        }
        _ => false,
    }
}

/// Whether a plain value is one of these, as a mapping may have trimmed and lowered it.
fn is_one_of(value: &Value, values: &HashSet<String>) -> bool {
    let text = match value {
        Value::String(text) => text.trim().to_lowercase(),
        Value::Number(number) => number.to_string(),
        _ => return false,
    };
    values.contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_loses_what_names_the_forgotten_and_nothing_else() {
        let values = HashSet::from(["ana@x".to_owned(), "7".to_owned()]);
        let check = |body: &str, expected: Option<&str>| {
            let mended = mended(body.as_bytes(), &values);
            let mended = mended.map(|body| String::from_utf8(body).unwrap());
            assert_eq!(mended.as_deref(), expected, "{body}");
        };
        check(r#"{"a":"bo@x","n":1.50}"#, None);
        check(
            r#"{"to":" Ana@X ","n":1.50}"#,
            Some(r#"{"to":null,"n":1.50}"#),
        );
        check(r#"{"card":7}"#, Some(r#"{"card":null}"#));
        check(
            r#"{"identityMap":{"Email":[{"id":"ana@x"},{"id":"bo@x"}]}}"#,
            Some(r#"{"identityMap":{"Email":[{"id":"bo@x"}]}}"#),
        );
    }
}
