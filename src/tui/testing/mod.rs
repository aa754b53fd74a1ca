//! What the tests of screens share: a frozen clock, a desk with canned answers, keys as text, pictures as text.

mod imports;
mod lists;
pub mod people;
mod plans;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::Modifier;

use crate::config::{Keep, Kept};
use crate::model::{Address, MergePolicy, Moment, PolicyName};
use crate::worker::{Answer, Notice, Question, Reply, Slot};

use super::app::{App, Event, Order, Setup};
use super::icons::Icons;
use super::keys::Key;
use super::message::{Ctx, Desk, Route};
use super::privacy::Mask;
use super::theme::{Depth, Theme};

/// The moment that tests take for now.
pub fn now() -> Moment {
    Moment::parse("2026-11-20T10:00:00Z").expect("a time")
}

/// What every screen may know, in tests.
pub fn ctx() -> Ctx {
    Ctx {
        now: now(),
        policy: PolicyName::from(&MergePolicy::latest_wins()),
        subject: None,
        policies: vec![MergePolicy::latest_wins()],
        theme: Theme::built_in("dark", Depth::True),
        icons: Icons::UNICODE,
        mask: Mask::Off,
        home: None,
        kept: Kept::default(),
    }
}

/// How the interface starts in tests.
pub fn setup(address: impl Into<Address>) -> Setup {
    Setup {
        address: address.into(),
        policy: None,
        theme: "dark".into(),
        depth: Depth::True,
        icons: Icons::UNICODE,
        mask: Mask::Off,
        home: None,
    }
}

/// A desk that notes what it is asked.
#[derive(Clone, Default)]
pub struct Log(Rc<RefCell<Vec<(Slot, Question)>>>);

impl Desk for Log {
    fn ask(&self, slot: Slot, question: Question) {
        self.0.borrow_mut().push((slot, question));
    }

    fn cancel(&self, slot: Slot) {
        self.0.borrow_mut().retain(|(asked, _)| *asked != slot);
    }
}

/// What the worker would answer.
pub type Canned = fn(&Question) -> Result<Answer, String>;

/// The app on a terminal that is a picture, with answers at once.
pub struct Stage {
    /// The app.
    pub app: App,
    /// What was asked and is not answered yet.
    pub log: Log,
    /// Everything that was asked.
    pub asked: Vec<Question>,
    /// What only a real terminal could have done.
    pub orders: Vec<Order>,
    /// The present moment.
    pub now: Moment,
    /// What the analyst keeps.
    pub kept: Kept,
    answer: Canned,
    is_held: bool,
    route: Route,
    terminal: Terminal<TestBackend>,
}

impl Stage {
    /// The app on a screen of this size, answered by `answer`.
    pub fn new(address: impl Into<Address>, (width, height): (u16, u16), answer: Canned) -> Stage {
        let log = Log::default();
        let setup = setup(address);
        let route = setup.address.route.clone();
        let mut stage = Stage {
            app: App::new(setup, Box::new(log.clone()), now()),
            log,
            asked: Vec::new(),
            orders: Vec::new(),
            now: now(),
            kept: Kept::default(),
            answer,
            is_held: false,
            route,
            terminal: Terminal::new(TestBackend::new(width, height)).expect("a picture"),
        };
        stage.settle();
        stage
    }

    /// The route that it started on.
    pub fn route(&self) -> Route {
        self.route.clone()
    }

    /// From now on nothing is answered.
    pub fn hold(&mut self) {
        self.is_held = true;
    }

    /// Types keys, written as `/maya<cr>]c`; answers come after each one.
    pub fn keys(&mut self, keys: &str) -> &mut Stage {
        for key in parse_keys(keys) {
            let event = KeyEvent::new(key.code, key.modifiers);
            self.send(Event::Key(event));
        }
        self
    }

    /// Sends an event, and its answers.
    pub fn send(&mut self, event: Event) {
        self.app.handle(event, self.now);
        self.settle();
    }

    /// Lets milliseconds pass.
    pub fn wait(&mut self, ms: i64) -> &mut Stage {
        self.now = Moment(self.now.0 + ms);
        self.app.tick(self.now);
        self
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, width: u16, height: u16) -> &mut Stage {
        self.terminal.backend_mut().resize(width, height);
        self.send(Event::Resize);
        self
    }

    /// The screen as text, one line a row.
    pub fn text(&mut self) -> String {
        let buffer = self.buffer();
        let mut text = String::new();
        for row in 0..buffer.area.height {
            text.push_str(line_of(&buffer, row).trim_end());
            text.push('\n');
        }
        text
    }

