//! A lane: one thread, one waiting job per slot, the newest question wins and the stale one is interrupted.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::{Question, Slot};

/// Stops the job that is running, from another thread.
pub(super) type Interrupt = Box<dyn Fn() + Send>;

/// The jobs of a lane, shared between those who ask and the thread that answers.
#[derive(Default)]
pub(super) struct Lane {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Job>,
    running: Option<Running>,
    is_closed: bool,
}

/// A question and the slot that its answer is for.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) slot: Slot,
    pub(super) question: Arc<Question>,
}

struct Running {
    slot: Slot,
    interrupt: Interrupt,
    is_stale: bool,
}

impl Lane {
    /// Lets a job wait in place of an older one of its slot; one that is running is interrupted.
    pub(super) fn ask(&self, job: Job) {
        let mut state = self.lock();
        state.drop_slot(job.slot);
        state.waiting.push(job);
        drop(state);
        self.wake.notify_one();
    }

    /// Takes back what was asked in a slot.
    pub(super) fn cancel(&self, slot: Slot) {
        self.lock().drop_slot(slot);
    }

    /// Ends the lane's thread after the job in hand, which is interrupted.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.is_closed = true;
        state.waiting.clear();
        if let Some(running) = &mut state.running {
            running.stop();
        }
        drop(state);
        self.wake.notify_all();
    }

    /// The next job, oldest first; `None` once the lane is closed.
    pub(super) fn next(&self, interrupt: impl FnOnce() -> Interrupt) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            if !state.waiting.is_empty() {
                let job = state.waiting.remove(0);
                state.running = Some(Running {
                    slot: job.slot,
                    interrupt: interrupt(),
                    is_stale: false,
                });
                return Some(job);
            }
            state = self
                .wake
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether the answer to the job in hand is still wanted.
    pub(super) fn still(&self) -> Wanted {
        match &self.lock().running {
            Some(running) if running.is_stale => Wanted::No,
            _ => Wanted::Yes,
        }
    }

    /// Ends the job in hand; whether its answer is still wanted.
    pub(super) fn finish(&self) -> Wanted {
        match self.lock().running.take() {
            Some(running) if running.is_stale => Wanted::No,
            _ => Wanted::Yes,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether somebody still waits for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Yes,
    No,
}

impl State {
    fn drop_slot(&mut self, slot: Slot) {
        self.waiting.retain(|job| job.slot != slot);
        if let Some(running) = self.running.as_mut().filter(|r| r.slot == slot) {
            running.stop();
        }
    }
}

impl Running {
    /// Called under the lane's lock, so that the interrupt can't hit the job after this one.
    fn stop(&mut self) {
        self.is_stale = true;
        (self.interrupt)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn job(slot: Slot) -> Job {
        Job {
            slot,
            question: Arc::new(Question::Policies),
        }
    }

    #[test]
    fn the_newest_question_of_a_slot_wins() {
        let lane = Lane::default();
        let stopped = Arc::new(AtomicUsize::new(0));
        let interrupt = || -> Interrupt {
            let stopped = Arc::clone(&stopped);
            Box::new(move || {
                stopped.fetch_add(1, Ordering::Relaxed);
            })
        };
        lane.ask(job(Slot::List));
        lane.ask(job(Slot::List));
        lane.ask(job(Slot::Preview));
        assert_eq!(lane.next(interrupt).unwrap().slot, Slot::List);
        lane.ask(job(Slot::Graph));
        assert_eq!(stopped.load(Ordering::Relaxed), 0);
        lane.ask(job(Slot::List));
        assert_eq!(stopped.load(Ordering::Relaxed), 1);
        assert_eq!(lane.finish(), Wanted::No);
        let order: Vec<_> = (0..3).map(|_| lane.next(interrupt).unwrap().slot).collect();
        assert_eq!(order, [Slot::Preview, Slot::Graph, Slot::List]);
        assert_eq!(lane.finish(), Wanted::Yes);
        lane.close();
        assert!(lane.next(interrupt).is_none());
    }
}
