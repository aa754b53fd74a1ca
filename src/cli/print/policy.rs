//! Merge policies.

use serde::Serialize;
use serde_json::Value;

use super::{Cell, Column, Look, Page, Table};
use crate::cli::style::Role;
use crate::merge::{self, adobe};
use crate::model::display::printable;
use crate::model::{Arrays, Clock, Grain, MergePolicy, Stitching};

/// The policies as programs read them, in Adobe's words.
#[derive(Serialize)]
pub struct PoliciesView {
    /// The policies, the default first.
    pub policies: Vec<Value>,
}

impl PoliciesView {
    /// The view of these policies.
    pub fn of(policies: &[MergePolicy]) -> PoliciesView {
        PoliciesView {
            policies: policies.iter().map(adobe::write).collect(),
        }
    }
}

/// The policies as people read them, a line each.
pub fn list(policies: &[MergePolicy], look: &Look) -> String {
    let mut page = Page::new(look);
    let mut table = Table::new(&[
        Column::text("policy"),
        Column::text(""),
        Column::text("method"),
        Column::text("stitching"),
        Column::long("order"),
        Column::long("options"),
    ]);
    for policy in policies {
        let default = if policy.is_default { "default" } else { "" };
        table.row([
            printable(&policy.name).into_owned().into(),
            Cell::new(Role::Faint, default),
            policy.method.clone().into(),
            stitching(policy).into(),
            printable(&policy.order.join(", ")).into_owned().into(),
            options(policy).join(", ").into(),
        ]);
    }
    page.table(&table);
    page.finish()
}

/// A policy as people read it.
pub fn text(policy: &MergePolicy, look: &Look) -> String {
    let mut page = Page::new(look);
    let default = if policy.is_default { "  (default)" } else { "" };
    page.line(
        Role::Strong,
        &format!("{}{default}", printable(&policy.name)),
    );
    let summary = merge::method(&policy.method).map_or("", |method| method.summary());
    page.field("Method", &format!("{}: {summary}", policy.method));
    if !policy.order.is_empty() {
        page.field("Order", &printable(&policy.order.join(", ")));
    }
    page.field("Stitching", stitching(policy));
    let options = options(policy);
    if !options.is_empty() {
        page.field("Options", &options.join(", "));
    }
    page.field("Version", &policy.version.to_string());
    page.field("Id", &printable(&policy.id));
    page.finish()
}

fn stitching(policy: &MergePolicy) -> &'static str {
    match policy.stitching {
        Stitching::None => "none",
        Stitching::Pdg => "pdg",
    }
}

/// The options that are not as usual.
fn options(policy: &MergePolicy) -> Vec<&'static str> {
    let options = &policy.options;
    let mut said = Vec::new();
    said.extend(match options.arrays {
        Arrays::Union => None,
        Arrays::Replace => Some("arrays replace"),
        Arrays::Concat => Some("arrays concat"),
    });
    said.extend((options.grain == Grain::Field).then_some("grain field"));
    said.extend((options.clock == Clock::Customer).then_some("clock customer"));
    said.extend(options.empty_as_null.then_some("empty as null"));
    said.extend(options.strict_none.then_some("strict none"));
    said
}
