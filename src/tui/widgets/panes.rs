//! The panes of a screen: how many can be seen beside each other, and which one has the keys.

use ratatui::layout::{Constraint, Layout, Rect};

use crate::tui::action::Action;

/// Panes beside each other, the first one the main one.
#[derive(Clone, Debug)]
pub struct Panes {
    count: usize,
    focus: usize,
    is_zoomed: bool,
    is_alone: bool,
    areas: Vec<Option<Rect>>,
}

impl Panes {
    /// So many panes, the first with the keys.
    pub fn new(count: usize) -> Panes {
        Panes {
            count,
            focus: 0,
            is_zoomed: false,
            is_alone: false,
            areas: vec![None; count],
        }
    }

    /// The pane that has the keys.
    pub fn focus(&self) -> usize {
        self.focus
    }

    /// Gives a pane the keys.
    pub fn set_focus(&mut self, pane: usize) {
        self.focus = pane.min(self.count.saturating_sub(1));
    }

    /// The area of a pane, where it can be seen.
    pub fn area(&self, pane: usize) -> Option<Rect> {
        self.areas.get(pane).copied().flatten()
    }

    /// Whether the focused pane was zoomed.
    pub fn is_zoomed(&self) -> bool {
        self.is_zoomed
    }

    /// Shows or hides all panes but the main one.
    pub fn toggle_beside(&mut self) {
        self.is_alone = !self.is_alone;
        self.focus = 0;
    }

    /// Moves the keys or zooms, as an action of panes says; whether it was one.
    pub fn act(&mut self, action: Action) -> bool {
        let count = if self.is_alone { 1 } else { self.count.max(1) };
        match action {
            Action::NextPane => self.focus = (self.focus + 1) % count,
            Action::PreviousPane => self.focus = (self.focus + count - 1) % count,
            Action::Zoom => self.is_zoomed = !self.is_zoomed,
            Action::Undo if self.is_zoomed => self.is_zoomed = false,
            _ => return false,
        }
        true
    }

    /// Divides an area by shares: three panes from 160 columns on, two from 100, else the focused one alone.
    pub fn layout(&mut self, area: Rect, shares: &[u16]) {
        let seen = self.seen(area.width);
        let widths = seen
            .iter()
            .map(|pane| Constraint::Fill(shares.get(*pane).copied().unwrap_or(1)));
        let areas = Layout::horizontal(widths).split(area);
        self.areas = vec![None; self.count];
        for (pane, area) in seen.iter().zip(areas.iter()) {
            if let Some(slot) = self.areas.get_mut(*pane) {
                *slot = Some(*area);
            }
        }
    }

    fn seen(&self, width: u16) -> Vec<usize> {
        let most = match width {
            _ if self.is_zoomed => 1,
            160.. => 3,
            100..160 => 2,
            _ => 1,
        };
        match most {
            _ if self.is_alone => vec![0],
            1 => vec![self.focus],
            2 if self.count > 2 => vec![0, self.focus.max(1)],
            _ => (0..self.count.min(most)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_width_decides_how_many_panes_are_seen() {
        let check = |width: u16, steps: usize, expected: &[usize]| {
            let mut panes = Panes::new(3);
            for _ in 0..steps {
                assert!(panes.act(Action::NextPane));
            }
            panes.layout(Rect::new(0, 0, width, 10), &[3, 2, 1]);
            let seen: Vec<_> = (0..3).filter(|pane| panes.area(*pane).is_some()).collect();
            assert_eq!(seen, expected, "{width} columns, focus {steps}");
        };
        check(200, 0, &[0, 1, 2]);
        check(120, 0, &[0, 1]);
        check(120, 2, &[0, 2]);
        check(80, 0, &[0]);
        check(80, 1, &[1]);
        check(80, 3, &[0]);
    }

    #[test]
    fn a_zoomed_pane_is_alone_until_it_is_undone() {
        let mut panes = Panes::new(2);
        panes.act(Action::Zoom);
        panes.layout(Rect::new(0, 0, 200, 10), &[1, 1]);
        assert_eq!(panes.area(0).map(|area| area.width), Some(200));
        assert_eq!(panes.area(1), None);
        assert!(panes.act(Action::Undo));
        assert!(!panes.act(Action::Undo));
    }
}
