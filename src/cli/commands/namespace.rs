//! `onefold namespace`: what identities there are, and how they link.

use std::str::FromStr;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;

use super::settings::say_pending;
use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::{Column, Look, Page, Table};
use crate::lookup;
use crate::model::display::printable;
use crate::model::{Namespace, NamespaceKind};
use crate::store::Writer;

/// What `namespace` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold namespace list
  onefold namespace set CRMID --unique true --priority 1")]
pub struct NamespaceArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the namespaces by priority
    List,
    /// Change how a namespace links; a new code is declared
    Set(SetArgs),
}

#[derive(Debug, Args)]
struct SetArgs {
    /// The namespace's code
    code: String,
    /// At most one value of it in a graph
    #[arg(long, value_name = "true|false", action = clap::ArgAction::Set)]
    unique: Option<bool>,
    /// Its place among the priorities, 1 is highest; none puts it after the last
    #[arg(long, value_name = "N|none")]
    priority: Option<Place>,
    /// What its values name: a type such as COOKIE, EMAIL or PARTNER
    #[arg(long = "type", value_name = "T")]
    kind: Option<NamespaceKind>,
}

/// A place in the list of priorities, or none.
#[derive(Clone, Copy, Debug)]
struct Place(Option<u32>);

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Place, String> {
        match text.parse() {
            Ok(place) if place > 0 => Ok(Place(Some(place))),
            _ if text == "none" => Ok(Place(None)),
            _ => Err(format!(
                "`{text}` is no priority; write a number from 1, or none"
            )),
        }
    }
}

/// Namespaces as programs read them.
#[derive(Serialize)]
struct NamespacesView<'a> {
    namespaces: &'a [Namespace],
}

/// Lists namespaces or changes one.
pub fn run(args: &NamespaceArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    match &args.action {
        Action::List => list(global, out),
        Action::Set(args) => set(args, global, out),
    }
}

fn list(global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let namespaces = global.ask(out, |view| {
        let mut namespaces = view.catalog()?.namespaces().to_vec();
        namespaces.sort_by_key(|namespace| namespace.priority.unwrap_or(u32::MAX));
        Ok(namespaces)
    })?;
    let view = NamespacesView {
        namespaces: &namespaces,
    };
    out.list(&view, &namespaces, |look| text(&namespaces, look))?;
    Ok(Exit::Done)
}

fn text(namespaces: &[Namespace], look: &Look) -> String {
    let mut table = Table::new(&[
        Column::number("priority"),
        Column::long("namespace"),
        Column::text("type"),
        Column::text("unique"),
    ]);
    for namespace in namespaces {
        let priority = namespace
            .priority
            .map_or_else(|| "–".to_owned(), |place| place.to_string());
        table.row([
            priority.into(),
            printable(&namespace.code).into_owned().into(),
            namespace.kind.name().into(),
            if namespace.unique { "unique" } else { "" }.into(),
        ]);
    }
    let mut page = Page::new(look);
    page.table(&table);
    page.finish()
}

fn set(args: &SetArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    if args.unique.is_none() && args.priority.is_none() && args.kind.is_none() {
        return Err(CliError::usage("nothing to set; name --unique, --priority or --type").into());
    }
    if args.code.trim().is_empty() || args.code.contains(':') {
        return Err(CliError::usage("a namespace's code is a word without a colon").into());
    }
    let writer = Writer::open(&global.store, "namespace set")?;
    let before = writer.view().link_settings()?;
    let id = writer.namespace(args.code.trim())?;
    let known = writer.view().catalog()?.namespace(id)?.clone();
    writer.set_namespace(&Namespace {
        kind: args.kind.unwrap_or(known.kind),
        unique: args.unique.unwrap_or(known.unique),
        priority: args.priority.map_or(known.priority, |place| place.0),
        ..known
    })?;
    let pending = say_pending(&writer, &before)?;
    let changed = writer.view().catalog()?.namespace(id)?.clone();
    writer.commit()?;
    global.refresh_index(out, &lookup::unwatched);
    out.answer(&changed, |look| text(std::slice::from_ref(&changed), look))?;
    if let Some(note) = pending {
        out.note(note);
    }
    Ok(Exit::Done)
}
