//! The fold: fragments become one profile, and each value of it says why it won.

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::{ConsentAlarm, Grain, Leaf, MergePolicy, Path, Profile};

use super::cast::{Cast, Ingredients, Part, Player};
use super::claims::{Claim, Claims};
use super::method::rank;
use super::tree::{NodeId, ROOT, Said, Tree};
use super::{consent, leaf, system};

/// Folds the fragments of a cluster under a policy.
///
/// The result does not depend on the order in which fragments are given. Where `sources` is empty, no fragment makes a
/// profile: it takes an event that the policy sees.
pub fn fold(ingredients: &Ingredients<'_>, policy: &MergePolicy) -> Profile {
    let cast = Cast::choose(ingredients, policy);
    let (tree, sources) = replayed(&cast);
    let mut profile = folded(&cast, tree, sources, Entity::Built);
    let identities = system::identity_map(ingredients, policy.stitching);
    profile.entity.insert("identityMap".into(), identities);
    profile
}

/// The same from what the fragments claim, leaf by leaf: where a value came from, and what stood there before, is not
/// known then, the entity holds nothing but the segments, and no consent alarm is raised. Also how many fragments take part.
///
/// The fragments of `ingredients` may be without bodies; `claims` are theirs, one by one. Its cluster is not looked at.
pub fn fold_claims(
    ingredients: &Ingredients<'_>,
    claims: &[Claims],
    policy: &MergePolicy,
) -> (Profile, usize) {
    let cast = Cast::choose(ingredients, policy);
    let mut tree = Tree::new();
    let mut sources = Vec::new();
    for (place, player) in cast.players.iter().enumerate() {
        let Some(own) = claims.get(player.number) else {
            continue;
        };
        let is_segment = |claim: &&Claim| claim.is_inside("segmentMembership");
        match player.part {
            Part::Whole => tree.claim(place, own.all.iter()),
            Part::Segments => tree.claim(place, own.all.iter().filter(is_segment)),
            // It is in for the consent alarm, which is not told of here.
            Part::Watched => {}
        }
        if player.part == Part::Whole && own.has_attributes {
            sources.push(player.fragment.dataset.clone());
        }
    }
    sources.sort();
    sources.dedup();
    let whole = cast.players.iter().filter(|p| p.part == Part::Whole);
    let whole = whole.count();
    (folded(&cast, tree, sources, Entity::LeftOut), whole)
}

/// What the fragments say, and the datasets of those that take part.
fn replayed(cast: &Cast<'_>) -> (Tree, Vec<Arc<str>>) {
    let mut tree = Tree::new();
    let mut sources = Vec::new();
    for (place, player) in cast.players.iter().enumerate() {
        if !matters(player) {
            continue;
        }
        let has_attributes = tree.replay(place, player.fragment);
        if player.part == Part::Whole && has_attributes {
            sources.push(player.fragment.dataset.clone());
        }
    }
    sources.sort();
    sources.dedup();
    (tree, sources)
}

/// Whether the leaves are put together as one JSON object too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Entity {
    Built,
    LeftOut,
}

fn folded(cast: &Cast<'_>, tree: Tree, sources: Vec<Arc<str>>, entity: Entity) -> Profile {
    let mut profile = Profile {
        sources,
        ..Profile::default()
    };
    let whole = cast.players.iter().filter(|p| p.part == Part::Whole);
    profile.last_modified_at = whole.map(|player| player.standing.at).max();
    let segments = system::segments(&tree, cast);
    let mut folding = Folding::new(cast, tree, entity);
    profile.entity = folding.object(ROOT).unwrap_or_default();
    profile.leaves = folding.leaves;
    profile.consent_alarms = folding.alarms;
    if let Some(segments) = segments {
        profile.entity.insert("segmentMembership".into(), segments);
    }
    profile
}

/// A fragment that the policy leaves out is read only where it can hold segments or consent choices.
fn matters(player: &Player<'_>) -> bool {
    let names = |word: &str| {
        let mut versions = player.fragment.versions.iter();
        versions.any(|version| version.body.text().contains(word))
    };
    match player.part {
        Part::Whole => true,
        Part::Segments => names("segmentMembership") || names("consents"),
        Part::Watched => names("consents"),
    }
}

/// A walk through everything that is said, from the outside in.
pub(super) struct Folding<'a> {
    pub cast: &'a Cast<'a>,
    entity: Entity,
    tree: Tree,
    /// How many players take part with their attributes; they stand first.
    whole: usize,
    pub path: Vec<String>,
    leaves: Vec<Leaf>,
    pub alarms: Vec<ConsentAlarm>,
}

