//! Who is asked about: an identity, and those that its graph holds together at a moment.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::error::Result;
use crate::model::{Found, Identity, IdentityId, Miss, Moment};
use crate::store::{Arrived, StoredIdentity, StoredLink, View};

/// How many neighbours on either side of an unknown value are looked at.
const REACH: u32 = 8;

/// How many near values a miss names.
const NEAREST: usize = 3;

/// An identity and its cluster as of a moment.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The identity as it was asked for.
    pub requested: Identity,
    /// The same in the store.
    pub asked: StoredIdentity,
    /// The cluster, the asked one included, in the order in which they were first seen.
    pub members: Vec<StoredIdentity>,
    /// Their names.
    pub names: HashMap<IdentityId, Arc<Identity>>,
    /// The moment of ingestion that is asked about.
    pub as_of: Moment,
}

impl Subject {
    /// A member's name.
    pub fn name(&self, id: IdentityId) -> Arc<Identity> {
        self.names
            .get(&id)
            .cloned()
            .unwrap_or_else(|| Arc::new(self.requested.clone()))
    }

    /// The identity that names these members in lists: of the namespace with the highest priority, the one seen first, then the smallest.
    pub fn canonical(&self, view: View<'_>, members: &[StoredIdentity]) -> Result<Identity> {
        let catalog = view.catalog()?;
        Ok(members
            .iter()
            .min_by_key(|member| (catalog.rank(member.namespace), member.first_seen, member.id))
            .map_or_else(
                || self.requested.clone(),
                |member| Identity::clone(&self.name(member.id)),
            ))
    }
}

/// Finds an identity and its cluster as of a moment, or says why it is not to be found.
pub fn subject(view: View<'_>, identity: &Identity, as_of: Moment) -> Result<Found<Subject>> {
    let Some(asked) = find(view, identity)? else {
        return Ok(Err(Box::new(unknown(view, identity)?)));
    };
    if asked.first_seen > as_of {
        return Ok(Err(Box::new(Miss::NotThen {
            identity: identity.clone(),
            as_of,
            first_seen: asked.first_seen,
        })));
    }
    let members = if as_of == Moment::MAX {
        view.members(asked.cluster)?
    } else {
        members_at(view, &asked, as_of)?
    };
    Ok(Ok(with_names(view, asked, members, as_of)?))
}

/// An identity of a cluster whose present members are at hand.
pub(super) fn subject_of(
    view: View<'_>,
    asked: StoredIdentity,
    members: Vec<StoredIdentity>,
) -> Result<Subject> {
    with_names(view, asked, members, Moment::MAX)
}

fn with_names(
    view: View<'_>,
    asked: StoredIdentity,
    members: Vec<StoredIdentity>,
    as_of: Moment,
) -> Result<Subject> {
    let names = members
        .iter()
        .map(|member| Ok((member.id, Arc::new(view.named(member)?))))
        .collect::<Result<_>>()?;
    Ok(Subject {
        requested: view.named(&asked)?,
        asked,
        members,
        names,
        as_of,
    })
}

/// The identity in the store. Codes of namespaces that are URIs hold colons themselves, so where the first colon
/// parts nothing that is known, the codes say where to part.
fn find(view: View<'_>, identity: &Identity) -> Result<Option<StoredIdentity>> {
    let catalog = view.catalog()?;
    if let Some(namespace) = catalog.namespace_of(&identity.namespace)
        && let Some(found) = view.find_identity(namespace.id, &identity.value)?
    {
        return Ok(Some(found));
    }
    let text = identity.to_string();
    for namespace in catalog.namespaces() {
        let value = text
            .split_at_checked(namespace.code.len())
            .filter(|(code, _)| code.eq_ignore_ascii_case(&namespace.code))
            .and_then(|(_, rest)| rest.strip_prefix(':'));
        if let Some(value) = value
            && let Some(found) = view.find_identity(namespace.id, value)?
        {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

fn unknown(view: View<'_>, identity: &Identity) -> Result<Miss> {
    let catalog = view.catalog()?;
    let identity = identity.clone();
    let namespace = catalog.namespace_of(&identity.namespace);
    if let Some(namespace) = namespace
        && view.deleted_at(namespace.id, &identity.value)?.is_some()
    {
        return Ok(Miss::Deleted { identity });
    }
    if let Some(at) = view.forgotten_at(&identity)? {
        return Ok(Miss::Forgotten { identity, at });
    }
    let known = view
        .identities_of_value(&identity.value)?
        .iter()
        .map(|other| Ok(view.named(other)?))
        .collect::<Result<Vec<_>>>()?;
    if !known.is_empty() {
        return Ok(Miss::OtherNamespace { identity, known });
    }
    let mut near = match namespace {
        Some(namespace) => view.neighbours(namespace.id, &identity.value, REACH)?,
        None => Vec::new(),
    };
    near.sort_by_key(|other| strsim::levenshtein(&other.value, &identity.value));
    let nearest = near
        .iter()
        .take(NEAREST)
        .map(|other| Ok(view.named(other)?))
        .collect::<Result<_>>()?;
    Ok(Miss::Unknown { identity, nearest })
}

/// The identities that links which held at a moment hold together with this one.
fn members_at(
    view: View<'_>,
    asked: &StoredIdentity,
    as_of: Moment,
) -> Result<Vec<StoredIdentity>> {
    let mut found = HashSet::from([asked.id]);
    let mut queue = VecDeque::from([asked.id]);
    while let Some(id) = queue.pop_front() {
        for link in view.links_of(id)? {
            let other = if link.a == id { link.b } else { link.a };
            if !found.contains(&other) && held_at(view, &link, as_of)? {
                found.insert(other);
                queue.push_back(other);
            }
        }
    }
    let mut members = found
        .into_iter()
        .map(|id| Ok(view.identity(id)?))
        .collect::<Result<Vec<_>>>()?;
    members.sort_by_key(|member| member.id);
    Ok(members)
}

/// Whether a link held at a moment of ingestion.
pub(super) fn held_at(view: View<'_>, link: &StoredLink, as_of: Moment) -> Result<bool> {
    let catalog = view.catalog()?;
    let at = |arrived: Arrived| {
        catalog
            .batch(arrived.batch)
            .map_or(Moment::MAX, |batch| batch.ingested_at)
    };
    if link.is_kept && at(link.since) <= as_of {
        return Ok(true);
    }
    Ok(view
        .intervals(link.a, link.b)?
        .iter()
        .any(|interval| at(interval.since) <= as_of && as_of < at(interval.until)))
}
