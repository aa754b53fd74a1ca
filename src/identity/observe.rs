//! What one record does to a graph: it links its identities, and takes away what its links displace.
//!
//! A rebuild keeps a link exactly if both its ends come to lie in one component: what was refused once is refused forever,
//! because components only grow and a value never leaves them. Only the record's own component can run into a conflict, the
//! rest of each graph it touches was free of them before. So it is enough to find out which holders of contested values it
//! reaches, weakest link on the way first, and to cut the tree where it meets one that it cannot have.

use super::changes::{Cause, Observed, Removed};
use super::graph::Graph;
use super::links::{KEPT, LinkNumber, NEW, Sighting, TREE};
use super::names::Node;
use crate::model::NamespaceId;

/// Whether the union of what a record touches holds two values of a unique namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Contest {
    /// It does not.
    None,
    /// Two of the components hold one each.
    Between,
    /// One component does by itself: it was linked under other settings.
    Within,
}

impl Graph {
    /// Links every pair of these identities, which one record names, and applies the optimisation and the cap.
    ///
    /// Fewer than two different identities, or two values of one unique namespace among them, link nothing. Sightings come in
    /// the order of the records.
    pub fn observe(&mut self, nodes: &[Node], at: Sighting) -> Observed {
        let mut own = std::mem::take(&mut self.own);
        own.clear();
        own.extend_from_slice(nodes);
        own.sort_unstable();
        own.dedup();
        let mut observed = Observed::default();
        if own.len() > 1 && self.contest(own.iter().map(|node| (0, *node))) == Contest::None {
            self.link_record(&own, at, &mut observed);
        }
        self.own = own;
        observed
    }

    /// Takes an identity out with all its links. Nothing returns because of it; the identity itself stays known, unlinked.
    pub fn delete_identity(&mut self, node: Node) -> Observed {
        let mut observed = Observed::default();
        self.detach(node, Cause::Deleted { node }, None, &mut observed);
        observed
    }

    fn link_record(&mut self, own: &[Node], at: Sighting, observed: &mut Observed) {
        let mut labels = std::mem::take(&mut self.labels);
        labels.clear();
        labels.extend(own.iter().map(|node| self.label(*node)));
        labels.sort_unstable();
        labels.dedup();
        let holders = labels
            .iter()
            .flat_map(|label| self.holders(*label).map(|holder| (*label, holder)));
        let removed = match self.contest(holders) {
            Contest::None => {
                self.show_all(own, at);
                Vec::new()
            }
            Contest::Between => {
                let removed = self.make_room(own, &labels);
                self.show_all(own, at);
                removed
            }
            Contest::Within => self.rebuild(own, &labels, at),
        };
        self.labels = labels;
        for link in removed {
            let cause = self.cause(link);
            let removed = Removed { link, cause };
            self.note_removed(removed, Some(at));
            observed.removed.push(removed);
        }
        self.apply_cap(own, at, observed);
    }

    /// Whether among nodes, each under a label, two stand for one unique namespace.
    fn contest(&self, nodes: impl Iterator<Item = (u32, Node)>) -> Contest {
        let mut unique = nodes
            .filter(|(_, node)| self.names.is_unique(*node))
            .map(|(label, node)| (self.names.namespace(node), label));
        // Hardly any record comes to a second: no memory is taken before.
        let (Some(first), Some(second)) = (unique.next(), unique.next()) else {
            return Contest::None;
        };
        let mut holders = vec![first, second];
        holders.extend(unique);
        holders.sort_unstable();
        let pairs = || holders.iter().zip(holders.iter().skip(1));
        if pairs().any(|(x, y)| x == y) {
            Contest::Within
        } else if pairs().any(|(x, y)| x.0 == y.0) {
            Contest::Between
        } else {
            Contest::None
        }
    }

    fn show_all(&mut self, own: &[Node], at: Sighting) {
        for (i, a) in own.iter().enumerate() {
            for b in own.iter().skip(i + 1) {
                self.show(*a, *b, at);
            }
        }
    }

    /// Makes, refreshes or brings back the link of a pair.
    fn show(&mut self, a: Node, b: Node, at: Sighting) {
        let known = self.links.find(a, b);
        let link = known.unwrap_or_else(|| self.links.add(a, b, at));
        if !self.links.has(link, KEPT) {
            self.links.keep(link);
            if known.is_some() {
                self.note_returned(link, at);
            }
        }
        self.touch(link, if known.is_some() { 0 } else { NEW });
        if !self.links.has_rows(link) {
            self.journal.with_rows.push(link);
        }
        let ended = self.links.see(link, at);
        if let Some(rows) = ended {
            self.journal.ended_rows.push(rows);
        }
        self.plant(link);
    }

