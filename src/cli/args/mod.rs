//! The arguments of the command line, as clap reads them.

mod people;
mod rules;
mod sources;
mod upkeep;
mod words;

use std::path::PathBuf;

use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand};

use super::style::ColorChoice;
use super::times::{self, TimeText};

pub use people::*;
pub use rules::*;
pub use sources::*;
pub use upkeep::*;

/// Search customer profiles, walk identity graphs and compare merge policies in the terminal.
///
/// Without a command, onefold opens its terminal interface on the store.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "onefold",
    version,
    disable_help_subcommand = true,
    after_help = "Examples:
  onefold demo                          look around in sample data
  onefold import exports/               bring in a folder with its onefold.toml
  onefold search 'tier:gold country:FR' find profiles
  onefold show Email:ana@example.com    one profile

Exit codes: 0 done, 1 failed, 2 wrong arguments, 3 nothing found, 4 done but input was rejected."
)]
pub struct Cli {
    /// What every command takes.
    #[command(flatten)]
    pub everywhere: Everywhere,
    /// What to do; without it the interface opens.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The options that every command takes, before or after its name.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options everywhere")]
pub struct Everywhere {
    /// The store's file, or `demo` for the demo's; by default in the platform's data folder
    #[arg(long, global = true, value_name = "PATH", env = "ONEFOLD_STORE")]
    pub store: Option<PathBuf>,
    /// The merge policy to look through; by default the store's default policy
    #[arg(long, global = true, value_name = "NAME")]
    pub policy: Option<String>,
    /// What was known at a time: RFC 3339, a date (its end), or an age such as -7d
    #[arg(long, global = true, value_name = "TIME", allow_hyphen_values = true)]
    pub as_of: Option<TimeText>,
    /// The time zone of dates and of the times shown
    #[arg(long, global = true, value_name = "ZONE", default_value = "UTC", value_parser = times::zone)]
    pub tz: Tz,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
    /// When to use colours; auto respects `NO_COLOR`
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t)]
    pub color: ColorChoice,
    /// The interface's theme
    #[arg(long, global = true, value_name = "NAME", env = "ONEFOLD_THEME")]
    pub theme: Option<String>,
    /// Hide personal values: names, addresses, identities
    #[arg(long, global = true)]
    pub mask: bool,
    /// No progress, no notes
    #[arg(short, long, global = true)]
    pub quiet: bool,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Import the sample data into a store of its own and look around in it
    #[command(after_help = "Example:\n  onefold demo --check")]
    Demo(DemoArgs),
    /// Make an empty store
    #[command(after_help = "Example:\n  onefold init --store customers.db")]
    Init,
    /// Bring in files and folders
    #[command(
        after_help = "Examples:\n  onefold import exports/                     a folder with its onefold.toml\n  onefold import crm.csv --dry-run            what would be understood\n  zcat web.jsonl.gz | onefold import - --dataset web --kind event"
    )]
    Import(ImportArgs),
    /// Find profiles
    #[command(
        after_help = "Examples:\n  onefold search 'country:FR tier:gold'\n  onefold search -tier:gold --sort -seen --limit 5\n  onefold search 'event:purchase{since:2026-01-01}' --jsonl"
    )]
    Search(SearchArgs),
    /// Show the profile of an identity
    #[command(
        after_help = "Examples:\n  onefold show Email:ana@example.com --explain\n  onefold show CRMID:C-1 --fields person.name,loyalty.tier --as-of -30d"
    )]
    Show(ShowArgs),
    /// Show what happened to a profile
    #[command(
        after_help = "Examples:\n  onefold events Email:ana@example.com --since -7d\n  onefold events CRMID:C-1 --type '*purchases' --where 'total:>50' --order asc"
    )]
    Events(EventsArgs),
    /// Show the identity graph of an identity
    #[command(
        after_help = "Examples:\n  onefold graph Email:ana@example.com --removed\n  onefold graph CRMID:C-1 --format dot | dot -Tsvg > graph.svg"
    )]
    Graph(GraphArgs),
    /// Say why two identities are one person, or why they are not
    #[command(
        after_help = "Examples:\n  onefold why Email:ana@example.com CRMID:C-1\n  onefold why Email:ana@example.com           the record behind each of its links"
    )]
    Why(WhyArgs),
    /// Show one profile under several merge policies
    #[command(
        after_help = "Example:\n  onefold compare Email:ana@example.com --policies 'Latest wins,CRM first'"
    )]
    Compare(CompareArgs),
    /// List and change merge policies
    #[command(
        after_help = "Examples:\n  onefold policy create 'CRM first' --method dataSetPrecedence --order crm,loyalty\n  onefold policy export 'CRM first' > crm-first.json"
    )]
    Policy(PolicyArgs),
    /// List and change the linking settings of namespaces
    #[command(after_help = "Example:\n  onefold namespace set CRMID --unique true --priority 1")]
    Namespace(NamespaceArgs),
    /// List and change the settings of the store
    #[command(after_help = "Example:\n  onefold settings set max_identities 50")]
    Settings(SettingsArgs),
    /// Link all records again under the present settings
    #[command(
        after_help = "Examples:\n  onefold resolve --dry-run                   what would change\n  onefold resolve --order event-time --rekey"
    )]
    Resolve(ResolveArgs),
    /// Try linking rules on a few events, without a store
    #[command(
        after_help = "Examples:\n  onefold simulate events.txt --unique CRMID --priority CRMID,Email,ECID\n  printf 'CRMID: Tom, ECID: 111\\nCRMID: Jane, ECID: 111\\n' | onefold simulate - --unique CRMID"
    )]
    Simulate(SimulateArgs),
    /// List, show and delete datasets
    #[command(after_help = "Example:\n  onefold dataset show crm")]
    Dataset(DatasetArgs),
    /// List, show and delete batches: what one import brought into one dataset
    #[command(after_help = "Example:\n  onefold batch delete 12")]
    Batch(BatchArgs),
    /// Show the overview: counts, overlaps, conflicts, suspects
    #[command(after_help = "Example:\n  onefold stats --policy 'CRM first' --json")]
    Stats,
    /// Check the store's integrity
    #[command(after_help = "Example:\n  onefold check && echo sound")]
    Check,
    /// Write a consistent copy of the store, also while it is in use
    #[command(after_help = "Example:\n  onefold backup onefold-2026-10-01.db")]
    Backup(BackupArgs),
    /// Write synthetic sources to try things on
    #[command(
        after_help = "Example:\n  onefold generate --people 100k --seed 7 --out world && onefold import world --store world.db"
    )]
    Generate(GenerateArgs),
    /// Print the completions for a shell
    #[command(
        after_help = "Example:\n  onefold completions fish > ~/.config/fish/completions/onefold.fish"
    )]
    Completions(CompletionsArgs),
    /// Print the manual
    #[command(
        after_help = "Examples:\n  onefold man | man -l -\n  onefold man policy create | man -l -\n  onefold man --dir share/man/man1"
    )]
    Man(ManArgs),
}

#[cfg(test)]
mod tests;
