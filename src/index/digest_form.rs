//! Digests as bytes: numbers in groups of seven bits, names and paths by their numbers.

use std::sync::Arc;

use super::digest::{Digest, EventsOf, Known};
use super::digest_common::{Common, Legend};
use super::numbers::put;
use crate::merge::{Claim, Claims};
use crate::model::{
    BatchId, Body, Fragment, Identity, ImportId, Moment, Operation, SourceLine, Touch, Version,
};

/// How a claim's value is written; the flag says that the version follows since when it has not changed.
const NOTHING: u8 = 0;
const TEXT: u8 = 1;
const JSON: u8 = 2;
const IS_OLDER: u8 = 4;

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
    pub(super) fn read(bytes: &[u8], common: &Common, legend: Legend<'_>) -> Option<Digest> {
        let mut from = Bytes(bytes);
        let entity = from.count()?;
        let count = from.count()?;
        let identities = (0..count).map(|_| Known::read(&mut from, common));
        let identities: Vec<Known> = identities.collect::<Option<_>>()?;
        let mut digest = Digest {
            entity,
            identities,
            ..Digest::default()
        };
        for _ in 0..from.count()? {
            let dataset = common.name(from.number()?)?;
            let identity = digest.identities.get(from.count()?)?;
            let fragment = Fragment {
                dataset,
                identity: Arc::clone(&identity.identity),
                priority: u32::try_from(from.number()?).ok()?,
                versions: read_versions(&mut from)?,
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
        from.0.is_empty().then_some(digest)
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

    fn read(from: &mut Bytes<'_>, common: &Common) -> Option<Known> {
        let namespace = common.name(from.number()?)?;
        Some(Known {
            identity: Arc::new(Identity {
                namespace: namespace.to_string(),
                value: std::str::from_utf8(from.text()?).ok()?.to_owned(),
            }),
            first_seen: from.moment()?,
            is_primary: from.number()? == 1,
            events: {
                let count = from.count()?;
                let events = (0..count).map(|_| EventsOf::read(from, common));
                events.collect::<Option<_>>()?
            },
        })
    }
}

impl EventsOf {
    fn read(from: &mut Bytes<'_>, common: &Common) -> Option<EventsOf> {
        Some(EventsOf {
            dataset: common.name(from.number()?)?,
            count: from.number()?,
            first: from.moment()?,
            last: from.moment()?,
            kinds: {
                let count = from.count()?;
                let kinds = (0..count).map(|_| common.name(from.number()?));
                kinds.collect::<Option<_>>()?
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

fn read_versions(from: &mut Bytes<'_>) -> Option<Vec<Version>> {
    let body = Body::new("null");
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
            write_text(&other.to_string(), out);
        }
    }
    if older > 0 {
        put(out, claim.changed as u64);
    }
}

/// Adds a claim, where its path is wanted.
fn read_claim(
    from: &mut Bytes<'_>,
    last: usize,
    legend: Legend<'_>,
    all: &mut Vec<Claim>,
) -> Option<()> {
    let path = legend.paths.get(from.count()?)?;
    let form = from.byte()?;
    let text = match form & !IS_OLDER {
        NOTHING => None,
        _ => Some(from.text()?),
    };
    let changed = match form & IS_OLDER {
        0 => last,
        _ => from.count().filter(|changed| *changed < last)?,
    };
    if !legend.wants(path.no) {
        return Some(());
    }
    let value = match text {
        Some(text) if form & TEXT != 0 => Some(std::str::from_utf8(text).ok()?.into()),
        Some(json) => Some(serde_json::from_slice(json).ok()?),
        None => None,
    };
    all.push(Claim {
        path: Arc::clone(path),
        value,
        changed,
    });
    Some(())
}

fn write_text(text: &str, out: &mut Vec<u8>) {
    put(out, text.len() as u64);
    out.extend(text.as_bytes());
}

/// Numbers near zero are short, on either side of it.
fn write_moment(moment: Moment, out: &mut Vec<u8>) {
    put(out, ((moment.0 << 1) ^ (moment.0 >> 63)) as u64);
}

/// What is still to be read.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    fn moment(&mut self) -> Option<Moment> {
        let number = self.number()?;
        Some(Moment((number >> 1) as i64 ^ -((number & 1) as i64)))
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::{ClaimPaths, outlined};

    fn version(body: &str, day: i64) -> Version {
        Version {
            batch: BatchId(1),
            import: ImportId(day as u32),
            line: SourceLine { file: 0, line: 1 },
            ingested_at: Moment(day),
            touches: Vec::new(),
            customer_time: (day % 2 == 0).then_some(Moment(-day)),
            operation: Operation::Merge,
            body: Body::new(body),
            secondary: Vec::new(),
        }
    }

    fn digest(paths: &mut ClaimPaths) -> Digest {
        let identity = Arc::new(Identity {
            namespace: "Email".into(),
            value: "ana\0@example.com".into(),
        });
        let fragment = Fragment {
            dataset: "crm".into(),
            identity: Arc::clone(&identity),
            priority: u32::MAX,
            versions: vec![
                version(r#"{"a":{"b":"Ana","c":1.50},"d":{}}"#, 2),
                version(r#"{"e":1,"gone":true}"#, 3),
                version(
                    r#"{"a":{"b":"\u202e"},"l":[1,null,{"x":"y"}],"gone":null}"#,
                    5,
                ),
            ],
        };
        let (fragment, claims) = outlined(&fragment, paths).expect("it lives");
        Digest {
            entity: 0,
            identities: vec![Known {
                identity,
                first_seen: Moment(i64::MIN),
                is_primary: true,
                events: vec![EventsOf {
                    dataset: "web".into(),
                    count: 300,
                    first: Moment(-1),
                    last: Moment(i64::MAX),
                    kinds: vec!["view".into(), "crm".into()],
                }],
            }],
            fragments: vec![fragment],
            claims: vec![claims],
        }
    }

    #[test]
    fn a_digest_reads_back_as_it_was_written_and_nothing_else_is_one() {
        let (mut paths, mut common, mut bytes) =
            (ClaimPaths::default(), Common::default(), Vec::new());
        let digest = digest(&mut paths);
        digest.write(&mut common, &mut bytes);
        let legend = |wanted| Legend {
            paths: paths.all(),
            wanted,
        };
        let read = Digest::read(&bytes, &common, legend(None)).expect("it is whole");
        assert_eq!(read.identities, digest.identities);
        assert_eq!(read.claims, digest.claims);
        let ranks = |digest: &Digest| -> Vec<_> {
            let versions = digest.fragments.iter().flat_map(|own| &own.versions);
            versions
                .map(|v| (v.ingested_at, v.import, v.customer_time))
                .collect()
        };
        assert_eq!(ranks(&read), ranks(&digest));
        assert_eq!(ranks(&read).len(), 3);
        let wanted = vec![true, false, false, false, false, false];
        let some = Digest::read(&bytes, &common, legend(Some(&wanted))).expect("it is whole");
        let first = digest.claims.iter().map(|claims| claims.all.get(..1));
        let read = some.claims.iter().map(|claims| Some(claims.all.as_slice()));
        assert!(read.eq(first));
        for len in 0..bytes.len() {
            let cut = bytes.get(..len).unwrap_or_default();
            assert_eq!(Digest::read(cut, &common, legend(None)), None, "{len}");
        }
        for at in 0..bytes.len() {
            let mut other = bytes.clone();
            other
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte ^= 0xff);
            let _ = Digest::read(&other, &common, legend(None));
        }
    }
}
