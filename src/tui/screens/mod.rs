//! The screens, a file or folder each, and the one list of them.

mod import;
mod later;
pub mod profile;
mod search;

use super::message::Route;
use super::screen::Screen;

/// The screen of a route.
pub fn make(route: &Route) -> Box<dyn Screen> {
    match route {
        Route::Search => Box::new(search::Search::new()),
        Route::Profile(subject) => Box::new(profile::Profile::new(subject.clone())),
        Route::Import => Box::new(import::Import::new()),
        Route::Graph(_)
        | Route::Timeline(_)
        | Route::Compare(_)
        | Route::Policies
        | Route::Overview => Box::new(later::Later::new(route.clone())),
    }
}
