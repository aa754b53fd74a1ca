//! The settings under which records link.

use serde::{Deserialize, Serialize};

use super::{Namespace, NamespaceId};

/// Everything that decides how identities link, apart from the records themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkSettings {
    /// The namespaces, in any order.
    pub namespaces: Vec<Namespace>,
    /// The store's own settings.
    pub store: StoreSettings,
}

impl LinkSettings {
    /// Whether later settings choose the same primary identity of every event whose namespaces these know.
    pub fn place_events_like(&self, later: &LinkSettings) -> bool {
        let (then, now) = (&self.store, &later.store);
        let checks = |store: &StoreSettings| {
            let StoreSettings {
                check_length,
                check_ecid,
                check_values,
                ..
            } = store;
            (*check_length, *check_ecid, *check_values)
        };
        then.block == now.block
            && then.block_values == now.block_values
            && checks(then) == checks(now)
            && self.standing(self) == later.standing(self)
    }

    /// The namespaces that others know too, by priority, each with whether it is in the list and builds graphs.
    fn standing(&self, known: &LinkSettings) -> Vec<(NamespaceId, bool, bool)> {
        let is_known = |id| known.namespaces.iter().any(|other| other.id == id);
        let mut standing: Vec<&Namespace> = self.namespaces.iter().collect();
        standing.retain(|namespace| is_known(namespace.id));
        standing.sort_by_key(|namespace| (namespace.priority.unwrap_or(u32::MAX), namespace.id));
        standing
            .into_iter()
            .map(|n| (n.id, n.priority.is_some(), n.kind.builds_graphs()))
            .collect()
    }
}

/// The settings of a store as `onefold settings` and `[store]` of a manifest name them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, by the name that `settings` shows"
)]
pub struct StoreSettings {
    /// No graph grows beyond this many identities; `None` is no limit.
    pub max_identities: Option<u32>,
    /// Namespaces whose identities are never linked, by code.
    pub block: Vec<String>,
    /// Values that are no identity, compared after trimming and without regard to case.
    pub block_values: Vec<String>,
    /// Values over 1,024 characters reject their record.
    pub check_length: bool,
    /// An `ECID` that is not exactly 38 digits rejects its record.
    pub check_ecid: bool,
    /// Empty and blocked values are dropped.
    pub check_values: bool,
    /// New datasets keep every version of a fragment.
    pub keep_versions: bool,
}

impl Default for StoreSettings {
    fn default() -> StoreSettings {
        StoreSettings {
            max_identities: None,
            block: Vec::new(),
            block_values: ["null", "anonymous", "invalid"].map(String::from).to_vec(),
            check_length: true,
            check_ecid: false,
            check_values: true,
            keep_versions: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NamespaceKind;

    fn settings(namespaces: &[(u16, Option<u32>, NamespaceKind)]) -> LinkSettings {
        let namespace = |(id, priority, kind): &(u16, Option<u32>, NamespaceKind)| Namespace {
            id: NamespaceId(*id),
            code: id.to_string(),
            kind: *kind,
            unique: false,
            priority: *priority,
        };
        LinkSettings {
            namespaces: namespaces.iter().map(namespace).collect(),
            store: StoreSettings::default(),
        }
    }

    #[test]
    fn priorities_and_types_move_events_and_new_namespaces_do_not() {
        use NamespaceKind::{Cookie, Email, Partner};
        let before = settings(&[(1, Some(1), Email), (2, Some(2), Cookie), (3, None, Cookie)]);
        let check = |later: &[(u16, Option<u32>, NamespaceKind)], expected: bool| {
            assert_eq!(
                before.place_events_like(&settings(later)),
                expected,
                "{later:?}"
            );
        };
        check(
            &[(3, None, Email), (2, Some(2), Email), (1, Some(1), Email)],
            true,
        );
        check(
            &[
                (4, Some(1), Email),
                (1, Some(2), Email),
                (2, Some(3), Cookie),
                (3, None, Cookie),
            ],
            true,
        );
        check(
            &[(1, Some(2), Email), (2, Some(1), Cookie), (3, None, Cookie)],
            false,
        );
        check(
            &[
                (1, Some(1), Email),
                (2, Some(2), Cookie),
                (3, Some(3), Cookie),
            ],
            false,
        );
        check(
            &[
                (1, Some(1), Email),
                (2, Some(2), Partner),
                (3, None, Cookie),
            ],
            false,
        );
    }

    #[test]
    fn checks_and_blocks_move_events_and_the_cap_does_not() {
        let before = settings(&[]);
        let check = |change: fn(&mut StoreSettings), expected: bool| {
            let mut later = before.clone();
            change(&mut later.store);
            assert_eq!(before.place_events_like(&later), expected, "{later:?}");
        };
        check(|store| store.max_identities = Some(5), true);
        check(|store| store.keep_versions = false, true);
        check(|store| store.block = vec!["AAID".into()], false);
        check(|store| store.block_values = Vec::new(), false);
        check(|store| store.check_ecid = true, false);
        check(|store| store.check_length = false, false);
        check(|store| store.check_values = false, false);
    }
}
