//! Finding profiles: by the search index where it is current, else by candidates from the look-up tables, verified by folding.

mod candidates;
mod decided;
mod digested;
mod folded;
mod indexed;
mod matched;
mod opened;
mod plain;
mod ranking;
mod tally;

use std::time::{Duration, Instant};

use super::error::Result;
use super::indexing::{index_of, trusted};
use super::read::parsed;
use super::recent::recent;
use crate::index::{Docs, Index};
use crate::model::{MergePolicy, Moment, SearchAnswer};
use crate::query::{self, Expr, Query, Test};
use crate::store::View;
pub(super) use candidates::candidates;
pub(super) use decided::{all_are_profiles, profile_count};
pub(super) use digested::digested;
pub(super) use folded::{hit, listed_profiles_of, matches, profiles_of};
pub(super) use indexed::FIRST_ROWS;
pub(super) use matched::each_indexed;
pub(super) use ranking::Rank;

/// How long the search box waits before a count is given as a lower bound.
const SCREEN_PATIENCE: Duration = Duration::from_millis(400);

/// What is asked.
#[derive(Clone, Debug)]
pub struct SearchRequest {
    /// The query as typed.
    pub query: String,
    /// A sort key, `-` before it is descending; `None` is by closeness.
    pub sort: Option<String>,
    /// Place of the first profile that is wanted, from 0.
    pub offset: u64,
    /// How many are wanted at most.
    pub limit: u64,
    /// After this time the count is given as a lower bound; `None` counts to the end.
    pub patience: Option<Duration>,
    /// The moment that ages count from.
    pub now: Moment,
}

impl SearchRequest {
    /// What the search box asks: the first answer soon, the count as far as it came by then.
    pub fn on_screen(
        query: &str,
        sort: Option<&str>,
        offset: u64,
        limit: u64,
        now: Moment,
    ) -> SearchRequest {
        SearchRequest {
            query: query.to_owned(),
            sort: sort.map(str::to_owned),
            offset,
            limit,
            patience: Some(SCREEN_PATIENCE),
            now,
        }
    }
}

/// Finds the profiles that match a query under a policy, by the index beside the store where it is current.
pub fn search(
    view: View<'_>,
    request: &SearchRequest,
    policy: &MergePolicy,
) -> Result<SearchAnswer> {
    search_in(view, index_of(view).as_ref(), request, policy)
}

/// The same by an index that was opened before and is current; without one by the slow way, which gives the same answers.
pub fn search_in(
    view: View<'_>,
    index: Option<&Index>,
    request: &SearchRequest,
    policy: &MergePolicy,
) -> Result<SearchAnswer> {
    search_telling(view, index, request, policy, &mut None)
}

/// Hears what a search knows before it has looked at everything: the first rows, and a count that still grows.
pub type Early<'a> = Option<&'a mut dyn FnMut(SearchAnswer)>;

/// The same, telling early what is known, if that is sooner than the answer.
pub fn search_telling(
    view: View<'_>,
    index: Option<&Index>,
    request: &SearchRequest,
    policy: &MergePolicy,
    early: &mut Early<'_>,
) -> Result<SearchAnswer> {
    let start = Instant::now();
    let query = parsed(view, &request.query, request.now)?;
    let mut answer = SearchAnswer {
        query: request.query.clone(),
        policy: policy.name.clone(),
        total: 0,
        exact: true,
        elapsed_ms: 0.0,
        offset: request.offset,
        notes: Vec::new(),
        profiles: Vec::new(),
    };
    let asked = Asked {
        request,
        policy,
        query: &query,
    };
    if query.is_empty() && request.sort.is_none() {
        let page = (request.offset, request.limit);
        answer = recent(view, index, &[], page, policy, early)?;
        answer.query.clone_from(&request.query);
    } else {
        let answered = match index {
            Some(index) => {
                let answered = indexed::matching(view, index, &asked, &mut answer, early);
                trusted(view, answered)?
            }
            None => None,
        };
        if answered.is_none() {
            plain::matching(view, &asked, &mut answer)?;
        }
    }
    if answer.total == 0 {
        answer.notes = unknown_paths(view, &query.expr)?;
    }
    answer.elapsed_ms = start.elapsed().as_secs_f64() * 1000.0;
    Ok(answer)
}

/// The documents of every segment of an index that match a query, for [`crate::index::counts`] to count what they are made of.
pub fn documents(
    view: View<'_>,
    index: &Index,
    request: &SearchRequest,
    policy: &MergePolicy,
) -> Result<Vec<Docs>> {
    let query = parsed(view, &request.query, request.now)?;
    let asked = Asked {
        request,
        policy,
        query: &query,
    };
    indexed::docs(view, index, &asked)
}

/// A request that was understood.
struct Asked<'a> {
    request: &'a SearchRequest,
    policy: &'a MergePolicy,
    query: &'a Query,
}

/// Paths of the query that no profile has, each with the nearest ones.
fn unknown_paths(view: View<'_>, expr: &Expr) -> Result<Vec<String>> {
    let known = view.paths()?;
    let notes = query::wanted_paths(expr).into_iter().filter_map(|wanted| {
        let is_known = known.iter().any(|path| {
            let keys: Vec<&str> = path.0.iter().map(String::as_str).collect();
            wanted.holds(&keys)
        });
        let near = query::nearest_paths(wanted, &known);
        let near: Vec<String> = near.iter().map(|path| format!("`{path}`")).collect();
        (!is_known).then(|| match near.as_slice() {
            [] => format!("no profile has an attribute `{}`", wanted.path()),
            near => format!(
                "no profile has an attribute `{}`; nearest: {}",
                wanted.path(),
                near.join(", ")
            ),
        })
    });
    Ok(notes.collect())
}

/// What is said of results that are further off than anybody may expect.
fn loosely() -> String {
    "nothing holds these words as they stand; these hold their letters in order".into()
}

pub(super) fn has_words(expr: &Expr) -> bool {
    any_test(expr, &|test| matches!(test, Test::Word(_)))
}

fn asks_for_events(expr: &Expr) -> bool {
    any_test(expr, &|test| matches!(test, Test::Event { .. }))
}

/// Whether it asks for more of events than their types.
fn asks_what_events_say(expr: &Expr) -> bool {
    any_test(expr, &|test| {
        matches!(
            test,
            Test::Event {
                filter: Some(_),
                ..
            }
        )
    })
}

fn any_test(expr: &Expr, is_such: &dyn Fn(&Test) -> bool) -> bool {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(|part| any_test(part, is_such)),
        Expr::Not(inner) => any_test(inner, is_such),
        Expr::Term(term) => is_such(&term.test),
    }
}
