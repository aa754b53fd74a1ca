//! The app: it turns events into actions, actions into effects, and effects into questions and orders.

mod act;
mod chrome;
mod keeping;
mod questions;
mod shelf;
mod talk;

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::config::{Keep, Kept};
use crate::model::{Address, MergePolicy, Moment, PolicyName};
use crate::worker::{Answer, Notice, Question, Reply, Slot};

use super::icons::Icons;
use super::keymap::{Keymap, Press};
use super::keys::Key;
use super::message::{Ctx, Desk, Edit, Effect, Pointer, Route};
use super::overlay::Overlay;
use super::privacy::Mask;
use super::screen::{Mode, Screen};
use super::screens;
use super::theme::{Depth, Theme};

use questions::{Asker, Questions};
use shelf::{Freshness, Shelf};
use talk::{Talk, Weight};

/// Milliseconds within which the second of two keys quits.
const TWICE: i64 = 1_500;

/// How the interface starts.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The first screen, and the place within.
    pub address: Address,
    /// The policy to show, by its id; `None` is the default one.
    pub policy: Option<String>,
    /// The theme's name.
    pub theme: String,
    /// How many colours the terminal can show.
    pub depth: Depth,
    /// The signs.
    pub icons: Icons,
    /// Whether personal values are hidden.
    pub mask: Mask,
    /// The user's home folder, for paths that begin with `~/`.
    pub home: Option<PathBuf>,
}

/// What happens to the interface.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The mouse.
    Pointer(Pointer),
    /// The terminal has another size.
    Resize,
    /// The program is to stop until a shell continues it.
    Stop,
    /// The program goes on after it was stopped.
    Resumed,
    /// Something broke outside the screen's thread.
    Trouble(String),
    /// Somebody wants the program to stop: the number of the signal.
    Signal(i32),
    /// The worker says something.
    Notice(Notice),
}

/// What only the terminal can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Put a text on the clipboard; the name says what it is.
    Copy {
        /// What it is.
        name: String,
        /// The text.
        text: String,
    },
    /// Take the mouse.
    MouseOn,
    /// Leave the mouse to the terminal.
    MouseOff,
    /// Paint everything anew.
    Redraw,
    /// Go to the shell until the user comes back.
    Suspend,
    /// Take the terminal again after the program was stopped.
    Resume,
    /// Leave.
    Quit,
    /// Leave as this signal asks.
    End(i32),
}

/// The whole interface but the terminal.
pub struct App {
    ctx: Ctx,
    depth: Depth,
    desk: Box<dyn Desk>,
    wanted_policy: Option<String>,
    shelf: Shelf,
    keymap: Keymap,
    overlay: Option<Box<dyn Overlay>>,
    talk: Talk,
    questions: Questions,
    orders: Vec<Order>,
    quits_at: Option<Moment>,
    has_mouse: bool,
    import: Option<crate::model::ImportProgress>,
    /// How many profiles the running export has written.
    exported: Option<u64>,
    /// How much of the search index that is being made is in, and of how much.
    indexed: Option<(u64, u64)>,
    /// Changes to what is kept that are not written yet.
    unkept: Vec<Keep>,
    /// Whether what is kept was read.
    has_kept: bool,
    area: Rect,
    is_dirty: bool,
}

impl App {
    /// The interface as it starts; it asks for the policies, then its first screen asks for what it shows.
    pub fn new(setup: Setup, desk: Box<dyn Desk>, now: Moment) -> App {
        let mut app = App {
            ctx: Ctx {
                now,
                policy: PolicyName::from(&MergePolicy::latest_wins()),
                subject: None,
                policies: Vec::new(),
                theme: Theme::built_in(&setup.theme, setup.depth),
                icons: setup.icons,
                mask: setup.mask,
                home: setup.home,
                kept: Kept::default(),
            },
            depth: setup.depth,
            desk,
            wanted_policy: setup.policy,
            shelf: Shelf::new(setup.address.route, screens::make),
            keymap: Keymap::default(),
            overlay: None,
            talk: Talk::default(),
            questions: Questions::default(),
            orders: Vec::new(),
            quits_at: None,
            has_mouse: false,
            import: None,
            exported: None,
            indexed: None,
            unkept: Vec::new(),
            has_kept: false,
            area: Rect::default(),
            is_dirty: true,
        };
        app.begin(setup.address.within.as_deref());
        app
    }

