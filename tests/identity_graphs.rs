//! Holds the linking of identities against worked graphs, one case after another.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a table that cannot be read is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};

use onefold::identity::{
    Simulation, SimulationOptions, SimulationSettings, Simulator, parse_events,
};
use onefold::model::{Identity, Namespace, NamespaceId, StoreSettings};

#[derive(Default)]
struct Case {
    name: String,
    namespaces: Vec<Namespace>,
    options: SimulationOptions,
    records: Vec<String>,
    datasets: Vec<String>,
    deletion: Option<String>,
    /// What is stated of the end, and of what is known after some records: lines by their first words.
    stated: BTreeMap<String, Vec<String>>,
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for line in include_str!("identity-graphs.txt").lines() {
        if let Some(name) = line.strip_prefix("== ") {
            let name = name.to_owned();
            cases.push(Case {
                name,
                ..Case::default()
            });
        } else if !line.starts_with('#') && !line.is_empty() {
            cases.last_mut().expect("a case has a name").read(line);
        }
    }
    cases
}

impl Case {
    fn read(&mut self, line: &str) {
        if let Some(record) = line.strip_prefix("> ") {
            self.read_record(record);
        } else if line.ends_with(" is deleted") {
            self.deletion = Some(line.to_owned());
        } else if let Some(list) = line.strip_prefix("namespaces ") {
            self.namespaces = list.split(", ").zip(1..).map(namespace).collect();
        } else if let Some(options) = line.strip_prefix("with ") {
            for option in options.split(", ") {
                match option.split_once(' ') {
                    Some(("cap", n)) => {
                        self.options.max_identities = Some(n.parse().expect("a number"));
                    }
                    Some(("block", code)) => self.options.block.push(code.to_owned()),
                    _ => self.options.check_values = option == "checked",
                }
            }
        } else {
            let words = match line.split(' ').next() {
                Some("after") => 3,
                Some("no") => 2,
                _ => 1,
            };
            let at = line.match_indices(' ').nth(words - 1).expect(line).0;
            let key = line[..at].to_owned();
            let stated = self.stated.entry(key).or_default();
            stated.push(spelled_out(&line[at + 1..]));
        }
    }

    fn read_record(&mut self, record: &str) {
        let (dataset, record) = match record.strip_prefix('[').and_then(|r| r.split_once("] ")) {
            Some((dataset, record)) => (dataset, record),
            None => ("", record),
        };
        self.datasets.push(dataset.to_owned());
        self.records.push(spelled_out(record));
    }

    fn settings(&self) -> SimulationSettings {
        let namespaces = self.namespaces.clone();
        SimulationSettings::new(namespaces, StoreSettings::default(), &self.options)
    }

    /// The simulation of the records of which this says yes.
    fn run(&self, is_in: impl Fn(usize) -> bool) -> Simulator {
        let mut simulator = Simulator::new(&self.settings());
        for (i, record) in self.records.iter().enumerate().filter(|(i, _)| is_in(*i)) {
            let text = "\n".repeat(i) + record;
            for event in parse_events(&text).expect(record) {
                simulator.take(&event).expect(record);
            }
        }
        simulator
    }

    /// The state at the end, after what is deleted then.
    fn end(&self) -> Simulation {
        let mut simulator = self.run(|_| true);
        let before = simulator.result();
        let deletion = self.deletion.as_deref().unwrap_or_default();
        let what: Vec<_> = deletion.split(' ').collect();
        match what.as_slice() {
            ["identity", identity, ..] => simulator.delete(&identity.parse().expect(identity)),
            ["dataset", dataset, ..] => {
                let rest = self.run(|i| self.datasets[i] != *dataset).result();
                return without(&before, rest);
            }
            _ => {}
        }
        simulator.result()
    }

    fn check(&self, key: &str, found: impl IntoIterator<Item = String>) {
        let stated = self.stated.get(key).cloned().unwrap_or_default();
        if stated != ["?"] {
            let found: Vec<_> = found.into_iter().collect();
            let as_set = |list: &[String]| list.iter().cloned().collect::<BTreeSet<_>>();
            assert_eq!(as_set(&found), as_set(&stated), "{}: {key}", self.name);
            assert_eq!(found.len(), stated.len(), "{}: {key}", self.name);
        }
    }
}

