//! Folding documents of the index from their digests: what it leaves open, and what a list shows.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::digested::{Digested, digested};
use super::folded::{events_of, outcome};
use super::ranking::Ranked;
use super::{Asked, asks_what_events_say};
use crate::index::{DigestReader, Doc, IndexError, Segment};
use crate::lookup::error::Result;
use crate::model::ProfileAnswer;
use crate::query::{Outcome, Reach, Sort};
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

impl Question<'_> {
    /// The profiles of documents that match, on several threads where no event needs to be read.
    pub fn ranked(
        &self,
        view: View<'_>,
        segment: &Segment,
        docs: &[Doc],
    ) -> Result<Vec<(Doc, Ranked)>> {
        let stop = view.stop();
        if asks_what_events_say(&self.asked.query.expr) {
            return self.some(segment, docs, Some(view), stop);
        }
        let threads = match docs.len() {
            0..FEW => 1,
            _ => thread::available_parallelism().map_or(1, usize::from),
        };
        let share = docs.len().div_ceil(threads).max(1);
        let found: Vec<_> = thread::scope(|scope| {
            let running: Vec<_> = docs
                .chunks(share)
                .map(|docs| scope.spawn(move || self.some(segment, docs, None, stop)))
                .collect();
            let ended = running.into_iter();
            ended
                .map(|thread| thread.join().unwrap_or(Err(IndexError::Stopped.into())))
                .collect()
        });
        let mut all = Vec::new();
        for ranked in found {
            all.append(&mut ranked?);
        }
        Ok(all)
    }

    fn some(
        &self,
        segment: &Segment,
        docs: &[Doc],
        view: Option<View<'_>>,
        stop: &AtomicBool,
    ) -> Result<Vec<(Doc, Ranked)>> {
        let mut reader = segment.digests()?;
        let mut ranked = Vec::new();
        for doc in docs {
            if stop.load(Ordering::Relaxed) {
                return Err(IndexError::Stopped.into());
            }
            for (profile, outcome) in self.profiles(&mut reader, *doc, view)? {
                if let Some(Outcome { closeness, matches }) = outcome {
                    let profile = Ranked::of(&profile, self.sort, closeness, matches);
                    ranked.push((*doc, profile));
                }
            }
        }
        Ok(ranked)
    }

    /// The profiles of a document, and what of each matches; what events say takes the store.
    pub fn profiles(
        &self,
        reader: &mut DigestReader<'_>,
        doc: Doc,
        view: Option<View<'_>>,
    ) -> Result<Vec<(ProfileAnswer, Option<Outcome>)>> {
        let Asked { policy, query, .. } = self.asked;
        let mut profiles = Vec::new();
        for Digested { profile, kinds } in digested(&reader.read(doc)?, policy) {
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
