//! The rows that an import refused: their reasons, where the first of them stand, and how one looks.

use ratatui::text::{Line, Span};

use crate::model::{RefusedAnswer, RefusedKind, RefusedRow};
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

    /// Its rows one below the other, as lines; `file` holds all of them.
    pub fn rows(&self, file: &str, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
        let Refused::Read(answer) = self else {
            return self.lines(width, ctx);
        };
        let told = answer.first.len() as u64;
        let words = if answer.is_part || told < answer.rows {
            format!(
                "the first {}; all of them are in {file}",
                counted(told, "row")
            )
        } else {
            format!("they are in {file} too")
        };
        let mut lines = styled(&words, width, ctx.theme.dim);
        for row in &answer.first {
            lines.push(Line::default());
            lines.extend(of_row(row, width, ctx));
        }
        lines
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
        .map(|(file, line)| format!("{} line {}", name_of(file), count(*line)))
        .collect();
    let mut below = vec![format!("{}{more}", places.join(", "))];
    below.extend(kind.first_row.clone().filter(|_| !is_masked));
    lines.extend(below.into_iter().map(|words| {
        let words = format!("{}{}", " ".repeat(INDENT), fit(&words, room));
        Line::styled(words, ctx.theme.dim)
    }));
    lines
}

fn of_row(row: &RefusedRow, width: usize, ctx: &Ctx) -> Vec<Line<'static>> {
    let place = format!("{} line {}", name_of(&row.file), count(row.line));
    if ctx.mask == Mask::On {
        let words = format!("{place}: its reason and its text are hidden while the mask is on");
        return styled(&words, width, ctx.theme.dim);
    }
    let mut lines = styled(
        &format!("{place}: {}", row.reason),
        width,
        ctx.theme.conflict,
    );
    let (words, style) = match &row.row {
        Some(text) => (text.as_str(), ctx.theme.text),
        None => ("its bytes are no text, or were not kept", ctx.theme.dim),
    };
    let room = width.saturating_sub(2);
    lines.extend(styled(words, room, style).into_iter().map(|mut line| {
        line.spans.insert(0, "  ".into());
        line
    }));
    lines
}

fn name_of(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

fn styled(words: &str, width: usize, style: ratatui::style::Style) -> Vec<Line<'static>> {
    let lines = wrap(words, width, 4).into_iter();
    lines.map(|line| Line::styled(line, style)).collect()
}
