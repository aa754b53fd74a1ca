//! What a graph reports of its changes, and how it takes in what a store has.
#![expect(
    clippy::expect_used,
    reason = "a story that cannot be read is a failed test"
)]

use onefold::identity::{
    Cause, Changes, Graph, Happening, LinkNumber, Node, Observed, Recency, Sighting,
};
use onefold::model::{
    BatchId, IdentityId, LinkSettings, Namespace, NamespaceId, NamespaceKind, StoreSettings,
};

/// A graph with a unique namespace `P` and devices `D`; its identities are written `P:a`.
struct Story {
    graph: Graph,
    row: u64,
}

fn story() -> Story {
    story_by(Recency::Arrival)
}

fn story_by(recency: Recency) -> Story {
    let namespace = |id, code: &str, kind, unique| Namespace {
        id: NamespaceId(id),
        code: code.to_owned(),
        kind,
        unique,
        priority: Some(u32::from(id)),
    };
    let settings = LinkSettings {
        namespaces: vec![
            namespace(1, "P", NamespaceKind::CrossDevice, true),
            namespace(2, "D", NamespaceKind::Cookie, false),
        ],
        store: StoreSettings::default(),
    };
    let graph = Graph::with_recency(&settings, recency);
    Story { graph, row: 0 }
}

impl Story {
    fn node(&mut self, identity: &str) -> Node {
        let (code, value) = identity.split_once(':').expect(identity);
        let namespace = self.graph.namespace(code).expect(code);
        self.graph.intern(namespace, value)
    }

    fn record(&mut self, batch: u32, record: &str) -> Observed {
        self.row += 1;
        let at = at(batch, self.row);
        let nodes: Vec<_> = record.split(' ').map(|name| self.node(name)).collect();
        self.graph.observe(&nodes, at)
    }

    fn pairs(&self, links: &[LinkNumber]) -> Vec<String> {
        let pair = |link: &LinkNumber| {
            let (a, b) = self.graph.ends(*link);
            format!("{a} {b}")
        };
        links.iter().map(pair).collect()
    }

    fn moved(&self, changes: &Changes) -> Vec<String> {
        let name = |node| self.graph.name(node).to_string();
        let moved = changes.moved.iter();
        let mut moved: Vec<_> = moved
            .map(|(node, to)| format!("{} to {}", name(*node), name(*to)))
            .collect();
        moved.sort();
        moved
    }

    fn sightings(&mut self) -> Vec<(u32, u64, u64, u64)> {
        let mut found = Vec::new();
        self.graph.drain_sightings(|rows| {
            found.push((rows.batch.0, rows.first_line, rows.last_line, rows.seen));
        });
        found
    }
}

/// The line is ten times the row.
fn at(batch: u32, row: u64) -> Sighting {
    Sighting {
        batch: BatchId(batch),
        row,
        line: row * 10,
    }
}

#[test]
fn each_change_is_reported_once() {
    let mut story = story();
    story.record(1, "D:1 P:a");
    story.record(1, "D:2 P:a");
    let changes = story.graph.drain_changes();
    assert_eq!(story.pairs(&changes.new_links), ["D:1 P:a", "D:2 P:a"]);
    assert_eq!(story.moved(&changes), ["D:2 to D:1", "P:a to D:1"]);
    assert_eq!((changes.changed_links.len(), changes.turns.len()), (0, 0));
    assert_eq!(story.graph.drain_changes(), Changes::default());
    story.record(1, "D:2 P:a");
    let changes = story.graph.drain_changes();
    assert_eq!(story.pairs(&changes.changed_links), ["D:2 P:a"]);
    assert_eq!(story.moved(&changes), Vec::<String>::new());
}

