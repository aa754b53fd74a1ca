//! Jobs off the screen's thread: lanes for questions, where the newest of a slot wins, and a lane for changes.

mod answer;
mod change;
mod index;
mod lane;
mod message;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use crossbeam_channel::Sender;

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
    /// The overview, which looks at everybody.
    overviews: Arc<Lane>,
    changes: Arc<Lane>,
    /// Ends the making of an index.
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Worker {
    /// Starts the threads; what they find goes to `notices`. The store need not exist yet.
    pub fn start(store: PathBuf, notices: Sender<Notice>) -> Worker {
        let lanes: [Arc<Lane>; 4] = std::array::from_fn(|_| Arc::default());
        let [questions, searches, overviews, changes] = lanes;
        let (missed, misses) = crossbeam_channel::bounded(1);
        let index = SharedIndex::new(missed);
        let mut threads: Vec<_> = [&questions, &searches, &overviews]
            .map(|lane| {
                let (lane, store) = (Arc::clone(lane), store.clone());
                let (index, notices) = (index.clone(), notices.clone());
                thread::spawn(move || answer_questions(&lane, Desk::new(store, index), &notices))
            })
            .into();
        let stop = Arc::new(AtomicBool::new(false));
        threads.push(thread::spawn({
            let (store, stop, notices) = (store.clone(), Arc::clone(&stop), notices.clone());
            move || index::make(&store, &misses, &stop, &notices)
        }));
        let lane = Arc::clone(&changes);
        threads.push(thread::spawn(move || make_changes(&lane, &store, &notices)));
        Worker {
            questions,
            searches,
            overviews,
            changes,
            stop,
            threads,
        }
    }

    /// Asks; an older question of the same slot is stale from now on.
    pub fn ask(&self, slot: Slot, question: Question) {
        let lane = match question {
            _ if question.is_change() => &self.changes,
            Question::Search { .. } => &self.searches,
            Question::Stats { .. } => &self.overviews,
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
}

impl Worker {
    fn lanes(&self) -> [&Lane; 4] {
        [
            &self.questions,
            &self.searches,
            &self.overviews,
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

fn answer_questions(lane: &Lane, mut desk: Desk, notices: &Sender<Notice>) {
    while let Some(job) = lane.next(|| desk.interrupter()) {
        let start = Instant::now();
        let answer = desk.answer(&job.question);
        reply(lane, job, answer, start, notices);
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
    }));
}
