//! A profile as rows of a tree: its attributes by their keys, then consents, identities and segments.

use serde_json::Value;

use crate::model::value::agree;
use crate::model::{Identity, Leaf, NamespaceKind, Path, ProfileAnswer, Rule};
use crate::tui::privacy::Mask;
use crate::tui::text::brief;
use crate::tui::widgets::Outline;
use crate::tui::widgets::outline::{Fold, JsonRow, Node, json_rows};

/// Letters of a value that a row keeps.
const SHORT: usize = 240;

/// A row of a profile.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// The heading of a part that holds no attributes, with how many rows it has.
    Section(Section, usize),
    /// Keys that several attributes begin with.
    Group {
        /// The keys, joined where each has but one below it.
        key: String,
        /// The path so far.
        path: Path,
        /// How many of the attributes below disagree.
        conflicts: usize,
    },
    /// An attribute.
    Leaf(Attribute),
    /// A part of an attribute that is an array or an object.
    Part {
        /// The row of its JSON tree.
        json: JsonRow,
        /// It says who the person is.
        is_personal: bool,
    },
    /// An identity of the profile.
    Identity(Identity, NamespaceKind),
    /// An opt-out that is newer than the opt-in that won.
    Alarm {
        /// The choice's path.
        path: String,
        /// What is said.
        text: String,
    },
}

/// The parts of a profile that are no attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Opt-outs that lost.
    Alarms,
    /// Its identities.
    Identities,
}

/// An attribute as its row shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The last key.
    pub key: String,
    /// Where it stands.
    pub path: Path,
    /// Its place among the profile's leaves.
    pub leaf: usize,
    /// The value in few letters.
    pub value: Shown,
    /// It says who the person is.
    pub is_personal: bool,
    /// What has to be known of it at a glance.
    pub mark: Mark,
}

/// A value as its row shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it stands.
    Plain(String),
    /// A number.
    Number(String),
    /// A consent that was given, with what else is said of it.
    Yes(String),
    /// A consent that was refused.
    No(String),
}

impl Shown {
    /// The text, whatever it means.
    pub fn text(&self) -> &str {
        match self {
            Shown::Plain(text) | Shown::Number(text) | Shown::Yes(text) | Shown::No(text) => text,
        }
    }
}

/// What has to be known of an attribute at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// So many candidates say something else.
    Conflict(usize),
    /// As `Conflict`, and nothing but the stable order decided, or times inside one import.
    Tie(usize),
    /// Joined from so many fragments.
    Joined(usize),
    /// An opt-out that is newer lost.
    Alarm,
}

/// The rows of a profile; `only` leaves out attributes on which fragments agree.
pub fn rows(answer: &ProfileAnswer, only: Only) -> Outline<Row> {
    let mut nodes = alarms(answer);
    let mut root = Branch::default();
    for (at, leaf) in answer.profile.leaves.iter().enumerate() {
        if only == Only::All || leaf.conflict {
            root.add(leaf.path.keys(), at);
        }
    }
    push_branch(&mut nodes, &root, &Path::root(), answer, 0);
    if only == Only::All {
        nodes.extend(identities(answer));
    }
    Outline::new(nodes)
}

/// Which attributes are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    /// All.
    All,
    /// Those on which fragments disagree.
    Conflicts,
}

/// Keys and what is below them, in the order in which they first occur.
#[derive(Default)]
struct Branch {
    children: Vec<(String, Branch)>,
    leaf: Option<usize>,
}

impl Branch {
    fn add(&mut self, keys: &[String], leaf: usize) {
        let Some((first, rest)) = keys.split_first() else {
            self.leaf = Some(leaf);
            return;
        };
        // Leaves come in the entity's order, so the branch that is looked for is nearly always the last.
        let at = self.children.iter().rposition(|(key, _)| key == first);
        let at = at.unwrap_or_else(|| {
            self.children.push((first.clone(), Branch::default()));
            self.children.len() - 1
        });
        if let Some((_, branch)) = self.children.get_mut(at) {
            branch.add(rest, leaf);
        }
    }

    fn leaves(&self) -> Vec<usize> {
        let below = self.children.iter().flat_map(|(_, branch)| branch.leaves());
        self.leaf.into_iter().chain(below).collect()
    }
}

fn push_branch(
    nodes: &mut Vec<Node<Row>>,
    branch: &Branch,
    path: &Path,
    answer: &ProfileAnswer,
    depth: u16,
) {
    for (key, child) in &branch.children {
        let (mut name, mut child, mut path) = (key.clone(), child, path.child(key));
        while let (None, [(only, below)]) = (child.leaf, child.children.as_slice()) {
            if below.leaf.is_some() {
                break;
            }
            name = format!("{name}.{only}");
            path = path.child(only);
            child = below;
        }
        if let Some(at) = child.leaf {
            push_leaf(nodes, &name, at, answer, depth);
        }
        if child.children.is_empty() {
            continue;
        }
        let is_conflict = |at: &usize| {
            answer
                .profile
                .leaves
                .get(*at)
                .is_some_and(|leaf| leaf.conflict)
        };
        nodes.push(Node {
            depth,
            fold: Fold::Open,
            content: Row::Group {
                key: name,
                path: path.clone(),
                conflicts: child.leaves().iter().filter(|at| is_conflict(at)).count(),
            },
        });
        push_branch(nodes, child, &path, answer, depth + 1);
    }
}

