//! Where one is in a list of any length: the selected row, and the first row that can be seen.

use std::ops::Range;

use crate::tui::action::Action;

/// A selection in a window over a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    selected: usize,
    top: usize,
    height: usize,
}

impl Cursor {
    /// The selected row.
    pub fn selected(&self) -> usize {
        self.selected
    }

    /// Selects a row.
    pub fn select(&mut self, row: usize) {
        self.selected = row;
        self.follow();
    }

    /// Learns how many rows can be seen and how many there are.
    pub fn fit(&mut self, height: usize, len: usize) {
        self.height = height;
        self.selected = self.selected.min(len.saturating_sub(1));
        self.top = self.top.min(len.saturating_sub(height));
        self.follow();
    }

    /// The rows that can be seen.
    pub fn window(&self, len: usize) -> Range<usize> {
        self.top.min(len)..self.top.saturating_add(self.height).min(len)
    }

    /// The row of the list at a row of the window.
    pub fn at(&self, row: usize, len: usize) -> Option<usize> {
        let at = self.top + row;
        (row < self.height && at < len).then_some(at)
    }

    /// Moves as a moving action says; whether it was one.
    pub fn act(&mut self, action: Action, len: usize) -> bool {
        let page = self.height.max(2) - 1;
        let half = (self.height / 2).max(1);
        let last = len.saturating_sub(1);
        self.selected = match action {
            Action::Down => self.selected.saturating_add(1),
            Action::Up => self.selected.saturating_sub(1),
            Action::PageDown => self.selected.saturating_add(page),
            Action::PageUp => self.selected.saturating_sub(page),
            Action::HalfDown => self.selected.saturating_add(half),
            Action::HalfUp => self.selected.saturating_sub(half),
            Action::Top => 0,
            Action::Bottom => last,
            _ => return false,
        }
        .min(last);
        self.follow();
        true
    }

    /// Moves the window alone, as a wheel does; the selection stays in it.
    pub fn scroll(&mut self, rows: isize, len: usize) {
        self.top = self
            .top
            .saturating_add_signed(rows)
            .min(len.saturating_sub(self.height));
        let last = (self.top + self.height).saturating_sub(1);
        self.selected = self.selected.clamp(self.top, last.max(self.top));
        self.selected = self.selected.min(len.saturating_sub(1));
    }

    /// Moves the window alone as a moving action says, for texts that are read; whether it was one.
    pub fn read(&mut self, action: Action, len: usize) -> bool {
        let page = self.height.max(2) as isize - 1;
        let half = (self.height / 2).max(1) as isize;
        let rows = match action {
            Action::Down => 1,
            Action::Up => -1,
            Action::PageDown => page,
            Action::PageUp => -page,
            Action::HalfDown => half,
            Action::HalfUp => -half,
            Action::Top => isize::MIN,
            Action::Bottom => isize::MAX,
            _ => return false,
        };
        self.scroll(rows, len);
        true
    }

    fn follow(&mut self) {
        if self.height == 0 {
            // The window comes with the first picture.
            self.top = self.top.min(self.selected);
            return;
        }
        let highest = (self.selected + 1).saturating_sub(self.height);
        self.top = self.top.max(highest).min(self.selected);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selection_stays_in_the_window() {
        let check = |actions: &[Action], selected: usize, window: Range<usize>| {
            let mut cursor = Cursor::default();
            cursor.fit(4, 10);
            for action in actions {
                assert!(cursor.act(*action, 10));
            }
            assert_eq!(cursor.selected(), selected, "{actions:?}");
            assert_eq!(cursor.window(10), window, "{actions:?}");
        };
        check(&[], 0, 0..4);
        check(&[Action::Down], 1, 0..4);
        check(&[Action::PageDown], 3, 0..4);
        check(&[Action::PageDown, Action::Down], 4, 1..5);
        check(&[Action::Bottom], 9, 6..10);
        check(&[Action::Bottom, Action::Down], 9, 6..10);
        check(&[Action::Bottom, Action::HalfUp], 7, 6..10);
        check(&[Action::Bottom, Action::Top], 0, 0..4);
        check(&[Action::Up], 0, 0..4);
    }

    #[test]
    fn a_smaller_window_keeps_the_selection() {
        let mut cursor = Cursor::default();
        cursor.fit(10, 100);
        cursor.select(9);
        cursor.fit(3, 100);
        assert_eq!((cursor.selected(), cursor.window(100)), (9, 7..10));
        cursor.fit(3, 5);
        assert_eq!((cursor.selected(), cursor.window(5)), (4, 2..5));
        cursor.fit(0, 0);
        assert_eq!((cursor.selected(), cursor.window(0)), (0, 0..0));
    }

    #[test]
    fn a_text_is_read_without_a_selection() {
        let mut cursor = Cursor::default();
        cursor.fit(4, 10);
        for (action, window) in [
            (Action::Down, 1..5),
            (Action::Bottom, 6..10),
            (Action::PageUp, 3..7),
            (Action::Top, 0..4),
        ] {
            assert!(cursor.read(action, 10));
            assert_eq!(cursor.window(10), window, "{action:?}");
        }
        assert!(!cursor.read(Action::Open, 10));
    }

    #[test]
    fn the_wheel_takes_the_selection_along() {
        let mut cursor = Cursor::default();
        cursor.fit(4, 10);
        cursor.scroll(3, 10);
        assert_eq!((cursor.selected(), cursor.window(10)), (3, 3..7));
        cursor.scroll(-9, 10);
        assert_eq!((cursor.selected(), cursor.window(10)), (3, 0..4));
        assert_eq!(cursor.at(2, 10), Some(2));
        assert_eq!(cursor.at(4, 10), None);
    }
}
