//! `onefold settings`: the store's settings.

use anyhow::Result;
use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::cli::error::CliError;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::{Column, Look, Page, Table};
use crate::config::alternatives;
use crate::lookup;
use crate::model::display::printable;
use crate::model::{LinkSettings, StoreSettings};
use crate::store::Writer;

/// What `settings` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold settings list
  onefold settings set max_identities 50
  onefold settings set block AAID,GCLID")]
pub struct SettingsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the settings
    List,
    /// Change a setting
    Set {
        /// Its name
        key: String,
        /// Its value: a number, true or false, a list parted by commas, or none
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
}

/// What a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Limit,
    Switch,
    List,
}

/// The settings, each with what it takes and what it does.
const SETTINGS: [(&str, Kind, &str); 7] = [
    (
        "max_identities",
        Kind::Limit,
        "no graph grows beyond so many identities",
    ),
    ("block", Kind::List, "namespaces that are never linked"),
    ("block_values", Kind::List, "values that are no identity"),
    (
        "check_values",
        Kind::Switch,
        "drop empty and blocked values",
    ),
    (
        "check_length",
        Kind::Switch,
        "reject rows with values over 1,024 characters",
    ),
    (
        "check_ecid",
        Kind::Switch,
        "reject rows whose ECID is not 38 digits",
    ),
    (
        "keep_versions",
        Kind::Switch,
        "new datasets keep every version of a fragment",
    ),
];

/// Lists the settings or changes one.
pub fn run(args: &SettingsArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    match &args.action {
        Action::List => {
            let settings = global.ask(out, |view| Ok(view.store_settings()?))?;
            out.answer(&settings, |look| text(&settings, look))?;
        }
        Action::Set { key, value } => set(key, value, global, out)?,
    }
    Ok(Exit::Done)
}

/// Marks the store where its linking settings are no longer those of before and records are there already.
///
/// Gives the note that says so.
pub fn say_pending(writer: &Writer, before: &LinkSettings) -> Result<Option<&'static str>> {
    let view = writer.view();
    let mut after = view.link_settings()?;
    after.store.keep_versions = before.store.keep_versions;
    if view.catalog()?.is_empty() || after == *before {
        return Ok(None);
    }
    writer.settings_changed(before)?;
    Ok(Some(
        "this holds for records that come from now on; resolve pending: `onefold resolve` replays the others",
    ))
}

fn set(key: &str, value: &str, global: &Global, out: &mut Output<'_>) -> Result<()> {
    let parsed = parse(key, value)?;
    let writer = Writer::open(&global.store, "settings set")?;
    let before = writer.view().link_settings()?;
    let settings = with(&before.store, key, parsed)?;
    writer.set_store_settings(&settings)?;
    let pending = say_pending(&writer, &before)?;
    writer.commit()?;
    global.refresh_index(out, &lookup::unwatched);
    out.answer(&settings, |look| text(&settings, look))?;
    if let Some(note) = pending {
        out.note(note);
    }
    Ok(())
}

fn parse(key: &str, value: &str) -> Result<Value, CliError> {
    let names = SETTINGS.map(|(name, ..)| name);
    let Some((_, kind, _)) = SETTINGS.iter().find(|(name, ..)| *name == key) else {
        return Err(CliError::usage(format!(
            "there is no setting `{key}`; {}",
            alternatives(key, names)
        )));
    };
    let wrong = |expected| CliError::usage(format!("`{key}` takes {expected}, not `{value}`"));
    match (kind, value) {
        (Kind::Limit, "none") => Ok(Value::Null),
        (Kind::Limit, _) => match value.parse::<u32>() {
            Ok(limit) if limit > 0 => Ok(json!(limit)),
            _ => Err(wrong("a number from 1, or none")),
        },
        (Kind::Switch, _) => match value.parse::<bool>() {
            Ok(switch) => Ok(json!(switch)),
            Err(_) => Err(wrong("true or false")),
        },
        (Kind::List, "none" | "") => Ok(json!([])),
        (Kind::List, _) => Ok(value.split(',').map(str::trim).collect()),
    }
}

fn with(settings: &StoreSettings, key: &str, value: Value) -> Result<StoreSettings> {
    let mut all = serde_json::to_value(settings)?;
    if let Some(slot) = all.get_mut(key) {
        *slot = value;
    }
    Ok(serde_json::from_value(all)?)
}

fn text(settings: &StoreSettings, look: &Look) -> String {
    let all = serde_json::to_value(settings).unwrap_or_default();
    let mut table = Table::new(&[
        Column::text("setting"),
        Column::long("value"),
        Column::long("what it does"),
    ]);
    for (key, _, what) in SETTINGS {
        let value = match all.get(key) {
            Some(Value::Array(items)) if !items.is_empty() => {
                let items: Vec<_> = items.iter().map(|item| look.value(item)).collect();
                items.join(", ")
            }
            None | Some(Value::Null | Value::Array(_)) => "none".to_owned(),
            Some(other) => look.value(other),
        };
        table.row([
            key.into(),
            printable(&value).into_owned().into(),
            what.into(),
        ]);
    }
    let mut page = Page::new(look);
    page.table(&table);
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_takes_what_it_is_made_for() {
        let check = |key: &str, value: &str, expected: &str| {
            let said = match parse(key, value) {
                Ok(value) => value.to_string(),
                Err(error) => error.to_string(),
            };
            assert_eq!(said, expected);
        };
        check("max_identities", "50", "50");
        check("max_identities", "none", "null");
        check(
            "max_identities",
            "0",
            "`max_identities` takes a number from 1, or none, not `0`",
        );
        check("check_ecid", "true", "true");
        check(
            "check_ecid",
            "yes",
            "`check_ecid` takes true or false, not `yes`",
        );
        check("block", "AAID, GCLID", r#"["AAID","GCLID"]"#);
        check("block", "none", "[]");
        check(
            "max_identites",
            "5",
            "there is no setting `max_identites`; did you mean `max_identities`?",
        );
    }

    #[test]
    fn every_setting_of_a_store_is_listed() {
        let all = serde_json::to_value(StoreSettings::default()).expect("settings are JSON");
        let mut names: Vec<&str> = all
            .as_object()
            .expect("an object")
            .keys()
            .map(String::as_str)
            .collect();
        let mut listed = SETTINGS.map(|(name, ..)| name).to_vec();
        names.sort_unstable();
        listed.sort_unstable();
        assert_eq!(names, listed);
    }
}
