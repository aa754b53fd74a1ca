//! `onefold events`: the timeline of a profile.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::count;
use crate::cli::print::events::{EventsView, text};
use crate::cli::times::Edge;
use crate::lookup::{LookupError, Order, Timeline};
use crate::model::{EventsAnswer, Found, Identity, Moment};
use crate::query::{self, Context, Query};
use crate::store::View;

/// What `events` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold events Email:ana@example.com --since -30d --type '*purchase*'
  onefold events CRMID:C-1 --where 'total:>100' --order asc --jsonl")]
pub struct EventsArgs {
    /// Any identity of the profile, such as Email:ana@example.com
    #[arg(allow_hyphen_values = true)]
    identity: Identity,
    /// From that time on
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Up to that time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    until: Option<String>,
    /// Events of these types; * is any text
    #[arg(long = "type", value_name = "GLOB", allow_hyphen_values = true)]
    kind: Option<String>,
    /// Events whose content matches
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    filter: Option<String>,
    /// So many at most
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: u64,
    /// Leave out so many at the beginning
    #[arg(long, value_name = "N", default_value_t = 0)]
    offset: u64,
    /// Oldest first, or newest first
    #[arg(long, default_value = "desc")]
    order: Direction,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Direction {
    /// Oldest first
    Asc,
    /// Newest first
    Desc,
}

/// Lines up the events and prints a stretch of them.
pub fn run(args: &EventsArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let (found, files) = global.ask(out, |view| {
        Ok((page(args, global, view)?, view.catalog()?.files()))
    })?;
    let answer = match found {
        Ok(answer) => out.mask.apply(answer),
        Err(miss) => return out.miss(&miss),
    };
    let view = EventsView::of(&answer, &files);
    out.list(&view, &view.events, |look| text(&answer, &files, look))?;
    if answer.total == 0 {
        out.nothing(&why_none(args, &answer));
        return Ok(Exit::Nothing);
    }
    Ok(Exit::Done)
}

fn page(args: &EventsArgs, global: &Global, view: View<'_>) -> Result<Found<EventsAnswer>> {
    let time = |text: &Option<String>, edge| {
        let text = text.as_deref();
        text.map(|text| global.calendar.moment(text, edge))
            .transpose()
    };
    let since = time(&args.since, Edge::Start)?.unwrap_or(Moment::MIN);
    let until = time(&args.until, Edge::End)?.unwrap_or(Moment::MAX);
    let filter = filter(args, global, view)?;
    let policy = global.policy(view)?;
    let mut timeline = match Timeline::open(view, &args.identity, &policy, global.moment())? {
        Ok(timeline) => timeline,
        Err(miss) => return Ok(Err(miss)),
    };
    timeline.between(since, until);
    if let Some(glob) = &args.kind {
        timeline.of_kind(view, glob)?;
    }
    if let Some(filter) = filter {
        timeline.retain(view, |event| {
            query::evaluate_event(&filter.expr, event).is_some()
        })?;
    }
    let order = match args.order {
        Direction::Asc => Order::Oldest,
        Direction::Desc => Order::Newest,
    };
    Ok(Ok(timeline.page(view, order, args.offset, args.limit)?))
}

fn filter(args: &EventsArgs, global: &Global, view: View<'_>) -> Result<Option<Query>> {
    let Some(text) = &args.filter else {
        return Ok(None);
    };
    let catalog = view.catalog()?;
    let codes: Vec<&str> = catalog
        .namespaces()
        .iter()
        .map(|namespace| namespace.code.as_str())
        .collect();
    let context = Context {
        namespaces: &codes,
        now: global.calendar.now,
    };
    let query = query::parse_event_filter(text, &context).map_err(LookupError::Query)?;
    Ok(Some(query))
}

fn why_none(args: &EventsArgs, answer: &EventsAnswer) -> String {
    let is_filtered = args.since.is_some()
        || args.until.is_some()
        || args.kind.is_some()
        || args.filter.is_some();
    let hidden = match answer.hidden {
        0 => String::new(),
        n => format!(
            "; the policy leaves out {}: name their datasets in its order",
            count(n, "event")
        ),
    };
    if is_filtered {
        format!("no event of {} passes the filters{hidden}", answer.identity)
    } else {
        format!("{} has no events{hidden}", answer.identity)
    }
}
