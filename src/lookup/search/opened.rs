//! Folding documents of the index from their digests: what it leaves open, and what a list shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::digested::{Digested, digested, last_event};
use super::folded::{events_of, outcome};
use super::ranking::Rank;
use super::tally::{Counted, Tally};
use super::{Asked, any_test, asks_for_events, asks_what_events_say};
use crate::index::{Digest, DigestReader, Doc, Docs, Gate, IndexError, Lone, Segment, Wanted};
use crate::lookup::error::Result;
use crate::merge;
use crate::model::{Identity, ProfileAnswer, Stitching};
use crate::query::{Outcome, Reach, Sort, SortBy, Test, is_searched};
use crate::store::View;

/// Fewer documents than these are not worth a second thread.
const FEW: usize = 64;

/// What is asked of each document.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub asked: &'a Asked<'a>,
    pub reach: Reach,
    pub sort: Option<&'a Sort>,
}

impl<'a> Asked<'a> {
    /// What is asked of each document, within a reach and in an order.
    pub fn question(&'a self, reach: Reach, sort: Option<&'a Sort>) -> Question<'a> {
        Question {
            asked: self,
            reach,
            sort,
        }
    }
}

/// Documents of a segment that are to be folded.
pub(super) struct Open<'a> {
    place: usize,
    segment: &'a Segment,
    /// In the order in which their digests lie.
    pub docs: Vec<Doc>,
    /// The paths of their digests that are looked at, by number; `None` is all.
    wanted: Option<Vec<bool>>,
    /// What the fragments of an identity must say, where nothing is stitched.
    gate: Option<Gate<'a>>,
}

