//! The mask: hides who a person is, before an answer is printed in any form.

mod answers;
mod value;

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::privacy::HIDDEN;
use crate::model::{Identity, Namespace, NamespaceKind, Removal};

/// Whether personal values are hidden, and which namespaces name persons.
#[derive(Clone, Debug, Default)]
pub enum Mask {
    /// Everything is shown.
    #[default]
    Off,
    /// Values that say who a person is are hidden; the kinds of the namespaces that are known, by code in lower case.
    On(HashMap<String, NamespaceKind>),
}

/// An answer that may hold who a person is.
pub trait Personal {
    /// Hides that.
    fn hide(&mut self, mask: &Mask);
}

impl Mask {
    /// A mask that hides; kinds of namespaces are guessed until they are learnt.
    pub fn on() -> Mask {
        Mask::On(HashMap::new())
    }

    /// Learns what the namespaces of a store name.
    pub fn learn(&mut self, namespaces: &[Namespace]) {
        if let Mask::On(kinds) = self {
            kinds.extend(
                namespaces
                    .iter()
                    .map(|namespace| (namespace.code.to_lowercase(), namespace.kind)),
            );
        }
    }

    /// The answer as it may be shown.
    pub fn apply<T: Personal>(&self, mut answer: T) -> T {
        if let Mask::On(_) = self {
            answer.hide(self);
        }
        answer
    }

    /// Whether values of this namespace name persons and are hidden.
    pub fn hides_namespace(&self, code: &str) -> bool {
        let Mask::On(kinds) = self else {
            return false;
        };
        let kind = kinds.get(&code.to_lowercase()).copied();
        matches!(
            kind.unwrap_or_else(|| NamespaceKind::guess(code)),
            NamespaceKind::CrossDevice | NamespaceKind::Email | NamespaceKind::Phone
        )
    }

    /// Whether an identity names a person and is hidden.
    pub fn hides(&self, identity: &Identity) -> bool {
        self.hides_namespace(&identity.namespace)
    }
}

impl Personal for Identity {
    fn hide(&mut self, mask: &Mask) {
        if mask.hides(self) {
            HIDDEN.clone_into(&mut self.value);
        }
    }
}

impl Personal for Arc<Identity> {
    fn hide(&mut self, mask: &Mask) {
        if mask.hides(self) {
            Arc::make_mut(self).hide(mask);
        }
    }
}

impl<T: Personal> Personal for Vec<T> {
    fn hide(&mut self, mask: &Mask) {
        for item in self.iter_mut() {
            item.hide(mask);
        }
    }
}

impl<T: Personal> Personal for Option<T> {
    fn hide(&mut self, mask: &Mask) {
        for item in self.iter_mut() {
            item.hide(mask);
        }
    }
}

impl<T: Personal> Personal for Box<T> {
    fn hide(&mut self, mask: &Mask) {
        self.as_mut().hide(mask);
    }
}

impl Personal for Removal {
    fn hide(&mut self, mask: &Mask) {
        match self {
            Removal::Unique { namespace, a, b } if mask.hides_namespace(namespace) => {
                HIDDEN.clone_into(a);
                HIDDEN.clone_into(b);
            }
            Removal::Unique { .. } => {}
            Removal::Cap { identity, .. } | Removal::Deleted { identity } => identity.hide(mask),
        }
    }
}
