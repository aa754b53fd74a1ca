//! How the clusters of a replay differ from those that the store has.

use std::collections::{BTreeSet, HashMap};

use super::people::Person;
use super::plot::Plot;
use crate::identity::Node;
use crate::model::{ClusterId, IdentityId, NamespaceId, ResolveAnswer};

/// How many changed profiles are named.
const EXAMPLES: usize = 10;

/// The cluster of everyone in the replay, by node.
pub(super) fn labels(plot: &Plot<'_>) -> Vec<ClusterId> {
    let mut labels = vec![ClusterId(0); plot.people.graph.len()];
    each_graph(plot, |name, members| {
        for member in members {
            if let Some(own) = labels.get_mut(member.index()) {
                *own = name;
            }
        }
    });
    labels
}

/// Goes through the graphs of the replay: what names each, and its members.
fn each_graph(plot: &Plot<'_>, mut visit: impl FnMut(ClusterId, &[Node])) {
    let graph = &plot.people.graph;
    let mut is_done = vec![false; graph.len()];
    for (node, _) in plot.people.all() {
        if is_done.get(node.index()) == Some(&true) {
            continue;
        }
        let members = graph.members(node);
        for member in &members {
            if let Some(own) = is_done.get_mut(member.index()) {
                *own = true;
            }
        }
        let first = members.iter().map(|member| graph.id(*member)).min();
        let first = first.unwrap_or(graph.id(node));
        visit(ClusterId(first.0), &members);
    }
}

/// How the clusters of the replay differ from those that the store has.
pub(super) fn difference(plot: &Plot<'_>) -> ResolveAnswer {
    let graph = &plot.people.graph;
    let mut moves: Vec<(ClusterId, ClusterId)> = Vec::new();
    let mut several = Several::default();
    each_graph(plot, |now, members| {
        let persons = members.iter().filter_map(|node| plot.people.person(*node));
        let before = persons.filter_map(Person::stored_cluster);
        moves.extend(before.map(|before| (before, now)));
        several.count(members.iter().map(|member| graph.namespace_of(*member)));
    });
    let from = sorted(moves);
    let into = sorted(from.iter().map(|(before, now)| (*now, *before)).collect());
    let split = parted(&from);
    let joined = parted(&into);
    let named = split.iter().chain(&joined).take(EXAMPLES);
    let examples = named
        .filter_map(|cluster| plot.people.node_of(IdentityId(cluster.0)))
        .map(|node| graph.name(node))
        .collect();
    let is_whole = |moves: &&[(ClusterId, ClusterId)]| match moves {
        [(_, now)] => !joined.contains(now),
        _ => false,
    };
    ResolveAnswer {
        graphs: of_each(&from).count() as u64,
        split: split.len() as u64,
        joined: joined.len() as u64,
        unchanged: of_each(&from).filter(is_whole).count() as u64,
        examples,
        looks_unique: several.looks_unique(plot),
        ..ResolveAnswer::default()
    }
}

fn sorted(mut moves: Vec<(ClusterId, ClusterId)>) -> Vec<(ClusterId, ClusterId)> {
    moves.sort_unstable();
    moves.dedup();
    moves
}

fn of_each(moves: &[(ClusterId, ClusterId)]) -> impl Iterator<Item = &[(ClusterId, ClusterId)]> {
    moves.chunk_by(|a, b| a.0 == b.0)
}

/// The clusters that go with more than one of the others.
fn parted(moves: &[(ClusterId, ClusterId)]) -> BTreeSet<ClusterId> {
    let several = of_each(moves).filter(|moves| moves.len() > 1);
    several.flatten().map(|(cluster, _)| *cluster).collect()
}

/// In how many graphs a namespace has values, and in how many of them several.
#[derive(Default)]
struct Several {
    counts: HashMap<NamespaceId, (u64, u64)>,
    /// The namespaces of the graph in hand.
    own: Vec<NamespaceId>,
}

impl Several {
    fn count(&mut self, namespaces: impl Iterator<Item = NamespaceId>) {
        self.own.clear();
        self.own.extend(namespaces);
        self.own.sort_unstable();
        for values in self.own.chunk_by(|a, b| a == b) {
            if let Some(namespace) = values.first() {
                let count = self.counts.entry(*namespace).or_default();
                count.0 += 1;
                count.1 += u64::from(values.len() > 1);
            }
        }
    }

    /// Namespaces that nearly always have one value in a graph, with the number of graphs that hold more.
    fn looks_unique(self, plot: &Plot<'_>) -> Vec<(String, u64)> {
        let counts = self.counts.into_iter();
        let mut found: Vec<_> = counts
            .filter(|(_, (graphs, several))| *several > 0 && several * 20 <= *graphs)
            .filter_map(|(id, (_, several))| {
                let namespace = plot.settings.namespaces.iter().find(|n| n.id == id)?;
                (!namespace.unique).then(|| (namespace.code.clone(), several))
            })
            .collect();
        found.sort();
        found
    }
}
