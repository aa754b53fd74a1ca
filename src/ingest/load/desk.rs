//! Where packed versions and events are taken, and written in their order.

use std::io;

use super::Result;
use super::backlog::Backlog;
use super::lanes::Taker;
use super::plot::Plot;
use super::report::Report;
use super::rows::VersionRow;
use super::sort::Key;
use super::write::{PackedEvents, PackedVersions};
use crate::model::IdentityId;
use crate::store::{BlockInsert, NewVersion, PlacedBlock, VersionInsert, VersionKey};

/// Takes what is packed; while there is nothing to take it works off the backlog.
pub(super) struct Desk<'d, 'w, 'r> {
    plot: &'d mut Plot<'w>,
    backlog: &'d mut Backlog<'w>,
    report: &'d mut Report<'r>,
    versions: VersionInsert<'w>,
    blocks: BlockInsert<'w>,
    place: Place,
}

/// The identity whose rows are being written, and the number of its next row in the store.
#[derive(Default)]
struct Place {
    identity: u32,
    n: u32,
}

impl<'d, 'w, 'r> Desk<'d, 'w, 'r> {
    pub(super) fn new(
        plot: &'d mut Plot<'w>,
        backlog: &'d mut Backlog<'w>,
        report: &'d mut Report<'r>,
    ) -> Result<Desk<'d, 'w, 'r>> {
        let writer = plot.writer;
        Ok(Desk {
            plot,
            backlog,
            report,
            versions: writer.version_insert()?,
            blocks: writer.block_insert()?,
            place: Place::default(),
        })
    }

    fn pass_time(&mut self) -> Result<bool> {
        match self.backlog.step()? {
            Some(rows) => self.report.more(rows).map(|()| true),
            None => Ok(false),
        }
    }
}

impl Taker<io::Result<PackedVersions>> for Desk<'_, '_, '_> {
    fn take(&mut self, packed: io::Result<PackedVersions>) -> Result<()> {
        let packed = packed?;
        for (part, path) in &packed.paths {
            if let Some(batch) = self.plot.batches.get(*part as usize) {
                self.plot.writer.note_path(batch.id, path)?;
            }
        }
        self.put_versions(&packed)?;
        self.report.more(packed.places.len() as u64)
    }

    fn pass_time(&mut self) -> Result<bool> {
        Desk::pass_time(self)
    }
}

impl Taker<Result<PackedEvents>> for Desk<'_, '_, '_> {
    fn take(&mut self, packed: Result<PackedEvents>) -> Result<()> {
        let packed = packed?;
        self.put_events(&packed)?;
        self.report.more(packed.events)
    }

    fn pass_time(&mut self) -> Result<bool> {
        Desk::pass_time(self)
    }
}

impl Desk<'_, '_, '_> {
    fn put_versions(&mut self, packed: &PackedVersions) -> Result<()> {
        let rows = packed.bundle.rows();
        let rows: Vec<_> = rows
            .map(|(_, row)| Ok(VersionRow::read(row)?.head))
            .collect::<io::Result<_>>()?;
        let mut versions = Vec::with_capacity(rows.len());
        let mut stored = Vec::with_capacity(rows.len());
        for (((key, next), version), at) in packed.bundle.keys().zip(&rows).zip(&packed.places) {
            let identity = IdentityId(key.group);
            if key.group != self.place.identity {
                self.place = Place {
                    identity: key.group,
                    n: self.plot.first_free_version(identity)?,
                };
            }
            let Some(batch) = self.plot.batches.get(key.part as usize) else {
                continue;
            };
            versions.push(NewVersion {
                identity,
                n: self.place.n,
                dataset: batch.dataset,
                batch: batch.id,
                line: version.line,
                operation: version.operation,
                customer_time: version.customer_time,
                secondary: &version.secondary,
                body: packed.bodies.get(at.clone()).unwrap_or_default(),
            });
            stored.push((key, next, VersionKey::new(identity, self.place.n)));
            self.place.n += 1;
        }
        self.versions.put(&versions)?;
        for (key, next, stored) in stored {
            for (batch, line) in self.plot.repeated.remove(&key.n).unwrap_or_default() {
                self.plot.writer.touch_version(stored, batch, line)?;
            }
            self.drop_older(key, next)?;
        }
        Ok(())
    }

    /// Where a dataset keeps the newest version alone, the others go once the last of this import is in.
    fn drop_older(&self, written: Key, next: Option<Key>) -> Result<()> {
        let Some(batch) = self.plot.batches.get(written.part as usize) else {
            return Ok(());
        };
        let is_last =
            next.is_none_or(|next| (next.group, next.part) != (written.group, written.part));
        if is_last && !batch.keeps_versions {
            let writer = self.plot.writer;
            writer.remove_older_versions(IdentityId(written.group), batch.dataset)?;
        }
        Ok(())
    }

    fn put_events(&mut self, packed: &PackedEvents) -> Result<()> {
        let mut blocks = Vec::with_capacity(packed.blocks.len());
        for (key, block) in &packed.blocks {
            let identity = IdentityId(key.group);
            if key.group != self.place.identity {
                self.place = Place {
                    identity: key.group,
                    n: self.plot.first_free_block(identity)?,
                };
            }
            let Some(batch) = self.plot.batches.get(key.part as usize) else {
                continue;
            };
            blocks.push(PlacedBlock {
                identity,
                n: self.place.n,
                into: (batch.dataset, batch.id),
                block,
            });
            self.place.n += 1;
        }
        Ok(self.blocks.put(&blocks)?)
    }
}
