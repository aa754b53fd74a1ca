//! `onefold import`: files and folders into the store.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use clap::Args;

use crate::cli::effects::{EffectArgs, Settling};
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::{Notes, Output};
use crate::cli::print::import::text;
use crate::cli::print::plan;
use crate::cli::progress::Bar;
use crate::cli::style::Terminal;
use crate::cli::times::Edge;
use crate::ingest::{
    self, Again, ImportOptions, Known, MANIFEST, Partial, Plan, PlanOptions, Unidentified, Watch,
};
use crate::model::{DatasetKind, ImportAnswer, ImportProgress};
use crate::store::{Reader, StoreError};

/// What `import` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold import exports/
  onefold import crm.csv --dry-run --save-map crm.toml
  onefold import crm.csv --map crm.toml
  zcat events.jsonl.gz | onefold import - --dataset web --kind event
  onefold import exports/ --preview
  onefold import exports/ --max-changed 2% --max-rejected 0.1%
A folder with onefold.toml is imported as that says; what nobody describes is understood from its first rows.")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches of a command line, understood before they go anywhere"
)]
pub struct ImportArgs {
    /// Files, folders and patterns; - is standard input
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The dataset that they go into; of a manifest, the only one to import
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
    /// What they hold: record or event
    #[arg(long, value_name = "KIND")]
    kind: Option<DatasetKind>,
    /// How to read them: the body of one dataset of a manifest
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// The moment of ingestion, for a history
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    at: Option<String>,
    /// Say what would be read and how it is understood, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Write what was understood as a mapping to edit
    #[arg(long, value_name = "FILE")]
    save_map: Option<PathBuf>,
    /// Let --save-map replace a file that is there
    #[arg(long, requires = "save_map")]
    overwrite: bool,
    /// Read a file again that is in already
    #[arg(long)]
    again: bool,
    /// Keep the rows before the place where a file breaks off
    #[arg(long)]
    keep_partial: bool,
    /// Keep rows without an identity under a generated one
    #[arg(long)]
    keep_unidentified: bool,
    /// Threads that parse
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    #[command(flatten)]
    effects: EffectArgs,
}

/// Finds out what there is to read, says it, and reads it.
pub fn run(args: &ImportArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let mut options = ImportOptions {
        at: args
            .at
            .as_deref()
            .map(|text| global.calendar.moment(text, Edge::Start))
            .transpose()?,
        again: if args.again {
            Again::Read
        } else {
            Again::PassOver
        },
        ..ImportOptions::default()
    };
    options.jobs = match args.jobs {
        Some(0) => return Err(CliError::usage("--jobs takes a number from 1").into()),
        Some(jobs) => jobs,
        None => options.jobs,
    };
    let planned = ingest::plan(&args.paths, &plan_options(args, &options), &known(global)?)?;
    if let Some(file) = &args.save_map {
        save_map(&planned, file, args.overwrite, out)?;
    }
    if args.dry_run {
        return dry_run(&planned, out);
    }
    for line in plan::lines(&planned, &out.mask) {
        out.note(&line);
    }
    import(&planned, &options, &args.effects, global, out)
}

/// Carries out a plan and prints what came of it.
pub fn import(
    planned: &Plan,
    options: &ImportOptions,
    effects: &EffectArgs,
    global: &Global,
    out: &mut Output<'_>,
) -> Result<Exit> {
    let shown = match out.notes {
        Notes::Shown => Terminal::of(&std::io::stderr()),
        Notes::Quiet => Terminal::No,
    };
    let mut bar = Bar::new(shown, out.notes)?;
    let done = ingest::import(
        &global.store,
        planned,
        options,
        global.calendar.now,
        &mut Settling::new(&mut bar, effects, global),
    );
    if done.is_ok() {
        let watch = Mutex::new(&mut bar);
        global.refresh_index(out, &|done, total| {
            let progress = ImportProgress {
                stage: "search index",
                bytes: done,
                total_bytes: total,
                rows: done,
                ..ImportProgress::default()
            };
            let mut watch = watch.lock().unwrap_or_else(PoisonError::into_inner);
            watch.progress(&progress)
        });
    }
    bar.finish();
    let mut answer = done?;
    if let Ok(reader) = Reader::open(&global.store) {
        out.mask.learn(reader.view().catalog()?.namespaces());
    }
    answer.effects = answer
        .effects
        .map(|effects| Box::new(out.mask.apply(*effects)));
    out.answer(&answer, |look| text(&answer, look))?;
    for note in &answer.notes {
        out.note(note);
    }
    Ok(exit(&answer))
}

fn exit(answer: &ImportAnswer) -> Exit {
    let has_rejects = answer
        .datasets
        .iter()
        .any(|dataset| dataset.counts.rejected > 0);
    if has_rejects {
        Exit::Rejected
    } else {
        Exit::Done
    }
}

fn dry_run(planned: &Plan, out: &mut Output<'_>) -> Result<Exit> {
    let answer = out.mask.apply(planned.answer());
    out.answer(&plan::PlanView::of(planned, &answer), |look| {
        plan::text(&answer, look)
    })?;
    for note in &planned.notes {
        out.note(note);
    }
    Ok(Exit::Done)
}

/// Writes the mapping that was understood; a file that is there stays, unless somebody says otherwise.
fn save_map(planned: &Plan, file: &Path, is_replacing: bool, out: &mut Output<'_>) -> Result<()> {
    let folder = file.parent().unwrap_or(Path::new(""));
    let text = ingest::mapping_text(planned, folder);
    let mut options = OpenOptions::new();
    let opened = if is_replacing {
        options.write(true).create(true).truncate(true).open(file)
    } else {
        options.write(true).create_new(true).open(file)
    };
    let written = opened.and_then(|mut place| place.write_all(text.as_bytes()));
    match written {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => bail!(
            "{} is there already; name another file, or say --overwrite",
            file.display()
        ),
        written => written.with_context(|| format!("cannot write {}", file.display()))?,
    }
    out.note(&format!("what was understood is in {}", file.display()));
    if planned.datasets.len() > 1 && file.file_name().is_none_or(|name| name != MANIFEST) {
        out.note("it describes several datasets: call it onefold.toml and import its folder");
    }
    Ok(())
}

fn plan_options(args: &ImportArgs, options: &ImportOptions) -> PlanOptions {
    PlanOptions {
        dataset: args.dataset.clone(),
        kind: args.kind,
        map: args.map.clone(),
        at: options.at,
        partial: if args.keep_partial {
            Partial::Keep
        } else {
            Partial::Refuse
        },
        unidentified: args.keep_unidentified.then_some(Unidentified::Keep),
        ..PlanOptions::default()
    }
}

/// What the store knows already; nothing where there is none yet.
pub fn known(global: &Global) -> Result<Known> {
    match Reader::open(&global.store) {
        Ok(reader) => Ok(ingest::known_by(reader)?),
        Err(StoreError::Missing(_)) => Ok(Known::default()),
        Err(error) => Err(error.into()),
    }
}
