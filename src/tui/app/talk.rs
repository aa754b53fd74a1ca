//! What the app says in passing: toasts that go by themselves, and the list of all that was said.

use crate::model::Moment;

/// Milliseconds that a toast stays.
const STAYS: i64 = 2_000;

/// Messages that are remembered.
const MOST_MESSAGES: usize = 500;

/// Toasts that are seen at a time.
const MOST_TOASTS: usize = 3;

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Good to know.
    Note,
    /// Something is wrong.
    Warning,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// When.
    pub at: Moment,
    /// How much it matters.
    pub weight: Weight,
    /// One sentence.
    pub text: String,
}

/// Everything that was said, oldest first.
#[derive(Debug, Default)]
pub struct Talk {
    messages: Vec<Message>,
    fresh: usize,
}

impl Talk {
    /// Says something; the same again only makes it stay longer.
    pub fn say(&mut self, weight: Weight, text: String, now: Moment) {
        let toasts = self.toasts().iter().any(|message| message.text == text);
        if let Some(last) = self
            .messages
            .last_mut()
            .filter(|last| toasts && last.text == text)
        {
            last.at = now;
            return;
        }
        if self.messages.len() >= MOST_MESSAGES {
            self.messages.remove(0);
        }
        self.messages.push(Message {
            at: now,
            weight,
            text,
        });
        self.fresh = (self.fresh + 1).min(MOST_TOASTS).min(self.messages.len());
    }

    /// All that was said, oldest first.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// What is still to be seen, oldest first.
    pub fn toasts(&self) -> &[Message] {
        let hidden = self.messages.len() - self.fresh;
        self.messages.get(hidden..).unwrap_or_default()
    }

    /// When the next toast goes.
    pub fn ends_at(&self) -> Option<Moment> {
        let oldest = self.toasts().first()?;
        Some(Moment(oldest.at.0.saturating_add(STAYS)))
    }

    /// Lets toasts go whose time is over; whether one went.
    pub fn tick(&mut self, now: Moment) -> bool {
        let before = self.fresh;
        while self.ends_at().is_some_and(|end| end <= now) {
            self.fresh -= 1;
        }
        self.fresh != before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toast_goes_and_the_message_stays() {
        let mut talk = Talk::default();
        talk.say(Weight::Note, "copied".into(), Moment(0));
        talk.say(Weight::Warning, "lost".into(), Moment(500));
        assert_eq!(talk.ends_at(), Some(Moment(2_000)));
        assert!(!talk.tick(Moment(1_999)));
        assert!(talk.tick(Moment(2_000)));
        assert_eq!(talk.toasts().len(), 1);
        assert!(talk.tick(Moment(9_000)));
        assert_eq!(talk.ends_at(), None);
        assert_eq!(talk.messages().len(), 2);
    }

    #[test]
    fn the_same_again_is_said_once() {
        let mut talk = Talk::default();
        for moment in 0..5 {
            talk.say(Weight::Note, "not here".into(), Moment(moment));
        }
        assert_eq!(talk.messages().len(), 1);
        for moment in 0..1_000 {
            talk.say(Weight::Note, moment.to_string(), Moment(moment));
        }
        assert_eq!((talk.messages().len(), talk.toasts().len()), (500, 3));
    }
}
