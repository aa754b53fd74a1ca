//! What linking again changes, or would change.

use serde::Serialize;

use super::look::{count, number};
use super::{Look, Page};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Identity, ResolveAnswer};

/// The changes as programs read them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResolveView<'a> {
    dry_run: bool,
    graphs: u64,
    split: u64,
    joined: u64,
    unchanged: u64,
    examples: &'a [Identity],
    looks_unique: Vec<LooksUnique<'a>>,
    misplaced_events: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    moved_events: Option<u64>,
}

#[derive(Serialize)]
struct LooksUnique<'a> {
    namespace: &'a str,
    graphs: u64,
}

/// Whether the changes were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// They would be.
    WouldBe,
    /// They are.
    Are,
}

impl<'a> ResolveView<'a> {
    /// The view of an answer.
    pub fn of(answer: &'a ResolveAnswer, made: Made) -> ResolveView<'a> {
        let looks_unique = answer
            .looks_unique
            .iter()
            .map(|(code, graphs)| LooksUnique {
                namespace: code,
                graphs: *graphs,
            });
        ResolveView {
            dry_run: made == Made::WouldBe,
            graphs: answer.graphs,
            split: answer.split,
            joined: answer.joined,
            unchanged: answer.unchanged,
            examples: &answer.examples,
            looks_unique: looks_unique.collect(),
            misplaced_events: answer.misplaced_events,
            moved_events: answer.moved_events,
        }
    }
}

/// The changes as people read them, under a line that says what was done.
pub fn text(headline: &str, answer: &ResolveAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(Role::Strong, &printable(headline));
    page.field("Before", &count(answer.graphs, "profile"));
    page.field("Unchanged", &number(answer.unchanged));
    page.field("Split", &number(answer.split));
    page.field("Joined", &number(answer.joined));
    if !answer.examples.is_empty() {
        let named: Vec<_> = answer.examples.iter().map(|id| look.identity(id)).collect();
        page.field("Such as", &named.join(", "));
    }
    for (code, graphs) in &answer.looks_unique {
        page.line(
            Role::Warning,
            &format!(
                "! {} looks unique, and {} with several of its values; `onefold namespace set {} --unique true` would part them",
                printable(code),
                if *graphs == 1 { "1 graph is there".into() } else { format!("{} graphs are there", number(*graphs)) },
                printable(code)
            ),
        );
    }
    add_events(answer, &mut page);
    page.finish()
}

/// What is said of events that present settings would place elsewhere.
fn add_events(answer: &ResolveAnswer, page: &mut Page<'_>) {
    let misplaced = answer.misplaced_events;
    let Some(moved) = answer.moved_events else {
        if misplaced > 0 {
            let lie = if misplaced == 1 { "lies" } else { "lie" };
            page.line(
                Role::Warning,
                &format!(
                    "! {} {lie} elsewhere than present settings would choose; `onefold resolve --rekey` moves what can move",
                    count(misplaced, "event")
                ),
            );
        }
        return;
    };
    page.field("Moved", &count(moved, "event"));
    let left = misplaced.saturating_sub(moved);
    if left > 0 {
        let (stay, whose) = if left == 1 {
            ("stays", "its")
        } else {
            ("stay", "their")
        };
        page.line(
            Role::Warning,
            &format!(
                "! {} {stay}: {whose} new identity has an event of that id already, or {whose} versions belong apart",
                count(left, "event")
            ),
        );
    }
}
