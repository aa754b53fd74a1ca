//! `onefold forget`: privacy deletion of a person.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, Result};
use clap::Args;

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::forget::{ForgetView, done, listing};
use crate::ingest;
use crate::lookup;
use crate::model::{Found, Identity, Moment};
use crate::store::{Reader, StoredIdentity, Swept, View, Writer};

/// What `forget` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold forget Email:ana@example.com --dry-run
  onefold forget Email:ana@example.com --yes
It lists what goes and asks for the number of records and events, or takes --yes.
All identities of the graph go with every version, event and link, and the file of the store is written anew.
Rows of others stay, less the e-mails, numbers and other ids of the person in them; ids of devices stay in such rows, but link nothing.
A salted mark stays: later rows that name the person are rejected; a device that went along drops out of rows of its other owners.
Backups, source files and copies made elsewhere are not reached.")]
pub struct ForgetArgs {
    /// The person, by any identity
    #[arg(value_name = "IDENTITY")]
    identity: Identity,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// List what would go, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Lists what is held of a person, asks, and takes it out.
pub fn run(args: &ForgetArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let found = global.ask(out, |view| members(view, &args.identity))?;
    let members = match found {
        Ok(members) => members,
        Err(miss) => {
            sweep_again(global, out)?;
            return out.miss(&miss);
        }
    };
    let planned =
        ingest::would_forget(Reader::open(&global.store)?.view(), &global.store, &members)?;
    let mut shown = planned.clone();
    shown.identities = out.mask.apply(shown.identities);
    if args.dry_run {
        out.answer(&ForgetView::planned(&shown), |look| listing(&shown, look))?;
        return Ok(Exit::Done);
    }
    if !args.yes {
        let text = listing(&shown, &out.note_look);
        confirm(&text, planned.rows(), out)?;
    }
    let writer = Writer::open(&global.store, "forget")?;
    let now = ingest::would_forget(writer.view(), &global.store, &members)?;
    if now != planned {
        anyhow::bail!("the store has changed meanwhile, nothing was forgotten; run it again");
    }
    let forgetting = ingest::forget(&writer, &global.store, &members, global.calendar.now)?;
    lookup::remove_index(&global.store)
        .context("cannot remove the search index beside the store; nothing was changed")?;
    let swept = writer.commit_and_sweep()?;
    global.refresh_index(out, &lookup::unwatched);
    out.answer(&ForgetView::done(&shown, &forgetting, swept), |look| {
        done(&shown, &forgetting, look)
    })?;
    say_swept(swept, out);
    Ok(Exit::Done)
}

/// The graph of an identity as it is now.
fn members(view: View<'_>, identity: &Identity) -> Result<Found<Vec<StoredIdentity>>> {
    let found = lookup::subject(view, identity, Moment::MAX)?;
    Ok(found.map(|subject| subject.members))
}

/// A person who was forgotten may have left bytes behind, where the sweeping was cut short.
fn sweep_again(global: &Global, out: &mut Output<'_>) -> Result<()> {
    if Reader::open(&global.store)?.view().sweep_pending()? {
        let swept = Writer::open(&global.store, "forget")?.commit_and_sweep()?;
        say_swept(swept, out);
    }
    Ok(())
}

fn say_swept(swept: Swept, out: &mut Output<'_>) {
    if swept == Swept::InUse {
        out.note("another onefold reads the store as it was, so old bytes are still in its files; close it, and run the same command again");
    }
}

/// Asks for the number of rows, on the terminal.
fn confirm(text: &str, rows: u64, out: &mut Output<'_>) -> Result<()> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(CliError::usage(
            "this is no terminal, so nobody can be asked; add --yes to forget, or --dry-run to list what would go",
        )
        .into());
    }
    write!(
        out.stderr,
        "{text}\nType the number of records and events, {rows}, to forget this person: "
    )?;
    out.stderr.flush()?;
    let mut answer = String::new();
    stdin.lock().read_line(&mut answer)?;
    if answer.trim() == rows.to_string() {
        return Ok(());
    }
    anyhow::bail!("not confirmed; nothing was changed")
}
