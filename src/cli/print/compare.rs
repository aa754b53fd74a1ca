//! One profile under several policies, side by side.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::look::{count, number};
use super::{Cell, Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{CompareAnswer, ComparedField, ComparedSide, Identity, Miss, Path, Said};

/// A comparison as programs read it.
#[derive(Serialize)]
pub struct CompareView<'a> {
    policies: Vec<&'a str>,
    identities: ByPolicy<'a, &'a [Identity]>,
    fields: Vec<FieldView<'a>>,
    events: ByPolicy<'a, u64>,
    #[serde(skip_serializing_if = "ByPolicy::is_empty")]
    misses: ByPolicy<'a, &'a Miss>,
}

#[derive(Serialize)]
struct FieldView<'a> {
    path: &'a Path,
    values: ByPolicy<'a, Option<&'a Said>>,
    differs: bool,
}

/// A value for each policy's name, in their order.
pub struct ByPolicy<'a, T>(Vec<(&'a str, T)>);

impl<'a, T> ByPolicy<'a, T> {
    /// These values.
    pub fn new(values: impl Iterator<Item = (&'a str, T)>) -> ByPolicy<'a, T> {
        ByPolicy(values.collect())
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for ByPolicy<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (policy, value) in &self.0 {
            map.serialize_entry(policy, value)?;
        }
        map.end()
    }
}

impl<'a> CompareView<'a> {
    /// The view of an answer.
    pub fn of(answer: &'a CompareAnswer) -> CompareView<'a> {
        let sides = &answer.sides;
        let name = |side: &'a ComparedSide| side.policy.name.as_str();
        let found = |side: &'a ComparedSide| side.profile.as_ref().ok();
        let identities = |side| found(side).map_or(&[][..], |profile| &profile.identities);
        let events = |side| found(side).map_or(0, |profile| profile.event_count);
        let misses = sides.iter().filter_map(|side| {
            let miss = side.profile.as_ref().err()?;
            Some((name(side), miss.as_ref()))
        });
        let fields = answer.fields.iter().map(|field| FieldView {
            path: &field.path,
            values: ByPolicy(
                sides
                    .iter()
                    .map(name)
                    .zip(field.values.iter().map(Option::as_ref))
                    .collect(),
            ),
            differs: field.differs,
        });
        CompareView {
            policies: sides.iter().map(name).collect(),
            identities: ByPolicy(
                sides
                    .iter()
                    .map(|side| (name(side), identities(side)))
                    .collect(),
            ),
            fields: fields.collect(),
            events: ByPolicy(
                sides
                    .iter()
                    .map(|side| (name(side), events(side)))
                    .collect(),
            ),
            misses: ByPolicy(misses.collect()),
        }
    }
}

/// A comparison as people read it: what differs with a line a policy, then what is alike.
pub fn text(answer: &CompareAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(Role::Strong, &look.identity(&answer.requested));
    for side in &answer.sides {
        page.field(&printable(&side.policy.name), &summary(side));
    }
    let (differing, alike): (Vec<&ComparedField>, Vec<&ComparedField>) =
        answer.fields.iter().partition(|field| field.differs);
    if !differing.is_empty() {
        let of = count(answer.fields.len() as u64, "field");
        page.heading(&format!(
            "≠ {} of {of} differ",
            number(differing.len() as u64)
        ));
        page.table(&by_policy(answer, &differing, look));
    }
    if !alike.is_empty() {
        page.heading("= alike");
        page.table(&by_field(&alike, look));
    }
    page.finish()
}

fn summary(side: &ComparedSide) -> String {
    match &side.profile {
        Ok(profile) => format!(
            "{}, {}, {}",
            count(profile.identities.len() as u64, "identity"),
            count(profile.event_count, "event"),
            count(profile.sources.len() as u64, "source"),
        ),
        Err(miss) => printable(&miss.to_string()).into_owned(),
    }
}

fn by_policy(answer: &CompareAnswer, fields: &[&ComparedField], look: &Look) -> Table {
    let mut table = Table::new(&[
        Column::long(""),
        Column::text(""),
        Column::long(""),
        Column::text(""),
    ]);
    for field in fields {
        let mut path = printable(&field.path.to_string()).into_owned();
        for (side, said) in answer.sides.iter().zip(&field.values) {
            let policy = printable(&side.policy.name).into_owned();
            let [value, dataset] = cells(said.as_ref(), look);
            // The path stands on the first line only.
            table.row([
                std::mem::take(&mut path).into(),
                policy.into(),
                value,
                dataset,
            ]);
        }
    }
    table
}

fn by_field(fields: &[&ComparedField], look: &Look) -> Table {
    let mut table = Table::new(&[Column::long(""), Column::long(""), Column::text("")]);
    for field in fields {
        let path = printable(&field.path.to_string()).into_owned();
        let said = field.values.iter().flatten().next();
        let [value, dataset] = cells(said, look);
        table.row([path.into(), value, dataset]);
    }
    table
}

fn cells(said: Option<&Said>, look: &Look) -> [Cell; 2] {
    let Some(said) = said else {
        return [Cell::new(Role::Faint, "–"), Cell::default()];
    };
    let dataset = said.dataset.as_deref().map_or(Cow::Borrowed(""), printable);
    [
        look.value(&said.value).into(),
        Cell::new(Role::Faint, dataset.into_owned()),
    ]
}
