//! `onefold simulate`: identity graphs from lines of text; nothing is stored.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::print::simulation::text;
use crate::identity::{self, SimulationOptions, SimulationSettings};
use crate::ingest::{Manifest, NamespaceDeclaration};
use crate::model::{Namespace, NamespaceId, NamespaceKind, StoreSettings};

/// What `simulate` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  printf 'CRMID: Tom, ECID: 111\\nCRMID: Jane, ECID: 111\\n' \\
    | onefold simulate - --unique CRMID --priority CRMID,ECID
A line is an event, oldest first: pairs such as CRMID: Tom, parted by commas.")]
pub struct SimulateArgs {
    /// The events; - is standard input
    #[arg(default_value = "-")]
    file: PathBuf,
    /// The settings: [[namespace]] and [store] of a manifest
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
}

/// Links the lines and prints the graphs.
pub fn run(args: &SimulateArgs, _: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let (namespaces, store) = match &args.config {
        Some(path) => settings(path)?,
        None => (Vec::new(), StoreSettings::default()),
    };
    let options = SimulationOptions {
        unique: args.unique.clone(),
        priority: args.priority.clone(),
        max_identities: args.max_identities,
        block: args.block.clone(),
        check_values: args.check_values,
    };
    out.mask.learn(&namespaces);
    let settings = SimulationSettings::new(namespaces, store, &options);
    let simulation = identity::simulate(&input::text(&args.file)?, &settings)?;
    let simulation = out.mask.apply(simulation);
    out.answer(&simulation, |look| text(&simulation, look))?;
    Ok(Exit::Done)
}

fn settings(path: &Path) -> Result<(Vec<Namespace>, StoreSettings)> {
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
