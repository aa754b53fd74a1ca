//! Answering questions from the store, with what is worth keeping between two of them.

use std::path::PathBuf;

use super::index::SharedIndex;
use super::lane::Interrupt;
use super::{Answer, EventFilter, Question};
use crate::index::Index;
use crate::ingest;
use crate::lookup::{self, LookupError, Order, SearchRequest, Timeline};
use crate::model::{Found, Identity, MergePolicy, Moment};
use crate::store::{Reader, StoreError, Total, View};

/// One who answers: the store, opened on the first question, and the timeline that was last scrolled.
pub(super) struct Desk {
    store: PathBuf,
    index: SharedIndex,
    reader: Option<Reader>,
    timeline: Option<(TimelineKey, Timeline)>,
}

/// What a timeline was lined up for, and the state of the store at that moment.
#[derive(PartialEq)]
struct TimelineKey {
    identity: Identity,
    policy: MergePolicy,
    filter: EventFilter,
    generation: u64,
}

impl Desk {
    pub(super) fn new(store: PathBuf, index: SharedIndex) -> Desk {
        Desk {
            store,
            index,
            reader: None,
            timeline: None,
        }
    }

    /// What stops the question that is answered next.
    pub(super) fn interrupter(&mut self) -> Interrupt {
        match self.open() {
            Ok(reader) => {
                let handle = reader.interrupter();
                Box::new(move || handle.interrupt())
            }
            Err(_) => Box::new(|| ()),
        }
    }

    /// The answer, or one sentence that says what is wrong; `early` hears what is known before it.
    pub(super) fn answer(
        &mut self,
        question: &Question,
        early: &mut dyn FnMut(Answer),
    ) -> Result<Answer, String> {
        if let Question::Refused(file) = question {
            // A file beside the store: nothing of it is in there.
            let refused = ingest::refused(file).map(Answer::Refused);
            return refused.map_err(|error| sentence(&error));
        }
        self.try_answer(question, early)
            .map_err(|error| sentence(&error))
    }

    fn open(&mut self) -> Result<&Reader, StoreError> {
        match self.reader.take() {
            Some(reader) => Ok(self.reader.insert(reader)),
            None => Ok(self.reader.insert(Reader::open(&self.store)?)),
        }
    }

    fn try_answer(
        &mut self,
        question: &Question,
        early: &mut dyn FnMut(Answer),
    ) -> Result<Answer, LookupError> {
        self.open()?;
        let Desk {
            reader: Some(reader),
            timeline,
            index,
            ..
        } = self
        else {
            return Err(StoreError::Missing(self.store.clone()).into());
        };
        reader.snapshot(|view| match question {
            Question::Events {
                identity,
                policy,
                filter,
                offset,
                limit,
            } => {
                let key = TimelineKey {
                    identity: identity.clone(),
                    policy: lookup::policy_named(view, Some(policy))?,
                    filter: filter.clone(),
                    generation: view.total(Total::Generation)?,
                };
                events(view, timeline, key, *offset, *limit)
            }
            Question::Search { .. }
            | Question::Everybody { .. }
            | Question::Recent { .. }
            | Question::Facets { .. }
            | Question::Stats { .. }
            | Question::Population { .. }
            | Question::Complete { .. } => {
                listed(view, index.current(view).as_deref(), question, early)
            }
            _ => plain(view, question),
        })
    }
}

/// An error with its causes, as one sentence.
pub(super) fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        cause = error.source();
    }
    text
}

/// A page of the timeline that is lined up already, or of a new one.
fn events(
    view: View<'_>,
    kept: &mut Option<(TimelineKey, Timeline)>,
    key: TimelineKey,
    offset: u64,
    limit: u64,
) -> Result<Answer, LookupError> {
    if kept.as_ref().is_none_or(|(known, _)| *known != key) {
        let opened = Timeline::open(view, &key.identity, &key.policy, Moment::MAX)?;
        let mut timeline = match opened {
            Ok(timeline) => timeline,
            Err(miss) => return Ok(Answer::Events(Err(miss))),
        };
        let EventFilter { since, until, kind } = &key.filter;
        timeline.between(since.unwrap_or(Moment::MIN), until.unwrap_or(Moment::MAX));
        if let Some(kind) = kind {
            timeline.of_kind(view, kind)?;
        }
        *kept = Some((key, timeline));
    }
    match kept {
        Some((_, timeline)) => {
            let page = timeline.page(view, Order::Newest, offset, limit)?;
            Ok(Answer::Events(Ok(page)))
        }
        None => Err(LookupError::Unknown("the timeline is gone".into())),
    }
}

