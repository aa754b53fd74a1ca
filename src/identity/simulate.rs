//! Simulation: identity graphs from lines of text, by the same admission and linking as an import, with nothing stored.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;

use super::admit::{Admission, Admitted, Mention};
use super::changes::{Cause, Observed};
use super::error::IdentityError;
use super::graph::Graph;
use super::lines::{EventLine, parse_events};
use super::links::{LinkNumber, Sighting};
use super::names::Node;
use super::options::{SimulationSettings, undeclared};
use crate::model::{BatchId, DatasetKind, Identity, NamespaceId, Refusal};

/// What a simulation shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Simulation {
    /// The graphs, each sorted.
    pub graphs: Vec<Vec<Identity>>,
    /// Identities that had links and have none now, but not those that the cap gave up or that were deleted.
    pub singletons: Vec<Identity>,
    /// The links that hold.
    pub links: Vec<(Identity, Identity)>,
    /// The links that were removed and did not return.
    pub removed: Vec<RemovedLink>,
    /// Lines of which something was refused: all of it, its links, or the event.
    pub rejected: Vec<RejectedLine>,
    /// Lines that link nothing because too few of their identities are left, or because a value check refuses them.
    pub skipped: Vec<u64>,
    /// The primary identity of each event; none where it is refused.
    pub primary: Vec<Option<Identity>>,
}

/// A link that a simulation made and took away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct RemovedLink {
    /// The smaller of its two identities, as strings.
    pub a: Identity,
    /// The larger one.
    pub b: Identity,
    /// Why.
    pub reason: String,
}

/// A line of which something was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RejectedLine {
    /// The physical line, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// Reads events from text and shows the graphs that they make.
pub fn simulate(text: &str, settings: &SimulationSettings) -> Result<Simulation, IdentityError> {
    let mut simulator = Simulator::new(settings);
    for event in parse_events(text)? {
        simulator.take(&event)?;
    }
    Ok(simulator.result())
}

/// A simulation under way.
pub struct Simulator {
    graph: Graph,
    admission: Admission,
    namespaces: HashMap<String, NamespaceId>,
    last_number: u16,
    /// Given up by the cap or deleted, and not linked again since.
    gone: HashSet<Node>,
    reasons: HashMap<LinkNumber, Cause>,
    rejected: Vec<RejectedLine>,
    skipped: Vec<u64>,
    primary: Vec<Option<Identity>>,
}

impl Simulator {
    /// A simulation in which nothing has happened.
    pub fn new(settings: &SimulationSettings) -> Simulator {
        let known = settings.link().namespaces.iter().rev();
        let last = known.clone().map(|namespace| namespace.id.0).max();
        Simulator {
            graph: Graph::new(settings.link()),
            admission: Admission::new(settings.link()),
            namespaces: known.map(|n| (n.code.to_lowercase(), n.id)).collect(),
            last_number: last.unwrap_or(0),
            gone: HashSet::new(),
            reasons: HashMap::new(),
            rejected: Vec::new(),
            skipped: Vec::new(),
            primary: Vec::new(),
        }
    }

    /// Takes the next event.
    pub fn take(&mut self, event: &EventLine) -> Result<(), IdentityError> {
        let mut mentions = Vec::new();
        for identity in &event.identities {
            mentions.push(Mention {
                namespace: self.namespace(&identity.namespace, event.line)?,
                value: &identity.value,
                is_primary: false,
            });
        }
        let admitted = self.admission.admit(DatasetKind::Event, &mentions);
        self.note(event.line, &admitted);
        let mut nodes = Vec::new();
        let mut primary = None;
        for at in &admitted.named {
            let Some(Mention {
                namespace, value, ..
            }) = mentions.get(*at)
            else {
                continue;
            };
            let node = self.graph.intern(*namespace, value);
            if admitted.primary == Some(*at) {
                primary = Some(self.graph.name(node));
            }
            if admitted.linked.binary_search(at).is_ok() {
                nodes.push(node);
            }
        }
        self.primary.push(primary);
        let at = Sighting {
            batch: BatchId(1),
            row: self.primary.len() as u64,
            line: event.line,
        };
        let observed = self.graph.observe(&nodes, at);
        if nodes.len() > 1 {
            self.gone.retain(|node| !nodes.contains(node));
        }
        self.gone.extend(&observed.given_up);
        self.remember(&observed);
        Ok(())
    }

