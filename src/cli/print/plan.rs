//! What an import would read, said before anything is written.

use serde::Serialize;

use super::look::{count, number};
use super::{Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::ingest::{Plan, Shape};
use crate::lookup::mask::Mask;
use crate::model::display::printable;
use crate::model::{
    Confidence, DatasetKind, FieldRole, GluedValue, PlanAnswer, PlannedDataset, PlannedField,
};

/// A plan as programs read it.
#[derive(Serialize)]
pub struct PlanView<'a> {
    datasets: Vec<DatasetView<'a>>,
    namespaces: Vec<&'a str>,
    policies: Vec<&'a str>,
    notes: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DatasetView<'a> {
    name: &'a str,
    kind: DatasetKind,
    files: Vec<FileView<'a>>,
    primary: Option<&'a str>,
    time: Option<&'a str>,
    id: Option<&'a str>,
    channel: Option<&'a str>,
    identities: Vec<MoveView<'a>>,
    fields: Vec<MoveView<'a>>,
    guessed: bool,
    kind_confidence: &'a Confidence,
    rows_sampled: u64,
    bytes_sampled: u64,
    columns: &'a [PlannedField],
    glued: &'a [GluedValue],
    warnings: &'a [String],
}

#[derive(Serialize)]
struct FileView<'a> {
    name: &'a str,
    format: &'a str,
    shape: Option<&'static str>,
    packing: Option<String>,
    bytes: Option<u64>,
}

#[derive(Serialize)]
struct MoveView<'a> {
    from: &'a str,
    to: String,
}

impl<'a> PlanView<'a> {
    /// The view of a plan, with the answer in which it is told.
    pub fn of(plan: &'a Plan, answer: &'a PlanAnswer) -> PlanView<'a> {
        let datasets = plan.datasets.iter().zip(&answer.datasets);
        let views = datasets.map(|(dataset, answer)| DatasetView::of(dataset, answer));
        let codes = plan
            .namespaces
            .iter()
            .map(|declared| declared.code.as_str());
        let policies = plan.policies.iter().map(|declared| declared.name.as_str());
        PlanView {
            datasets: views.collect(),
            namespaces: codes.collect(),
            policies: policies.collect(),
            notes: &answer.notes,
        }
    }
}

impl<'a> DatasetView<'a> {
    fn of(dataset: &'a crate::ingest::DatasetPlan, answer: &'a PlannedDataset) -> DatasetView<'a> {
        let mapping = &dataset.mapping;
        let files = dataset
            .files
            .iter()
            .zip(&answer.files)
            .map(|(file, facts)| FileView {
                name: &file.name,
                format: file.format.name(),
                shape: file.shape.map(Shape::name),
                packing: facts.packing.clone(),
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
            id: mapping.id.as_ref().map(|address| address.text.as_str()),
            channel: dataset.channel.as_deref(),
            identities: identities.collect(),
            fields: fields.collect(),
            guessed: answer.guessed,
            kind_confidence: &answer.kind_opinion,
            rows_sampled: answer.rows_sampled,
            bytes_sampled: answer.bytes_sampled,
            columns: &answer.fields,
            glued: &answer.glued,
            warnings: &answer.warnings,
        }
    }
}

/// A plan as people read it.
pub fn text(answer: &PlanAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    for dataset in &answer.datasets {
        page.gap();
        page.line(Role::Strong, &printable(&headline(dataset)));
        for file in &dataset.files {
            let bytes = match file.bytes {
                Some(bytes) => format!(", {} bytes", number(bytes)),
                None => String::new(),
            };
            let packing = match &file.packing {
                Some(packing) => format!(", {packing}"),
                None => String::new(),
            };
            let line = format!("{}: {}{packing}{bytes}", file.name, file.format);
            page.field("file", &printable(&line));
        }
        if dataset.guessed {
            guessed(&mut page, dataset);
        } else {
            described(&mut page, dataset);
        }
        for warning in warnings(dataset) {
            page.line(Role::Warning, &format!("! {}", printable(&warning)));
        }
    }
    page.gap();
    page.line(Role::Faint, "nothing was written");
    page.finish()
}

fn described(page: &mut Page<'_>, dataset: &PlannedDataset) {
    page.field("mapping", &printable(&identities(dataset)));
    let fields = fields(dataset);
    if !fields.is_empty() {
        page.field("fields", &printable(&fields));
    }
}

