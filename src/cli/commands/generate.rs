//! `onefold generate`: synthetic sources of people of whom everything is known.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::{Notes, Output};
use crate::cli::print::{Column, Look, Page, Table, count, number};
use crate::cli::style::{Role, Terminal};
use crate::generate::{self, Progress, Summary, World};
use crate::model::display::printable;

/// How many events happen to a person where nobody says.
const EVENTS_EACH: u64 = 10;

/// What `generate` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  onefold generate --people 10000 --out world && onefold import world")]
pub struct GenerateArgs {
    /// How many people
    #[arg(long, value_name = "N")]
    people: u64,
    /// How many events in all; ten a person where nobody says
    #[arg(long, value_name = "N")]
    events: Option<u64>,
    /// What everything follows from: the same seed gives the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// A new or empty folder
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Writes the sources with their manifest, and the truth beside them.
pub fn run(args: &GenerateArgs, _: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let world = World {
        people: args.people,
        events: args
            .events
            .unwrap_or_else(|| args.people.saturating_mul(EVENTS_EACH)),
        seed: args.seed,
    };
    let shown = match out.notes {
        Notes::Shown => Terminal::of(&io::stderr()),
        Notes::Quiet => Terminal::No,
    };
    let percent = AtomicU64::new(0);
    let summary = generate::generate(&world, &args.out, &|progress| {
        if shown == Terminal::Yes {
            draw(progress, &percent);
        }
    })?;
    if shown == Terminal::Yes {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    let files: Vec<_> = summary
        .files
        .iter()
        .map(|file| json!({ "file": file.file, "rows": file.rows, "bytes": file.bytes }))
        .collect();
    let view = json!({
        "out": args.out.display().to_string(),
        "people": world.people,
        "seed": world.seed,
        "records": summary.records,
        "events": summary.events,
        "files": files,
    });
    out.answer(&view, |look| text(&summary, args, look))?;
    Ok(Exit::Done)
}

/// Draws the share that is done, where it grew by a hundredth.
fn draw(progress: Progress, percent: &AtomicU64) {
    let share = progress.done.saturating_mul(100) / progress.all.max(1);
    if percent.fetch_max(share, Ordering::Relaxed) < share {
        let _ = write!(io::stderr(), "\r\x1b[K{share} %");
    }
}

fn text(summary: &Summary, args: &GenerateArgs, look: &Look) -> String {
    let mut table = Table::new(&[
        Column::text("file"),
        Column::number("rows"),
        Column::number("bytes"),
    ]);
    for file in &summary.files {
        table.row([
            file.file.clone().into(),
            number(file.rows).into(),
            number(file.bytes).into(),
        ]);
    }
    let mut page = Page::new(look);
    page.table(&table);
    page.gap();
    let folder = printable(&args.out.display().to_string()).into_owned();
    page.line(
        Role::Plain,
        &format!(
            "{} and {} are in {folder}; `onefold import {folder}` reads them",
            count(summary.records, "record"),
            count(summary.events, "event")
        ),
    );
    page.finish()
}