    /// Parts what cannot stay in the component that the record makes, and gives back the links that are gone with it.
    fn make_room(&mut self, own: &[Node], labels: &[u32]) -> Vec<LinkNumber> {
        let mut roots = self.root_at(own);
        self.part_rivals(own, labels, &mut roots);
        let mut between = Vec::new();
        for label in labels {
            let of_label = roots.iter().filter(|(of, _)| of == label);
            let trees: Vec<_> = of_label.map(|(_, root)| *root).collect();
            between.extend(self.settle(*label, &trees));
        }
        let mut inside: Vec<_> = own.iter().map(|node| self.label(*node)).collect();
        inside.sort_unstable();
        let is_inside = |node: Node| inside.binary_search(&self.label(node)).is_ok();
        let (gone, kept): (Vec<_>, Vec<_>) = between.into_iter().partition(|link| {
            let [a, b] = self.links.ends(*link);
            is_inside(a) != is_inside(b)
        });
        for link in &gone {
            self.links.remove(*link);
        }
        for link in kept {
            self.plant(link);
        }
        gone
    }

    /// Cuts the trees so that each of the record's identities is the root of one: its own links come first, so
    /// whatever the others have between them is held by the stronger of the ways to it.
    fn root_at(&mut self, own: &[Node]) -> Vec<(u32, Node)> {
        let mut roots: Vec<(u32, Node)> = Vec::new();
        for node in own {
            let label = self.label(*node);
            if roots.iter().any(|(of, _)| *of == label)
                && let Some(below) = self.climb(*node).below_weakest
            {
                self.cut(below);
            }
            self.reroot(*node);
            roots.push((label, *node));
        }
        roots
    }

    /// Lets the holders of contested values reach the record's component in the order in which a rebuild joins them, and cuts
    /// the way of each that finds its place taken.
    fn part_rivals(&mut self, own: &[Node], labels: &[u32], roots: &mut Vec<(u32, Node)>) {
        let mut inside: Vec<NamespaceId> = own
            .iter()
            .filter(|node| self.names.is_unique(**node))
            .map(|node| self.names.namespace(*node))
            .collect();
        let mut rivals: Vec<_> = labels
            .iter()
            .flat_map(|label| self.holders(*label))
            .filter_map(|holder| Some((self.climb(holder).below_weakest?, holder)))
            .collect();
        rivals.sort_by(|(x, _), (y, _)| self.compare_ups(*x, *y));
        for met in rivals.chunk_by(|x, y| x.0 == y.0) {
            let Some((below, _)) = met.first().copied() else {
                continue;
            };
            let reaching: Vec<_> = met
                .iter()
                .filter(|(_, holder)| own.binary_search(&self.climb(*holder).root).is_ok())
                .map(|(_, holder)| self.names.namespace(*holder))
                .collect();
            if reaching.iter().any(|namespace| inside.contains(namespace)) {
                self.cut(below);
                roots.push((self.label(below), below));
            } else {
                inside.extend(reaching);
            }
        }
    }

    /// Links again from nothing what these components hold, the record's own links first: for components that were
    /// made under other settings.
    fn rebuild(&mut self, own: &[Node], labels: &[u32], at: Sighting) -> Vec<LinkNumber> {
        let mut links = Vec::new();
        for label in labels {
            let members = self.members_of(*label);
            for node in &members {
                links.extend(self.links.of(*node));
            }
            self.scatter(&members);
        }
        links.sort_unstable();
        links.dedup();
        for link in &links {
            self.links.clear(*link, TREE);
        }
        links.sort_by(|x, y| self.compare_links(*x, *y));
        self.show_all(own, at);
        links.retain(|link| {
            let [a, b] = self.links.ends(*link);
            let is_kept = self.rivals(a, b).is_none();
            if is_kept {
                self.plant(*link);
            } else {
                self.links.remove(*link);
            }
            !is_kept
        });
        links
    }

    /// What keeps two nodes' components apart: the holders of the unique namespace of highest priority that both have.
    fn rivals(&self, a: Node, b: Node) -> Option<(Node, Node)> {
        let (of_a, of_b) = (self.label(a), self.label(b));
        if of_a == of_b {
            return None;
        }
        self.holders(of_a)
            .flat_map(|x| self.holders(of_b).map(move |y| (x, y)))
            .filter(|(x, y)| self.names.namespace(*x) == self.names.namespace(*y))
            .min_by_key(|(x, _)| (self.names.place(*x), self.names.namespace(*x)))
    }

    fn cause(&self, link: LinkNumber) -> Cause {
        let [a, b] = self.links.ends(link);
        let (a, b) = self.names.sorted(a, b);
        let (a, b) = self.rivals(a, b).unwrap_or((a, b));
        Cause::Unique { a, b }
    }
}
