//! Asking before something is taken out that no one can bring back.

use anyhow::Result;
use clap::Args;
use std::io::{BufRead, IsTerminal, Write};

use super::exit::Exit;
use super::global::Global;
use super::output::Output;
use super::print::deletion::{DeletionView, text};
use super::print::number;
use super::print::resolve::Made;
use crate::lookup;
use crate::model::DeletionAnswer;
use crate::store::Writer;

/// How a deletion is confirmed.
#[derive(Debug, Args)]
pub struct Confirm {
    /// Do not ask; without a terminal nobody is asked anyway
    #[arg(long)]
    yes: bool,
    /// Say what would go, and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// What becomes of a deletion.
enum Decision {
    /// It is made at once.
    Make,
    /// It is only said.
    Say,
    /// A person is asked.
    Ask,
}

impl Confirm {
    fn decision(&self) -> Decision {
        if self.dry_run {
            Decision::Say
        } else if !self.yes && std::io::stdin().is_terminal() {
            Decision::Ask
        } else {
            Decision::Make
        }
    }

    /// Opens the store, deletes, says what goes, and keeps it only where that was wanted: `subject` is what is deleted.
    ///
    /// On a terminal the number of rows is to be typed after the list of what goes.
    pub fn carry_out(
        &self,
        subject: &str,
        global: &Global,
        out: &mut Output<'_>,
        delete: impl FnOnce(&Writer) -> Result<DeletionAnswer>,
    ) -> Result<Exit> {
        let writer = Writer::open(&global.store, "delete")?;
        out.mask.learn(writer.view().catalog()?.namespaces());
        let answer = delete(&writer)?;
        let decision = self.decision();
        let (made, words) = match decision {
            Decision::Make => {
                writer.commit()?;
                global.refresh_index(out, &lookup::unwatched);
                (Made::Are, "is deleted")
            }
            Decision::Say => (Made::WouldBe, "would be deleted; nothing was written"),
            Decision::Ask => {
                let shown = out.mask.apply(answer.clone());
                let headline = format!("{subject} goes, as if it had never been imported");
                let listing = text(&headline, &shown, &out.note_look);
                if !is_confirmed(out, &listing, answer.rows)? {
                    out.note("nothing was deleted");
                    return Ok(Exit::Failed);
                }
                writer.commit()?;
                global.refresh_index(out, &lookup::unwatched);
                (Made::Are, "is deleted")
            }
        };
        let answer = out.mask.apply(answer);
        out.answer(&DeletionView::of(&answer, made), |look| {
            text(&format!("{subject} {words}"), &answer, look)
        })?;
        Ok(Exit::Done)
    }
}

/// Shows what goes and asks for the number of rows; anything else is a no.
fn is_confirmed(out: &mut Output<'_>, listing: &str, rows: u64) -> Result<bool> {
    write!(
        out.stderr,
        "{listing}Type {} to delete it, anything else to leave it: ",
        number(rows)
    )?;
    out.stderr.flush()?;
    let mut typed = String::new();
    std::io::stdin().lock().read_line(&mut typed)?;
    let digits: String = typed.trim().chars().filter(|c| *c != ',').collect();
    Ok(digits == rows.to_string())
}
