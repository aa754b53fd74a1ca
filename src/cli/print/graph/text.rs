//! An identity graph as people read it: its identities, then its links with their records.

use crate::cli::print::look::count;
use crate::cli::print::{Cell, Column, Files, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::place;
use crate::model::{GraphAnswer, GraphLink};

/// The page of a graph.
pub fn text(answer: &GraphAnswer, files: &Files, look: &Look) -> String {
    let mut page = Page::new(look);
    let kept = answer
        .links
        .iter()
        .filter(|link| link.removed.is_none())
        .count();
    page.line(
        Role::Strong,
        &format!(
            "{}  {}, {}",
            look.identity(&answer.identity),
            count(answer.identities.len() as u64, "identity"),
            count(kept as u64, "link")
        ),
    );
    page.gap();
    page.table(&identities(answer, look));
    let (kept, removed): (Vec<&GraphLink>, Vec<&GraphLink>) =
        answer.links.iter().partition(|link| link.removed.is_none());
    if !kept.is_empty() {
        page.heading("Links");
        page.table(&links(&kept, files, look));
        if kept.iter().any(|link| link.is_bridge) {
            page.gap();
            page.line(Role::Faint, "↔ a bridge: without it the graph would split");
        }
    }
    if !removed.is_empty() {
        page.heading("Removed links");
        for link in removed {
            removed_link(&mut page, link);
        }
    }
    page.finish()
}

fn identities(answer: &GraphAnswer, look: &Look) -> Table {
    let mut table = Table::new(&[
        Column::identity("identity"),
        Column::text("first seen"),
        Column::number("events"),
        Column::number("fragments"),
        Column::long("datasets"),
    ]);
    for member in &answer.identities {
        table.row([
            look.identity(&member.identity).into(),
            look.day(member.first_seen).into(),
            member.events.to_string().into(),
            member.fragments.to_string().into(),
            Cell::new(
                Role::Faint,
                printable(&member.datasets.join(", ")).into_owned(),
            ),
        ]);
    }
    table
}

fn links(links: &[&GraphLink], files: &Files, look: &Look) -> Table {
    let mut table = Table::new(&[
        Column::identity("one"),
        Column::text(""),
        Column::identity("other"),
        Column::number("seen"),
        Column::long("first record"),
    ]);
    for link in links {
        let sign = if link.is_bridge { "↔" } else { "—" };
        table.row([
            look.identity(&link.a).into(),
            sign.into(),
            look.identity(&link.b).into(),
            link.seen.to_string().into(),
            Cell::new(Role::Faint, first_record(link, files)),
        ]);
    }
    table
}

fn first_record(link: &GraphLink, files: &Files) -> String {
    match link.sources.as_slice() {
        [] => "–".to_owned(),
        [first, rest @ ..] => {
            let more = match rest.len() {
                0 => String::new(),
                n => format!(" +{}", count(n as u64, "batch")),
            };
            let place = files.short_named(first.batch, &first.file, first.line);
            format!("{} {place}{more}", printable(&first.dataset))
        }
    }
}

fn removed_link(page: &mut Page<'_>, link: &GraphLink) {
    let look = page.look();
    page.line(
        Role::Plain,
        &format!("{} ┄ {}", look.identity(&link.a), look.identity(&link.b)),
    );
    if let Some(end) = &link.removed {
        let by = match &end.by {
            Some((dataset, batch, row)) => {
                format!(" by {}, {}", printable(dataset), place(*batch, "", *row))
            }
            None => String::new(),
        };
        page.line(
            Role::Faint,
            &format!(
                "  {}{by}: {}",
                look.time(end.at),
                printable(&end.reason.to_string())
            ),
        );
    }
}
