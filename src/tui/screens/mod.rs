//! The screens, a file each, and the one list of them.

#[cfg(test)]
mod canned;
mod compare;
mod content;
mod graph;
mod later;
mod overview;
mod policies;
mod timeline;

use super::message::Route;
use super::screen::Screen;

/// The screen of a route.
pub fn make(route: &Route) -> Box<dyn Screen> {
    match route {
        Route::Graph(identity) => Box::new(graph::Graph::new(identity.clone())),
        Route::Timeline(identity) => Box::new(timeline::Timeline::new(identity.clone())),
        Route::Compare(identity) => Box::new(compare::Compare::new(identity.clone())),
        Route::Overview => Box::new(overview::Overview::new()),
        Route::Policies => Box::new(policies::Policies::new()),
        _ => Box::new(later::Later::new(route.clone())),
    }
}
