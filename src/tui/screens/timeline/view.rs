//! Where one is in a timeline of any length: the selected event, the first one seen, and the lines between days.

use crate::model::Moment;
use crate::tui::action::Action;

use super::pages::Pages;

const DAY: i64 = 86_400_000;

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// The day of the events below it; the place of the first of them.
    Day(u64),
    /// The event at a place.
    Event(u64),
    /// What the policy leaves out, after the last event.
    Hidden,
}

/// The number of the day of a moment.
pub fn day_of(moment: Moment) -> i64 {
    moment.0.div_euclid(DAY)
}

/// The first moment of a day.
pub fn start_of(day: i64) -> Moment {
    Moment(day.saturating_mul(DAY))
}

/// The place, and what is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct View {
    selected: u64,
    top: u64,
    height: usize,
}

impl View {
    /// The place of the selected event.
    pub fn selected(&self) -> u64 {
        self.selected
    }

    /// The place of the first event that is seen.
    pub fn top(&self) -> u64 {
        self.top
    }

    /// How many lines can be seen.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Selects the event at a place.
    pub fn select(&mut self, at: u64, pages: &Pages) {
        self.selected = at.min(pages.total().saturating_sub(1));
        self.follow(pages);
    }

    /// Selects the event at a place, and shows it first.
    pub fn jump(&mut self, at: u64, pages: &Pages) {
        self.top = at.min(pages.total().saturating_sub(1));
        self.select(at, pages);
    }

    /// Learns how many lines can be seen.
    pub fn fit(&mut self, height: usize, pages: &Pages) {
        self.height = height;
        self.select(self.selected, pages);
    }

    /// Moves as a moving action says; whether it was one.
    pub fn act(&mut self, action: Action, pages: &Pages) -> bool {
        let page = (self.height.max(3) - 2) as u64;
        let at = self.selected;
        let wanted = match action {
            Action::Down => at.saturating_add(1),
            Action::Up => at.saturating_sub(1),
            Action::PageDown => at.saturating_add(page),
            Action::PageUp => at.saturating_sub(page),
            Action::HalfDown => at.saturating_add(page / 2 + 1),
            Action::HalfUp => at.saturating_sub(page / 2 + 1),
            Action::Top => 0,
            Action::Bottom => u64::MAX,
            _ => return false,
        };
        self.select(wanted, pages);
        true
    }

    /// Moves the window, as a wheel does; the selection stays in it.
    pub fn wheel(&mut self, rows: i64, pages: &Pages) {
        let last = pages.total().saturating_sub(1);
        self.top = self.top.saturating_add_signed(rows).min(last);
        let end = self.last_seen(pages);
        self.selected = self.selected.clamp(self.top, end.max(self.top));
        self.follow(pages);
    }

    /// The lines that are seen, from the top.
    pub fn lines(&self, pages: &Pages) -> Vec<Line> {
        let mut lines = Vec::with_capacity(self.height);
        let mut at = self.top;
        while lines.len() < self.height && at < pages.total() {
            if at == self.top || begins_day(at, pages) {
                lines.push(Line::Day(at));
            }
            lines.push(Line::Event(at));
            at += 1;
        }
        if at == pages.total() && pages.hidden() > 0 {
            lines.push(Line::Hidden);
        }
        lines.truncate(self.height);
        lines
    }

    fn last_seen(&self, pages: &Pages) -> u64 {
        let event = |line: &Line| match line {
            Line::Event(at) => Some(*at),
            _ => None,
        };
        let lines = self.lines(pages);
        lines.iter().rev().find_map(event).unwrap_or(self.top)
    }

    fn follow(&mut self, pages: &Pages) {
        if self.selected < self.top {
            self.top = self.selected;
        }
        // A line for the day of the first event stands above all.
        let room = (self.height.max(2) - 2) as u64;
        self.top = self.top.max(self.selected.saturating_sub(room));
        while self.top < self.selected && !self.shows_selected(pages) {
            self.top += 1;
        }
    }

    /// Whether the selected event is seen, and with the last one what the policy leaves out.
    fn shows_selected(&self, pages: &Pages) -> bool {
        let is_last = self.selected + 1 == pages.total() && pages.hidden() > 0;
        let wanted = if is_last && self.height > 2 {
            Line::Hidden
        } else {
            Line::Event(self.selected)
        };
        self.lines(pages).contains(&wanted)
    }
}

/// Whether the event at a place is the first of its day, as far as is known.
pub fn begins_day(at: u64, pages: &Pages) -> bool {
    let day = |at| pages.moment(at).map(day_of);
    match (at.checked_sub(1).map(day), day(at)) {
        (None, _) => true,
        (Some(before), here) => before.is_some() && here.is_some() && before != here,
    }
}

/// How many events there are on the day of the event at a place, where both its ends are in hand.
pub fn events_of_day(at: u64, pages: &Pages) -> Option<u64> {
    let day = day_of(pages.moment(at)?);
    let is_same = |at: u64| pages.moment(at).map(|moment| day_of(moment) == day);
    let mut first = at;
    while let Some(before) = first.checked_sub(1) {
        if !is_same(before)? {
            break;
        }
        first = before;
    }
    let mut end = at + 1;
    while end < pages.total() && is_same(end)? {
        end += 1;
    }
    Some(end - first)
}
