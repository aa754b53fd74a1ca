//! The overview of a store.

use std::collections::BTreeMap;

use serde::Serialize;

use super::look::{count, number};
use super::sources_list::dataset_table;
use super::{Cell, Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{DatasetTotals, Identity, Overlap, Path, StatsAnswer, Suspect};

/// The overview as programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatsView<'a> {
    policy: &'a str,
    profiles: u64,
    identities: u64,
    links: u64,
    fragments: u64,
    events: u64,
    datasets: &'a [DatasetTotals],
    profiles_by_namespace: &'a BTreeMap<String, u64>,
    namespace_overlap: Vec<NamespaceOverlap<'a>>,
    dataset_overlap: Vec<DatasetOverlap<'a>>,
    single_identity_profiles: u64,
    largest_graphs: Vec<LargeGraph<'a>>,
    conflicts: Vec<Conflict<'a>>,
    suspects: &'a [Suspect],
    resolve_pending: bool,
}

#[derive(Serialize)]
struct NamespaceOverlap<'a> {
    namespaces: &'a [String],
    profiles: u64,
}

#[derive(Serialize)]
struct DatasetOverlap<'a> {
    datasets: &'a [String],
    profiles: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LargeGraph<'a> {
    entity_id: &'a Identity,
    identities: u64,
}

#[derive(Serialize)]
struct Conflict<'a> {
    path: &'a Path,
    profiles: u64,
}

impl<'a> StatsView<'a> {
    /// The view of an answer under the policy of this name.
    pub fn of(answer: &'a StatsAnswer, policy: &'a str) -> StatsView<'a> {
        let namespaces = answer
            .namespace_overlap
            .iter()
            .map(|overlap| NamespaceOverlap {
                namespaces: &overlap.names,
                profiles: overlap.profiles,
            });
        let datasets = answer.dataset_overlap.iter().map(|overlap| DatasetOverlap {
            datasets: &overlap.names,
            profiles: overlap.profiles,
        });
        let graphs = answer
            .largest_graphs
            .iter()
            .map(|(entity_id, identities)| LargeGraph {
                entity_id,
                identities: *identities,
            });
        let conflicts = answer.conflicts.iter().map(|(path, profiles)| Conflict {
            path,
            profiles: *profiles,
        });
        StatsView {
            policy,
            profiles: answer.profiles,
            identities: answer.identities,
            links: answer.links,
            fragments: answer.fragments,
            events: answer.events,
            datasets: &answer.datasets,
            profiles_by_namespace: &answer.profiles_by_namespace,
            namespace_overlap: namespaces.collect(),
            dataset_overlap: datasets.collect(),
            single_identity_profiles: answer.single_identity_profiles,
            largest_graphs: graphs.collect(),
            conflicts: conflicts.collect(),
            suspects: &answer.suspects,
            resolve_pending: answer.resolve_pending,
        }
    }
}

/// The overview as people read it.
pub fn text(answer: &StatsAnswer, policy: &str, look: &Look) -> String {
    let mut page = Page::new(look);
    let headline = count(answer.profiles, "profile");
    page.line(
        Role::Strong,
        &format!("{headline} under {}", printable(policy)),
    );
    totals(&mut page, answer);
    if !answer.datasets.is_empty() {
        page.heading("Datasets");
        page.table(&dataset_table(&answer.datasets, look));
    }
    let namespaces = answer.profiles_by_namespace.iter();
    let by_code = namespaces.map(|(code, n)| (code.clone(), *n));
    section(&mut page, "Profiles by namespace", by_code);
    section(
        &mut page,
        "Namespaces together",
        together(&answer.namespace_overlap),
    );
    section(
        &mut page,
        "Datasets together",
        together(&answer.dataset_overlap),
    );
    let graphs = answer
        .largest_graphs
        .iter()
        .map(|(identity, n)| (identity.to_string(), *n));
    section(&mut page, "Largest graphs, by identities", graphs);
    let conflicts = answer
        .conflicts
        .iter()
        .map(|(path, n)| (path.to_string(), *n));
    section(&mut page, "Conflicts, by profiles", conflicts);
    suspects(&mut page, &answer.suspects);
    page.finish()
}

fn totals(page: &mut Page<'_>, answer: &StatsAnswer) {
    page.field("Identities", &number(answer.identities));
    page.field("Links", &number(answer.links));
    page.field("Fragments", &number(answer.fragments));
    page.field("Events", &number(answer.events));
    let alone = count(answer.single_identity_profiles, "profile");
    page.field("Alone", &format!("{alone} of one identity"));
    if answer.resolve_pending {
        page.line(
            Role::Warning,
            "! resolve pending: linking settings changed; `onefold resolve` replays the records",
        );
    }
}

fn together(overlaps: &[Overlap]) -> impl Iterator<Item = (String, u64)> {
    overlaps
        .iter()
        .map(|overlap| (overlap.names.join(" + "), overlap.profiles))
}

/// A list of names with their counts, where there is something to list.
fn section(page: &mut Page<'_>, title: &str, rows: impl Iterator<Item = (String, u64)>) {
    let mut table = Table::new(&[Column::number(""), Column::long("")]);
    for (name, n) in rows {
        table.row([number(n).into(), printable(&name).into_owned().into()]);
    }
    if !table.is_empty() {
        page.heading(title);
        page.table(&table);
    }
}

fn suspects(page: &mut Page<'_>, suspects: &[Suspect]) {
    if suspects.is_empty() {
        return;
    }
    let look = page.look();
    page.heading("Worth a look");
    let mut table = Table::new(&[Column::long(""), Column::long("")]);
    for suspect in suspects {
        table.row([
            look.identity(&suspect.entity_id).into(),
            Cell::new(Role::Warning, printable(&suspect.reason).into_owned()),
        ]);
    }
    page.table(&table);
}
