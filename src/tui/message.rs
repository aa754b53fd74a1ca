//! What the parts of the interface say to each other: places, routes, effects, and what every screen may know.

use std::path::PathBuf;

use ratatui::layout::Position;
use tui_input::InputRequest;

use crate::config::{Keep, Kept};
use crate::model::{Identity, MergePolicy, Moment, PolicyName};
use crate::worker::{Question, Slot};

use super::action::Action;
use super::icons::Icons;
pub use super::place::Place;
use super::privacy::Mask;
use super::theme::Theme;

/// What a screen shows, enough to open it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// The search screen.
    Search,
    /// The profile that this identity belongs to.
    Profile(Identity),
    /// The graph that this identity belongs to.
    Graph(Identity),
    /// The timeline of the profile that this identity belongs to.
    Timeline(Identity),
    /// The comparison of the profile that this identity belongs to.
    Compare(Identity),
    /// The import screen.
    Import,
    /// The merge policies.
    Policies,
    /// The overview.
    Overview,
}

impl Route {
    /// The route to a place, about somebody where the place is about somebody.
    pub fn to(place: Place, subject: Option<&Identity>) -> Option<Route> {
        Some(match place {
            Place::Search => Route::Search,
            Place::Profile => Route::Profile(subject?.clone()),
            Place::Graph => Route::Graph(subject?.clone()),
            Place::Timeline => Route::Timeline(subject?.clone()),
            Place::Compare => Route::Compare(subject?.clone()),
            Place::Import => Route::Import,
            Place::Policies => Route::Policies,
            Place::Overview => Route::Overview,
        })
    }

    /// The kind of screen.
    pub fn place(&self) -> Place {
        match self {
            Route::Search => Place::Search,
            Route::Profile(_) => Place::Profile,
            Route::Graph(_) => Place::Graph,
            Route::Timeline(_) => Place::Timeline,
            Route::Compare(_) => Place::Compare,
            Route::Import => Place::Import,
            Route::Policies => Place::Policies,
            Route::Overview => Place::Overview,
        }
    }

    /// Whom it is about.
    pub fn subject(&self) -> Option<&Identity> {
        match self {
            Route::Profile(subject)
            | Route::Graph(subject)
            | Route::Timeline(subject)
            | Route::Compare(subject) => Some(subject),
            Route::Search | Route::Import | Route::Policies | Route::Overview => None,
        }
    }

    /// The breadcrumb's first parts: an address that [`Route::parse`] reads.
    pub fn address(&self) -> Vec<String> {
        let mut parts = vec!["onefold".to_owned(), self.place().word()];
        parts.extend(self.subject().map(Identity::to_string));
        parts
    }

    /// Reads an address: an identity alone, or a breadcrumb copied from the screen.
    pub fn parse(address: &str) -> Result<Route, String> {
        let address = address.trim();
        let rest = address.strip_prefix("onefold").unwrap_or(address);
        let mut parts = rest.split(" › ").map(str::trim).filter(|p| !p.is_empty());
        let first = parts.next().unwrap_or("search");
        let Some(place) = Place::ALL.into_iter().find(|place| place.word() == first) else {
            return Ok(Route::Profile(address.parse()?));
        };
        let subject = match parts.next() {
            Some(text) => text.parse().ok(),
            None => None,
        };
        Route::to(place, subject.as_ref()).ok_or_else(|| {
            format!("`{address}` names nobody; write it as `onefold › {first} › NAMESPACE:VALUE`")
        })
    }
}

/// What a screen wants done; the app does it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the worker. Of several questions of one slot in one go, only the last is asked.
    Ask(Slot, Question),
    /// The question of this slot, or the import, is no longer wanted.
    Cancel(Slot),
    /// Go to another screen.
    Open(Route),
    /// Go to the search screen with this query.
    Find(String),
    /// Go back to the screen before.
    Back,
    /// Put a text on the clipboard; the name says in a toast what it was.
    Copy {
        /// What it is, such as `value`.
        name: String,
        /// The text.
        text: String,
    },
    /// Say something in passing.
    Say(String),
    /// Say that something is wrong.
    Warn(String),
    /// Do this on the screen that is then current.
    Act(Action),
    /// Make a policy the one that every screen shows, by its id.
    Follow(String),
    /// Keep something for the next session.
    Keep(Keep),
    /// Run a saved search, by its name.
    Run(String),
}

/// What is typed into an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A letter, or a step of the cursor.
    Request(InputRequest),
    /// A text that was pasted.
    Paste(String),
}

/// What the mouse did, in cells of the whole screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pointer {
    /// A press of the left button.
    Press(Position),
    /// The wheel, towards the user.
    WheelDown(Position),
    /// The wheel, away from the user.
    WheelUp(Position),
}

/// The two ends of the status row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Where in the screen one is.
    pub position: String,
    /// What took how long.
    pub timing: String,
}

/// What every screen may know; only the app changes it.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The present moment, so that ages can be said.
    pub now: Moment,
    /// The policy that everything is shown under.
    pub policy: PolicyName,
    /// Whom the history was last about.
    pub subject: Option<Identity>,
    /// All policies, the default first; empty until the worker has answered.
    pub policies: Vec<MergePolicy>,
    /// The colours.
    pub theme: Theme,
    /// The signs.
    pub icons: Icons,
    /// Whether personal values are hidden.
    pub mask: Mask,
    /// The user's home folder, for paths that begin with `~/`.
    pub home: Option<PathBuf>,
    /// What the analyst keeps between sessions.
    pub kept: Kept,
}

/// Where questions go; the worker, or a fake in tests.
pub trait Desk {
    /// Asks; the answer comes back as a notice, and makes an older question of the slot stale.
    fn ask(&self, slot: Slot, question: Question);
    /// Takes a question back; a running import is undone whole.
    fn cancel(&self, slot: Slot);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_what_it_writes() {
        let ana = Identity::new("Email", "ana@example.com");
        for place in Place::ALL {
            let route = Route::to(place, Some(&ana)).expect("a route");
            assert_eq!(route.place(), place);
            assert_eq!(Route::parse(&route.address().join(" › ")), Ok(route));
        }
    }

    #[test]
    fn an_address_may_be_an_identity_alone() {
        let check = |address: &str, expected: Result<Route, &str>| {
            let route = Route::parse(address);
            match expected {
                Ok(expected) => assert_eq!(route, Ok(expected), "{address}"),
                Err(words) => assert!(route.expect_err(address).contains(words), "{address}"),
            }
        };
        let ana = Identity::new("Email", "ana@example.com");
        check("Email:ana@example.com", Ok(Route::Profile(ana.clone())));
        check(
            " onefold › profile › Email:ana@example.com › person.name",
            Ok(Route::Profile(ana)),
        );
        check("", Ok(Route::Search));
        check("onefold › timeline", Err("names nobody"));
        check("nonsense", Err("is no identity"));
    }
}
