//! The command palette: every command by its name, its synonyms or its keys.

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::action::{Action, Entry, entries};
use crate::tui::message::{Ctx, Edit, Place};
use crate::tui::screen::Mode;
use crate::tui::text::{fit, fit_left, fit_right};
use crate::tui::widgets::marked::marked;
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::{Cursor, Field, popup, rows};

use super::{Outcome, Overlay};

const WIDTH: u16 = 72;
const HEIGHT: u16 = 18;

/// A command as the palette lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Command {
    name: String,
    area: &'static str,
    keys: String,
    help: String,
    words: String,
    outcome: Outcome,
}

/// The palette.
pub struct Palette {
    field: Field,
    commands: Vec<Command>,
    found: Vec<usize>,
    cursor: Cursor,
    area: Rect,
}

impl Palette {
    /// The commands that apply at a place, the policies, and the saved searches.
    pub fn new(place: Place, ctx: &Ctx) -> Palette {
        let actions = entries().filter(|entry| entry.applies(place));
        let mut palette = Palette {
            field: Field::default(),
            commands: actions.map(|entry| of_entry(entry, place)).collect(),
            found: Vec::new(),
            cursor: Cursor::default(),
            area: Rect::default(),
        };
        let policies = ctx.policies.iter();
        palette.commands.extend(policies.map(|policy| Command {
            name: format!("Policy: {}", policy.name),
            area: "policy",
            keys: String::new(),
            help: "Shows everything under this merge policy.".into(),
            words: String::new(),
            outcome: Outcome::Follow(policy.id.clone()),
        }));
        let searches = ctx.kept.searches.iter().enumerate();
        palette
            .commands
            .extend(searches.map(|(at, search)| Command {
                name: format!("Search: {}", search.name),
                area: "saved",
                keys: if at < 9 {
                    format!("alt-{}", at + 1)
                } else {
                    String::new()
                },
                help: format!("Runs the saved search {}", search.query),
                words: String::new(),
                outcome: Outcome::Search(search.name.clone()),
            }));
        palette.find();
        palette
    }

    fn find(&mut self) {
        let query = self.field.text().trim();
        let matcher = SkimMatcherV2::default().ignore_case();
        let mut scored: Vec<(i64, usize)> = self
            .commands
            .iter()
            .enumerate()
            .filter_map(|(at, command)| Some((score(&matcher, command, query)?, at)))
            .collect();
        scored.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
        self.found = scored.into_iter().map(|(_, at)| at).collect();
        self.cursor.select(0);
    }

    fn command(&self, at: usize) -> Option<&Command> {
        self.commands.get(*self.found.get(at)?)
    }

    fn list_height(&self) -> usize {
        usize::from(self.area.height).saturating_sub(6)
    }
}

fn of_entry(entry: &'static Entry, place: Place) -> Command {
    let is_shared = entry.places.is_empty();
    Command {
        name: entry.name.into(),
        area: if is_shared {
            "everywhere"
        } else {
            place.name()
        },
        keys: entry.shown_keys(),
        help: entry.help.into(),
        words: entry.synonyms.into(),
        outcome: Outcome::Run(entry.action),
    }
}

fn score(matcher: &SkimMatcherV2, command: &Command, query: &str) -> Option<i64> {
    if query.is_empty() {
        return Some(0);
    }
    let has_word = |text: &str| text.split(' ').any(|word| word.eq_ignore_ascii_case(query));
    if command.name.eq_ignore_ascii_case(query) || has_word(&command.words) {
        return Some(2_000_000);
    }
    if command.keys.split(' ').any(|keys| keys == query) {
        return Some(1_000_000);
    }
    let by_name = matcher.fuzzy_match(&command.name, query);
    let by_word = matcher.fuzzy_match(&command.words, query);
    by_name.max(by_word.map(|score| score / 2))
}

impl Overlay for Palette {
    fn mode(&self) -> Mode {
        Mode::Text
    }

