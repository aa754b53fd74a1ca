//! The traces that a person leaves in what the store keeps for all: observations, refusals, reasons.

use std::collections::{BTreeSet, HashSet};

use rusqlite::params;

use super::observations::unpack as unpack_observations;
use super::{ObservationLog, Result, RowPlace, StoreError, Writer};
use crate::model::{BatchId, Identity, IdentityId, Refusal, Removal};

/// What stands in a reason where a forgotten value stood.
const FORGOTTEN: &str = "(forgotten)";

/// Another person's row that named somebody who is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MentioningRow {
    /// Where it stood.
    pub place: RowPlace,
    /// Whom else it names.
    pub others: Vec<IdentityId>,
}

impl Writer {
    /// Takes these identities out of all observations, and these rows altogether; gives the rows of others that named one.
    pub fn forget_observations(
        &self,
        gone: &HashSet<IdentityId>,
        rows: &HashSet<RowPlace>,
    ) -> Result<Vec<MentioningRow>> {
        let conn = self.view().conn;
        let mut mentioning = Vec::new();
        let mut statement = conn.prepare("SELECT key, bytes FROM observation ORDER BY key")?;
        let mut stored = statement.query([])?;
        let mut changed = Vec::new();
        while let Some(row) = stored.next()? {
            let key: u64 = row.get(0)?;
            let bytes = zstd::stream::decode_all(row.get_ref(1)?.as_blob().unwrap_or_default())
                .map_err(|error| StoreError::Damaged(format!("observations: {error}")))?;
            let (mut left, mut is_changed) = (Vec::new(), false);
            unpack_observations(key, &bytes, &mut |_| true, &mut |mut observation| {
                let before = observation.identities.len();
                observation.identities.retain(|id| !gone.contains(id));
                let place = (observation.batch, observation.line);
                if before == observation.identities.len() {
                    left.push(observation);
                    return Ok(());
                }
                is_changed = true;
                if !rows.contains(&place) && !observation.identities.is_empty() {
                    mentioning.push(MentioningRow {
                        place,
                        others: observation.identities.clone(),
                    });
                    left.push(observation);
                }
                Ok(())
            })?;
            if is_changed {
                changed.push((key, left));
            }
        }
        drop(stored);
        for (key, left) in changed {
            conn.prepare_cached("DELETE FROM observation WHERE key = :key")?
                .execute([key])?;
            let mut log = ObservationLog::new(BatchId((key >> 32) as u32));
            for kept in left {
                log.add(self, kept.row, kept.line, kept.time, &kept.identities)?;
            }
            log.flush(self)?;
        }
        Ok(mentioning)
    }

    /// Takes out the refusals of these rows, and those that name one of these identities.
    pub fn forget_refusals(
        &self,
        gone: &BTreeSet<Identity>,
        rows: &HashSet<RowPlace>,
    ) -> Result<()> {
        let conn = self.view().conn;
        let mut statement = conn.prepare("SELECT batch, line, n, detail FROM refusal")?;
        let mut stored = statement.query([])?;
        let mut found: Vec<(u32, u64, i64)> = Vec::new();
        while let Some(row) = stored.next()? {
            let (batch, line): (u32, u64) = (row.get(0)?, row.get(1)?);
            let place = (BatchId(batch), crate::model::SourceLine::unpack(line));
            let refusal = serde_json::from_str(row.get_ref(3)?.as_str().unwrap_or_default());
            let names = refusal.is_ok_and(|refusal: Refusal| names_one(&refusal, gone));
            if names || rows.contains(&place) {
                found.push((batch, line, row.get(2)?));
            }
        }
        drop(stored);
        for (batch, line, n) in found {
            conn.prepare_cached("DELETE FROM refusal WHERE batch = ?1 AND line = ?2 AND n = ?3")?
                .execute(params![batch, line, n])?;
        }
        Ok(())
    }

    /// Takes these identities out of the reasons for which links of others were removed.
    pub fn forget_reasons(&self, gone: &BTreeSet<Identity>) -> Result<()> {
        let conn = self.view().conn;
        let mut statement = conn.prepare("SELECT DISTINCT reason FROM link_interval")?;
        let reasons = statement
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<String>>>()?;
        for stored in reasons {
            let Ok(reason) = serde_json::from_str::<Removal>(&stored) else {
                continue;
            };
            let kept = without(reason.clone(), gone);
            if kept != reason {
                let kept = serde_json::to_string(&kept).unwrap_or_default();
                conn.prepare_cached("UPDATE link_interval SET reason = ?2 WHERE reason = ?1")?
                    .execute([stored, kept])?;
            }
        }
        Ok(())
    }
}

fn is_gone(gone: &BTreeSet<Identity>, namespace: &str, value: &str) -> bool {
    gone.iter()
        .any(|one| one.value == value && one.namespace.eq_ignore_ascii_case(namespace))
}

fn without(mut reason: Removal, gone: &BTreeSet<Identity>) -> Removal {
    let hide = |namespace: &str, value: &mut String| {
        if is_gone(gone, namespace, value) {
            FORGOTTEN.clone_into(value);
        }
    };
    match &mut reason {
        Removal::Unique { namespace, a, b } => {
            hide(namespace, a);
            hide(namespace, b);
        }
        Removal::Cap { identity, .. } | Removal::Deleted { identity } => {
            let namespace = identity.namespace.clone();
            hide(&namespace, &mut identity.value);
        }
    }
    reason
}

fn names_one(refusal: &Refusal, gone: &BTreeSet<Identity>) -> bool {
    match refusal {
        Refusal::BlockedValue { identity } => is_gone(gone, &identity.namespace, &identity.value),
        Refusal::MalformedEcid { value } => is_gone(gone, "ECID", value),
        Refusal::TwoValues {
            namespace,
            first,
            second,
        }
        | Refusal::AmbiguousPrimary {
            namespace,
            first,
            second,
        } => is_gone(gone, namespace, first) || is_gone(gone, namespace, second),
        Refusal::TooLong { .. } => false,
    }
}
