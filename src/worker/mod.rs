//! Jobs off the screen's thread: lanes for questions, where the newest of a slot wins, and a lane for changes.

mod answer;
mod change;
mod export;
mod index;
mod lane;
mod message;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crossbeam_channel::Sender;

use crate::config::KeptFile;

use answer::Desk;
use index::SharedIndex;
use lane::{Job, Lane, Wanted};
pub use message::*;

/// Answers questions about one store, and changes it, on threads of its own.
pub struct Worker {
    /// What a key waits for: a profile, a page of events, a graph.
    questions: Arc<Lane>,
    /// The result list, which a large store takes longer over.
    searches: Arc<Lane>,
    /// What is small and helps while one types or scrolls.
    hints: Arc<Lane>,
    /// The overview and the facets, which look at everybody.
    overviews: Arc<Lane>,
    /// What the analyst keeps.
    keeping: Arc<Lane>,
    /// Profiles that are written into files.
    exports: Arc<Lane>,
    changes: Arc<Lane>,
    /// Ends the making of an index.
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts the threads; what they find goes to `notices`. The store need not exist yet.
    pub fn start(store: &Path, notices: &Sender<Notice>) -> Worker {
        let (missed, misses) = crossbeam_channel::bounded(1);
        let index = SharedIndex::new(missed);
        let mut threads = Vec::new();
        let mut run = |work: Box<Work>| {
            let lane = Arc::new(Lane::default());
            let (own, store, notices) = (Arc::clone(&lane), store.to_owned(), notices.clone());
            threads.push(thread::spawn(move || work(&own, &store, &notices)));
            lane
        };
        let answering = || -> Box<Work> {
            let index = index.clone();
            Box::new(move |lane, store, notices| {
                answer_questions(lane, Desk::new(store.to_owned(), index.clone()), notices);
            })
        };
        let (questions, searches) = (run(answering()), run(answering()));
        let (hints, overviews) = (run(answering()), run(answering()));
        let (keeping, exports) = (run(Box::new(keep)), run(Box::new(export::write_out)));
        let changes = run(Box::new(make_changes));
        let stop = Arc::new(AtomicBool::new(false));
        threads.push(thread::spawn({
            let (store, stop, notices) = (store.to_owned(), Arc::clone(&stop), notices.clone());
            move || index::make(&store, &misses, &stop, &notices)
        }));
        Worker {
            questions,
            searches,
            hints,
            overviews,
            keeping,
            exports,
            changes,
            stop,
            threads,
        }
    }

    /// Asks; an older question of the same slot is stale from now on.
    pub fn ask(&self, slot: Slot, question: Question) {
        let lane = match question {
            _ if question.is_change() => &self.changes,
            Question::Search { .. } | Question::Everybody { .. } | Question::Recent { .. } => {
                &self.searches
            }
            Question::Complete { .. } | Question::Cells { .. } | Question::Vocabulary => {
                &self.hints
            }
            Question::Stats { .. } | Question::Facets { .. } | Question::Population { .. } => {
                &self.overviews
            }
            Question::Keep(_) => &self.keeping,
            Question::Export(_) => &self.exports,
            _ => &self.questions,
        };
        lane.ask(Job {
            slot,
            question: Arc::new(question),
        });
    }

    /// Takes back what was asked in a slot; an import that runs is rolled back.
    pub fn cancel(&self, slot: Slot) {
        for lane in self.lanes() {
            lane.cancel(slot);
        }
    }

    fn lanes(&self) -> [&Lane; 7] {
        [
            &self.questions,
            &self.searches,
            &self.hints,
            &self.overviews,
            &self.keeping,
            &self.exports,
            &self.changes,
        ]
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for lane in self.lanes() {
            lane.close();
        }
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// What the thread of a lane does until the lane is closed.
type Work = dyn Fn(&Lane, &Path, &Sender<Notice>) + Send;

fn answer_questions(lane: &Lane, mut desk: Desk, notices: &Sender<Notice>) {
    while let Some(job) = lane.next(|| desk.interrupter()) {
        let start = Instant::now();
        // A list is painted with what is found first; the rest, and the count of all, follow.
        let mut early = |answer| {
            if lane.still() == Wanted::Yes {
                let _ = notices.send(Notice::Reply(Reply {
                    slot: job.slot,
                    question: Arc::clone(&job.question),
                    answer: Ok(answer),
                    elapsed: start.elapsed(),
                    is_last: false,
                }));
            }
        };
        let answer = desk.answer(&job.question, &mut early);
        reply(lane, job, answer, start, notices);
    }
}

/// Keeps what the analyst wants kept; nothing of it is worth an interruption.
fn keep(lane: &Lane, store: &Path, notices: &Sender<Notice>) {
    let file = KeptFile::beside(store);
    while let Some(job) = lane.next(|| Box::new(|| ())) {
        let start = Instant::now();
        let answer = match job.question.as_ref() {
            Question::Keep(changes) => file.change(changes).map(Answer::Kept),
            _ => file.read().map(Answer::Kept),
        };
        reply(
            lane,
            job,
            answer.map_err(|error| error.to_string()),
            start,
            notices,
        );
    }
}

fn make_changes(lane: &Lane, store: &Path, notices: &Sender<Notice>) {
    let stop = Arc::new(AtomicBool::new(false));
    let interrupter = || -> lane::Interrupt {
        stop.store(false, Ordering::Relaxed);
        let stop = Arc::clone(&stop);
        Box::new(move || stop.store(true, Ordering::Relaxed))
    };
    while let Some(job) = lane.next(interrupter) {
        let start = Instant::now();
        let answer = change::make(store, &job.question, &stop, notices);
        let has_changed = answer.is_ok();
        reply(lane, job, answer, start, notices);
        if has_changed {
            let _ = notices.send(Notice::Changed);
        }
    }
}

/// Sends an answer that is still wanted; the screen may be gone, which ends the lane soon after.
fn reply(
    lane: &Lane,
    job: Job,
    answer: Result<Answer, String>,
    start: Instant,
    notices: &Sender<Notice>,
) {
    let is_change = job.question.is_change();
    if lane.finish() == Wanted::No && !is_change {
        return;
    }
    let _ = notices.send(Notice::Reply(Reply {
        slot: job.slot,
        question: job.question,
        answer,
        elapsed: start.elapsed(),
        is_last: true,
    }));
}
