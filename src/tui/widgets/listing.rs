//! A list of lines of which only some can be selected; the lines below one belong to it and are shown with it.

use crate::tui::action::Action;

use super::Cursor;

/// Where one is in such a list.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    cursor: Cursor,
    len: usize,
    stops: Vec<usize>,
    height: usize,
}

impl Listing {
    /// Learns how many lines there are, and which can be selected; the place is kept as far as it can be.
    pub fn set(&mut self, len: usize, is_stop: impl Fn(usize) -> bool) {
        self.len = len;
        self.stops = (0..len).filter(|at| is_stop(*at)).collect();
        self.cursor.fit(self.height, len);
        let nearest = self
            .stops
            .iter()
            .min_by_key(|stop| stop.abs_diff(self.cursor.selected()))
            .copied();
        if let Some(stop) = nearest {
            self.select(stop);
        }
    }

    /// Learns how many lines can be seen.
    pub fn fit(&mut self, height: usize) {
        self.height = height;
        self.cursor.fit(height, self.len);
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no lines.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The window and the selected line.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// The selected line, where one can be selected.
    pub fn selected(&self) -> Option<usize> {
        let at = self.cursor.selected();
        self.stops.binary_search(&at).is_ok().then_some(at)
    }

    /// Selects a line and shows what belongs to it.
    pub fn select(&mut self, stop: usize) {
        let next = self.stops.iter().find(|other| **other > stop);
        let end = next.map_or(self.len, |next| *next);
        let first = self.stops.first().is_none_or(|first| *first >= stop);
        if first {
            self.cursor.select(0);
        }
        let last = stop + self.height.saturating_sub(1);
        self.cursor.select(end.saturating_sub(1).clamp(stop, last));
        self.cursor.select(stop);
    }

    /// Moves as a moving action says, from one line that can be selected to the next; whether it was one.
    pub fn act(&mut self, action: Action) -> bool {
        let before = self.cursor.selected();
        let mut moved = self.cursor.clone();
        if !moved.act(action, self.len) {
            return false;
        }
        if self.stops.is_empty() {
            return self.scroll(action);
        }
        let wanted = moved.selected();
        let found = if wanted >= before {
            let below = self.stops.iter().find(|stop| **stop >= wanted);
            below.or(self.stops.last())
        } else {
            let above = self.stops.iter().rev().find(|stop| **stop <= wanted);
            above.or(self.stops.first())
        };
        if let Some(stop) = found.copied() {
            self.select(stop);
        }
        true
    }

    /// Moves the window alone, as a wheel does.
    pub fn wheel(&mut self, rows: isize) {
        self.cursor.scroll(rows, self.len);
        let at = self.cursor.selected();
        let window = self.cursor.window(self.len);
        let seen = self.stops.iter().filter(|stop| window.contains(stop));
        if let Some(stop) = seen.min_by_key(|stop| stop.abs_diff(at)).copied() {
            self.cursor.select(stop);
        }
    }

    fn scroll(&mut self, action: Action) -> bool {
        let top = self.cursor.window(self.len).start;
        let page = self.height.max(2) - 1;
        let rows = match action {
            Action::Down => 1,
            Action::Up => -1,
            Action::PageDown => page as isize,
            Action::PageUp => -(page as isize),
            Action::HalfDown => (page / 2) as isize,
            Action::HalfUp => -((page / 2) as isize),
            Action::Top => -(top as isize),
            Action::Bottom => self.len as isize,
            _ => return false,
        };
        self.cursor.scroll(rows, self.len);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing(height: usize) -> Listing {
        let mut listing = Listing::default();
        listing.fit(height);
        listing.set(12, |at| at == 2 || at == 5 || at == 8);
        listing
    }

    #[test]
    fn moving_goes_from_one_line_that_can_be_selected_to_the_next() {
        let check = |actions: &[Action], expected: usize| {
            let mut listing = listing(6);
            for action in actions {
                assert!(listing.act(*action));
            }
            assert_eq!(listing.selected(), Some(expected), "{actions:?}");
        };
        check(&[], 2);
        check(&[Action::Down], 5);
        check(&[Action::Down, Action::Down, Action::Down], 8);
        check(&[Action::Bottom], 8);
        check(&[Action::Bottom, Action::Up], 5);
        check(&[Action::Bottom, Action::Top], 2);
    }

    #[test]
    fn what_stands_above_the_first_and_below_the_last_is_shown_with_it() {
        let mut listing = listing(6);
        assert_eq!(listing.cursor().window(12), 0..6);
        listing.act(Action::Bottom);
        assert_eq!(listing.cursor().window(12), 6..12);
        listing.act(Action::Top);
        assert_eq!(listing.cursor().window(12), 0..6);
    }

    #[test]
    fn where_nothing_can_be_selected_the_window_scrolls() {
        let mut listing = Listing::default();
        listing.fit(4);
        listing.set(10, |_| false);
        listing.act(Action::Down);
        assert_eq!(
            (listing.selected(), listing.cursor().window(10)),
            (None, 1..5)
        );
        listing.act(Action::Bottom);
        assert_eq!(listing.cursor().window(10), 6..10);
    }
}