/// What was understood, a line a column, with the reasons.
fn guessed(page: &mut Page<'_>, dataset: &PlannedDataset) {
    let seen = count(dataset.rows_sampled, "row");
    let seen = if dataset.is_part {
        format!("the first {seen}")
    } else {
        format!("all {seen}")
    };
    page.field("looked at", &seen);
    let kind = &dataset.kind_opinion;
    let words = format!("{}, {} % sure: {}", dataset.kind, kind.percent, kind.reason);
    page.field("kind", &printable(&words));
    page.gap();
    let mut table = Table::new(&[
        Column::long("column"),
        Column::long("becomes"),
        Column::number("filled"),
        Column::number("sure"),
        Column::long("because"),
        Column::long("such as"),
    ]);
    for field in &dataset.fields {
        let opinion = &field.opinion;
        let sure = match opinion.percent {
            0 => String::new(),
            percent => format!("{percent} %"),
        };
        table.row([
            printable(&field.source).into_owned().into(),
            printable(&becomes(dataset, field)).into_owned().into(),
            format!("{:.0} %", field.filled * 100.0).into(),
            sure.into(),
            printable(&opinion.reason).into_owned().into(),
            printable(&field.samples.join(", ")).into_owned().into(),
        ]);
    }
    page.table(&table);
}

/// What becomes of a column, in words.
fn becomes(dataset: &PlannedDataset, field: &PlannedField) -> String {
    let mut parts = Vec::new();
    if let Some(identity) = &field.identity {
        let is_primary = dataset.primary.as_ref() == Some(&identity.namespace);
        let primary = if is_primary { " (primary)" } else { "" };
        parts.push(format!("identity {}{primary}", identity.namespace));
    }
    match field.role {
        FieldRole::Time => parts.push("time".into()),
        FieldRole::Id => parts.push("id".into()),
        FieldRole::Plain => {}
    }
    parts.extend(field.path.clone());
    parts.join(", ")
}

/// A plan as notes, a line a dataset, then what should be known of it.
pub fn lines(plan: &Plan, mask: &Mask) -> Vec<String> {
    let answer = mask.apply(plan.answer());
    let mut lines = Vec::new();
    for dataset in &answer.datasets {
        let fields = fields(dataset);
        let moved = if fields.is_empty() {
            String::new()
        } else {
            format!("; {fields}")
        };
        lines.push(format!(
            "{}; {}{moved}",
            headline(dataset),
            identities(dataset)
        ));
        lines.extend(warnings(dataset));
    }
    lines
}

/// `crm.csv: 1,002 rows, record`, or `crm: record from crm.csv` where nothing was guessed.
fn headline(dataset: &PlannedDataset) -> String {
    let files: Vec<&str> = dataset
        .files
        .iter()
        .map(|file| file.name.as_str())
        .collect();
    let files = files.join(", ");
    if !dataset.guessed {
        return format!("{}: {} from {files}", dataset.name, dataset.kind);
    }
    let rows = count(dataset.rows_sampled, "row");
    let rows = if dataset.is_part {
        format!("more than {rows}")
    } else {
        rows
    };
    format!("{files}: {rows}, {} into {}", dataset.kind, dataset.name)
}

fn identities(dataset: &PlannedDataset) -> String {
    let mut named: Vec<(bool, String)> = Vec::new();
    for field in &dataset.fields {
        if let Some(identity) = &field.identity {
            let is_primary = dataset.primary.as_ref() == Some(&identity.namespace);
            let primary = if is_primary { " (primary)" } else { "" };
            let words = format!("{} from {}{primary}", identity.namespace, field.source);
            named.push((!is_primary, words));
        }
    }
    if named.is_empty() {
        return "identities as their identityMap says".to_owned();
    }
    named.sort_by_key(|(is_other, _)| *is_other);
    let named: Vec<_> = named.into_iter().map(|(_, words)| words).collect();
    named.join(", ")
}

fn fields(dataset: &PlannedDataset) -> String {
    let role = |wanted: FieldRole, name: &str| {
        let mut fields = dataset.fields.iter();
        let field = fields.find(|field| field.role == wanted);
        field.map(|field| format!("{name} from {}", field.source))
    };
    let moved = dataset.fields.iter().filter_map(|field| {
        let path = field.path.as_ref()?;
        Some(format!("{} → {path}", field.source))
    });
    let roles = [role(FieldRole::Time, "time"), role(FieldRole::Id, "id")];
    let named: Vec<_> = roles.into_iter().flatten().chain(moved).collect();
    named.join(", ")
}

fn warnings(dataset: &PlannedDataset) -> Vec<String> {
    let glued = dataset.glued.iter().map(ToString::to_string);
    glued.chain(dataset.warnings.iter().cloned()).collect()
}
