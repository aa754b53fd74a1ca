//! Where the fragments of a cluster say different things, or some policies do not see who says them: elsewhere all policies agree,
//! so that comparing two of them needs to read no more than that.

use super::digest::Digest;
use super::digest_bytes::{Cursor, Said};
use super::digest_common::{Legend, Wanted};

/// What is looked for in digests, in memory that is used again from one to the next.
pub struct Disputes {
    /// Whether others lie inside a path, or it is of segments, by number: a claim there tells nothing by itself.
    entangled: Vec<bool>,
    /// The names of datasets that every policy sees, by number.
    seen: Vec<bool>,
    /// Whether every policy joins arrays in the same way.
    arrays_alike: bool,
    /// What was said first at each path, by number.
    first: Vec<First>,
    /// The number of the digest in hand.
    digest: u64,
    /// The paths at which something else was said, or not to every policy, by number and as a list.
    disputed: Vec<bool>,
    list: Vec<usize>,
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
    /// Where they can differ, all that fragments say is here.
    Differing(Digest),
}

impl Disputes {
    pub(super) fn of(
        legend: Legend<'_>,
        outer: &[bool],
        sees: &dyn Fn(&str) -> bool,
        arrays_alike: bool,
    ) -> Disputes {
        let paths = legend.paths.iter().zip(outer);
        let entangled: Vec<bool> = paths
            .map(|(path, is_outer)| *is_outer || path.is_inside("segmentMembership"))
            .collect();
        Disputes {
            seen: legend
                .common
                .names()
                .iter()
                .map(|name| sees(name))
                .collect(),
            arrays_alike,
            first: vec![First::default(); entangled.len()],
            digest: 0,
            disputed: vec![false; entangled.len()],
            list: Vec::new(),
            entangled,
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
        Some(Told::Differing(digest))
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
                if !self.hear(&said, bytes)? {
                    return Some(Look::Vague);
                }
                if !all_see {
                    self.dispute(said.path)?;
                }
            }
        }
        from.is_empty()
            .then_some(if all_see_all && self.list.is_empty() {
                Look::Alike(is_profile)
            } else {
                Look::Disputed
            })
    }

    /// Takes a claim in; false where it tells nothing by itself.
    fn hear(&mut self, said: &Said<'_>, bytes: &[u8]) -> Option<bool> {
        let Some(text) = said.text else {
            return Some(true);
        };
        let is_clear = said.is_text
            || match text {
                [b'[', b']'] | [b'{', b'}'] => false,
                [b'[', ..] => self.arrays_alike,
                _ => true,
            };
        if !is_clear || *self.entangled.get(said.path)? {
            return Some(false);
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
        Some(true)
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

/// What the claims of a digest are.
enum Look {
    /// Nobody contradicts another; together they make a profile, or none.
    Alike(bool),
    /// They are not all the same, or not seen by all policies.
    Disputed,
    /// One claim alone does not tell what becomes of it.
    Vague,
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::index::Known;
    use crate::index::digest_common::{Common, Copies};
    use crate::merge::{ClaimPaths, outlined};
    use crate::model::{
        BatchId, Body, Fragment, Identity, ImportId, Moment, Operation, SourceLine, Version,
    };

    fn version(body: &str) -> Version {
        Version {
            batch: BatchId(1),
            import: ImportId(1),
            line: SourceLine { file: 0, line: 1 },
            ingested_at: Moment(1),
            touches: Vec::new(),
            customer_time: None,
            operation: Operation::Create,
            body: Body::new(body),
            secondary: Vec::new(),
        }
    }

    /// What is told where one says this in the CRM and that in the shop, to policies that see these datasets: the paths that
    /// are read, or whether all make a profile.
    fn told(said: [&str; 2], sees: &[&str], arrays_alike: bool) -> Result<Vec<String>, bool> {
        let identity = Arc::new(Identity::new("Email", "ana@example.com"));
        let mut paths = ClaimPaths::default();
        let mut digest = Digest {
            identities: vec![Known {
                identity: Arc::clone(&identity),
                first_seen: Moment(1),
                is_primary: true,
                events: Vec::new(),
            }],
            ..Digest::default()
        };
        for (dataset, body) in ["crm", "shop"].into_iter().zip(said) {
            let fragment = Fragment {
                dataset: dataset.into(),
                identity: Arc::clone(&identity),
                priority: 1,
                versions: vec![version(body)],
            };
            let (fragment, claims) = outlined(&fragment, &mut paths).expect("it lives");
            digest.fragments.push(fragment);
            digest.claims.push(claims);
        }
        let (mut common, mut bytes) = (Common::default(), Vec::new());
        digest.write(&mut common, &mut bytes);
        let copies = Copies::of(&common, paths.all());
        let legend = Legend {
            common: &common,
            paths: paths.all(),
            copies: &copies,
            wanted: Wanted::default(),
        };
        let outer: Vec<bool> = paths.all().iter().map(|path| path.keys == ["a"]).collect();
        let sees = |dataset: &str| sees.contains(&dataset);
        let mut disputes = Disputes::of(legend, &outer, &sees, arrays_alike);
        // What was found out about one digest is forgotten for the next.
        let first = disputes.read(&bytes, legend);
        assert_eq!(disputes.read(&bytes, legend), first);
        assert_eq!(disputes.read(&bytes[..bytes.len() - 1], legend), None);
        match first.expect("it is whole") {
            Told::Alike(is_profile) => Err(is_profile),
            Told::Differing(digest) => {
                let claims = digest.claims.iter().flat_map(|own| &own.all);
                Ok(claims.map(|claim| claim.path.keys.join(".")).collect())
            }
        }
    }

    #[test]
    fn no_more_is_read_than_what_can_differ() {
        let both = ["crm", "shop"];
        let check = |said: [&str; 2], expected: Result<&[&str], bool>| {
            let expected = expected.map(|paths| paths.iter().map(ToString::to_string).collect());
            assert_eq!(told(said, &both, true), expected, "{said:?}");
        };
        let one = r#"{"x":"1","y":{"z":true},"l":[1]}"#;
        check([one, one], Err(true));
        check([one, r#"{"w":null}"#], Err(true));
        check([r#"{"x":null}"#, "{}"], Err(true));
        check([one, r#"{"x":1,"l":[1]}"#], Ok(&["x", "x"]));
        check([one, r#"{"y":{"z":false}}"#], Ok(&["y.z", "y.z"]));
        // Where one claim alone tells nothing, all are read.
        check([r#"{"x":"1","e":[]}"#, "{}"], Ok(&["x", "e"]));
        check([r#"{"a":"1","x":"1"}"#, "{}"], Ok(&["a", "x"]));
        let segment = r#"{"segmentMembership":{"ups":{"s":{"status":"realized"}}},"x":1}"#;
        check([segment, "{}"], Ok(&["segmentMembership.ups.s", "x"]));
        assert_eq!(told([one, one], &both, false).map(|all| all.len()), Ok(6));
    }

    #[test]
    fn what_some_policy_does_not_see_is_read() {
        let said = [r#"{"x":1,"y":1}"#, r#"{"y":1,"z":1}"#];
        let read = |paths: &[&str]| Ok(paths.iter().map(ToString::to_string).collect());
        assert_eq!(told(said, &["crm", "shop"], true), Err(true));
        assert_eq!(told(said, &["crm"], true), read(&["y", "y", "z"]));
        assert_eq!(told(said, &[], true), read(&["x", "y", "y", "z"]));
        assert_eq!(told([said[0], "{}"], &["crm"], true), read(&[]));
    }
}
