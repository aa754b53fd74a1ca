//! What an import leaves behind when it is not allowed to end: killed, interrupted, out of room, or beside another one.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod dump;
mod feed;
mod store;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dump::dump;
use feed::{Feed, events};
use store::Place;

/// As many rows as make the reading, the sorting and the writing last a moment each.
const ROWS: usize = 4_000;

/// The moment of the import that is disturbed; that of the one before it is earlier.
const AT: &str = "2024-02-01T00:00:00Z";

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn share(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) as f64 / f64::from(u32::MAX >> 1)
    }
}

/// How long an import takes behind its last row, when nobody disturbs it.
fn undisturbed(place: &Place, text: &str) -> Duration {
    let mut feed = Feed::start(place, AT);
    feed.write(text);
    let closed = Instant::now();
    let ended = feed.finish();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    closed.elapsed()
}

/// Kills imports at many moments, and holds every store that is left against those of before and after.
fn kill_everywhere(make: fn() -> Place) {
    let text = events(ROWS, 7);
    let before = dump(&make().store());
    let whole = make();
    let writing = undisturbed(&whole, &text);
    let after = dump(&whole.store());
    assert_ne!(before, after);

    let mut place = make();
    let mut chance = Chance(41);
    for kill in 0..16 {
        let mut feed = Feed::start(&place, AT);
        if kill % 2 == 0 {
            let share = chance.share();
            feed.write(&text[..(text.len() as f64 * share) as usize]);
        } else {
            feed.write(&text);
            feed.close();
            std::thread::sleep(writing.mul_f64(chance.share()));
        }
        feed.kill();
        let left = dump(&place.store());
        if left == after {
            // It was done before the blow: the next one hits another store.
            place.check();
            place = make();
            continue;
        }
        assert!(
            left == before,
            "kill {kill} left neither the state before nor the one after"
        );
        place.check();
    }
    let mut feed = Feed::start(&place, AT);
    feed.write(&text);
    assert_eq!(feed.finish().code, Some(0));
    assert!(
        dump(&place.store()) == after,
        "the import that was killed cannot be repeated"
    );
    place.check();
    assert_eq!(place.strangers(), Vec::<String>::new());
}

#[test]
fn a_killed_import_into_a_new_store_leaves_none_or_a_whole_one() {
    kill_everywhere(Place::empty);
}

#[test]
fn a_killed_import_into_a_store_leaves_it_as_before_or_as_after() {
    kill_everywhere(Place::with_people);
}

#[test]
fn an_interrupted_import_changes_nothing_and_says_so() {
    for signal in ["INT", "TERM"] {
        for make in [Place::empty as fn() -> Place, Place::with_people] {
            let place = make();
            let before = dump(&place.store());
            let mut feed = Feed::start(&place, AT);
            // So much fits into no pipe: when it is written, the import is under way.
            feed.write(&events(ROWS, 7));
            feed.signal(signal);
            let ended = feed.write_until_closed(&events(1_000, 8));
            assert_eq!(ended.code, Some(1), "{signal}: {}", ended.stderr);
            assert!(
                ended
                    .stderr
                    .contains("error: the import was cancelled; nothing was changed"),
                "{signal}: {}",
                ended.stderr
            );
            assert!(dump(&place.store()) == before, "{signal}");
            assert_eq!(place.strangers(), Vec::<String>::new(), "{signal}");
        }
    }
}

/// Runs an import that may write no file longer than this.
fn with_small_files(place: &Place, kilobytes: usize) -> feed::Ended {
    let script = format!(
        "trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"",
        kilobytes * 2
    );
    let mut command = Command::new("sh");
    command
        .args(["-c", &script, env!("CARGO_BIN_EXE_onefold")])
        .args(feed::arguments(AT));
    let mut feed = Feed::spawn(place, command);
    feed.write_as_far_as_it_goes(&events(ROWS, 7));
    feed.finish()
}

