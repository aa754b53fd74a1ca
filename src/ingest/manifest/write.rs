//! A plan written down as a mapping or a manifest, with the reason beside each line, to be edited and read again.

use std::fmt::Write as _;
use std::path::Path;

use crate::ingest::formats::write_text;
use crate::ingest::guess::Opinion;
use crate::ingest::mapping::{Mapping, Unidentified, Update};
use crate::ingest::plan::{DatasetPlan, Plan, PlannedFile};
use crate::ingest::shapes::{Shape, Share};

/// The text of the datasets of a plan, with their files as seen from the folder where the text is going to lie.
pub fn mapping_text(plan: &Plan, folder: &Path) -> String {
    let mut text = String::from("# What onefold understood; edit it, and import with it: ");
    text.push_str(match plan.datasets.len() {
        1 => "--map with this file's name.\n",
        _ => "as onefold.toml it describes the folder where it lies.\n",
    });
    for dataset in &plan.datasets {
        text.push('\n');
        text.push_str(&dataset_text(dataset, folder));
    }
    text
}

fn files(dataset: &DatasetPlan) -> String {
    let names: Vec<&str> = dataset.files.iter().map(|file| &*file.name).collect();
    names.join(", ")
}

fn dataset_text(dataset: &DatasetPlan, folder: &Path) -> String {
    let mapping = &dataset.mapping;
    let why = Reasons(dataset);
    let mut text = comment(&files(dataset));
    text.push_str("[[dataset]]\n");
    line(&mut text, "name", &quoted(&dataset.name), None);
    line(
        &mut text,
        "kind",
        &quoted(&dataset.kind.to_string()),
        why.kind(),
    );
    if let Some(shape) = shape_to_say(dataset) {
        line(&mut text, "shape", &quoted(shape.code()), None);
    }
    if let Some(channel) = &dataset.channel {
        line(&mut text, "channel", &quoted(channel), None);
    }
    let seen = dataset
        .files
        .iter()
        .map(|file| quoted(&seen_from(folder, &file.path)));
    line(
        &mut text,
        "files",
        &format!("[{}]", seen.collect::<Vec<_>>().join(", ")),
        None,
    );
    if let Some(keeps) = dataset.keeps_versions {
        line(&mut text, "keep_versions", &keeps.to_string(), None);
    }
    settings(&mut text, mapping, &why);
    tables(&mut text, mapping, &why);
    text
}

/// The shape of its rows; whole files of plain XDM are read by the conventions alone.
fn shape_to_say(dataset: &DatasetPlan) -> Option<&'static dyn Shape> {
    let is_said = |file: &&PlannedFile| {
        let is_plain = file.shape.is_some_and(|shape| shape.code() == "xdm");
        !is_plain || file.share == Share::OfItsKind
    };
    dataset.files.iter().find(is_said)?.shape
}

/// What stands above the tables.
fn settings(text: &mut String, mapping: &Mapping, why: &Reasons<'_>) {
    if mapping.update == Update::Patch {
        line(text, "upsert", "true", None);
    }
    if mapping.unidentified == Unidentified::Keep {
        line(text, "unidentified", "\"keep\"", None);
    }
    if let Some(primary) = &mapping.primary {
        line(text, "primary", &quoted(primary), None);
    }
    let addresses = [
        ("time", &mapping.time),
        ("id", &mapping.id),
        ("ingested", &mapping.ingested),
    ];
    for (key, address) in addresses {
        if let Some(address) = address {
            line(text, key, &quoted(&address.text), why.column(&address.text));
        }
    }
    if let Some(zone) = mapping.timezone {
        line(text, "timezone", &quoted(zone.name()), None);
    }
    if let Some(order) = mapping.dates {
        line(text, "dates", &quoted(order.name()), None);
    }
    if let Some(encoding) = mapping.encoding {
        line(text, "encoding", &quoted(encoding.name()), None);
    }
}

fn tables(text: &mut String, mapping: &Mapping, why: &Reasons<'_>) {
    text.push_str("\n[dataset.identities]\n");
    for field in &mapping.identities {
        let steps: Vec<_> = field
            .normalise
            .iter()
            .map(|step| quoted(step.name()))
            .collect();
        let namespace = quoted(&field.namespace);
        let value = match steps.len() {
            0 => namespace,
            _ => format!(
                "{{ namespace = {namespace}, normalise = [{}] }}",
                steps.join(", ")
            ),
        };
        line(
            text,
            &quoted(&field.address.text),
            &value,
            why.column(&field.address.text),
        );
    }
    text.push_str("\n[dataset.fields]\n");
    for field in &mapping.fields {
        line(
            text,
            &quoted(&field.from.text),
            &quoted(&field.to.to_string()),
            why.column(&field.from.text),
        );
    }
    for column in why.unmapped(mapping) {
        text.push_str(&comment(&format!("{} keeps its place", quoted(column))));
    }
    if mapping.nulls.is_empty() {
        return;
    }
    text.push_str("\n[dataset.nulls]\n");
    if !mapping.nulls.any.is_empty() {
        line(text, "any", &list(&mapping.nulls.any), None);
    }
    for (address, values) in &mapping.nulls.by_field {
        line(text, &quoted(&address.text), &list(values), None);
    }
}

/// The reasons of a dataset's guess, where there was one.
struct Reasons<'d>(&'d DatasetPlan);

impl<'d> Reasons<'d> {
    fn kind(&self) -> Option<&'d Opinion> {
        self.0
            .understood
            .as_ref()
            .map(|understood| &understood.evidence.kind)
    }

    fn column(&self, source: &str) -> Option<&'d Opinion> {
        let evidence = &self.0.understood.as_ref()?.evidence;
        let column = evidence
            .columns
            .iter()
            .find(|column| column.source == source)?;
        Some(&column.opinion).filter(|opinion| opinion.confidence > 0)
    }

    fn unmapped(&self, mapping: &'d Mapping) -> impl Iterator<Item = &'d str> {
        let columns = self
            .0
            .understood
            .iter()
            .flat_map(|understood| &understood.evidence.columns);
        let names = columns.map(|column| column.source.as_str());
        names.filter(|name| {
            !mapping
                .addresses()
                .any(|(key, at)| key != "nulls" && at.text == *name)
        })
    }
}

fn line(text: &mut String, key: &str, value: &str, why: Option<&Opinion>) {
    let _ = write!(text, "{key} = {value}");
    if let Some(Opinion { confidence, reason }) = why {
        let _ = write!(text, "   # {confidence} %: {}", plain(reason));
    }
    text.push('\n');
}

fn comment(words: &str) -> String {
    format!("# {}\n", plain(words))
}

/// A comment ends with its line, whatever the names in it are made of.
fn plain(words: &str) -> String {
    words
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect()
}

fn list(values: &[String]) -> String {
    let values: Vec<_> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    write_text(&mut out, text);
    // The one control character that JSON lets pass and TOML does not.
    out.replace('\u{7f}', "\\u007f")
}

/// A file as a manifest in a folder names it: below the folder, or by its whole path.
fn seen_from(folder: &Path, file: &Path) -> String {
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let base = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let seen = whole.strip_prefix(&base).unwrap_or(&whole);
    seen.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests;
