//! The pane of facets: what the result is made of, each value a key away from the query, and the saved searches.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::SavedSearch;
use crate::model::privacy::is_personal;
use crate::model::{FacetRow, FacetsAnswer};
use crate::tui::action::Action;
use crate::tui::message::{Ctx, Effect};
use crate::tui::privacy::Mask;
use crate::tui::text::{cells, count, fit, fit_left, fit_right};
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::{Listing, rows};
use crate::worker::{Question, Slot};

use super::reading::Reading;

/// Profiles that are counted first; then more, until all are, or the last of these are.
const STEPS: [u64; 3] = [2_000, 10_000, 50_000];

/// A line of the pane.
#[derive(Clone, Debug)]
enum Row {
    Heading(String),
    Value(FacetRow, u64, bool),
    Saved(usize, SavedSearch),
    Note(String),
}

/// The pane.
#[derive(Debug, Default)]
pub struct Facets {
    /// The query and the policy that were asked about.
    asked: Option<(String, String)>,
    /// Those of the answer that is here.
    answered: Option<(String, String)>,
    step: usize,
    answer: FacetsAnswer,
    rows: Vec<Row>,
    listing: Listing,
    area: Rect,
}

impl Facets {
    /// Asks about this query, where that was not done.
    pub fn follow(&mut self, query: &str, ctx: &Ctx) -> Option<Effect> {
        let wanted = (query.to_owned(), ctx.policy.id.clone());
        if self.asked.as_ref() == Some(&wanted) {
            return None;
        }
        self.asked = Some(wanted);
        self.step = 0;
        self.ask()
    }

    /// Asks again when it is next seen.
    pub fn spoil(&mut self) {
        self.asked = None;
    }

    fn ask(&self) -> Option<Effect> {
        let (query, policy) = self.asked.clone()?;
        let most = *STEPS.get(self.step)?;
        let question = Question::Facets {
            query,
            policy,
            most,
        };
        Some(Effect::Ask(Slot::Facets, question))
    }

    /// How many profiles of this query were counted, and whether these are all.
    pub fn counted(&self, query: &str) -> Option<(u64, bool)> {
        let (asked, _) = self.answered.as_ref()?;
        let is_known = asked == query && self.answered == self.asked;
        is_known.then_some((self.answer.profiles, self.answer.is_whole))
    }

    /// Whether more of them are being counted.
    pub fn is_counting(&self) -> bool {
        self.answered != self.asked || (!self.answer.is_whole && self.step < STEPS.len())
    }

    /// Takes an answer, and asks for more where not all were counted.
    pub fn take(&mut self, query: &str, answer: &FacetsAnswer, ctx: &Ctx) -> Option<Effect> {
        if self.asked.as_ref().is_none_or(|(asked, _)| asked != query) {
            return None;
        }
        self.answer = answer.clone();
        self.answered.clone_from(&self.asked);
        self.line_up(ctx);
        if answer.is_whole {
            return None;
        }
        self.step += 1;
        self.ask()
    }

    /// Lines up what there is: the values, then the saved searches.
    pub fn line_up(&mut self, ctx: &Ctx) {
        self.rows.clear();
        for facet in &self.answer.facets {
            self.rows.push(Row::Heading(facet.title.clone()));
            let most = facet.rows.iter().map(|row| row.count).max().unwrap_or(1);
            let rows = facet.rows.iter().cloned();
            self.rows
                .extend(rows.map(|row| Row::Value(row, most, facet.is_personal)));
        }
        self.rows.push(Row::Heading("saved searches".into()));
        if ctx.kept.searches.is_empty() {
            self.rows.push(Row::Note("ctrl-s saves the query".into()));
        }
        let saved = ctx.kept.searches.iter().cloned().enumerate();
        self.rows
            .extend(saved.map(|(at, search)| Row::Saved(at, search)));
        let rows = &self.rows;
        self.listing.set(rows.len(), |at| {
            matches!(rows.get(at), Some(Row::Value(..) | Row::Saved(..)))
        });
    }

    /// Moves; whether it did.
    pub fn act(&mut self, action: Action) -> bool {
        self.listing.act(action)
    }

