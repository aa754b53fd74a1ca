//! A world in a temporary folder: sources as texts, imported into a real store, and asked through the real look-ups.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "each test file uses a part of it, and stops at the first surprise"
)]

pub mod demo;
pub mod manifest;

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use onefold::ingest::{self, Embedded, ImportError, ImportOptions, PlanOptions, Watch};
use onefold::lookup::{self, SearchRequest};
use onefold::model::{
    Brought, Found, Identity, IdentityId, ImportAnswer, ImportProgress, MergePolicy, Moment,
    ProfileAnswer,
};
use onefold::store::{Reader, StoreError, View, Writer};

/// 2024-01-01, when every import of a test begins; each later one is a day later.
pub const START: Moment = Moment(1_704_067_200_000);
/// A day in milliseconds.
pub const DAY: i64 = 86_400_000;

/// A store in a temporary folder.
pub struct World {
    folder: tempfile::TempDir,
    day: i64,
}

/// Watches without a word.
pub struct Silent;

impl Watch for Silent {
    fn progress(&mut self, _: &ImportProgress) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl World {
    pub fn new() -> World {
        World {
            folder: tempfile::tempdir().unwrap(),
            day: 0,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Imports files by name and text, one of them `onefold.toml`, a day after the import before.
    pub fn import(&mut self, files: &[(&str, &str)]) -> ImportAnswer {
        self.try_import(files, &ImportOptions::default()).unwrap()
    }

    pub fn try_import(
        &mut self,
        files: &[(&str, &str)],
        options: &ImportOptions,
    ) -> Result<ImportAnswer, ImportError> {
        let now = Moment(START.0 + self.day * DAY);
        self.day += 1;
        let known = match Reader::open(&self.path()) {
            Ok(reader) => ingest::known_by(reader).unwrap(),
            Err(StoreError::Missing(_)) => ingest::Known::default(),
            Err(error) => return Err(error.into()),
        };
        let files = files
            .iter()
            .map(|(name, text)| (PathBuf::from("w").join(name), text.as_bytes()));
        let plan = PlanOptions {
            folder: Arc::new(Embedded::new(files)),
            ..PlanOptions::default()
        };
        let plan = ingest::plan(&[PathBuf::from("w")], &plan, &known)?;
        ingest::import(&self.path(), &plan, options, now, &mut Silent)
    }

    /// A day on which nothing is imported.
    pub fn pass_a_day(&mut self) {
        self.day += 1;
    }

    /// What every batch counts, by its moment.
    pub fn ledger(&self) -> String {
        let batches = self.reader().view().list_batches().unwrap();
        let lines = batches.iter().map(|batch| {
            let brought = Brought {
                elapsed_ms: None,
                ..batch.brought
            };
            format!(
                "{} {} {:?} {brought:?}",
                batch.ingested_at, batch.dataset, batch.counts
            )
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    pub fn reader(&self) -> Reader {
        Reader::open(&self.path()).unwrap()
    }

    pub fn writer(&self) -> Writer {
        Writer::open(&self.path(), "test").unwrap()
    }

    pub fn policy(&self, name: &str) -> MergePolicy {
        lookup::policy_named(self.reader().view(), Some(name)).unwrap()
    }

    pub fn profile(&self, identity: &str) -> Found<ProfileAnswer> {
        self.profile_at(identity, "Latest wins", Moment::MAX)
    }

    pub fn profile_at(&self, identity: &str, policy: &str, at: Moment) -> Found<ProfileAnswer> {
        let reader = self.reader();
        let policy = lookup::policy_named(reader.view(), Some(policy)).unwrap();
        lookup::profile(reader.view(), &id(identity), &policy, at).unwrap()
    }

    /// What a profile says at a path, as JSON; empty where it says nothing.
    pub fn value(&self, identity: &str, path: &str) -> String {
        let profile = self.profile(identity).unwrap().profile;
        let path = path.parse().unwrap();
        profile
            .leaf(&path)
            .map_or_else(String::new, |leaf| leaf.value.to_string())
    }

    /// The identities of a profile, as texts.
    pub fn together(&self, identity: &str) -> Vec<String> {
        let profile = self.profile(identity).unwrap();
        profile.identities.iter().map(Identity::to_string).collect()
    }

    /// The canonical identities that a query finds, in order.
    pub fn search(&self, query: &str) -> Vec<String> {
        let reader = self.reader();
        let request = SearchRequest {
            query: query.into(),
            sort: None,
            offset: 0,
            limit: 100,
            patience: None,
            now: Moment(START.0 + 30 * DAY),
        };
        let policy = lookup::policy_named(reader.view(), None).unwrap();
        let answer = lookup::search(reader.view(), &request, &policy).unwrap();
        assert_eq!(answer.total, answer.profiles.len() as u64);
        let hits = answer.profiles.iter();
        hits.map(|hit| hit.entity_id.to_string()).collect()
    }

    /// The store's own rules hold, and its totals are what counting gives.
    pub fn check(&self) {
        let reader = self.reader();
        assert_eq!(reader.view().faults().unwrap(), Vec::<String>::new());
        let mut identities = 0;
        reader
            .view()
            .each_identity(|_| {
                identities += 1;
                Ok(())
            })
            .unwrap();
        let (mut kept, mut removed) = (0, 0);
        reader
            .view()
            .each_link(|link| {
                if link.is_kept {
                    kept += 1;
                } else {
                    removed += 1;
                }
                Ok(())
            })
            .unwrap();
        let total = |total| reader.view().total(total).unwrap();
        assert_eq!(total(onefold::store::Total::Identities), identities);
        assert_eq!(total(onefold::store::Total::Links), kept);
        assert_eq!(total(onefold::store::Total::RemovedLinks), removed);
    }

    /// Everything that look-ups can see of the store, for holding two against each other.
    pub fn portrait(&self) -> String {
        self.painted(&versions_of)
    }

    /// The same without the rows that said it and said it again.
    pub fn outline(&self) -> String {
        self.painted(&|_, _| Ok(Vec::new()))
    }

    fn painted(&self, versions: Versions<'_>) -> String {
        let reader = self.reader();
        let view = reader.view();
        let policy = lookup::policy_named(view, None).unwrap();
        let mut lines = Vec::new();
        view.each_identity(|identity| {
            let name = view.named(&identity)?;
            let graph = lookup::graph(view, &name).unwrap().unwrap();
            let links: Vec<_> = graph
                .links
                .iter()
                .map(|link| {
                    let reason = link.removed.as_ref().map(|end| end.reason.to_string());
                    format!("{}~{} {reason:?} {}", link.a, link.b, link.seen)
                })
                .collect();
            let folded = match lookup::profile(view, &name, &policy, Moment::MAX).unwrap() {
                Ok(profile) => format!(
                    "{:?} {} {} {:?}",
                    profile.identities,
                    serde_json::to_string(&profile.profile.entity).unwrap(),
                    profile.event_count,
                    profile.sources
                ),
                Err(miss) => miss.to_string(),
            };
            let (events, versions) = (events_of(view, identity.id)?, versions(view, identity.id)?);
            lines.push(format!(
                "{name}: {}..{} {folded} {links:?} {events:?} {versions:?}",
                identity.first_seen, identity.last_seen
            ));
            Ok(())
        })
        .unwrap();
        lines.extend(paths(view));
        lines.sort();
        lines.join("\n")
    }
}

/// An identity from its text.
pub fn id(text: &str) -> Identity {
    text.parse().unwrap()
}

type Versions<'a> = &'a dyn Fn(View<'_>, IdentityId) -> Result<Vec<String>, StoreError>;

/// The events of an identity, each as a line.
fn events_of(view: View<'_>, id: IdentityId) -> Result<Vec<String>, StoreError> {
    let mut events = Vec::new();
    let mut places = Vec::new();
    view.each_event(id, Moment::MAX, |event| places.push(event))?;
    for event in view.events_at(&places, &HashMap::new())? {
        events.push(format!(
            "{} {} {} {}",
            event.ingested_at,
            event.dataset,
            event.line.line,
            event.body.text()
        ));
    }
    events.sort();
    Ok(events)
}

/// The versions of an identity's fragments, each as a line.
fn versions_of(view: View<'_>, id: IdentityId) -> Result<Vec<String>, StoreError> {
    let mut versions = Vec::new();
    view.each_body(id, |version| {
        let touches: Vec<_> = version
            .touches
            .iter()
            .map(|touch| (touch.ingested_at, touch.line))
            .collect();
        versions.push(format!(
            "{} {:?} {} {touches:?}",
            version.ingested_at,
            version.line,
            version.body.text()
        ));
    })?;
    versions.sort();
    Ok(versions)
}

/// At which paths the records say something.
fn paths(view: View<'_>) -> Vec<String> {
    let paths = view.paths().unwrap().into_iter();
    paths.map(|path| format!("path {path}")).collect()
}
