//! The questions that can be put to a store, one file each; screens and commands ask the same ones.

mod cells;
mod compare;
mod complete;
mod documents;
mod effects;
mod error;
mod events;
mod everybody;
mod export;
mod export_file;
mod export_form;
mod facets;
mod fields;
mod foremost;
mod graph;
mod indexing;
mod listed;
pub mod mask;
mod observed;
mod overview;
mod policies;
mod population;
mod profile;
mod read;
mod recent;
mod search;
mod subject;
mod why;

pub use cells::{Columns, cells};
pub use compare::compare;
pub use complete::complete;
pub use effects::{Reach, effects, effects_in_passing, effects_of_import};
pub use error::LookupError;
pub use events::{Order, Timeline};
pub use everybody::everybody;
pub use export::{ExportError, ExportRequest, Exported, Who, export};
pub use export_file::export_into;
pub use export_form::{ExportForm, ExportFormat};
pub use facets::facets;
pub use fields::Fields;
pub use graph::{graph, graph_at};
pub use indexing::{
    Progress, Refreshed, index_of, index_path, is_current, refresh_index, remove_index, unwatched,
};
pub use observed::observed;
pub use overview::{profile_count, stats};
pub use policies::{policies, policy_named};
pub use population::population;
pub use profile::{profile, profile_of};
pub use read::vocabulary;
pub use recent::recent;
pub use search::{Early, SearchRequest, documents, search, search_in, search_telling};
pub use subject::{Subject, subject};
pub use why::{why, why_links};