impl<'a> Question<'a> {
    /// Documents of the segment at a place.
    pub fn open(&self, (place, segment): (usize, &'a Segment), docs: &Docs) -> Result<Open<'a>> {
        let mut open = Open {
            place,
            segment,
            docs: docs.iter().collect(),
            wanted: None,
            gate: None,
        };
        if open.docs.is_empty() {
            return Ok(open);
        }
        let digests = segment.digests()?;
        open.docs.sort_by_cached_key(|doc| digests.place(*doc));
        if self.sort.is_none_or(|sort| sort.by != SortBy::Name) {
            open.wanted = Some(digests.deciding(|keys| self.looks_at(keys)));
        }
        if self.asked.policy.stitching == Stitching::None {
            open.gate = self.gate(&digests);
        }
        Ok(open)
    }

    /// What each identity is asked before it is folded; who has one fragment need not be, but for an order or for empty values.
    fn gate(&self, digests: &DigestReader<'_>) -> Option<Gate<'a>> {
        let gate = digests.gate(&self.asked.query.expr)?;
        let is_plain = self.sort.is_none() && !self.asked.policy.options.empty_as_null;
        Some(if is_plain { gate } else { gate.folding_all() })
    }

    /// Counts the profiles of documents that match, and keeps so many of them that stand first.
    pub fn tally(
        &self,
        view: View<'_>,
        open: &Open<'_>,
        docs: &[Doc],
        most: usize,
    ) -> Result<Tally> {
        let counted = self.in_threads(view, docs, |docs, view, stop| {
            let mut tally = Tally::new(most);
            self.each(open, docs, view, stop, |counted| {
                tally.add(counted, self.sort);
            })?;
            Ok(tally)
        })?;
        let mut all = Tally::new(most);
        for tally in counted {
            all.join(tally, self.sort);
        }
        Ok(all)
    }

    /// The documents of which some profile matches.
    pub fn matching(&self, view: View<'_>, open: &Open<'_>, docs: &[Doc]) -> Result<Vec<Doc>> {
        let found = self.in_threads(view, docs, |docs, view, stop| {
            let mut found = Vec::new();
            self.each(open, docs, view, stop, |counted| found.push(counted.doc))?;
            Ok(found)
        })?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Divides documents among threads, where none needs the store to read what events say.
    fn in_threads<T: Send>(
        &self,
        view: View<'_>,
        docs: &[Doc],
        work: impl Fn(&[Doc], Option<View<'_>>, &AtomicBool) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let stop = view.stop();
        if asks_what_events_say(&self.asked.query.expr) {
            return Ok(vec![work(docs, Some(view), stop)?]);
        }
        if docs.len() < FEW {
            return Ok(vec![work(docs, None, stop)?]);
        }
        let threads = thread::available_parallelism().map_or(1, usize::from);
        let (share, work) = (docs.len().div_ceil(threads), &work);
        thread::scope(|scope| {
            let shares = docs.chunks(share);
            let running: Vec<_> = shares
                .map(|docs| scope.spawn(move || work(docs, None, stop)))
                .collect();
            let ended = running.into_iter().map(|thread| {
                let lost = |_| Err(IndexError::Stopped.into());
                thread.join().unwrap_or_else(lost)
            });
            ended.collect()
        })
    }

    /// Folds documents, as far as the question looks at them, and hands over what matches.
    fn each(
        &self,
        open: &Open<'_>,
        docs: &[Doc],
        view: Option<View<'_>>,
        stop: &AtomicBool,
        mut visit: impl FnMut(Counted),
    ) -> Result<()> {
        let mut reader = open.segment.digests()?;
        reader.only(Wanted {
            paths: open.wanted.as_deref(),
            no_kinds: !asks_for_events(&self.asked.query.expr),
        });
        for doc in docs {
            if stop.load(Ordering::Relaxed) {
                return Err(IndexError::Stopped.into());
            }
            let counted = |rank, entity| Counted {
                rank,
                entity,
                place: open.place,
                doc: *doc,
            };
            let (digest, lone) = match &open.gate {
                Some(gate) => reader.read_through(gate, *doc)?,
                None => (reader.read(*doc)?, Vec::new()),
            };
            for (rank, entity) in lone.into_iter().filter_map(|lone| self.lone(lone)) {
                visit(counted(rank, entity));
            }
            for (profile, outcome) in self.folded(&digest, view)? {
                if let Some(outcome) = outcome {
                    let rank = Rank::of(&profile, self.sort, outcome.closeness);
                    visit(counted(rank, profile.entity_id));
                }
            }
        }
        Ok(())
    }

    /// Who matches by an only fragment, where the policy sees that one.
    fn lone(&self, lone: Lone) -> Option<(Rank, Identity)> {
        let policy = self.asked.policy;
        let rank = Rank {
            closeness: lone.closeness,
            key: None,
            last: last_event(&lone.known, policy),
        };
        let entity = Arc::unwrap_or_clone(lone.known.identity);
        merge::is_seen(&lone.dataset, policy).then_some((rank, entity))
    }

    /// Whether what stands at a path can decide whether a profile matches, or where it stands in the order.
    fn looks_at(&self, keys: &[&str]) -> bool {
        let is_sorted_by = self.sort.is_some_and(
            |sort| matches!(&sort.by, SortBy::Attribute(pattern) if pattern.ends(keys)),
        );
        is_sorted_by
            || any_test(&self.asked.query.expr, &|test| match test {
                Test::Word(_) => is_searched(keys),
                Test::Attribute { path, .. } => path.ends(keys) || path.holds(keys),
                Test::Conflict(path) => path.ends(keys),
                _ => false,
            })
    }

    /// The profiles of a document, and what of each matches; what events say takes the store.
    pub fn profiles(
        &self,
        reader: &mut DigestReader<'_>,
        doc: Doc,
        view: Option<View<'_>>,
    ) -> Result<Vec<(ProfileAnswer, Option<Outcome>)>> {
        self.folded(&reader.read(doc)?, view)
    }

    fn folded(
        &self,
        digest: &Digest,
        view: Option<View<'_>>,
    ) -> Result<Vec<(ProfileAnswer, Option<Outcome>)>> {
        let Asked { policy, query, .. } = self.asked;
        let mut profiles = Vec::new();
        for Digested { profile, kinds } in digested(digest, policy) {
            let events = match view {
                Some(view) => events_of(view, &profile, policy)?,
                None => Vec::new(),
            };
            let outcome = outcome(query, &profile, (&events, &kinds), self.reach);
            profiles.push((profile, outcome));
        }
        Ok(profiles)
    }
}