impl<'a> Folding<'a> {
    fn new(cast: &'a Cast<'a>, tree: Tree, entity: Entity) -> Folding<'a> {
        let whole = cast.players.iter().filter(|p| p.part == Part::Whole);
        Folding {
            cast,
            entity,
            tree,
            whole: whole.count(),
            path: Vec::new(),
            leaves: Vec::new(),
            alarms: Vec::new(),
        }
    }

    /// What stands inside a path; `None` where nothing does.
    fn object(&mut self, at: NodeId) -> Option<Map<String, Value>> {
        let mut object = Map::new();
        let mut has_any = false;
        for child in std::mem::take(&mut self.tree.node_mut(at).children) {
            let key = std::mem::take(&mut self.tree.node_mut(child).key);
            if at == ROOT && key == "segmentMembership" {
                continue;
            }
            self.path.push(key);
            let value = self.value(child);
            let key = self.path.pop();
            if let (Some(key), Some(value)) = (key, value) {
                has_any = true;
                if self.entity == Entity::Built {
                    object.insert(key, value);
                }
            }
        }
        has_any.then_some(object)
    }

    fn value(&mut self, at: NodeId) -> Option<Value> {
        let mut said = std::mem::take(&mut self.tree.node_mut(at).said);
        let watched = said.split_off(said.partition_point(|said| said.fragment < self.whole));
        said.retain(|said| self.is_something(&said.value));
        let has_content = said.iter().any(|said| !is_hollow(&said.value));
        let yields = |value: &Value| has_content && is_hollow(value);
        let has_inner = !said.is_empty() && self.has_inside(at, &|value| !yields(value));
        if has_content || has_inner {
            said.retain(|said| !is_hollow(&said.value));
        }
        match (said.is_empty(), has_inner) {
            (false, false) => {
                self.rank(&mut said);
                Some(self.leaf(at, said, &watched))
            }
            (false, true) => Some(self.disputed(at, said, &watched)),
            (true, _) => self.object(at).map(Value::Object),
        }
    }

    /// Some fragments hold an object where others hold a leaf: the highest says which it is.
    fn disputed(&mut self, at: NodeId, leaves: Vec<Said>, watched: &[Said]) -> Value {
        let mut objects: Vec<Said> = (0..self.whole)
            .filter_map(|fragment| self.assembled(at, fragment))
            .collect();
        let leaf_fragments: Vec<usize> = leaves.iter().map(|said| said.fragment).collect();
        let mut claims = leaves;
        claims.append(&mut objects);
        self.rank(&mut claims);
        let is_leaf = |said: &Said| leaf_fragments.binary_search(&said.fragment).is_ok();
        if claims.first().is_some_and(is_leaf) {
            return self.leaf(at, claims, watched);
        }
        let first = self.leaves.len();
        let object = self.object(at).unwrap_or_default();
        claims.retain(is_leaf);
        let losers = leaf::candidates(self.cast, claims);
        // No leaf stands at this path, so the first one inside speaks for the dispute.
        if let Some(leaf) = self.leaves.get_mut(first) {
            leaf.conflict = true;
            leaf.candidates.extend(losers);
        }
        Value::Object(object)
    }

    fn leaf(&mut self, at: NodeId, ranked: Vec<Said>, watched: &[Said]) -> Value {
        let path = Path(self.path.clone());
        if let Some(alarm) = consent::alarm(self.cast, &path, &ranked, watched) {
            self.alarms.push(alarm);
        }
        let past = std::mem::take(&mut self.tree.node_mut(at).past);
        let leaf = leaf::explain(self.cast, path, ranked, past);
        let value = match self.entity {
            Entity::Built => leaf.value.clone(),
            Entity::LeftOut => Value::Null,
        };
        self.leaves.push(leaf);
        value
    }

    /// With `grain = field` each value has its own rank; else the players stand in theirs already.
    fn rank(&self, said: &mut Vec<Said>) {
        if said.len() < 2 {
            return;
        }
        if self.cast.policy.options.grain == Grain::Fragment {
            said.sort_by_key(|said| said.fragment);
            return;
        }
        let standings = said.iter().map(|said| leaf::standing(self.cast, said));
        let mut order: Vec<_> = standings.enumerate().collect();
        let (policy, method) = (self.cast.policy, self.cast.method);
        rank(&mut order, |(_, standing)| *standing, policy, method);
        let mut unranked: Vec<_> = said.drain(..).map(Some).collect();
        let ranked = order
            .iter()
            .filter_map(|(i, _)| unranked.get_mut(*i)?.take());
        said.extend(ranked);
    }

    /// The object that one fragment holds at a path, as one value.
    fn assembled(&self, at: NodeId, fragment: usize) -> Option<Said> {
        let mut object = Map::new();
        let (mut set, mut changed) = (0, 0);
        for &child in &self.tree.node(at).children {
            let node = self.tree.node(child);
            let place = node
                .said
                .binary_search_by_key(&fragment, |said| said.fragment);
            let own = place.ok().and_then(|place| node.said.get(place));
            let own = own.filter(|said| self.is_something(&said.value));
            let inner;
            let said = match own {
                Some(said) => said,
                None => match self.assembled(child, fragment) {
                    Some(said) => {
                        inner = said;
                        &inner
                    }
                    None => continue,
                },
            };
            set = set.max(said.set);
            changed = changed.max(said.changed);
            object.insert(node.key.clone(), said.value.clone());
        }
        (!object.is_empty()).then_some(Said {
            fragment,
            value: Value::Object(object),
            set,
            changed,
        })
    }

    fn has_inside(&self, at: NodeId, is_fit: &dyn Fn(&Value) -> bool) -> bool {
        self.tree.node(at).children.iter().any(|&child| {
            let said = &self.tree.node(child).said;
            let mut own = said.iter().filter(|said| said.fragment < self.whole);
            own.any(|said| self.is_something(&said.value) && is_fit(&said.value))
                || self.has_inside(child, is_fit)
        })
    }

    fn is_something(&self, value: &Value) -> bool {
        !(self.cast.policy.options.empty_as_null && value.as_str() == Some(""))
    }
}

/// `{}` and `[]` yield to any value with content.
fn is_hollow(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.is_empty(),
        Value::Array(array) => array.is_empty(),
        _ => false,
    }
}
