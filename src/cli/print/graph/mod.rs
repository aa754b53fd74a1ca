//! An identity graph in each of its forms.

mod drawing;
mod svg;
mod text;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::{
    GraphAnswer, GraphIdentity, GraphLink, Identity, LinkSource, Moment, NamespaceKind,
};

pub use drawing::{dot, mermaid};
pub use svg::svg;
pub use text::text;

/// Whether removed links belong to the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// They are left out.
    Hidden,
    /// They are shown with their reasons.
    Shown,
}

/// Takes the removed links out of a graph where they are not wanted.
pub fn without_removed(mut answer: GraphAnswer, removed: Removed) -> GraphAnswer {
    if removed == Removed::Hidden {
        answer.links.retain(|link| link.removed.is_none());
    }
    answer
}

/// A graph as programs read it.
#[derive(Serialize)]
pub struct GraphView<'a> {
    identity: &'a Identity,
    identities: Vec<IdentityView<'a>>,
    links: Vec<LinkView<'a>>,
}

impl<'a> GraphView<'a> {
    /// The view of an answer.
    pub fn of(answer: &'a GraphAnswer) -> GraphView<'a> {
        GraphView {
            identity: &answer.identity,
            identities: answer.identities.iter().map(IdentityView::of).collect(),
            links: answer.links.iter().map(LinkView::of).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct IdentityView<'a> {
    namespace: &'a str,
    value: &'a str,
    #[serde(rename = "type")]
    kind: NamespaceKind,
    priority: Option<u32>,
    first_seen: Moment,
    last_seen: Moment,
    datasets: &'a [String],
    events: u64,
    fragments: u64,
}

impl<'a> IdentityView<'a> {
    fn of(member: &'a GraphIdentity) -> IdentityView<'a> {
        IdentityView {
            namespace: &member.identity.namespace,
            value: &member.identity.value,
            kind: member.kind,
            priority: member.priority,
            first_seen: member.first_seen,
            last_seen: member.last_seen,
            datasets: &member.datasets,
            events: member.events,
            fragments: member.fragments,
        }
    }
}

/// A link as programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LinkView<'a> {
    a: &'a Identity,
    b: &'a Identity,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed_at: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removed_by: Option<RecordView<'a>>,
    first_established: Moment,
    last_updated: Moment,
    seen: u64,
    bridge: bool,
    datasets: BTreeSet<&'a str>,
    batches: BTreeSet<u32>,
    sources: &'a [LinkSource],
}

#[derive(Serialize)]
struct RecordView<'a> {
    dataset: &'a str,
    batch: u32,
    line: u64,
}

impl<'a> LinkView<'a> {
    /// The view of a link.
    pub fn of(link: &'a GraphLink) -> LinkView<'a> {
        let end = link.removed.as_ref();
        let by = end.and_then(|end| end.by.as_ref());
        LinkView {
            a: &link.a,
            b: &link.b,
            state: if end.is_some() { "removed" } else { "kept" },
            reason: end.map(|end| end.reason.to_string()),
            removed_at: end.map(|end| end.at),
            removed_by: by.map(|(dataset, batch, line)| RecordView {
                dataset,
                batch: *batch,
                line: *line,
            }),
            first_established: link.first_established,
            last_updated: link.last_updated,
            seen: link.seen,
            bridge: link.is_bridge,
            datasets: link
                .sources
                .iter()
                .map(|source| source.dataset.as_str())
                .collect(),
            batches: link.sources.iter().map(|source| source.batch).collect(),
            sources: &link.sources,
        }
    }
}
