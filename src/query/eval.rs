//! Whether a folded profile is what a query asks for, and what of it matched.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use crate::model::{Event, Identity, Match, Moment, Profile};

use super::ast::{Counted, Expr, Seen, Test, Values, Word};
use super::attributes::{AttributeTest, closeness_of, each_scalar, text_of};
use super::event_filter::evaluate_event;
use super::operand::Wanted;
use super::pattern::PathPattern;
use super::text::Folded;
use super::words::{Sought, is_searched};

/// What a query is asked of: a profile under its policy.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The folded profile.
    pub profile: &'a Profile,
    /// The identities that it is made of.
    pub identities: &'a [Identity],
    /// How many fragments took part.
    pub fragments: u64,
    /// How many events the policy sees.
    pub event_count: u64,
    /// The datasets of its fragments and events.
    pub datasets: &'a [Arc<str>],
    /// When it was first seen.
    pub first: Option<Moment>,
    /// Its last event, else its last ingestion.
    pub last: Option<Moment>,
    /// The types of its events.
    pub event_kinds: &'a [Arc<str>],
    /// Its events, which only a query with braces needs.
    pub events: &'a [Event],
}

/// How far words may be from the texts that they match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// As they are written.
    Exact,
    /// Long ones with a typing error too.
    Typos,
    /// Their letters in order, with any others between.
    Subsequences,
}

/// How close a match is, the closest first; the order of a result list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// A whole identity.
    ExactIdentity,
    /// A whole value.
    ExactValue,
    /// The start of a value.
    Prefix,
    /// The start of a word in it.
    WordStart,
    /// Inside a word.
    Inside,
    /// With a typing error.
    Typo,
    /// The letters in order.
    Subsequence,
}

/// A match.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The values that matched.
    pub matches: Vec<Match>,
    /// How close the term is that is least close.
    pub closeness: Closeness,
}

/// What the query matches of the subject; `None` where it does not match.
pub fn evaluate(expr: &Expr, subject: &Subject<'_>, reach: Reach) -> Option<Outcome> {
    let ground = ProfileGround {
        subject,
        texts: OnceCell::new(),
    };
    walk(expr, &ground, reach)
}

/// What single tests are asked of.
pub(super) trait Ground {
    fn test(&self, test: &Test, reach: Reach) -> Option<Outcome>;
}

pub(super) fn walk(expr: &Expr, ground: &dyn Ground, reach: Reach) -> Option<Outcome> {
    match expr {
        Expr::Term(term) => ground.test(&term.test, reach),
        // What only comes near by a typing error is no reason to leave a profile out.
        Expr::Not(inner) => match walk(inner, ground, Reach::Exact) {
            Some(_) => None,
            None => Some(Outcome::of(Vec::new(), Closeness::ExactIdentity)),
        },
        Expr::All(parts) => {
            let mut all = Outcome::of(Vec::new(), Closeness::ExactIdentity);
            for part in parts {
                let outcome = walk(part, ground, reach)?;
                all.closeness = all.closeness.max(outcome.closeness);
                all.tell(outcome.matches);
            }
            Some(all)
        }
        Expr::Any(parts) => {
            let matched = parts.iter().filter_map(|part| walk(part, ground, reach));
            matched.reduce(|mut any, outcome| {
                any.closeness = any.closeness.min(outcome.closeness);
                any.tell(outcome.matches);
                any
            })
        }
    }
}

impl Outcome {
    pub(super) fn of(matches: Vec<Match>, closeness: Closeness) -> Outcome {
        Outcome { matches, closeness }
    }

    /// One value that matched.
    pub(super) fn one(path: &str, value: impl Into<Value>, closeness: Closeness) -> Outcome {
        let matched = Match {
            path: path.to_owned(),
            value: value.into(),
            winning: true,
        };
        Outcome::of(vec![matched], closeness)
    }

    fn tell(&mut self, matches: Vec<Match>) {
        for matched in matches {
            if !self.matches.contains(&matched) {
                self.matches.push(matched);
            }
        }
    }
}

struct ProfileGround<'a> {
    subject: &'a Subject<'a>,
    texts: OnceCell<Vec<(String, String, Folded)>>,
}

impl Ground for ProfileGround<'_> {
    fn test(&self, test: &Test, reach: Reach) -> Option<Outcome> {
        let subject = self.subject;
        match test {
            Test::Word(word) => self.word(word, reach),
            Test::Identity { namespace, values } => {
                let mut identities = subject.identities.iter();
                identities.find_map(|identity| identity_outcome(identity, namespace, values))
            }
            Test::Attribute { path, values, side } => {
                AttributeTest { path, values }.of_profile(subject.profile, *side)
            }
            Test::Count { of, values } => count(subject, *of, values),
            Test::When { of, values } => when(subject, *of, values),
            Test::Dataset(values) => named("dataset", subject.datasets, values),
            Test::Namespace(values) => {
                let codes = subject.identities.iter().map(|i| i.namespace.as_str());
                named("ns", codes, values)
            }
            Test::Conflict(path) => conflict(subject.profile, path),
            Test::Event { kinds, filter } => match filter {
                None => named("event", subject.event_kinds, kinds),
                Some(filter) => event(subject.events, kinds, filter),
            },
        }
    }
}

