//! `onefold export`: folded profiles as a file for other programs.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::json;

use super::search::query;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::number;
use crate::lookup::{self, ExportForm, ExportFormat, ExportRequest, Exported, Who};
use crate::model::Reasons;
use crate::model::display::printable;
use crate::query::Reach;
use crate::store::Reader;

/// What `export` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold export --out customers.jsonl
  onefold export 'tier:gold consent:y' --format csv --fields name,email,tier --out gold.csv
  onefold export conflict:tier --explain | jq .explain
JSON Lines has an object a line, as `show --json` prints it. A CSV has a column for each field, lists and objects as JSON;
without --fields, entityId, name, identityGraph, sources, eventCount, firstEvent, lastEvent, lastModifiedAt and every
attribute that some record has. A text that a spreadsheet would take for a formula (it begins with = + - @ and is no
number) has ' before it. With --explain a CSV says beside each attribute which dataset, batch and line it comes from.
Profiles are written as they are folded, the last active first; --sort holds the sort key of each match in memory.
A file that is there already is never overwritten.")]
pub struct ExportArgs {
    /// Words, identities and terms such as tier:gold; without it, everybody
    #[arg(allow_hyphen_values = true, value_parser = query)]
    query: Option<String>,
    /// jsonl or csv; without it, as the file's name ends, else jsonl
    #[arg(long, value_name = "FORMAT")]
    format: Option<ExportFormat>,
    /// These fields alone; the last parts of a path are enough
    #[arg(long, value_name = "a,b.c", value_delimiter = ',')]
    fields: Vec<String>,
    /// Say of each value where it comes from
    #[arg(long)]
    explain: bool,
    /// By name, seen, ids, events or any path; - before it is descending
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    sort: Option<String>,
    /// So many at most
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// The file that is written; - or without it, standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl ExportArgs {
    fn file(&self) -> Option<&Path> {
        let file = self.out.as_deref();
        file.filter(|file| *file != Path::new("-"))
    }
}

/// Folds the profiles and writes them out.
pub fn run(args: &ExportArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let request = request(args, global, out);
    if args.query.is_some() {
        global.ask_index(out, |_, _| Ok(()))?;
    }
    let exported = Reader::open(&global.store)?.snapshot(|view| -> Result<Exported> {
        let policy = global.policy(view)?;
        let go_on = &mut |_| ControlFlow::Continue(());
        Ok(match args.file() {
            Some(path) => lookup::export_into(path, view, &request, &policy, go_on)?,
            None => lookup::export(view, &request, &policy, &mut out.stdout, go_on)?,
        })
    })?;
    if exported.profiles == 0 {
        out.nothing("no profile matches; nothing was exported");
        return Ok(Exit::Nothing);
    }
    if exported.reach == Reach::Subsequences {
        out.note("nothing holds these words as they stand; these hold their letters in order");
    }
    if let Some(path) = args.file() {
        let path = path.display().to_string();
        let profiles = exported.profiles;
        out.answer(&json!({ "profiles": profiles, "file": path }), |_| {
            format!(
                "{} profiles are in {}\n",
                number(profiles),
                printable(&path)
            )
        })?;
    }
    Ok(Exit::Done)
}

fn request(args: &ExportArgs, global: &Global, out: &Output<'_>) -> ExportRequest {
    let by_ending = || {
        let ending = args.file()?.extension()?.to_str()?;
        ending.parse().ok()
    };
    ExportRequest {
        who: Who::Matching {
            query: args.query.clone().unwrap_or_default(),
            sort: args.sort.clone(),
        },
        limit: args.limit,
        form: ExportForm {
            format: args
                .format
                .or_else(by_ending)
                .unwrap_or(ExportFormat::JsonLines),
            fields: args.fields.clone(),
            reasons: if args.explain {
                Reasons::Shown
            } else {
                Reasons::Hidden
            },
            mask: out.mask.clone(),
        },
        now: global.calendar.now,
    }
}