    /// Takes an event.
    pub fn handle(&mut self, event: Event, now: Moment) {
        self.tick(now);
        self.is_dirty = true;
        match event {
            Event::Key(event) => {
                if let Some(key) = Key::of(event) {
                    self.press(key);
                }
            }
            Event::Paste(text) => self.edit(&Edit::Paste(text)),
            Event::Pointer(pointer) => self.point(pointer),
            Event::Resize => {}
            Event::Stop => self.orders.push(Order::Suspend),
            Event::Resumed => self.orders.push(Order::Resume),
            Event::Trouble(words) => self.warn(words),
            Event::Signal(signal) => self.orders.push(Order::End(signal)),
            Event::Notice(notice) => self.hear(notice),
        }
    }

    /// Lets time pass.
    pub fn tick(&mut self, now: Moment) {
        let was_shown = self.which_key();
        self.ctx.now = now;
        self.is_dirty |= self.talk.tick(now) || self.which_key() != was_shown;
        self.quits_at = self.quits_at.filter(|end| *end > now);
    }

    /// When something changes that no event tells of.
    pub fn wake_at(&self) -> Option<Moment> {
        let which_key = self.keymap.shows_at().filter(|at| *at > self.ctx.now);
        [self.talk.ends_at(), which_key].into_iter().flatten().min()
    }

    /// Sends what is to be asked, and hands over what only the terminal can do.
    pub fn settle(&mut self) -> Vec<Order> {
        self.questions.send(self.desk.as_ref());
        std::mem::take(&mut self.orders)
    }

    /// What the current screen shows.
    pub fn route(&self) -> Route {
        self.shelf.route().clone()
    }

    /// Whether something may have changed since it was last painted.
    pub fn is_dirty(&self) -> bool {
        self.is_dirty
    }

    /// Paints an area that is the whole screen.
    pub fn paint(&mut self, frame: &mut Frame<'_>) {
        self.layout(frame.area());
        chrome::draw(self, frame);
        self.is_dirty = false;
    }

    /// Says something in passing; the loop tells so what became of an order.
    pub fn say(&mut self, text: String) {
        self.talk.say(Weight::Note, text, self.ctx.now);
        self.is_dirty = true;
    }

    /// Warns in passing.
    pub fn warn(&mut self, text: String) {
        self.talk.say(Weight::Warning, text, self.ctx.now);
        self.is_dirty = true;
    }

    fn layout(&mut self, area: Rect) {
        self.area = area;
        if chrome::is_too_small(area) {
            // What cannot be shown keeps its place until it can.
            return;
        }
        let body = chrome::rows(area).body;
        let screen = self.shelf.current();
        screen.layout(body, &self.ctx);
        let effects = screen.ask_for_seen(&self.ctx);
        self.carry_out(effects);
        if let Some(overlay) = &mut self.overlay {
            overlay.layout(area, &self.ctx);
        }
    }

    fn mode(&self) -> Mode {
        match &self.overlay {
            Some(overlay) => overlay.mode(),
            None => self.shelf.seen().map_or(Mode::Command, Screen::mode),
        }
    }

    /// Whether the keys that may follow are shown.
    fn which_key(&self) -> bool {
        self.keymap.shows_at().is_some_and(|at| at <= self.ctx.now)
    }

    fn press(&mut self, key: Key) {
        let place = self.shelf.place();
        match self.keymap.press(key, place, self.mode(), self.ctx.now) {
            Press::Act(action) => self.act(action),
            Press::Edit(edit) => self.edit(&edit),
            Press::Begun | Press::Dropped => {}
            Press::Elsewhere(entry) => {
                self.say(format!("not here: {}", entry.name.to_lowercase()));
            }
            Press::Reserved(what) => self.say(format!("not here: no {what} yet")),
            Press::Unknown(keys) => self.say(format!("{keys} does nothing here; ? lists the keys")),
        }
    }