impl ProfileGround<'_> {
    /// The text that a word comes closest to.
    fn word(&self, word: &Word, reach: Reach) -> Option<Outcome> {
        let texts = self.texts.get_or_init(|| texts(self.subject));
        let sought = Sought::new(word, reach);
        let near = texts.iter().filter_map(|(path, text, folded)| {
            let closeness = match sought.closeness(folded)? {
                Closeness::ExactValue if path == "identity" => Closeness::ExactIdentity,
                closeness => closeness,
            };
            Some((closeness, path, text))
        });
        let (closeness, path, text) = near.min_by_key(|(closeness, ..)| *closeness)?;
        Some(Outcome::one(path, text.as_str(), closeness))
    }
}

/// What words look at, with the path and the text to show.
fn texts(subject: &Subject<'_>) -> Vec<(String, String, Folded)> {
    let mut texts = Vec::new();
    for identity in subject.identities {
        let folded = Folded::of(&identity.value);
        texts.push(("identity".to_owned(), identity.to_string(), folded));
    }
    for leaf in &subject.profile.leaves {
        let mut keys: Vec<&str> = leaf.path.keys().iter().map(String::as_str).collect();
        each_scalar(&mut keys, &leaf.value, &mut |keys, value| {
            if is_searched(keys) {
                let text = text_of(value).into_owned();
                let folded = Folded::of(&text);
                texts.push((leaf.path.to_string(), text, folded));
            }
        });
    }
    texts
}

/// An identity of this namespace with one of these values; values are exact, but where a wildcard says otherwise.
pub(super) fn identity_outcome(
    identity: &Identity,
    namespace: &str,
    values: &Values,
) -> Option<Outcome> {
    if !same_code(&identity.namespace, namespace) {
        return None;
    }
    let closeness = match values {
        Values::Present => Closeness::Inside,
        Values::OneOf(wanted) => {
            let near = wanted.iter().filter_map(|one| match one {
                Wanted::Like(pattern) => match pattern.literal() {
                    Some(literal) => {
                        (literal == identity.value).then_some(Closeness::ExactIdentity)
                    }
                    None => pattern
                        .matches(&identity.value)
                        .then(|| closeness_of(pattern)),
                },
                _ => None,
            });
            near.min()?
        }
    };
    Some(Outcome::one("identity", identity.to_string(), closeness))
}

/// Whether two codes name the same namespace, case aside.
pub fn same_code(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || a.to_lowercase() == b.to_lowercase()
}

fn count(subject: &Subject<'_>, of: Counted, values: &Values) -> Option<Outcome> {
    let (name, count) = match of {
        Counted::Identities => ("ids", subject.identities.len() as u64),
        Counted::Events => ("events", subject.event_count),
        Counted::Fragments => ("fragments", subject.fragments),
    };
    is_counted(count, values).then(|| Outcome::one(name, count, Closeness::ExactIdentity))
}

/// Whether a number of something is wanted.
pub fn is_counted(count: u64, values: &Values) -> bool {
    let text = count.to_string();
    match values {
        Values::Present => count > 0,
        Values::OneOf(wanted) => wanted
            .iter()
            .any(|wanted| wanted.accepts(|operand| operand.compare(&text))),
    }
}

fn when(subject: &Subject<'_>, of: Seen, values: &Values) -> Option<Outcome> {
    let (name, moment) = match of {
        Seen::First => ("first", subject.first?),
        Seen::Last | Seen::Event => ("seen", subject.last?),
    };
    is_when(moment, values)
        .then(|| Outcome::one(name, moment.to_string(), Closeness::ExactIdentity))
}

/// Whether a moment is wanted.
pub fn is_when(moment: Moment, values: &Values) -> bool {
    match values {
        Values::Present => true,
        Values::OneOf(wanted) => wanted
            .iter()
            .any(|wanted| wanted.accepts(|operand| operand.compare_moment(moment))),
    }
}

fn named<N: AsRef<str>>(
    path: &str,
    names: impl IntoIterator<Item = N>,
    values: &Values,
) -> Option<Outcome> {
    let mut names = names.into_iter();
    let found = names.find(|name| is_named(name.as_ref(), values))?;
    Some(Outcome::one(path, found.as_ref(), Closeness::ExactIdentity))
}

/// Whether a name is wanted, case aside.
pub fn is_named(name: &str, values: &Values) -> bool {
    match values {
        Values::Present => true,
        Values::OneOf(wanted) => wanted
            .iter()
            .any(|one| matches!(one, Wanted::Like(pattern) if pattern.matches(name))),
    }
}

fn conflict(profile: &Profile, path: &PathPattern) -> Option<Outcome> {
    let disputed = profile.leaves.iter().filter(|leaf| leaf.conflict);
    let mut matches = Vec::new();
    for leaf in disputed {
        let keys: Vec<&str> = leaf.path.keys().iter().map(String::as_str).collect();
        if path.ends(&keys) {
            matches.push(Match {
                path: leaf.path.to_string(),
                value: leaf.value.clone(),
                winning: true,
            });
        }
    }
    (!matches.is_empty()).then_some(Outcome::of(matches, Closeness::ExactIdentity))
}

fn event(events: &[Event], kinds: &Values, filter: &Expr) -> Option<Outcome> {
    let of_kind = events.iter().filter(|event| match &event.kind {
        Some(kind) => is_named(kind, kinds),
        None => *kinds == Values::Present,
    });
    let mut matching = of_kind.filter(|event| evaluate_event(filter, event).is_some());
    let kind = matching.next()?.kind.clone();
    let kind = kind.as_deref().unwrap_or("");
    Some(Outcome::one("event", kind, Closeness::ExactIdentity))
}
