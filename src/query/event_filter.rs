//! Whether a single event is what a filter asks for.

use std::cell::OnceCell;

use serde_json::Value;

use crate::model::{Event, Identity};

use super::ast::{Expr, Test, Values, Word};
use super::attributes::{AttributeTest, each_scalar, text_of};
use super::eval::{Closeness, Ground, Outcome, Reach, identity_outcome, is_named, is_when, walk};
use super::text::Folded;
use super::words::closeness;

/// What a filter that was read with [`super::parse_event_filter`] matches of an event; `None` where it does not match.
pub fn evaluate_event(filter: &Expr, event: &Event) -> Option<Outcome> {
    let ground = EventGround {
        event,
        body: OnceCell::new(),
    };
    walk(filter, &ground, Reach::Exact)
}

struct EventGround<'a> {
    event: &'a Event,
    body: OnceCell<Value>,
}

impl Ground for EventGround<'_> {
    fn test(&self, test: &Test, reach: Reach) -> Option<Outcome> {
        match test {
            Test::Word(word) => self.word(word, reach),
            Test::Attribute { path, values, .. } => {
                AttributeTest { path, values }.of_body(self.body())
            }
            Test::Identity { namespace, values } => self.identity(namespace, values),
            Test::When { values, .. } => is_when(self.event.timestamp, values).then(|| {
                let at = self.event.timestamp.to_string();
                Outcome::one("timestamp", at, Closeness::ExactIdentity)
            }),
            Test::Dataset(values) => is_named(&self.event.dataset, values)
                .then(|| Outcome::one("dataset", &*self.event.dataset, Closeness::ExactIdentity)),
            // Only a profile has the rest; the parser makes none of it inside a filter.
            Test::Count { .. } | Test::Namespace(_) | Test::Conflict(_) | Test::Event { .. } => {
                None
            }
        }
    }
}

impl EventGround<'_> {
    fn body(&self) -> &Value {
        self.body.get_or_init(|| self.event.body.value())
    }

    fn word(&self, word: &Word, reach: Reach) -> Option<Outcome> {
        let mut best: Option<(Closeness, String, &Value)> = None;
        each_scalar(&mut Vec::new(), self.body(), &mut |keys, value| {
            let near = closeness(word, &Folded::of(&text_of(value)), reach);
            if let Some(closeness) = near
                && best.as_ref().is_none_or(|(best, ..)| closeness < *best)
            {
                best = Some((closeness, keys.join("."), value));
            }
        });
        let (closeness, path, value) = best?;
        Some(Outcome::one(&path, value.clone(), closeness))
    }

    fn identity(&self, namespace: &str, values: &Values) -> Option<Outcome> {
        let own = identity_outcome(&self.event.identity, namespace, values);
        own.or_else(|| {
            let map = self.body().get("identityMap")?.as_object()?;
            let mut all = map.iter().flat_map(|(code, list)| {
                let list = list.as_array().into_iter().flatten();
                list.filter_map(move |entry| Some(Identity::new(code, entry.get("id")?.as_str()?)))
            });
            all.find_map(|identity| identity_outcome(&identity, namespace, values))
        })
    }
}
