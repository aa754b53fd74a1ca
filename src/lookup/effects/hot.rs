//! Values that hold unusually many identities together since the batches: shared telephones, placeholders, test devices.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Span;
use super::groups::Groups;
use crate::lookup::error::Result;
use crate::model::{HotValue, IdentityId, Moment, NamespaceId};
use crate::store::{StoredLink, View};

/// Linked with so many identities, a value is unusual.
const MANY_LINKS: usize = 20;

/// Linked with so many values of one unique namespace, a value is shared by strangers.
const MANY_VALUES: usize = 3;

/// Values that are named at most.
const NAMED: usize = 10;

/// The values that became hot between the two moments, the hottest first.
pub(super) fn values(view: View<'_>, span: Span, groups: &Groups) -> Result<Vec<HotValue>> {
    let mut namespaces = HashMap::new();
    let mut found = Vec::new();
    for id in &groups.sampled {
        let links = groups.links.get(id).map_or(&[][..], Vec::as_slice);
        if links.len() >= MANY_VALUES
            && let Some(hot) = value(view, span, *id, links, &mut namespaces)?
        {
            found.push(hot);
        }
    }
    found.sort_by_key(|hot| std::cmp::Reverse((hot.values, hot.links)));
    found.truncate(NAMED);
    Ok(found)
}

fn value(
    view: View<'_>,
    span: Span,
    id: IdentityId,
    links: &[StoredLink],
    namespaces: &mut HashMap<IdentityId, NamespaceId>,
) -> Result<Option<HotValue>> {
    let catalog = view.catalog()?;
    let own = view.identity(id)?;
    if catalog.namespace(own.namespace)?.unique {
        return Ok(None);
    }
    let mut counted = [(0, BTreeMap::new()), (0, BTreeMap::new())];
    for (at, (count, values)) in [span.before, span.after].into_iter().zip(&mut counted) {
        for link in links {
            if !is_known_at(view, link, at)? {
                continue;
            }
            let other = if link.a == id { link.b } else { link.a };
            let namespace = match namespaces.get(&other) {
                Some(known) => *known,
                None => view.identity(other)?.namespace,
            };
            namespaces.insert(other, namespace);
            *count += 1;
            let of_namespace: &mut BTreeSet<_> = values.entry(namespace).or_default();
            of_namespace.insert(other);
        }
    }
    let [(links_before, before), (links_after, after)] = counted;
    let mut shared: Option<(NamespaceId, usize)> = None;
    for (namespace, values) in &after {
        let known = before.get(namespace).map_or(0, BTreeSet::len);
        let is_grown = values.len() >= MANY_VALUES && values.len() > known;
        let is_more = shared.is_none_or(|(_, most)| values.len() > most);
        if catalog.namespace(*namespace)?.unique && is_grown && is_more {
            shared = Some((*namespace, values.len()));
        }
    }
    let is_busy = links_after >= MANY_LINKS && links_before < MANY_LINKS;
    if shared.is_none() && !is_busy {
        return Ok(None);
    }
    let namespace = match shared {
        Some((namespace, _)) => Some(catalog.namespace(namespace)?.code.clone()),
        None => None,
    };
    Ok(Some(HotValue {
        identity: view.named(&own)?,
        links: links_after as u64,
        links_before: links_before as u64,
        namespace,
        values: shared.map_or(0, |(_, values)| values as u64),
    }))
}

/// Whether some record had shown a link by a moment, be it kept or not.
fn is_known_at(view: View<'_>, link: &StoredLink, at: Moment) -> Result<bool> {
    Ok(view.catalog()?.batch(link.first.batch)?.ingested_at <= at)
}
