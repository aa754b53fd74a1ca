//! What is counted of profiles for the overview.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use super::LOOKED_AT;
use crate::lookup::error::Result;
use crate::lookup::foremost::Foremost;
use crate::model::{Identity, NamespaceKind, Overlap, Path, ProfileAnswer, Suspect};
use crate::store::Catalog;

/// How many overlaps, graphs, paths and suspects are named.
pub(super) const NAMED: usize = 10;

/// A graph of more identities than this deserves a look.
const LARGE: u64 = 20;

/// Names that occur together, in their order.
type Together = HashMap<Vec<String>, u64>;

/// What was counted so far.
#[derive(Default)]
pub(super) struct Tally {
    pub profiles: u64,
    /// Those of one identity.
    pub singles: u64,
    pub suspects: Suspects,
    namespaces: Together,
    datasets: Together,
    conflicts: HashMap<Path, u64>,
    /// Those in which consent is disputed, as many as are looked at.
    disputed: Vec<Identity>,
}

impl Tally {
    /// Nothing yet; suspects are told by what names a person in this store.
    pub fn new(catalog: &Catalog) -> Tally {
        Tally {
            suspects: Suspects {
                person: person(catalog),
                found: Foremost::default(),
            },
            ..Tally::default()
        }
    }

    /// Counts a profile.
    pub fn count(&mut self, profile: &ProfileAnswer) -> Result<()> {
        let codes = profile.identities.iter();
        let mut codes: Vec<String> = codes.map(|identity| identity.namespace.clone()).collect();
        let person = self.suspects.person.as_ref();
        let persons = codes.iter().filter(|code| Some(*code) == person).count();
        let identities = profile.identities.len() as u64;
        self.profiles += 1;
        self.singles += u64::from(identities == 1);
        codes.sort();
        codes.dedup();
        self.add_namespaces(codes, 1);
        let sources = profile.sources.iter().map(ToString::to_string);
        self.add_datasets(sources.collect(), 1);
        let entity = || Ok(profile.entity_id.clone());
        self.suspects.meet(identities, persons as u64, entity)?;
        self.count_conflicts(profile);
        Ok(())
    }

    /// Counts the paths on which the fragments of a profile disagree.
    fn count_conflicts(&mut self, answer: &ProfileAnswer) {
        let mut is_of_consent = !answer.profile.consent_alarms.is_empty();
        for leaf in answer.profile.leaves.iter().filter(|leaf| leaf.conflict) {
            is_of_consent |= leaf
                .path
                .keys()
                .first()
                .is_some_and(|key| key == "consents");
            self.add_conflict(leaf.path.clone(), 1);
        }
        if is_of_consent && self.takes_disputed() {
            self.add_disputed(answer.entity_id.clone());
        }
    }

    /// Adds profiles that have identities of these namespaces.
    pub fn add_namespaces(&mut self, names: Vec<String>, profiles: u64) {
        add_together(&mut self.namespaces, names, profiles);
    }

    /// Adds profiles that are made of these datasets.
    pub fn add_datasets(&mut self, names: Vec<String>, profiles: u64) {
        add_together(&mut self.datasets, names, profiles);
    }

    /// Adds profiles whose fragments disagree at a path.
    pub fn add_conflict(&mut self, path: Path, profiles: u64) {
        *self.conflicts.entry(path).or_default() += profiles;
    }

    /// Whether more profiles with disputed consent are looked at.
    pub fn takes_disputed(&self) -> bool {
        self.disputed.len() < LOOKED_AT
    }

    /// Notes a profile in which consent is disputed.
    pub fn add_disputed(&mut self, entity: Identity) {
        self.disputed.push(entity);
    }

    /// Those in which consent is disputed, each once, in an order that does not depend on how they were found.
    pub fn disputed_consents(&mut self) -> Vec<Identity> {
        self.disputed.sort();
        self.disputed.dedup();
        std::mem::take(&mut self.disputed)
    }

    /// Adds what was counted of others.
    pub fn join(&mut self, other: Tally) {
        self.profiles += other.profiles;
        self.singles += other.singles;
        for (names, profiles) in other.namespaces {
            *self.namespaces.entry(names).or_default() += profiles;
        }
        for (names, profiles) in other.datasets {
            *self.datasets.entry(names).or_default() += profiles;
        }
        for (path, profiles) in other.conflicts {
            self.add_conflict(path, profiles);
        }
        self.suspects.found.join(other.suspects.found);
        self.disputed.extend(other.disputed);
        self.disputed.truncate(LOOKED_AT);
    }

    pub fn by_namespace(&self) -> BTreeMap<String, u64> {
        let mut counts = BTreeMap::new();
        for (names, profiles) in &self.namespaces {
            for name in names {
                *counts.entry(name.clone()).or_default() += profiles;
            }
        }
        counts
    }

    pub fn namespace_overlap(&self) -> Vec<Overlap> {
        overlaps(&self.namespaces)
    }

    pub fn dataset_overlap(&self) -> Vec<Overlap> {
        overlaps(&self.datasets)
    }

    pub fn conflicts(&self) -> Vec<(Path, u64)> {
        most(&self.conflicts)
    }
}

fn add_together(together: &mut Together, mut names: Vec<String>, profiles: u64) {
    names.sort();
    *together.entry(names).or_default() += profiles;
}

fn overlaps(together: &Together) -> Vec<Overlap> {
    let overlap = |(names, profiles)| Overlap { names, profiles };
    most(together).into_iter().map(overlap).collect()
}

/// The most frequent, then the smallest.
fn most<K: Ord + Clone>(counts: &HashMap<K, u64>) -> Vec<(K, u64)> {
    let mut order: Vec<_> = counts.iter().collect();
    order.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let first = order.into_iter().take(NAMED);
    first.map(|(key, count)| (key.clone(), *count)).collect()
}

/// The namespace that names persons: of those across devices the one of the highest priority.
fn person(catalog: &Catalog) -> Option<String> {
    let namespaces = catalog.namespaces().iter();
    let across = namespaces.filter(|namespace| namespace.kind == NamespaceKind::CrossDevice);
    let first = across.min_by_key(|namespace| (catalog.rank(namespace.id), namespace.id));
    first.map(|namespace| namespace.code.clone())
}

/// Graphs that hold several values of what names a person, or very many identities: the largest.
#[derive(Default)]
pub(super) struct Suspects {
    /// The code of the namespace that names persons.
    pub person: Option<String>,
    found: Foremost<(Reverse<u64>, Identity, String), NAMED>,
}

impl Suspects {
    /// Looks at a graph with so many identities, so many of which name a person.
    pub fn meet(
        &mut self,
        identities: u64,
        persons: u64,
        entity: impl FnOnce() -> Result<Identity>,
    ) -> Result<()> {
        let reason = match &self.person {
            Some(code) if persons > 1 => format!("{persons} values of {code} in one graph"),
            _ if identities > LARGE => format!("{identities} identities in one graph"),
            _ => return Ok(()),
        };
        let last = self.found.last();
        if last.is_none_or(|(least, ..)| *least >= Reverse(identities)) {
            self.found.put((Reverse(identities), entity()?, reason));
        }
        Ok(())
    }

    /// The largest first.
    pub fn told(self) -> Vec<Suspect> {
        let found = self.found.into_vec().into_iter();
        let suspect = |(_, entity_id, reason)| Suspect { entity_id, reason };
        found.map(suspect).collect()
    }
}
