//! Arguments of the commands that look at people: search, show, events, graph, why, compare.

use clap::{Args, ValueEnum};

use super::words::{Policies, policies, query};
use crate::cli::times::TimeText;
use crate::model::Identity;

/// What `search` takes.
#[derive(Args, Clone, Debug)]
pub struct SearchArgs {
    /// What to look for: words, `tier:gold`, `-tier:gold`, `Email:*@example.com`…; everyone, where it is left out
    #[arg(value_name = "QUERY", allow_hyphen_values = true, value_parser = query)]
    first: Option<String>,
    /// More words of the query, for those who leave the quotes out
    #[arg(hide = true)]
    more: Vec<String>,
    /// Print so many profiles at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: u64,
    /// Leave out so many first
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: u64,
    /// Sort by name, seen, ids, events or a path; `-` before it is descending
    #[arg(long, value_name = "FIELD", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// Print one JSON object a line
    #[arg(long)]
    pub jsonl: bool,
}

impl SearchArgs {
    /// The whole query.
    pub fn query(&self) -> String {
        let words: Vec<_> = self.first.iter().chain(&self.more).cloned().collect();
        words.join(" ")
    }
}

/// What `show` takes.
#[derive(Args, Clone, Debug)]
pub struct ShowArgs {
    /// NAMESPACE:VALUE, such as Email:ana@example.com
    #[arg(value_name = "IDENTITY", allow_hyphen_values = true)]
    pub identity: Identity,
    /// Say where each value came from, what it won against and why
    #[arg(long)]
    pub explain: bool,
    /// Show these paths alone
    #[arg(long, value_name = "PATHS", value_delimiter = ',')]
    pub fields: Vec<String>,
    /// Fold the fragments of this dataset alone
    #[arg(long, value_name = "NAME")]
    pub dataset: Option<String>,
}

/// What `events` takes.
#[derive(Args, Clone, Debug)]
pub struct EventsArgs {
    /// NAMESPACE:VALUE, such as Email:ana@example.com
    #[arg(value_name = "IDENTITY", allow_hyphen_values = true)]
    pub identity: Identity,
    /// From this time on: RFC 3339, a date (its start), or an age such as -7d
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub since: Option<TimeText>,
    /// Up to this time: RFC 3339, a date (its end), or an age such as -7d
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub until: Option<TimeText>,
    /// Event types that match, such as `commerce.*`
    #[arg(long = "type", value_name = "GLOB", allow_hyphen_values = true)]
    pub kind: Option<String>,
    /// Events whose body matches, such as `total:>50 -currency:EUR`
    #[arg(long = "where", value_name = "QUERY", allow_hyphen_values = true)]
    pub filter: Option<String>,
    /// Print so many events at most
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: u64,
    /// Oldest or newest first
    #[arg(long, value_name = "ORDER", value_enum, default_value_t)]
    pub order: TimeOrder,
    /// Print one JSON object a line
    #[arg(long)]
    pub jsonl: bool,
}

/// Which end of a timeline comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TimeOrder {
    /// Oldest first.
    Asc,
    /// Newest first.
    #[default]
    Desc,
}

/// What `graph` takes.
#[derive(Args, Clone, Debug)]
pub struct GraphArgs {
    /// NAMESPACE:VALUE, such as Email:ana@example.com
    #[arg(value_name = "IDENTITY", allow_hyphen_values = true)]
    pub identity: Identity,
    /// As what to print it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: GraphFormat,
    /// Show removed links too, with their reasons
    #[arg(long)]
    pub removed: bool,
}

/// How a graph is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For Graphviz.
    Dot,
    /// For Markdown.
    Mermaid,
    /// A picture.
    Svg,
}

/// What `why` takes.
#[derive(Args, Clone, Debug)]
pub struct WhyArgs {
    /// NAMESPACE:VALUE, such as Email:ana@example.com
    #[arg(value_name = "A", allow_hyphen_values = true)]
    pub a: Identity,
    /// The other one; without it, the record behind each link of the first
    #[arg(value_name = "B", allow_hyphen_values = true)]
    pub b: Option<Identity>,
}

/// What `compare` takes.
#[derive(Args, Clone, Debug)]
pub struct CompareArgs {
    /// NAMESPACE:VALUE, such as Email:ana@example.com
    #[arg(value_name = "IDENTITY", allow_hyphen_values = true)]
    pub identity: Identity,
    /// Two to four policies, between commas
    #[arg(long, value_name = "P,Q", value_parser = policies)]
    pub policies: Policies,
}