fn push_leaf(nodes: &mut Vec<Node<Row>>, key: &str, at: usize, answer: &ProfileAnswer, depth: u16) {
    let Some(leaf) = answer.profile.leaves.get(at) else {
        return;
    };
    let is_personal = Mask::On.hides(&leaf.path, &leaf.value);
    let parts = match &leaf.value {
        Value::Array(items) if items.len() > 1 => json_rows(key, &leaf.value, depth, 0),
        Value::Object(map) if map.len() > 1 => json_rows(key, &leaf.value, depth, 0),
        _ => Vec::new(),
    };
    nodes.push(Node {
        depth,
        fold: if parts.is_empty() {
            Fold::Leaf
        } else {
            Fold::Folded
        },
        content: Row::Leaf(Attribute {
            key: key.to_owned(),
            path: leaf.path.clone(),
            leaf: at,
            value: shown(leaf),
            is_personal,
            mark: mark(leaf, answer),
        }),
    });
    // The first of the parts is the attribute itself.
    nodes.extend(parts.into_iter().skip(1).map(|part| Node {
        depth: part.depth,
        fold: part.fold,
        content: Row::Part {
            json: part.content,
            is_personal,
        },
    }));
}

fn shown(leaf: &Leaf) -> Shown {
    let Some(choice) = consent(leaf) else {
        return match &leaf.value {
            Value::Number(number) => Shown::Number(brief(&Value::Number(number.clone()), SHORT)),
            value => Shown::Plain(brief(value, SHORT)),
        };
    };
    let time = leaf.value.get("time").and_then(Value::as_str);
    let since = time.and_then(|time| time.get(..10)).unwrap_or_default();
    match choice {
        "y" | "dy" => Shown::Yes(format!("yes  {since}")),
        "n" | "dn" => Shown::No(format!("no  {since}")),
        "p" => Shown::Plain(format!("pending  {since}")),
        "u" => Shown::Plain(format!("not known  {since}")),
        other => Shown::Plain(format!("{}  {since}", brief(&Value::from(other), SHORT))),
    }
}

/// The choice of a leaf that is a consent.
pub fn consent(leaf: &Leaf) -> Option<&str> {
    let first = leaf.path.keys().first()?;
    let val = leaf.value.get("val").unwrap_or(&leaf.value);
    first
        .eq_ignore_ascii_case("consents")
        .then(|| val.as_str())?
}

fn mark(leaf: &Leaf, answer: &ProfileAnswer) -> Mark {
    let pointer = leaf.path.pointer();
    let alarms = &answer.profile.consent_alarms;
    if alarms.iter().any(|alarm| alarm.path == pointer) {
        return Mark::Alarm;
    }
    let others = disagreeing(leaf);
    match leaf.rule {
        Rule::Union | Rule::Concat => Mark::Joined(leaf.candidates.len() + 1),
        _ if !leaf.conflict => Mark::None,
        _ if leaf.tie || leaf.same_import => Mark::Tie(others),
        _ => Mark::Conflict(others),
    }
}

/// How many candidates say something else than the winner.
pub fn disagreeing(leaf: &Leaf) -> usize {
    let others = leaf.candidates.iter();
    others
        .filter(|other| !agree(&other.value, &leaf.value))
        .count()
}

fn alarms(answer: &ProfileAnswer) -> Vec<Node<Row>> {
    let alarms = &answer.profile.consent_alarms;
    let rows = alarms.iter().map(|alarm| Row::Alarm {
        path: alarm.path.trim_start_matches('/').replace('/', "."),
        text: format!("opted out in {}", alarm.dataset),
    });
    section(Section::Alarms, rows.collect())
}

fn identities(answer: &ProfileAnswer) -> Vec<Node<Row>> {
    let rows = answer.identities.iter().map(|identity| {
        let kind = NamespaceKind::guess(&identity.namespace);
        Row::Identity(identity.clone(), kind)
    });
    section(Section::Identities, rows.collect())
}

fn section(section: Section, rows: Vec<Row>) -> Vec<Node<Row>> {
    if rows.is_empty() {
        return Vec::new();
    }
    let heading = Node {
        depth: 0,
        fold: Fold::Open,
        content: Row::Section(section, rows.len()),
    };
    let below = rows.into_iter().map(|content| Node {
        depth: 1,
        fold: Fold::Leaf,
        content,
    });
    std::iter::once(heading).chain(below).collect()
}
