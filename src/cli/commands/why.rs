//! `onefold why`: why two identities are one person, or why they are not.

use anyhow::Result;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::why::{WhyView, text};
use crate::lookup;
use crate::model::Identity;

/// What `why` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold why Email:ana@example.com CRMID:C-1
  onefold why Email:ana@example.com")]
pub struct WhyArgs {
    /// The one identity; alone, the record that made each of its links is shown
    #[arg(value_name = "A", allow_hyphen_values = true)]
    a: Identity,
    /// The other identity
    #[arg(value_name = "B", allow_hyphen_values = true)]
    b: Option<Identity>,
}

/// Prints the path between the two, or what keeps them apart.
pub fn run(args: &WhyArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let found = global.ask(out, |view| {
        Ok(match &args.b {
            Some(b) => lookup::why(view, &args.a, b)?,
            None => lookup::why_links(view, &args.a)?,
        })
    })?;
    match found {
        Ok(answer) => {
            let answer = out.mask.apply(answer);
            out.answer(&WhyView::of(&answer), |look| text(&answer, look))?;
            Ok(Exit::Done)
        }
        Err(miss) => out.miss(&miss),
    }
}
