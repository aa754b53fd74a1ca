//! `onefold resolve`: all records linked again under the present settings.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::resolve::{Made, ResolveView, text};
use crate::ingest::{self, ReplayOrder, Resolution};
use crate::lookup;
use crate::store::Writer;

/// What `resolve` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  onefold resolve --dry-run\n  onefold resolve --order event-time\n  onefold resolve --rekey --dry-run"
)]
pub struct ResolveArgs {
    /// Say what would change, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// In which order the records are replayed
    #[arg(long, default_value = "arrival")]
    order: Order,
    /// Move events to the identities that present settings would choose for them
    #[arg(long)]
    rekey: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    /// As they arrived
    Arrival,
    /// By their own times, for histories that were loaded out of order
    EventTime,
}

/// Replays the records and says what changes.
pub fn run(args: &ResolveArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let writer = Writer::open(&global.store, "resolve")?;
    out.mask.learn(writer.view().catalog()?.namespaces());
    let order = match args.order {
        Order::Arrival => ReplayOrder::Arrival,
        Order::EventTime => ReplayOrder::EventTime,
    };
    let (resolution, made, headline) = if args.dry_run {
        (
            Resolution::DryRun,
            Made::WouldBe,
            "what would change; nothing was written",
        )
    } else {
        (
            Resolution::Write,
            Made::Are,
            "all records were linked again",
        )
    };
    let answer = if args.rekey {
        ingest::rekey(&writer, order, resolution)?
    } else {
        ingest::resolve(&writer, order, resolution)?
    };
    if made == Made::Are {
        writer.commit()?;
        global.refresh_index(out, &lookup::unwatched);
    }
    let answer = out.mask.apply(answer);
    out.answer(&ResolveView::of(&answer, made), |look| {
        text(headline, &answer, look)
    })?;
    Ok(Exit::Done)
}
