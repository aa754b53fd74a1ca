//! Fragments without the rows of batches that go: versions return, are handed over, or fall together.

use std::collections::BTreeSet;

use xxhash_rust::xxh3::xxh3_64;

use super::Undo;
use super::retell::{Fate, Told, recount, retell};
use crate::ingest::load::Result;
use crate::ingest::load::known::record_hash;
use crate::model::{BatchId, DatasetId, DatasetKind, IdentityId, SourceLine};
use crate::store::HeldVersion;

/// A row of a fragment's history: the version that it brought or repeated, and where it stood.
struct Row {
    version: usize,
    is_version: bool,
    at: (BatchId, SourceLine),
}

impl Undo<'_> {
    /// Tells the history of a fragment again.
    pub(super) fn fragment(&mut self, identity: IdentityId, dataset: DatasetId) -> Result<()> {
        let versions = self.view().held_versions(identity, dataset)?;
        let is_concerned = versions.iter().any(|version| {
            let touches = version.touches.iter().map(|(batch, _)| batch);
            touches
                .chain([&version.batch])
                .any(|batch| self.gone.contains(batch))
        });
        if !is_concerned {
            return Ok(());
        }
        let rows = self.rows(&versions)?;
        let told: Vec<Told> = rows
            .iter()
            .filter_map(|row| {
                let version = versions.get(row.version)?;
                Some(Told {
                    batch: row.at.0,
                    hash: record_hash(version.operation, xxh3_64(&version.body)),
                    is_kept: row.is_version,
                })
            })
            .collect();
        let fates = retell(&told, &self.gone);
        recount(
            &told,
            &fates,
            |change| &mut change.fragments,
            &mut self.counts,
        );
        self.note_rows(DatasetKind::Record, &told, &fates);
        self.keep(&versions, &rows, &fates)
    }

    /// The rows of a fragment in order of arrival; those that were deleted before say nothing any more.
    fn rows(&self, versions: &[HeldVersion]) -> Result<Vec<Row>> {
        let catalog = self.view().catalog()?;
        let mut rows = Vec::new();
        for (at, version) in versions.iter().enumerate() {
            let own = [(version.batch, version.line)];
            for (n, place) in own.iter().chain(&version.touches).enumerate() {
                if catalog.batch(place.0).is_ok() {
                    rows.push(Row {
                        version: at,
                        is_version: n == 0,
                        at: *place,
                    });
                }
            }
        }
        rows.sort_by_key(|row| row.at);
        Ok(rows)
    }

    /// Writes the versions as they are now.
    fn keep(&mut self, versions: &[HeldVersion], rows: &[Row], fates: &[Fate]) -> Result<()> {
        let mut left: BTreeSet<usize> = (0..versions.len()).collect();
        for (at, (row, fate)) in rows.iter().zip(fates).enumerate() {
            let Some(version) = versions.get(row.version).filter(|_| fate.is_kept()) else {
                continue;
            };
            left.remove(&row.version);
            if !row.is_version {
                self.hand_over(version, row.at)?;
            }
            let again = rows.iter().zip(fates);
            let touches: Vec<_> = again
                .filter(|(_, fate)| **fate == Fate::Repeats(at))
                .map(|(row, _)| row.at)
                .collect();
            if touches != version.touches {
                self.writer.set_touches(version.key, &touches)?;
            }
        }
        for version in left.into_iter().filter_map(|at| versions.get(at)) {
            self.writer.remove_version(version.key)?;
        }
        Ok(())
    }

    /// A version belongs to the row that had repeated it.
    fn hand_over(&mut self, version: &HeldVersion, at: (BatchId, SourceLine)) -> Result<()> {
        self.writer
            .hand_over_version(version.key, at, &version.body)?;
        let body = std::str::from_utf8(&version.body).unwrap_or_default();
        self.paths.add(at.0.0, body);
        for (batch, path) in self.paths.take_new() {
            self.writer.note_path(BatchId(batch), &path)?;
        }
        Ok(())
    }
}
