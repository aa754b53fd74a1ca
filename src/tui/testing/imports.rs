//! An import as the tests of screens see it.

use crate::model::{
    ConsentFlips, DatasetImport, DatasetKind, DeletionAnswer, Effects, Example, HotValue, Identity,
    ImportAnswer, RefusedAnswer, RefusedKind, RefusedRow, RowCounts, What,
};

/// What an import of two datasets did.
pub fn imported() -> ImportAnswer {
    let dataset = |name: &str, kind, batch, read, rejected| DatasetImport {
        name: name.into(),
        kind,
        batch,
        counts: RowCounts {
            read,
            accepted: read - rejected,
            replaced: 14,
            rejected,
            duplicates: 0,
        },
    };
    ImportAnswer {
        datasets: vec![
            dataset("crm", DatasetKind::Record, Some(5), 1_002, 2),
            dataset("web", DatasetKind::Event, None, 20_480, 0),
        ],
        identities: 5_120,
        links: 4_004,
        removed_links: 3,
        profiles: 1_180,
        rejects: Some("/data/onefold.rejects.jsonl".into()),
        notes: vec!["2 rows of crm had no identity".into()],
        elapsed_ms: 1_234,
        effects: Some(Box::new(effects())),
        is_preview: false,
    }
}

/// What it did to the profiles.
fn effects() -> Effects {
    let example = |name: &str, what| Example {
        entity_id: Identity::new("CRMID", name),
        what,
    };
    Effects {
        created: 31,
        joined: 4,
        split: 1,
        changed: Some(212),
        exact: true,
        consents: ConsentFlips {
            to_no: 3,
            to_yes: 1,
            examples: Vec::new(),
        },
        hot: vec![HotValue {
            identity: Identity::new("Phone", "+1-202-555-0100"),
            links: 41,
            links_before: 2,
            namespace: Some("CRMID".into()),
            values: 38,
        }],
        examples: vec![
            example("C-1001", What::Joined),
            example("C-1002", What::Split),
            example("C-1003", What::Changed),
        ],
        ..Effects::default()
    }
}

fn row(line: u64, time: &str, row: Option<&str>) -> RefusedRow {
    RefusedRow {
        file: "drop/crm.csv".into(),
        line,
        reason: format!("`updated_at`: \"{time}\" is no time"),
        row: row.map(str::to_owned),
    }
}

/// What it refused.
pub fn refused() -> RefusedAnswer {
    RefusedAnswer {
        kinds: vec![RefusedKind {
            reason: "`updated_at`: … is no time".into(),
            first_reason: "`updated_at`: \"soon\" is no time".into(),
            first_row: Some("C-1044,ada@example.com,Ada,soon".into()),
            rows: 2,
            places: vec![("drop/crm.csv".into(), 40), ("drop/crm.csv".into(), 91)],
        }],
        first: vec![
            row(40, "soon", Some("C-1044,ada@example.com,Ada,soon")),
            row(91, "n\u{1b}[2Jow", None),
        ],
        rows: 2,
        is_part: false,
    }
}

/// What went when it was taken back.
pub fn taken_back() -> DeletionAnswer {
    DeletionAnswer {
        rows: 1_002,
        ..DeletionAnswer::default()
    }
}
