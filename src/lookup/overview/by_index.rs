//! The overview from the index: from its tables under its own policy, from its digests under any other.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;

use super::tally::Tally;
use crate::index::{Digest, DigestReader, Doc, Docs, Index, Number, Segment, Subject};
use crate::lookup::documents::gathered;
use crate::lookup::error::Result;
use crate::lookup::search::digested;
use crate::merge::{self, Claims};
use crate::model::{Fragment, MergePolicy, Path, Stitching};
use crate::store::{Catalog, View};

/// Names of which each profile has some or none, as bits.
const MOST_NAMES: usize = u128::BITS as usize;

/// Counts everybody.
pub(super) fn tally(view: View<'_>, index: &Index, policy: &MergePolicy) -> Result<Tally> {
    let catalog = &*view.catalog()?;
    let names = catalog.namespaces().len().max(catalog.datasets().len());
    let knows_winners = crate::index::same_winners(policy, index.policy());
    let by_tables = knows_winners && policy.stitching == Stitching::Pdg && names <= MOST_NAMES;
    let mut tally = Tally::new(catalog);
    for segment in index.segments() {
        view.go_on()?;
        let counted = if by_tables {
            by_tables_of(segment, catalog)?
        } else {
            by_digests_of(segment, catalog, policy, view.stop())?
        };
        tally.join(counted);
    }
    Ok(tally)
}

/// Which documents have which names.
struct Having {
    names: Vec<String>,
    masks: Vec<u128>,
}

impl Having {
    fn none(segment: &Segment) -> Having {
        Having {
            names: Vec::new(),
            masks: vec![0; segment.len() as usize],
        }
    }

    /// Another name, and the bit that says who has it.
    fn name(&mut self, name: &str) -> u128 {
        let bit = 1 << self.names.len().min(MOST_NAMES - 1);
        self.names.push(name.to_owned());
        bit
    }

    fn note(&mut self, doc: Doc, bit: u128) {
        if let Some(mask) = self.masks.get_mut(doc as usize) {
            *mask |= bit;
        }
    }

    /// How many documents have the same names.
    fn together(&self, docs: &Docs) -> Vec<(Vec<String>, u64)> {
        let mut counts: HashMap<u128, u64> = HashMap::new();
        for doc in docs.iter() {
            let mask = self.masks.get(doc as usize).copied().unwrap_or(0);
            *counts.entry(mask).or_default() += 1;
        }
        let names = |mask: u128| {
            let all = self.names.iter().enumerate();
            let own = all.filter(|(at, _)| mask >> at & 1 == 1);
            own.map(|(_, name)| name.clone()).collect()
        };
        let counts = counts.into_iter();
        counts.map(|(mask, count)| (names(mask), count)).collect()
    }
}

fn by_tables_of(segment: &Segment, catalog: &Catalog) -> Result<Tally> {
    let mut tally = Tally::new(catalog);
    let docs = segment.profiles()?;
    let persons = count_identities(segment, docs, &mut tally)?;
    let mut datasets = Having::none(segment);
    for (_, table) in segment.tables(|subject| *subject == Subject::Dataset)? {
        for at in 0..table.len() {
            let bit = datasets.name(table.value(at).text);
            table.docs(at).for_each(|(doc, _)| datasets.note(doc, bit));
        }
    }
    for (names, profiles) in datasets.together(docs) {
        tally.add_datasets(names, profiles);
    }
    for doc in docs.iter() {
        let identities = segment.number_of(Number::Identities, doc)?;
        tally.profiles += 1;
        tally.singles += u64::from(identities == 1);
        let own = persons.get(doc as usize).copied().unwrap_or(0);
        let entity = || Ok(segment.entity(doc)?);
        tally.suspects.meet(identities, u64::from(own), entity)?;
    }
    count_conflicts(segment, docs, &mut tally)?;
    Ok(tally)
}

/// Counts the paths on which fragments disagree, and notes in whom that is a consent.
fn count_conflicts(segment: &Segment, docs: &Docs, tally: &mut Tally) -> Result<()> {
    for (_, table) in segment.tables(|subject| *subject == Subject::Conflict)? {
        for at in 0..table.len() {
            let keys = serde_json::from_str(table.value(at).text);
            let path = Path(keys.unwrap_or_default());
            if path.keys().first().is_some_and(|key| key == "consents") {
                let disputed = table.docs(at).map(|(doc, _)| doc);
                for doc in disputed.filter(|doc| docs.contains(*doc)) {
                    if !tally.takes_disputed() {
                        break;
                    }
                    tally.add_disputed(segment.entity(doc)?);
                }
            }
            match table.count(at, docs) {
                0 => {}
                profiles => tally.add_conflict(path, profiles),
            }
        }
    }
    Ok(())
}

/// Counts the namespaces of profiles together, and of each document how many identities name a person.
fn count_identities(segment: &Segment, docs: &Docs, tally: &mut Tally) -> Result<Vec<u32>> {
    let mut having = Having::none(segment);
    let mut persons = vec![0_u32; segment.len() as usize];
    let subjects = segment.subjects().filter_map(|(subject, _)| match subject {
        Subject::Namespace(code) => Some(code.clone()),
        _ => None,
    });
    // One table after the other: together they take a lot of room.
    for code in subjects.collect::<Vec<_>>() {
        let is_person = tally.suspects.person.as_ref() == Some(&code);
        let bit = having.name(&code);
        let is_it = |subject: &Subject| matches!(subject, Subject::Namespace(own) if *own == code);
        for (_, table) in segment.tables(is_it)? {
            for (doc, _) in (0..table.len()).flat_map(|at| table.docs(at)) {
                having.note(doc, bit);
                if is_person && let Some(own) = persons.get_mut(doc as usize) {
                    *own += 1;
                }
            }
        }
    }
    for (names, profiles) in having.together(docs) {
        tally.add_namespaces(names, profiles);
    }
    Ok(persons)
}

/// Folds every document from its digest.
fn by_digests_of(
    segment: &Segment,
    catalog: &Catalog,
    policy: &MergePolicy,
    stop: &AtomicBool,
) -> Result<Tally> {
    let begin = |_: &DigestReader<'_>| Tally::new(catalog);
    let parts = gathered(segment, stop, begin, |tally: &mut Tally, digests, doc| {
        let digest = digests.read(doc)?;
        let is_watched = has_unseen_consents(&digest, policy);
        for found in digested(&digest, policy) {
            tally.count(&found.profile)?;
            if is_watched && tally.takes_disputed() {
                tally.add_disputed(found.profile.entity_id);
            }
        }
        Ok(())
    })?;
    let mut tally = Tally::new(catalog);
    for part in parts {
        tally.join(part);
    }
    Ok(tally)
}

/// Whether consents are named beside what a profile is folded from: an opt-out there raises the alarm all the same.
fn has_unseen_consents(digest: &Digest, policy: &MergePolicy) -> bool {
    let names_consents = |claims: &Claims| {
        let mut claims = claims.all.iter();
        claims.any(|claim| claim.path.is_inside("consents"))
    };
    let is_unseen = |fragment: &Fragment| {
        policy.stitching == Stitching::None || !merge::is_seen(&fragment.dataset, policy)
    };
    let mut all = digest.fragments.iter().zip(&digest.claims);
    digest.fragments.len() > 1
        && all.any(|(fragment, claims)| is_unseen(fragment) && names_consents(claims))
}
