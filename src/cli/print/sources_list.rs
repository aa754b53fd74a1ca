//! Datasets and batches.

use serde::Serialize;

use super::look::number;
use super::{Cell, Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Batch, DatasetTotals, Effects, RowCounts};

/// Datasets as programs read them.
#[derive(Serialize)]
pub struct DatasetsView<'a> {
    /// The datasets, by name.
    pub datasets: &'a [DatasetTotals],
}

/// A dataset with its batches, as programs read it.
#[derive(Serialize)]
pub struct DatasetView<'a> {
    /// The dataset.
    #[serde(flatten)]
    pub dataset: &'a DatasetTotals,
    /// Its batches, oldest first; the count of the list takes another name.
    #[serde(rename = "imports")]
    pub batches: &'a [Batch],
}

/// Batches as programs read them.
#[derive(Serialize)]
pub struct BatchesView<'a> {
    /// The batches, oldest first.
    pub batches: &'a [Batch],
}

/// Datasets as people read them.
pub fn datasets(datasets: &[DatasetTotals], look: &Look) -> String {
    let mut page = Page::new(look);
    page.table(&dataset_table(datasets, look));
    page.finish()
}

/// The table of datasets.
pub fn dataset_table(datasets: &[DatasetTotals], look: &Look) -> Table {
    let mut table = Table::new(&[
        Column::long("dataset"),
        Column::text("kind"),
        Column::long("channel"),
        Column::number("batches"),
        Column::number("fragments"),
        Column::number("events"),
        Column::text("last import"),
    ]);
    for dataset in datasets {
        let channel = dataset.channel.as_deref().unwrap_or("–");
        table.row([
            printable(&dataset.name).into_owned().into(),
            dataset.kind.to_string().into(),
            printable(channel).into_owned().into(),
            number(dataset.batches).into(),
            number(dataset.fragments).into(),
            number(dataset.events).into(),
            Cell::new(Role::Faint, look.time_or_dash(dataset.last_ingested)),
        ]);
    }
    table
}

/// A dataset with its batches as people read it.
pub fn dataset(dataset: &DatasetTotals, batches: &[Batch], look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(Role::Strong, &printable(&dataset.name));
    page.field("Kind", &dataset.kind.to_string());
    if let Some(channel) = &dataset.channel {
        page.field("Channel", &printable(channel));
    }
    page.field("Fragments", &number(dataset.fragments));
    page.field("Events", &number(dataset.events));
    page.heading("Batches");
    page.table(&batch_table(batches, look));
    page.finish()
}

/// Batches as people read them.
pub fn batches(batches: &[Batch], look: &Look) -> String {
    let mut page = Page::new(look);
    page.table(&batch_table(batches, look));
    page.finish()
}

fn batch_table(batches: &[Batch], look: &Look) -> Table {
    let mut table = Table::new(&[
        Column::number("batch"),
        Column::long("dataset"),
        Column::text("ingested"),
        Column::number("read"),
        Column::number("accepted"),
        Column::number("replaced"),
        Column::number("rejected"),
        Column::number("duplicates"),
        Column::number("fragments"),
        Column::number("events"),
        Column::number("identities"),
        Column::number("links"),
        Column::number("took"),
        Column::long("files"),
    ]);
    for batch in batches {
        table.row([
            batch.id.to_string().into(),
            printable(&batch.dataset).into_owned().into(),
            look.time(batch.ingested_at).into(),
            number(batch.counts.read).into(),
            number(batch.counts.accepted).into(),
            number(batch.counts.replaced).into(),
            rejected(batch.counts),
            number(batch.counts.duplicates).into(),
            known(batch.brought.fragments).into(),
            known(batch.brought.events).into(),
            known(batch.brought.identities).into(),
            known(batch.brought.links).into(),
            seconds(batch.brought.elapsed_ms).into(),
            Cell::new(Role::Faint, printable(&batch.files.join(", ")).into_owned()),
        ]);
    }
    table
}

/// A count; batches of an older version were not counted.
fn known(count: Option<u64>) -> String {
    count.map_or_else(|| "–".to_owned(), number)
}

fn seconds(ms: Option<u64>) -> String {
    ms.map_or_else(
        || "–".to_owned(),
        |ms| format!("{:.1} s", ms as f64 / 1_000.0),
    )
}

/// A count of rejects that stands out where there are some.
pub fn rejected(counts: RowCounts) -> Cell {
    let role = if counts.rejected > 0 {
        Role::Warning
    } else {
        Role::Plain
    };
    Cell::new(role, number(counts.rejected))
}

/// A batch with what it did, as programs read it.
#[derive(Serialize)]
pub struct BatchView<'a> {
    /// The batch.
    #[serde(flatten)]
    pub batch: &'a Batch,
    /// What it did to the profiles.
    pub effects: &'a Effects,
}

/// A batch as people read it.
pub fn batch(batch: &Batch, effects: &Effects, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(Role::Strong, &format!("batch {}", batch.id));
    page.field("Dataset", &printable(&batch.dataset));
    page.field("Ingested", &batch.ingested_at.to_string());
    let counts = batch.counts;
    page.field(
        "Rows",
        &format!(
            "{} read: {} accepted ({} of them new versions), {} rejected, {} duplicates",
            number(counts.read),
            number(counts.accepted),
            number(counts.replaced),
            number(counts.rejected),
            number(counts.duplicates)
        ),
    );
    let brought = batch.brought;
    if brought.identities.is_some() {
        page.field(
            "Brought",
            &format!(
                "{} fragments, {} events, {} identities, {} links in {}",
                known(brought.fragments),
                known(brought.events),
                known(brought.identities),
                known(brought.links),
                seconds(brought.elapsed_ms)
            ),
        );
    }
    for (at, file) in batch.files.iter().enumerate() {
        page.field(&format!("File {}", at + 1), &printable(file));
    }
    super::effects::put(&mut page, effects, look);
    page.finish()
}
