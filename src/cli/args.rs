//! What the command line accepts: the options that hold everywhere, and the list of commands.

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use super::commands::{
    backup, batch, check, compare, completions, dataset, demo, events, export, forget, generate,
    graph, import, init, man, namespace, open, policy, resolve, search, settings, show, simulate,
    stats, why,
};
use super::error::CliError;
use super::exit::Then;
use super::global::Global;
use super::output::Output;
use super::place::Usual;
use super::style::Color;
use crate::model::Address;

/// Search customer profiles, walk identity graphs and compare merge policies.
///
/// Without a command it opens the terminal interface on the store.
#[derive(Debug, Parser)]
#[command(
    name = "onefold",
    version,
    args_override_self = true,
    max_term_width = 100,
    after_help = "\
An identity is NAMESPACE:VALUE, such as Email:ana@example.com.
A TIME is 2024-03-01T12:00:00Z, a date such as 2024-03-01, or an age such as -7d.
Exit: 0 done, 1 failed, 2 usage, 3 nothing found, 4 done but some input was rejected."
)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub options: Options,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Reads the arguments of this process.
    pub fn read() -> Result<Cli, clap::Error> {
        let mut command = taking_hyphens(Cli::command());
        let matches = command.try_get_matches_from_mut(std::env::args_os())?;
        Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }
}

/// Lets the values of all options begin with a hyphen, as ages and searches do.
fn taking_hyphens(command: clap::Command) -> clap::Command {
    command
        .mut_args(|arg| {
            let is_option = !arg.is_positional() && arg.get_action().takes_values();
            if is_option {
                arg.allow_hyphen_values(true)
            } else {
                arg
            }
        })
        .mut_subcommands(taking_hyphens)
}

/// The options that hold for every command, before it or after it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Everywhere")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "switches of a command line, understood before they go anywhere"
)]
pub struct Options {
    /// The store's SQLite file; `demo` is the demo's
    #[arg(
        long,
        global = true,
        value_name = "PATH",
        env = "ONEFOLD_STORE",
        hide_env_values = true
    )]
    pub store: Option<PathBuf>,
    /// The merge policy; without it, the store's default
    #[arg(long, global = true, value_name = "NAME")]
    pub policy: Option<String>,
    /// As it stood at that time of ingestion
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    pub as_of: Option<String>,
    /// Print one JSON object
    #[arg(long, global = true)]
    pub json: bool,
    /// Print JSON, of a long list one object a line
    #[arg(long, global = true)]
    pub jsonl: bool,
    /// Hide names, addresses and whatever else says who a person is
    #[arg(long, global = true)]
    pub mask: bool,
    /// The time zone of dates, and of times that are shown to people
    #[arg(long, global = true, value_name = "ZONE", default_value = "UTC", value_parser = zone)]
    pub tz: Tz,
    /// When to use colours: auto, always or never; `NO_COLOR` is heeded
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true
    )]
    pub color: Color,
    /// The colours of the interface
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "ONEFOLD_THEME",
        hide_env_values = true
    )]
    pub theme: Option<String>,
    /// No notes, no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

fn zone(text: &str) -> Result<Tz, String> {
    chrono_tz::TZ_VARIANTS
        .iter()
        .find(|zone| zone.name().eq_ignore_ascii_case(text))
        .copied()
        .ok_or_else(|| format!("`{text}` is no time zone; write one such as Europe/Vienna"))
}

