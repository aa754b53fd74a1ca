//! One profile under several policies, side by side.

use std::borrow::Cow;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::look::{count, number};
use super::{Cell, Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{CompareAnswer, ComparedSide, Identity, Miss, Path, Said};

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
struct ByPolicy<'a, T>(Vec<(&'a str, T)>);

impl<T> ByPolicy<'_, T> {
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

/// A comparison as people read it: a column a policy, a line a path, `≠` where they differ.
pub fn text(answer: &CompareAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(Role::Strong, &look.identity(&answer.requested));
    for side in &answer.sides {
        let said = match &side.profile {
            Ok(profile) => format!(
                "{}, {}, {}",
                count(profile.identities.len() as u64, "identity"),
                count(profile.event_count, "event"),
                count(profile.sources.len() as u64, "source"),
            ),
            Err(miss) => printable(&miss.to_string()).into_owned(),
        };
        page.line(
            Role::Plain,
            &format!("  {}: {said}", printable(&side.policy.name)),
        );
    }
    page.gap();
    page.table(&fields(answer, look));
    let differing = answer.fields.iter().filter(|field| field.differs).count();
    page.gap();
    page.line(
        Role::Faint,
        &format!(
            "≠ the policies differ: {} of {}",
            number(differing as u64),
            count(answer.fields.len() as u64, "field")
        ),
    );
    page.finish()
}

fn fields(answer: &CompareAnswer, look: &Look) -> Table {
    let mut columns = vec![Column::text(""), Column::long("")];
    columns.extend(answer.sides.iter().map(|_| Column::long("")));
    let mut table = Table::new(&columns);
    let heads = ["", "field"].map(|title| Cell::new(Role::Faint, title));
    let policies = answer
        .sides
        .iter()
        .map(|side| Cell::new(Role::Faint, printable(&side.policy.name).into_owned()));
    table.row(heads.into_iter().chain(policies));
    for field in &answer.fields {
        let (sign, role) = if field.differs {
            ("≠", Role::Warning)
        } else {
            ("", Role::Plain)
        };
        let values = field.values.iter().map(|said| match said {
            Some(said) => Cell::new(role, value(said, look)),
            None => Cell::new(Role::Faint, "–"),
        });
        let path = printable(&field.path.to_string()).into_owned();
        table.row(
            [Cell::new(role, sign), path.into()]
                .into_iter()
                .chain(values),
        );
    }
    table
}

fn value(said: &Said, look: &Look) -> String {
    let dataset = said.dataset.as_deref().map_or(Cow::Borrowed(""), printable);
    match dataset.as_ref() {
        "" => look.value(&said.value),
        dataset => format!("{} ({dataset})", look.value(&said.value)),
    }
}
