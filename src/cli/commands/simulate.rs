//! `onefold simulate`: identity graphs from lines of text, or from a store's records; nothing is stored.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::print::simulation::text;
use crate::identity::{EventLine, SimulationOptions, SimulationSettings, Simulator, parse_events};
use crate::ingest::{Manifest, NamespaceDeclaration};
use crate::lookup;
use crate::model::{Found, Identity, Namespace, NamespaceId, NamespaceKind, StoreSettings};

/// What `simulate` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  printf 'CRMID: Tom, ECID: 111\\nCRMID: Jane, ECID: 111\\n' \\
    | onefold simulate - --unique CRMID --priority CRMID,ECID
  onefold simulate --store-identity Email:ana@example.com --unique Email
A line is an event, oldest first: pairs such as CRMID: Tom, parted by commas.")]
pub struct SimulateArgs {
    /// The events; - is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The settings: namespaces and store of a manifest
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Namespaces with at most one value in a graph
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    unique: Vec<String>,
    /// Namespaces by priority, the highest first
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    priority: Vec<String>,
    /// No graph grows beyond so many identities
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    max_identities: Option<u32>,
    /// Namespaces that are never linked
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    block: Vec<String>,
    /// Check values as an import does, that of ECID among them
    #[arg(long)]
    check_values: bool,
    /// The store's records of this identity's graph, under the store's settings, in place of a file
    #[arg(
        long,
        value_name = "IDENTITY",
        allow_hyphen_values = true,
        conflicts_with = "file"
    )]
    store_identity: Option<Identity>,
}

type Settings = (Vec<Namespace>, StoreSettings);

/// Links the events and prints the graphs.
pub fn run(args: &SimulateArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let (events, stored) = match &args.store_identity {
        Some(identity) => match stored(identity, global, out)? {
            Ok((events, settings)) => (events, settings),
            Err(miss) => return out.miss(&miss),
        },
        None => (
            parse_events(&input::text(&args.file)?)?,
            (Vec::new(), StoreSettings::default()),
        ),
    };
    let (namespaces, store) = match &args.config {
        Some(path) => settings(path)?,
        None => stored,
    };
    out.mask.learn(&namespaces);
    let settings = SimulationSettings::new(namespaces, store, &options(args));
    let mut simulator = Simulator::new(&settings);
    for event in &events {
        simulator.take(event)?;
    }
    let simulation = out.mask.apply(simulator.result());
    out.answer(&simulation, |look| text(&simulation, look))?;
    Ok(Exit::Done)
}

fn options(args: &SimulateArgs) -> SimulationOptions {
    SimulationOptions {
        unique: args.unique.clone(),
        priority: args.priority.clone(),
        max_identities: args.max_identities,
        block: args.block.clone(),
        check_values: args.check_values,
    }
}

/// The records of an identity's graph and the settings of their store.
fn stored(
    identity: &Identity,
    global: &Global,
    out: &mut Output<'_>,
) -> Result<Found<(Vec<EventLine>, Settings)>> {
    global.ask(out, |view| {
        let settings = view.link_settings()?;
        let found = lookup::observed(view, identity)?;
        Ok(found.map(|events| (events, (settings.namespaces, settings.store))))
    })
}

fn settings(path: &Path) -> Result<Settings> {
    let name = path.display().to_string();
    let manifest = Manifest::parse(&name, &input::text(path)?, &[])?;
    let mut store = StoreSettings::default();
    if let Some(changes) = &manifest.store {
        changes.apply(&mut store);
    }
    Ok((
        manifest.namespaces.into_iter().map(namespace).collect(),
        store,
    ))
}

fn namespace(declared: NamespaceDeclaration) -> Namespace {
    Namespace {
        id: NamespaceId(0),
        kind: declared
            .kind
            .unwrap_or_else(|| NamespaceKind::guess(&declared.code)),
        code: declared.code,
        unique: declared.unique.unwrap_or(false),
        priority: declared.priority,
    }
}
