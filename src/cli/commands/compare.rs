//! `onefold compare`: one profile under several policies, or everybody under two.

use anyhow::Result;
use clap::Args;

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::compare::{CompareView, text};
use crate::cli::print::population::{self, PopulationView};
use crate::lookup;
use crate::model::{CompareAnswer, Identity, MergePolicy};
use crate::store::View;

/// What `compare` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  onefold compare Email:ana@example.com --policies 'Latest wins,CRM first'\n  onefold compare --all --policies 'Latest wins,CRM first'"
)]
pub struct CompareArgs {
    /// Any identity of the profile, such as Email:ana@example.com
    #[arg(allow_hyphen_values = true, required_unless_present = "all")]
    identity: Option<Identity>,
    /// Compare everybody, under two policies
    #[arg(long, conflicts_with = "identity")]
    all: bool,
    /// Two to four policies, by name; the first is the baseline
    #[arg(long, value_name = "P,Q[,R,S]", value_delimiter = ',', required = true)]
    #[arg(allow_hyphen_values = true)]
    policies: Vec<String>,
}

/// Lays profiles under each policy side by side.
pub fn run(args: &CompareArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    match &args.identity {
        Some(identity) => one(identity, args, global, out),
        None => everybody(args, global, out),
    }
}

fn one(
    identity: &Identity,
    args: &CompareArgs,
    global: &Global,
    out: &mut Output<'_>,
) -> Result<Exit> {
    if !(2..=4).contains(&args.policies.len()) {
        return Err(CliError::usage("--policies takes two to four names, parted by commas").into());
    }
    let found = global.ask(out, |view| {
        let named = args.policies.iter().map(|name| policy(view, name));
        let policies = named.collect::<Result<Vec<_>>>()?;
        different(&policies)?;
        Ok(lookup::compare(view, identity, &policies, global.moment())?)
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

fn everybody(args: &CompareArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let [a, b] = args.policies.as_slice() else {
        return Err(
            CliError::usage("--all compares two policies; name both, parted by a comma").into(),
        );
    };
    if global.as_of.is_some() {
        return Err(CliError::usage(
            "--all compares everybody as of now; leave --as-of out, or name an identity",
        )
        .into());
    }
    let answer = global.ask_index(out, |view, index| {
        let policies = [policy(view, a)?, policy(view, b)?];
        different(&policies)?;
        Ok(lookup::population(view, index, policies.each_ref())?)
    })?;
    let answer = out.mask.apply(answer);
    out.answer(&PopulationView::of(&answer), |look| {
        population::text(&answer, look)
    })?;
    Ok(Exit::Done)
}

fn policy(view: View<'_>, name: &str) -> Result<MergePolicy> {
    Ok(lookup::policy_named(view, Some(name.trim()))?)
}

/// A policy that is named twice has nothing to be compared with.
fn different(policies: &[MergePolicy]) -> Result<()> {
    for (place, policy) in policies.iter().enumerate() {
        let mut earlier = policies.iter().take(place);
        if earlier.any(|other| other.id == policy.id) {
            let twice = format!(
                "--policies names `{}` twice; name different ones",
                policy.name
            );
            return Err(CliError::usage(twice).into());
        }
    }
    Ok(())
}

/// Why no policy at all makes a profile of the identity, where that is so.
fn nobody(answer: &CompareAnswer) -> Option<String> {
    if answer.sides.iter().any(|side| side.profile.is_ok()) {
        return None;
    }
    let miss = answer.sides.first()?.profile.as_ref().err()?;
    Some(miss.to_string())
}
