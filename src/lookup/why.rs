//! Why two identities are one person, or why they are not.

use std::collections::{HashMap, HashSet};

use super::error::Result;
use super::graph::describe;
use super::subject::{Subject, subject};
use crate::identity;
use crate::model::{Found, GraphLink, Hop, Identity, IdentityId, Moment, WhyAnswer};
use crate::store::{StoredLink, View};

/// The strongest path between two identities, or what keeps them apart.
pub fn why(view: View<'_>, a: &Identity, b: &Identity) -> Result<Found<WhyAnswer>> {
    let from = match subject(view, a, Moment::MAX)? {
        Ok(subject) => subject,
        Err(miss) => return Ok(Err(miss)),
    };
    let to = match subject(view, b, Moment::MAX)? {
        Ok(subject) => subject,
        Err(miss) => return Ok(Err(miss)),
    };
    if from.asked.cluster == to.asked.cluster {
        return Ok(Ok(WhyAnswer::Linked {
            path: path(view, &from, to.asked.id)?,
        }));
    }
    Ok(Ok(apart(view, &from, &to)?))
}

/// The record that made each link of an identity.
pub fn why_links(view: View<'_>, identity: &Identity) -> Result<Found<WhyAnswer>> {
    let subject = match subject(view, identity, Moment::MAX)? {
        Ok(subject) => subject,
        Err(miss) => return Ok(Err(miss)),
    };
    let mut links = view
        .links_of(subject.asked.id)?
        .iter()
        .filter(|link| link.is_kept)
        .map(|link| hop(view, &subject, link))
        .collect::<Result<Vec<_>>>()?;
    links.sort_by_cached_key(|hop| (hop.a.to_string(), hop.b.to_string()));
    Ok(Ok(WhyAnswer::Links { links }))
}

fn path(view: View<'_>, from: &Subject, to: IdentityId) -> Result<Vec<Hop>> {
    let mut links = HashMap::new();
    for member in &from.members {
        for link in view.links_from(member.id)? {
            if link.is_kept {
                links.insert((link.a, link.b), link);
            }
        }
    }
    let catalog = view.catalog()?;
    let ranks: HashMap<IdentityId, u32> = from
        .members
        .iter()
        .map(|member| (member.id, catalog.rank(member.namespace)))
        .collect();
    let ends: Vec<_> = links.keys().copied().collect();
    let steps = identity::strongest_path(
        &ends,
        (from.asked.id, to),
        |id| ranks.get(&id).copied().unwrap_or(u32::MAX),
        |id| from.name(id).to_string(),
    );
    steps
        .unwrap_or_default()
        .iter()
        .filter_map(|ends| links.get(ends))
        .map(|link| hop(view, from, link))
        .collect()
}

/// A link with the record that first showed it.
fn hop(view: View<'_>, subject: &Subject, link: &StoredLink) -> Result<Hop> {
    let catalog = view.catalog()?;
    let batch = catalog.batch(link.first.batch)?;
    let GraphLink { a, b, .. } = describe(view, link, &subject.names)?;
    Ok(Hop {
        a,
        b,
        dataset: catalog.dataset(batch.dataset)?.name.clone(),
        batch: batch.id.0,
        file: batch.file(link.first_line).to_owned(),
        line: link.first_line.line,
        at: batch.ingested_at,
    })
}

fn apart(view: View<'_>, from: &Subject, to: &Subject) -> Result<WhyAnswer> {
    let others: HashSet<_> = to.members.iter().map(|member| member.id).collect();
    let mut removed = Vec::new();
    for member in &from.members {
        for link in view.links_of(member.id)? {
            let other = if link.a == member.id { link.b } else { link.a };
            if !link.is_kept && others.contains(&other) {
                removed.push(describe(view, &link, &from.names)?);
            }
        }
    }
    removed.sort_by_cached_key(|link| (link.a.to_string(), link.b.to_string()));
    let reason = match removed.as_slice() {
        [] => "no record ever linked them".to_owned(),
        [link, ..] => {
            let why = link
                .removed
                .as_ref()
                .map(|end| end.reason.to_string())
                .unwrap_or_default();
            match removed.len() {
                1 => format!("the link that would join them was removed: {why}"),
                n => format!("the {n} links that would join them were removed: {why}"),
            }
        }
    };
    Ok(WhyAnswer::Apart { reason, removed })
}
