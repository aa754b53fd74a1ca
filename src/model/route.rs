//! A route: what a screen of the interface shows, enough to open it again.

use super::{Identity, Place};

/// What a screen shows, enough to open it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    /// The search screen.
    #[default]
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
}
