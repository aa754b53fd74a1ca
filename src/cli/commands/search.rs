//! `onefold search`: the profiles that match a query.

use anyhow::Result;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::search::text;
use crate::lookup::{self, SearchRequest};
use crate::model::SearchAnswer;

/// What `search` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold search 'ana mart'
  onefold search -tier:gold --sort -seen --limit 20
  onefold search 'event:purchase{total:>100} points:>500' --jsonl
A query of several words is one argument: put it into quotes.")]
pub struct SearchArgs {
    /// Words, identities and terms such as tier:gold; without it, the last active profiles
    #[arg(allow_hyphen_values = true, value_parser = query)]
    query: Option<String>,
    /// So many at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u64,
    /// Leave out so many at the beginning
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
    /// By name, seen, ids, events or any path; - before it is descending
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    sort: Option<String>,
}

/// A query never begins with two dashes; what does is a misspelt option.
pub(super) fn query(text: &str) -> Result<String, String> {
    if text.starts_with("--") {
        return Err("there is no such option".into());
    }
    Ok(text.to_owned())
}

/// Finds the profiles and prints a page of them.
pub fn run(args: &SearchArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let request = SearchRequest {
        query: args.query.clone().unwrap_or_default(),
        sort: args.sort.clone(),
        offset: args.offset,
        limit: args.limit,
        patience: None,
        now: global.calendar.now,
    };
    let answer = global.ask_index(out, |view, index| {
        let policy = global.policy(view)?;
        Ok(lookup::search_in(view, index, &request, &policy)?)
    })?;
    let answer = out.mask.apply(answer);
    out.list(&answer, &answer.profiles, |look| text(&answer, look))?;
    for note in &answer.notes {
        out.note(note);
    }
    if answer.total == 0 {
        out.nothing(&why_none(&answer));
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Done)
}

fn why_none(answer: &SearchAnswer) -> String {
    if answer.query.trim().is_empty() {
        "there are no profiles yet; `onefold import PATH…` brings some".to_owned()
    } else {
        format!(
            "no profile matches `{}` under {}",
            answer.query, answer.policy
        )
    }
}
