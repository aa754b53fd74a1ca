//! Links go in and come back, also from older stores.

use super::*;
use crate::model::{ClusterId, Moment, NamespaceId};
use crate::store::{Reader, StoredIdentity, schema};

fn at(batch: u32, row: u64) -> Arrived {
    Arrived {
        batch: BatchId(batch),
        row,
    }
}

/// Links near their first sighting, far from it, and with places before it.
fn links() -> Vec<StoredLink> {
    let link =
        |b: u32, since: Arrived, first: Arrived, line: SourceLine, last: Arrived| StoredLink {
            a: IdentityId(1),
            b: IdentityId(b),
            is_kept: true,
            since,
            first,
            first_line: line,
            last,
            seen: 1,
        };
    let line = |file: u16, line: u64| SourceLine { file, line };
    vec![
        link(2, at(1, 9), at(1, 9), line(0, 10), at(1, 9)),
        link(3, at(7, 2), at(3, 800_000), line(2, 5), at(9, 1)),
        link(
            4,
            at(0, 0),
            at(3, 4),
            line(0, 1),
            at(3, u64::from(u32::MAX)),
        ),
    ]
}

fn identity() -> StoredIdentity {
    StoredIdentity {
        id: IdentityId(1),
        namespace: NamespaceId(1),
        value: "x".into(),
        cluster: ClusterId(1),
        first_seen: Moment(1_700_000_000_000),
        last_seen: Moment(1_700_000_000_007),
        source_set: 0,
        fragments: 0,
        events: 0,
        last_event: None,
    }
}

#[test]
fn links_come_back_as_they_went_in() {
    let folder = tempfile::tempdir().unwrap();
    let writer = Writer::open_or_create(&folder.path().join("store.db"), "test").unwrap();
    writer.link_insert().unwrap().put(&links()).unwrap();
    let mut found = Vec::new();
    let found_all = writer.view().each_link(|link| {
        found.push(link);
        Ok(())
    });
    found_all.unwrap();
    assert_eq!(found, links());
}

#[test]
fn links_and_identities_of_an_older_store_are_read_right() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let conn = rusqlite::Connection::open(&path).unwrap();
    schema::create_older(&conn, 5).unwrap();
    for link in links() {
        conn.execute(
            "INSERT INTO link
                 (a, b, is_kept, since_batch, since_row, first_batch, first_row, first_line,
                  last_batch, last_row, seen)
             VALUES (?1, ?2, 1, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 1)",
            params![
                link.a.0,
                link.b.0,
                link.since.batch.0,
                link.since.row,
                link.first.batch.0,
                link.first.row,
                link.first_line.packed(),
                link.last.batch.0,
                link.last.row
            ],
        )
        .unwrap();
    }
    conn.execute(
        "INSERT INTO identity
         VALUES (1, 1, 'x', 1, 1700000000000, 1700000000007, 0, 0, 0, NULL)",
        [],
    )
    .unwrap();
    drop(conn);
    let reader = Reader::open(&path).unwrap();
    let view = reader.view();
    assert_eq!(view.links_from(IdentityId(1)).unwrap(), links());
    assert_eq!(view.identity(IdentityId(1)).unwrap(), identity());
}
