//! The links of the graphs that a deletion concerns, made anew from the records that stay.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Undo;
use crate::identity::Node;
use crate::ingest::load::Result;
use crate::ingest::load::difference;
use crate::ingest::load::plot::Plot;
use crate::ingest::load::recount::recount;
use crate::ingest::load::replay::{self, Replayed, Scope};
use crate::model::{BatchId, ClusterId, IdentityId};
use crate::store::{CountChange, IdentitySet, StoredLink, Total};

/// Above this share of all identities, linking all records again is no slower.
const LARGE_SHARE: usize = 4;

/// How many changed graphs are named.
const EXAMPLES: usize = 10;

/// The links of before, with what a deletion can change of each.
type Links = HashMap<(IdentityId, IdentityId), (bool, BatchId)>;

impl Undo<'_> {
    /// Links again what the deletion concerns, and writes it.
    pub(super) fn link_again(&mut self, scope: Option<Scope>) -> Result<()> {
        let scope = match scope {
            Some(scope) => scope,
            None => self.scope()?,
        };
        let before = self.links(&scope)?;
        let first = self.first_named(&scope)?;
        for batch in &self.gone {
            self.writer.remove_batch(*batch)?;
        }
        let mut replayed = replay::replayed(self.writer, replay::ReplayOrder::Arrival, &scope)?;
        self.recount(&mut replayed.plot)?;
        self.note_identities(&first, &replayed);
        self.note_links(&before, &replayed.plot);
        self.note_graphs(&replayed, &scope)?;
        replay::write(self.writer, replayed, &scope)
    }

    /// Everyone who ever shared a link, kept or removed, with someone concerned.
    fn scope(&self) -> Result<Scope> {
        let view = self.view();
        let most = view.total(Total::Identities)? as usize / LARGE_SHARE;
        if view.resolve_pending()? {
            return Ok(Scope::All);
        }
        let mut reached = self.concerned.clone();
        let mut queue: Vec<IdentityId> = reached.iter().collect();
        while let Some(id) = queue.pop() {
            if reached.len() > most.max(10_000) {
                return Ok(Scope::All);
            }
            for link in view.links_of(id)? {
                let other = if link.a == id { link.b } else { link.a };
                if reached.insert(other) {
                    queue.push(other);
                }
            }
        }
        Ok(Scope::Only(reached))
    }

    fn links(&self, scope: &Scope) -> Result<Links> {
        let mut links = Links::new();
        let mut note = |link: StoredLink| {
            links.insert((link.a, link.b), (link.is_kept, link.first.batch));
        };
        match scope {
            Scope::All => self.view().each_link(|link| {
                note(link);
                Ok(())
            })?,
            Scope::Only(ids) => {
                for id in ids.iter() {
                    self.view().links_from(id)?.into_iter().for_each(&mut note);
                }
            }
        }
        Ok(links)
    }

    /// The batch that first named each of those whom the batches that go had named before any other.
    fn first_named(&self, scope: &Scope) -> Result<HashMap<IdentityId, BatchId>> {
        let mut first: HashMap<IdentityId, BatchId> = HashMap::new();
        let everyone = IdentitySet::default();
        let ids = match scope {
            Scope::All => &everyone,
            Scope::Only(ids) => ids,
        };
        for batch in &self.gone {
            let mut note = |id: IdentityId| {
                let known = first.entry(id).or_insert(*batch);
                *known = (*known).min(*batch);
            };
            self.view().each_observation(*batch, |observation| {
                let named = observation.identities.iter();
                named
                    .filter(|id| ids.is_empty() || ids.contains(**id))
                    .for_each(|id| note(*id));
                Ok(())
            })?;
        }
        Ok(first)
    }

    /// What the store holds of everyone concerned, counted again.
    fn recount(&mut self, plot: &mut Plot<'_>) -> Result<()> {
        let (mut fragments, mut events) = (0i64, 0i64);
        for id in self.concerned.iter() {
            let (of_fragments, of_events) = recount(self.writer, &mut plot.people, id)?;
            fragments += of_fragments;
            events += of_events;
        }
        self.answer.fragments = (-fragments).max(0).unsigned_abs();
        for (total, by) in [(Total::Fragments, fragments), (Total::Events, events)] {
            let before = self.view().total(total)?;
            let after = before.saturating_add_signed(by);
            self.writer.set_total(total, after)?;
        }
        Ok(())
    }

    /// Identities that are gone, and those that another batch names first now.
    fn note_identities(&mut self, first: &HashMap<IdentityId, BatchId>, replayed: &Replayed<'_>) {
        for (id, before) in first {
            let Some(node) = replayed.plot.people.node_of(*id) else {
                continue;
            };
            match replayed.seen.of(node) {
                None => self.answer.identities += 1,
                Some(seen) if *before < seen.batch => {
                    self.count(seen.batch, |change| change.identities += 1);
                }
                Some(_) => {}
            }
        }
    }

    fn count(&mut self, batch: BatchId, change: impl FnOnce(&mut CountChange)) {
        change(self.counts.entry(batch).or_default());
    }

    fn note_links(&mut self, before: &Links, plot: &Plot<'_>) {
        let graph = &plot.people.graph;
        let mut moved: BTreeMap<BatchId, i64> = BTreeMap::new();
        let mut left = before.len() as u64;
        for link in graph.links() {
            let state = graph.link(link);
            let ends = (graph.id(state.a), graph.id(state.b));
            *moved.entry(state.first.batch).or_default() += 1;
            let ends = (ends.0.min(ends.1), ends.0.max(ends.1));
            if let Some((was_kept, _)) = before.get(&ends) {
                left -= 1;
                self.answer.returned_links += u64::from(state.is_kept && !was_kept);
            }
        }
        self.answer.links = left;
        for (_, first) in before.values() {
            *moved.entry(*first).or_default() -= 1;
        }
        for (batch, by) in moved {
            if by != 0 && !self.gone.contains(&batch) {
                self.count(batch, |change| change.links += by);
            }
        }
    }

    /// What becomes of each graph of before.
    fn note_graphs(&mut self, replayed: &Replayed<'_>, scope: &Scope) -> Result<()> {
        let people = &replayed.plot.people;
        let labels = difference::labels(&replayed.plot);
        let mut before: BTreeMap<ClusterId, Vec<Node>> = BTreeMap::new();
        let mut origins: BTreeMap<ClusterId, BTreeSet<ClusterId>> = BTreeMap::new();
        for (node, person) in people.all() {
            if let Some(cluster) = person.stored_cluster() {
                before.entry(cluster).or_default().push(node);
            }
        }
        let examined = before.len() as u64;
        for (cluster, nodes) in before {
            let alive = nodes
                .iter()
                .filter(|node| replayed.seen.of(**node).is_some());
            let parts: BTreeSet<ClusterId> = alive
                .clone()
                .filter_map(|n| labels.get(n.index()).copied())
                .collect();
            for part in &parts {
                origins.entry(*part).or_default().insert(cluster);
            }
            let is_touched = nodes
                .iter()
                .any(|node| self.concerned.contains(people.graph.id(*node)));
            let outcome = &mut self.answer.outcome;
            match parts.len() {
                0 => outcome.gone += 1,
                1 if is_touched => outcome.updated += 1,
                1 => outcome.unchanged += 1,
                _ => outcome.split += 1,
            }
            let is_named = parts.len() > 1 || (parts.len() == 1 && is_touched);
            if is_named && self.answer.examples.len() < EXAMPLES {
                let first = alive.min_by_key(|node| people.graph.id(**node));
                self.answer
                    .examples
                    .extend(first.map(|n| people.graph.name(*n)));
            }
        }
        self.answer.joined = origins.values().filter(|from| from.len() > 1).count() as u64;
        if let Scope::Only(_) = scope {
            let others = self.view().graph_count()?.saturating_sub(examined);
            self.answer.outcome.unchanged += others;
        }
        Ok(())
    }
}
