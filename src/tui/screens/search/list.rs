//! A result list of any length of which only the pages around the selection are kept.

use std::collections::BTreeMap;

use crate::model::{Hit, Identity, SearchAnswer};
use crate::tui::action::Action;
use crate::tui::widgets::Cursor;

/// Rows of a page.
pub const PAGE: u64 = 200;

/// Pages that are kept.
const MOST_PAGES: usize = 12;

/// The list.
#[derive(Debug, Default)]
pub struct Results {
    pages: BTreeMap<u64, Vec<Hit>>,
    total: u64,
    /// How many of them match, where the others stand below them.
    matching: Option<u64>,
    is_exact: bool,
    cursor: Cursor,
}

impl Results {
    /// How many rows there are, and whether that is exact.
    pub fn total(&self) -> (u64, bool) {
        (self.total, self.is_exact)
    }

    /// How many rows match, where others that do not stand below them.
    pub fn matching(&self) -> Option<u64> {
        self.matching
    }

    /// Whether the row at a place matches.
    pub fn is_match(&self, at: usize) -> bool {
        self.matching.is_none_or(|matching| (at as u64) < matching)
    }

    /// How many rows there are, as the cursor counts them.
    pub fn len(&self) -> usize {
        usize::try_from(self.total).unwrap_or(usize::MAX)
    }

    /// Where one is.
    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Where one is, to be moved.
    pub fn cursor_mut(&mut self) -> &mut Cursor {
        &mut self.cursor
    }

    /// Moves as a moving action says; whether it was one.
    pub fn act(&mut self, action: Action) -> bool {
        let len = self.len();
        self.cursor.act(action, len)
    }

    /// The row at a place, where its page is here.
    pub fn row(&self, at: usize) -> Option<&Hit> {
        let at = at as u64;
        let page = self.pages.get(&(at / PAGE))?;
        page.get((at % PAGE) as usize)
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&Hit> {
        self.row(self.cursor.selected())
    }

    /// The place of the first row that can be seen and is not here.
    pub fn missing(&self) -> Option<u64> {
        let mut pages = self.cursor.window(self.len()).map(|at| at as u64 / PAGE);
        let page = pages.find(|page| !self.pages.contains_key(page))?;
        Some(page * PAGE)
    }

    /// Takes the first page of a list in the place of all that is here; the selection stays on whom it was on, where that is `kept`.
    pub fn replace(&mut self, answer: &SearchAnswer, kept: Option<&Identity>) {
        self.pages.clear();
        self.add(answer);
        let same = kept.and_then(|kept| {
            answer
                .profiles
                .iter()
                .position(|hit| hit.entity_id == *kept)
        });
        let present = match kept {
            Some(_) => self.cursor.selected(),
            None => 0,
        };
        let present = same.map_or(present, |at| at + answer.offset as usize);
        self.cursor
            .select(present.min(self.len().saturating_sub(1)));
    }

    /// Of all rows only so many match, the first; `None` is all of them.
    pub fn set_matching(&mut self, matching: Option<u64>) {
        self.matching = matching;
    }

    /// Takes a page.
    pub fn add(&mut self, answer: &SearchAnswer) {
        self.total = answer.total;
        self.is_exact = answer.exact;
        self.pages
            .insert(answer.offset / PAGE, answer.profiles.clone());
        let here = self.cursor.selected() as u64 / PAGE;
        while self.pages.len() > MOST_PAGES {
            let farthest = self
                .pages
                .keys()
                .copied()
                .max_by_key(|page| page.abs_diff(here));
            self.pages.remove(&farthest.unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(offset: u64, total: u64) -> SearchAnswer {
        let rows = offset..(offset + PAGE).min(total);
        SearchAnswer {
            query: String::new(),
            policy: String::new(),
            total,
            exact: true,
            elapsed_ms: 0.0,
            offset,
            notes: Vec::new(),
            profiles: rows.map(hit).collect(),
        }
    }

    fn hit(at: u64) -> Hit {
        Hit {
            entity_id: Identity::new("CRMID", at.to_string()),
            name: None,
            email: None,
            identities: 1,
            events: 0,
            last_event: None,
            matched: Vec::new(),
        }
    }

    #[test]
    fn only_the_pages_around_the_selection_are_kept() {
        let mut list = Results::default();
        list.cursor_mut().fit(10, 0);
        list.replace(&answer(0, 1_000_000), None);
        assert_eq!(list.missing(), None);
        for page in 1..40 {
            list.act(Action::Bottom);
            list.cursor_mut().select(page * PAGE as usize);
            let missing = list.missing().expect("a page to ask for");
            list.add(&answer(missing, 1_000_000));
            assert!(list.selected().is_some());
        }
        assert_eq!(list.pages.len(), MOST_PAGES);
        assert!(list.row(0).is_none());
    }

    #[test]
    fn the_selection_stays_on_whom_it_was_on() {
        let mut list = Results::default();
        list.cursor_mut().fit(10, 0);
        list.replace(&answer(0, 50), None);
        list.cursor_mut().select(7);
        let kept = list.selected().map(|hit| hit.entity_id.clone());
        let mut next = answer(0, 50);
        next.profiles.rotate_left(3);
        list.replace(&next, kept.as_ref());
        assert_eq!(list.cursor().selected(), 4);
        list.replace(&next, Some(&Identity::new("CRMID", "gone")));
        assert_eq!(list.cursor().selected(), 4);
        list.replace(&next, None);
        assert_eq!(list.cursor().selected(), 0);
    }
}