    fn edit(&mut self, edit: &Edit) {
        if let Some(overlay) = &mut self.overlay {
            return overlay.edit(edit, &self.ctx);
        }
        if self.mode() == Mode::Text {
            let effects = self.shelf.current().edit(edit, &self.ctx);
            self.carry_out(effects);
        }
    }

    fn point(&mut self, pointer: Pointer) {
        if let Pointer::Press(position) = pointer
            && let Some(place) = chrome::tab_at(self, position)
        {
            return self.go(place);
        }
        if self.overlay.is_none() {
            let effects = self.shelf.current().point(pointer, &self.ctx);
            self.carry_out(effects);
        }
    }

    fn hear(&mut self, notice: Notice) {
        match notice {
            Notice::Reply(reply) => self.receive(&reply),
            Notice::Progress(progress) => {
                if let Some(screen) = self.shelf.find(&Route::Import) {
                    screen.progress(&progress, &self.ctx);
                }
                self.import = Some(progress);
            }
            Notice::Exporting(profiles) => self.exported = Some(profiles),
            Notice::Indexing(indexed) => self.indexed = indexed,
            Notice::Changed => {
                self.questions
                    .ask(&Asker::App, Slot::Policies, Question::Policies);
                self.shelf.spoil_all();
            }
        }
    }

    fn receive(&mut self, reply: &Reply) {
        let Some(asker) = self.questions.answered(reply) else {
            return;
        };
        match reply.slot {
            Slot::Import => self.import = None,
            Slot::Export => self.exported = None,
            Slot::Kept => return self.take_kept(reply),
            _ => {}
        }
        if let Ok(Answer::Policies(policies)) = &reply.answer {
            self.take_policies(policies.clone());
        } else if let (Asker::App, Err(words)) = (&asker, &reply.answer) {
            if !self.ctx.policies.is_empty() {
                self.warn(words.clone());
            }
            self.refresh();
        }
        let Asker::Screen(route) = asker else {
            return;
        };
        if let Some(screen) = self.shelf.find(&route) {
            let effects = screen.receive(reply, &self.ctx);
            self.carry_out_for(&route, effects);
        }
    }

    fn take_policies(&mut self, policies: Vec<MergePolicy>) {
        let is_first = self.ctx.policies.is_empty();
        let present = Some(self.ctx.policy.id.clone()).filter(|_| !is_first);
        let wanted = self.wanted_policy.take().or(present);
        let is_wanted = |policy: &&MergePolicy| {
            let has_name =
                |name: &String| policy.id == *name || policy.name.eq_ignore_ascii_case(name);
            wanted.as_ref().is_some_and(has_name)
        };
        let named = policies.iter().find(is_wanted);
        if let (None, Some(name)) = (named, &wanted) {
            self.warn(format!(
                "there is no policy `{name}`; the default one is shown"
            ));
        }
        let default = policies.iter().find(|policy| policy.is_default);
        if let Some(policy) = named.or(default).or(policies.first()) {
            self.ctx.policy = PolicyName::from(policy);
        }
        if self.ctx.policies != policies {
            self.ctx.policies = policies;
            self.shelf.spoil_all();
        }
        self.refresh();
    }

    /// Lets the current screen ask, where what it shows is stale.
    fn refresh(&mut self) {
        let is_waiting = self.ctx.policies.is_empty() && self.questions.awaits(Slot::Policies);
        if is_waiting || !self.has_kept {
            return;
        }
        self.ctx.subject = self.shelf.last_subject().cloned();
        if self.shelf.refresh() == Freshness::Stale {
            let effects = self.shelf.current().load(&self.ctx);
            self.carry_out(effects);
        }
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let route = self.shelf.route().clone();
        self.carry_out_for(&route, effects);
    }
}
