//! Writing folded profiles out, one after the other, in as little memory as one of them takes.

use std::collections::HashSet;
use std::io::{self, Write};
use std::ops::ControlFlow;

use super::error::LookupError;
use super::export_form::{ExportForm, Sheet};
use super::indexing::index_of;
use super::profile::profile;
use super::read::parsed;
use super::search::{Rank, SearchRequest, candidates, documents, has_words, matches, profiles_of};
use crate::model::{ClusterId, Identity, MergePolicy, Moment, ProfileAnswer};
use crate::query::{Query, Reach, Sort};
use crate::store::{StoreError, View};

/// Whose profiles are wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// Those that match a query; without an order, the last active first.
    Matching {
        /// The query as typed.
        query: String,
        /// A sort key, `-` before it is descending; the keys of all that match are held in memory.
        sort: Option<String>,
    },
    /// These, in this order.
    These(Vec<Identity>),
}

/// What is wanted.
#[derive(Clone, Debug)]
pub struct ExportRequest {
    /// Whose profiles.
    pub who: Who,
    /// How many at most.
    pub limit: Option<u64>,
    /// How they are written.
    pub form: ExportForm,
    /// The moment that ages count from.
    pub now: Moment,
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// How many profiles.
    pub profiles: u64,
    /// How near the words of the query had to come.
    pub reach: Reach,
}

/// Why an export ended before its end.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The question could not be answered.
    #[error(transparent)]
    Lookup(#[from] LookupError),
    /// The profiles found no room.
    #[error("cannot write the profiles; look at where they go")]
    Write(#[from] io::Error),
    /// The file is there already.
    #[error("{0} is there already, and is not overwritten; name another file")]
    Exists(String),
    /// The file cannot be made.
    #[error("cannot write {path}; look at the path and its permissions")]
    File {
        /// Where.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Whoever asked does not want it any more.
    #[error("the export was stopped")]
    Stopped,
}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> ExportError {
        ExportError::Lookup(error.into())
    }
}

type Result<T> = std::result::Result<T, ExportError>;

/// Hears how many are written, and says whether to go on.
pub type Progress<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

/// Writes the profiles that are wanted under a policy.
pub fn export(
    view: View<'_>,
    request: &ExportRequest,
    policy: &MergePolicy,
    out: &mut dyn Write,
    progress: Progress<'_>,
) -> Result<Exported> {
    let sheet = Sheet::begin(view, &request.form, out)?;
    let mut export = Export {
        view,
        policy,
        sheet,
        progress,
        written: 0,
        limit: request.limit.unwrap_or(u64::MAX),
        now: request.now,
    };
    let reach = match &request.who {
        Who::These(identities) => {
            export.these(identities)?;
            Reach::Exact
        }
        Who::Matching { query, sort } => {
            let query = parsed(view, query, request.now)?;
            let sort = sort.as_deref().and_then(|sort| sort.parse().ok());
            export.matching(&query, sort.as_ref())?
        }
    };
    export.sheet.finish()?;
    Ok(Exported {
        profiles: export.written,
        reach,
    })
}

/// An export under way.
struct Export<'a, 'o, 'p> {
    view: View<'a>,
    policy: &'a MergePolicy,
    sheet: Sheet<'o>,
    progress: Progress<'p>,
    written: u64,
    limit: u64,
    now: Moment,
}

impl<'a> Export<'a, '_, '_> {
    fn these(&mut self, identities: &[Identity]) -> Result<()> {
        for identity in identities {
            let found = profile(self.view, identity, self.policy, Moment::MAX)?;
            if let Ok(answer) = found
                && self.put(answer)?.is_break()
            {
                break;
            }
        }
        Ok(())
    }

    /// Words match as loose subsequences only where nothing nearer does, as in a search.
    fn matching(&mut self, query: &Query, sort: Option<&Sort>) -> Result<Reach> {
        for reach in [Reach::Typos, Reach::Subsequences] {
            match sort {
                Some(sort) => self.sorted(query, reach, sort)?,
                None => {
                    let sought = self.sought(query);
                    each_match(self.view, &sought, reach, |answer| self.put(answer))?;
                }
            }
            if self.written > 0 || !has_words(&query.expr) {
                return Ok(reach);
            }
        }
        Ok(Reach::Subsequences)
    }

    fn sorted(&mut self, query: &Query, reach: Reach, sort: &Sort) -> Result<()> {
        let mut places = Vec::new();
        each_match(self.view, &self.sought(query), reach, |answer| {
            places.push((Rank::in_order(&answer, sort), answer.entity_id));
            Result::Ok(ControlFlow::Continue(()))
        })?;
        places.sort_by(|(a, one), (b, other)| {
            let order = a.compare(b, Some(sort));
            order.then_with(|| one.cmp(other))
        });
        let identities: Vec<_> = places.into_iter().map(|(_, identity)| identity).collect();
        self.these(&identities)
    }

    fn sought<'q>(&self, query: &'q Query) -> Sought<'q>
    where
        'a: 'q,
    {
        Sought {
            query,
            policy: self.policy,
            now: self.now,
        }
    }

    fn put(&mut self, answer: ProfileAnswer) -> Result<ControlFlow<()>> {
        if self.written >= self.limit {
            return Ok(ControlFlow::Break(()));
        }
        self.sheet.put(answer)?;
        self.written += 1;
        match (self.progress)(self.written) {
            ControlFlow::Continue(()) => Ok(ControlFlow::Continue(())),
            ControlFlow::Break(()) => Err(ExportError::Stopped),
        }
    }
}

/// What is sought, and under which policy.
pub(super) struct Sought<'a> {
    pub query: &'a Query,
    pub policy: &'a MergePolicy,
    /// The moment that ages count from.
    pub now: Moment,
}

/// Folds the clusters that can match, last active first, and hands over the profiles that do.
pub(super) fn each_match<E: From<LookupError> + From<StoreError>>(
    view: View<'_>,
    sought: &Sought<'_>,
    reach: Reach,
    mut visit: impl FnMut(ProfileAnswer) -> std::result::Result<ControlFlow<()>, E>,
) -> std::result::Result<(), E> {
    let Sought { query, policy, .. } = sought;
    let everybody = query.is_empty();
    let wanted = wanted(view, sought)?;
    let is_wanted = |id| wanted.as_ref().is_none_or(|wanted| wanted.contains(&id));
    view.each_recent_cluster(|cluster| {
        if !is_wanted(cluster.id) {
            return Ok(ControlFlow::Continue(()));
        }
        for answer in profiles_of(view, cluster.id, policy)? {
            let is_match = everybody || matches(view, query, &answer, policy, reach)?.is_some();
            if is_match && visit(answer)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// The clusters that can match, as the index or the identities tell; `None` is every one.
fn wanted(
    view: View<'_>,
    sought: &Sought<'_>,
) -> std::result::Result<Option<HashSet<ClusterId>>, LookupError> {
    let query = sought.query;
    let Some(index) = index_of(view).filter(|_| !query.is_empty()) else {
        return candidates(view, &query.expr);
    };
    let request = SearchRequest::on_screen(&query.text, None, 0, 0, sought.now);
    let found = documents(view, &index, &request, sought.policy)?;
    let mut clusters = HashSet::new();
    for (segment, docs) in index.segments().iter().zip(&found) {
        for doc in docs.iter() {
            clusters.insert(segment.cluster(doc)?);
        }
    }
    Ok(Some(clusters))
}
