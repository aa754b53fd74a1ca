//! The open screens, each with its place in it, and the history of going from one to the next.

#![expect(
    clippy::indexing_slicing,
    reason = "the screen that was pushed a line before is the last one"
)]

use crate::model::Identity;
use crate::tui::message::{Place, Route};
use crate::tui::screen::Screen;

/// Screens that are kept open; the one unseen for longest goes first.
const MOST_SCREENS: usize = 24;

/// Steps that the history remembers.
const MOST_STEPS: usize = 200;

/// Whether what a screen shows is what it would be told now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It is.
    Fresh,
    /// It has to ask again when it is next seen.
    Stale,
}

struct Open {
    route: Route,
    screen: Box<dyn Screen>,
    freshness: Freshness,
}

/// The open screens and the history; there is always a current one.
pub struct Shelf {
    make: fn(&Route) -> Box<dyn Screen>,
    open: Vec<Open>,
    steps: Vec<Route>,
    at: usize,
}

impl Shelf {
    /// A shelf on which `make` puts the screens, the first one of this route; the way back from it leads to the search.
    pub fn new(route: Route, make: fn(&Route) -> Box<dyn Screen>) -> Shelf {
        let mut shelf = Shelf {
            make,
            open: Vec::new(),
            steps: vec![Route::Search],
            at: 0,
        };
        shelf.go(route);
        shelf
    }

    /// The route of the current screen.
    pub fn route(&self) -> &Route {
        self.steps.get(self.at).unwrap_or(&Route::Search)
    }

    /// The place of the current screen.
    pub fn place(&self) -> Place {
        self.route().place()
    }

    /// The current screen, where it has been made.
    pub fn seen(&self) -> Option<&dyn Screen> {
        let route = self.route();
        let open = self.open.iter().find(|open| open.route == *route)?;
        Some(open.screen.as_ref())
    }

    /// The current screen.
    pub fn current(&mut self) -> &mut dyn Screen {
        let route = self.route().clone();
        let place = match self.open.iter().position(|open| open.route == route) {
            Some(place) => place,
            None => self.put(route),
        };
        // The last one is the one seen last.
        let open = self.open.remove(place);
        self.open.push(open);
        let last = self.open.len() - 1;
        self.open[last].screen.as_mut()
    }

    /// Whom the history was last about.
    pub fn last_subject(&self) -> Option<&Identity> {
        let past = self.steps.get(..=self.at)?;
        past.iter().rev().find_map(Route::subject)
    }

    /// The screen of a route, where it is open.
    pub fn find(&mut self, route: &Route) -> Option<&mut Box<dyn Screen>> {
        let open = self.open.iter_mut().find(|open| open.route == *route)?;
        Some(&mut open.screen)
    }

    /// Goes to a route, forgetting the way forward.
    pub fn go(&mut self, route: Route) {
        if route == *self.route() {
            return;
        }
        self.steps.truncate(self.at + 1);
        self.steps.push(route);
        let surplus = self.steps.len().saturating_sub(MOST_STEPS);
        self.steps.drain(..surplus);
        self.at = self.steps.len() - 1;
    }

    /// Goes back; whether there was a way back.
    pub fn earlier(&mut self) -> bool {
        let moved = self.at > 0;
        self.at = self.at.saturating_sub(1);
        moved
    }

    /// Goes forward; whether there was a way forward.
    pub fn later(&mut self) -> bool {
        let moved = self.at + 1 < self.steps.len();
        self.at += usize::from(moved);
        moved
    }

    /// Every open screen has to ask again when it is next seen.
    pub fn spoil_all(&mut self) {
        for open in &mut self.open {
            open.freshness = Freshness::Stale;
        }
    }

    /// The screen of a route has to ask again when it is next seen.
    pub fn spoil(&mut self, route: &Route) {
        for open in self.open.iter_mut().filter(|open| open.route == *route) {
            open.freshness = Freshness::Stale;
        }
    }

    /// Whether the current screen has to ask; it counts as fresh from now on.
    pub fn refresh(&mut self) -> Freshness {
        self.current();
        match self.open.last_mut() {
            Some(open) => std::mem::replace(&mut open.freshness, Freshness::Fresh),
            None => Freshness::Fresh,
        }
    }

    fn put(&mut self, route: Route) -> usize {
        if self.open.len() >= MOST_SCREENS {
            // An import goes on while its screen is not seen, and search keeps its list.
            let is_kept = |open: &Open| matches!(open.route, Route::Import | Route::Search);
            if let Some(oldest) = self.open.iter().position(|open| !is_kept(open)) {
                self.open.remove(oldest);
            }
        }
        let screen = (self.make)(&route);
        self.open.push(Open {
            route,
            screen,
            freshness: Freshness::Stale,
        });
        self.open.len() - 1
    }
}
