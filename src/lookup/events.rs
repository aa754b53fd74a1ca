//! The timeline of a profile: every event in order, opened only where it is shown.

use super::error::Result;
use super::profile::stitched;
use super::subject::{Subject, subject};
use crate::model::{Event, EventsAnswer, Found, Identity, MergePolicy, Moment};
use crate::store::{EventRef, View};

/// In which order a timeline runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Newest first.
    #[default]
    Newest,
    /// Oldest first.
    Oldest,
}

/// The events of a profile under a policy: a line each in memory, bodies in the store.
pub struct Timeline {
    subject: Subject,
    canonical: Identity,
    refs: Vec<EventRef>,
    hidden: u64,
}

impl Timeline {
    /// Lines up the events of an identity's profile, newest first.
    pub fn open(
        view: View<'_>,
        identity: &Identity,
        policy: &MergePolicy,
        as_of: Moment,
    ) -> Result<Found<Timeline>> {
        let subject = match subject(view, identity, as_of)? {
            Ok(subject) => subject,
            Err(miss) => return Ok(Err(miss)),
        };
        let catalog = view.catalog()?;
        let members = stitched(&subject, policy);
        let canonical = subject.canonical(view, members)?;
        let (mut refs, mut hidden) = (Vec::new(), 0);
        for member in members.iter().filter(|member| member.events > 0) {
            view.each_event(member.id, as_of, |event| {
                let is_seen = catalog
                    .dataset(event.dataset)
                    .is_ok_and(|dataset| policy.sees(&dataset.name));
                if is_seen {
                    refs.push(event);
                } else {
                    hidden += 1;
                }
            })?;
        }
        refs.sort_unstable_by_key(|event| std::cmp::Reverse((event.timestamp, event.arrival())));
        Ok(Ok(Timeline {
            subject,
            canonical,
            refs,
            hidden,
        }))
    }

    /// Keeps the events from one moment to another, both included.
    pub fn between(&mut self, since: Moment, until: Moment) {
        self.refs
            .retain(|event| since <= event.timestamp && event.timestamp <= until);
    }

    /// Keeps the events of types that a glob matches, without regard to case: `*` is any text.
    pub fn of_kind(&mut self, view: View<'_>, glob: &str) -> Result<()> {
        let catalog = view.catalog()?;
        let kinds: Vec<i64> = catalog
            .event_types()
            .filter(|(_, name)| glob_matches(&glob.to_lowercase(), &name.to_lowercase()))
            .map(|(id, _)| id)
            .collect();
        self.refs.retain(|event| kinds.contains(&event.kind));
        Ok(())
    }

    /// Keeps the events that pass a test of their content; every one is opened for it.
    pub fn retain(&mut self, view: View<'_>, mut passes: impl FnMut(&Event) -> bool) -> Result<()> {
        const AT_ONCE: usize = 512;
        let mut kept = Vec::new();
        for refs in self.refs.chunks(AT_ONCE) {
            let events = view.events_at(refs, &self.subject.names)?;
            kept.extend(
                refs.iter()
                    .zip(&events)
                    .filter(|(_, event)| passes(event))
                    .map(|(at, _)| *at),
            );
        }
        self.refs = kept;
        Ok(())
    }

    /// The moments of the events, in their order.
    pub fn moments(&self) -> impl Iterator<Item = Moment> {
        self.refs.iter().map(|event| event.timestamp)
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.refs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.refs.is_empty()
    }

    /// A stretch of the timeline from the `offset`th event on.
    pub fn page(
        &self,
        view: View<'_>,
        order: Order,
        offset: u64,
        limit: u64,
    ) -> Result<EventsAnswer> {
        let total = self.refs.len();
        let from = (offset as usize).min(total);
        let to = from.saturating_add(limit as usize).min(total);
        let refs: Vec<EventRef> = match order {
            Order::Newest => self.refs.get(from..to).unwrap_or_default().to_vec(),
            Order::Oldest => self
                .refs
                .get(total - to..total - from)
                .unwrap_or_default()
                .iter()
                .rev()
                .copied()
                .collect(),
        };
        Ok(EventsAnswer {
            identity: self.canonical.clone(),
            total: total as u64,
            offset: from as u64,
            hidden: self.hidden,
            events: view.events_at(&refs, &self.subject.names)?,
        })
    }
}

/// Whether a text matches a pattern in which `*` is any text; both in the same case.
fn glob_matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut left) = text.strip_prefix(head) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let tail = parts.pop().unwrap_or("");
    for part in parts {
        match left.find(part) {
            Some(at) => left = left.get(at + part.len()..).unwrap_or(""),
            None => return false,
        }
    }
    left.ends_with(tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text() {
        for (pattern, text, expected) in [
            ("commerce.*", "commerce.purchases", true),
            ("*purchase*", "commerce.purchases", true),
            ("purchase", "purchases", false),
            ("*", "", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxcyyb", false),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(glob_matches(pattern, text), expected, "{pattern} {text}");
        }
    }
}
