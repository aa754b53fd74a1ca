//! How the policies are painted.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::{CompareAnswer, MergePolicy};
use crate::tui::message::{Ctx, Status};
use crate::tui::screen::Mode;
use crate::tui::screens::compare::table::{Listed, Row, Table};
use crate::tui::screens::content::sentence;
use crate::tui::text::{brief, count, dotted, fit, fit_left, took, wrap};
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::paper::{Entry, blank, plain, wrapped};
use crate::tui::widgets::rows;
use crate::tui::widgets::table::{self, Column, Side, column};

use super::{LIST, PREVIEW, Policies, RULES};

const COLUMNS: [Column; 4] = [
    column("policy", Side::Left, 16, 2, 0),
    column("made of", Side::Left, 12, 0, 2),
    column("ranked", Side::Left, 14, 3, 1),
    column("version", Side::Right, 7, 0, 3),
];

impl Policies {
    pub(super) fn paint(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        self.draw_list(frame, ctx);
        self.draw_rules(frame, ctx);
        self.draw_preview(frame, ctx);
        if let Some(confirm) = &self.confirm {
            confirm.draw(frame, self.area, ctx);
        }
    }

    pub(super) fn place(&self, ctx: &Ctx) -> Status {
        let row = format!(
            "{}/{}",
            self.cursor.selected() + 1,
            count(ctx.policies.len() as u64)
        );
        let draft = self.draft.as_ref().map_or("", |_| "not saved");
        Status {
            position: dotted([row, draft.to_owned()], ctx.icons.dot),
            timing: match self.preview {
                Some(_) => format!("preview {}", took(self.elapsed)),
                None => String::new(),
            },
        }
    }

    fn draw_list(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let Some(area) = self.panes.area(LIST) else {
            return;
        };
        let focus = Focus::of(LIST, self.panes.focus());
        let note = format!(
            "{} shown {} {} default",
            ctx.icons.winner, ctx.icons.dot, ctx.icons.mark
        );
        let block = noted(panel("merge policies", focus, ctx), &note, ctx);
        let inside = block.inner(area);
        frame.render_widget(block, area);
        let widths = table::widths(&COLUMNS, usize::from(inside.width).saturating_sub(5));
        let mut heading = table::headings(&COLUMNS, &widths, ctx.theme.dim);
        heading.spans.insert(0, Span::raw("    "));
        frame.render_widget(
            heading,
            Rect {
                height: 1,
                ..inside
            },
        );
        let below = Rect {
            y: inside.y + 1,
            height: inside.height.saturating_sub(1),
            ..inside
        };
        let list = (&self.cursor, ctx.policies.len());
        rows::rows(frame, below, list, focus, ctx, |at| {
            ctx.policies
                .get(at)
                .map_or_else(Line::default, |policy| policy_line(policy, &widths, ctx))
        });
    }

    fn draw_rules(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let Some(area) = self.panes.area(RULES) else {
            return;
        };
        let focus = Focus::of(RULES, self.panes.focus());
        let (title, note) = match (&self.draft, self.is_new) {
            (Some(_), true) => ("new policy", "s saves · esc drops"),
            (Some(_), false) => ("rules, changed", "s saves · esc drops"),
            (None, _) => ("rules", "h l change · J K move"),
        };
        let block = noted(panel(title, focus, ctx), note, ctx);
        let inside = block.inner(area);
        frame.render_widget(block, area);
        self.rules.draw(frame, inside, focus, ctx);
        if self.mode == Mode::Text && self.confirm.is_none() {
            // The name is the form's first line.
            let field = Rect::new(
                inside.x + 13.min(inside.width),
                inside.y,
                inside.width.saturating_sub(14),
                inside.height.min(1),
            );
            frame.render_widget(ratatui::widgets::Clear, field);
            self.name.draw(frame, field, Focus::Here, ctx);
        }
    }

