//! The stages of an import on one line: those that are done, the present one, those that come.

use ratatui::text::{Line, Span};

use crate::tui::message::Ctx;
use crate::tui::text::cells;
use crate::tui::widgets::line::width;

/// The stages as progress names them, in their order, and as the line does.
const STAGES: [(&str, &str); 5] = [
    ("reading", "read"),
    ("writing", "write"),
    ("linking", "link"),
    ("closing", "close"),
    ("search index", "index"),
];

/// The place of the stage that progress names; `None` where none has begun.
fn place(stage: &str) -> Option<usize> {
    // A history is put into its order before any of it is written.
    let stage = if stage == "ordering" {
        "reading"
    } else {
        stage
    };
    STAGES.iter().position(|(name, _)| *name == stage)
}

/// Whether all files are read by then.
pub fn is_past_reading(stage: &str) -> bool {
    stage == "ordering" || place(stage).is_some_and(|place| place > 0)
}

/// The line; where it is too long for a width, its rules are left out.
pub fn rail(stage: &str, space: usize, ctx: &Ctx) -> Line<'static> {
    let rule = format!(" {} ", ctx.icons.rule.repeat(2));
    let long = joined(stage, &rule, ctx);
    if width(&long) <= space {
        return long;
    }
    joined(stage, if space < 41 { " " } else { "  " }, ctx)
}

fn joined(stage: &str, rule: &str, ctx: &Ctx) -> Line<'static> {
    let (theme, icons) = (&ctx.theme, &ctx.icons);
    let present = place(stage);
    let mut spans = Vec::new();
    for (at, (_, name)) in STAGES.iter().enumerate() {
        if at > 0 && cells(rule) > 0 {
            spans.push(Span::styled(rule.to_owned(), theme.faint));
        }
        let (sign, style) = match present {
            Some(present) if at < present => (icons.yes, theme.good),
            Some(present) if at == present => (icons.winner, theme.accent),
            _ => (icons.dot, theme.dim),
        };
        spans.push(Span::styled(format!("{sign} {name}"), style));
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_before_the_present_one_are_done() {
        let ctx = crate::tui::testing::ctx();
        let check = |stage: &str, space: usize, expected: &str| {
            assert_eq!(rail(stage, space, &ctx).to_string(), expected, "{stage}");
        };
        check(
            "reading",
            80,
            "▶ read ── · write ── · link ── · close ── · index",
        );
        check("linking", 45, "✓ read  ✓ write  ▶ link  · close  · index");
        check("ordering", 34, "▶ read · write · link · close · index");
        check(
            "waiting for",
            99,
            "· read ── · write ── · link ── · close ── · index",
        );
    }
}
