//! The mapping to begin with for a table that has none: it parses as it is, and is meant to be edited.

use std::path::Path;

use crate::ingest::formats::{Table, write_text};
use crate::model::DatasetKind;

/// The text of a `[[dataset]]` for a table.
pub fn starter(path: &Path, table: &Table, (dataset, kind): (&str, DatasetKind)) -> String {
    let guesses: Vec<_> = table
        .columns
        .iter()
        .map(|name| (name, code_for(name)))
        .collect();
    let mut identities: Vec<(&String, String)> = guesses
        .iter()
        .filter_map(|(name, code)| Some((*name, code.clone()?)))
        .collect();
    if identities.is_empty() {
        identities.extend(table.columns.first().map(|name| (name, "ID".to_owned())));
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
    for (name, _) in guesses
        .iter()
        .filter(|(name, _)| !is_identity(name, &identities))
    {
        text.extend(["# ", &quoted(name), " = ", &quoted(path_for(name)), "\n"]);
    }
    text
}

fn is_identity(name: &String, identities: &[(&String, String)]) -> bool {
    identities.iter().any(|(other, _)| *other == name)
}

/// The namespace that a column's name speaks of.
fn code_for(column: &str) -> Option<String> {
    let name = column.to_lowercase();
    if name.contains("consent") {
        return None;
    }
    if name.contains("mail") {
        return Some("Email".into());
    }
    if name.contains("phone") || name.contains("mobile") {
        return Some("Phone".into());
    }
    let is_id =
        name == "id" || name.ends_with("_id") || column.ends_with("Id") || column.ends_with("ID");
    let letters = column.chars().filter(char::is_ascii_alphanumeric);
    is_id.then(|| letters.collect::<String>().to_uppercase())
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
