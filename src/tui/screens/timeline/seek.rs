//! Jumping in time: to another day, or twenty-four hours on, whether that is in hand or has to be asked for.

use crate::model::Moment;
use crate::tui::action::Action;
use crate::tui::message::{Ctx, Effect};
use crate::worker::EventFilter;

use super::pages::PAGE;
use super::view::{day_of, start_of};
use super::{Asked, Timeline};

const DAY: i64 = 86_400_000;

/// The last moment of the second that is written so: what happened in it may have happened at its end.
pub(super) fn last_of_second(text: &str) -> Option<Moment> {
    let begin = Moment::parse(text)?;
    Some(Moment(begin.0.saturating_add(999)))
}

impl Timeline {
    /// Brings the event beside the list up to what is selected.
    pub(super) fn look(&mut self) {
        let row = self.pages.row(self.view.selected());
        if let Some(row) = row {
            self.anchor = Some(row.event.timestamp);
        }
        self.detail.show(row.map(|row| &row.event));
    }

    /// Jumps as an action says.
    pub(super) fn jump(&mut self, action: Action, ctx: &Ctx) -> Vec<Effect> {
        let at = self.view.selected();
        let Some(here) = self.pages.moment(at) else {
            return Vec::new();
        };
        let day = day_of(here);
        let before = match action {
            Action::NextDay => start_of(day),
            Action::DayOlder => Moment(here.0.saturating_sub(DAY - 1)),
            Action::DayNewer => Moment(here.0.saturating_add(DAY + 1)),
            _ => match self.newer_day(at, day) {
                Some(before) => before,
                None => return Vec::new(),
            },
        };
        match self.known_place(before) {
            Some(place) => {
                self.view.jump(place, &self.pages);
                Vec::new()
            }
            None => self.ask_place(before, ctx),
        }
    }

    /// Asks for the place of the first event before a moment: as many as there are from it on.
    pub(super) fn ask_place(&mut self, before: Moment, ctx: &Ctx) -> Vec<Effect> {
        self.asked = Some(Asked::Place(before));
        let since = self.filter.since.map_or(before, |since| since.max(before));
        let filter = EventFilter {
            since: Some(since),
            ..self.filter.clone()
        };
        vec![self.question(filter, (0, 1), ctx)]
    }

    /// Goes to a place, now or when its page is there.
    pub(super) fn go_to(&mut self, place: u64, ctx: &Ctx) -> Vec<Effect> {
        if !self.is_stale && self.pages.row(place).is_some() {
            self.view.jump(place, &self.pages);
            self.look();
            return self.ask_missing(ctx);
        }
        self.goal = Some(place);
        if !self.is_stale {
            let last = self.pages.total().saturating_sub(1);
            return self.ask_page(place.min(last) / PAGE * PAGE, ctx);
        }
        self.ask_page(place, ctx)
    }

    /// The end of the day of the event at a place; where the place is the day's first, that of the newer day.
    fn newer_day(&self, at: u64, day: i64) -> Option<Moment> {
        let end = start_of(day + 1);
        match at.checked_sub(1) {
            Some(before) if self.known_place(end) == Some(at) => {
                let newer = self.pages.moment(before)?;
                Some(start_of(day_of(newer) + 1))
            }
            _ => Some(end),
        }
    }

    /// The place of the first event before a moment, where that can be told from the pages in hand.
    fn known_place(&self, before: Moment) -> Option<u64> {
        let mut at = self.view.selected();
        let total = self.pages.total();
        if self.pages.moment(at)? >= before {
            while at + 1 < total && self.pages.moment(at)? >= before {
                at += 1;
            }
            return self.pages.moment(at).map(|_| at);
        }
        while let Some(newer) = at.checked_sub(1) {
            if self.pages.moment(newer)? >= before {
                break;
            }
            at = newer;
        }
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_left_at_its_end() {
        let check = |text: &str, expected: Option<&str>| {
            let expected = expected.and_then(Moment::parse);
            assert_eq!(last_of_second(text), expected, "{text}");
        };
        check("2026-11-18 21:40:07Z", Some("2026-11-18T21:40:07.999Z"));
        check("2026-11-18T21:40:07Z", Some("2026-11-18T21:40:07.999Z"));
        check("2026-11-18", None);
        check("—", None);
    }
}
