//! Digests as bytes: numbers in groups of seven bits, names and paths by their numbers.

use std::sync::Arc;

use super::digest::{Digest, EventsOf, Known};
use super::digest_bytes::{Cursor, write_moment, write_text};
use super::digest_common::{Common, Legend};
use super::digest_gate::{Gate, Lone, Verdict};
use super::numbers::put;
use crate::merge::{Claim, Claims};
use crate::model::{
    BatchId, Body, Fragment, Identity, ImportId, Operation, SourceLine, Touch, Version,
};

/// How a claim's value is written; the flag says that the version follows since when it has not changed.
pub(super) const NOTHING: u8 = 0;
pub(super) const TEXT: u8 = 1;
const JSON: u8 = 2;
pub(super) const IS_OLDER: u8 = 4;

impl Digest {
    /// Appends the digest in as few bytes as may be.
    pub(super) fn write(&self, common: &mut Common, out: &mut Vec<u8>) {
        put(out, self.entity as u64);
        put(out, self.identities.len() as u64);
        for known in &self.identities {
            known.write(common, out);
        }
        put(out, self.fragments.len() as u64);
        for (fragment, claims) in self.fragments.iter().zip(&self.claims) {
            let is_own = |known: &Known| known.identity == fragment.identity;
            let identity = self.identities.iter().position(is_own).unwrap_or(0);
            put(out, common.number(&fragment.dataset));
            put(out, identity as u64);
            put(out, u64::from(fragment.priority));
            write_versions(&fragment.versions, out);
            put(out, u64::from(claims.has_attributes));
            put(out, claims.all.len() as u64);
            for claim in &claims.all {
                write_claim(claim, fragment.versions.len(), common, out);
            }
        }
    }

    /// The digest that was written so; `None` where the bytes are none.
    pub(super) fn read(bytes: &[u8], legend: Legend<'_>) -> Option<Digest> {
        Digest::read_some(bytes, legend, |_, from| {
            Some(Some(Known::read(from, legend)?))
        })
    }

    /// Of a digest those identities that match or are to be folded; the lone ones are not in the digest.
    pub(super) fn read_through(
        gate: &Gate<'_>,
        bytes: &[u8],
        legend: Legend<'_>,
        lone: &mut Vec<Lone>,
    ) -> Option<Digest> {
        let looks = gate.look(bytes, legend)?;
        Digest::read_some(bytes, legend, |number, from| {
            match gate.verdict(looks.get(number)?) {
                Verdict::Folded => return Some(Some(Known::read(from, legend)?)),
                Verdict::Passed => from.pass_known(|_| ())?,
                Verdict::Lone(dataset, closeness) => lone.push(Lone {
                    known: Known::read(from, legend)?,
                    dataset: legend.name(dataset)?,
                    closeness,
                }),
            }
            Some(None)
        })
    }

    /// Reads those identities, by number, that `known` reads, and their fragments.
    fn read_some<'b>(
        bytes: &'b [u8],
        legend: Legend<'_>,
        mut known: impl FnMut(usize, &mut Cursor<'b>) -> Option<Option<Known>>,
    ) -> Option<Digest> {
        let mut from = Cursor::new(bytes);
        let entity = from.count()?;
        let mut digest = Digest::default();
        // Where each identity stands in the digest.
        let mut places = Vec::new();
        for number in 0..from.count()? {
            let known = known(number, &mut from)?;
            places.push(known.is_some().then_some(digest.identities.len()));
            digest.identities.extend(known);
        }
        digest.entity = places.get(entity).copied()?.unwrap_or(0);
        for _ in 0..from.count()? {
            let dataset = from.number()?;
            let Some(place) = *places.get(from.count()?)? else {
                from.pass_fragment()?;
                continue;
            };
            let identity = Arc::clone(&digest.identities.get(place)?.identity);
            let fragment = Fragment {
                dataset: legend.name(dataset)?,
                identity,
                priority: u32::try_from(from.number()?).ok()?,
                versions: read_versions(&mut from, &legend.copies.body)?,
            };
            let has_attributes = from.number()? == 1;
            let count = from.count()?;
            let last = fragment.versions.len().checked_sub(1)?;
            let mut all = Vec::new();
            for _ in 0..count {
                read_claim(&mut from, last, legend, &mut all)?;
            }
            digest.fragments.push(fragment);
            digest.claims.push(Claims {
                has_attributes,
                all,
            });
        }
        from.is_empty().then_some(digest)
    }
}

