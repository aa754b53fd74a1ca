//! Random worlds in which the linker and the plain rule must agree after every record.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::changes::{Cause, Observed};
use super::graph::Graph;
use super::links::{KEPT, LinkNumber, Sighting, TREE};
use super::names::Node;
use super::plain::{Pair, Plain, reached};
use crate::model::{
    BatchId, Identity, LinkSettings, Namespace, NamespaceId, NamespaceKind, StoreSettings,
};

#[derive(Clone, Debug)]
enum Happening {
    /// A record of these identities: namespace and value.
    Record(Vec<(usize, u8)>),
    /// An identity is deleted.
    Deletion(usize, u8),
    /// The graph is loaded anew under settings in which this namespace's uniqueness is turned over.
    Resettled(usize),
}

#[derive(Clone, Debug)]
struct World {
    namespaces: Vec<(NamespaceKind, bool, Option<u32>)>,
    cap: Option<u32>,
    history: Vec<Happening>,
}

fn worlds(values: u8, length: usize) -> impl Strategy<Value = World> {
    let kind = prop::sample::select(&NamespaceKind::ALL[..5]);
    let place = prop_oneof![4 => (1u32..4).prop_map(Some), 1 => Just(None)];
    let namespaces = prop::collection::vec((kind, any::<bool>(), place), 2..6);
    let cap = prop_oneof![3 => Just(None), 1 => (2u32..9).prop_map(Some)];
    (namespaces, cap).prop_flat_map(move |(namespaces, cap)| {
        let of = 0..namespaces.len();
        let identity = (of.clone(), 0..values);
        let record = prop::collection::vec(identity.clone(), 1..5).prop_map(Happening::Record);
        let deletion = identity.prop_map(|(n, v)| Happening::Deletion(n, v));
        let resettled = of.prop_map(Happening::Resettled);
        let happening = prop_oneof![40 => record, 1 => deletion, 1 => resettled];
        prop::collection::vec(happening, 1..length).prop_map(move |history| World {
            namespaces: namespaces.clone(),
            cap,
            history,
        })
    })
}

fn settings(world: &World) -> LinkSettings {
    let namespaces = world.namespaces.iter().zip("ABCDEF".chars()).zip(0..);
    LinkSettings {
        namespaces: namespaces
            .map(|(((kind, unique, priority), code), id)| Namespace {
                id: NamespaceId(id),
                code: code.to_string(),
                kind: *kind,
                unique: *unique,
                priority: *priority,
            })
            .collect(),
        store: StoreSettings {
            max_identities: world.cap,
            ..StoreSettings::default()
        },
    }
}

/// Both ways side by side.
struct Trial {
    graph: Graph,
    plain: Plain,
    order: u64,
}

impl Trial {
    fn run(world: &World) -> Result<(), TestCaseError> {
        let settings = settings(world);
        let mut trial = Trial {
            graph: Graph::new(&settings),
            plain: Plain::new(settings),
            order: 0,
        };
        for happening in &world.history {
            trial.order += 1;
            match happening {
                Happening::Record(record) => trial.record(record)?,
                Happening::Deletion(namespace, value) => trial.delete(*namespace, *value),
                Happening::Resettled(namespace) => trial.resettle(*namespace),
            }
            trial.compare()?;
        }
        Ok(())
    }

    fn record(&mut self, record: &[(usize, u8)]) -> Result<(), TestCaseError> {
        let code = |namespace: usize| self.plain.settings.namespaces[namespace].code.clone();
        let identities: Vec<_> = record
            .iter()
            .map(|(namespace, value)| Identity::new(code(*namespace), value.to_string()))
            .collect();
        let nodes: Vec<_> = record
            .iter()
            .map(|(n, v)| self.graph.intern(NamespaceId(*n as u16), &v.to_string()))
            .collect();
        let at = sighting(self.order);
        let observed = self.graph.observe(&nodes, at);
        let expected = self.plain.observe(&identities, self.order);
        let removed: Vec<_> = observed.removed.iter().map(|r| self.pair(r.link)).collect();
        prop_assert_eq!(removed.len(), expected.len());
        prop_assert_eq!(removed.into_iter().collect::<BTreeSet<_>>(), expected);
        self.causes_are_true(&observed)
    }

