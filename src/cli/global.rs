//! What every command is told: which store, which policy, which moment.

use std::path::PathBuf;

use anyhow::Result;

use super::args::{Cli, Command};
use super::error::CliError;
use super::output::Output;
use super::place::{self, Usual};
use super::times::{Calendar, Edge};
use crate::index::Index;
use crate::lookup;
use crate::model::{MergePolicy, Moment};
use crate::store::{Reader, View};

/// An index of so many clusters takes longer than people wait without a word.
const LONG: u64 = 50_000;

/// The options that hold for every command, understood.
#[derive(Clone, Debug)]
pub struct Global {
    /// The store's file.
    pub store: PathBuf,
    /// The policy's name; `None` is the store's default.
    pub policy: Option<String>,
    /// The moment of ingestion that is asked about; `None` is now.
    pub as_of: Option<Moment>,
    /// The colours of the interface.
    pub theme: Option<String>,
    /// Whether personal values are hidden in the interface.
    pub is_masked: bool,
    /// The present moment, and the zone of dates.
    pub calendar: Calendar,
}

impl Global {
    /// Understands the options of a command line at this moment.
    pub fn resolve(cli: &Cli, now: Moment) -> Result<Global, CliError> {
        let options = &cli.options;
        let calendar = Calendar {
            now,
            zone: options.tz,
        };
        let usual = cli
            .command
            .as_ref()
            .map_or(Usual::Own, Command::usual_store);
        let as_of = options.as_of.as_deref();
        Ok(Global {
            store: place::store(options.store.as_deref(), usual)?,
            policy: options.policy.clone(),
            as_of: as_of
                .map(|text| calendar.moment(text, Edge::End))
                .transpose()?,
            theme: options.theme.clone(),
            is_masked: options.mask,
            calendar,
        })
    }

    /// Puts a question to the store, which stands still for it.
    pub fn ask<T>(
        &self,
        out: &mut Output<'_>,
        question: impl FnOnce(View<'_>) -> Result<T>,
    ) -> Result<T> {
        Reader::open(&self.store)?.snapshot(|view| {
            out.mask.learn(view.catalog()?.namespaces());
            question(view)
        })
    }

    /// The same of a question that the search index answers: where the store has none, it is made first.
    pub fn ask_index<T>(
        &self,
        out: &mut Output<'_>,
        question: impl Fn(View<'_>, Option<&Index>) -> Result<T>,
    ) -> Result<T> {
        let asked = self.ask(out, |view| match lookup::index_of(view) {
            Some(index) => Ok(Ok(question(view, Some(&index))?)),
            None => Ok(Err(view.cluster_count()?)),
        })?;
        match asked {
            Ok(answer) => Ok(answer),
            Err(clusters) => {
                self.make_index(out, clusters);
                self.ask(out, |view| question(view, lookup::index_of(view).as_ref()))
            }
        }
    }

    /// Makes the search index of so many clusters.
    fn make_index(&self, out: &mut Output<'_>, clusters: u64) {
        if clusters >= LONG {
            out.note("making the search index; it is kept beside the store");
        }
        self.refresh_index(out, &lookup::unwatched);
    }

    /// Brings the search index beside the store up to date; without it searching is slow, not wrong.
    pub fn refresh_index(&self, out: &mut Output<'_>, progress: &lookup::Progress<'_>) {
        if let Err(error) = lookup::refresh_index(&self.store, progress) {
            out.note(&format!(
                "the search index was not made, so searching is slow: {error}"
            ));
        }
    }

    /// The moment that questions are about; the latest there is where nobody named one.
    pub fn moment(&self) -> Moment {
        self.as_of.unwrap_or(Moment::MAX)
    }

    /// The policy that was named, or the store's default.
    pub fn policy(&self, view: View<'_>) -> Result<MergePolicy> {
        Ok(lookup::policy_named(view, self.policy.as_deref())?)
    }
}
