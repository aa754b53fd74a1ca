//! What comes in: finds out what files hold, reads their rows in order, and says of each row what it could not take.

mod cutter;
mod error;
mod folder;
mod forget;
mod formats;
mod guess;
mod input;
mod interpret;
mod load;
mod manifest;
mod mapping;
mod plan;
mod read;
mod refused;
mod rejects;
mod row;
mod shapes;
pub mod time;

pub use error::IngestError;
pub use folder::{Bytes, Disk, Embedded, Folder, Kind, STANDARD_INPUT};
pub use forget::{forget, would_forget};
pub use formats::{FORMATS, Format, Header, Table};
pub use guess::Held;
pub use input::Compression;
pub use load::{
    Again, Decision, ImportError, ImportOptions, ReplayOrder, Resolution, Watch, delete_batches,
    delete_batches_and_replay, delete_dataset, import, known, known_by, rekey, resolve,
};
pub use manifest::{
    MANIFEST, Manifest, NamespaceDeclaration, PolicyDeclaration, StoreChanges, mapping_text,
};
pub use mapping::{
    Address, FieldMove, IdentityField, Mapping, Normalise, Nulls, Unidentified, Update,
};
pub use plan::{DatasetPlan, Known, Partial, Plan, PlanOptions, PlannedFile, Understood, plan};
pub use read::{Ended, FileOutcome, Outcome, read};
pub use refused::refused;
pub use rejects::{KEPT_LIMIT, ROW_LIMIT, Reason, Rejected, RejectsFile};
pub use row::{Item, Mention, ReadProgress, Row, Sink, Warning, row_identity};
pub use shapes::{SHAPES, Shape, Share, Verdict, judge};