    fn draw_preview(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let Some(area) = self.panes.area(PREVIEW) else {
            return;
        };
        let focus = Focus::of(PREVIEW, self.panes.focus());
        let note = ctx
            .subject
            .as_ref()
            .map(|subject| ctx.mask.identity(subject, &ctx.icons));
        let block = noted(
            panel("what it changes", focus, ctx),
            &note.unwrap_or_default(),
            ctx,
        );
        let inside = block.inner(area);
        frame.render_widget(block, area);
        if !self.changes.is_empty() {
            return self.changes.draw(frame, inside, focus, ctx);
        }
        let words = match ctx.subject {
            None => {
                "look a profile up first: what the selected policy would make of it is shown here"
            }
            Some(_) => "asking…",
        };
        let lines = wrap(words, inside.width.saturating_sub(2).into(), 6);
        for (row, line) in (inside.y..inside.bottom()).zip(lines) {
            let line = Span::styled(format!(" {line}"), ctx.theme.dim);
            frame.render_widget(line, Rect::new(inside.x, row, inside.width, 1));
        }
    }
}

fn policy_line<'a>(policy: &MergePolicy, widths: &[usize], ctx: &Ctx) -> Line<'a> {
    let shown = if policy.id == ctx.policy.id {
        ctx.icons.winner
    } else {
        " "
    };
    let default = if policy.is_default {
        ctx.icons.mark
    } else {
        " "
    };
    let (made_of, _) = super::words::stitching(policy.stitching);
    let ranked = match policy.order.as_slice() {
        [] => "newest first".to_owned(),
        order => order.join(" > "),
    };
    let cells = [
        (policy.name.clone(), ctx.theme.text),
        (made_of.to_owned(), ctx.theme.dim),
        (ranked, ctx.theme.dim),
        (policy.version.to_string(), ctx.theme.number),
    ];
    let mut line = table::line(&COLUMNS, widths, cells);
    let signs = format!("{}{} ", fit_left(shown, 1), fit_left(default, 1));
    line.spans.insert(0, Span::styled(signs, ctx.theme.accent));
    line
}

/// What the second policy of a comparison changes against the first.
pub fn changes(answer: &CompareAnswer, width: usize, ctx: &Ctx) -> Vec<Entry<()>> {
    let table = Table::new(answer.clone(), Listed::Differences);
    let mut lines = Vec::new();
    for side in table.sides() {
        if let Err(miss) = &side.profile {
            let words = format!("{}: {}", side.policy.name, sentence(miss, ctx));
            lines.extend(wrapped(&words, 0, (width, 4), ctx.theme.text));
            lines.push(blank());
        }
    }
    let [before, after] = [0, 1].map(|side| {
        let side = table.sides().get(side);
        side.map_or_else(String::new, |side| side.policy.name.clone())
    });
    if before == after || table.sides().len() < 2 {
        let words = "This is the policy that everything is shown under.";
        lines.extend(wrapped(words, 0, (width, 2), ctx.theme.dim));
        return lines;
    }
    let words = format!("{before} → {after}");
    lines.push(plain(&words, width, ctx.theme.title));
    let (_, differing) = table.counts();
    if differing == 0 {
        lines.push(plain("the same values", width, ctx.theme.dim));
    }
    for row in table.rows() {
        lines.extend(change(*row, &table, width, ctx));
    }
    lines
}

fn change(row: Row, table: &Table, width: usize, ctx: &Ctx) -> Vec<Entry<()>> {
    let sign = table.sign(row, 1);
    let shown = sign.map_or(" ", |sign| sign.shown(&ctx.icons));
    if let Row::Tally(tally) = row {
        let number = |side| table.number(tally, side).map_or_else(|| "—".into(), count);
        let words = format!("{shown} {:<11} {} → {}", tally.name(), number(0), number(1));
        return vec![plain(&words, width, ctx.theme.text)];
    }
    let Some(field) = table.field(row) else {
        return vec![blank()];
    };
    let value = |side| match Table::said(field, side) {
        None => "—".to_owned(),
        Some(said) if ctx.mask.hides(&field.path, &said.value) => ctx.icons.masked.to_owned(),
        Some(said) => brief(&said.value, width),
    };
    let line = Line::from(vec![
        Span::styled(format!("{shown} "), ctx.theme.conflict),
        Span::styled(
            fit(&field.path.to_string(), width.saturating_sub(2)),
            ctx.theme.path,
        ),
    ]);
    let half = width.saturating_sub(7) / 2;
    let values = format!("{} → {}", fit(&value(0), half), fit(&value(1), half));
    vec![
        (None, line),
        wrapped(&values, 2, (width, 1), ctx.theme.text).remove(0),
    ]
}
