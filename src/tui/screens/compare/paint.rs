//! How the comparison is painted.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::{ComparedField, Stitching};
use crate::tui::message::{Ctx, Status};
use crate::tui::text::{
    brief, cells, count, counted, dotted, fit, fit_left, fit_right, fit_tail, took,
};
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::rows;

use super::table::{Listed, Row, Sign, Table};
use super::why::letter;
use super::{Compare, TABLE, WHY};

/// Rows above the list: name, rule, extent and a line.
const HEAD: u16 = 4;

/// The least width of a policy's column.
const LEAST: u16 = 26;

/// Policies that are seen at most.
const MOST_SEEN: u16 = 4;

impl Compare {
    pub(super) fn lay_out(&mut self, area: Rect, ctx: &Ctx) {
        self.area = area;
        self.name_width = (area.width / 4).clamp(18, 40);
        let rest = area.width.saturating_sub(self.name_width + 3);
        let seen = if area.width < 100 { 2 } else { MOST_SEEN };
        self.seen = usize::from((rest / LEAST).clamp(2, seen));
        let reasons = 2 * self.chosen.len().clamp(1, self.seen) as u16;
        let why = match (self.panes.is_zoomed(), self.panes.focus()) {
            (true, TABLE) => 0,
            (true, _) => area.height,
            (false, _) => (3 + reasons).min(area.height * 2 / 5),
        };
        [self.areas[TABLE], self.areas[WHY]] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(why)]).areas(area);
        self.follow();
        let height = usize::from(self.areas[TABLE].height.saturating_sub(2 + HEAD));
        let rows = self.content.ready().map_or(0, |table| table.rows().len());
        self.cursor.fit(height, rows);
        self.explain(ctx);
        self.why
            .fit(self.areas[WHY].height.saturating_sub(3).into());
        if let Some(picker) = &mut self.picker {
            picker.layout(area, ctx);
        }
    }

    pub(super) fn paint(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        match self.content.ready() {
            Some(table) => {
                if self.areas[TABLE].height > 0 {
                    self.draw_table(frame, table, ctx);
                }
                if self.areas[WHY].height > 0 {
                    self.draw_why(frame, table, ctx);
                }
            }
            None => {
                let block = panel("compare", Focus::Here, ctx);
                let inside = block.inner(self.area);
                frame.render_widget(block, self.area);
                self.content.draw_absence(frame, inside, ctx);
            }
        }
        if let Some(picker) = &self.picker {
            picker.draw(frame, &self.chosen, ctx);
        }
    }

    pub(super) fn place(&self, ctx: &Ctx) -> Status {
        let Some(table) = self.content.ready() else {
            return Status::default();
        };
        let [differs, added, missing] = table.signs(self.column.max(1));
        let rows = table.rows().len();
        let row = format!("{}/{rows}", (self.cursor.selected() + 1).min(rows));
        let mut signs = String::new();
        if table.sides().len() > 1 {
            let other = letter(self.column.max(1));
            let unequal = ctx.icons.conflict;
            signs = format!("A to {other}: {unequal} {differs}  + {added}  − {missing}");
        }
        Status {
            position: dotted([row, signs], ctx.icons.dot),
            timing: format!("compare {}", took(self.elapsed)),
        }
    }

    /// The sides that are seen: the baseline, and the others around the selected one.
    pub(super) fn seen_sides(&self) -> Vec<usize> {
        let sides = self.content.ready().map_or(0, |table| table.sides().len());
        let others = self.first..(self.first + self.seen.max(2) - 1).min(sides);
        std::iter::once(0).chain(others).collect()
    }

    fn draw_table(&self, frame: &mut Frame<'_>, table: &Table, ctx: &Ctx) {
        let focus = Focus::of(TABLE, self.panes.focus());
        let (paths, differing) = table.counts();
        let title = format!(
            "{} {dot} {differing} differ",
            counted(paths as u64, "attribute"),
            dot = ctx.icons.dot
        );
        let hidden = table.sides().len().saturating_sub(self.seen_sides().len());
        let listed = match self.listed {
            Listed::Differences => "differences only",
            Listed::All => "all",
        };
        let beside = match hidden {
            0 => String::new(),
            hidden => format!("{hidden} more to the side"),
        };
        let note = dotted([listed.to_owned(), beside], ctx.icons.dot);
        let area = self.areas[TABLE];
        let block = noted(panel(&title, focus, ctx), &note, ctx);
        let inside = block.inner(area);
        frame.render_widget(block, area);
        let sides = self.seen_sides();
        let widths = self.widths(inside.width, sides.len());
        self.draw_heads(frame, inside, (table, &sides, &widths), ctx);
        let below = Rect {
            y: inside.y + HEAD.min(inside.height),
            height: inside.height.saturating_sub(HEAD),
            ..inside
        };
        let list = (&self.cursor, table.rows().len());
        rows::rows(frame, below, list, focus, ctx, |at| {
            table.rows().get(at).map_or_else(Line::default, |row| {
                row_line(*row, table, (&sides, &widths), ctx)
            })
        });
    }

    /// The width of the names, then that of each side.
    fn widths(&self, width: u16, sides: usize) -> Vec<usize> {
        let names = usize::from(self.name_width);
        let rest = usize::from(width).saturating_sub(names + 1);
        let each = rest / sides.max(1);
        let mut widths = vec![names];
        widths.extend(std::iter::repeat_n(each.saturating_sub(1), sides));
        widths
    }

    fn draw_heads(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        (table, sides, widths): (&Table, &[usize], &[usize]),
        ctx: &Ctx,
    ) {
        let mut lines = [const { Vec::new() }; 3];
        let names = widths.first().copied().unwrap_or(0);
        for (line, words) in lines.iter_mut().zip(["attribute", "", ""]) {
            line.push(Span::styled(
                format!(" {}", fit_left(words, names)),
                ctx.theme.dim,
            ));
        }
        for (side, width) in sides.iter().zip(widths.iter().skip(1)) {
            let words = head(table, *side, ctx);
            let is_selected = *side == self.column;
            let name = if is_selected {
                ctx.theme.tab
            } else {
                ctx.theme.title
            };
            let styles = [name, ctx.theme.dim, ctx.theme.dim];
            for ((line, words), style) in lines.iter_mut().zip(words).zip(styles) {
                let words = fit(&words, *width);
                let gap = width.saturating_sub(cells(&words));
                line.push(Span::raw(" "));
                line.push(Span::styled(words, style));
                line.push(Span::raw(" ".repeat(gap)));
            }
        }
        let rule = ctx.icons.rule.repeat(area.width.into());
        let lines = lines.map(Line::from).into_iter();
        let all = lines.chain([Line::styled(rule, ctx.theme.faint)]);
        for (row, line) in (area.y..area.bottom()).zip(all) {
            frame.render_widget(line, Rect::new(area.x, row, area.width, 1));
        }
    }

    fn draw_why(&self, frame: &mut Frame<'_>, table: &Table, ctx: &Ctx) {
        let area = self.areas[WHY];
        let focus = Focus::of(WHY, self.panes.focus());
        let row = table.rows().get(self.cursor.selected()).copied();
        let about = match (row, row.and_then(|row| table.field(row))) {
            (_, Some(field)) => field.path.to_string(),
            (Some(Row::Tally(tally)), _) => tally.name().to_owned(),
            _ => String::new(),
        };
        let block = panel(&format!("why {about}"), focus, ctx);
        let inside = block.inner(area);
        frame.render_widget(block, area);
        let [reasons, foot] =
            Layout::vertical([Constraint::Fill(1), Constraint::Length(1)]).areas(inside);
        self.why.draw(frame, reasons, focus, ctx);
        if let Some((pair, side)) = self.pair() {
            let path = row
                .and_then(|row| table.field(row))
                .map(|field| &field.path);
            let width = usize::from(foot.width).saturating_sub(1);
            let mut line = self.impact.line((&pair, side), path, width, ctx);
            line.spans.insert(0, Span::raw(" "));
            frame.render_widget(line, foot);
        }
    }
}

