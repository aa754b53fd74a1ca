//! The identity graph of an identity, with its removed links and where each link comes from.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::error::Result;
use super::subject::{Subject, held_at, subject};
use crate::identity;
use crate::model::{
    Found, GraphAnswer, GraphIdentity, GraphLink, Identity, IdentityId, LinkEnd, LinkSource, Moment,
};
use crate::store::{StoredIdentity, StoredLink, View};

/// The graph as it stands, removed links included.
pub fn graph(view: View<'_>, identity: &Identity) -> Result<Found<GraphAnswer>> {
    graph_at(view, identity, Moment::MAX)
}

/// The graph as it stood at a moment of ingestion.
pub fn graph_at(view: View<'_>, identity: &Identity, as_of: Moment) -> Result<Found<GraphAnswer>> {
    let subject = match subject(view, identity, as_of)? {
        Ok(subject) => subject,
        Err(miss) => return Ok(Err(miss)),
    };
    let mut links = links_of_members(view, &subject)?;
    mark_bridges(&mut links);
    let identities = identities(view, &subject, &links)?;
    Ok(Ok(GraphAnswer {
        identity: subject.requested,
        identities,
        links: links.into_iter().map(|(_, link)| link).collect(),
    }))
}

/// The links of all members, kept ones first, each sorted by its two identities.
fn links_of_members(view: View<'_>, subject: &Subject) -> Result<Vec<(StoredLink, GraphLink)>> {
    let mut seen = HashSet::new();
    let mut links = Vec::new();
    for member in &subject.members {
        for link in view.links_of(member.id)? {
            if seen.insert((link.a, link.b))
                && let Some(described) = describe_at(view, subject, &link)?
            {
                links.push((link, described));
            }
        }
    }
    links.sort_by_cached_key(|(_, link)| {
        (
            link.removed.is_some(),
            link.a.to_string(),
            link.b.to_string(),
        )
    });
    Ok(links)
}

/// The link as of the subject's moment; `None` where no record had shown it yet.
fn describe_at(view: View<'_>, subject: &Subject, link: &StoredLink) -> Result<Option<GraphLink>> {
    let first = view.catalog()?.batch(link.first.batch)?.ingested_at;
    if first > subject.as_of {
        return Ok(None);
    }
    let mut described = describe(view, link, &subject.names)?;
    if held_at(view, link, subject.as_of)? {
        described.removed = None;
    } else if described.removed.is_none() {
        return Ok(None);
    }
    described
        .sources
        .retain(|source| source.at <= subject.as_of);
    Ok(Some(described))
}

/// A link with its provenance and, where it is removed, the reason.
pub(super) fn describe(
    view: View<'_>,
    link: &StoredLink,
    names: &HashMap<IdentityId, Arc<Identity>>,
) -> Result<GraphLink> {
    let catalog = view.catalog()?;
    let name = |id: IdentityId| -> Result<Identity> {
        match names.get(&id) {
            Some(name) => Ok(Identity::clone(name)),
            None => Ok(view.named(&view.identity(id)?)?),
        }
    };
    let (one, other) = (name(link.a)?, name(link.b)?);
    let (a, b) = if one.to_string() <= other.to_string() {
        (one, other)
    } else {
        (other, one)
    };
    let sources = sources(view, link)?;
    let last = catalog.batch(link.last.batch)?.ingested_at;
    Ok(GraphLink {
        a,
        b,
        removed: end(view, link)?,
        first_established: catalog.batch(link.first.batch)?.ingested_at,
        last_updated: last,
        seen: link.seen,
        is_bridge: false,
        sources,
    })
}

fn sources(view: View<'_>, link: &StoredLink) -> Result<Vec<LinkSource>> {
    let catalog = view.catalog()?;
    view.link_rows(link)?
        .iter()
        .map(|rows| {
            let batch = catalog.batch(rows.batch)?;
            Ok(LinkSource {
                dataset: catalog.dataset(batch.dataset)?.name.clone(),
                batch: rows.batch.0,
                file: batch.file(rows.first_line).to_owned(),
                line: rows.first_line.line,
                last_line: rows.last_line.line,
                seen: rows.seen,
                at: batch.ingested_at,
            })
        })
        .collect()
}

/// How the link's last interval ended; `None` for one that holds.
fn end(view: View<'_>, link: &StoredLink) -> Result<Option<LinkEnd>> {
    if link.is_kept {
        return Ok(None);
    }
    let Some(last) = view.intervals(link.a, link.b)?.pop() else {
        return Ok(None);
    };
    let catalog = view.catalog()?;
    let batch = catalog.batch(last.until.batch)?;
    Ok(Some(LinkEnd {
        reason: last.reason,
        at: batch.ingested_at,
        by: Some((
            catalog.dataset(batch.dataset)?.name.clone(),
            batch.id.0,
            last.until_line.line,
        )),
    }))
}

fn mark_bridges(links: &mut [(StoredLink, GraphLink)]) {
    let kept: Vec<_> = links
        .iter()
        .filter(|(_, link)| link.removed.is_none())
        .map(|(stored, _)| (stored.a, stored.b))
        .collect();
    let bridges: HashSet<_> = identity::bridges(&kept).into_iter().collect();
    for (stored, link) in links {
        link.is_bridge = bridges.contains(&(stored.a, stored.b));
    }
}

fn identities(
    view: View<'_>,
    subject: &Subject,
    links: &[(StoredLink, GraphLink)],
) -> Result<Vec<GraphIdentity>> {
    let mut naming: HashMap<IdentityId, BTreeSet<String>> = HashMap::new();
    for (stored, link) in links {
        for end in [stored.a, stored.b] {
            let datasets = link.sources.iter().map(|source| source.dataset.clone());
            naming.entry(end).or_default().extend(datasets);
        }
    }
    let mut identities = subject
        .members
        .iter()
        .map(|member| {
            let named = naming.remove(&member.id).unwrap_or_default();
            describe_identity(view, subject, member, named)
        })
        .collect::<Result<Vec<_>>>()?;
    identities.sort_by_key(|identity| identity.priority.unwrap_or(u32::MAX));
    Ok(identities)
}

fn describe_identity(
    view: View<'_>,
    subject: &Subject,
    member: &StoredIdentity,
    mut datasets: BTreeSet<String>,
) -> Result<GraphIdentity> {
    let catalog = view.catalog()?;
    let namespace = catalog.namespace(member.namespace)?;
    for dataset in catalog.source_set(member.source_set) {
        datasets.insert(catalog.dataset(*dataset)?.name.clone());
    }
    Ok(GraphIdentity {
        identity: Identity::clone(&subject.name(member.id)),
        kind: namespace.kind,
        priority: namespace.priority,
        first_seen: member.first_seen,
        last_seen: member.last_seen,
        datasets: datasets.into_iter().collect(),
        events: member.events,
        fragments: member.fragments,
    })
}
