//! What taking batches back takes out, or would take out.

use serde::Serialize;

use super::look::{count, number};
use super::resolve::Made;
use super::{Look, Page};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Batch, DeletionAnswer, Identity};

/// The deletion as programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DeletionView<'a> {
    dry_run: bool,
    batches: &'a [Batch],
    rows: u64,
    fragments: u64,
    versions: u64,
    events: u64,
    identities: u64,
    links: u64,
    returned_links: u64,
    returned_rows: u64,
    repeating_rows: u64,
    graphs: u64,
    unchanged: u64,
    updated: u64,
    split: u64,
    gone: u64,
    joined: u64,
    examples: &'a [Identity],
    looks_unique: [(); 0],
}

impl<'a> DeletionView<'a> {
    /// The view of an answer.
    pub fn of(answer: &'a DeletionAnswer, made: Made) -> DeletionView<'a> {
        DeletionView {
            dry_run: made == Made::WouldBe,
            batches: &answer.batches,
            rows: answer.rows,
            fragments: answer.fragments,
            versions: answer.versions,
            events: answer.events,
            identities: answer.identities,
            links: answer.links,
            returned_links: answer.returned_links,
            returned_rows: answer.returned_rows,
            repeating_rows: answer.repeating_rows,
            graphs: answer.outcome.graphs(),
            unchanged: answer.outcome.unchanged,
            updated: answer.outcome.updated,
            split: answer.outcome.split,
            gone: answer.outcome.gone,
            joined: answer.joined,
            examples: &answer.examples,
            looks_unique: [],
        }
    }
}

/// The deletion as people read it, under a line that says what was done.
pub fn text(headline: &str, answer: &DeletionAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(Role::Strong, &printable(headline));
    page.field("Rows", &number(answer.rows));
    page.field(
        "Goes",
        &format!(
            "{} ({}), {}, {}, {}",
            count(answer.fragments, "fragment"),
            count(answer.versions, "version"),
            count(answer.events, "event"),
            count(answer.identities, "identity"),
            count(answer.links, "link")
        ),
    );
    let back: Vec<String> = [
        (answer.returned_links, "displaced link"),
        (answer.returned_rows, "row of another batch"),
    ]
    .into_iter()
    .filter(|(many, _)| *many > 0)
    .map(|(many, word)| match (many, word) {
        (1, word) => format!("1 {word}"),
        (many, "displaced link") => format!("{} displaced links", number(many)),
        (many, _) => format!("{} rows of other batches", number(many)),
    })
    .collect();
    if !back.is_empty() {
        page.field("Returns", &back.join(", "));
    }
    let outcome = answer.outcome;
    page.field(
        "Graphs",
        &format!(
            "{} unchanged, {} updated, {} split, {} gone",
            number(outcome.unchanged),
            number(outcome.updated),
            number(outcome.split),
            number(outcome.gone)
        ),
    );
    if answer.joined > 0 {
        page.field("Joined", &number(answer.joined));
    }
    if !answer.examples.is_empty() {
        let named: Vec<_> = answer.examples.iter().map(|id| look.identity(id)).collect();
        page.field("Such as", &named.join(", "));
    }
    page.finish()
}
