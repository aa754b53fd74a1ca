//! What the index is told of a cluster: its fragments folded once, and what each of them says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::index::{Entry, EntryValue, Paths, Standing, TextKind};
use crate::lookup::error::Result;
use crate::merge::{self, Ingredients};
use crate::model::{ClusterId, Fragment, Identity, MergePolicy, Moment, Profile};
use crate::query::{each_scalar, each_value, text_of};
use crate::store::{StoredIdentity, View};

/// A cluster as the index takes it in; `None` where it holds nothing that any policy could make a profile of.
pub(super) fn entry(
    view: View<'_>,
    id: ClusterId,
    policy: &MergePolicy,
    paths: &mut Paths,
) -> Result<Option<Entry>> {
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
    let mut said = Said::new(paths);
    let profile = said.fold(&ingredients, policy);
    let events = Events::of(view, &members, policy)?;
    let sources = fragments.iter().map(|fragment| &fragment.dataset);
    let sources: BTreeSet<_> = sources.chain(&events.sources).cloned().collect();
    if sources.is_empty() {
        return Ok(None);
    }
    let is_simple = fragments.len() <= 1 && !said.has_empty;
    let Said { texts, values, .. } = said;
    Ok(Some(Entry {
        cluster: id,
        is_profile: !profile.sources.is_empty() || events.seen > 0,
        is_simple,
        fragments: merge::taking_part(&ingredients, policy).len() as u64,
        events: events.seen,
        first: members.iter().map(|member| member.first_seen).min(),
        last: events.last.or(profile.last_modified_at),
        last_event: events.last,
        name: profile.name(),
        texts: texts.into_iter().collect(),
        values,
        conflicts: conflicts(&profile),
        datasets: datasets(&profile, &events),
        sources: sources.into_iter().collect(),
        event_types: events.types(view)?,
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
    Ok(view.nameless_fragments(&with_fragments)?)
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
struct Said<'p> {
    paths: &'p mut Paths,
    values: Vec<EntryValue>,
    texts: BTreeMap<String, TextKind>,
    /// Some value is an empty text.
    has_empty: bool,
}

impl Said<'_> {
    fn new(paths: &mut Paths) -> Said<'_> {
        Said {
            paths,
            values: Vec::new(),
            texts: BTreeMap::new(),
            has_empty: false,
        }
    }

    /// Folds a cluster and notes what wins, what loses, and what its fragments say.
    fn fold(&mut self, ingredients: &Ingredients<'_>, policy: &MergePolicy) -> Profile {
        // What a single fragment says wins, unless the policy does not look at it; else other policies may let win whatever
        // some fragment says.
        let is_all_won = ingredients.fragments.len() <= 1
            && policy.order.is_empty()
            && !policy.options.empty_as_null;
        let profile = if is_all_won {
            merge::fold(ingredients, policy)
        } else {
            merge::fold_and_tell(ingredients, policy, |keys, value| {
                self.add(keys, value, Standing::Said);
            })
        };
        each_value(&profile, |path, value, is_winning| {
            let standing = if is_winning {
                Standing::Won
            } else {
                Standing::Lost
            };
            let keys: Vec<&str> = path.keys().iter().map(String::as_str).collect();
            self.add(&keys, value, standing);
        });
        profile
    }

    fn add(&mut self, keys: &[&str], value: &Value, standing: Standing) {
        let mut keys = keys.to_vec();
        each_scalar(&mut keys, value, &mut |keys, value| {
            let text = text_of(value).into_owned();
            self.has_empty |= text.is_empty();
            let (path, is_searched) = self.paths.number(keys);
            if is_searched {
                let kind = match standing {
                    Standing::Won => TextKind::Won,
                    Standing::Lost | Standing::Said => TextKind::Lost,
                };
                let known = self.texts.entry(text.clone()).or_insert(kind);
                *known = (*known).min(kind);
            }
            self.values.push(EntryValue {
                path,
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
    sources: BTreeSet<Arc<str>>,
    seen_sources: BTreeSet<Arc<str>>,
    types: BTreeMap<i64, Standing>,
}

impl Events {
    fn of(view: View<'_>, members: &[StoredIdentity], policy: &MergePolicy) -> Result<Events> {
        let catalog = view.catalog()?;
        let mut events = Events::default();
        for member in members.iter().filter(|member| member.events > 0) {
            view.each_block(member.id, |totals, kinds| {
                let name = catalog.dataset_name(totals.dataset)?;
                let standing = if policy.sees(&name) {
                    events.seen += totals.events;
                    events.last = events.last.into_iter().chain([totals.last]).max();
                    events.seen_sources.insert(Arc::clone(&name));
                    Standing::Won
                } else {
                    Standing::Said
                };
                events.sources.insert(name);
                for kind in kinds {
                    let known = events.types.entry(kind).or_insert(standing);
                    *known = (*known).min(standing);
                }
                Ok(())
            })?;
        }
        Ok(events)
    }

    /// The names of the types that have one.
    fn types(&self, view: View<'_>) -> Result<Vec<(Arc<str>, Standing)>> {
        let catalog = view.catalog()?;
        let types = self.types.iter();
        let named =
            types.filter_map(|(kind, standing)| Some((catalog.event_type(*kind)?, *standing)));
        Ok(named.collect())
    }
}
