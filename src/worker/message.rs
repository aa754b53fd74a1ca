//! What screens ask of the worker, and what it sends back.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::config::{Keep, Kept};
pub use crate::ingest::Normalise;
pub use crate::ingest::time::DateOrder;
pub use crate::lookup::{Columns, ExportFormat, Who};
use crate::model::{
    BatchId, CellsAnswer, CompareAnswer, CompletionAnswer, DeletionAnswer, EventsAnswer,
    ExportAnswer, FacetsAnswer, Found, GraphAnswer, Identity, ImportAnswer, ImportProgress,
    MergePolicy, Moment, PlanAnswer, PlannedDataset, PopulationAnswer, ProfileAnswer,
    RefusedAnswer, SearchAnswer, StatsAnswer, Vocabulary, WhyAnswer,
};

/// A place for one answer at a time: a newer question of the same slot makes the older one stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// The result list.
    List,
    /// The preview beside it.
    Preview,
    /// What the list is made of.
    Facets,
    /// What the chosen columns say of the rows that can be seen.
    Cells,
    /// What the query can go on with.
    Completion,
    /// The names that a query can hold.
    Vocabulary,
    /// What the analyst keeps between sessions.
    Kept,
    /// Profiles that are written into a file.
    Export,
    /// The profile screen.
    Profile,
    /// The timeline's rows.
    Timeline,
    /// The graph.
    Graph,
    /// What links or parts two identities.
    Why,
    /// The comparison.
    Compare,
    /// What another policy would change for everybody.
    Impact,
    /// The list of policies, and changes to it.
    Policies,
    /// The overview.
    Overview,
    /// Looking at what would be imported.
    Plan,
    /// Writing down how that is read.
    SaveMap,
    /// What an import refused.
    Refused,
    /// An import; it runs in a lane of its own.
    Import,
}

/// Which events of a timeline are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// From this moment on.
    pub since: Option<Moment>,
    /// Up to and including this moment.
    pub until: Option<Moment>,
    /// Types that match this glob, without regard to case.
    pub kind: Option<String>,
}

/// A question to the store, or a change to it.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// A page of the profiles that match a query; the empty query lists the last active.
    Search {
        /// The query as typed.
        query: String,
        /// The policy's id.
        policy: String,
        /// A sort key of spec/search.md, such as `name` or `-seen`; `None` is by relevance.
        sort: Option<String>,
        /// Place of the first row that is wanted, from 0.
        offset: u64,
        /// How many rows are wanted at most.
        limit: u64,
    },
    /// A page of everybody, those who match a query first.
    Everybody {
        /// The query as typed.
        query: String,
        /// The policy's id.
        policy: String,
        /// The order of those who match, as for [`Question::Search`].
        sort: Option<String>,
        /// Place of the first row that is wanted, from 0.
        offset: u64,
        /// How many rows are wanted at most.
        limit: u64,
    },
    /// A page of everybody, where nobody is searched for.
    Recent {
        /// Those that come first, in this order.
        first: Vec<Identity>,
        /// The policy's id.
        policy: String,
        /// Place of the first row that is wanted, from 0.
        offset: u64,
        /// How many rows are wanted at most.
        limit: u64,
    },
    /// How many of a result share a tier, a country, a source.
    Facets {
        /// The query as typed.
        query: String,
        /// The policy's id.
        policy: String,
        /// How many profiles are counted at most, the last active first.
        most: u64,
    },
    /// What chosen columns say of some profiles.
    Cells {
        /// The profiles.
        identities: Vec<Identity>,
        /// The policy's id.
        policy: String,
        /// The columns.
        columns: Columns,
    },
    /// What a query can go on with.
    Complete {
        /// The query as typed.
        query: String,
        /// The place in it, in characters from 0.
        cursor: usize,
    },
    /// The names that a query can hold.
    Vocabulary,
    /// What is kept, after these changes to it.
    Keep(Vec<Keep>),
    /// Profiles into a new file.
    Export(Box<ExportOrder>),
    /// A folded profile.
    Profile {
        /// Any of its identities.
        identity: Identity,
        /// The policy's id.
        policy: String,
        /// The moment of ingestion that is asked about; `None` is now.
        as_of: Option<Moment>,
    },
    /// A stretch of a timeline, newest first.
    Events {
        /// Any identity of the profile.
        identity: Identity,
        /// The policy's id.
        policy: String,
        /// Which events.
        filter: EventFilter,
        /// Place of the first event that is wanted, from 0.
        offset: u64,
        /// How many events are wanted at most.
        limit: u64,
    },
    /// An identity graph with its removed links.
    Graph {
        /// Any of its identities.
        identity: Identity,
    },
    /// What links or parts two identities.
    Why {
        /// The first.
        a: Identity,
        /// The second; `None` asks for the records behind each link of the first.
        b: Option<Identity>,
    },
    /// One profile under several policies.
    Compare {
        /// Any of its identities.
        identity: Identity,
        /// The policies' ids, the baseline first.
        policies: Vec<String>,
    },
    /// Everybody under two policies.
    Population {
        /// The policies' ids, the baseline first.
        policies: [String; 2],
    },
    /// The merge policies.
    Policies,
    /// Makes a policy, or changes the one with the same id.
    SavePolicy(Box<MergePolicy>),
    /// Makes a policy the default.
    DefaultPolicy(String),
    /// Deletes a policy that is not the default.
    DeletePolicy(String),
    /// The overview.
    Stats {
        /// The policy's id.
        policy: String,
    },
    /// What an import of these paths would read; nothing is written.
    Plan(Vec<PathBuf>),
    /// An import of these paths, with the datasets that somebody corrected.
    Import(Vec<PathBuf>, Vec<PlannedDataset>),
    /// Writes down how these paths are read, with the datasets that somebody corrected; a file that is there stays.
    SaveMap {
        /// What would be read.
        paths: Vec<PathBuf>,
        /// The datasets that somebody corrected.
        corrected: Vec<PlannedDataset>,
        /// The file of the mapping.
        file: PathBuf,
    },
    /// An import of the bundled sample data.
    ImportSample,
    /// What this rejects file of an import holds.
    Refused(PathBuf),
    /// Takes batches back, as if they had never been imported.
    DeleteBatches(Vec<BatchId>),
}

