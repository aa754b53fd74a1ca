//! What the app keeps for the analyst between sessions: saved searches, stars, who was looked at.

use crate::config::{Keep, SavedSearch};
use crate::model::Identity;
use crate::tui::action::Action;
use crate::tui::message::{Place, Route};
use crate::worker::{Answer, Question, Reply, Slot};

use super::App;
use super::questions::Asker;

impl App {
    /// Keeps something: it holds at once, and is written in the background.
    pub(super) fn keep(&mut self, change: Keep) {
        self.ctx.kept.apply(change.clone());
        self.unkept.push(change);
        self.keep_all();
    }

    /// Asks for what is kept, after all changes that are not written yet.
    pub(super) fn keep_all(&mut self) {
        let question = Question::Keep(self.unkept.clone());
        self.questions.ask(&Asker::App, Slot::Kept, question);
    }

    pub(super) fn take_kept(&mut self, reply: &Reply) {
        if let Question::Keep(written) = reply.question.as_ref() {
            self.unkept.drain(..written.len().min(self.unkept.len()));
        }
        match &reply.answer {
            Ok(Answer::Kept(kept)) => {
                self.ctx.kept = kept.clone();
                for change in &self.unkept {
                    self.ctx.kept.apply(change.clone());
                }
            }
            Ok(_) => {}
            Err(words) => self.warn(format!("not kept: {words}")),
        }
        if !self.has_kept {
            self.has_kept = true;
            self.refresh();
        }
    }

    /// Stars whoever is selected, or takes the star away.
    pub(super) fn star(&mut self) {
        let Some(subject) = self.subject() else {
            return self.say("there is no profile to star".into());
        };
        if self.ctx.kept.starred.contains(&subject) {
            self.say("the star is gone".into());
            self.keep(Keep::Unstar(subject));
        } else {
            self.say("starred; an empty query lists it first".into());
            self.keep(Keep::Star(subject));
        }
        self.shelf.spoil(&Route::Search);
        self.refresh();
    }

    /// The starred profile after or before the present one, on the same kind of screen where it is about somebody.
    pub(super) fn next_star(&mut self, action: Action) {
        let starred = &self.ctx.kept.starred;
        let here = self.subject();
        let at = starred.iter().position(|star| Some(star) == here.as_ref());
        let last = starred.len().saturating_sub(1);
        let next = match (action, at) {
            (Action::NextStar, None) => 0,
            (Action::NextStar, Some(at)) if at == last => 0,
            (Action::NextStar, Some(at)) => at + 1,
            (_, Some(0) | None) => last,
            (_, Some(at)) => at - 1,
        };
        let Some(star) = starred.get(next).cloned() else {
            return self.say("no profile is starred yet; m stars one".into());
        };
        self.go_to(self.about(&star));
    }

    fn about(&self, subject: &Identity) -> Route {
        let is_about_somebody = self.shelf.route().subject().is_some();
        let place = if is_about_somebody {
            self.shelf.place()
        } else {
            Place::Profile
        };
        Route::to(place, Some(subject)).unwrap_or(Route::Search)
    }

    pub(super) fn run_numbered(&mut self, number: u8) {
        let at = usize::from(number).saturating_sub(1);
        match self.ctx.kept.searches.get(at).cloned() {
            Some(search) => self.run_search(search),
            None => self.say(format!(
                "there is no saved search {number}; ctrl-s saves one"
            )),
        }
    }

    pub(super) fn run(&mut self, name: &str) {
        let searches = &self.ctx.kept.searches;
        match searches.iter().find(|search| search.name == name).cloned() {
            Some(search) => self.run_search(search),
            None => self.say(format!("there is no saved search {name} any more")),
        }
    }

    fn run_search(&mut self, search: SavedSearch) {
        if self.ctx.kept.sort != search.sort {
            self.keep(Keep::Sort(search.sort));
        }
        self.find(search.query);
    }
}