#[test]
fn a_link_may_go_and_return_many_times() {
    let mut story = story();
    story.record(1, "P:a D:1");
    story.record(1, "P:b D:1");
    story.record(1, "P:a D:1");
    story.record(2, "P:b D:1");
    let changes = story.graph.drain_changes();
    let turns: Vec<_> = changes
        .turns
        .iter()
        .map(|turn| {
            let by = turn.by.map(|by| by.row);
            let since = match turn.what {
                Happening::Removed { since, .. } => Some(since.row),
                Happening::Returned => None,
            };
            (story.pairs(&[turn.link]).concat(), by, since)
        })
        .collect();
    let turn = |link: &str, by, since| (link.to_owned(), Some(by), since);
    let expected = [
        turn("D:1 P:a", 2, Some(1)),
        turn("D:1 P:a", 3, None),
        turn("D:1 P:b", 3, Some(2)),
        turn("D:1 P:b", 4, None),
        turn("D:1 P:a", 4, Some(3)),
    ];
    assert_eq!(turns, expected);
    assert_eq!(story.moved(&changes), ["P:b to D:1"]);
    let states: Vec<_> = changes
        .new_links
        .iter()
        .map(|link| story.graph.link(*link))
        .map(|link| {
            (
                link.is_kept,
                link.first.row,
                link.since.row,
                link.last.row,
                link.seen,
            )
        })
        .collect();
    assert_eq!(states, [(false, 1, 1, 3, 2), (true, 2, 4, 4, 2)]);
}

#[test]
fn sightings_are_counted_batch_by_batch() {
    let mut story = story();
    story.record(1, "P:a D:1");
    story.record(1, "P:a D:1");
    story.record(1, "P:a D:1 P:b");
    story.record(2, "P:a D:1");
    assert_eq!(story.sightings(), [(1, 10, 20, 2), (2, 40, 40, 1)]);
    assert_eq!(story.sightings(), []);
    story.record(2, "P:a D:1");
    assert_eq!(story.sightings(), [(2, 50, 50, 1)]);
}

#[test]
fn a_deleted_identity_takes_its_links_and_nothing_returns() {
    let mut story = story();
    story.record(1, "P:a D:1");
    story.record(1, "P:b D:1");
    story.record(1, "P:b D:2");
    story.graph.drain_changes();
    let node = story.node("P:b");
    let observed = story.graph.delete_identity(node);
    let links: Vec<_> = observed.removed.iter().map(|gone| gone.link).collect();
    assert_eq!(story.pairs(&links), ["D:2 P:b", "D:1 P:b"]);
    let changes = story.graph.drain_changes();
    assert!(changes.turns.iter().all(|turn| turn.by.is_none()));
    assert_eq!(story.moved(&changes), ["D:2 to D:2", "P:b to P:b"]);
    let reason = observed
        .removed
        .first()
        .map(|gone| story.graph.removal(gone.cause).to_string());
    assert_eq!(reason.as_deref(), Some("P:b was deleted"));
    assert_eq!(story.graph.links_of(node).count(), 0);
}

#[test]
fn what_a_store_has_is_restored_with_its_history() {
    let mut story = story();
    let (person, device) = (NamespaceId(1), NamespaceId(2));
    story.graph.number_from(IdentityId(100));
    let a = story.graph.restore_identity(IdentityId(7), person, "a");
    let d = story.graph.restore_identity(IdentityId(3), device, "1");
    let link = story.graph.restore_link(a, d, at(1, 1), at(2, 5), 4);
    story.graph.restore_since(link, at(2, 2));
    let members = story.graph.members(a).into_iter();
    assert_eq!(members.min_by_key(|node| story.graph.id(*node)), Some(d));
    story.graph.drain_changes();
    story.row = 9;
    story.record(3, "P:b D:1");
    let changes = story.graph.drain_changes();
    let since = changes.turns.iter().map(|turn| turn.what);
    let cause = Cause::Unique {
        a: story.node("P:b"),
        b: a,
    };
    let removed = Happening::Removed {
        since: at(2, 2),
        cause,
    };
    assert_eq!(since.collect::<Vec<_>>(), [removed]);
    let newcomer = story.node("P:b");
    assert_eq!(story.graph.id(newcomer), IdentityId(100));
    story.record(3, "P:a D:1");
    story
        .graph
        .restore_removed_link(a, d, at(1, 1), at(2, 5), 4);
    assert_eq!(story.graph.link(link).seen, 5);
    assert_eq!(story.graph.link(link).first, at(1, 1));
}

#[test]
fn a_replay_goes_by_rows_alone() {
    let check = |recency: Recency, expected: &str| {
        let mut story = story_by(recency);
        story.record(9, "D:1 D:2");
        story.record(1, "D:2 D:3");
        story.record(9, "P:a D:1");
        let observed = story.record(9, "P:b D:3");
        let gone: Vec<_> = observed.removed.iter().map(|gone| gone.link).collect();
        assert_eq!(story.pairs(&gone), [expected]);
    };
    check(Recency::Arrival, "D:2 D:3");
    check(Recency::Replay, "D:1 D:2");
}
