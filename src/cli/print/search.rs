//! A page of profiles that match a query.

use super::look::{count, number, span};
use super::{Cell, Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Hit, Match, SearchAnswer};

/// The page as people read it.
pub fn text(answer: &SearchAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    let mut table = Table::new(&[
        Column::identity("profile"),
        Column::long("name"),
        Column::number("ids"),
        Column::number("events"),
        Column::text("last event"),
        Column::long("matched"),
    ]);
    for hit in &answer.profiles {
        table.row(row(hit, look));
    }
    if !table.is_empty() {
        page.table(&table);
        page.gap();
    }
    page.line(Role::Faint, &footer(answer));
    page.finish()
}

fn row(hit: &Hit, look: &Look) -> [Cell; 6] {
    let name = hit.name.as_deref().or(hit.email.as_deref()).unwrap_or("–");
    let matched: Vec<_> = hit
        .matched
        .iter()
        .map(|found| matched(found, look))
        .collect();
    [
        look.identity(&hit.entity_id).into(),
        printable(name).into_owned().into(),
        number(hit.identities).into(),
        number(hit.events).into(),
        look.time_or_dash(hit.last_event).into(),
        Cell::new(Role::Faint, matched.join(", ")),
    ]
}

fn matched(found: &Match, look: &Look) -> String {
    let lost = if found.winning { "" } else { " (lost)" };
    format!(
        "{} {}{lost}",
        printable(&found.path),
        look.value(&found.value)
    )
}

fn footer(answer: &SearchAnswer) -> String {
    let total = count(answer.total, "profile");
    let total = if answer.exact {
        total
    } else {
        format!("at least {total}")
    };
    let shown = answer.profiles.len() as u64;
    let place = if shown < answer.total {
        format!("{} of ", span(answer.offset, shown))
    } else {
        String::new()
    };
    format!(
        "{place}{total} under {}, {:.0} ms",
        printable(&answer.policy),
        answer.elapsed_ms
    )
}
