//! Columns: how wide each one is in the space there is, and cells that keep to it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tui::text::{fit_left, fit_right};

/// On which side the blanks of a cell are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The text starts at the left.
    Left,
    /// The text ends at the right, as numbers do.
    Right,
}

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its heading.
    pub title: &'static str,
    /// Where its texts stand.
    pub side: Side,
    /// The least width that is of use; a column that would get less is left out, as is one of 0.
    pub least: usize,
    /// Its share of what is left over; 0 keeps it at the least.
    pub share: usize,
    /// Columns of a higher rank are left out first; 0 is never left out.
    pub rank: u8,
}

/// A column in few words: its heading, its side, its least width, its share, its rank.
pub const fn column(
    title: &'static str,
    side: Side,
    least: usize,
    share: usize,
    rank: u8,
) -> Column {
    Column {
        title,
        side,
        least,
        share,
        rank,
    }
}

/// The widths of columns in a space, 0 for those that are left out; one blank stands between two.
pub fn widths(columns: &[Column], space: usize) -> Vec<usize> {
    let mut kept: Vec<bool> = columns.iter().map(|column| column.least > 0).collect();
    while needed(columns, &kept) > space {
        let worst = columns
            .iter()
            .enumerate()
            .filter(|(at, column)| column.rank > 0 && kept.get(*at) == Some(&true))
            .max_by_key(|(_, column)| column.rank);
        match worst.and_then(|(at, _)| kept.get_mut(at)) {
            Some(slot) => *slot = false,
            None => break,
        }
    }
    let left = space.saturating_sub(needed(columns, &kept));
    let shares: usize = chosen(columns, &kept).map(|column| column.share).sum();
    let width = |(column, kept): (&Column, &bool)| {
        let share = (left * column.share).checked_div(shares).unwrap_or(0);
        if *kept { column.least + share } else { 0 }
    };
    columns.iter().zip(&kept).map(width).collect()
}

fn needed(columns: &[Column], kept: &[bool]) -> usize {
    let texts: usize = chosen(columns, kept).map(|column| column.least).sum();
    texts + chosen(columns, kept).count().saturating_sub(1)
}

fn chosen<'a>(columns: &'a [Column], kept: &'a [bool]) -> impl Iterator<Item = &'a Column> {
    let all = columns.iter().zip(kept);
    all.filter(|(_, kept)| **kept).map(|(column, _)| column)
}

/// One line of cells, each in its column's width.
pub fn line<'a>(
    columns: &[Column],
    widths: &[usize],
    cells: impl IntoIterator<Item = (String, Style)>,
) -> Line<'a> {
    let mut spans = Vec::new();
    for ((column, width), (text, style)) in columns.iter().zip(widths).zip(cells) {
        if *width == 0 {
            continue;
        }
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        let text = match column.side {
            Side::Left => fit_left(&text, *width),
            Side::Right => fit_right(&text, *width),
        };
        spans.push(Span::styled(text, style));
    }
    Line::from(spans)
}

/// The line of headings.
pub fn headings<'a>(columns: &[Column], widths: &[usize], style: Style) -> Line<'a> {
    let titles = columns
        .iter()
        .map(|column| (column.title.to_owned(), style));
    line(columns, widths, titles)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        column("name", Side::Left, 10, 1, 0),
        column("email", Side::Left, 12, 2, 2),
        column("seen", Side::Right, 5, 0, 1),
    ];

    #[test]
    fn columns_share_what_is_left_and_leave_when_it_is_too_little() {
        let check = |space: usize, expected: [usize; 3]| {
            assert_eq!(widths(&COLUMNS, space), expected, "{space}");
        };
        check(29, [10, 12, 5]);
        check(35, [12, 16, 5]);
        check(28, [22, 0, 5]);
        check(12, [12, 0, 0]);
        check(3, [10, 0, 0]);
    }

    #[test]
    fn cells_keep_to_their_columns() {
        let cells = ["Maya Okafor", "", "2 h"].map(|text| (text.to_owned(), Style::new()));
        let line = line(&COLUMNS, &[8, 0, 5], cells);
        assert_eq!(line.to_string(), "Maya Ok…   2 h");
    }
}
