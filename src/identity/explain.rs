//! Why identities are one person: the strongest path between two, and the links on which a graph hangs.

use std::collections::{HashMap, HashSet, VecDeque};

use crate::model::IdentityId;

/// A link by its ends, as the caller names them.
pub type Ends = (IdentityId, IdentityId);

/// The strongest path between two identities: fewest links, then the smallest sum of all their priority numbers, then the
/// smallest strings from the start on. Its links come in walking order, each as it stands in `links`; `None` where there is
/// no path.
pub fn strongest_path(
    links: &[Ends],
    (from, to): Ends,
    rank: impl Fn(IdentityId) -> u32,
    name: impl Fn(IdentityId) -> String,
) -> Option<Vec<Ends>> {
    let near = Neighbours::new(links);
    let order = near.by_distance(to, from)?;
    let mut best: HashMap<IdentityId, (usize, u64)> = HashMap::from([(to, (0, 0))]);
    for node in order.iter().skip(1) {
        let choice = near.of(*node).filter_map(|(_, other)| {
            let (links, sum) = best.get(&other)?;
            Some((links + 1, sum + cost(&rank, *node, other)))
        });
        if let Some(found) = choice.min() {
            best.insert(*node, found);
        }
    }
    let mut path = Vec::new();
    let mut at = from;
    while at != to {
        let (left, sum) = *best.get(&at)?;
        let next = near.of(at).filter(|(_, other)| {
            best.get(other).is_some_and(|(links, rest)| {
                links + 1 == left && rest + cost(&rank, at, *other) == sum
            })
        });
        let (link, other) = next.min_by_key(|(_, other)| name(*other))?;
        path.push(*links.get(link)?);
        at = other;
    }
    Some(path)
}

fn cost(rank: &impl Fn(IdentityId) -> u32, a: IdentityId, b: IdentityId) -> u64 {
    u64::from(rank(a)) + u64::from(rank(b))
}

/// The links whose removal would split their graph, as they stand in `links`, in that order.
pub fn bridges(links: &[Ends]) -> Vec<Ends> {
    let near = Neighbours::new(links);
    let mut search = Search::default();
    for (a, _) in links {
        search.run(&near, *a);
    }
    let is_bridge = |at: &usize| search.bridges.contains(at);
    let found = links.iter().enumerate();
    found
        .filter(|(at, _)| is_bridge(at))
        .map(|(_, ends)| *ends)
        .collect()
}

/// The two graphs that would be left without this link, that of its first end first, each sorted; `None` where the graph
/// would hold together.
pub fn sides(links: &[Ends], bridge: Ends) -> Option<(Vec<IdentityId>, Vec<IdentityId>)> {
    let others: Vec<_> = links
        .iter()
        .copied()
        .filter(|link| *link != bridge && (link.1, link.0) != bridge)
        .collect();
    let near = Neighbours::new(&others);
    let one = near.reached_from(bridge.0);
    if one.contains(&bridge.1) {
        return None;
    }
    let sorted = |side: HashSet<IdentityId>| {
        let mut side: Vec<_> = side.into_iter().collect();
        side.sort_unstable();
        side
    };
    Some((sorted(one), sorted(near.reached_from(bridge.1))))
}

/// The links of each identity, by their place in the list.
struct Neighbours {
    of: HashMap<IdentityId, Vec<(usize, IdentityId)>>,
}

impl Neighbours {
    fn new(links: &[Ends]) -> Neighbours {
        let mut of: HashMap<_, Vec<_>> = HashMap::new();
        for (at, (a, b)) in links.iter().enumerate() {
            if a != b {
                of.entry(*a).or_default().push((at, *b));
                of.entry(*b).or_default().push((at, *a));
            }
        }
        Neighbours { of }
    }

    fn of(&self, node: IdentityId) -> impl Iterator<Item = (usize, IdentityId)> {
        self.of.get(&node).into_iter().flatten().copied()
    }

    /// Identities by their distance from one, up to those that are as near as another; `None` where that is never met.
    fn by_distance(&self, start: IdentityId, until: IdentityId) -> Option<Vec<IdentityId>> {
        let mut distance = HashMap::from([(start, 0usize)]);
        let mut order = Vec::new();
        let mut queue = VecDeque::from([start]);
        let mut limit = if start == until { 0 } else { usize::MAX };
        while let Some(node) = queue.pop_front() {
            let here = distance.get(&node).copied().unwrap_or(0);
            if here > limit {
                break;
            }
            if node == until {
                limit = here;
            }
            order.push(node);
            for (_, other) in self.of(node) {
                distance.entry(other).or_insert_with(|| {
                    queue.push_back(other);
                    here + 1
                });
            }
        }
        (limit != usize::MAX).then_some(order)
    }

    fn reached_from(&self, start: IdentityId) -> HashSet<IdentityId> {
        let mut reached = HashSet::from([start]);
        let mut ahead = vec![start];
        while let Some(node) = ahead.pop() {
            for (_, other) in self.of(node) {
                if reached.insert(other) {
                    ahead.push(other);
                }
            }
        }
        reached
    }
}

/// Tarjan's search for bridges, with its own stack: a graph may be a chain of any length.
#[derive(Default)]
struct Search {
    /// When each identity was met.
    met: HashMap<IdentityId, usize>,
    /// The earliest one that is reached from it without the link by which it was met.
    low: HashMap<IdentityId, usize>,
    bridges: HashSet<usize>,
}

struct Visit {
    node: IdentityId,
    by: Option<usize>,
    next: usize,
}

