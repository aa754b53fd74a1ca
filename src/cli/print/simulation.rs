//! The graphs of a simulation.

use super::look::count;
use super::{Look, Page};
use crate::cli::style::Role;
use crate::identity::Simulation;
use crate::model::Identity;
use crate::model::display::printable;

/// The simulation as people read it.
pub fn text(simulation: &Simulation, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(
        Role::Strong,
        &format!(
            "{}, {}",
            count(simulation.graphs.len() as u64, "graph"),
            count(simulation.links.len() as u64, "link")
        ),
    );
    for (at, graph) in simulation.graphs.iter().enumerate() {
        page.field(&format!("graph {}", at + 1), &names(graph, look));
    }
    if !simulation.singletons.is_empty() {
        page.field("alone", &names(&simulation.singletons, look));
    }
    if !simulation.removed.is_empty() {
        page.heading("Removed links");
    }
    for link in &simulation.removed {
        page.line(
            Role::Plain,
            &format!("{} ┄ {}", look.identity(&link.a), look.identity(&link.b)),
        );
        page.line(Role::Faint, &format!("  {}", printable(&link.reason)));
    }
    if !simulation.rejected.is_empty() {
        page.heading("Rejected");
    }
    for rejected in &simulation.rejected {
        let line = format!("line {}: {}", rejected.line, printable(&rejected.reason));
        page.line(Role::Warning, &line);
    }
    if !simulation.skipped.is_empty() {
        let lines: Vec<_> = simulation.skipped.iter().map(u64::to_string).collect();
        page.gap();
        page.line(
            Role::Faint,
            &format!("lines that link nothing: {}", lines.join(", ")),
        );
    }
    page.finish()
}

fn names(identities: &[Identity], look: &Look) -> String {
    let names: Vec<_> = identities
        .iter()
        .map(|identity| look.identity(identity))
        .collect();
    names.join(", ")
}
