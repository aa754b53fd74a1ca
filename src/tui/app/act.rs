//! What the app itself does about actions and effects; the rest is the screen's.

use crate::config::Keep;
use crate::model::{Address, Identity, Moment, PolicyName};
use crate::tui::action::Action;
use crate::tui::icons::Icons;
use crate::tui::message::{Ctx, Edit, Effect, Place, Route};
use crate::tui::overlay::{Help, Messages, Outcome, Palette, PolicyChoice};
use crate::tui::privacy::Mask;
use crate::tui::screen::Screen;
use crate::tui::theme::Theme;
use crate::worker::{Question, Slot};

use super::questions::Asker;
use super::{App, Order, TWICE};

impl App {
    /// Makes the first screen, at its place within, and asks for what is needed before it can ask.
    pub(super) fn begin(&mut self, within: Option<&str>) {
        let screen = self.shelf.current();
        if let Some(within) = within {
            screen.restore(within);
        }
        self.questions
            .ask(&Asker::App, Slot::Policies, Question::Policies);
        match self.shelf.route().subject().cloned() {
            Some(subject) => self.keep(Keep::LookedAt(subject)),
            None => self.keep_all(),
        }
    }

    pub(super) fn act(&mut self, action: Action) {
        if let Some(overlay) = &mut self.overlay
            && !matches!(action, Action::Redraw | Action::Suspend | Action::Quit)
        {
            let outcome = overlay.update(action, &self.ctx);
            return self.finish(outcome);
        }
        if self
            .shelf
            .seen()
            .is_some_and(|screen| screen.claims(action))
        {
            let effects = self.shelf.current().update(action, &self.ctx);
            return self.carry_out(effects);
        }
        match action {
            Action::Go(place) => self.go(place),
            Action::Back => self.back(),
            Action::Earlier | Action::Later => self.walk(action),
            Action::NextResult | Action::PreviousResult => self.next_result(action),
            Action::Policy | Action::Help | Action::Palette | Action::Messages => {
                self.open(action);
            }
            Action::NextPolicy => self.next_policy(),
            Action::Interrupt => self.interrupt(),
            Action::CopyAddress => self.copy_address(),
            Action::Reload => {
                let route = self.shelf.route().clone();
                self.shelf.spoil(&route);
                self.refresh();
            }
            Action::Redraw => self.orders.push(Order::Redraw),
            Action::Suspend => self.orders.push(Order::Suspend),
            Action::Quit => self.orders.push(Order::Quit),
            Action::Star => self.star(),
            Action::NextStar | Action::PreviousStar => self.next_star(action),
            Action::Saved(number) => self.run_numbered(number),
            Action::Mask | Action::Mouse | Action::Theme | Action::Icons => self.switch(action),
            _ => {
                let effects = self.shelf.current().update(action, &self.ctx);
                self.carry_out(effects);
            }
        }
    }

    pub(super) fn go(&mut self, place: Place) {
        let subject = self.subject();
        match Route::to(place, subject.as_ref()) {
            Some(route) => self.go_to(route),
            None => self.say(format!(
                "the {} is about one profile: select one first",
                place.word()
            )),
        }
    }

    pub(super) fn go_to(&mut self, route: Route) {
        self.overlay = None;
        self.keymap.forget();
        if let Some(subject) = route.subject() {
            self.keep(Keep::LookedAt(subject.clone()));
        }
        self.shelf.go(route);
        self.refresh();
    }

