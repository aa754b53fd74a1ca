//! Changes to the store: imports, and edits of policies.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::Sender;

use super::answer::sentence;
use super::{Answer, Notice, Question};
use crate::ingest::{self, Decision, ImportError, ImportOptions, Known, Plan, PlanOptions, Watch};
use crate::lookup;
use crate::merge;
use crate::model::{BatchId, ImportAnswer, ImportProgress, MergePolicy, Moment, PlannedDataset};
use crate::sample;
use crate::store::{Reader, StoreError, View, Writer};

/// Makes a change and says what came of it, or one sentence that says why it was not made.
pub(super) fn make(
    store: &Path,
    question: &Question,
    stop: &AtomicBool,
    notices: &Sender<Notice>,
) -> Result<Answer, String> {
    let made = match question {
        Question::Plan(paths) => {
            plan(store, paths, &[]).map(|plan| Answer::Plan(Box::new(plan.answer())))
        }
        Question::Import(paths, corrected) => {
            plan(store, paths, corrected).and_then(|plan| import(store, &plan, stop, notices))
        }
        Question::SaveMap {
            paths,
            corrected,
            file,
        } => plan(store, paths, corrected).and_then(|plan| save_map(&plan, file)),
        Question::ImportSample => known(store)
            .and_then(|known| Ok(sample::plan(&known)?))
            .and_then(|plan| import(store, &plan, stop, notices)),
        Question::DeleteBatches(batches) => take_back(store, batches),
        Question::SavePolicy(policy) => save(store, policy),
        Question::DefaultPolicy(id) => edit(store, |writer| writer.set_default_policy(id)),
        Question::DeletePolicy(id) => edit(store, |writer| writer.delete_policy(id)),
        _ => return Err("this question changes nothing".into()),
    };
    made.map_err(|error| sentence(error.as_ref()))
}

type Failed = Box<dyn std::error::Error>;

struct Screen<'a> {
    stop: &'a AtomicBool,
    notices: &'a Sender<Notice>,
}

impl Watch for Screen<'_> {
    fn progress(&mut self, progress: &ImportProgress) -> ControlFlow<()> {
        let _ = self.notices.send(Notice::Progress(progress.clone()));
        go_on(self.stop)
    }

    /// An import says on the way what it did; where that cannot be said, it stands all the same.
    fn settle(
        &mut self,
        view: View<'_>,
        answer: &mut ImportAnswer,
    ) -> Result<Decision, ImportError> {
        answer.effects = lookup::policy_named(view, None)
            .and_then(|policy| lookup::effects_in_passing(view, answer, &policy))
            .unwrap_or_default();
        Ok(Decision::Keep)
    }
}

fn known(store: &Path) -> Result<Known, Failed> {
    match Reader::open(store) {
        Ok(reader) => Ok(ingest::known_by(reader)?),
        Err(StoreError::Missing(_)) => Ok(Known::default()),
        Err(error) => Err(error.into()),
    }
}

fn plan(store: &Path, paths: &[PathBuf], corrected: &[PlannedDataset]) -> Result<Plan, Failed> {
    let known = known(store)?;
    let mut plan = ingest::plan(paths, &PlanOptions::default(), &known)?;
    plan.correct(corrected);
    Ok(plan)
}

/// Writes a plan down as a mapping; what is there already is not replaced.
fn save_map(plan: &Plan, file: &Path) -> Result<Answer, Failed> {
    let text = ingest::mapping_text(plan, file.parent().unwrap_or(Path::new("")));
    let new = OpenOptions::new().write(true).create_new(true).open(file);
    match new.and_then(|mut place| place.write_all(text.as_bytes())) {
        Ok(()) => Ok(Answer::MapSaved(file.to_owned())),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            Err(format!("{} is there already; write another name", file.display()).into())
        }
        Err(error) => Err(format!("cannot write {}: {error}", file.display()).into()),
    }
}

fn import(
    store: &Path,
    plan: &Plan,
    stop: &AtomicBool,
    notices: &Sender<Notice>,
) -> Result<Answer, Failed> {
    let options = ImportOptions::default();
    let now = Moment::from(chrono::Utc::now());
    let answer: ImportAnswer =
        ingest::import(store, plan, &options, now, &mut Screen { stop, notices })?;
    refresh_index(store, stop, notices);
    Ok(Answer::Import(answer))
}

fn take_back(store: &Path, batches: &[BatchId]) -> Result<Answer, Failed> {
    let writer = Writer::open(store, "batch delete")?;
    let answer = ingest::delete_batches(&writer, batches)?;
    writer.commit()?;
    Ok(Answer::Deleted(Box::new(answer)))
}

/// What is imported is in: without its index searching is slow, not wrong, so whoever leaves need not wait for it.
fn refresh_index(store: &Path, stop: &AtomicBool, notices: &Sender<Notice>) {
    let progress = |done, total| {
        let _ = notices.send(Notice::Progress(ImportProgress {
            stage: "search index",
            bytes: done,
            total_bytes: total,
            rows: done,
            ..ImportProgress::default()
        }));
        go_on(stop)
    };
    let _ = lookup::refresh_index(store, &progress);
}

/// Whether work that may be stopped goes on.
pub(super) fn go_on(stop: &AtomicBool) -> ControlFlow<()> {
    if stop.load(Ordering::Relaxed) {
        return ControlFlow::Break(());
    }
    ControlFlow::Continue(())
}

fn save(store: &Path, policy: &MergePolicy) -> Result<Answer, Failed> {
    let writer = Writer::open(store, "policy edit")?;
    let view = writer.view();
    let datasets: Vec<_> = view.catalog()?.datasets().into_iter().cloned().collect();
    let mut policy = policy.clone();
    merge::name_datasets(&mut policy, &datasets);
    merge::validate(&policy, &datasets, &view.policies()?)?;
    writer.save_policy(&policy, Moment::from(chrono::Utc::now()))?;
    writer.commit()?;
    all(store)
}

fn edit(
    store: &Path,
    change: impl FnOnce(&Writer) -> Result<(), StoreError>,
) -> Result<Answer, Failed> {
    let writer = Writer::open(store, "policy edit")?;
    change(&writer)?;
    writer.commit()?;
    all(store)
}

fn all(store: &Path) -> Result<Answer, Failed> {
    let reader = Reader::open(store)?;
    Ok(Answer::Policies(lookup::policies(reader.view())?))
}
