//! What several screens are built of; everything here paints only the rows that can be seen.

pub mod bar;
pub mod cursor;
pub mod field;
pub mod line;
pub mod listing;
pub mod marked;
pub mod outline;
pub mod panel;
pub mod panes;
pub mod paper;
pub mod popup;
pub mod prompt;
pub mod rows;
pub mod table;

pub use cursor::Cursor;
pub use field::Field;
pub use listing::Listing;
pub use outline::Outline;
pub use panes::Panes;
pub use paper::Paper;
pub use prompt::Prompt;
