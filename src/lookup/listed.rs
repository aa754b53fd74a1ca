//! Clusters as lists show them: folded from the index where there is one, else from the store.

use std::collections::HashMap;

use super::error::Result;
use super::indexing::trusted;
use super::search::{digested, hit, listed_profiles_of};
use crate::index::{Index, Wanted};
use crate::model::{ClusterId, Hit, MergePolicy};
use crate::store::View;

/// The profiles that a policy makes of clusters, cluster by cluster.
pub(super) fn listed(
    view: View<'_>,
    index: Option<&Index>,
    clusters: &[ClusterId],
    policy: &MergePolicy,
) -> Result<Vec<Vec<Hit>>> {
    let mut known = match index {
        Some(index) => trusted(view, indexed(index, clusters, policy))?.unwrap_or_default(),
        None => HashMap::new(),
    };
    let hits = clusters.iter().map(|cluster| match known.remove(cluster) {
        Some(hits) => Ok(hits),
        None => {
            let profiles = listed_profiles_of(view, *cluster, policy)?;
            Ok(profiles.iter().map(|one| hit(one, Vec::new())).collect())
        }
    });
    hits.collect()
}

fn indexed(
    index: &Index,
    clusters: &[ClusterId],
    policy: &MergePolicy,
) -> Result<HashMap<ClusterId, Vec<Hit>>> {
    let mut known = HashMap::new();
    for segment in index.segments() {
        let mut docs = segment.documents(clusters)?;
        if docs.is_empty() {
            continue;
        }
        let mut digests = segment.digests()?;
        digests.only(Wanted {
            no_kinds: true,
            ..Wanted::default()
        });
        docs.sort_by_cached_key(|(_, doc)| digests.place(*doc));
        for (cluster, doc) in docs {
            let profiles = digested(&digests.read(doc)?, policy);
            let hits = profiles.iter().map(|own| hit(&own.profile, Vec::new()));
            known.insert(cluster, hits.collect());
        }
    }
    Ok(known)
}
