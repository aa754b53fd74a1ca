//! What an import did.

use super::look::{count, number};
use super::sources_list::rejected;
use super::{Column, Look, Page, Table, effects};
use crate::cli::style::Role;
use crate::model::ImportAnswer;
use crate::model::display::printable;

/// The import as people read it.
pub fn text(answer: &ImportAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    let mut table = Table::new(&[
        Column::long("dataset"),
        Column::text("kind"),
        Column::number("batch"),
        Column::number("read"),
        Column::number("accepted"),
        Column::number("replaced"),
        Column::number("rejected"),
        Column::number("duplicates"),
    ]);
    for dataset in &answer.datasets {
        let counts = dataset.counts;
        let batch = dataset
            .batch
            .map_or_else(|| "–".to_owned(), |batch| batch.to_string());
        table.row([
            printable(&dataset.name).into_owned().into(),
            dataset.kind.to_string().into(),
            batch.into(),
            number(counts.read).into(),
            number(counts.accepted).into(),
            number(counts.replaced).into(),
            rejected(counts),
            number(counts.duplicates).into(),
        ]);
    }
    page.table(&table);
    page.gap();
    page.line(Role::Plain, &totals(answer));
    if let Some(rejects) = &answer.rejects {
        page.line(
            Role::Warning,
            &format!("! rejected rows are in {}", printable(rejects)),
        );
    }
    if let Some(effects) = &answer.effects {
        if answer.is_preview {
            effects::put(&mut page, effects, look);
        } else {
            let summary = effects::summary(effects);
            page.line(Role::Plain, &format!("profiles: {summary}"));
        }
    }
    if answer.is_preview {
        page.gap();
        page.line(Role::Strong, "a preview: nothing was changed");
    }
    page.finish()
}

fn totals(answer: &ImportAnswer) -> String {
    let verb = if answer.is_preview {
        "would have"
    } else {
        "now has"
    };
    format!(
        "the store {verb} {}, {}, {} ({} removed); {} s",
        count(answer.profiles, "profile"),
        count(answer.identities, "identity"),
        count(answer.links, "link"),
        number(answer.removed_links),
        (answer.elapsed_ms as f64 / 100.0).round() / 10.0
    )
}
