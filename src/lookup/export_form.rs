//! The forms of an export: an object a line as `show` prints it, or a table for spreadsheets.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::str::FromStr;
use std::sync::Arc;

use serde_json::Value;

use super::error::Result;
use super::fields::{Fields, attribute, path};
use super::mask::Mask;
use crate::model::value::is_number;
use crate::model::{Leaf, Moment, Path, ProfileAnswer, ProfileView, Reasons, SourceFiles, json};
use crate::store::View;

/// What a file of profiles is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// JSON Lines.
    JsonLines,
    /// Comma-separated values, with a line of headings.
    Csv,
}

impl ExportFormat {
    /// Every format.
    pub const ALL: [ExportFormat; 2] = [ExportFormat::JsonLines, ExportFormat::Csv];

    /// Its name, which is also how its files end.
    pub fn name(self) -> &'static str {
        match self {
            ExportFormat::JsonLines => "jsonl",
            ExportFormat::Csv => "csv",
        }
    }
}

impl FromStr for ExportFormat {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<ExportFormat, String> {
        ExportFormat::ALL
            .into_iter()
            .find(|format| format.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| format!("`{text}` is no format of an export; there are jsonl and csv"))
    }
}

/// How profiles are written.
#[derive(Clone, Debug)]
pub struct ExportForm {
    /// The format.
    pub format: ExportFormat,
    /// These fields alone; none is all.
    pub fields: Vec<String>,
    /// Whether the reasons go with the values.
    pub reasons: Reasons,
    /// What is hidden.
    pub mask: Mask,
}

/// Columns of a table that are no attributes, as `show` calls them.
const OWN: [&str; 8] = [
    "entityId",
    "name",
    "identityGraph",
    "sources",
    "eventCount",
    "firstEvent",
    "lastEvent",
    "lastModifiedAt",
];

/// A file of profiles that is being written.
pub(super) struct Sheet<'o> {
    page: Page<'o>,
    reasons: Reasons,
    mask: Mask,
    files: Arc<SourceFiles>,
}

enum Page<'o> {
    Lines(&'o mut dyn Write, Fields),
    Table(Box<csv::Writer<&'o mut dyn Write>>, Vec<Heading>),
}

/// A column of a table.
enum Heading {
    /// One of [`OWN`].
    Own(&'static str),
    /// An attribute, and where its value comes from where that is wanted.
    Attribute(Path),
}

impl<'o> Sheet<'o> {
    /// Writes what stands before the first profile.
    pub(super) fn begin(
        view: View<'_>,
        form: &ExportForm,
        out: &'o mut dyn Write,
    ) -> std::result::Result<Sheet<'o>, super::ExportError> {
        let catalog = view.catalog()?;
        let mut mask = form.mask.clone();
        mask.learn(catalog.namespaces());
        let page = match form.format {
            ExportFormat::JsonLines => Page::Lines(out, Fields::of(&form.fields)),
            ExportFormat::Csv => {
                let headings = headings(view, &form.fields)?;
                let mut table = csv::Writer::from_writer(out);
                table
                    .write_record(titles(&headings, form.reasons))
                    .map_err(io::Error::from)?;
                Page::Table(Box::new(table), headings)
            }
        };
        Ok(Sheet {
            page,
            reasons: form.reasons,
            mask,
            files: catalog.files(),
        })
    }

    /// Writes a profile.
    pub(super) fn put(&mut self, answer: ProfileAnswer) -> io::Result<()> {
        let mut answer = self.mask.apply(answer);
        match &mut self.page {
            Page::Lines(out, fields) => {
                fields.keep(&mut answer);
                let view = ProfileView::of(&answer, self.reasons, &self.files);
                writeln!(out, "{}", json::flat(&serde_json::to_string(&view)?))
            }
            Page::Table(table, headings) => {
                for heading in headings.iter() {
                    table.write_field(cell(&heading.text(&answer)))?;
                    if let (Heading::Attribute(path), Reasons::Shown) = (heading, self.reasons) {
                        let origin = origin(&answer.profile.leaves, path, &self.files);
                        table.write_field(cell(&origin))?;
                    }
                }
                Ok(table.write_record(None::<&[u8]>)?)
            }
        }
    }

    /// Writes out what is still held back.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        match &mut self.page {
            Page::Lines(out, _) => out.flush(),
            Page::Table(table, _) => table.flush(),
        }
    }
}

