//! A row of a profile as a line: key, value, source, as of, mark.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::{Identity, Moment, NamespaceKind, ProfileAnswer};
use crate::tui::message::Ctx;
use crate::tui::privacy::Mask;
use crate::tui::text::{age, brief, count, day, fit, fit_left, fit_right};
use crate::tui::widgets::outline::{Fold, JsonRow, Node};

use super::rows::{Attribute, Mark, Row, Section, Shown};

/// How wide each column is.
#[derive(Clone, Copy, Debug)]
pub struct Widths {
    key: usize,
    value: usize,
    source: usize,
    time: usize,
    mark: usize,
    step: usize,
}

impl Widths {
    /// The widths in a space: what is narrow loses the day first, then the source, then the time.
    pub fn of(space: usize) -> Widths {
        let (source, time, mark) = match space {
            84.. => (16, 10, 5),
            52..84 => (11, 6, 5),
            30..52 => (0, 6, 5),
            _ => (0, 0, 4),
        };
        let columns = [source, time, mark];
        let gaps = columns.iter().filter(|width| **width > 0).count() + 1;
        let rest = space.saturating_sub(source + time + mark + gaps);
        let key = (rest * 9 / 20).min(36);
        Widths {
            key,
            value: rest - key,
            source,
            time,
            mark,
            step: if space < 52 { 1 } else { 2 },
        }
    }

    /// All columns together, without the blanks between them.
    fn whole(self) -> usize {
        self.key + self.value + self.source + self.time + self.mark
    }
}

/// The line of headings.
pub fn headings<'a>(widths: Widths, ctx: &Ctx) -> Line<'a> {
    let parts = Parts {
        key: "attribute".into(),
        value: Span::styled("value", ctx.theme.dim),
        source: "source".into(),
        time: "as of".into(),
        mark: Span::raw(""),
    };
    let mut line = parts.line(widths, ctx);
    if let Some(first) = line.spans.first_mut() {
        first.style = ctx.theme.dim;
    }
    line
}

/// The line of a row.
pub fn line<'a>(node: &Node<Row>, answer: &ProfileAnswer, widths: Widths, ctx: &Ctx) -> Line<'a> {
    let depth = usize::from(node.depth) * widths.step;
    let sign = match node.fold {
        Fold::Leaf => " ",
        Fold::Open => ctx.icons.open,
        Fold::Folded => ctx.icons.folded,
    };
    let indent = format!("{}{sign} ", " ".repeat(depth.min(widths.key / 2)));
    match &node.content {
        Row::Section(section, rows) => section_line(*section, *rows, &indent, ctx),
        Row::Group { key, conflicts, .. } => {
            let mut line = Line::styled(
                fit(&format!("{indent}{key}"), widths.whole()),
                ctx.theme.title,
            );
            if *conflicts > 0 && node.fold == Fold::Folded {
                let mark = format!("  {} {conflicts}", ctx.icons.conflict);
                line.push_span(Span::styled(mark, ctx.theme.conflict));
            }
            line
        }
        Row::Leaf(attribute) => leaf_line(attribute, &indent, answer, widths, ctx),
        Row::Part { json, is_personal } => {
            let is_hidden = *is_personal && ctx.mask == Mask::On;
            part_line(
                json,
                &indent,
                is_hidden.then_some(ctx.icons.masked),
                widths,
                ctx,
            )
        }
        Row::Identity(identity, kind) => identity_line(identity, *kind, &indent, widths, ctx),
        Row::Alarm { path, text } => Line::styled(
            fit(
                &format!("{indent}{} {path}  {text}", ctx.icons.warning),
                widths.whole(),
            ),
            ctx.theme.alarm,
        ),
    }
}

fn part_line<'a>(
    json: &JsonRow,
    indent: &str,
    hidden: Option<&str>,
    widths: Widths,
    ctx: &Ctx,
) -> Line<'a> {
    let text = match (&json.value, hidden) {
        (Some(_), Some(hidden)) => hidden.to_owned(),
        (Some(value), None) => brief(value, widths.value * 2),
        (None, _) if json.key == "…" => format!("{} more", count(json.children as u64)),
        (None, _) => format!("{{{}}}", json.children),
    };
    let key = fit_left(&format!("{indent}{}", json.key), widths.key);
    Line::from(vec![
        Span::styled(key, ctx.theme.dim),
        Span::styled(format!(" {}", fit(&text, widths.value)), ctx.theme.text),
    ])
}

