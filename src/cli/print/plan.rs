//! What an import would read, said before anything is written.

use serde::Serialize;

use super::look::number;
use super::{Look, Page};
use crate::cli::style::Role;
use crate::ingest::{DatasetPlan, Plan};
use crate::model::DatasetKind;
use crate::model::display::printable;

/// A plan as programs read it.
#[derive(Serialize)]
pub struct PlanView<'a> {
    datasets: Vec<DatasetView<'a>>,
    namespaces: Vec<&'a str>,
    policies: Vec<&'a str>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct DatasetView<'a> {
    name: &'a str,
    kind: DatasetKind,
    files: Vec<FileView<'a>>,
    primary: Option<&'a str>,
    time: Option<&'a str>,
    identities: Vec<MoveView<'a>>,
    fields: Vec<MoveView<'a>>,
}

#[derive(Serialize)]
struct FileView<'a> {
    name: &'a str,
    format: &'a str,
    shape: Option<&'static str>,
    bytes: Option<u64>,
}

#[derive(Serialize)]
struct MoveView<'a> {
    from: &'a str,
    to: String,
}

impl<'a> PlanView<'a> {
    /// The view of a plan.
    pub fn of(plan: &'a Plan) -> PlanView<'a> {
        PlanView {
            datasets: plan.datasets.iter().map(DatasetView::of).collect(),
            namespaces: plan
                .namespaces
                .iter()
                .map(|declared| declared.code.as_str())
                .collect(),
            policies: plan
                .policies
                .iter()
                .map(|declared| declared.name.as_str())
                .collect(),
            notes: &plan.notes,
        }
    }
}

impl<'a> DatasetView<'a> {
    fn of(dataset: &'a DatasetPlan) -> DatasetView<'a> {
        let mapping = &dataset.mapping;
        let files = dataset.files.iter().map(|file| FileView {
            name: &file.name,
            format: file.format.name(),
            shape: file.shape.map(|shape| shape.name()),
            bytes: file.bytes,
        });
        let identities = mapping.identities.iter().map(|field| MoveView {
            from: &field.address.text,
            to: field.namespace.clone(),
        });
        let fields = mapping.fields.iter().map(|field| MoveView {
            from: &field.from.text,
            to: field.to.to_string(),
        });
        DatasetView {
            name: &dataset.name,
            kind: dataset.kind,
            files: files.collect(),
            primary: mapping.primary.as_deref(),
            time: mapping.time.as_ref().map(|address| address.text.as_str()),
            identities: identities.collect(),
            fields: fields.collect(),
        }
    }
}

/// A plan as people read it.
pub fn text(plan: &Plan, look: &Look) -> String {
    let mut page = Page::new(look);
    for dataset in &plan.datasets {
        page.gap();
        page.line(Role::Strong, &printable(&headline(dataset)));
        for file in &dataset.files {
            let bytes = match file.bytes {
                Some(bytes) => format!(", {} bytes", number(bytes)),
                None => String::new(),
            };
            let shape = file
                .shape
                .map_or_else(String::new, |shape| format!(", {}", shape.name()));
            let line = format!("{}: {}{shape}{bytes}", file.name, file.format.name());
            page.field("file", &printable(&line));
        }
        page.field("mapping", &printable(&identities(dataset)));
        if !dataset.mapping.fields.is_empty() {
            page.field("fields", &printable(&fields(dataset)));
        }
    }
    page.gap();
    page.line(Role::Faint, "nothing was written");
    page.finish()
}

/// A plan as notes, a line a dataset.
pub fn lines(plan: &Plan) -> Vec<String> {
    let line = |dataset: &DatasetPlan| {
        let moved = if dataset.mapping.fields.is_empty() {
            String::new()
        } else {
            format!("; {}", fields(dataset))
        };
        format!("{}; {}{moved}", headline(dataset), identities(dataset))
    };
    plan.datasets.iter().map(line).collect()
}

fn headline(dataset: &DatasetPlan) -> String {
    let files: Vec<&str> = dataset
        .files
        .iter()
        .map(|file| file.name.as_ref())
        .collect();
    format!(
        "{}: {} from {}",
        dataset.name,
        dataset.kind,
        files.join(", ")
    )
}

fn identities(dataset: &DatasetPlan) -> String {
    let mapping = &dataset.mapping;
    if mapping.identities.is_empty() {
        return "identities as their identityMap says".to_owned();
    }
    let name = |field: &crate::ingest::IdentityField| {
        let is_primary = mapping.primary.as_ref() == Some(&field.namespace);
        let primary = if is_primary { " (primary)" } else { "" };
        format!("{} from {}{primary}", field.namespace, field.address.text)
    };
    let named: Vec<_> = mapping.identities.iter().map(name).collect();
    named.join(", ")
}

fn fields(dataset: &DatasetPlan) -> String {
    let fields = dataset.mapping.fields.iter();
    let named: Vec<_> = fields
        .map(|field| format!("{} → {}", field.from.text, field.to))
        .collect();
    named.join(", ")
}
