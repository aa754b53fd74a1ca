//! How the list looks: its headings, and of its rows those that can be seen.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;

use crate::model::{Hit, Match};
use crate::query::Reach;
use crate::query::ast::Word;
use crate::tui::message::Ctx;
use crate::tui::privacy::Mask;
use crate::tui::text::{brief, count, fit};
use crate::tui::widgets::marked::marked;
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::rows;
use crate::tui::widgets::table::{self, Column, Side, column};

use super::columns::{self, Shown, cell};
use super::draw::draw_nothing;
use super::highlight::marks;
use super::{Search, State};

/// Star and mark, before the columns that can be chosen.
const SIGNS: Column = column("", Side::Left, 2, 0, 0);

/// What matched, where a query says more than the columns do.
const MATCHED: Column = column("", Side::Left, 16, 4, 4);

/// The rows of the list inside its pane: below the headings.
pub fn below_headings(pane: Rect) -> Rect {
    let inside = pane.inner(Margin::new(1, 1));
    Rect {
        y: inside.y + inside.height.min(1),
        height: inside.height.saturating_sub(1),
        ..inside
    }
}

/// The columns of the list in the space that there is.
struct Grid {
    shown: Vec<Shown>,
    columns: Vec<Column>,
    widths: Vec<usize>,
}

impl Grid {
    fn of(search: &Search, width: usize, ctx: &Ctx) -> Grid {
        let window = search.results.cursor().window(search.results.len());
        let mut rows = window.filter_map(|at| search.results.row(at));
        let says_more = rows.any(|hit| telling(hit).is_some());
        let shown = columns::chosen(&ctx.kept);
        let chosen = shown.iter().map(Shown::column);
        let last = says_more.then_some(MATCHED);
        let columns: Vec<Column> = [SIGNS].into_iter().chain(chosen).chain(last).collect();
        let widths = table::widths(&columns, width.saturating_sub(1));
        Grid {
            shown,
            columns,
            widths,
        }
    }

    fn line<'a>(&self, cells: impl IntoIterator<Item = (String, Style)>) -> Line<'a> {
        table::line(&self.columns, &self.widths, cells)
    }

    fn headings<'a>(&self, sort: Option<&str>, ctx: &Ctx) -> Line<'a> {
        let wanted = sort.map(|sort| sort.trim_start_matches('-'));
        let arrow = if sort.is_some_and(|sort| sort.starts_with('-')) {
            "↓"
        } else {
            "↑"
        };
        let arrow = if ctx.icons.mark == "o" { "" } else { arrow };
        let heading = |shown: &Shown| {
            let is_sorted = wanted == Some(shown.name().as_str());
            let title = shown.heading();
            if is_sorted {
                format!("{title}{arrow}")
            } else {
                title
            }
        };
        let titles = self.shown.iter().map(heading);
        let all = [String::new()]
            .into_iter()
            .chain(titles)
            .chain(["matched".into()]);
        let mut line = self.line(all.map(|title| (title, ctx.theme.dim)));
        line.spans.insert(0, Span::raw(" "));
        line
    }
}

/// Paints the list.
pub fn draw(search: &Search, frame: &mut Frame<'_>, area: Rect, focus: Focus, ctx: &Ctx) {
    let len = search.results.len();
    let block = frame_of(search, focus, ctx);
    let inside = block.inner(area);
    frame.render_widget(block, area);
    if len == 0 {
        return draw_nothing(search, frame, inside, ctx);
    }
    let grid = Grid::of(search, inside.width.into(), ctx);
    let first = Rect {
        height: 1,
        ..inside
    };
    frame.render_widget(grid.headings(ctx.kept.sort.as_deref(), ctx), first);
    let list = (search.results.cursor(), len);
    let sought = match ctx.mask {
        Mask::Off if search.is_current() => Sought {
            words: search.reading.words(),
            reach: search.reach(),
        },
        _ => Sought::NOTHING,
    };
    rows::rows(
        frame,
        below_headings(area),
        list,
        focus,
        ctx,
        |at| match search.results.row(at) {
            Some(hit) if search.results.is_match(at) => row(hit, search, &grid, sought, ctx),
            Some(hit) => dimmed(row(hit, search, &grid, Sought::NOTHING, ctx), ctx),
            None => Line::styled("  …", ctx.theme.faint),
        },
    );
}

fn frame_of<'a>(search: &Search, focus: Focus, ctx: &Ctx) -> Block<'a> {
    let len = search.results.len();
    let window = search.results.cursor().window(len);
    let (first, last) = (window.start as u64 + 1, window.end as u64);
    let title = match len {
        0 => "results".to_owned(),
        _ => format!("results {}–{}", count(first), count(last)),
    };
    // A list that is not the answer to what stands in the box says whose answer it is.
    let note = match &search.state {
        State::Listed | State::Wrong(..) if !search.is_current() => match search.asked.0.trim() {
            "" => "still everybody".to_owned(),
            query => format!("still of {}", fit(query, 40)),
        },
        _ => {
            let order = ctx.kept.sort.as_deref().unwrap_or("relevance");
            let others = match search.results.matching() {
                Some(_) => "others dimmed, ",
                None => "",
            };
            format!("{others}sort: {order}")
        }
    };
    noted(panel(&title, focus, ctx), &note, ctx)
}

