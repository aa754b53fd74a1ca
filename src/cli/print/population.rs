//! Everybody under two policies.

use std::fmt::Write as _;

use serde::Serialize;

use super::compare::ByPolicy;
use super::look::{count, number};
use super::{Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Identity, Path, PopulationAnswer};

/// Paths of a changed profile that people are told.
const TOLD: usize = 4;

/// The answer as programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PopulationView<'a> {
    policies: [&'a str; 2],
    profiles: ByPolicy<'a, u64>,
    changed: u64,
    split: u64,
    joined: u64,
    only_in: ByPolicy<'a, u64>,
    fields: Vec<FieldView<'a>>,
    examples: Vec<ExampleView<'a>>,
}

#[derive(Serialize)]
struct FieldView<'a> {
    path: &'a Path,
    profiles: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ExampleView<'a> {
    entity_id: &'a Identity,
    paths: &'a [Path],
}

impl<'a> PopulationView<'a> {
    /// The view of an answer.
    pub fn of(answer: &'a PopulationAnswer) -> PopulationView<'a> {
        let policies = answer.policies.each_ref().map(|own| own.name.as_str());
        let by_policy = |counts: [u64; 2]| ByPolicy::new(policies.into_iter().zip(counts));
        let field = |(path, profiles): &'a (Path, u64)| FieldView {
            path,
            profiles: *profiles,
        };
        PopulationView {
            policies,
            profiles: by_policy(answer.profiles),
            changed: answer.changed,
            split: answer.split,
            joined: answer.joined,
            only_in: by_policy(answer.only_in),
            fields: answer.fields.iter().map(field).collect(),
            examples: answer
                .examples
                .iter()
                .map(|example| ExampleView {
                    entity_id: &example.entity_id,
                    paths: &example.paths,
                })
                .collect(),
        }
    }
}

/// The answer as people read it.
pub fn text(answer: &PopulationAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    let [one, other] = answer
        .policies
        .each_ref()
        .map(|own| printable(&own.name).into_owned());
    let changed = format!(
        "{} of {} change from {one} to {other}",
        number(answer.changed),
        count(answer.profiles[0], "profile"),
    );
    page.line(Role::Strong, &changed);
    let sides = [(&one, 0), (&other, 1)];
    for (name, side) in sides {
        let all = count(answer.profiles.get(side).copied().unwrap_or(0), "profile");
        let alone = answer.only_in.get(side).copied().unwrap_or(0);
        page.field(
            name,
            &format!("{all}, {} of them here alone", number(alone)),
        );
    }
    let split = format!("{} are several under {other}", number(answer.split));
    page.field("Split", &split);
    let joined = format!("{} were several under {one}", number(answer.joined));
    page.field("Joined", &joined);
    fields(&mut page, answer);
    examples(&mut page, answer);
    page.finish()
}

fn fields(page: &mut Page<'_>, answer: &PopulationAnswer) {
    if answer.fields.is_empty() {
        return;
    }
    let mut table = Table::new(&[Column::number(""), Column::long("")]);
    for (path, profiles) in &answer.fields {
        let path = path.to_string();
        table.row([
            number(*profiles).into(),
            printable(&path).into_owned().into(),
        ]);
    }
    page.heading("Where they differ, by profiles");
    page.table(&table);
}

fn examples(page: &mut Page<'_>, answer: &PopulationAnswer) {
    if answer.examples.is_empty() {
        return;
    }
    let look = page.look();
    let mut table = Table::new(&[Column::long(""), Column::long("")]);
    for example in &answer.examples {
        let told = example.paths.iter().take(TOLD).map(Path::to_string);
        let mut paths = told.collect::<Vec<_>>().join(", ");
        if example.paths.len() > TOLD {
            // Writing into a text cannot fail.
            let _ = write!(paths, " and {} more", example.paths.len() - TOLD);
        }
        table.row([
            look.identity(&example.entity_id).into(),
            printable(&paths).into_owned().into(),
        ]);
    }
    page.heading("Most changed");
    page.table(&table);
}