#[test]
fn an_import_that_finds_no_more_room_changes_nothing() {
    for make in [Place::empty as fn() -> Place, Place::with_people] {
        let place = make();
        let before = dump(&place.store());
        let ended = with_small_files(&place, 64);
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        let errors: Vec<_> = ended
            .stderr
            .lines()
            .filter(|l| l.starts_with("error: "))
            .collect();
        assert_eq!(errors.len(), 1, "{}", ended.stderr);
        assert!(dump(&place.store()) == before);
        assert_eq!(place.strangers(), Vec::<String>::new());
        let mut feed = Feed::start(&place, AT);
        feed.write(&events(ROWS, 7));
        assert_eq!(feed.finish().code, Some(0));
        place.check();
    }
}

#[test]
fn on_a_full_disk_nothing_is_changed_and_what_is_known_to_be_too_much_is_not_begun() {
    let Some(disk) = store::Disk::of_megabytes(3) else {
        println!("skipped: a small disk can only be made by root, with tmpfs");
        return;
    };
    let place = Place::on(disk.path());
    place.import_people();
    let before = dump(&place.store());
    let elsewhere = tempfile::tempdir().unwrap();
    let large = elsewhere.path().join("web.jsonl");
    std::fs::write(&large, events(40_000, 7)).unwrap();
    let refused = place.run(&["import", &large.display().to_string()]);
    assert_eq!(refused.code, Some(1));
    assert!(
        refused.stderr.contains("error: the import needs about ")
            && refused.stderr.contains(" MB are free there; make room"),
        "{}",
        refused.stderr
    );
    // From a pipe nobody can tell how much will come.
    let mut feed = Feed::start(&place, AT);
    feed.write_as_far_as_it_goes(&events(40_000, 7));
    let full = feed.finish();
    assert_eq!(full.code, Some(1), "{}", full.stderr);
    assert!(
        full.stderr.contains("nothing was changed"),
        "{}",
        full.stderr
    );
    assert!(dump(&place.store()) == before);
    place.check();
}

#[test]
fn a_second_writer_waits_for_the_first_and_says_so_and_readers_see_the_state_before() {
    let place = Place::with_people();
    let events_of = |place: &Place| {
        let stats = place.run(&["stats", "--json"]);
        assert_eq!(stats.code, Some(0), "{}", stats.stderr);
        let stats: serde_json::Value = serde_json::from_str(&stats.stdout).unwrap();
        stats["events"].as_u64().unwrap()
    };
    let before = events_of(&place);
    let mut first = Feed::start(&place, AT);
    first.write(&events(ROWS, 7));

    assert_eq!(events_of(&place), before, "a reader saw half an import");
    let mut second = place
        .command(&["import", "people.jsonl", "--dataset", "again"])
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(second.stderr.take().unwrap()).lines();
    let waiting = said
        .map(Result::unwrap)
        .find(|line| line.starts_with("waiting for"));
    let expected = format!("waiting for `onefold import` (process {})", first.id());
    assert_eq!(waiting.as_deref(), Some(expected.as_str()));

    assert_eq!(first.finish().code, Some(0));
    assert!(second.wait().unwrap().success());
    assert_eq!(events_of(&place), before + ROWS as u64);
    place.check();
}

#[test]
fn a_second_writer_gives_up_in_the_end_and_says_who_writes() {
    let place = Place::with_people();
    let mut first = Feed::start(&place, AT);
    first.write(&events(ROWS, 7));
    let second = place.run(&["import", "people.jsonl", "--dataset", "again", "--quiet"]);
    assert_eq!(second.code, Some(1));
    let by = format!(
        "is being written by `onefold import` (process {})",
        first.id()
    );
    assert!(second.stderr.contains(&by), "{}", second.stderr);
    assert!(!second.stderr.contains("waiting"), "{}", second.stderr);
    assert_eq!(first.finish().code, Some(0));
}