/// What is marked in the rows.
#[derive(Clone, Copy)]
struct Sought<'a> {
    words: &'a [Word],
    /// How far the words may be from what they match.
    reach: Reach,
}

impl Sought<'_> {
    const NOTHING: Sought<'static> = Sought {
        words: &[],
        reach: Reach::Exact,
    };
}

fn row<'a>(hit: &Hit, search: &Search, grid: &Grid, sought: Sought<'_>, ctx: &Ctx) -> Line<'a> {
    let cells = search.cells.of(&hit.entity_id);
    let typos = typos(hit, sought.words);
    let mut attributes = 0..;
    let mut parts = vec![(signs(hit, search, ctx), ctx.theme.accent)];
    for shown in &grid.shown {
        let at = if shown.path().is_some() {
            attributes.next()
        } else {
            None
        };
        parts.push(cell(shown, hit, cells, at.unwrap_or(0), ctx));
    }
    parts.push(matched(telling(hit), ctx));
    let mut line = Line::default();
    let places = grid.columns.iter().zip(&grid.widths);
    for (at, ((column, width), part)) in places.zip(parts).enumerate() {
        if *width == 0 {
            continue;
        }
        let shown = at.checked_sub(1).and_then(|at| grid.shown.get(at));
        let is_text = !matches!(
            shown,
            Some(Shown::Ids | Shown::Events | Shown::Seen | Shown::Activity)
        );
        let sought = if is_text && at > 0 {
            sought
        } else {
            Sought::NOTHING
        };
        let note = if shown == Some(&Shown::Name) && typos > 0 {
            format!(" ~{typos}")
        } else {
            String::new()
        };
        if at > 0 {
            line.push_span(Span::raw(" "));
        }
        let room = width.saturating_sub(note.len());
        let fitted = table::line(&[*column], &[room], [part]);
        line.spans.extend(
            fitted
                .spans
                .into_iter()
                .flat_map(|span| highlighted(&span, sought, ctx)),
        );
        line.push_span(Span::styled(note, ctx.theme.dim));
    }
    line
}

/// A row that does not match: it is there, but no more. Without colours its dot says so.
fn dimmed<'a>(mut line: Line<'a>, ctx: &Ctx) -> Line<'a> {
    for span in &mut line.spans {
        span.style = ctx.theme.faint;
    }
    if let Some(signs) = line.spans.first_mut()
        && signs.content.starts_with(' ')
    {
        signs.content.to_mut().replace_range(..1, ctx.icons.dot);
    }
    line
}

fn signs(hit: &Hit, search: &Search, ctx: &Ctx) -> String {
    let is_marked = search.marked.contains(&hit.entity_id);
    let is_starred = ctx.kept.starred.contains(&hit.entity_id);
    let mark = if is_marked { ctx.icons.mark } else { " " };
    let star = if is_starred { ctx.icons.star } else { " " };
    format!("{mark}{star}")
}

/// How many typing errors the farthest word has in the texts that are always looked at.
fn typos(hit: &Hit, words: &[Word]) -> usize {
    let texts: Vec<&String> = hit.name.iter().chain(&hit.email).collect();
    let of_word = |word: &Word| {
        let found = texts
            .iter()
            .map(|text| marks(text, std::slice::from_ref(word), Reach::Typos));
        found
            .filter(|marks| !marks.letters.is_empty())
            .map(|marks| marks.typos)
            .min()
    };
    words.iter().filter_map(of_word).max().unwrap_or(0)
}

/// A cell with the letters that matched in a style of their own.
fn highlighted<'a>(span: &Span<'_>, sought: Sought<'_>, ctx: &Ctx) -> Vec<Span<'a>> {
    let found = marks(&span.content, sought.words, sought.reach);
    marked(span, &found.letters, ctx)
}

/// The match that says more than the other columns do.
fn telling(hit: &Hit) -> Option<&Match> {
    let shown =
        |text: &Option<String>, value: &str| text.as_ref().is_some_and(|text| text.contains(value));
    hit.matched.iter().find(|matched| {
        let value = brief(&matched.value, 200);
        let value = value
            .split_once(':')
            .map_or(value.as_str(), |(_, value)| value);
        let is_seen = shown(&hit.name, value) || shown(&hit.email, value);
        !matched.winning || !is_seen
    })
}

/// What of a profile matched: the path and the value, marked where another value won.
fn matched(matched: Option<&Match>, ctx: &Ctx) -> (String, Style) {
    let Some(matched) = matched else {
        return (String::new(), ctx.theme.dim);
    };
    let path = matched.path.parse().unwrap_or_default();
    let is_hidden = matched.path == "identity" && ctx.mask == Mask::On;
    let value = if is_hidden || ctx.mask.hides(&path, &matched.value) {
        ctx.icons.masked.to_owned()
    } else {
        brief(&matched.value, 80)
    };
    let key = path.keys().last().cloned().unwrap_or_default();
    if matched.winning {
        return (format!("{key} {value}"), ctx.theme.dim);
    }
    let words = format!("{} {key} {value} (lost)", ctx.icons.conflict);
    (words, ctx.theme.conflict)
}