    /// Deletes an identity: its links go and nothing returns.
    pub fn delete(&mut self, identity: &Identity) {
        let code = identity.namespace.to_lowercase();
        let namespace = self.namespaces.get(&code).copied();
        let node = namespace.and_then(|id| self.graph.lookup(id, &identity.value));
        if let Some(node) = node {
            let observed = self.graph.delete_identity(node);
            self.gone.insert(node);
            self.remember(&observed);
        }
    }

    /// What there is to see now.
    pub fn result(&self) -> Simulation {
        let mut simulation = Simulation {
            rejected: self.rejected.clone(),
            skipped: self.skipped.clone(),
            primary: self.primary.clone(),
            ..Simulation::default()
        };
        let mut once_linked = BTreeSet::new();
        for link in self.graph.links() {
            let state = self.graph.link(link);
            once_linked.extend([state.a, state.b]);
            let (a, b) = self.graph.ends(link);
            if state.is_kept {
                simulation.links.push((a, b));
            } else if let Some(cause) = self.reasons.get(&link) {
                let reason = self.graph.removal(*cause).to_string();
                simulation.removed.push(RemovedLink { a, b, reason });
            }
        }
        let mut graphs: BTreeMap<u32, Vec<Identity>> = BTreeMap::new();
        for node in once_linked {
            let name = self.graph.name(node);
            if self.graph.component_size(node) > 1 {
                graphs.entry(self.graph.label(node)).or_default().push(name);
            } else if !self.gone.contains(&node) {
                simulation.singletons.push(name);
            }
        }
        simulation.graphs = graphs.into_values().collect();
        sort(&mut simulation);
        simulation
    }

    fn namespace(&mut self, code: &str, line: u64) -> Result<NamespaceId, IdentityError> {
        let lower = code.to_lowercase();
        if let Some(id) = self.namespaces.get(&lower) {
            return Ok(*id);
        }
        let Some(number) = self.last_number.checked_add(1) else {
            let limit = u16::MAX;
            return Err(IdentityError::TooManyNamespaces { line, limit });
        };
        self.last_number = number;
        let namespace = undeclared(NamespaceId(number), code);
        self.graph.add_namespace(&namespace);
        self.admission.add_namespace(&namespace);
        self.namespaces.insert(lower, namespace.id);
        Ok(namespace.id)
    }

    /// A line that a value check refuses is skipped, and stands among the rejected ones with the reason.
    fn note(&mut self, line: u64, admitted: &Admitted) {
        let refused: Vec<_> = admitted
            .refusals
            .iter()
            .filter(|refusal| !matches!(refusal, Refusal::BlockedValue { .. }))
            .map(Refusal::to_string)
            .collect();
        if !refused.is_empty() {
            let reason = refused.join("; ");
            self.rejected.push(RejectedLine { line, reason });
        }
        let has_two_values = admitted
            .refusals
            .iter()
            .any(|refusal| matches!(refusal, Refusal::TwoValues { .. }));
        if admitted.linked.len() < 2 && !has_two_values {
            self.skipped.push(line);
        }
    }

    fn remember(&mut self, observed: &Observed) {
        let causes = observed.removed.iter().map(|gone| (gone.link, gone.cause));
        self.reasons.extend(causes);
    }
}

