//! One event: its facts, and its body as a tree or as it was sent.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::model::{Event, Path};
use crate::tui::action::Action;
use crate::tui::message::Ctx;
use crate::tui::privacy::Mask;
use crate::tui::text::{brief, bytes, count, fit, fit_left, fit_middle, record, second};
use crate::tui::widgets::outline::{Fold, JsonRow, Node, json_rows};
use crate::tui::widgets::panel::Focus;
use crate::tui::widgets::paper::{Entry, blank, fact, plain, wrapped};
use crate::tui::widgets::{Cursor, Outline, Paper, rows};

use super::words::MOST_BYTES;

/// Levels of a tree that are open at first.
const OPEN: u16 = 3;

/// Bytes of a body that are shown as they were sent; copying takes all.
const MOST_RAW: usize = 256 * 1024;

/// Lines of a body that are shown as it was sent.
const MOST_LINES: usize = 20_000;

/// The column of the names of facts.
const NAMES: usize = 9;

/// How a body is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Shape {
    #[default]
    Tree,
    Raw,
}

/// A row of the tree.
#[derive(Clone, Debug)]
struct Part {
    json: JsonRow,
    is_personal: bool,
}

/// The event in hand.
#[derive(Clone, Debug, Default)]
pub struct Detail {
    event: Option<Event>,
    is_unread: bool,
    tree: Outline<Part>,
    cursor: Cursor,
    raw: Paper<()>,
    raw_width: usize,
    shape: Shape,
}

impl Detail {
    /// Shows an event; a long body waits until it is opened.
    pub fn show(&mut self, event: Option<&Event>) {
        if self.event.as_ref() == event {
            return;
        }
        self.event = event.cloned();
        self.cursor.select(0);
        self.raw_width = 0;
        self.raw.rewind();
        self.tree = Outline::default();
        self.is_unread = event.is_some_and(|event| event.body.text().len() > MOST_BYTES);
        if !self.is_unread {
            self.read();
        }
    }

    /// Reads a long body; what the selected row holds folds or unfolds.
    pub fn open(&mut self) {
        if self.is_unread {
            self.is_unread = false;
            self.read();
        } else {
            self.tree.toggle(self.cursor.selected());
        }
    }

    /// Shows the body as it was sent, or as a tree.
    pub fn turn(&mut self) {
        self.shape = match self.shape {
            Shape::Tree => Shape::Raw,
            Shape::Raw => Shape::Tree,
        };
        self.raw_width = 0;
    }

    /// Folds everything, or unfolds it.
    pub fn fold_all(&mut self) {
        self.tree.toggle_all();
    }

    /// Moves, folds and unfolds; whether the action was such a one.
    pub fn act(&mut self, action: Action) -> bool {
        match self.shape {
            Shape::Tree => self.tree.act(action, &mut self.cursor),
            Shape::Raw => self.raw.act(action),
        }
    }

    /// Moves the window, as a wheel does.
    pub fn wheel(&mut self, step: isize) {
        match self.shape {
            Shape::Tree => self.cursor.scroll(step, self.tree.len()),
            Shape::Raw => self.raw.wheel(step),
        }
    }

    /// The selected row of the tree: the path to it and its value.
    pub fn selected(&self) -> Option<(Path, serde_json::Value)> {
        let at = self.cursor.selected();
        let mut depth = self.tree.row(at)?.depth;
        let mut keys = vec![self.tree.row(at)?.content.json.key.clone()];
        for above in (0..at).rev() {
            let node = self.tree.row(above)?;
            if node.depth < depth && depth > 0 {
                depth = node.depth;
                keys.push(node.content.json.key.clone());
            }
        }
        keys.reverse();
        let body = self.event.as_ref()?.body.value();
        let value = keys.iter().try_fold(&body, |value, key| match value {
            serde_json::Value::Array(items) => items.get(key.parse::<usize>().ok()?),
            _ => value.get(key),
        })?;
        Some((Path(keys.clone()), value.clone()))
    }

    /// Learns its area.
    pub fn layout(&mut self, area: Rect, ctx: &Ctx) {
        let [_, below] = self.areas(area);
        let height = usize::from(below.height);
        self.cursor.fit(height, self.tree.len());
        self.raw.fit(height);
        let width = usize::from(below.width).saturating_sub(2);
        if self.shape == Shape::Raw && self.raw_width != width {
            self.raw_width = width;
            self.raw.set(self.raw_lines(width, ctx));
        }
    }

