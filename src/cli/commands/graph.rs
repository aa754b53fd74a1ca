//! `onefold graph`: the identity graph, as a list or a drawing.

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::{Form, Output};
use crate::cli::print::graph::{self, GraphView, Removed};
use crate::lookup;
use crate::model::Identity;

/// What `graph` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold graph Email:ana@example.com --removed
  onefold graph CRMID:C-1 --format svg > graph.svg")]
pub struct GraphArgs {
    /// Any identity of the graph, such as Email:ana@example.com
    #[arg(allow_hyphen_values = true)]
    identity: Identity,
    /// The form of the graph
    #[arg(long, default_value = "text")]
    format: Format,
    /// Removed links too, with the reasons
    #[arg(long)]
    removed: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For Graphviz
    Dot,
    /// For Mermaid
    Mermaid,
    /// A picture
    Svg,
}

/// Prints the graph.
pub fn run(args: &GraphArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    if matches!(args.format, Format::Json) && out.form == Form::Text {
        out.form = Form::Json;
    }
    let (found, files) = global.ask(out, |view| {
        let found = lookup::graph_at(view, &args.identity, global.moment())?;
        Ok((found, view.catalog()?.files()))
    })?;
    let answer = match found {
        Ok(answer) => out.mask.apply(answer),
        Err(miss) => return out.miss(&miss),
    };
    let removed = if args.removed {
        Removed::Shown
    } else {
        Removed::Hidden
    };
    let answer = graph::without_removed(answer, removed);
    match args.format {
        Format::Dot => out.text(&graph::dot(&answer))?,
        Format::Mermaid => out.text(&graph::mermaid(&answer))?,
        Format::Svg => out.text(&graph::svg(&answer))?,
        Format::Text | Format::Json => {
            out.answer(&GraphView::of(&answer), |look| {
                graph::text(&answer, &files, look)
            })?;
        }
    }
    Ok(Exit::Done)
}
