//! The rows that an import refused: their reasons, where the first of them stand, and how one looks.

use ratatui::text::{Line, Span};

use crate::model::{RefusedAnswer, RefusedKind};
use crate::tui::message::Ctx;
use crate::tui::privacy::Mask;
use crate::tui::text::{count, counted, fit, fit_right, wrap};

/// What is known of the rejects file.
pub enum Refused {
    /// It is being read.
    Reading,
    /// What it holds.
    Read(RefusedAnswer),
    /// Why it can't be read.
    Failed(String),
}

impl Refused {
    /// How many reasons there are, for the frame.
    pub fn note(&self) -> String {
        match self {
            Refused::Read(answer) => counted(answer.kinds.len() as u64, "reason"),
            Refused::Reading | Refused::Failed(_) => String::new(),
        }
    }

    /// It as lines.
    pub fn lines(&self, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
        match self {
            Refused::Reading => vec![Line::styled("reading…", ctx.theme.dim)],
            Refused::Failed(words) => styled(words, width, ctx.theme.bad),
            Refused::Read(answer) => {
                let mut lines = Vec::new();
                if answer.is_part {
                    let words = format!("of the first {}:", counted(answer.rows, "row"));
                    lines.push(Line::styled(fit(&words, width), ctx.theme.dim));
                }
                let kinds = answer.kinds.iter();
                lines.extend(kinds.flat_map(|kind| of_kind(kind, width, ctx)));
                lines
            }
        }
    }
}

fn of_kind(kind: &RefusedKind, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
    const INDENT: usize = 8;
    let room = width.saturating_sub(INDENT);
    let is_masked = ctx.mask == Mask::On;
    let reason = if is_masked || kind.rows > 1 {
        &kind.reason
    } else {
        &kind.first_reason
    };
    let mut number = fit_right(&count(kind.rows), INDENT - 1);
    let mut lines = Vec::new();
    for words in wrap(reason, room, 3) {
        lines.push(Line::from(vec![
            Span::styled(format!("{number} "), ctx.theme.conflict),
            Span::styled(words, ctx.theme.text),
        ]));
        number = " ".repeat(INDENT - 1);
    }
    let more = if kind.rows as usize > kind.places.len() {
        ", …"
    } else {
        ""
    };
    let places: Vec<String> = kind
        .places
        .iter()
        .map(|(file, line)| {
            let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
            format!("{name} line {}", count(*line))
        })
        .collect();
    let mut below = vec![format!("{}{more}", places.join(", "))];
    below.extend(kind.first_row.clone().filter(|_| !is_masked));
    lines.extend(below.into_iter().map(|words| {
        let words = format!("{}{}", " ".repeat(INDENT), fit(&words, room));
        Line::styled(words, ctx.theme.dim)
    }));
    lines
}

fn styled(words: &str, width: usize, style: ratatui::style::Style) -> Vec<Line<'static>> {
    let lines = wrap(words, width, 4).into_iter();
    lines.map(|line| Line::styled(line, style)).collect()
}
