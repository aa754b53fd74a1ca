//! The query language: one parser and one evaluation for the search box, the command line and every filter.

pub mod ast;
mod attributes;
mod eval;
mod event_filter;
mod lexer;
mod operand;
mod parser;
mod pattern;
mod sorting;
mod suggest;
mod terms;
pub mod text;
mod words;
mod writing;

pub use ast::{Expr, Query, Term, Test};
pub use attributes::{closeness_of, each_scalar, each_segment, each_value, how_close, text_of};
pub use eval::{
    Closeness, Outcome, Reach, Subject, evaluate, is_counted, is_named, is_when, same_code,
};
pub use event_filter::evaluate_event;
pub use operand::{Comparison, Operand, Wanted};
pub use parser::{Context, parse, parse_event_filter};
pub use pattern::{PathPattern, Pattern};
pub use sorting::{Sort, SortBy, compare_texts, compare_values};
pub use suggest::{nearest_paths, wanted_paths};
pub use words::{Sought, closeness, is_searched, misspelt};
pub use writing::{Written, quoted, written_at};
