//! Fragments without the rows of batches that go: versions return, are handed over, or fall together.

use std::collections::{BTreeMap, BTreeSet};

use xxhash_rust::xxh3::xxh3_64;

use super::Undo;
use super::retell::{Fate, Told, recount, retell};
use crate::ingest::load::Result;
use crate::ingest::load::known::record_hash;
use crate::ingest::load::leaves::said;
use crate::model::{BatchId, DatasetId, DatasetKind, IdentityId, ImportId, SourceLine};
use crate::store::HeldVersion;

/// What versions say, import by import.
type Said = BTreeMap<ImportId, BTreeSet<(String, String)>>;

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
        let before = self.said(versions.iter().map(|version| (version.batch, version)))?;
        let kept = self.keep(&versions, &rows, &fates)?;
        let after = self.said(kept.into_iter())?;
        self.note_said(identity, before, &after)
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

    /// Writes the versions as they are now, and gives each with the batch that it belongs to.
    fn keep<'v>(
        &mut self,
        versions: &'v [HeldVersion],
        rows: &[Row],
        fates: &[Fate],
    ) -> Result<Vec<(BatchId, &'v HeldVersion)>> {
        let mut kept = Vec::new();
        let mut left: BTreeSet<usize> = (0..versions.len()).collect();
        for (at, (row, fate)) in rows.iter().zip(fates).enumerate() {
            let Some(version) = versions.get(row.version).filter(|_| fate.is_kept()) else {
                continue;
            };
            left.remove(&row.version);
            if !row.is_version {
                self.writer
                    .hand_over_version(version.key, row.at, &version.body)?;
            }
            let again = rows.iter().zip(fates);
            let touches: Vec<_> = again
                .filter(|(_, fate)| **fate == Fate::Repeats(at))
                .map(|(row, _)| row.at)
                .collect();
            if touches != version.touches {
                self.writer.set_touches(version.key, &touches)?;
            }
            kept.push((row.at.0, version));
        }
        for version in left.into_iter().filter_map(|at| versions.get(at)) {
            self.writer.remove_version(version.key)?;
        }
        Ok(kept)
    }

    fn said<'v>(&self, versions: impl Iterator<Item = (BatchId, &'v HeldVersion)>) -> Result<Said> {
        let catalog = self.view().catalog()?;
        let mut all = Said::new();
        for (batch, version) in versions {
            let import = catalog.batch(batch)?.import;
            if !self.whole.contains(&import) {
                all.entry(import).or_default().extend(said(&version.body));
            }
        }
        Ok(all)
    }

    /// Notes what an identity's fragments say no longer, and what they say under another import now.
    fn note_said(&mut self, identity: IdentityId, before: Said, after: &Said) -> Result<()> {
        let none = BTreeSet::new();
        for (import, now) in after {
            let then = before.get(import).unwrap_or(&none);
            for said in now.difference(then) {
                self.attributes.says(*import, said, identity);
            }
        }
        let lost = before.into_iter().filter_map(|(import, then)| {
            let now = after.get(&import).unwrap_or(&none);
            let lost: Vec<_> = then.difference(now).cloned().collect();
            (!lost.is_empty()).then_some((import, lost))
        });
        let lost: Vec<_> = lost.collect();
        if lost.is_empty() {
            return Ok(());
        }
        // Another dataset of the same import may say it too.
        let mut others: BTreeMap<ImportId, Vec<Vec<u8>>> = BTreeMap::new();
        self.view().each_body(identity, |version| {
            let body = version.body.text().as_bytes().to_vec();
            others.entry(version.import).or_default().push(body);
        })?;
        for (import, lost) in lost {
            let mut still = BTreeSet::new();
            for body in others.remove(&import).unwrap_or_default() {
                still.extend(said(&body));
            }
            for said in lost.iter().filter(|said| !still.contains(*said)) {
                self.attributes.says_no_longer(import, said, identity);
            }
        }
        self.attributes.write_some(self.writer)
    }
}