    fn update(&mut self, action: Action, _ctx: &Ctx) -> Outcome {
        match action {
            Action::Undo | Action::Interrupt => Outcome::Close,
            Action::Open => match self.command(self.cursor.selected()) {
                Some(command) => command.outcome.clone(),
                None => Outcome::Stay,
            },
            _ => {
                let action = match action {
                    Action::NextPane => Action::Down,
                    Action::PreviousPane => Action::Up,
                    action => action,
                };
                self.cursor.act(action, self.found.len());
                Outcome::Stay
            }
        }
    }

    fn edit(&mut self, edit: &Edit, _ctx: &Ctx) {
        if self.field.edit(edit) {
            self.find();
        }
    }

    fn layout(&mut self, area: Rect, _ctx: &Ctx) {
        self.area = popup::centred(area, WIDTH, HEIGHT);
        self.cursor.fit(self.list_height(), self.found.len());
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let note = format!(
            "{} of {} · enter run · esc close",
            self.found.len(),
            self.commands.len()
        );
        let block = noted(panel("command palette", Focus::Here, ctx), &note, ctx);
        let inside = popup::open(frame, self.area, block);
        let width = usize::from(inside.width);
        let row = |at: u16| Rect {
            y: inside.y + at.min(inside.height),
            height: u16::from(at < inside.height),
            ..inside
        };
        frame.render_widget(
            Span::styled(format!("{} ", ctx.icons.prompt), ctx.theme.accent),
            row(0),
        );
        let field = Rect {
            x: inside.x + 2.min(inside.width),
            width: inside.width.saturating_sub(2),
            ..row(0)
        };
        self.field.draw(frame, field, Focus::Here, ctx);
        let rule = Span::styled(ctx.icons.rule.repeat(width), ctx.theme.border);
        frame.render_widget(rule.clone(), row(1));
        let list = Rect {
            height: self.list_height() as u16,
            ..row(2)
        };
        rows::rows(
            frame,
            list,
            (&self.cursor, self.found.len()),
            Focus::Here,
            ctx,
            |at| {
                let query = self.field.text().trim();
                self.command(at).map_or_else(Line::default, |command| {
                    command_line(command, query, width, ctx)
                })
            },
        );
        frame.render_widget(rule, row(2 + list.height));
        if let Some(command) = self.command(self.cursor.selected()) {
            let help = Span::styled(format!(" {}", fit(&command.help, width - 1)), ctx.theme.dim);
            frame.render_widget(help, row(3 + list.height));
        }
    }
}

fn command_line<'a>(command: &Command, query: &str, width: usize, ctx: &Ctx) -> Line<'a> {
    let keys = 14;
    let area = 12;
    let name = width.saturating_sub(keys + area + 3);
    let name = Span::styled(fit_left(&command.name, name), ctx.theme.text);
    let matcher = SkimMatcherV2::default().ignore_case();
    let found = matcher.fuzzy_indices(&name.content, query);
    let letters = found.map(|(_, letters)| letters).unwrap_or_default();
    let places: Vec<_> = letters.into_iter().map(|at| at..at + 1).collect();
    let mut spans = marked(&name, &places, ctx);
    spans.extend([
        Span::styled(format!(" {}", fit_left(command.area, area)), ctx.theme.dim),
        Span::styled(
            format!("{} ", fit_right(&command.keys, keys)),
            ctx.theme.key,
        ),
    ]);
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_by_name_synonym_and_key() {
        let check = |query: &str, expected: &str| {
            let mut palette = Palette::new(Place::Profile, &crate::tui::testing::ctx());
            palette.edit(&Edit::Paste(query.into()), &crate::tui::testing::ctx());
            let first = palette.command(0).map(|command| command.name.clone());
            assert_eq!(first.as_deref(), Some(expected), "{query}");
        };
        check("q", "Quit");
        check("quit", "Quit");
        check("messages", "Messages");
        check("]c", "Next conflict");
        check("pii", "Mask personal values");
        check("nxt cnf", "Next conflict");
    }
}
