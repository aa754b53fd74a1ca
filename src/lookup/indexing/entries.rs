//! What the index is told of a cluster: its fragments folded once, and what each of them says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::index::{Entry, EntryValue, Standing, TextKind};
use crate::lookup::error::Result;
use crate::merge::{self, Ingredients};
use crate::model::{ClusterId, Fragment, Identity, MergePolicy, Moment, Path, Profile};
use crate::query::{each_scalar, each_value, is_searched, text_of};
use crate::store::{StoredIdentity, View};

/// A cluster as the index takes it in; `None` where it holds nothing that any policy could make a profile of.
pub(super) fn entry(view: View<'_>, id: ClusterId, policy: &MergePolicy) -> Result<Option<Entry>> {
    let members = view.members(id)?;
    let catalog = view.catalog()?;
    let first = members
        .iter()
        .min_by_key(|member| (catalog.rank(member.namespace), member.first_seen, member.id));
    let Some(first) = first else {
        return Ok(None);
    };
    let entity = view.named(first)?;
    let mut identities = Vec::with_capacity(members.len());
    for member in &members {
        identities.push(view.named(member)?);
    }
    let fragments = fragments(view, &members, &identities)?;
    let ingredients = Ingredients {
        requested: &entity,
        cluster: &identities,
        fragments: &fragments,
    };
    let profile = merge::fold(&ingredients, policy);
    let events = Events::of(view, &members, policy)?;
    let sources = fragments.iter().map(|fragment| &fragment.dataset);
    let sources: BTreeSet<_> = sources.chain(&events.sources).cloned().collect();
    if sources.is_empty() {
        return Ok(None);
    }
    let said = Said::of(&profile, &ingredients, policy);
    Ok(Some(Entry {
        cluster: id,
        is_profile: !profile.sources.is_empty() || events.seen > 0,
        is_simple: fragments.len() <= 1 && !said.has_empty,
        fragments: merge::taking_part(&ingredients, policy).len() as u64,
        events: events.seen,
        first: members.iter().map(|member| member.first_seen).min(),
        last: events.last.or(profile.last_modified_at),
        last_event: events.last,
        name: profile.name(),
        texts: said.texts.into_iter().collect(),
        values: said.values,
        conflicts: conflicts(&profile),
        datasets: datasets(&profile, &events),
        sources: sources.into_iter().collect(),
        event_types: events.types.into_iter().collect(),
        entity,
        identities,
    }))
}

fn fragments(
    view: View<'_>,
    members: &[StoredIdentity],
    names: &[Identity],
) -> Result<Vec<Fragment>> {
    let with_fragments: Vec<_> = members
        .iter()
        .zip(names)
        .filter(|(member, _)| member.fragments > 0)
        .map(|(member, name)| (member.id, Arc::new(name.clone())))
        .collect();
    if with_fragments.is_empty() {
        return Ok(Vec::new());
    }
    Ok(view.fragments(&with_fragments, Moment::MAX)?)
}

fn conflicts(profile: &Profile) -> Vec<Vec<String>> {
    let disputed = profile.leaves.iter().filter(|leaf| leaf.conflict);
    disputed.map(|leaf| leaf.path.0.clone()).collect()
}

fn datasets(profile: &Profile, events: &Events) -> Vec<Arc<str>> {
    let all: BTreeSet<_> = profile.sources.iter().chain(&events.seen_sources).collect();
    all.into_iter().cloned().collect()
}

/// What is said; of several standings of a value the index keeps the strongest.
#[derive(Default)]
struct Said {
    values: Vec<EntryValue>,
    texts: BTreeMap<String, TextKind>,
    /// Some value is an empty text.
    has_empty: bool,
}

impl Said {
    fn of(profile: &Profile, ingredients: &Ingredients<'_>, policy: &MergePolicy) -> Said {
        let mut said = Said::default();
        each_value(profile, |path, value, is_winning| {
            let standing = if is_winning {
                Standing::Won
            } else {
                Standing::Lost
            };
            said.add(path, value, standing);
        });
        // What a single fragment says wins, unless the policy does not look at it; else other policies may let win whatever
        // some fragment says.
        let is_all_won = ingredients.fragments.len() <= 1
            && policy.order.is_empty()
            && !policy.options.empty_as_null;
        if !is_all_won {
            merge::said(ingredients, |path, value| {
                said.add(path, value, Standing::Said);
            });
        }
        said
    }

    fn add(&mut self, path: &Path, value: &Value, standing: Standing) {
        let mut keys: Vec<&str> = path.keys().iter().map(String::as_str).collect();
        each_scalar(&mut keys, value, &mut |keys, value| {
            let text = text_of(value).into_owned();
            self.has_empty |= text.is_empty();
            if is_searched(keys) {
                let kind = match standing {
                    Standing::Won => TextKind::Won,
                    Standing::Lost | Standing::Said => TextKind::Lost,
                };
                let known = self.texts.entry(text.clone()).or_insert(kind);
                *known = (*known).min(kind);
            }
            self.values.push(EntryValue {
                keys: keys.iter().map(ToString::to_string).collect(),
                text,
                is_number: value.is_number(),
                standing,
            });
        });
    }
}

/// The events of a cluster, by whether the policy of the index sees them.
#[derive(Default)]
struct Events {
    seen: u64,
    last: Option<Moment>,
    sources: Vec<Arc<str>>,
    seen_sources: Vec<Arc<str>>,
    types: BTreeMap<Arc<str>, Standing>,
}

impl Events {
    fn of(view: View<'_>, members: &[StoredIdentity], policy: &MergePolicy) -> Result<Events> {
        let catalog = view.catalog()?;
        let mut events = Events::default();
        for member in members.iter().filter(|member| member.events > 0) {
            for totals in view.event_totals(member.id, Moment::MAX)? {
                let name = catalog.dataset_name(totals.dataset)?;
                if policy.sees(&name) {
                    events.seen += totals.events;
                    events.last = events.last.into_iter().chain([totals.last]).max();
                    events.seen_sources.push(Arc::clone(&name));
                }
                events.sources.push(name);
            }
            view.each_event(member.id, Moment::MAX, |event| {
                let name = catalog.dataset_name(event.dataset);
                let is_seen = name.is_ok_and(|name| policy.sees(&name));
                let standing = if is_seen {
                    Standing::Won
                } else {
                    Standing::Said
                };
                if let Some(kind) = catalog.event_type(event.kind) {
                    let known = events.types.entry(kind).or_insert(standing);
                    *known = (*known).min(standing);
                }
            })?;
        }
        Ok(events)
    }
}
