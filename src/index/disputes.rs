//! Where the fragments of a cluster say different things, or some policies do not see who says them: elsewhere all policies agree,
//! so that comparing two of them needs to read no more than that.

use super::digest::Digest;
use super::digest_bytes::{Cursor, Said};
use super::digest_common::{Legend, Wanted};
use crate::merge::ClaimPath;

/// What is looked for in digests, in memory that is used again from one to the next.
pub struct Disputes {
    /// What a path is, by number.
    paths: Vec<Kind>,
    /// The names of datasets that every policy sees, by number.
    seen: Vec<bool>,
    /// Whether an array takes the place of another under every policy.
    arrays_replace: bool,
    /// What was said first at each path, by number.
    first: Vec<First>,
    /// The number of the digest in hand.
    digest: u64,
    /// The paths at which something else was said, or not to every policy, by number and as a list.
    disputed: Vec<bool>,
    list: Vec<usize>,
}

/// What is said at a path, as far as that decides whether one claim alone tells what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Plain,
    /// Others lie inside it, or it is of segments.
    Entangled,
}

/// Where a digest says first what it says at a path.
#[derive(Clone, Copy, Default)]
struct First {
    digest: u64,
    from: usize,
    to: usize,
    is_text: bool,
}

/// What policies make of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// All of them the same: a profile, or none.
    Alike(bool),
    /// What differs lies at what is said here.
    Some(Digest),
}

impl Disputes {
    pub(super) fn of(
        legend: Legend<'_>,
        outer: &[bool],
        sees: &dyn Fn(&str) -> bool,
        arrays_replace: bool,
    ) -> Disputes {
        let kind = |(path, is_outer): (&ClaimPath, &bool)| match *is_outer
            || path.is_inside("segmentMembership")
        {
            true => Kind::Entangled,
            false => Kind::Plain,
        };
        let paths = legend.paths.iter().map(|path| &**path);
        let paths: Vec<Kind> = paths.zip(outer).map(kind).collect();
        Disputes {
            seen: legend
                .common
                .names()
                .iter()
                .map(|name| sees(name))
                .collect(),
            arrays_replace,
            first: vec![First::default(); paths.len()],
            digest: 0,
            disputed: vec![false; paths.len()],
            list: Vec::new(),
            paths,
        }
    }

    /// Reads of a digest what decides between policies; `None` where the bytes are none.
    pub(super) fn read(&mut self, bytes: &[u8], legend: Legend<'_>) -> Option<Told> {
        for path in self.list.drain(..) {
            if let Some(own) = self.disputed.get_mut(path) {
                *own = false;
            }
        }
        self.digest += 1;
        let paths = match self.look(bytes)? {
            Look::Alike(is_profile) => return Some(Told::Alike(is_profile)),
            Look::Disputed => Some(self.disputed.as_slice()),
            Look::Vague => None,
        };
        let wanted = Wanted {
            paths,
            no_kinds: true,
        };
        let digest = Digest::read(bytes, Legend { wanted, ..legend })?;
        Some(Told::Some(digest))
    }

    fn look(&mut self, bytes: &[u8]) -> Option<Look> {
        let mut from = Cursor::new(bytes);
        from.count()?;
        let (mut is_profile, mut all_see_all) = (false, true);
        for _ in 0..from.count()? {
            from.pass_known(|dataset| {
                is_profile = true;
                all_see_all &= self.seen.get(dataset) == Some(&true);
            })?;
        }
        for _ in 0..from.count()? {
            let all_see = self.seen.get(from.count()?) == Some(&true);
            all_see_all &= all_see;
            // The number of its identity.
            from.count()?;
            is_profile |= from.pass_versions()?;
            for _ in 0..from.count()? {
                let said = from.said()?;
                if self.hear(&said, bytes)?.is_vague() {
                    return Some(Look::Vague);
                }
                if !all_see {
                    self.dispute(said.path)?;
                }
            }
        }
        Some(if all_see_all && self.list.is_empty() {
            Look::Alike(is_profile)
        } else {
            Look::Disputed
        })
    }

    /// Takes a claim in.
    fn hear(&mut self, said: &Said<'_>, bytes: &[u8]) -> Option<Heard> {
        let Some(text) = said.text else {
            return Some(Heard::Clear);
        };
        let is_clear = match (said.is_text, text) {
            (true, _) => true,
            (false, [b'[', b']'] | [b'{', b'}']) => false,
            (false, [b'[', ..]) => self.arrays_replace,
            (false, _) => true,
        };
        if !is_clear || *self.paths.get(said.path)? == Kind::Entangled {
            return Some(Heard::Vague);
        }
        let (first, is_text) = (self.first.get_mut(said.path)?, said.is_text);
        if first.digest != self.digest {
            let from = bytes.len() - said.behind - text.len();
            *first = First {
                digest: self.digest,
                from,
                to: from + text.len(),
                is_text,
            };
        } else if (first.is_text, bytes.get(first.from..first.to)) != (is_text, Some(text)) {
            self.dispute(said.path)?;
        }
        Some(Heard::Clear)
    }

    fn dispute(&mut self, path: usize) -> Option<()> {
        let disputed = self.disputed.get_mut(path)?;
        if !*disputed {
            *disputed = true;
            self.list.push(path);
        }
        Some(())
    }
}

/// What a claim tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heard {
    /// What is said at its path.
    Clear,
    /// Nothing by itself.
    Vague,
}

impl Heard {
    fn is_vague(self) -> bool {
        self == Heard::Vague
    }
}

/// What the claims of a digest are.
enum Look {
    /// Nobody contradicts another; together they make a profile, or none.
    Alike(bool),
    /// They are not all the same, or not seen by all policies.
    Disputed,
    /// One claim alone does not tell what becomes of it.
    Vague,
}