impl Known {
    fn write(&self, common: &mut Common, out: &mut Vec<u8>) {
        put(out, common.number(&self.identity.namespace));
        write_text(&self.identity.value, out);
        write_moment(self.first_seen, out);
        put(out, u64::from(self.is_primary));
        put(out, self.events.len() as u64);
        for events in &self.events {
            put(out, common.number(&events.dataset));
            put(out, events.count);
            write_moment(events.first, out);
            write_moment(events.last, out);
            put(out, events.kinds.len() as u64);
            for kind in &events.kinds {
                put(out, common.number(kind));
            }
        }
    }

    fn read(from: &mut Cursor<'_>, legend: Legend<'_>) -> Option<Known> {
        let namespace = legend.name_text(from.number()?)?;
        Some(Known {
            identity: Arc::new(Identity {
                namespace: namespace.to_string(),
                value: std::str::from_utf8(from.text()?).ok()?.to_owned(),
            }),
            first_seen: from.moment()?,
            is_primary: from.number()? == 1,
            events: {
                let count = from.count()?;
                let events = (0..count).map(|_| EventsOf::read(from, legend));
                events.collect::<Option<_>>()?
            },
        })
    }
}

impl EventsOf {
    fn read(from: &mut Cursor<'_>, legend: Legend<'_>) -> Option<EventsOf> {
        Some(EventsOf {
            dataset: legend.name(from.number()?)?,
            count: from.number()?,
            first: from.moment()?,
            last: from.moment()?,
            kinds: {
                let count = from.count()?;
                if legend.wanted.no_kinds {
                    from.pass(count)?;
                    Vec::new()
                } else {
                    let kinds = (0..count).map(|_| legend.name(from.number()?));
                    kinds.collect::<Option<_>>()?
                }
            },
        })
    }
}

/// Moments that a version can lack are written one higher, 0 is none.
fn write_versions(versions: &[Version], out: &mut Vec<u8>) {
    put(out, versions.len() as u64);
    for version in versions {
        write_moment(version.ingested_at, out);
        put(out, u64::from(version.import.0));
        let own = version.customer_time;
        put(out, u64::from(own.is_some()));
        if let Some(time) = own {
            write_moment(time, out);
        }
        put(out, u64::from(!version.touches.is_empty()));
        if let Some(touch) = version.touches.last() {
            write_moment(touch.ingested_at, out);
            put(out, u64::from(touch.import.0));
        }
    }
}

fn read_versions(from: &mut Cursor<'_>, body: &Body) -> Option<Vec<Version>> {
    let nowhere = SourceLine { file: 0, line: 0 };
    let count = from.count()?;
    let versions = (0..count).map(|_| {
        Some(Version {
            batch: BatchId(0),
            line: nowhere,
            operation: Operation::Create,
            body: body.clone(),
            secondary: Vec::new(),
            ingested_at: from.moment()?,
            import: ImportId(u32::try_from(from.number()?).ok()?),
            customer_time: match from.number()? {
                0 => None,
                _ => Some(from.moment()?),
            },
            touches: match from.number()? {
                0 => Vec::new(),
                _ => vec![Touch {
                    batch: BatchId(0),
                    line: nowhere,
                    ingested_at: from.moment()?,
                    import: ImportId(u32::try_from(from.number()?).ok()?),
                }],
            },
        })
    });
    versions.collect()
}

fn write_claim(claim: &Claim, versions: usize, common: &mut Common, out: &mut Vec<u8>) {
    put(out, u64::from(claim.path.no));
    let older = if claim.changed + 1 < versions {
        IS_OLDER
    } else {
        0
    };
    match &claim.value {
        None => out.push(NOTHING | older),
        Some(serde_json::Value::String(text)) => {
            out.push(TEXT | older);
            write_text(text, out);
        }
        Some(other) => {
            common.note(claim.path.no, other);
            out.push(JSON | older);
            write_text(&serde_json::to_string(other).unwrap_or_default(), out);
        }
    }
    if older > 0 {
        put(out, claim.changed as u64);
    }
}

/// Adds a claim, where its path is wanted.
fn read_claim(
    from: &mut Cursor<'_>,
    last: usize,
    legend: Legend<'_>,
    all: &mut Vec<Claim>,
) -> Option<()> {
    let said = from.said()?;
    let changed = match said.changed {
        None => last,
        Some(changed) if changed < last => changed,
        Some(_) => return None,
    };
    if !legend.wants(said.path) {
        return Some(());
    }
    all.push(Claim {
        path: legend.path(said.path)?,
        value: match said.text {
            None => None,
            Some(_) => Some(said.value()?),
        },
        changed,
    });
    Some(())
}

#[cfg(test)]
mod tests;