    fn causes_are_true(&self, observed: &Observed) -> Result<(), TestCaseError> {
        let graph = &self.graph;
        for removed in &observed.removed {
            let ends = self.pair(removed.link);
            match removed.cause {
                Cause::Unique { a, b } => {
                    prop_assert!(graph.names.is_unique(a));
                    prop_assert_eq!(graph.namespace_of(a), graph.namespace_of(b));
                    prop_assert_ne!(a, b);
                    if observed.given_up.is_empty() {
                        let named = |node: Node| graph.name(node).to_string();
                        let with = |node| graph.members(node).into_iter().map(named);
                        prop_assert!(with(a).any(|name| name == ends.0));
                        prop_assert!(with(b).any(|name| name == ends.1));
                    }
                }
                Cause::Cap { node } => prop_assert!(observed.given_up.contains(&node)),
                Cause::Deleted { .. } => prop_assert!(false, "no record deletes"),
            }
        }
        Ok(())
    }

    fn delete(&mut self, namespace: usize, value: u8) {
        let (id, value) = (NamespaceId(namespace as u16), value.to_string());
        if let Some(node) = self.graph.lookup(id, &value) {
            self.plain.delete(&self.graph.name(node).to_string());
            self.graph.delete_identity(node);
        }
    }

    /// Loads what there is into another graph, in another order, under other settings.
    fn resettle(&mut self, namespace: usize) {
        let settings = &mut self.plain.settings;
        settings.namespaces[namespace].unique ^= true;
        let old = std::mem::replace(&mut self.graph, Graph::new(settings));
        let mut nodes: Vec<_> = old.nodes().collect();
        nodes.reverse();
        let restored: BTreeMap<_, _> = nodes
            .into_iter()
            .map(|node| {
                let (id, namespace) = (old.id(node), old.namespace_of(node));
                let value = old.value(node);
                (node, self.graph.restore_identity(id, namespace, value))
            })
            .collect();
        for link in old.links() {
            let state = old.link(link);
            let (a, b) = (restored[&state.a], restored[&state.b]);
            if state.is_kept {
                self.graph
                    .restore_link(a, b, state.first, state.last, state.seen);
            } else {
                self.graph
                    .restore_removed_link(a, b, state.first, state.last, state.seen);
            }
        }
    }

    fn compare(&self) -> Result<(), TestCaseError> {
        let graph = &self.graph;
        let mut kept = BTreeMap::new();
        for link in graph.links() {
            let state = graph.link(link);
            prop_assert_eq!(state.seen, self.plain.seen[&self.pair(link)]);
            if state.is_kept {
                kept.insert(self.pair(link), state.last.row);
            }
        }
        prop_assert_eq!(&kept, &self.plain.kept);
        let links: Vec<_> = kept.into_keys().collect();
        for node in graph.nodes() {
            let name = graph.name(node).to_string();
            let members: BTreeSet<_> = graph
                .members(node)
                .into_iter()
                .map(|member| graph.name(member).to_string())
                .collect();
            prop_assert_eq!(members.len(), graph.component_size(node));
            prop_assert_eq!(members, reached(&links, &BTreeSet::from([name])));
            let mut holders = graph.unique_values(node);
            holders.sort_unstable();
            let mut expected = graph.members(node);
            expected.retain(|member| graph.names.is_unique(*member));
            expected.sort_unstable();
            prop_assert_eq!(holders, expected);
        }
        self.forest_is_of_the_strongest()
    }

    /// The tree links are those that join something when all are taken in the order of a rebuild.
    fn forest_is_of_the_strongest(&self) -> Result<(), TestCaseError> {
        let graph = &self.graph;
        let mut links: Vec<_> = graph
            .links()
            .filter(|l| graph.links.has(*l, KEPT))
            .collect();
        links.sort_by(|x, y| graph.compare_links(*x, *y));
        let mut label: Vec<_> = graph.nodes().collect();
        for link in links {
            let [a, b] = graph.links.ends(link);
            let (a, b) = (label[a.index()], label[b.index()]);
            prop_assert_eq!(graph.links.has(link, TREE), a != b);
            label.iter_mut().filter(|l| **l == b).for_each(|l| *l = a);
        }
        Ok(())
    }

    fn pair(&self, link: LinkNumber) -> Pair {
        let (a, b) = self.graph.ends(link);
        (a.to_string(), b.to_string())
    }
}

fn sighting(order: u64) -> Sighting {
    Sighting {
        batch: BatchId(1),
        row: order,
        line: order,
    }
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn the_linker_agrees_with_the_rule_where_few_values_meet_often(world in worlds(4, 40)) {
        Trial::run(&world)?;
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn the_linker_agrees_with_the_rule_in_larger_graphs(world in worlds(16, 120)) {
        Trial::run(&world)?;
    }
}
