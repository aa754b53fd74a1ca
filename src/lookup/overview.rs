//! The overview of a store under a policy: how many, how they overlap, and what deserves a look.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::error::Result;
use super::profile::profile_of;
use super::subject::subject;
use crate::model::{
    ClusterId, DatasetId, Identity, MergePolicy, Moment, NamespaceId, NamespaceKind, Overlap, Path,
    StatsAnswer, Stitching, Suspect,
};
use crate::store::{Catalog, StoredIdentity, Total, View};

/// How many overlaps, graphs, paths and suspects are named.
const NAMED: usize = 10;

/// A graph of more identities than this deserves a look.
const LARGE: u64 = 20;

/// Counts everything under a policy; every profile of several fragments is folded for it.
pub fn stats(view: View<'_>, policy: &MergePolicy) -> Result<StatsAnswer> {
    let census = Census::take(view, policy)?;
    let mut quality = Quality::default();
    for cluster in census.worth_folding() {
        view.go_on()?;
        quality.look_at(view, cluster, policy)?;
    }
    let largest_graphs = view
        .largest_clusters(NAMED as u64)?
        .iter()
        .map(|cluster| {
            let identity = view.identity(cluster.canonical)?;
            Ok((view.named(&identity)?, cluster.identities))
        })
        .collect::<Result<_>>()?;
    let mut suspects = census.suspects(view)?;
    suspects.extend(quality.suspects);
    suspects.truncate(NAMED);
    Ok(StatsAnswer {
        profiles: census.profiles.len() as u64,
        identities: view.total(Total::Identities)?,
        links: view.total(Total::Links)?,
        fragments: view.total(Total::Fragments)?,
        events: view.total(Total::Events)?,
        datasets: view.dataset_totals()?,
        profiles_by_namespace: census.by_namespace(&*view.catalog()?)?,
        namespace_overlap: census.namespace_overlap(&*view.catalog()?)?,
        dataset_overlap: census.dataset_overlap(&*view.catalog()?)?,
        single_identity_profiles: census
            .profiles
            .values()
            .filter(|p| p.identities == 1)
            .count() as u64,
        largest_graphs,
        conflicts: most(quality.conflicts),
        suspects,
        resolve_pending: view.resolve_pending()?,
    })
}

/// How many profiles a policy makes.
pub fn profile_count(view: View<'_>, policy: &MergePolicy) -> Result<u64> {
    if policy.stitching == Stitching::Pdg && policy.order.is_empty() {
        return Ok(view.cluster_count()?);
    }
    Ok(Census::take(view, policy)?.profiles.len() as u64)
}

/// A profile as a census knows it: by its cluster, or by its only identity where the policy does not stitch.
#[derive(Default)]
struct Profile {
    example: Option<StoredIdentity>,
    identities: u64,
    fragments: u64,
    namespaces: BTreeMap<NamespaceId, u64>,
    datasets: BTreeSet<DatasetId>,
}

/// Every profile that a policy makes.
struct Census {
    profiles: HashMap<ClusterId, Profile>,
}

impl Census {
    fn take(view: View<'_>, policy: &MergePolicy) -> Result<Census> {
        let catalog = view.catalog()?;
        let mut profiles: HashMap<ClusterId, Profile> = HashMap::new();
        view.each_identity(|identity| {
            view.go_on()?;
            let key = match policy.stitching {
                Stitching::Pdg => identity.cluster,
                Stitching::None => ClusterId(identity.id.0),
            };
            let profile = profiles.entry(key).or_default();
            profile.identities += 1;
            profile.fragments += identity.fragments;
            *profile.namespaces.entry(identity.namespace).or_default() += 1;
            for dataset in catalog.source_set(identity.source_set) {
                if policy.sees(&catalog.dataset(*dataset)?.name) {
                    profile.datasets.insert(*dataset);
                }
            }
            profile.example.get_or_insert(identity);
            Ok(())
        })?;
        profiles.retain(|_, profile| !profile.datasets.is_empty());
        Ok(Census { profiles })
    }

    fn worth_folding(&self) -> impl Iterator<Item = &StoredIdentity> {
        self.profiles
            .values()
            .filter(|profile| profile.fragments > 1)
            .filter_map(|profile| profile.example.as_ref())
    }

