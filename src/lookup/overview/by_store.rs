//! The overview without an index: everybody is gone through, and whoever has several fragments is folded.

use std::collections::{BTreeMap, BTreeSet};

use super::tally::Tally;
use crate::lookup::error::Result;
use crate::lookup::profile::profile_of;
use crate::lookup::subject::subject;
use crate::model::{ClusterId, DatasetId, Identity, MergePolicy, Moment, NamespaceId, Stitching};
use crate::store::{Catalog, StoredIdentity, View};

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
pub(super) struct Census {
    profiles: BTreeMap<ClusterId, Profile>,
}

impl Census {
    pub fn take(view: View<'_>, policy: &MergePolicy) -> Result<Census> {
        let catalog = view.catalog()?;
        let mut profiles: BTreeMap<ClusterId, Profile> = BTreeMap::new();
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

    pub fn profiles(&self) -> u64 {
        self.profiles.len() as u64
    }

    /// Counts everybody.
    pub fn tally(&self, view: View<'_>, policy: &MergePolicy) -> Result<Tally> {
        let catalog = &*view.catalog()?;
        let mut tally = Tally::new(catalog);
        let person = tally.suspects.person.as_deref();
        let person = person.and_then(|code| catalog.namespace_of(code));
        let person = person.map(|namespace| namespace.id);
        let has_segments = has_segments(view)?;
        for profile in self.profiles.values() {
            view.go_on()?;
            let Some(example) = &profile.example else {
                continue;
            };
            if profile.fragments > 1 || (profile.fragments == 1 && has_segments) {
                let subject = subject(view, &view.named(example)?, Moment::MAX)?;
                if let Ok(subject) = subject
                    && let Ok(answer) = profile_of(view, &subject, policy)?
                {
                    tally.count(&answer)?;
                }
                continue;
            }
            tally.profiles += 1;
            tally.singles += u64::from(profile.identities == 1);
            tally.add_namespaces(profile.namespaces(catalog)?, 1);
            tally.add_datasets(profile.datasets(catalog)?, 1);
            let persons = person.and_then(|person| profile.namespaces.get(&person));
            let persons = persons.copied().unwrap_or(0);
            let entity = || canonical(view, example, policy);
            tally.suspects.meet(profile.identities, persons, entity)?;
        }
        Ok(tally)
    }
}

impl Profile {
    fn namespaces(&self, catalog: &Catalog) -> Result<Vec<String>> {
        let codes = self.namespaces.keys();
        let codes = codes.map(|id| Ok(catalog.namespace(*id)?.code.clone()));
        codes.collect()
    }

    fn datasets(&self, catalog: &Catalog) -> Result<Vec<String>> {
        let names = self.datasets.iter();
        let names = names.map(|id| Ok(catalog.dataset(*id)?.name.clone()));
        names.collect()
    }
}

/// Whether some record names segments, which alone make no profile.
fn has_segments(view: View<'_>) -> Result<bool> {
    let paths = view.paths()?;
    let mut keys = paths.iter().filter_map(|path| path.keys().first());
    Ok(keys.any(|key| key == "segmentMembership"))
}

/// The identity that names a profile in lists.
fn canonical(view: View<'_>, member: &StoredIdentity, policy: &MergePolicy) -> Result<Identity> {
    let cluster = match policy.stitching {
        Stitching::Pdg => view.cluster(member.cluster)?,
        Stitching::None => None,
    };
    let id = cluster.map_or(member.id, |cluster| cluster.canonical);
    Ok(view.named(&view.identity(id)?)?)
}