/// Answers what the index that all lanes share helps with; without it the answers are the same, only later.
fn listed(
    view: View<'_>,
    index: Option<&Index>,
    question: &Question,
    early: &mut dyn FnMut(Answer),
) -> Result<Answer, LookupError> {
    let named = |policy: &str| lookup::policy_named(view, Some(policy));
    let mut early = |answer| early(Answer::Search(answer));
    let early = &mut Some(&mut early as &mut dyn FnMut(_));
    Ok(match question {
        Question::Search {
            query,
            policy,
            sort,
            offset,
            limit,
        } => {
            let request = SearchRequest::on_screen(query, sort.as_deref(), *offset, *limit, now());
            let found = lookup::search_telling(view, index, &request, &named(policy)?, early);
            Answer::Search(found?)
        }
        Question::Everybody {
            query,
            policy,
            sort,
            offset,
            limit,
        } => {
            let request = SearchRequest::on_screen(query, sort.as_deref(), *offset, *limit, now());
            let (page, matching) = lookup::everybody(view, index, &request, &named(policy)?)?;
            Answer::Everybody(page, matching)
        }
        Question::Recent {
            first,
            policy,
            offset,
            limit,
        } => {
            let (page, policy) = ((*offset, *limit), named(policy)?);
            Answer::Search(lookup::recent(view, index, first, page, &policy, early)?)
        }
        _ => counted(view, index, question)?,
    })
}

/// Answers what everybody is counted for.
fn counted(
    view: View<'_>,
    index: Option<&Index>,
    question: &Question,
) -> Result<Answer, LookupError> {
    let named = |policy: &str| lookup::policy_named(view, Some(policy));
    Ok(match question {
        Question::Facets {
            query,
            policy,
            most,
        } => {
            let (asked, policy) = ((query.as_str(), *most), named(policy)?);
            Answer::Facets(lookup::facets(view, index, asked, now(), &policy)?)
        }
        Question::Stats { policy } => {
            Answer::Stats(Box::new(lookup::stats(view, index, &named(policy)?)?))
        }
        Question::Population { policies: [a, b] } => {
            let policies = [&named(a)?, &named(b)?];
            Answer::Population(Box::new(lookup::population(view, index, policies)?))
        }
        Question::Complete { query, cursor } => {
            Answer::Completion(lookup::complete(view, index, query, *cursor)?)
        }
        _ => plain(view, question)?,
    })
}

/// Answers everything that needs nothing but the store.
fn plain(view: View<'_>, question: &Question) -> Result<Answer, LookupError> {
    let named = |policy: &str| lookup::policy_named(view, Some(policy));
    Ok(match question {
        Question::Cells {
            identities,
            policy,
            columns,
        } => Answer::Cells(lookup::cells(view, identities, columns, &named(policy)?)?),
        Question::Vocabulary => Answer::Vocabulary(lookup::vocabulary(view)?),
        Question::Profile {
            identity,
            policy,
            as_of,
        } => {
            let at = as_of.unwrap_or(Moment::MAX);
            let found: Found<_> = lookup::profile(view, identity, &named(policy)?, at)?;
            Answer::Profile(found.map(Box::new))
        }
        Question::Graph { identity } => Answer::Graph(lookup::graph(view, identity)?),
        Question::Why { a, b: Some(b) } => Answer::Why(lookup::why(view, a, b)?),
        Question::Why { a, b: None } => Answer::Why(lookup::why_links(view, a)?),
        Question::Compare { identity, policies } => {
            let policies = policies
                .iter()
                .map(|id| named(id))
                .collect::<Result<Vec<_>, _>>()?;
            Answer::Compare(lookup::compare(view, identity, &policies, Moment::MAX)?)
        }
        _ => Answer::Policies(lookup::policies(view)?),
    })
}

pub(super) fn now() -> Moment {
    Moment::from(chrono::Utc::now())
}