fn sort(simulation: &mut Simulation) {
    for graph in &mut simulation.graphs {
        graph.sort_by_cached_key(Identity::to_string);
    }
    let text = |identities: &Vec<Identity>| identities.iter().map(Identity::to_string).collect();
    simulation
        .graphs
        .sort_by_cached_key(|graph| -> Vec<String> { text(graph) });
    simulation
        .singletons
        .sort_by_cached_key(Identity::to_string);
    simulation
        .links
        .sort_by_cached_key(|(a, b)| (a.to_string(), b.to_string()));
    simulation
        .removed
        .sort_by_cached_key(|link| (link.a.to_string(), link.b.to_string()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::SimulationOptions;
    use crate::model::StoreSettings;

    fn shown(text: &str, options: &SimulationOptions) -> String {
        let settings = SimulationSettings::new(Vec::new(), StoreSettings::default(), options);
        let simulation = simulate(text, &settings).expect(text);
        serde_json::to_string(&simulation).expect(text)
    }

    fn options(unique: &str, priority: &str) -> SimulationOptions {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect();
        SimulationOptions {
            unique: words(unique),
            priority: words(priority),
            ..SimulationOptions::default()
        }
    }

    #[test]
    fn a_simulation_is_written_as_the_command_promises() {
        let text = "# a shared device\nCRMID: Jane, ECID: 111\n\ncrmid: Tom, ECID: 111\nECID: 222\nCRMID: a, CRMID: b, ECID: 9\n";
        let expected = concat!(
            r#"{"graphs":[["CRMID:Tom","ECID:111"]],"singletons":["CRMID:Jane"],"#,
            r#""links":[["CRMID:Tom","ECID:111"]],"#,
            r#""removed":[{"a":"CRMID:Jane","b":"ECID:111","reason":"CRMID is unique per graph: Jane and Tom"}],"#,
            r#""rejected":[{"line":6,"reason":"two values of the primary namespace CRMID in one event: a and b; "#,
            r#"two values of the unique namespace CRMID in one record: a and b"}],"#,
            r#""skipped":[5],"primary":["CRMID:Jane","CRMID:Tom","ECID:222",null]}"#
        );
        assert_eq!(shown(text, &options("CRMID", "CRMID ECID")), expected);
    }

    #[test]
    fn nothing_simulated_shows_nothing() {
        let expected = r#"{"graphs":[],"singletons":[],"links":[],"removed":[],"rejected":[],"skipped":[],"primary":[]}"#;
        assert_eq!(shown("", &options("", "")), expected);
    }

    #[test]
    fn what_the_cap_gave_up_is_no_singleton_unless_it_was_linked_again() {
        let options = SimulationOptions {
            max_identities: Some(2),
            ..options("CRMID", "CRMID ECID")
        };
        let check = |text: &str, singletons: &[&str]| {
            let settings = SimulationSettings::new(Vec::new(), StoreSettings::default(), &options);
            let simulation = simulate(text, &settings).expect(text);
            let found: Vec<_> = simulation
                .singletons
                .iter()
                .map(Identity::to_string)
                .collect();
            assert_eq!(found, singletons, "{text}");
        };
        check("CRMID:A,ECID:1\nCRMID:A,ECID:2", &[]);
        check("CRMID:A,ECID:1\nCRMID:A,ECID:2\nECID:1", &[]);
        let relinked = "CRMID:A,ECID:1\nCRMID:A,ECID:2\nCRMID:B,ECID:1\nCRMID:C,ECID:1";
        check(relinked, &["CRMID:B"]);
    }

    #[test]
    fn a_line_that_a_value_check_refuses_is_skipped_with_its_reason() {
        let options = SimulationOptions {
            check_values: true,
            ..options("", "CRMID ECID")
        };
        let settings = SimulationSettings::new(Vec::new(), StoreSettings::default(), &options);
        let found = simulate("CRMID:A, ECID:1\nCRMID:B, Email: null", &settings).expect("lines");
        assert_eq!(found.skipped, [1, 2]);
        let reasons: Vec<_> = found
            .rejected
            .iter()
            .map(|r| (r.line, r.reason.as_str()))
            .collect();
        assert_eq!(reasons, [(1, "ECID `1` is not exactly 38 digits")]);
        let primary: Vec<_> = found
            .primary
            .iter()
            .flatten()
            .map(Identity::to_string)
            .collect();
        assert_eq!(
            (found.primary.len(), primary),
            (2, vec!["CRMID:B".to_owned()])
        );
    }
}
