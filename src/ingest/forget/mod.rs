//! Forgetting a person: everything that is held of them goes, and marks keep it from coming back.

mod rejects;

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use super::ImportError;
use crate::model::{
    EventsOf, ForgetAnswer, Forgetting, Identity, IdentityId, Moment, NamespaceKind, RejectsOf,
};
use crate::store::{ForgottenMark, StoredIdentity, Total, View, Writer};

/// Where copies may lie that nobody here can reach.
const REMAINS: [&str; 3] = [
    "backups of the store, and copies of its file",
    "the source files, and rejects files that were moved away",
    "disk blocks that the system has freed, and its own snapshots",
];

/// What forgetting these identities, a whole graph, would take away; nothing is written.
pub fn would_forget(
    view: View<'_>,
    store: &Path,
    members: &[StoredIdentity],
) -> Result<ForgetAnswer, ImportError> {
    let held = view.held(members)?;
    let catalog = view.catalog()?;
    let identities = named(view, members)?;
    let values = values(identities.iter());
    let mut events = Vec::new();
    for (dataset, count) in held.events {
        let dataset = catalog.dataset(dataset)?.name.clone();
        events.push(EventsOf {
            dataset,
            events: count,
        });
    }
    let mut refused = Vec::new();
    for path in rejects::files(store)? {
        let rows = rejects::count(&path, &values)?;
        if rows > 0 {
            let path = path.display().to_string();
            refused.push(RejectsOf { path, rows });
        }
    }
    Ok(ForgetAnswer {
        identities,
        fragments: held.fragments,
        versions: held.versions,
        events,
        links: held.links,
        removed_links: held.removed_links,
        rejects: refused,
        remains: REMAINS.map(String::from).into(),
    })
}

/// Takes everything out that is held of these identities, a whole graph, and leaves their marks. The writer is still
/// to be committed and swept.
pub fn forget(
    writer: &Writer,
    store: &Path,
    members: &[StoredIdentity],
    now: Moment,
) -> Result<Forgetting, ImportError> {
    let view = writer.view();
    let held = view.held(members)?;
    let identities = named(view, members)?;
    let mut personal = HashSet::new();
    for (member, identity) in members.iter().zip(&identities) {
        let kind = view.catalog()?.namespace(member.namespace)?.kind;
        let names_person = names_person(kind);
        if names_person {
            personal.extend(values([identity].into_iter()));
        }
        writer.mark_forgotten(
            identity,
            ForgottenMark {
                names_person,
                at: now,
            },
        )?;
    }
    let gone: HashSet<IdentityId> = members.iter().map(|member| member.id).collect();
    let ids: Vec<_> = gone.iter().copied().collect();
    writer.remove_held(&ids)?;
    let mentioning = writer.forget_observations(&gone, &held.rows)?;
    let names: BTreeSet<Identity> = identities.iter().cloned().collect();
    writer.forget_refusals(&names, &held.rows)?;
    writer.forget_reasons(&names)?;
    count_less(writer, members, held.links, held.removed_links)?;
    forget_unnamed(writer, &held.others)?;
    let mended = writer.forget_mentions(&mentioning, &personal, &gone)?;
    let rows = held
        .rows
        .iter()
        .chain(mentioning.iter().map(|row| &row.place));
    writer.forget_paths(&rows.map(|(batch, _)| *batch).collect())?;
    let mut texts = held.texts;
    texts.extend(identities.iter().map(|identity| identity.value.clone()));
    let dictionaries = writer.forget_in_dictionaries(&texts)?;
    let values = values(identities.iter());
    for path in rejects::files(store)? {
        if rejects::count(&path, &values)? > 0 {
            rejects::purge(&path, &values)?;
        }
    }
    Ok(Forgetting {
        mended_rows: mended.len() as u64,
        dictionaries,
    })
}

/// Whether identities of this kind name a person, so that a row that names one is theirs; others name things.
fn names_person(kind: NamespaceKind) -> bool {
    matches!(
        kind,
        NamespaceKind::CrossDevice | NamespaceKind::Email | NamespaceKind::Phone
    )
}

fn named(view: View<'_>, members: &[StoredIdentity]) -> Result<Vec<Identity>, ImportError> {
    Ok(members
        .iter()
        .map(|member| view.named(member))
        .collect::<Result<_, _>>()?)
}

/// The values as rows are searched for them.
fn values<'a>(identities: impl Iterator<Item = &'a Identity>) -> Vec<String> {
    identities
        .map(|identity| identity.value.trim().to_lowercase())
        .collect()
}

/// Keeps the running totals.
fn count_less(
    writer: &Writer,
    members: &[StoredIdentity],
    links: u64,
    removed_links: u64,
) -> Result<(), ImportError> {
    for (total, less) in [
        (Total::Identities, members.len() as u64),
        (Total::Links, links),
        (Total::RemovedLinks, removed_links),
        (Total::Fragments, members.iter().map(|m| m.fragments).sum()),
        (Total::Events, members.iter().map(|m| m.events).sum()),
    ] {
        let now = writer.view().total(total)?.saturating_sub(less);
        writer.set_total(total, now)?;
    }
    Ok(())
}

/// Takes out those whom only rows of the forgotten named.
fn forget_unnamed(writer: &Writer, others: &BTreeSet<IdentityId>) -> Result<(), ImportError> {
    let view = writer.view();
    let mut unnamed = Vec::new();
    for id in others {
        let other = view.identity(*id)?;
        let is_bare = other.fragments == 0 && other.events == 0;
        if is_bare && view.links_of(*id)?.is_empty() {
            unnamed.push(other);
        }
    }
    if unnamed.is_empty() {
        return Ok(());
    }
    let mut named = HashSet::new();
    for batch in view.catalog()?.batches() {
        view.each_observation(batch.id, |observation| {
            named.extend(observation.identities);
            Ok(())
        })?;
    }
    unnamed.retain(|other| !named.contains(&other.id));
    let ids: Vec<_> = unnamed.iter().map(|other| other.id).collect();
    writer.remove_held(&ids)?;
    count_less(writer, &unnamed, 0, 0)
}
