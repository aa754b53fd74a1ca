//! The search index: what answers a keystroke without the store, kept beside it as a file that can be made again at will.
//!
//! A document is a cluster. Segments hold documents in the order of lists, last active first, so that the first page of a result is
//! read off its bits. Values are held as every fragment says them, with those that win under one policy marked: that policy's
//! results are exact from the index alone, any other's where fragments cannot disagree; the rest is left open, to be folded.

mod alphabet;
mod count;
mod digest;
mod digest_bytes;
mod digest_common;
mod digest_form;
mod digest_gate;
mod digests;
mod disputes;
mod docs;
mod eights;
mod entry;
mod error;
mod file;
mod files;
mod growth;
mod layout;
mod lens;
mod maker;
mod matches;
mod numbers;
mod once;
mod paths;
mod search;
mod segment;
mod sorted;
mod standing;
mod tables;
mod text_maker;
mod texts;
mod turn;
mod typos;
mod values;
mod words;

pub use count::{ValueCount, beginning, counts, paths};
pub use digest::{Digest, EventsOf, Known};
pub use digest_common::Wanted;
pub use digest_gate::{Gate, Lone};
pub use digests::DigestReader;
pub use disputes::{Disputes, Told};
pub use docs::{Doc, Docs};
pub use entry::Entry;
pub use error::IndexError;
use file::Section;
pub use files::{Index, NewIndex, Part};
pub use layout::{Stand, Subject};
pub use lens::{Effort, Lens, same_winners};
pub use maker::SegmentMaker;
pub use matches::Matches;
pub use search::search;
pub use segment::{Number, Segment, Time};
pub use sorted::{SortKey, sorted};
pub use standing::Standing;
pub use texts::TextKind;
pub use turn::Turn;
pub use values::{SaidValue, ValueTable};