    /// Moves the window alone.
    pub fn wheel(&mut self, lines: isize) {
        self.listing.wheel(lines);
    }

    /// Selects the line at a row of the screen; whether one is there.
    pub fn press(&mut self, row: u16) -> bool {
        let row = usize::from(row.saturating_sub(self.area.y + 1));
        let Some(at) = self.listing.cursor().at(row, self.listing.len()) else {
            return false;
        };
        let is_stop = matches!(self.rows.get(at), Some(Row::Value(..) | Row::Saved(..)));
        if is_stop {
            self.listing.select(at);
        }
        is_stop
    }

    /// The term of the selected value; the mask lets nobody ask for what it hides.
    pub fn term(&self, ctx: &Ctx) -> Option<&str> {
        match self.rows.get(self.listing.selected()?)? {
            Row::Value(row, _, is_personal) if !(*is_personal && ctx.mask == Mask::On) => {
                Some(&row.term)
            }
            _ => None,
        }
    }

    /// The selected saved search.
    pub fn saved(&self) -> Option<&SavedSearch> {
        match self.rows.get(self.listing.selected()?)? {
            Row::Saved(_, search) => Some(search),
            _ => None,
        }
    }

    /// Learns its area.
    pub fn layout(&mut self, area: Rect) {
        self.area = area;
        self.listing.fit(usize::from(area.height.saturating_sub(2)));
    }

    /// Paints itself.
    pub fn draw(&self, frame: &mut Frame<'_>, focus: Focus, reading: &Reading, ctx: &Ctx) {
        let counted = match (self.answer.profiles, self.answer.is_whole) {
            (0, _) => String::new(),
            (profiles, true) => format!("of {}", count(profiles)),
            (profiles, false) => format!("of the first {}", count(profiles)),
        };
        let block = noted(panel("facets", focus, ctx), &counted, ctx);
        let inside = block.inner(self.area);
        frame.render_widget(block, self.area);
        let width = usize::from(inside.width).saturating_sub(1);
        let list = (self.listing.cursor(), self.listing.len());
        rows::rows(frame, inside, list, focus, ctx, |at| {
            let row = self.rows.get(at);
            row.map_or_else(Line::default, |row| line(row, width, reading, ctx))
        });
    }
}

fn line<'a>(row: &Row, width: usize, reading: &Reading, ctx: &Ctx) -> Line<'a> {
    let theme = &ctx.theme;
    match row {
        Row::Heading(title) => Line::styled(fit(title, width), theme.title),
        Row::Note(words) => Line::styled(fit(&format!("  {words}"), width), theme.dim),
        Row::Value(row, most, is_personal) => {
            let is_hidden = *is_personal && ctx.mask == Mask::On;
            let label = if is_hidden {
                ctx.icons.masked
            } else {
                &row.label
            };
            let has = reading.has(&row.term);
            let sign = if has { ctx.icons.yes } else { " " };
            let number = count(row.count);
            let bar = width.saturating_sub(cells(&number) + 20).min(12);
            let full = (row.count * bar as u64).div_ceil(*most.max(&1)) as usize;
            let names = width.saturating_sub(cells(&number) + bar + 4);
            let bar = fit_left(&ctx.icons.full.repeat(full), bar);
            Line::from(vec![
                Span::styled(format!("{sign} "), theme.accent),
                Span::styled(
                    fit_left(label, names),
                    if has { theme.accent } else { theme.text },
                ),
                Span::styled(format!(" {bar}"), theme.faint),
                Span::styled(fit_right(&number, cells(&number) + 1), theme.text),
            ])
        }
        Row::Saved(at, search) => {
            let key = if *at < 9 {
                format!("alt-{}", at + 1)
            } else {
                String::new()
            };
            let is_hidden = ctx.mask == Mask::On && is_personal(&[], &search.query.as_str().into());
            let query = if is_hidden {
                ctx.icons.masked
            } else {
                &search.query
            };
            Line::from(vec![
                Span::styled(format!("  {}", fit_left(&key, 6)), theme.key),
                Span::styled(fit(&search.name, width.saturating_sub(10)), theme.text),
                Span::styled(format!("  {}", fit(query, width)), theme.dim),
            ])
        }
    }
}