/// What is to be exported, and where to.
#[derive(Clone, Debug, PartialEq)]
pub struct ExportOrder {
    /// Whose profiles.
    pub who: Who,
    /// The policy's id.
    pub policy: String,
    /// How they are written.
    pub format: ExportFormat,
    /// Whether personal values are hidden.
    pub is_masked: bool,
    /// The file; one that is there already is left alone.
    pub file: PathBuf,
}

/// What a question was answered with.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To [`Question::Search`] and [`Question::Recent`].
    Search(SearchAnswer),
    /// To [`Question::Everybody`]: the page, and how many match; they come first.
    Everybody(SearchAnswer, u64),
    /// To [`Question::Facets`].
    Facets(FacetsAnswer),
    /// To [`Question::Cells`].
    Cells(CellsAnswer),
    /// To [`Question::Complete`].
    Completion(CompletionAnswer),
    /// To [`Question::Vocabulary`].
    Vocabulary(Vocabulary),
    /// To [`Question::Keep`].
    Kept(Kept),
    /// To [`Question::Export`].
    Exported(ExportAnswer),
    /// To [`Question::Profile`].
    Profile(Found<Box<ProfileAnswer>>),
    /// To [`Question::Events`].
    Events(Found<EventsAnswer>),
    /// To [`Question::Graph`].
    Graph(Found<GraphAnswer>),
    /// To [`Question::Why`].
    Why(Found<WhyAnswer>),
    /// To [`Question::Compare`].
    Compare(Found<CompareAnswer>),
    /// To [`Question::Population`].
    Population(Box<PopulationAnswer>),
    /// To every question about policies: all of them, the default first, then by name.
    Policies(Vec<MergePolicy>),
    /// To [`Question::Stats`].
    Stats(Box<StatsAnswer>),
    /// To [`Question::Plan`].
    Plan(Box<PlanAnswer>),
    /// To [`Question::SaveMap`]: the file.
    MapSaved(PathBuf),
    /// To [`Question::Import`] and [`Question::ImportSample`].
    Import(ImportAnswer),
    /// To [`Question::Refused`].
    Refused(RefusedAnswer),
    /// To [`Question::DeleteBatches`].
    Deleted(Box<DeletionAnswer>),
}

/// An answer on its way back, with the question that it answers.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The slot that it was asked in.
    pub slot: Slot,
    /// What was asked.
    pub question: Arc<Question>,
    /// The answer, or one sentence that says what is wrong and what to do.
    pub answer: Result<Answer, String>,
    /// How long it took below the screen.
    pub elapsed: Duration,
    /// No more of the answer follows.
    pub is_last: bool,
}

/// What the worker says of its own accord.
#[derive(Clone, Debug)]
pub enum Notice {
    /// A question was answered.
    Reply(Reply),
    /// An import is under way.
    Progress(ImportProgress),
    /// An export is under way: so many profiles are written.
    Exporting(u64),
    /// The search index is being made: so many graphs of so many are in; `None` once that is over.
    Indexing(Option<(u64, u64)>),
    /// The store's content changed: what is on the screen may be stale.
    Changed,
}

impl Question {
    /// Whether answering it changes the store, or reads files: such questions have a lane of their own.
    pub fn is_change(&self) -> bool {
        matches!(
            self,
            Question::SavePolicy(_)
                | Question::DefaultPolicy(_)
                | Question::DeletePolicy(_)
                | Question::Plan(_)
                | Question::Import(..)
                | Question::SaveMap { .. }
                | Question::ImportSample
                | Question::DeleteBatches(_)
        )
    }
}
