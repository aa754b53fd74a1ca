//! The namespaces of a graph as linking needs them: found by number or by code, ordered by priority.

use std::collections::HashMap;

use crate::model::{LinkSettings, Namespace, NamespaceId, NamespaceKind};

/// What linking knows of a namespace.
#[derive(Clone, Debug)]
pub(super) struct Space {
    /// Its code as first spelled.
    pub(super) code: String,
    /// What its values name.
    pub(super) kind: NamespaceKind,
    /// At most one value of it in a graph.
    pub(super) unique: bool,
    /// Its number in the order of priorities; those outside the list share the place after the last.
    pub(super) place: u32,
}

/// Namespaces by their numbers and codes.
#[derive(Clone, Debug, Default)]
pub(super) struct Spaces {
    all: Vec<Space>,
    by_code: HashMap<String, NamespaceId>,
    after_last: u32,
}

impl Spaces {
    /// The namespaces of these settings.
    pub(super) fn new(settings: &LinkSettings) -> Spaces {
        let last = settings.namespaces.iter().filter_map(|n| n.priority).max();
        let mut spaces = Spaces {
            after_last: last.unwrap_or(0).saturating_add(1),
            ..Spaces::default()
        };
        for namespace in &settings.namespaces {
            spaces.add(namespace);
        }
        spaces
    }

    /// Adds a namespace, or what is now said of a known one; the place after the last stays where it was.
    pub(super) fn add(&mut self, namespace: &Namespace) {
        self.reach(namespace.id);
        let space = Space {
            code: namespace.code.clone(),
            kind: namespace.kind,
            unique: namespace.unique,
            place: namespace.priority.unwrap_or(self.after_last),
        };
        if let Some(known) = self.all.get_mut(usize::from(namespace.id.0)) {
            *known = space;
        }
        self.by_code
            .entry(namespace.code.to_lowercase())
            .or_insert(namespace.id);
    }

    /// Makes room up to this number: one that nobody declared is not unique and stands after the last.
    pub(super) fn reach(&mut self, id: NamespaceId) {
        while self.all.len() <= usize::from(id.0) {
            self.all.push(Space {
                code: self.all.len().to_string(),
                kind: NamespaceKind::CrossDevice,
                unique: false,
                place: self.after_last,
            });
        }
    }

    /// The namespace of this number.
    pub(super) fn get(&self, id: NamespaceId) -> Option<&Space> {
        self.all.get(usize::from(id.0))
    }

    /// The number of the namespace of this code, without regard to case.
    pub(super) fn find(&self, code: &str) -> Option<NamespaceId> {
        match self.by_code.get(code) {
            Some(id) => Some(*id),
            None => self.by_code.get(&code.to_lowercase()).copied(),
        }
    }

    /// Its code.
    pub(super) fn code(&self, id: NamespaceId) -> &str {
        self.get(id).map_or("", |space| space.code.as_str())
    }

    /// Its place in the priorities.
    pub(super) fn place(&self, id: NamespaceId) -> u32 {
        self.get(id).map_or(self.after_last, |space| space.place)
    }

    /// Whether a graph may hold one value of it at most.
    pub(super) fn is_unique(&self, id: NamespaceId) -> bool {
        self.get(id).is_some_and(|space| space.unique)
    }

    /// What its values name.
    pub(super) fn kind(&self, id: NamespaceId) -> NamespaceKind {
        self.get(id)
            .map_or(NamespaceKind::CrossDevice, |space| space.kind)
    }
}