/// The commands, in the order in which the help lists them.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the interface at an identity, or at a breadcrumb copied from it
    Open(open::OpenArgs),
    /// Look around in the bundled sample data
    Demo(demo::DemoArgs),
    /// Make an empty store
    Init(init::InitArgs),
    /// Import files and folders
    Import(import::ImportArgs),
    /// Find profiles
    Search(search::SearchArgs),
    /// Write profiles out for other programs
    Export(export::ExportArgs),
    /// Show a folded profile, and why each value is what it is
    Show(show::ShowArgs),
    /// Show a profile's timeline
    Events(events::EventsArgs),
    /// Show an identity graph
    Graph(graph::GraphArgs),
    /// Say why two identities are one person, or why they are not
    Why(why::WhyArgs),
    /// Compare a profile under several policies
    Compare(compare::CompareArgs),
    /// List, show and change merge policies
    Policy(policy::PolicyArgs),
    /// List namespaces, and change how they link
    Namespace(namespace::NamespaceArgs),
    /// List and change the store's settings
    Settings(settings::SettingsArgs),
    /// Link all records again under the present settings
    Resolve(resolve::ResolveArgs),
    /// Simulate identity graphs from lines of text; nothing is stored
    Simulate(simulate::SimulateArgs),
    /// List, show and delete datasets
    Dataset(dataset::DatasetArgs),
    /// List, show and delete batches
    Batch(batch::BatchArgs),
    /// Forget a person: delete everything that is held of them
    Forget(forget::ForgetArgs),
    /// Count everything: profiles, overlaps, conflicts, suspects
    Stats(stats::StatsArgs),
    /// Check that the store is whole
    Check(check::CheckArgs),
    /// Copy the store while it may be in use
    Backup(backup::BackupArgs),
    /// Make synthetic sources of any size
    Generate(generate::GenerateArgs),
    /// Print the completions of a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual
    Man(man::ManArgs),
}

impl Command {
    /// Does what was asked.
    pub fn run(&self, global: &Global, out: &mut Output<'_>) -> anyhow::Result<Then> {
        let exit = match self {
            Command::Open(args) => return open::run(args, global, out),
            Command::Demo(args) => demo::run(args, global, out),
            Command::Init(args) => init::run(args, global, out),
            Command::Import(args) => import::run(args, global, out),
            Command::Search(args) => search::run(args, global, out),
            Command::Export(args) => export::run(args, global, out),
            Command::Show(args) => show::run(args, global, out),
            Command::Events(args) => events::run(args, global, out),
            Command::Graph(args) => graph::run(args, global, out),
            Command::Why(args) => why::run(args, global, out),
            Command::Compare(args) => compare::run(args, global, out),
            Command::Policy(args) => policy::run(args, global, out),
            Command::Namespace(args) => namespace::run(args, global, out),
            Command::Settings(args) => settings::run(args, global, out),
            Command::Resolve(args) => resolve::run(args, global, out),
            Command::Simulate(args) => simulate::run(args, global, out),
            Command::Dataset(args) => dataset::run(args, global, out),
            Command::Batch(args) => batch::run(args, global, out),
            Command::Forget(args) => forget::run(args, global, out),
            Command::Stats(args) => stats::run(args, global, out),
            Command::Check(args) => check::run(args, global, out),
            Command::Backup(args) => backup::run(args, global, out),
            Command::Generate(args) => generate::run(args, global, out),
            Command::Completions(args) => completions::run(args, global, out),
            Command::Man(args) => man::run(args, global, out),
        }?;
        Ok(if self.opens_screen() {
            Then::Open(Address::default())
        } else {
            Then::End(exit)
        })
    }

    /// Refuses `--as-of` where a command cannot look at the past, and what is no address.
    pub fn check(&self, global: &Global) -> Result<(), CliError> {
        let looks_back = matches!(
            self,
            Command::Show(_) | Command::Events(_) | Command::Graph(_) | Command::Compare(_)
        );
        if global.as_of.is_some() && !looks_back {
            return Err(CliError::usage(
                "this command cannot look at the past; --as-of goes with show, events, graph and compare",
            ));
        }
        match self {
            Command::Open(args) => args.address().map(drop),
            _ => Ok(()),
        }
    }

    /// Which store is meant where `--store` names none.
    pub fn usual_store(&self) -> Usual {
        match self {
            Command::Demo(_) => Usual::Demo,
            _ => Usual::Own,
        }
    }

    /// Whether the terminal interface opens once the command is done, so that a terminal is needed.
    pub fn opens_screen(&self) -> bool {
        match self {
            Command::Open(_) => true,
            Command::Demo(args) => !args.check,
            _ => false,
        }
    }
}