/// A policy's name, how it ranks, and what the profile is made of.
fn head(table: &Table, side: usize, ctx: &Ctx) -> [String; 3] {
    let Some(compared) = table.sides().get(side) else {
        return Default::default();
    };
    let policy = ctx
        .policies
        .iter()
        .find(|policy| policy.id == compared.policy.id);
    let ranked = match policy {
        Some(policy) if !policy.order.is_empty() => policy.order.join(" > "),
        Some(_) => "newest first".into(),
        None => String::new(),
    };
    let made_of = match policy.map(|policy| policy.stitching) {
        Some(Stitching::Pdg) => "whole graph",
        Some(Stitching::None) => "one identity",
        None => "",
    };
    let made_of = match &compared.profile {
        Ok(_) => made_of.to_owned(),
        Err(_) => format!("{made_of} {} no profile", ctx.icons.dot),
    };
    let base = if side == 0 { "  baseline" } else { "" };
    let name = format!("{}  {}{base}", letter(side), compared.policy.name);
    [name, format!("   {ranked}"), format!("   {made_of}")]
}

fn row_line<'a>(
    row: Row,
    table: &Table,
    (sides, widths): (&[usize], &[usize]),
    ctx: &Ctx,
) -> Line<'a> {
    let names = widths.first().copied().unwrap_or(0);
    let (name, style) = match (row, table.field(row)) {
        (_, Some(field)) => (field.path.to_string(), ctx.theme.path),
        (Row::Tally(tally), _) => (tally.name().to_owned(), ctx.theme.dim),
        _ => return Line::default(),
    };
    // The end of a path says more than its beginning.
    let mut spans = vec![Span::styled(fit_end(&name, names), style)];
    for (side, width) in sides.iter().zip(widths.iter().skip(1)) {
        spans.push(Span::raw(" "));
        spans.extend(cell(row, table, (*side, *width), ctx));
    }
    Line::from(spans)
}

