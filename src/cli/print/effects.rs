//! What batches did to the profiles.

use super::look::{count, number};
use super::{Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Effects, What};

/// Adds what was done to a page.
pub fn put(page: &mut Page<'_>, effects: &Effects, look: &Look) {
    page.heading(&format!(
        "What it did, under {}",
        printable(&effects.policy.name)
    ));
    page.field("Profiles", &summary(effects));
    if !effects.exact || effects.is_sampled() {
        page.line(
            Role::Faint,
            &format!(
                "estimated from an even sample: the fields of {} of {} were compared",
                number(effects.compared),
                count(effects.concerned, "profile")
            ),
        );
    }
    let consents = &effects.consents;
    if consents.to_no + consents.to_yes > 0 {
        let (no, yes) = (number(consents.to_no), number(consents.to_yes));
        page.field("Consents", &format!("{no} to no, {yes} to yes"));
    }
    if !effects.fields.is_empty() {
        page.gap();
        page.table(&fields(effects));
    }
    hot(page, effects, look);
    for what in [What::Joined, What::Split, What::Changed, What::Created] {
        let of_kind = effects.examples.iter().filter(|one| one.what == what);
        let named: Vec<_> = of_kind.map(|one| look.identity(&one.entity_id)).collect();
        if !named.is_empty() {
            page.field(&format!("Like {}", what.name()), &named.join(", "));
        }
    }
}

/// One line: how many profiles were created, joined, split, and say something else.
pub fn summary(effects: &Effects) -> String {
    let changed = effects.changed.map_or_else(String::new, |many| {
        let about = if effects.is_sampled() { "about " } else { "" };
        format!(", {about}{} changed", number(many))
    });
    format!(
        "{}{} created, {} joined, {} split{changed}, {} with other identities",
        if effects.exact { "" } else { "about " },
        number(effects.created),
        number(effects.joined),
        number(effects.split),
        number(effects.regrouped)
    )
}

fn fields(effects: &Effects) -> Table {
    let mut table = Table::new(&[
        Column::long("field"),
        Column::number("profiles"),
        Column::number("appeared"),
        Column::number("vanished"),
    ]);
    for field in &effects.fields {
        table.row([
            printable(&field.path.to_string()).into_owned().into(),
            number(field.profiles).into(),
            number(field.appeared).into(),
            number(field.vanished).into(),
        ]);
    }
    table
}

fn hot(page: &mut Page<'_>, effects: &Effects, look: &Look) {
    for value in &effects.hot {
        let with = match &value.namespace {
            Some(namespace) => format!(
                "{} values of {}",
                number(value.values),
                printable(namespace)
            ),
            None => format!("{} identities", number(value.links)),
        };
        page.line(
            Role::Warning,
            &format!(
                "! {} was linked with {with}; {} of its links are new",
                look.identity(&value.identity),
                number(value.links - value.links_before.min(value.links))
            ),
        );
    }
}
