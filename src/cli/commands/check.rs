//! `onefold check`: whether the store is whole.

use anyhow::Result;
use clap::Args;
use serde_json::json;

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::model::display::printable;
use crate::store::StoreError;

/// What `check` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  onefold check && onefold backup customers-copy.db")]
pub struct CheckArgs {}

/// Looks at the whole store and says what is wrong with it.
pub fn run(_: &CheckArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let faults = global.ask(out, |view| Ok(view.faults()?))?;
    let view = json!({ "ok": faults.is_empty(), "faults": faults });
    out.answer(&view, |_| match faults.as_slice() {
        [] => "the store is whole\n".to_owned(),
        faults => faults
            .iter()
            .fold(String::new(), |text, fault| text + &printable(fault) + "\n"),
    })?;
    match faults.as_slice() {
        [] => Ok(Exit::Done),
        [fault] => Err(StoreError::Damaged(fault.clone()).into()),
        [fault, rest @ ..] => {
            let all = format!("{fault}, and {} more", rest.len());
            Err(StoreError::Damaged(all).into())
        }
    }
}
