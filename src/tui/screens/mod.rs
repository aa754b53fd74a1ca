//! The screens, a file or folder each, and the one list of them.

#[cfg(test)]
pub(crate) mod canned;
mod compare;
mod content;
mod graph;
mod import;
mod overview;
mod policies;
pub mod profile;
mod search;
mod timeline;

use super::message::Route;
use super::screen::Screen;

/// The screen of a route.
pub fn make(route: &Route) -> Box<dyn Screen> {
    match route {
        Route::Search => Box::new(search::Search::new()),
        Route::Profile(subject) => Box::new(profile::Profile::new(subject.clone())),
        Route::Graph(subject) => Box::new(graph::Graph::new(subject.clone())),
        Route::Timeline(subject) => Box::new(timeline::Timeline::new(subject.clone())),
        Route::Compare(subject) => Box::new(compare::Compare::new(subject.clone())),
        Route::Import => Box::new(import::Import::new()),
        Route::Policies => Box::new(policies::Policies::new()),
        Route::Overview => Box::new(overview::Overview::new()),
    }
}