fn identity_line<'a>(
    identity: &Identity,
    kind: NamespaceKind,
    indent: &str,
    widths: Widths,
    ctx: &Ctx,
) -> Line<'a> {
    let namespace = format!(
        "{indent}{} {}",
        ctx.icons.identity(kind),
        identity.namespace
    );
    let value = ctx.mask.personal(&identity.value, &ctx.icons);
    let value = fit(&value, widths.whole() - widths.key);
    Line::from(vec![
        Span::styled(fit_left(&namespace, widths.key), ctx.theme.identity(kind)),
        Span::styled(format!(" {value}"), ctx.theme.text),
    ])
}

fn section_line<'a>(section: Section, rows: usize, indent: &str, ctx: &Ctx) -> Line<'a> {
    let (name, style) = match section {
        Section::Alarms => ("a newer opt-out lost", ctx.theme.alarm),
        Section::Identities => ("identities", ctx.theme.title),
    };
    Line::from(vec![
        Span::styled(format!("{indent}{name}"), style),
        Span::styled(format!("  {rows}"), ctx.theme.dim),
    ])
}

fn leaf_line<'a>(
    attribute: &Attribute,
    indent: &str,
    answer: &ProfileAnswer,
    widths: Widths,
    ctx: &Ctx,
) -> Line<'a> {
    let leaf = answer.profile.leaves.get(attribute.leaf);
    let winner = leaf.map(|leaf| &leaf.winner);
    let cells = Parts {
        key: format!("{indent}{}", attribute.key),
        value: value_span(attribute, ctx),
        source: winner
            .map(|winner| winner.dataset.to_string())
            .unwrap_or_default(),
        time: winner.map_or_else(String::new, |winner| time(winner.ingested_at, widths, ctx)),
        mark: mark_span(attribute.mark, ctx),
    };
    cells.line(widths, ctx)
}

fn time(moment: Moment, widths: Widths, ctx: &Ctx) -> String {
    if widths.time < 10 {
        age(moment, ctx.now)
    } else {
        day(moment)
    }
}

fn value_span<'a>(attribute: &Attribute, ctx: &Ctx) -> Span<'a> {
    if attribute.is_personal && ctx.mask == Mask::On {
        return Span::styled(ctx.icons.masked, ctx.theme.masked);
    }
    match &attribute.value {
        Shown::Plain(text) => Span::styled(text.clone(), ctx.theme.text),
        Shown::Number(text) => Span::styled(text.clone(), ctx.theme.number),
        Shown::Yes(text) => Span::styled(format!("{} {text}", ctx.icons.yes), ctx.theme.good),
        Shown::No(text) => Span::styled(format!("{} {text}", ctx.icons.no), ctx.theme.bad),
    }
}

fn mark_span<'a>(mark: Mark, ctx: &Ctx) -> Span<'a> {
    let icons = &ctx.icons;
    match mark {
        Mark::None => Span::styled(icons.dot, ctx.theme.faint),
        Mark::Conflict(others) => {
            Span::styled(format!("{} {others}", icons.conflict), ctx.theme.conflict)
        }
        Mark::Tie(others) => Span::styled(
            format!("{}{} {others}", icons.tie, icons.conflict),
            ctx.theme.conflict,
        ),
        Mark::Joined(fragments) => Span::styled(format!("+{fragments}"), ctx.theme.dim),
        Mark::Alarm => Span::styled(icons.warning, ctx.theme.alarm),
    }
}

/// The cells of a line.
struct Parts<'a> {
    key: String,
    value: Span<'a>,
    source: String,
    time: String,
    mark: Span<'a>,
}

impl Parts<'_> {
    fn line<'a>(self, widths: Widths, ctx: &Ctx) -> Line<'a> {
        let mut spans = vec![
            Span::styled(fit_left(&self.key, widths.key), ctx.theme.path),
            Span::styled(
                format!(" {}", fit_left(&self.value.content, widths.value)),
                self.value.style,
            ),
        ];
        let mut add = |text: String, width: usize, style: Style| {
            if width > 0 {
                spans.push(Span::styled(format!(" {text}"), style));
            }
        };
        let time = match widths.time {
            10 => fit_left(&self.time, widths.time),
            _ => fit_right(&self.time, widths.time),
        };
        add(
            fit_left(&self.source, widths.source),
            widths.source,
            ctx.theme.dim,
        );
        add(time, widths.time, ctx.theme.dim);
        add(
            fit_left(&self.mark.content, widths.mark),
            widths.mark,
            self.mark.style,
        );
        Line::from(spans)
    }
}
