//! A stretch of a timeline.

use std::borrow::Cow;

use serde::Serialize;

use super::look::{count, number, span};
use super::{Cell, Column, Files, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Body, Event, EventsAnswer, Identity, Moment};

/// A timeline as programs read it.
#[derive(Serialize)]
pub struct EventsView<'a> {
    identity: &'a Identity,
    total: u64,
    offset: u64,
    hidden: u64,
    /// The events, which may also be printed one by one.
    pub events: Vec<EventView<'a>>,
}

/// An event as programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventView<'a> {
    id: Option<&'a str>,
    timestamp: Moment,
    #[serde(rename = "type")]
    kind: Option<&'a str>,
    dataset: &'a str,
    identity: &'a Identity,
    ingested_at: Moment,
    batch: u32,
    file: &'a str,
    line: u64,
    entity: &'a Body,
}

impl<'a> EventsView<'a> {
    /// The view of an answer.
    pub fn of(answer: &'a EventsAnswer, files: &'a Files) -> EventsView<'a> {
        EventsView {
            identity: &answer.identity,
            total: answer.total,
            offset: answer.offset,
            hidden: answer.hidden,
            events: answer
                .events
                .iter()
                .map(|event| EventView::of(event, files))
                .collect(),
        }
    }
}

impl<'a> EventView<'a> {
    fn of(event: &'a Event, files: &'a Files) -> EventView<'a> {
        EventView {
            id: event.id.as_deref(),
            timestamp: event.timestamp,
            kind: event.kind.as_deref(),
            dataset: &event.dataset,
            identity: &event.identity,
            ingested_at: event.ingested_at,
            batch: event.batch.0,
            file: files.name(event.batch, event.line),
            line: event.line.line,
            entity: &event.body,
        }
    }
}

/// A timeline as people read it.
pub fn text(answer: &EventsAnswer, files: &Files, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(
        Role::Strong,
        &format!(
            "{}  {}",
            look.identity(&answer.identity),
            count(answer.total, "event")
        ),
    );
    page.gap();
    let mut table = Table::new(&[
        Column::text("time"),
        Column::long("type"),
        Column::identity("identity"),
        Column::text("from"),
    ]);
    for event in &answer.events {
        table.row(row(event, files, look));
    }
    page.table(&table);
    page.gap();
    for line in footer(answer) {
        page.line(Role::Faint, &line);
    }
    page.finish()
}

fn row(event: &Event, files: &Files, look: &Look) -> [Cell; 4] {
    let kind = event.kind.as_deref().map_or(Cow::Borrowed("–"), printable);
    let place = files.short(event.batch, event.line);
    let place = format!("{} {place}", printable(&event.dataset));
    [
        look.time(event.timestamp).into(),
        kind.into_owned().into(),
        look.identity(&event.identity).into(),
        Cell::new(Role::Faint, place),
    ]
}

fn footer(answer: &EventsAnswer) -> Vec<String> {
    let mut said = vec!["from: dataset batch:line; --json prints what was sent".to_owned()];
    let shown = answer.events.len() as u64;
    if shown < answer.total {
        said.push(format!(
            "{} of {}; --limit and --offset show others",
            span(answer.offset, shown),
            number(answer.total)
        ));
    }
    if answer.hidden > 0 {
        said.push(format!(
            "the policy leaves out {}",
            count(answer.hidden, "event")
        ));
    }
    said
}
