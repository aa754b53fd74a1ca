//! What the store holds of a person: counted, read through, and taken out.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rusqlite::params;
use serde_json::Value;

use super::codec::Numbers;
use super::{Result, StoredIdentity, View, Writer, block_head, blocks};
use crate::model::{BatchId, DatasetId, IdentityId, Moment, SourceLine};

/// Bits of a key below the identity; versions and blocks have the same.
const OWN_BITS: u32 = 24;

/// Where a row of input stood.
pub type RowPlace = (BatchId, SourceLine);

/// What is held of some identities.
#[derive(Debug, Default)]
pub struct Held {
    /// Fragments: pairs of dataset and identity.
    pub fragments: u64,
    /// Versions of them.
    pub versions: u64,
    /// Events by dataset.
    pub events: BTreeMap<DatasetId, u64>,
    /// Links that hold, with an end among them.
    pub links: u64,
    /// Links that were removed and are remembered.
    pub removed_links: u64,
    /// The rows that brought the versions and events.
    pub rows: HashSet<RowPlace>,
    /// The texts that their bodies hold.
    pub texts: BTreeSet<String>,
    /// Identities outside that some link names together with one of these.
    pub others: BTreeSet<IdentityId>,
}

pub(super) fn range(identity: IdentityId) -> [i64; 2] {
    let from = i64::from(identity.0) << OWN_BITS;
    [from, from | ((1 << OWN_BITS) - 1)]
}

impl View<'_> {
    /// Everything that is held of these identities.
    pub fn held(&self, identities: &[StoredIdentity]) -> Result<Held> {
        let mut held = Held::default();
        let own: HashSet<_> = identities.iter().map(|identity| identity.id).collect();
        let mut links = HashSet::new();
        for identity in identities {
            self.versions_held(identity.id, &mut held)?;
            self.events_held(identity.id, &mut held)?;
            held.fragments += identity.fragments;
            for totals in self.event_totals(identity.id, Moment::MAX)? {
                *held.events.entry(totals.dataset).or_default() += totals.events;
            }
            for link in self.links_of(identity.id)? {
                if links.insert((link.a, link.b)) {
                    let count = if link.is_kept {
                        &mut held.links
                    } else {
                        &mut held.removed_links
                    };
                    *count += 1;
                }
                held.others.extend([link.a, link.b]);
            }
        }
        held.others.retain(|id| !own.contains(id));
        Ok(held)
    }

    fn versions_held(&self, identity: IdentityId, held: &mut Held) -> Result<()> {
        let catalog = self.catalog()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT batch, line, touches, body FROM fragment WHERE key BETWEEN ?1 AND ?2",
        )?;
        let mut rows = statement.query(range(identity))?;
        while let Some(row) = rows.next()? {
            held.versions += 1;
            let batch = BatchId(row.get(0)?);
            held.rows.insert((batch, SourceLine::unpack(row.get(1)?)));
            let touches: Option<Vec<u8>> = row.get(2)?;
            let mut touches = Numbers(touches.as_deref().unwrap_or_default());
            while !touches.is_empty() {
                let by = BatchId(touches.take()? as u32);
                held.rows.insert((by, SourceLine::unpack(touches.take()?)));
            }
            let packed = row.get_ref(3)?.as_blob().unwrap_or_default();
            let body = self.body(catalog.batch(batch)?.dictionary, packed)?;
            texts(body.text(), &mut held.texts);
        }
        Ok(())
    }

    fn events_held(&self, identity: IdentityId, held: &mut Held) -> Result<()> {
        let catalog = self.catalog()?;
        let mut statement = self.conn.prepare_cached(
            "SELECT batch, first, head, bodies FROM event_block WHERE key BETWEEN ?1 AND ?2",
        )?;
        let mut rows = statement.query(range(identity))?;
        while let Some(row) = rows.next()? {
            let batch = BatchId(row.get(0)?);
            let heads = block_head::heads(
                Moment(row.get(1)?),
                row.get_ref(2)?.as_blob().unwrap_or_default(),
            )?;
            let packed = row.get_ref(3)?.as_blob().unwrap_or_default();
            let dictionary = catalog.batch(batch)?.dictionary;
            let text = self
                .codecs
                .borrow_mut()
                .unpack(self.conn, dictionary, packed)?;
            for (head, body) in blocks::open(heads, &text)? {
                held.rows.insert((batch, head.line));
                held.texts.extend(head.id);
                texts(&body, &mut held.texts);
            }
        }
        Ok(())
    }
}

/// The texts and numbers of a body, and the keys of its objects.
fn texts(body: &str, into: &mut BTreeSet<String>) {
    fn walk(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (key, value) in fields {
                    into.insert(key.clone());
                    walk(value, into);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| walk(item, into)),
            Value::String(text) => {
                into.insert(text.clone());
            }
            Value::Number(number) => {
                into.insert(number.to_string());
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
    if let Ok(body) = serde_json::from_str(body) {
        walk(&body, into);
    }
}

impl Writer {
    /// Takes identities out with their versions, events, links and lines of the list.
    pub fn remove_held(&self, identities: &[IdentityId]) -> Result<()> {
        let conn = self.view().conn;
        self.touch_everything();
        // What is deleted is overwritten at once, not only given back.
        conn.pragma_update(None, "secure_delete", true)?;
        for id in identities {
            for table in ["fragment", "event_block", "event_repeat"] {
                conn.prepare_cached(&format!("DELETE FROM {table} WHERE key BETWEEN ?1 AND ?2"))?
                    .execute(range(*id))?;
            }
            for link in self.view().links_of(*id)? {
                for table in ["link", "link_source", "link_interval"] {
                    conn.prepare_cached(&format!("DELETE FROM {table} WHERE a = ?1 AND b = ?2"))?
                        .execute(params![link.a.0, link.b.0])?;
                }
            }
            conn.prepare_cached("DELETE FROM cluster WHERE id = :id")?
                .execute([id.0])?;
            self.remove_identity(*id)?;
        }
        Ok(())
    }
}
