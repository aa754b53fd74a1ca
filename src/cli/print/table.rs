//! Tables for people: columns line up, and where a terminal is too narrow the long ones give way.

use super::look::{Look, cut, cut_middle, width};
use crate::cli::style::Role;

/// Cells wider than this do not push the columns behind them away, where nothing is cut.
const PAD_LIMIT: usize = 48;

/// A column gives way down to this.
const NARROWEST: usize = 10;

const GAP: usize = 2;

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    title: &'static str,
    is_number: bool,
    gives_way: Option<Cut>,
}

/// Where a text that is too long is cut.
#[derive(Clone, Copy, Debug)]
enum Cut {
    End,
    Middle,
}

impl Column {
    /// A column of texts that keeps its width.
    pub fn text(title: &'static str) -> Column {
        Column {
            title,
            is_number: false,
            gives_way: None,
        }
    }

    /// A column of texts that gives way.
    pub fn long(title: &'static str) -> Column {
        Column {
            gives_way: Some(Cut::End),
            ..Column::text(title)
        }
    }

    /// A column of identities, which gives way in the middle: they often begin alike.
    pub fn identity(title: &'static str) -> Column {
        Column {
            gives_way: Some(Cut::Middle),
            ..Column::text(title)
        }
    }

    /// A column of numbers, which stand at its right.
    pub fn number(title: &'static str) -> Column {
        Column {
            is_number: true,
            ..Column::text(title)
        }
    }
}

/// A cell: printable text and its role.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    role: Role,
}

impl Cell {
    /// A cell of this role.
    pub fn new(role: Role, text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            role,
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Cell {
        Cell::new(Role::Plain, text)
    }
}

/// Rows under columns.
#[derive(Clone, Debug)]
pub struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table of these columns.
    pub fn new(columns: &[Column]) -> Table {
        Table {
            columns: columns.to_vec(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as lines; titles stand above where a column has one.
    pub fn lines(&self, look: &Look) -> Vec<String> {
        let widths = self.widths(look);
        let mut lines = Vec::with_capacity(self.rows.len() + 1);
        if self.columns.iter().any(|column| !column.title.is_empty()) {
            let titles: Vec<Cell> = self
                .columns
                .iter()
                .map(|column| Cell::new(Role::Faint, column.title))
                .collect();
            lines.push(self.line(&titles, &widths, look));
        }
        lines.extend(self.rows.iter().map(|row| self.line(row, &widths, look)));
        lines
    }

    /// The width of each column: that of its widest cell, less what the terminal lacks.
    fn widths(&self, look: &Look) -> Vec<usize> {
        let mut widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let cells = self.rows.iter().filter_map(|row| row.get(at));
                cells
                    .map(|cell| width(&cell.text))
                    .chain([width(column.title)])
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let Some(room) = look.width else {
            return widths.iter().map(|width| (*width).min(PAD_LIMIT)).collect();
        };
        let room = room.saturating_sub(GAP * widths.len().saturating_sub(1));
        self.give_way(&mut widths, room);
        widths
    }

    /// Takes what is too much from the widest of the columns that give way.
    fn give_way(&self, widths: &mut [usize], room: usize) {
        loop {
            let excess = widths.iter().sum::<usize>().saturating_sub(room);
            let mut soft: Vec<&mut usize> = widths
                .iter_mut()
                .zip(&self.columns)
                .filter(|(width, column)| column.gives_way.is_some() && **width > NARROWEST)
                .map(|(width, _)| width)
                .collect();
            soft.sort_unstable_by(|a, b| b.cmp(a));
            let next = soft.get(1).map_or(NARROWEST, |width| **width);
            let Some(widest) = soft.first_mut().filter(|_| excess > 0) else {
                return;
            };
            let step = (**widest - next).clamp(1, excess);
            **widest -= step.min(**widest - NARROWEST);
        }
    }

    fn line(&self, cells: &[Cell], widths: &[usize], look: &Look) -> String {
        let mut line = String::new();
        let last = cells.iter().rposition(|cell| !cell.text.is_empty());
        for (at, ((cell, column), columns)) in
            cells.iter().zip(&self.columns).zip(widths).enumerate()
        {
            if last.is_none_or(|last| at > last) {
                break;
            }
            let text = match (look.width, column.gives_way) {
                (Some(_), Some(Cut::Middle)) => cut_middle(&cell.text, *columns),
                (Some(_), _) => cut(&cell.text, *columns),
                (None, _) => cell.text.clone(),
            };
            let pad = " ".repeat(columns.saturating_sub(width(&text)));
            let painted = look.style.paint(cell.role, &text);
            match (column.is_number, last == Some(at)) {
                (true, _) => line.extend([pad.as_str(), painted.as_str()]),
                (false, true) => line.push_str(&painted),
                (false, false) => line.extend([painted.as_str(), pad.as_str()]),
            }
            if last != Some(at) {
                line.push_str(&" ".repeat(GAP));
            }
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(&[
            Column::text("dataset"),
            Column::number("rows"),
            Column::long("files"),
        ]);
        table.row([
            "crm".into(),
            "1,200".into(),
            "crm/2024-01.csv, crm/2024-02.csv".into(),
        ]);
        table.row(["岡部".into(), "7".into(), "".into()]);
        table
    }

    #[test]
    fn columns_line_up_and_numbers_stand_right() {
        let lines = table().lines(&Look::default());
        let expected = [
            "dataset   rows  files",
            "crm      1,200  crm/2024-01.csv, crm/2024-02.csv",
            "岡部         7",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn long_columns_give_way_to_a_narrow_terminal() {
        for (room, expected) in [
            (32, "crm      1,200  crm/2024-01.csv…"),
            (5, "crm      1,200  crm/2024-…"),
        ] {
            let look = Look {
                width: Some(room),
                ..Look::default()
            };
            assert_eq!(
                table().lines(&look).get(1).map(String::as_str),
                Some(expected)
            );
        }
    }

    #[test]
    fn a_cell_of_megabytes_pads_nobody() {
        let mut table = Table::new(&[Column::text(""), Column::text("")]);
        table.row(["x".repeat(1 << 20).into(), "y".into()]);
        table.row(["x".into(), "y".into()]);
        let lines = table.lines(&Look::default());
        assert_eq!(lines.get(1).map(String::len), Some(PAD_LIMIT + GAP + 1));
    }
}
