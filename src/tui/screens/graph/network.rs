//! The graph as it was answered, with what walking it needs: who links to whom, and which links hold it together.

#![expect(
    clippy::indexing_slicing,
    reason = "places of identities and links come from this network's own lists"
)]

use std::collections::HashMap;

use crate::model::{GraphAnswer, GraphIdentity, GraphLink, Identity, NamespaceKind};

/// What a kind of namespace names, as the list groups them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Persons.
    Person,
    /// Ways to reach one.
    Contact,
    /// Hardware and browsers.
    Device,
    /// Neither.
    Other,
}

impl Group {
    /// The group of a kind.
    pub fn of(kind: NamespaceKind) -> Group {
        match kind {
            NamespaceKind::CrossDevice => Group::Person,
            NamespaceKind::Email | NamespaceKind::Phone => Group::Contact,
            NamespaceKind::Device | NamespaceKind::Cookie => Group::Device,
            NamespaceKind::NonPeople | NamespaceKind::Partner => Group::Other,
        }
    }

    /// Its heading.
    pub fn name(self) -> &'static str {
        match self {
            Group::Person => "person",
            Group::Contact => "contact",
            Group::Device => "device",
            Group::Other => "other",
        }
    }
}

/// An identity graph, its identities in the order of the list.
#[derive(Clone, Debug)]
pub struct Network {
    identities: Vec<GraphIdentity>,
    links: Vec<GraphLink>,
    at: HashMap<Identity, usize>,
    links_of: Vec<Vec<usize>>,
    kept_of: Vec<usize>,
    sides: HashMap<usize, Sides>,
}

/// Identities of a part of the graph, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    all: usize,
    persons: usize,
    contacts: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.all += other.all;
        self.persons += other.persons;
        self.contacts += other.contacts;
    }

    fn without(self, other: Count) -> Count {
        Count {
            all: self.all - other.all,
            persons: self.persons - other.persons,
            contacts: self.contacts - other.contacts,
        }
    }

    /// Whether it may be somebody of its own: a device or a single address is not.
    fn is_somebody(self) -> bool {
        self.persons > 0 || (self.contacts > 0 && self.all > 1)
    }
}

/// The two parts that a bridge joins.
#[derive(Clone, Copy, Debug)]
struct Sides {
    /// The place of the end that stands in the first part.
    end: usize,
    first: Count,
    second: Count,
}

impl Network {
    /// The graph of an answer.
    pub fn new(answer: GraphAnswer) -> Network {
        let mut identities = answer.identities;
        identities.sort_by_key(|identity| Group::of(identity.kind));
        let at: HashMap<Identity, usize> = identities
            .iter()
            .enumerate()
            .map(|(place, identity)| (identity.identity.clone(), place))
            .collect();
        let mut network = Network {
            links_of: vec![Vec::new(); identities.len()],
            kept_of: vec![0; identities.len()],
            links: answer.links,
            sides: HashMap::new(),
            identities,
            at,
        };
        for (place, link) in network.links.iter().enumerate() {
            for end in [&link.a, &link.b] {
                if let Some(end) = network.at.get(end) {
                    network.links_of[*end].push(place);
                    network.kept_of[*end] += usize::from(link.removed.is_none());
                }
            }
        }
        network.order_links();
        network.find_sides();
        network
    }

    /// The identities: persons, contacts, devices, each as the priorities have them.
    pub fn identities(&self) -> &[GraphIdentity] {
        &self.identities
    }

    /// The identity at a place.
    pub fn identity(&self, at: usize) -> Option<&GraphIdentity> {
        self.identities.get(at)
    }

    /// The place of an identity.
    pub fn find(&self, identity: &Identity) -> Option<usize> {
        self.at.get(identity).copied()
    }

    /// The identity that is written so.
    pub fn named(&self, name: &str) -> Option<Identity> {
        let mut identities = self.identities().iter().map(|known| &known.identity);
        identities.find(|known| known.to_string() == name).cloned()
    }

