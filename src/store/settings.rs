//! The store's settings, its namespaces' settings, and its running totals.

use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::{Result, StoreError, View, Writer};
use crate::model::{LinkSettings, Namespace, NamespaceId, NamespaceKind, StoreSettings};

/// A running total, by its name in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Identities.
    Identities,
    /// Links that hold.
    Links,
    /// Links that were removed and are remembered.
    RemovedLinks,
    /// Fragments.
    Fragments,
    /// Events.
    Events,
    /// Goes up with every change, so that what lies beside the store can be held against it.
    Generation,
}

impl Total {
    fn name(self) -> &'static str {
        match self {
            Total::Identities => "identities",
            Total::Links => "links",
            Total::RemovedLinks => "removed_links",
            Total::Fragments => "fragments",
            Total::Events => "events",
            Total::Generation => "generation",
        }
    }
}

const STORE: &str = "store";
const RESOLVE_PENDING: &str = "resolve_pending";
const REKEY_PENDING: &str = "rekey_pending";
const PENDING: &str = "1";
const DONE: &str = "0";

impl View<'_> {
    /// A running total.
    pub fn total(&self, total: Total) -> Result<u64> {
        let value: Option<i64> = self
            .conn
            .prepare_cached("SELECT value FROM total WHERE name = :name")?
            .query_row([total.name()], |row| row.get(0))
            .optional()?;
        Ok(value.unwrap_or(0).unsigned_abs())
    }

    /// The store's own settings.
    pub fn store_settings(&self) -> Result<StoreSettings> {
        match self.setting(STORE)? {
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| StoreError::Damaged(format!("the settings: {error}"))),
            None => Ok(StoreSettings::default()),
        }
    }

    /// Everything that decides how identities link.
    pub fn link_settings(&self) -> Result<LinkSettings> {
        Ok(LinkSettings {
            namespaces: self.catalog()?.namespaces().to_vec(),
            store: self.store_settings()?,
        })
    }

    /// Whether linking settings changed since the links were made.
    pub fn resolve_pending(&self) -> Result<bool> {
        Ok(self.setting(RESOLVE_PENDING)?.is_some())
    }

    /// Whether what chooses the primary identity of an event changed since all events were placed alike.
    ///
    /// Stores of older programs do not say so: there it may have where records wait to be linked again.
    pub fn rekey_pending(&self) -> Result<bool> {
        match self.setting(REKEY_PENDING)? {
            Some(value) => Ok(value == PENDING),
            None => self.resolve_pending(),
        }
    }

    fn setting(&self, key: &str) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached("SELECT value FROM setting WHERE key = :key")?
            .query_row([key], |row| row.get(0))
            .optional()?)
    }
}

impl Writer {
    /// Sets a running total.
    pub fn set_total(&self, total: Total, value: u64) -> Result<()> {
        self.view()
            .conn
            .prepare_cached(
                "INSERT INTO total (name, value)
                 VALUES (:name, :value)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            )?
            .execute(params![total.name(), value])?;
        Ok(())
    }

    /// Keeps the store's own settings.
    pub fn set_store_settings(&self, settings: &StoreSettings) -> Result<()> {
        let value = serde_json::to_value(settings).unwrap_or(Value::Null);
        self.set(STORE, &value.to_string())
    }

    /// Says whether the links were made under other settings than the present ones.
    pub fn set_resolve_pending(&self, pending: Pending) -> Result<()> {
        match pending {
            Pending::Yes => self.set(RESOLVE_PENDING, PENDING),
            Pending::No => {
                self.view()
                    .conn
                    .execute("DELETE FROM setting WHERE key = :key", [RESOLVE_PENDING])?;
                Ok(())
            }
        }
    }

    /// Says whether events may lie elsewhere than the present settings would place them.
    pub fn set_rekey_pending(&self, pending: Pending) -> Result<()> {
        let value = match pending {
            Pending::Yes => PENDING,
            Pending::No => DONE,
        };
        self.set(REKEY_PENDING, value)
    }

    /// Notes that records came in under other settings than the present ones, and what that means for events.
    pub fn settings_changed(&self, before: &LinkSettings) -> Result<()> {
        let view = self.view();
        let is_like = before.place_events_like(&view.link_settings()?);
        let rekey = if view.rekey_pending()? || !is_like {
            Pending::Yes
        } else {
            Pending::No
        };
        self.set_rekey_pending(rekey)?;
        self.set_resolve_pending(Pending::Yes)
    }

    fn set(&self, key: &str, value: &str) -> Result<()> {
        self.view()
            .conn
            .prepare_cached(
                "INSERT INTO setting (key, value)
                 VALUES (:key, :value)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute([key, value])?;
        Ok(())
    }

    /// The number of the namespace of this code; a new one is added with a guessed type, after the last priority.
    pub fn namespace(&self, code: &str) -> Result<NamespaceId> {
        let catalog = self.view().catalog()?;
        if let Some(known) = catalog.namespace_of(code) {
            return Ok(known.id);
        }
        self.view()
            .conn
            .prepare_cached(
                "INSERT INTO namespace (code, kind, is_unique, priority)
                 VALUES (:code, :kind, 0, NULL)",
            )?
            .execute([code, NamespaceKind::guess(code).name()])?;
        self.view().forget();
        Ok(NamespaceId(self.view().conn.last_insert_rowid() as u16))
    }

    /// Gives a namespace these settings; its priority is inserted at its place, and the list stays gapless.
    pub fn set_namespace(&self, namespace: &Namespace) -> Result<()> {
        // Every import of a folder declares its namespaces again.
        if self.view().catalog()?.namespace(namespace.id)? == namespace {
            return Ok(());
        }
        // Priorities decide ties, and by which identity a profile is called.
        self.touch_everything();
        let conn = self.view().conn;
        conn.prepare_cached(
            "UPDATE namespace
             SET kind = :kind, is_unique = :is_unique
             WHERE id = :id",
        )?
        .execute(params![
            namespace.kind.name(),
            namespace.unique,
            namespace.id.0
        ])?;
        let mut order: Vec<(u32, NamespaceId)> = self
            .view()
            .catalog()?
            .namespaces()
            .iter()
            .filter(|other| other.id != namespace.id)
            .filter_map(|other| Some((other.priority?, other.id)))
            .collect();
        order.sort_unstable();
        if let Some(place) = namespace.priority {
            let at = (place.max(1) as usize - 1).min(order.len());
            order.insert(at, (place, namespace.id));
        }
        conn.execute("UPDATE namespace SET priority = NULL", [])?;
        for (place, (_, id)) in order.iter().enumerate() {
            conn.prepare_cached("UPDATE namespace SET priority = :place WHERE id = :id")?
                .execute(params![place + 1, id.0])?;
        }
        self.view().forget();
        Ok(())
    }
}

/// Whether something is due that changed settings ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pending {
    /// It is due.
    Yes,
    /// All is as the present settings would make it.
    No,
}