/// A replay without a dataset tells nothing of what only that dataset knew, so the comparison adds it.
fn without(before: &Simulation, mut rest: Simulation) -> Simulation {
    let known: BTreeSet<_> = rest.graphs.iter().flatten().cloned().collect();
    let all = before.graphs.iter().flatten();
    let lost = all.filter(|identity| !known.contains(*identity));
    rest.singletons.extend(lost.cloned());
    for (a, b) in &before.links {
        if !rest.links.contains(&(a.clone(), b.clone())) {
            rest.removed.push(onefold::identity::RemovedLink {
                a: a.clone(),
                b: b.clone(),
                reason: "the dataset was deleted".into(),
            });
        }
    }
    rest
}

fn namespace((text, place): (&str, u16)) -> Namespace {
    let (code, kind) = text.split_once(' ').expect(text);
    Namespace {
        id: NamespaceId(0),
        code: code.trim_end_matches('!').to_owned(),
        kind: kind.parse().expect(kind),
        unique: code.ends_with('!'),
        priority: Some(u32::from(place)),
    }
}

/// Writes out `{x*9}`.
fn spelled_out(text: &str) -> String {
    let Some((before, rest)) = text.split_once('{') else {
        return text.to_owned();
    };
    let (inner, after) = rest.split_once('}').expect(text);
    let (letter, times) = inner.split_once('*').expect(text);
    let times = times.parse().expect(times);
    format!("{before}{}{}", letter.repeat(times), spelled_out(after))
}

fn list<T: ToString>(items: &[T], between: &str) -> String {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    items.join(between)
}

fn graphs(simulation: &Simulation) -> Vec<String> {
    let graphs = simulation.graphs.iter();
    graphs.map(|graph| list(graph, ", ")).collect()
}

/// Nothing, where there is nothing to list.
fn line<T: ToString>(items: &[T], between: &str) -> Option<String> {
    (!items.is_empty()).then(|| list(items, between))
}

#[test]
fn every_worked_graph_comes_out_as_stated() {
    let cases = cases();
    assert_eq!(cases.len(), 76);
    for case in &cases {
        let end = case.end();
        case.check("graph", graphs(&end));
        if case.stated.get("graph").is_none_or(|graph| graph != &["?"]) {
            case.check("alone", line(&end.singletons, ", "));
        }
        let pair = |a: &Identity, b: &Identity| format!("{a} {b}");
        case.check("link", end.links.iter().map(|(a, b)| pair(a, b)));
        case.check(
            "removed",
            end.removed.iter().map(|gone| pair(&gone.a, &gone.b)),
        );
    }
}

#[test]
fn every_record_is_taken_or_refused_as_stated() {
    for case in cases() {
        let end = case.run(|_| true).result();
        case.check("skipped", line(&end.skipped, " "));
        let because = |reason: &str| {
            let lines = end.rejected.iter();
            let lines = lines.filter(|rejected| rejected.reason.contains(reason));
            lines.map(|rejected| rejected.line).collect::<Vec<_>>()
        };
        case.check("refused", line(&because("two values of the unique"), " "));
        case.check("no event", line(&because("two values of the primary"), " "));
        let stated = case.stated.get("primary").cloned().unwrap_or_default();
        for stated in stated {
            for (stated, found) in stated.split(", ").zip(&end.primary) {
                let found = found.as_ref().map_or("none".into(), Identity::to_string);
                assert!(stated == "-" || stated == found, "{}: {found}", case.name);
            }
        }
    }
}

#[test]
fn every_state_on_the_way_is_as_stated() {
    let mut checked = 0;
    for case in cases() {
        for key in case.stated.keys() {
            if let Some((after, _)) = key.strip_prefix("after ").and_then(|k| k.split_once(' ')) {
                let after: usize = after.parse().expect(key);
                let state = case.run(|i| i < after).result();
                case.check(key, graphs(&state));
                checked += 1;
            }
        }
    }
    assert_eq!(checked, 4);
}

#[test]
fn the_removal_of_a_link_names_both_values() {
    let case = cases()
        .into_iter()
        .find(|case| case.name == "ioa-bad-email-alpha");
    let removed = case.expect("the case").end().removed;
    let reason = "CRMID is unique per graph: 456 and 123";
    let reasons: Vec<_> = removed.iter().map(|gone| gone.reason.as_str()).collect();
    assert_eq!(reasons, [reason, reason]);
}