    fn by_namespace(&self, catalog: &Catalog) -> Result<BTreeMap<String, u64>> {
        let mut counts = BTreeMap::new();
        for profile in self.profiles.values() {
            for namespace in profile.namespaces.keys() {
                let code = catalog.namespace(*namespace)?.code.clone();
                *counts.entry(code).or_default() += 1;
            }
        }
        Ok(counts)
    }

    fn namespace_overlap(&self, catalog: &Catalog) -> Result<Vec<Overlap>> {
        overlaps(self.profiles.values().map(|profile| {
            profile
                .namespaces
                .keys()
                .map(|id| Ok(catalog.namespace(*id)?.code.clone()))
                .collect()
        }))
    }

    fn dataset_overlap(&self, catalog: &Catalog) -> Result<Vec<Overlap>> {
        overlaps(self.profiles.values().map(|profile| {
            profile
                .datasets
                .iter()
                .map(|id| Ok(catalog.dataset(*id)?.name.clone()))
                .collect()
        }))
    }

    /// Graphs that hold several values of what names a person, or very many identities.
    fn suspects(&self, view: View<'_>) -> Result<Vec<Suspect>> {
        let catalog = view.catalog()?;
        let person = catalog
            .namespaces()
            .iter()
            .filter(|namespace| namespace.kind == NamespaceKind::CrossDevice)
            .min_by_key(|namespace| (catalog.rank(namespace.id), namespace.id));
        let mut found = Vec::new();
        for profile in self.profiles.values() {
            let persons = person
                .and_then(|namespace| profile.namespaces.get(&namespace.id))
                .copied()
                .unwrap_or(0);
            let reason = match person {
                Some(namespace) if persons > 1 => {
                    format!("{persons} values of {} in one graph", namespace.code)
                }
                _ if profile.identities > LARGE => {
                    format!("{} identities in one graph", profile.identities)
                }
                _ => continue,
            };
            if let Some(example) = &profile.example {
                found.push((profile.identities, canonical(view, example)?, reason));
            }
        }
        found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        Ok(found
            .into_iter()
            .take(NAMED)
            .map(|(_, entity_id, reason)| Suspect { entity_id, reason })
            .collect())
    }
}

/// The identity that names a cluster in lists.
fn canonical(view: View<'_>, member: &StoredIdentity) -> Result<Identity> {
    let id = view
        .cluster(member.cluster)?
        .map_or(member.id, |cluster| cluster.canonical);
    Ok(view.named(&view.identity(id)?)?)
}

/// What only folding shows.
#[derive(Default)]
struct Quality {
    conflicts: HashMap<Path, u64>,
    suspects: Vec<Suspect>,
}

impl Quality {
    fn look_at(
        &mut self,
        view: View<'_>,
        identity: &StoredIdentity,
        policy: &MergePolicy,
    ) -> Result<()> {
        let Ok(subject) = subject(view, &view.named(identity)?, Moment::MAX)? else {
            return Ok(());
        };
        let Ok(answer) = profile_of(view, &subject, policy)? else {
            return Ok(());
        };
        for leaf in answer.profile.leaves.iter().filter(|leaf| leaf.conflict) {
            *self.conflicts.entry(leaf.path.clone()).or_default() += 1;
        }
        if let Some(alarm) = answer.profile.consent_alarms.first()
            && self.suspects.len() < NAMED
        {
            self.suspects.push(Suspect {
                entity_id: answer.entity_id,
                reason: format!(
                    "a newer opt-out in {} lost at {}",
                    alarm.dataset, alarm.path
                ),
            });
        }
        Ok(())
    }
}

fn overlaps(sets: impl Iterator<Item = Result<Vec<String>>>) -> Result<Vec<Overlap>> {
    let mut counts: HashMap<Vec<String>, u64> = HashMap::new();
    for names in sets {
        let mut names = names?;
        names.sort();
        *counts.entry(names).or_default() += 1;
    }
    Ok(most(counts)
        .into_iter()
        .map(|(names, profiles)| Overlap { names, profiles })
        .collect())
}

/// The most frequent, then the smallest.
fn most<K: Ord>(counts: HashMap<K, u64>) -> Vec<(K, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(NAMED);
    counts
}