/// The columns that were named; without names, the own ones and every attribute that some record has.
fn headings(view: View<'_>, fields: &[String]) -> Result<Vec<Heading>> {
    if fields.is_empty() {
        let own = OWN.into_iter().map(Heading::Own);
        let attributes = view.paths()?.into_iter().map(Heading::Attribute);
        return Ok(own.chain(attributes).collect());
    }
    let heading = |name: &String| {
        let own = OWN
            .into_iter()
            .find(|own| own.eq_ignore_ascii_case(name.trim()));
        own.map_or_else(|| Heading::Attribute(path(name)), Heading::Own)
    };
    Ok(fields.iter().map(heading).collect())
}

fn titles(headings: &[Heading], reasons: Reasons) -> Vec<String> {
    let mut titles = Vec::new();
    for heading in headings {
        match heading {
            Heading::Own(name) => titles.push((*name).to_owned()),
            Heading::Attribute(path) => {
                titles.push(cell(&path.to_string()));
                if reasons == Reasons::Shown {
                    titles.push(cell(&format!("{path} from")));
                }
            }
        }
    }
    titles
}

impl Heading {
    fn text(&self, answer: &ProfileAnswer) -> String {
        let name = match self {
            Heading::Attribute(path) => {
                return attribute(&answer.profile.entity, path).map_or_else(String::new, text);
            }
            Heading::Own(name) => *name,
        };
        let moment = |at: Option<Moment>| at.map_or_else(String::new, |at| at.to_string());
        match name {
            "entityId" => answer.entity_id.to_string(),
            "name" => answer.profile.name().unwrap_or_default(),
            "identityGraph" => text(&answer.identities.iter().map(ToString::to_string).collect()),
            "sources" => text(&answer.sources.iter().map(ToString::to_string).collect()),
            "eventCount" => answer.event_count.to_string(),
            "firstEvent" => moment(answer.first_event),
            "lastEvent" => moment(answer.last_event),
            _ => moment(answer.profile.last_modified_at),
        }
    }
}

/// A value as a cell: texts as they are, lists and objects as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// The record that a value comes from: dataset, batch and line.
fn origin(leaves: &[Leaf], path: &Path, files: &SourceFiles) -> String {
    let at = leaves
        .iter()
        .find(|leaf| leaf.path.ends_with(path) || path.starts_with(&leaf.path));
    at.map_or_else(String::new, |leaf| {
        let origin = &leaf.winner;
        format!(
            "{} {}",
            origin.dataset,
            files.short(origin.batch, origin.line)
        )
    })
}

/// A cell that no spreadsheet takes for a formula and no terminal obeys: a text that begins like a formula has `'` before
/// it, a number stays; control characters but the end of a line are written as JSON writes them.
fn cell(text: &str) -> String {
    let begins = text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(text);
    let mut cell = String::with_capacity(text.len() + 1);
    cell.extend(begins.then_some('\''));
    for letter in text.chars() {
        if letter.is_control() && letter != '\n' {
            // Writing into a text cannot fail.
            let _ = write!(cell, "\\u{:04x}", u32::from(letter));
        } else {
            cell.push(letter);
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula() {
        let check = |text: &str, expected: &str| assert_eq!(cell(text), expected);
        check("=1+1", "'=1+1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("-2+3", "'-2+3");
        check("\t=1", "'\\u0009=1");
        check("a\nb\u{1b}[31m", "a\nb\\u001b[31m");
        check("-12.5", "-12.5");
        check("+4912345", "+4912345");
        check("+49 123", "'+49 123");
        check("a=1", "a=1");
        check("", "");
    }
}
