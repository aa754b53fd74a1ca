//! What the worker would answer around a result list: facets, columns, suggestions, exports.

use serde_json::json;

use crate::model::{
    Cells, CellsAnswer, CompletionAnswer, ExportAnswer, Facet, FacetRow, FacetsAnswer, Identity,
    Suggestion, Vocabulary,
};
use crate::query::{Written, written_at};
use crate::worker::{Answer, Question};

/// Attributes of the small world.
const PATHS: [&str; 4] = [
    "homeAddress.city",
    "loyalty.points",
    "loyalty.tier",
    "person.name.firstName",
];

/// The answer to a question of this kind.
pub fn answer(question: &Question) -> Result<Answer, String> {
    Ok(match question {
        Question::Facets { most, .. } => Answer::Facets(facets(*most)),
        Question::Cells { identities, .. } => Answer::Cells(CellsAnswer {
            rows: identities.iter().map(cells).collect(),
        }),
        Question::Complete { query, cursor } => Answer::Completion(completion(query, *cursor)),
        Question::Vocabulary => Answer::Vocabulary(Vocabulary {
            namespaces: ["CRMID", "Email", "ECID"].map(String::from).to_vec(),
            paths: PATHS.map(|path| path.parse().expect(path)).to_vec(),
        }),
        Question::Export(order) if order.file.ends_with("there.csv") => {
            return Err(
                "there.csv is there already, and is not overwritten; name another file".into(),
            );
        }
        Question::Export(order) => Answer::Exported(ExportAnswer {
            profiles: 4,
            file: order.file.display().to_string(),
        }),
        other => return Err(format!("no answer to {other:?}")),
    })
}

fn facets(most: u64) -> FacetsAnswer {
    let facet = |title: &str, name: &str, rows: &[(&str, u64)]| Facet {
        title: title.into(),
        is_personal: title == "city",
        rows: rows
            .iter()
            .map(|(label, count)| FacetRow {
                label: (*label).into(),
                term: format!("{name}:{label}"),
                count: *count,
            })
            .collect(),
    };
    FacetsAnswer {
        facets: vec![
            facet("tier", "tier", &[("gold", 3), ("silver", 2), ("none", 1)]),
            facet("email", "email.val", &[("y", 5), ("n", 1)]),
            facet("city", "city", &[("Lagos", 4), ("Ikeja", 1)]),
            facet(
                "source",
                "dataset",
                &[("crm", 7), ("web", 6), ("loyalty", 3)],
            ),
            facet("identities", "ids", &[("1", 1), ("2..3", 2), ("4..6", 2)]),
        ],
        profiles: most.min(7),
        is_whole: true,
    }
}

fn cells(identity: &Identity) -> (Identity, Cells) {
    let number: u64 = identity.value.trim_start_matches("C-").parse().unwrap_or(0);
    let months = (0..12).map(|month| (number * 7 + month * month) % 11);
    let cells = Cells {
        values: vec![Some(json!("gold")), Some(json!(number))],
        activity: months.collect(),
    };
    (identity.clone(), cells)
}

fn completion(query: &str, cursor: usize) -> CompletionAnswer {
    let Some((written, place)) = written_at(query, cursor) else {
        return CompletionAnswer::default();
    };
    let suggestion = |text: &str, kind, count| Suggestion {
        text: text.to_owned(),
        kind,
        count,
    };
    let all = match &written {
        Written::Name(_) => vec![
            suggestion("loyalty.tier:", "attribute", None),
            suggestion("loyalty.points:", "attribute", None),
        ],
        Written::Value { .. } => vec![
            suggestion("gold", "value", Some(3)),
            suggestion("silver", "value", Some(2)),
        ],
    };
    let (Written::Name(begun) | Written::Value { text: begun, .. }) = written;
    CompletionAnswer {
        from: place.start,
        to: place.end,
        suggestions: all
            .into_iter()
            .filter(|one| one.text.contains(&begun))
            .collect(),
    }
}
