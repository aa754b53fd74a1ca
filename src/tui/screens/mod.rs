//! The screens, a file each, and the one list of them.

mod later;

use super::message::Route;
use super::screen::Screen;

/// The screen of a route.
pub fn make(route: &Route) -> Box<dyn Screen> {
    match route {
        _ => Box::new(later::Later::new(route.clone())),
    }
}
