//! Help: the keys of the screen, filtered by what is typed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::tui::action::{Action, Entry, entries};
use crate::tui::message::{Ctx, Edit, Place};
use crate::tui::screen::Mode;
use crate::tui::text::{fit, fit_left};
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::{Cursor, Field, popup, rows};

use super::{Outcome, Overlay};

const WIDTH: u16 = 100;
const KEYS: usize = 16;
const NAME: usize = 30;

/// A line of the list.
#[derive(Clone, Copy, Debug)]
enum Row {
    Heading(&'static str),
    Key(&'static Entry),
}

/// The list of keys.
pub struct Help {
    place: Place,
    field: Field,
    rows: Vec<Row>,
    cursor: Cursor,
    area: Rect,
}

impl Help {
    /// The keys of a place.
    pub fn new(place: Place) -> Help {
        let mut help = Help {
            place,
            field: Field::default(),
            rows: Vec::new(),
            cursor: Cursor::default(),
            area: Rect::default(),
        };
        help.find();
        help
    }

    fn find(&mut self) {
        let query = self.field.text().trim().to_lowercase();
        let matches = |entry: &&Entry| {
            let place_fits = entry.applies(self.place) && !entry.keys.is_empty();
            let text = format!("{} {} {}", entry.shown_keys(), entry.name, entry.synonyms);
            place_fits
                && (entry.shown_keys().contains(&query) || text.to_lowercase().contains(&query))
        };
        let (here, everywhere): (Vec<_>, Vec<_>) = entries()
            .filter(matches)
            .partition(|entry| !entry.places.is_empty());
        self.rows.clear();
        for (heading, group) in [(self.place.name(), here), ("Everywhere", everywhere)] {
            if !group.is_empty() {
                self.rows.push(Row::Heading(heading));
                self.rows.extend(group.into_iter().map(Row::Key));
            }
        }
        self.cursor.select(usize::from(!self.rows.is_empty()));
    }
}

impl Overlay for Help {
    fn mode(&self) -> Mode {
        Mode::Text
    }

    fn update(&mut self, action: Action, _ctx: &Ctx) -> Outcome {
        match action {
            Action::Undo | Action::Interrupt | Action::Help => Outcome::Close,
            Action::Open => match self.rows.get(self.cursor.selected()) {
                Some(Row::Key(entry)) => Outcome::Run(entry.action),
                _ => Outcome::Stay,
            },
            _ => {
                self.cursor.act(action, self.rows.len());
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
        let height = area.height.saturating_sub(4).max(area.height.min(12));
        self.area = popup::centred(area, WIDTH, height);
        let list = usize::from(self.area.height).saturating_sub(4);
        self.cursor.fit(list, self.rows.len());
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let title = format!("keys · {}", self.place.word());
        let block = noted(
            panel(&title, Focus::Here, ctx),
            "type to filter · enter runs · esc closes",
            ctx,
        );
        let inside = popup::open(frame, self.area, block);
        if inside.height < 3 || inside.width < 8 {
            return;
        }
        let prompt = Span::styled(ctx.icons.prompt, ctx.theme.accent);
        frame.render_widget(
            prompt,
            Rect {
                height: 1,
                ..inside
            },
        );
        let field = Rect::new(inside.x + 2, inside.y, inside.width - 2, 1);
        self.field.draw(frame, field, Focus::Here, ctx);
        let rule = ctx.icons.rule.repeat(inside.width.into());
        let rule_area = Rect::new(inside.x, inside.y + 1, inside.width, 1);
        frame.render_widget(Span::styled(rule, ctx.theme.border), rule_area);
        let list = Rect::new(inside.x, inside.y + 2, inside.width, inside.height - 2);
        let width = usize::from(list.width);
        rows::rows(
            frame,
            list,
            (&self.cursor, self.rows.len()),
            Focus::Here,
            ctx,
            |at| {
                self.rows
                    .get(at)
                    .map_or_else(Line::default, |row| help_line(*row, width, ctx))
            },
        );
    }
}

fn help_line<'a>(row: Row, width: usize, ctx: &Ctx) -> Line<'a> {
    match row {
        Row::Heading(heading) => Line::from(Span::styled(heading.to_uppercase(), ctx.theme.title)),
        Row::Key(entry) => Line::from(vec![
            Span::styled(fit_left(&entry.shown_keys(), KEYS), ctx.theme.key),
            Span::styled(fit_left(entry.name, NAME), ctx.theme.text),
            Span::styled(
                format!(
                    " {}",
                    fit(entry.help, width.saturating_sub(KEYS + NAME + 2))
                ),
                ctx.theme.dim,
            ),
        ]),
    }
}
