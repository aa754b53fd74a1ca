//! The linking rule as it is written down, slow and obvious: what the linker is held against.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Identity, LinkSettings, Namespace, NamespaceKind};

/// Two identities, the smaller string first.
pub(super) type Pair = (String, String);

/// The links that hold, each with its last sighting and how often it was seen, and what is known of the identities.
pub(super) struct Plain {
    pub(super) settings: LinkSettings,
    pub(super) kept: BTreeMap<Pair, u64>,
    pub(super) seen: BTreeMap<Pair, u64>,
    pub(super) first_seen: Vec<Identity>,
}

impl Plain {
    pub(super) fn new(settings: LinkSettings) -> Plain {
        Plain {
            settings,
            kept: BTreeMap::new(),
            seen: BTreeMap::new(),
            first_seen: Vec::new(),
        }
    }

    /// Takes the record of this number; gives back the links that it removed.
    pub(super) fn observe(&mut self, record: &[Identity], order: u64) -> BTreeSet<Pair> {
        for identity in record {
            if !self.first_seen.contains(identity) {
                self.first_seen.push(identity.clone());
            }
        }
        let own: BTreeSet<_> = record.iter().map(Identity::to_string).collect();
        if own.len() < 2 || self.has_two_values(&own) {
            return BTreeSet::new();
        }
        let before = self.kept.clone();
        let mut own_links = BTreeSet::new();
        for a in &own {
            for b in own.range::<String, _>(a.clone()..).skip(1) {
                own_links.insert((a.clone(), b.clone()));
            }
        }
        let mut links: Vec<_> = own_links
            .iter()
            .chain(before.keys().filter(|link| !own_links.contains(*link)))
            .cloned()
            .collect();
        let touched = reached(&links, &own);
        links.retain(|(a, _)| touched.contains(a));
        for link in &own_links {
            self.kept.insert(link.clone(), order);
            *self.seen.entry(link.clone()).or_default() += 1;
        }
        if self.has_two_values(&touched) {
            links.sort_by_key(|link| self.key(link, &own_links));
            for link in self.refused(&links) {
                self.kept.remove(&link);
            }
        }
        self.apply_cap(&touched, &own);
        let gone = before.keys().filter(|link| !self.kept.contains_key(*link));
        gone.cloned().collect()
    }

    /// Removes an identity's links.
    pub(super) fn delete(&mut self, identity: &str) {
        self.kept.retain(|(a, b), _| a != identity && b != identity);
    }

    /// The links in order, each held against the whole components that it would join.
    fn refused(&self, links: &[Pair]) -> Vec<Pair> {
        let mut components: Vec<BTreeSet<String>> = Vec::new();
        for (a, b) in links {
            for end in [a, b] {
                if !components.iter().any(|of| of.contains(end)) {
                    components.push(BTreeSet::from([end.clone()]));
                }
            }
        }
        let mut refused = Vec::new();
        for link in links {
            let place = |end: &String| components.iter().position(|of| of.contains(end));
            let (Some(one), Some(other)) = (place(&link.0), place(&link.1)) else {
                continue;
            };
            if one == other {
                continue;
            }
            let joined: BTreeSet<_> = components[one].union(&components[other]).cloned().collect();
            if self.has_two_values(&joined) {
                refused.push(link.clone());
            } else {
                components[one] = joined;
                components.remove(other);
            }
        }
        refused
    }

    fn apply_cap(&mut self, touched: &BTreeSet<String>, own: &BTreeSet<String>) {
        let Some(cap) = self.settings.store.max_identities else {
            return;
        };
        let links = |kept: &BTreeMap<Pair, u64>| kept.keys().cloned().collect::<Vec<_>>();
        for start in touched {
            loop {
                let graph = reached(&links(&self.kept), &BTreeSet::from([start.clone()]));
                let next = self
                    .first_seen
                    .iter()
                    .enumerate()
                    .filter(|(_, identity)| {
                        let name = identity.to_string();
                        graph.contains(&name) && !own.contains(&name)
                    })
                    .min_by_key(|(age, identity)| {
                        let turn = match self.namespace(&identity.to_string()).kind {
                            NamespaceKind::Cookie => 0,
                            NamespaceKind::Device => 1,
                            _ => 2,
                        };
                        (turn, *age)
                    });
                match next {
                    Some((_, oldest)) if graph.len() > cap as usize => {
                        let oldest = oldest.to_string();
                        self.delete(&oldest);
                    }
                    _ => break,
                }
            }
        }
    }

    fn key(&self, link: &Pair, own: &BTreeSet<Pair>) -> (bool, u32, u64, Pair) {
        let last = self.kept.get(link).copied().unwrap_or(0);
        let sum = self.place(&link.0) + self.place(&link.1);
        (!own.contains(link), sum, u64::MAX - last, link.clone())
    }

    fn namespace(&self, identity: &str) -> &Namespace {
        let code = identity.split(':').next().unwrap_or_default();
        let mut namespaces = self.settings.namespaces.iter();
        namespaces
            .find(|namespace| namespace.code == code)
            .expect(identity)
    }

    fn place(&self, identity: &str) -> u32 {
        let last = self.settings.namespaces.iter().filter_map(|n| n.priority);
        let after = last.max().unwrap_or(0) + 1;
        self.namespace(identity).priority.unwrap_or(after)
    }

    fn has_two_values(&self, identities: &BTreeSet<String>) -> bool {
        let mut unique: Vec<_> = identities
            .iter()
            .map(|identity| self.namespace(identity))
            .filter(|namespace| namespace.unique)
            .map(|namespace| &namespace.code)
            .collect();
        let all = unique.len();
        unique.sort();
        unique.dedup();
        unique.len() < all
    }
}

/// Everything that links lead to from some identities.
pub(super) fn reached(links: &[Pair], from: &BTreeSet<String>) -> BTreeSet<String> {
    let mut reached = from.clone();
    loop {
        let before = reached.len();
        for (a, b) in links {
            if reached.contains(a) || reached.contains(b) {
                reached.insert(a.clone());
                reached.insert(b.clone());
            }
        }
        if reached.len() == before {
            return reached;
        }
    }
}
