//! The mapping to begin with for a table that has none: it parses as it is, and is meant to be edited.

use std::path::Path;

use crate::ingest::formats::{Table, write_text};
use crate::model::DatasetKind;

/// The text of a `[[dataset]]` for a table.
pub fn starter(path: &Path, table: &Table, (dataset, kind): (&str, DatasetKind)) -> String {
    let mut identities: Vec<(&String, String)> = Vec::new();
    let mut others = Vec::new();
    for name in &table.columns {
        match code_for(name, dataset) {
            // A second number is often that of a company or a shop, and would tie strangers together.
            Some(Code::Number(_)) if has_number(&identities) => others.push(name),
            Some(Code::Number(code) | Code::Contact(code)) => identities.push((name, code)),
            None => others.push(name),
        }
    }
    if identities.is_empty() && !others.is_empty() {
        identities.push((others.remove(0), "ID".to_owned()));
    }
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let mut text = format!(
        "[[dataset]]\nname = {}\nkind = \"{kind}\"\nfiles = [{}]\n",
        quoted(dataset),
        quoted(&file)
    );
    if let Some((_, code)) = identities.first() {
        text.extend(["primary = ", &quoted(code), "\n"]);
    }
    text.push_str("\n[dataset.identities]   # column = namespace\n");
    for (name, code) in &identities {
        text.extend([&quoted(name), " = ", &quoted(code), "\n"]);
    }
    text.push_str("\n[dataset.fields]       # column = path; what is not named keeps its own\n");
    for name in others {
        text.extend(["# ", &quoted(name), " = ", &quoted(path_for(name)), "\n"]);
    }
    text
}

/// A namespace that a column's name speaks of.
enum Code {
    /// The number of somebody, or of something.
    Number(String),
    /// An address or a telephone number.
    Contact(String),
}

fn has_number(identities: &[(&String, String)]) -> bool {
    let is_contact = |code: &str| matches!(code, "Email" | "Phone");
    identities.iter().any(|(_, code)| !is_contact(code))
}

fn code_for(column: &str, dataset: &str) -> Option<Code> {
    let letters: String = column.chars().filter(char::is_ascii_alphanumeric).collect();
    let name = letters.to_lowercase();
    if name.contains("consent") {
        return None;
    }
    if name.contains("mail") {
        return Some(Code::Contact("Email".into()));
    }
    if name.contains("phone") || name.contains("mobile") {
        return Some(Code::Contact("Phone".into()));
    }
    let ends = ["_id", " id", "Id", "ID"];
    let is_number = name == "id" || ends.iter().any(|end| column.ends_with(end));
    let code = match name.as_str() {
        "id" => dataset
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .chain("id".chars())
            .collect(),
        _ => letters,
    };
    is_number.then(|| Code::Number(code.to_uppercase()))
}

/// Where a column with such a name stands in XDM.
fn path_for(column: &str) -> &str {
    let letters: String = column.chars().filter(char::is_ascii_alphanumeric).collect();
    match letters.to_lowercase().as_str() {
        "firstname" | "givenname" => "person.name.firstName",
        "lastname" | "surname" | "familyname" => "person.name.lastName",
        "gender" => "person.gender",
        "birthdate" | "dateofbirth" => "person.birthDate",
        "city" => "homeAddress.city",
        "zip" | "zipcode" | "postalcode" => "homeAddress.postalCode",
        "country" => "homeAddress.country",
        _ => column,
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::new();
    // TOML refuses the one control character that JSON lets pass.
    write_text(&mut out, &text.replace('\u{7f}', ""));
    out
}
