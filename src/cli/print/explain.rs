//! Why each value of a profile is what it is: the winner, the candidates that lost, the versions before.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Files, Page};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{Candidate, Identity, Leaf, Moment, Origin, Rule, Superseded};

/// The reasons of all leaves, by JSON pointer.
pub struct Explained<'a> {
    leaves: &'a [Leaf],
    files: &'a Files,
}

impl<'a> Explained<'a> {
    /// The view of these leaves.
    pub fn of(leaves: &'a [Leaf], files: &'a Files) -> Explained<'a> {
        Explained { leaves, files }
    }
}

impl Serialize for Explained<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.leaves.len()))?;
        for leaf in self.leaves {
            map.serialize_entry(&leaf.path.pointer(), &LeafView::of(leaf, self.files))?;
        }
        map.end()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LeafView<'a> {
    value: &'a Value,
    rule: Rule,
    conflict: bool,
    tie: bool,
    same_import: bool,
    winner: OriginView<'a>,
    candidates: Vec<CandidateView<'a>>,
    superseded: Vec<SupersededView<'a>>,
}

impl<'a> LeafView<'a> {
    fn of(leaf: &'a Leaf, files: &'a Files) -> LeafView<'a> {
        let candidate = |candidate: &'a Candidate| CandidateView {
            value: &candidate.value,
            origin: OriginView::of(&candidate.origin, files),
        };
        let superseded = |superseded: &'a Superseded| SupersededView {
            value: &superseded.value,
            origin: OriginView::of(&superseded.origin, files),
            taken_over: superseded.taken_over,
        };
        LeafView {
            value: &leaf.value,
            rule: leaf.rule,
            conflict: leaf.conflict,
            tie: leaf.tie,
            same_import: leaf.same_import,
            winner: OriginView::of(&leaf.winner, files),
            candidates: leaf.candidates.iter().map(candidate).collect(),
            superseded: leaf.superseded.iter().map(superseded).collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OriginView<'a> {
    dataset: &'a str,
    identity: &'a Identity,
    batch: u32,
    file: &'a str,
    line: u64,
    ingested_at: Moment,
    customer_time: Option<Moment>,
}

impl<'a> OriginView<'a> {
    fn of(origin: &'a Origin, files: &'a Files) -> OriginView<'a> {
        OriginView {
            dataset: &origin.dataset,
            identity: &origin.identity,
            batch: origin.batch.0,
            file: files.name(origin.batch, origin.line),
            line: origin.line.line,
            ingested_at: origin.ingested_at,
            customer_time: origin.customer_time,
        }
    }
}

#[derive(Serialize)]
struct CandidateView<'a> {
    value: &'a Value,
    #[serde(flatten)]
    origin: OriginView<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SupersededView<'a> {
    value: &'a Value,
    #[serde(flatten)]
    origin: OriginView<'a>,
    taken_over: bool,
}

/// Adds each leaf with its reasons to a page.
pub fn explained(page: &mut Page<'_>, leaves: &[Leaf], files: &Files) {
    for leaf in leaves {
        page.heading(&printable(&leaf.path.to_string()));
        let sign = if leaf.conflict { "≠ " } else { "" };
        page.line(
            Role::Plain,
            &format!("  {sign}{}", page.look().value(&leaf.value)),
        );
        told(
            page,
            "won",
            &format!("{}: {}", rule(leaf), origin(page, files, &leaf.winner)),
        );
        let joined = matches!(leaf.rule, Rule::Union | Rule::Concat);
        for candidate in &leaf.candidates {
            let label = if joined { "joined" } else { "lost" };
            said(page, label, &candidate.value, &candidate.origin, files);
        }
        for superseded in &leaf.superseded {
            said(page, "before", &superseded.value, &superseded.origin, files);
            if superseded.taken_over {
                page.line(
                    Role::Warning,
                    "  !       another person's record may have replaced this one: its other identities differ",
                );
            }
        }
    }
}

fn said(page: &mut Page<'_>, label: &str, value: &Value, from: &Origin, files: &Files) {
    let text = format!(
        "{}: {}",
        page.look().value(value),
        origin(page, files, from)
    );
    told(page, label, &text);
}

fn told(page: &mut Page<'_>, label: &str, text: &str) {
    page.hanging(Role::Faint, 10, &format!("  {label:<7} {text}"));
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

fn origin(page: &Page<'_>, files: &Files, origin: &Origin) -> String {
    let customer = match origin.customer_time {
        Some(time) => format!(", its own time {}", page.look().time(time)),
        None => String::new(),
    };
    format!(
        "{}, {}{customer}",
        files.origin(origin),
        page.look().time(origin.ingested_at)
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::cli::print::Look;
    use crate::model::{BatchId, Path, SourceLine};

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
loyalty.card/no~1
  ≠ 9
  won     newest fragment, a tie, but in the same import: loyalty CRMID:C-1, batch 3, loyalty.json line 17, 1970-01-04 00:00:00Z
  lost    8: crm CRMID:C-1, batch 2 line 4, 1970-01-03 00:00:00Z, its own time 1970-01-01 00:00:00Z
  before  \"\": crm CRMID:C-1, batch 1 line 17, 1970-01-02 00:00:00Z
  !       another person's record may have replaced this one: its other identities differ
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