    pub(super) fn carry_out_for(&mut self, route: &Route, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(slot, question) => {
                    let asker = Asker::Screen(route.clone());
                    if let Some(Asker::Screen(lost)) = self.questions.ask(&asker, slot, question) {
                        self.shelf.spoil(&lost);
                    }
                }
                Effect::Cancel(slot) => self.questions.cancel_slot(slot, self.desk.as_ref()),
                Effect::Open(route) => self.go_to(route),
                Effect::Find(query) => self.find(query),
                Effect::Back => self.back(),
                Effect::Copy { name, text } => self.orders.push(Order::Copy { name, text }),
                Effect::Say(text) => self.say(text),
                Effect::Warn(text) => self.warn(text),
                Effect::Act(action) => self.act(action),
                Effect::Follow(policy) => self.follow(&policy),
                Effect::Keep(change) => self.keep(change),
                Effect::Run(name) => self.run(&name),
            }
        }
    }

    fn finish(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Stay => {}
            Outcome::Close => self.overlay = None,
            Outcome::Run(action) => {
                self.overlay = None;
                self.act(action);
            }
            Outcome::Follow(policy) => {
                self.overlay = None;
                self.follow(&policy);
            }
            Outcome::Search(name) => {
                self.overlay = None;
                self.run(&name);
            }
        }
    }

    fn open(&mut self, action: Action) {
        let place = self.shelf.place();
        self.overlay = Some(match action {
            Action::Policy => Box::new(PolicyChoice::new(&self.ctx)),
            Action::Help => Box::new(Help::new(place)),
            Action::Palette => Box::new(Palette::new(place, &self.ctx)),
            _ => Box::new(Messages::new(
                self.talk
                    .messages()
                    .iter()
                    .map(|message| (message.at, message.text.clone())),
            )),
        });
    }

    pub(super) fn subject(&self) -> Option<Identity> {
        let here = self.shelf.seen().and_then(Screen::subject);
        here.or_else(|| self.shelf.last_subject().cloned())
    }

    fn back(&mut self) {
        if self.shelf.earlier() {
            return self.refresh();
        }
        self.quit_on_second("q");
    }

    fn walk(&mut self, action: Action) {
        let moved = match action {
            Action::Earlier => self.shelf.earlier(),
            _ => self.shelf.later(),
        };
        if moved {
            self.refresh();
        } else {
            self.say("the history ends here".into());
        }
    }

    /// The next hit of the last list, on the same kind of screen.
    fn next_result(&mut self, action: Action) {
        let place = self.shelf.place();
        let step = match action {
            Action::NextResult => Action::Down,
            _ => Action::Up,
        };
        let Some(search) = self.shelf.find(&Route::Search) else {
            return self.say("there is no list of results to go on in".into());
        };
        let before = search.subject();
        let effects = search.update(step, &self.ctx);
        let subject = search.subject();
        self.carry_out_for(&Route::Search, effects);
        match Route::to(place, subject.as_ref()) {
            Some(route) if before != subject => self.go_to(route),
            _ => self.say("the list ends here".into()),
        }
    }

    pub(super) fn find(&mut self, query: String) {
        self.go_to(Route::Search);
        let clear = Edit::Request(tui_input::InputRequest::DeleteLine);
        let mut effects = self.shelf.current().update(Action::Query, &self.ctx);
        for edit in [clear, Edit::Paste(query)] {
            effects.extend(self.shelf.current().edit(&edit, &self.ctx));
        }
        effects.extend(self.shelf.current().update(Action::Open, &self.ctx));
        self.carry_out(effects);
    }

    fn follow(&mut self, id: &str) {
        let Some(policy) = self.ctx.policies.iter().find(|policy| policy.id == id) else {
            return self.warn(format!("there is no policy `{id}` any more"));
        };
        if policy.id == self.ctx.policy.id {
            return;
        }
        self.ctx.policy = PolicyName::from(policy);
        self.say(format!("policy: {}", self.ctx.policy.name));
        self.shelf.spoil_all();
        self.refresh();
    }

    fn next_policy(&mut self) {
        let policies = &self.ctx.policies;
        let present = policies
            .iter()
            .position(|policy| policy.id == self.ctx.policy.id);
        let next = present.map_or(0, |at| (at + 1) % policies.len().max(1));
        match policies.get(next).map(|policy| policy.id.clone()) {
            Some(id) if id != self.ctx.policy.id => self.follow(&id),
            _ => self.say("there is no other policy; g y makes one".into()),
        }
    }

    fn interrupt(&mut self) {
        let here = Asker::Screen(self.shelf.route().clone());
        if self.questions.cancel(&here, self.desk.as_ref()) > 0 {
            self.shelf.current().cancelled();
            self.say("cancelled".into());
        }
        self.quit_on_second("ctrl-c");
    }

    fn quit_on_second(&mut self, key: &str) {
        if self.quits_at.is_some() {
            return self.orders.push(Order::Quit);
        }
        self.quits_at = Some(Moment(self.ctx.now.0.saturating_add(TWICE)));
        let import = match self.import {
            Some(_) => ", and undoes the running import",
            None => "",
        };
        self.say(format!("{key} again quits{import}"));
    }

    fn copy_address(&mut self) {
        // As any copy it is of what is there, not of what the mask leaves to be seen.
        let open = Ctx {
            mask: Mask::Off,
            ..self.ctx.clone()
        };
        let address = Address {
            route: self.shelf.route().clone(),
            within: self.shelf.seen().and_then(|screen| screen.crumb(&open)),
        };
        self.orders.push(Order::Copy {
            name: "address".into(),
            text: address.parts().join(&format!(" {} ", open.icons.crumb)),
        });
    }

    fn switch(&mut self, action: Action) {
        match action {
            Action::Mask => self.ctx.mask = self.ctx.mask.turned(),
            Action::Mouse => self.switch_mouse(),
            Action::Theme => {
                let mut names = Theme::names().skip_while(|name| *name != self.ctx.theme.name);
                let next = names.nth(1).or_else(|| Theme::names().next());
                self.ctx.theme = Theme::built_in(next.unwrap_or_default(), self.depth);
                self.say(format!("theme: {}", self.ctx.theme.name));
            }
            _ => {
                let is_ascii = self.ctx.icons == Icons::ASCII;
                self.ctx.icons = if is_ascii {
                    Icons::UNICODE
                } else {
                    Icons::ASCII
                };
            }
        }
    }

    fn switch_mouse(&mut self) {
        self.has_mouse = !self.has_mouse;
        if self.has_mouse {
            self.orders.push(Order::MouseOn);
            self.say("the mouse is taken; F2 leaves it to the terminal".into());
        } else {
            self.orders.push(Order::MouseOff);
            self.say("the mouse is left to the terminal".into());
        }
    }

    /// Whether an import is running.
    pub(super) fn is_importing(&self) -> bool {
        self.questions.awaits(Slot::Import)
    }
}
