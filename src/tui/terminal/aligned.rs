//! A backend for texts of which terminals disagree how wide they are: what follows such a letter is placed anew.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Size};

/// Letters from here on are pictures, whose widths have changed between the versions of Unicode.
const PICTURES: char = '\u{1f000}';

/// The backend of crossterm, with a new position after each letter whose width is in doubt.
pub struct Aligned<W: Write> {
    inner: CrosstermBackend<W>,
    cursor: Position,
}

impl<W: Write> Aligned<W> {
    /// Writes there.
    pub fn new(writer: W) -> Aligned<W> {
        Aligned {
            inner: CrosstermBackend::new(writer),
            cursor: Position::ORIGIN,
        }
    }
}

/// Whether a picture holds a letter whose width is in doubt: then only painting all of it leaves nothing behind.
pub fn is_doubtful_picture(buffer: &Buffer) -> bool {
    buffer.content.iter().any(is_doubtful)
}

fn is_doubtful(cell: &Cell) -> bool {
    let mut letters = cell.symbol().chars();
    let first = letters.next();
    letters.next().is_some() || first.is_some_and(|letter| letter >= PICTURES)
}

impl<W: Write> Backend for Aligned<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut run = Vec::new();
        for (x, y, cell) in content {
            run.push((x, y, cell));
            if is_doubtful(cell) {
                self.inner.draw(run.drain(..))?;
            }
        }
        self.inner.draw(run.into_iter())
    }

    fn append_lines(&mut self, lines: u16) -> io::Result<()> {
        self.inner.append_lines(lines)
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        self.inner.show_cursor()
    }

    /// Where the cursor was put: asking the terminal would wait for an answer that the thread of the keys takes away.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor)
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.cursor = position.into();
        self.inner.set_cursor_position(self.cursor)
    }

    fn clear(&mut self) -> io::Result<()> {
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.inner.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> io::Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn what_follows_a_doubtful_letter_is_placed_anew() {
        let check = |text: &str, expected: usize| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 20, 1));
            buffer.set_string(0, 0, text, Style::new());
            let mut bytes = Vec::new();
            let cells = buffer.content.iter().enumerate();
            let drawn = Aligned::new(&mut bytes).draw(cells.map(|(x, cell)| (x as u16, 0, cell)));
            drawn.expect("a text in memory");
            let moves = String::from_utf8_lossy(&bytes).matches('H').count();
            assert_eq!(moves, expected, "{text}");
            assert_eq!(is_doubtful_picture(&buffer), expected > 1, "{text}");
        };
        check("maya okafor", 1);
        check("岡部", 1);
        check("विकास", 3);
        check("a👩‍👩‍👧b", 2);
    }
}