    /// Paints it.
    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, focus: Focus, ctx: &Ctx) {
        let Some(event) = &self.event else {
            return;
        };
        let [above, below] = self.areas(area);
        let width = usize::from(area.width).saturating_sub(2);
        for (row, (_, mut line)) in (above.y..above.bottom()).zip(facts(event, width, ctx)) {
            line.spans.insert(0, Span::raw(" "));
            frame.render_widget(line, Rect::new(area.x, row, area.width, 1));
        }
        match self.shape {
            _ if self.is_unread => {
                let size = bytes(event.body.text().len() as u64);
                let words = format!(" {size}; enter reads it");
                let words = Span::styled(fit(&words, below.width.into()), ctx.theme.dim);
                frame.render_widget(words, below);
            }
            Shape::Raw if ctx.mask == Mask::On => {
                let words = Span::styled(" masked; P shows it", ctx.theme.masked);
                frame.render_widget(words, below);
            }
            Shape::Raw => self.raw.draw(frame, below, focus, ctx),
            Shape::Tree => {
                let list = (&self.cursor, self.tree.len());
                rows::rows(frame, below, list, focus, ctx, |at| {
                    self.tree
                        .row(at)
                        .map_or_else(Line::default, |node| tree_line(node, width, ctx))
                });
            }
        }
    }

    fn read(&mut self) {
        let Some(event) = &self.event else {
            return;
        };
        let body = event.body.value();
        // The root's own row says nothing: its children stand at the left.
        let nodes = json_rows("", &body, 0, OPEN);
        let mut keys: Vec<String> = Vec::new();
        let below = nodes.len() > 1;
        let nodes = nodes.into_iter().skip(usize::from(below)).map(|node| {
            let depth = node.depth.saturating_sub(u16::from(below));
            keys.truncate(depth.into());
            keys.push(node.content.key.clone());
            let path = Path(keys.clone());
            let value = node.content.value.as_ref();
            Node {
                depth,
                fold: node.fold,
                content: Part {
                    is_personal: value.is_some_and(|value| Mask::On.hides(&path, value)),
                    json: node.content,
                },
            }
        });
        self.tree = Outline::new(nodes.collect());
    }

    fn areas(&self, area: Rect) -> [Rect; 2] {
        let most = (area.height / 2).max(1);
        let facts = self
            .event
            .as_ref()
            .map_or(0, |event| 8 + u16::from(event.channel.is_some()));
        Layout::vertical([Constraint::Length(facts.min(most)), Constraint::Fill(1)]).areas(area)
    }

    fn raw_lines(&self, width: usize, ctx: &Ctx) -> Vec<Entry<()>> {
        let text = self.event.as_ref().map_or("", |event| event.body.text());
        let end = (0..=text.len().min(MOST_RAW))
            .rev()
            .find(|end| text.is_char_boundary(*end))
            .unwrap_or(0);
        let shown = text.get(..end).unwrap_or_default();
        let mut lines = Vec::new();
        for line in shown.lines() {
            let rest = MOST_LINES.saturating_sub(lines.len());
            lines.extend(wrapped(line, 0, (width, rest), ctx.theme.text));
        }
        if end < text.len() {
            let words = format!("{} more; yj copies all", bytes((text.len() - end) as u64));
            lines.push(plain(&words, width, ctx.theme.dim));
        }
        lines
    }
}

fn facts(event: &Event, width: usize, ctx: &Ctx) -> Vec<Entry<()>> {
    let kind = event.kind.as_deref().unwrap_or("no type");
    let dot = ctx.icons.dot;
    let mut facts = vec![plain(kind, width, ctx.theme.title)];
    let identity = ctx.mask.identity(&event.identity, &ctx.icons);
    let identity = fit_middle(&identity, width.saturating_sub(NAMES + 1));
    let batch = record(event.batch, &event.file, event.line, dot);
    let mut add = |name: &str, value: &str| facts.push(fact(name, value, (NAMES, width), ctx));
    add("when", &exact(event));
    add("identity", &identity);
    add("dataset", &event.dataset);
    if let Some(channel) = &event.channel {
        add("channel", channel);
    }
    add("from", &batch);
    add("ingested", &second(event.ingested_at));
    add("id", event.id.as_deref().unwrap_or("none"));
    facts.push(blank());
    facts
}

/// The moment, to the millisecond where it has any.
fn exact(event: &Event) -> String {
    match event.timestamp.0.rem_euclid(1_000) {
        0 => second(event.timestamp),
        _ => event.timestamp.to_string().replacen('T', " ", 1),
    }
}

fn tree_line<'a>(node: &Node<Part>, width: usize, ctx: &Ctx) -> Line<'a> {
    let sign = match node.fold {
        Fold::Leaf => " ",
        Fold::Open => ctx.icons.open,
        Fold::Folded => ctx.icons.folded,
    };
    let json = &node.content.json;
    let indent = " ".repeat((usize::from(node.depth) * 2).min(width / 2));
    let key = fit(&format!("{indent}{sign} {}", json.key), width / 2);
    let text = match &json.value {
        Some(_) if node.content.is_personal && ctx.mask == Mask::On => ctx.icons.masked.to_owned(),
        Some(serde_json::Value::String(text)) => {
            format!("\"{}\"", brief(&text.as_str().into(), width))
        }
        Some(value) => brief(value, width),
        None if json.key == "…" => format!("{} more", count(json.children as u64)),
        None => format!("{{{}}}", json.children),
    };
    let rest = width.saturating_sub(crate::tui::text::cells(&key) + 2);
    let style = match &json.value {
        None => ctx.theme.dim,
        Some(serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => ctx.theme.number,
        Some(_) => ctx.theme.text,
    };
    Line::from(vec![
        Span::styled(
            fit_left(&key, crate::tui::text::cells(&key) + 2),
            ctx.theme.path,
        ),
        Span::styled(fit(&text, rest), style),
    ])
}