    /// The links of the identity at a place, kept ones first, each by its other end's place.
    pub fn links_of(&self, at: usize) -> impl Iterator<Item = (usize, &GraphLink)> {
        let places = self.links_of.get(at).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| (*place, &self.links[*place]))
    }

    /// A link.
    pub fn link(&self, at: usize) -> Option<&GraphLink> {
        self.links.get(at)
    }

    /// How many kept links the identity at a place has.
    pub fn kept(&self, at: usize) -> usize {
        self.kept_of.get(at).copied().unwrap_or(0)
    }

    /// How many links are kept, and how many were removed.
    pub fn link_counts(&self) -> (usize, usize) {
        let kept = self.links.iter().filter(|link| link.removed.is_none());
        let kept = kept.count();
        (kept, self.links.len() - kept)
    }

    /// Whether a link alone joins two parts that may each be somebody; on any other bridge hangs a device or an address.
    pub fn parts_people(&self, at: usize) -> bool {
        self.sides
            .get(&at)
            .is_some_and(|sides| sides.first.is_somebody() && sides.second.is_somebody())
    }

    /// Whether an identity is the end of such a link.
    pub fn has_bridge(&self, at: usize) -> bool {
        self.links_of(at).any(|(link, _)| self.parts_people(link))
    }

    /// How many identities would stay with the one at a place, and how many would go, without a bridge.
    pub fn split(&self, from: usize, without: usize) -> Option<(usize, usize)> {
        let sides = self.sides.get(&without)?;
        let (first, second) = (sides.first.all, sides.second.all);
        Some(if sides.end == from {
            (first, second)
        } else {
            (second, first)
        })
    }

    /// The place of a link's other end, where it is in this graph.
    pub fn other_end(&self, at: usize, link: &GraphLink) -> Option<usize> {
        self.find(self.other(at, link))
    }

    /// A link's other end.
    pub fn other<'a>(&self, at: usize, link: &'a GraphLink) -> &'a Identity {
        let own = self.identity(at).map(|identity| &identity.identity);
        if own == Some(&link.a) {
            &link.b
        } else {
            &link.a
        }
    }

    fn order_links(&mut self) {
        for at in 0..self.identities.len() {
            let mut places = std::mem::take(&mut self.links_of[at]);
            places.sort_by_key(|place| {
                let link = &self.links[*place];
                let other = self.other_end(at, link).unwrap_or(usize::MAX);
                (link.removed.is_some(), other)
            });
            self.links_of[at] = places;
        }
    }

    /// Walks every connected part once, and counts what hangs on each bridge.
    fn find_sides(&mut self) {
        let len = self.identities.len();
        let mut above: Vec<Option<(usize, usize)>> = vec![None; len];
        let mut is_seen = vec![false; len];
        for root in 0..len {
            let order = self.walk(root, &mut above, &mut is_seen);
            let mut below = vec![Count::default(); order.len()];
            let place: HashMap<usize, usize> =
                order.iter().enumerate().map(|(i, at)| (*at, i)).collect();
            for (i, at) in order.iter().enumerate().rev() {
                let group = Group::of(self.identities[*at].kind);
                below[i].add(Count {
                    all: 1,
                    persons: usize::from(group == Group::Person),
                    contacts: usize::from(group == Group::Contact),
                });
                if let Some((parent, _)) = above[*at] {
                    let counted = below[i];
                    below[place[&parent]].add(counted);
                }
            }
            self.note_sides(&order, &above, &below);
        }
    }

    fn note_sides(&mut self, order: &[usize], above: &[Option<(usize, usize)>], below: &[Count]) {
        for (at, first) in order.iter().zip(below) {
            let Some((_, link)) = above[*at].filter(|(_, link)| self.links[*link].is_bridge) else {
                continue;
            };
            let sides = Sides {
                end: *at,
                first: *first,
                second: below[0].without(*first),
            };
            self.sides.insert(link, sides);
        }
    }

    /// The identities that can be reached and were not seen yet; each notes from where, and by which link.
    fn walk(
        &self,
        root: usize,
        above: &mut [Option<(usize, usize)>],
        is_seen: &mut [bool],
    ) -> Vec<usize> {
        let mut order = Vec::new();
        let mut waiting = vec![(root, None)];
        while let Some((at, from)) = waiting.pop() {
            if std::mem::replace(&mut is_seen[at], true) {
                continue;
            }
            above[at] = from;
            order.push(at);
            for (place, link) in self.links_of(at).filter(|(_, link)| link.removed.is_none()) {
                let other = self.other_end(at, link).filter(|other| !is_seen[*other]);
                waiting.extend(other.map(|other| (other, Some((at, place)))));
            }
        }
        order
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::screens::canned::graph as answer;

    fn place(network: &Network, text: &str) -> usize {
        network
            .find(&text.parse().expect("an identity"))
            .expect(text)
    }

    #[test]
    fn identities_are_listed_persons_first() {
        let network = Network::new(answer());
        let groups: Vec<_> = network
            .identities()
            .iter()
            .map(|identity| Group::of(identity.kind))
            .collect();
        assert!(groups.is_sorted());
        assert_eq!(network.link_counts(), (6, 1));
    }

    #[test]
    fn a_bridge_is_warned_of_where_both_parts_may_be_somebody() {
        let network = Network::new(answer());
        let check = |text: &str, expected: bool| {
            assert_eq!(
                network.has_bridge(place(&network, text)),
                expected,
                "{text}"
            );
        };
        check("ECID:41bd0e", true);
        check("Email:tunde@example.com", true);
        check("CRMID:C-2044", true);
        check("Phone:+2345550142", false);
        check("ECID:9f2c71", false);
    }

    #[test]
    fn a_bridge_says_how_the_graph_would_split() {
        let network = Network::new(answer());
        let check = |from: &str, to: &str, expected: (usize, usize)| {
            let (from, to) = (place(&network, from), place(&network, to));
            let link = network
                .links_of(from)
                .find(|(_, link)| network.other_end(from, link) == Some(to))
                .map(|(at, _)| at)
                .expect("a link");
            assert_eq!(network.split(from, link), Some(expected));
            let (stay, go) = expected;
            assert_eq!(network.split(to, link), Some((go, stay)));
        };
        check("ECID:41bd0e", "Email:tunde@example.com", (5, 2));
        check("ECID:9f2c71", "Email:maya@example.com", (1, 6));
    }
}
