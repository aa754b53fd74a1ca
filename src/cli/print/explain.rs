//! Why each value of a profile is what it is: the winner, the candidates that lost, the versions before.

use std::collections::BTreeMap;

use super::{Cell, Column, Files, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Leaf, Origin, Rule};

/// Adds each leaf with its reasons to a page, and the batches that they lead to.
pub fn explained(page: &mut Page<'_>, leaves: &[Leaf], files: &Files) {
    for leaf in leaves {
        let sign = if leaf.conflict { "≠ " } else { "" };
        let path = printable(&leaf.path.to_string()).into_owned();
        page.heading(&format!("{sign}{path}: {}", rule(leaf)));
        page.table(&candidates(leaf, files, page.look()));
    }
    if leaves
        .iter()
        .any(|leaf| leaf.superseded.iter().any(|old| old.taken_over))
    {
        page.gap();
        page.hanging(
            Role::Warning,
            2,
            "! the record that replaced this one names other identities, and may be another person's",
        );
    }
    page.heading("Batches");
    page.table(&batches(leaves, files, page.look()));
}

fn rule(leaf: &Leaf) -> String {
    let mut words = leaf.rule.name().to_owned();
    if leaf.tie && leaf.rule != Rule::Tie {
        words.push_str(", a tie");
    }
    if leaf.same_import {
        words.push_str(", but in the same import");
    }
    words
}

/// The winner, those that lost or were joined, and what was there before.
fn candidates(leaf: &Leaf, files: &Files, look: &Look) -> Table {
    let mut table = Table::new(&[
        Column::text(""),
        Column::long(""),
        Column::text(""),
        Column::identity(""),
        Column::text(""),
        Column::text(""),
    ]);
    let mut row = |label: &str, role, value, origin: &Origin, sign: &str| {
        table.row([
            Cell::new(Role::Faint, format!("  {label}")),
            Cell::new(role, look.value(value)),
            printable(&origin.dataset).into_owned().into(),
            look.identity(&origin.identity).into(),
            Cell::new(Role::Faint, files.short(origin.batch, origin.line)),
            Cell::new(Role::Warning, sign),
        ]);
    };
    row("won", Role::Strong, &leaf.value, &leaf.winner, "");
    let is_joined = matches!(leaf.rule, Rule::Union | Rule::Concat);
    let label = if is_joined { "joined" } else { "lost" };
    for candidate in &leaf.candidates {
        row(label, Role::Plain, &candidate.value, &candidate.origin, "");
    }
    for old in &leaf.superseded {
        let sign = if old.taken_over { "!" } else { "" };
        row("before", Role::Plain, &old.value, &old.origin, sign);
    }
    table
}

/// Every batch and file that a reason names, with its moment.
fn batches(leaves: &[Leaf], files: &Files, look: &Look) -> Table {
    let mut named = BTreeMap::new();
    for leaf in leaves {
        let lost = leaf.candidates.iter().map(|candidate| &candidate.origin);
        let before = leaf.superseded.iter().map(|old| &old.origin);
        for origin in std::iter::once(&leaf.winner).chain(lost).chain(before) {
            named.insert((origin.batch, origin.line.file), origin);
        }
    }
    let mut table = Table::new(&[
        Column::text(""),
        Column::text(""),
        Column::text(""),
        Column::long(""),
    ]);
    for origin in named.values() {
        let place = files.short(origin.batch, origin.line);
        let number = place.rsplit_once(':').map_or("", |(number, _)| number);
        table.row([
            Cell::new(Role::Faint, format!("  {number}")),
            printable(&origin.dataset).into_owned().into(),
            look.time(origin.ingested_at).into(),
            printable(files.name(origin.batch, origin.line))
                .into_owned()
                .into(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::model::{
        BatchId, Candidate, Explained, Identity, Moment, Path, SourceLine, Superseded,
    };

    fn origin(dataset: &str, batch: u32, line: u64) -> Origin {
        Origin {
            dataset: dataset.into(),
            identity: Arc::new(Identity::new("CRMID", "C-1")),
            batch: BatchId(batch),
            line: SourceLine { file: 0, line },
            ingested_at: Moment(i64::from(batch) * 86_400_000),
            customer_time: (batch == 2).then_some(Moment(0)),
        }
    }

    fn leaf() -> Leaf {
        Leaf {
            path: Path(vec!["loyalty".into(), "card/no~1".into()]),
            value: json!("9"),
            rule: Rule::NewestFragment,
            conflict: true,
            tie: true,
            same_import: true,
            winner: origin("loyalty", 3, 17),
            candidates: vec![Candidate {
                value: json!(8),
                origin: origin("crm", 2, 4),
            }],
            superseded: vec![Superseded {
                value: json!(""),
                origin: origin("crm", 1, 17),
                taken_over: true,
            }],
        }
    }

    fn files() -> Files {
        Files::new([(BatchId(3), vec!["loyalty.json".into()])])
    }

    #[test]
    fn every_reason_can_be_followed_to_its_record() {
        let look = Look::default();
        let mut page = Page::new(&look);
        explained(&mut page, &[leaf()], &files());
        let expected = "\
≠ loyalty.card/no~1: newest fragment, a tie, but in the same import
  won     9   loyalty  CRMID:C-1  3:17
  lost    8   crm      CRMID:C-1  2:4
  before  \"\"  crm      CRMID:C-1  1:17  !

! the record that replaced this one names other identities, and may be another person's

Batches
  1  crm      1970-01-02 00:00:00Z
  2  crm      1970-01-03 00:00:00Z
  3  loyalty  1970-01-04 00:00:00Z  loyalty.json
";
        assert_eq!(page.finish(), expected);
    }

    #[test]
    fn programs_read_the_same_by_pointer() {
        let (leaves, files) = ([leaf()], files());
        let view = serde_json::to_value(Explained::of(&leaves, &files)).expect("JSON");
        let leaf = view.get("/loyalty/card~1no~01").expect("the leaf");
        let expected = json!({
            "value": "", "dataset": "crm", "identity": "CRMID:C-1", "batch": 1, "file": "",
            "line": 17, "ingestedAt": "1970-01-02T00:00:00.000Z", "customerTime": null,
            "takenOver": true
        });
        assert_eq!(leaf.pointer("/superseded/0"), Some(&expected));
        assert_eq!(leaf.pointer("/winner/file"), Some(&json!("loyalty.json")));
        assert_eq!(leaf.pointer("/rule"), Some(&json!("newest fragment")));
    }
}
