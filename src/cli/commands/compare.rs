//! `onefold compare`: one profile under several policies.

use anyhow::Result;
use clap::Args;

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::compare::{CompareView, text};
use crate::lookup;
use crate::model::{CompareAnswer, Identity};

/// What `compare` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  onefold compare Email:ana@example.com --policies 'Latest wins,CRM first'"
)]
pub struct CompareArgs {
    /// Any identity of the profile, such as Email:ana@example.com
    #[arg(allow_hyphen_values = true)]
    identity: Identity,
    /// Two to four policies, by name; the first is the baseline
    #[arg(long, value_name = "P,Q[,R,S]", value_delimiter = ',', required = true)]
    #[arg(allow_hyphen_values = true)]
    policies: Vec<String>,
}

/// Lays the profile under each policy side by side.
pub fn run(args: &CompareArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    if !(2..=4).contains(&args.policies.len()) {
        return Err(CliError::usage("--policies takes two to four names, parted by commas").into());
    }
    let found = global.ask(out, |view| {
        let policies = args
            .policies
            .iter()
            .map(|name| lookup::policy_named(view, Some(name.trim())))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(lookup::compare(
            view,
            &args.identity,
            &policies,
            global.moment(),
        )?)
    })?;
    let answer = match found {
        Ok(answer) => out.mask.apply(answer),
        Err(miss) => return out.miss(&miss),
    };
    out.answer(&CompareView::of(&answer), |look| text(&answer, look))?;
    match nobody(&answer) {
        Some(sentence) => {
            out.nothing(&sentence);
            Ok(Exit::Nothing)
        }
        None => Ok(Exit::Done),
    }
}

/// Why no policy at all makes a profile of the identity, where that is so.
fn nobody(answer: &CompareAnswer) -> Option<String> {
    if answer.sides.iter().any(|side| side.profile.is_ok()) {
        return None;
    }
    let miss = answer.sides.first()?.profile.as_ref().err()?;
    Some(miss.to_string())
}
