//! Who asked what: an answer goes to the screen that asked for it last, and to nobody else.

use std::collections::BTreeMap;

use crate::tui::message::{Desk, Route};
use crate::worker::{Question, Reply, Slot};

/// Who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// The app itself.
    App,
    /// The screen of this route.
    Screen(Route),
}

/// The newest question of each slot that is not answered yet, and those that are about to be asked.
#[derive(Debug, Default)]
pub struct Questions {
    pending: BTreeMap<Slot, (Asker, Question)>,
    waiting: BTreeMap<Slot, Question>,
}

impl Questions {
    /// Notes a question; it is asked with [`Questions::send`]. Returns the other asker whose question of the slot is lost by it.
    pub fn ask(&mut self, asker: &Asker, slot: Slot, question: Question) -> Option<Asker> {
        self.waiting.insert(slot, question.clone());
        let (lost, _) = self.pending.insert(slot, (asker.clone(), question))?;
        (lost != *asker).then_some(lost)
    }

    /// Asks what is waiting: of each slot only the newest, however many keys were pressed since.
    pub fn send(&mut self, desk: &dyn Desk) {
        for (slot, question) in std::mem::take(&mut self.waiting) {
            desk.ask(slot, question);
        }
    }

    /// Who is to have this answer; nobody, where a newer question has taken its place.
    pub fn answered(&mut self, reply: &Reply) -> Option<Asker> {
        let (_, question) = self.pending.get(&reply.slot)?;
        if *question != *reply.question {
            return None;
        }
        // The first rows of a list come before the others, and before all are counted.
        if reply.is_last {
            self.pending.remove(&reply.slot).map(|(asker, _)| asker)
        } else {
            self.pending
                .get(&reply.slot)
                .map(|(asker, _)| asker.clone())
        }
    }

    /// Whether this slot waits for an answer.
    pub fn awaits(&self, slot: Slot) -> bool {
        self.pending.contains_key(&slot)
    }

    /// Takes the questions of an asker back; how many there were.
    pub fn cancel(&mut self, asker: &Asker, desk: &dyn Desk) -> usize {
        let slots: Vec<Slot> = self
            .pending
            .iter()
            .filter(|(_, (other, _))| other == asker)
            .map(|(slot, _)| *slot)
            .collect();
        for slot in &slots {
            self.cancel_slot(*slot, desk);
        }
        slots.len()
    }

    /// Takes the question of a slot back. The answer may come all the same, as an import's does.
    pub fn cancel_slot(&mut self, slot: Slot, desk: &dyn Desk) {
        self.waiting.remove(&slot);
        if slot != Slot::Import {
            self.pending.remove(&slot);
        }
        desk.cancel(slot);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::worker::Answer;

    #[derive(Default)]
    struct Log(RefCell<Vec<(Slot, Question)>>);

    impl Desk for Log {
        fn ask(&self, slot: Slot, question: Question) {
            self.0.borrow_mut().push((slot, question));
        }
        fn cancel(&self, _slot: Slot) {}
    }

    fn policy(id: &str) -> Question {
        Question::DefaultPolicy(id.into())
    }

    fn reply(question: Question) -> Reply {
        Reply {
            slot: Slot::Policies,
            question: Arc::new(question),
            answer: Ok(Answer::Policies(Vec::new())),
            elapsed: Duration::ZERO,
            is_last: true,
        }
    }

    #[test]
    fn of_many_questions_of_a_slot_only_the_last_is_asked() {
        let (mut questions, log) = (Questions::default(), Log::default());
        for id in ["a", "b", "c"] {
            questions.ask(&Asker::App, Slot::Policies, policy(id));
        }
        questions.send(&log);
        questions.send(&log);
        assert_eq!(*log.0.borrow(), [(Slot::Policies, policy("c"))]);
    }

    #[test]
    fn only_the_newest_question_has_an_answer() {
        let mut questions = Questions::default();
        let search = Asker::Screen(Route::Search);
        assert_eq!(questions.ask(&search, Slot::Policies, policy("a")), None);
        assert_eq!(
            questions.ask(&Asker::App, Slot::Policies, policy("b")),
            Some(search)
        );
        assert_eq!(questions.answered(&reply(policy("a"))), None);
        let part = Reply {
            is_last: false,
            ..reply(policy("b"))
        };
        assert_eq!(questions.answered(&part), Some(Asker::App));
        assert_eq!(questions.answered(&reply(policy("b"))), Some(Asker::App));
        assert_eq!(questions.answered(&reply(policy("b"))), None);
    }
}