fn cell<'a>(row: Row, table: &Table, (side, width): (usize, usize), ctx: &Ctx) -> [Span<'a>; 3] {
    let sign = table.sign(row, side).filter(|_| side > 0);
    let (shown, style) = match sign {
        None => (" ", ctx.theme.text),
        Some(sign @ Sign::Same) => (sign.shown(&ctx.icons), ctx.theme.dim),
        Some(sign) => (sign.shown(&ctx.icons), ctx.theme.conflict),
    };
    let (value, source) = match (row, table.field(row)) {
        (Row::Tally(tally), _) => (table.number(tally, side).map(count), String::new()),
        (_, Some(field)) => said(field, side, width, ctx),
        _ => (None, String::new()),
    };
    let source = fit(&source, width * 2 / 5);
    let room = width.saturating_sub(2 + cells(&source) + usize::from(!source.is_empty()));
    let missing = value.is_none();
    let value = value.unwrap_or_else(|| "—".into());
    let value_style: Style = match sign {
        _ if missing => ctx.theme.faint,
        Some(Sign::Same) => ctx.theme.dim,
        _ => ctx.theme.text,
    };
    let gap = width.saturating_sub(2 + room);
    [
        Span::styled(format!("{shown} "), style),
        Span::styled(fit_left(&value, room), value_style),
        Span::styled(fit_right(&source, gap), ctx.theme.dim),
    ]
}

fn said(field: &ComparedField, side: usize, width: usize, ctx: &Ctx) -> (Option<String>, String) {
    let Some(said) = Table::said(field, side) else {
        return (None, String::new());
    };
    let value = if ctx.mask.hides(&field.path, &said.value) {
        ctx.icons.masked.to_owned()
    } else {
        brief(&said.value, width * 2)
    };
    let source = said.dataset.as_deref().unwrap_or_default();
    (Some(value), source.to_owned())
}

/// A path cut at its beginning, filled up to a width; a whole key reads better than the rest of one.
fn fit_end(path: &str, width: usize) -> String {
    let end = fit_tail(path, width);
    let keys = end.strip_prefix('…').and_then(|end| end.split_once('.'));
    fit_left(
        &keys.map_or(end.clone(), |(_, keys)| format!("…{keys}")),
        width,
    )
}

#[cfg(test)]
mod unit {
    use super::*;

    #[test]
    fn of_a_long_path_the_last_keys_are_shown() {
        let check = |path: &str, width: usize, expected: &str| {
            assert_eq!(fit_end(path, width), expected, "{path}");
        };
        check("nickname", 10, "nickname  ");
        check("person.name.firstName", 18, "…name.firstName   ");
        check("averylongsinglekey", 8, "…nglekey");
        check("a.岡部岡部岡部", 6, "…岡部 ");
    }
}