impl Search {
    fn run(&mut self, near: &Neighbours, start: IdentityId) {
        let mut stack = Vec::new();
        self.enter(&mut stack, start, None);
        while let Some(visit) = stack.last_mut() {
            let node = visit.node;
            let links = near.of.get(&node).map_or(&[][..], Vec::as_slice);
            match links.get(visit.next) {
                Some((link, other)) => {
                    visit.next += 1;
                    if visit.by == Some(*link) {
                        continue;
                    }
                    match self.met.get(other).copied() {
                        Some(when) => self.lower(node, when),
                        None => self.enter(&mut stack, *other, Some(*link)),
                    }
                }
                None => self.leave(&mut stack),
            }
        }
    }

    fn enter(&mut self, stack: &mut Vec<Visit>, node: IdentityId, by: Option<usize>) {
        let now = self.met.len();
        if self.met.contains_key(&node) {
            return;
        }
        self.met.insert(node, now);
        self.low.insert(node, now);
        stack.push(Visit { node, by, next: 0 });
    }

    fn leave(&mut self, stack: &mut Vec<Visit>) {
        let Some(done) = stack.pop() else {
            return;
        };
        let low = self.low.get(&done.node).copied().unwrap_or(0);
        let (Some(above), Some(link)) = (stack.last(), done.by) else {
            return;
        };
        let above = above.node;
        self.lower(above, low);
        if self.met.get(&above).is_some_and(|when| low > *when) {
            self.bridges.insert(link);
        }
    }

    fn lower(&mut self, node: IdentityId, when: usize) {
        if let Some(low) = self.low.get_mut(&node) {
            *low = (*low).min(when);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(links: &[(u32, u32)]) -> Vec<Ends> {
        let id = |(a, b): &(u32, u32)| (IdentityId(*a), IdentityId(*b));
        links.iter().map(id).collect()
    }

    #[test]
    fn the_strongest_path_has_fewest_links_then_highest_priorities_then_smallest_strings() {
        let check = |links: &[(u32, u32)], ranks: &[u32], expected: Option<&[(u32, u32)]>| {
            let path = strongest_path(
                &ids(links),
                (IdentityId(0), IdentityId(9)),
                |id| ranks.get(id.0 as usize).copied().unwrap_or(1),
                |id| format!("x{}", 9 - id.0),
            );
            assert_eq!(path, expected.map(ids), "{links:?}");
        };
        check(&[(0, 9)], &[], Some(&[(0, 9)]));
        check(&[(0, 1), (9, 1), (0, 9)], &[], Some(&[(0, 9)]));
        let square = [(0, 1), (1, 9), (0, 2), (2, 9)];
        check(&square, &[1, 2, 1], Some(&[(0, 2), (2, 9)]));
        check(&square, &[1, 1, 2], Some(&[(0, 1), (1, 9)]));
        check(&square, &[1, 1, 1], Some(&[(0, 2), (2, 9)]));
        check(&[(0, 1), (2, 9)], &[], None);
        check(&[], &[], None);
    }

    #[test]
    fn the_path_from_an_identity_to_itself_is_empty() {
        let path = strongest_path(
            &ids(&[(1, 2)]),
            (IdentityId(1), IdentityId(1)),
            |_| 1,
            |id| id.to_string(),
        );
        assert_eq!(path, Some(Vec::new()));
    }

    #[test]
    fn a_bridge_is_a_link_on_no_circle() {
        let check = |links: &[(u32, u32)], expected: &[(u32, u32)]| {
            assert_eq!(bridges(&ids(links)), ids(expected), "{links:?}");
        };
        check(&[], &[]);
        check(&[(1, 2)], &[(1, 2)]);
        check(&[(1, 2), (2, 3), (3, 1)], &[]);
        check(&[(1, 2), (2, 3), (3, 1), (3, 4)], &[(3, 4)]);
        check(&[(1, 2), (2, 1)], &[]);
        check(&[(1, 1), (1, 2)], &[(1, 2)]);
        check(
            &[
                (1, 2),
                (2, 3),
                (3, 1),
                (3, 4),
                (4, 5),
                (5, 6),
                (6, 4),
                (7, 8),
            ],
            &[(3, 4), (7, 8)],
        );
    }

    #[test]
    fn a_bridge_has_two_sides() {
        let links = ids(&[(1, 2), (2, 3), (3, 1), (3, 4), (4, 5)]);
        let side = |ids: &[u32]| ids.iter().map(|id| IdentityId(*id)).collect::<Vec<_>>();
        let check = |bridge: (u32, u32), expected: Option<(&[u32], &[u32])>| {
            let bridge = (IdentityId(bridge.0), IdentityId(bridge.1));
            let expected = expected.map(|(a, b)| (side(a), side(b)));
            assert_eq!(sides(&links, bridge), expected);
        };
        check((3, 4), Some((&[1, 2, 3], &[4, 5])));
        check((4, 3), Some((&[4, 5], &[1, 2, 3])));
        check((1, 2), None);
    }

    #[test]
    fn a_chain_of_any_length_is_all_bridges() {
        let links: Vec<_> = (0..100_000)
            .map(|n| (IdentityId(n), IdentityId(n + 1)))
            .collect();
        assert_eq!(bridges(&links), links);
        let path = strongest_path(
            &links,
            (IdentityId(0), IdentityId(100_000)),
            |_| 1,
            |id| id.to_string(),
        );
        assert_eq!(path, Some(links));
    }
}