    /// One row of the screen with a line of its looks below: `s` selected, `b` bold, `u` underlined, letters for colours.
    pub fn looks(&mut self, row: u16) -> String {
        let buffer = self.buffer();
        let looks: String = (0..buffer.area.width)
            .map(|x| look(&buffer, x, row))
            .collect();
        format!(
            "{}\n{}\n",
            line_of(&buffer, row).trim_end(),
            looks.trim_end()
        )
    }

    /// The current screen's route.
    pub fn app_route(&mut self) -> Route {
        self.app.route()
    }

    /// The row on which a text stands.
    pub fn row_of(&mut self, wanted: &str) -> u16 {
        let text = self.text();
        let row = text.lines().position(|line| line.contains(wanted));
        row.unwrap_or_else(|| panic!("no `{wanted}` in\n{text}")) as u16
    }

    /// The painted screen.
    pub fn buffer(&mut self) -> Buffer {
        let app = &mut self.app;
        self.terminal
            .draw(|frame| app.paint(frame))
            .expect("a picture");
        self.terminal.backend().buffer().clone()
    }

    fn keep(&mut self, changes: &[Keep]) -> Kept {
        for change in changes {
            self.kept.apply(change.clone());
        }
        self.kept.clone()
    }

    fn settle(&mut self) {
        loop {
            // Sizes are known to screens before their first key.
            let app = &mut self.app;
            self.terminal
                .draw(|frame| app.paint(frame))
                .expect("a picture");
            self.orders.extend(self.app.settle());
            let asked = std::mem::take(&mut *self.log.0.borrow_mut());
            if asked.is_empty() || self.is_held {
                self.asked
                    .extend(asked.into_iter().map(|(_, question)| question));
                return;
            }
            for (slot, question) in asked {
                self.asked.push(question.clone());
                let answer = match &question {
                    Question::Keep(changes) => Ok(Answer::Kept(self.keep(changes))),
                    question => (self.answer)(question),
                };
                let whole = Reply {
                    slot,
                    answer,
                    question: Arc::new(question),
                    elapsed: Duration::from_micros(1_200),
                    is_last: true,
                };
                for reply in first_rows(&whole).into_iter().chain([whole]) {
                    self.app
                        .handle(Event::Notice(Notice::Reply(reply)), self.now);
                }
            }
        }
    }
}

/// The rows of a long list that are told before the others.
fn first_rows(whole: &Reply) -> Option<Reply> {
    const FIRST: usize = 40;
    let Ok(Answer::Search(answer)) = &whole.answer else {
        return None;
    };
    let mut part = answer.clone();
    part.profiles.truncate(FIRST);
    (answer.profiles.len() > FIRST).then(|| Reply {
        answer: Ok(Answer::Search(part)),
        is_last: false,
        ..whole.clone()
    })
}

/// Reads keys as text: letters as they stand, the others in angle brackets.
fn parse_keys(text: &str) -> Vec<Key> {
    let mut keys = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let named = rest
            .strip_prefix('<')
            .and_then(|inner| inner.split_once('>'));
        let name = if let Some((name, after)) = named {
            rest = after;
            match name {
                "cr" => "enter".to_owned(),
                "lt" => "<".to_owned(),
                _ => name.replace("c-", "ctrl-"),
            }
        } else {
            rest = &rest[letter.len_utf8()..];
            letter.to_string()
        };
        let key = Key::parse(&name).unwrap_or(Key {
            code: crossterm::event::KeyCode::Char(letter),
            modifiers: KeyModifiers::NONE,
        });
        keys.push(key);
    }
    keys
}

fn line_of(buffer: &Buffer, row: u16) -> String {
    let mut line = String::new();
    let mut skip = 0;
    for column in 0..buffer.area.width {
        let symbol = buffer[(column, row)].symbol();
        if skip == 0 {
            line.push_str(symbol);
        }
        let wide = super::text::cells(symbol);
        skip = wide.max(skip).saturating_sub(1);
    }
    line
}

fn look(buffer: &Buffer, column: u16, row: u16) -> char {
    let theme = ctx().theme;
    let style = buffer[(column, row)].style();
    let held = style.add_modifier;
    let colours = [
        (theme.conflict.fg, 'c'),
        (theme.alarm.fg, 'r'),
        (theme.good.fg, 'g'),
        (theme.accent.fg, 'a'),
        (theme.key.fg, 'k'),
        (theme.dim.fg, 'd'),
        (theme.border.fg, '-'),
    ];
    let colour = colours.iter().find(|(colour, _)| *colour == style.fg);
    match colour {
        _ if held.contains(Modifier::REVERSED) => 's',
        _ if held.contains(Modifier::UNDERLINED) => 'u',
        Some((_, letter)) => *letter,
        None if held.contains(Modifier::BOLD) => 'b',
        None => ' ',
    }
}
