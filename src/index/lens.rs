//! A policy as it looks at an index: what it knows from the index, and what only folding tells.

use std::sync::atomic::{AtomicBool, Ordering};

use super::IndexError;
use super::docs::Docs;
use super::layout::Subject;
use super::segment::Segment;
use super::standing::Unsure;
use crate::model::{MergePolicy, Stitching};

/// A policy, held against that of the index.
pub struct Lens<'a> {
    policy: &'a MergePolicy,
    of_index: &'a MergePolicy,
    stop: &'a AtomicBool,
    effort: Effort,
}

/// How far a search looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Words where tokens start, which takes no time: all matches that come as close as that, and some others.
    WordStarts,
    /// Everything.
    Full,
}

/// What a lens makes of a segment.
pub(super) struct LensView {
    /// The documents of which only folding says what wins; `None` where the index knows all winners.
    pub unsettled: Option<Docs>,
    /// The documents of which only folding says whether they are profiles.
    pub doubtful: Option<Docs>,
}

impl LensView {
    /// What the index is not sure of; `None` where it knows all.
    pub fn unsure(&self) -> Option<Unsure<'_>> {
        Some(Unsure {
            unsettled: self.unsettled.as_ref()?,
            doubtful: self.doubtful.as_ref()?,
        })
    }
}

impl<'a> Lens<'a> {
    /// How a policy looks at an index of this other one; `stop` ends the search.
    pub fn new(
        policy: &'a MergePolicy,
        of_index: &'a MergePolicy,
        stop: &'a AtomicBool,
    ) -> Lens<'a> {
        Lens {
            policy,
            of_index,
            stop,
            effort: Effort::Full,
        }
    }

    /// The same, looking no further than that.
    #[must_use]
    pub fn with(self, effort: Effort) -> Lens<'a> {
        Lens { effort, ..self }
    }

    pub(super) fn effort(&self) -> Effort {
        self.effort
    }

    /// Whether the index knows all winners of the policy.
    pub fn is_of_index(&self) -> bool {
        same_winners(self.policy, self.of_index)
    }

    pub(super) fn stitches(&self) -> bool {
        self.policy.stitching == Stitching::Pdg
    }

    pub(super) fn same_clock(&self) -> bool {
        self.policy.options.clock == self.of_index.options.clock
    }

    /// Ends a search that nobody waits for any more.
    pub(super) fn go_on(&self) -> Result<(), IndexError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(IndexError::Stopped);
        }
        Ok(())
    }

    pub(super) fn on(&self, segment: &Segment) -> Result<LensView, IndexError> {
        if self.is_of_index() {
            return Ok(LensView {
                unsettled: None,
                doubtful: None,
            });
        }
        let len = segment.len();
        if !self.stitches() {
            return Ok(LensView {
                unsettled: Some(Docs::all(len)),
                doubtful: Some(Docs::all(len)),
            });
        }
        let doubtful = self.partly_unseen(segment)?;
        let mut unsettled = segment.simple()?.others();
        unsettled.add(&doubtful);
        Ok(LensView {
            unsettled: Some(unsettled),
            doubtful: Some(doubtful),
        })
    }

    /// Documents with a source that one of the two policies leaves out.
    fn partly_unseen(&self, segment: &Segment) -> Result<Docs, IndexError> {
        let mut docs = Docs::none(segment.len());
        for (_, table) in segment.tables(|subject| *subject == Subject::Source)? {
            for at in 0..table.len() {
                let name = table.value(at).text;
                if !self.policy.sees(name) || !self.of_index.sees(name) {
                    table.docs(at).for_each(|(doc, _)| docs.insert(doc));
                }
            }
        }
        Ok(docs)
    }
}

/// Whether two policies make the same profiles, whatever they are called.
pub fn same_winners(a: &MergePolicy, b: &MergePolicy) -> bool {
    (a.stitching, &a.method, &a.order, &a.options) == (b.stitching, &b.method, &b.order, &b.options)
}
