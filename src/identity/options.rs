//! The settings of a simulation: those of a file, and what options say over them.

use crate::model::{LinkSettings, Namespace, NamespaceId, NamespaceKind, StoreSettings};

/// What the options of a simulation say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SimulationOptions {
    /// Namespaces that are unique per graph, besides those that the settings name.
    pub unique: Vec<String>,
    /// The first namespaces in the order of priorities; those that the settings name follow.
    pub priority: Vec<String>,
    /// No graph grows beyond this many identities.
    pub max_identities: Option<u32>,
    /// Namespaces that are never linked, besides those that the settings name.
    pub block: Vec<String>,
    /// All value checks are made, that of `ECID` among them; otherwise none is.
    pub check_values: bool,
}

/// The settings of a simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulationSettings {
    link: LinkSettings,
}

impl SimulationSettings {
    /// The namespaces and settings of a file, and what the options say over them.
    pub fn new(
        namespaces: Vec<Namespace>,
        store: StoreSettings,
        options: &SimulationOptions,
    ) -> SimulationSettings {
        let mut settings = SimulationSettings {
            link: LinkSettings { namespaces, store },
        };
        for (namespace, id) in settings.link.namespaces.iter_mut().zip(1..=u16::MAX) {
            namespace.id = NamespaceId(id);
        }
        settings.order(&options.priority);
        for code in &options.unique {
            settings.make_unique(code);
        }
        let store = &mut settings.link.store;
        store.max_identities = options.max_identities.or(store.max_identities);
        store.block.extend(options.block.iter().cloned());
        store.check_values = options.check_values;
        store.check_length = options.check_values;
        store.check_ecid = options.check_values;
        settings
    }

    /// The settings as the linker takes them.
    pub fn link(&self) -> &LinkSettings {
        &self.link
    }

    /// Puts these namespaces first, then those that have a priority in its order: one gapless list.
    fn order(&mut self, first: &[String]) {
        let mut list: Vec<usize> = first.iter().map(|code| self.declare(code)).collect();
        let mut others: Vec<_> = self
            .link
            .namespaces
            .iter()
            .enumerate()
            .filter_map(|(at, namespace)| Some((namespace.priority?, at)))
            .collect();
        others.sort_unstable();
        list.extend(others.into_iter().map(|(_, at)| at));
        let mut place = 0;
        let mut placed = vec![false; self.link.namespaces.len()];
        for at in list {
            if let (Some(namespace), Some(is_placed)) =
                (self.link.namespaces.get_mut(at), placed.get_mut(at))
                && !std::mem::replace(is_placed, true)
            {
                place += 1;
                namespace.priority = Some(place);
            }
        }
    }

    /// Makes a namespace unique; one without a priority comes last in the list, because only listed ones can be unique.
    fn make_unique(&mut self, code: &str) {
        let at = self.declare(code);
        let last = self.link.namespaces.iter().filter_map(|n| n.priority).max();
        if let Some(namespace) = self.link.namespaces.get_mut(at) {
            namespace.unique = true;
            namespace.priority = namespace.priority.or(Some(last.unwrap_or(0) + 1));
        }
    }

    /// The place of a namespace; one that the file does not name is added.
    fn declare(&mut self, code: &str) -> usize {
        let code = code.trim();
        let lower = code.to_lowercase();
        let namespaces = &mut self.link.namespaces;
        let known = namespaces
            .iter()
            .position(|namespace| namespace.code.to_lowercase() == lower);
        known.unwrap_or_else(|| {
            let at = namespaces.len();
            namespaces.push(undeclared(
                NamespaceId(u16::try_from(at + 1).unwrap_or(u16::MAX)),
                code,
            ));
            at
        })
    }
}

/// A namespace that nobody declared: its kind is guessed, it is not unique and stands after the last.
pub(super) fn undeclared(id: NamespaceId, code: &str) -> Namespace {
    Namespace {
        id,
        code: code.to_owned(),
        kind: NamespaceKind::guess(code),
        unique: false,
        priority: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn options_stand_over_the_settings_of_the_file() {
        let file = |code: &str, unique: bool, priority: Option<u32>| Namespace {
            unique,
            priority,
            ..undeclared(NamespaceId(0), code)
        };
        let namespaces = [
            file("ECID", false, Some(7)),
            file("CRMID", true, Some(2)),
            file("Phone", false, None),
        ];
        let check = |priority: &str, unique: &str, expected: &str| {
            let options = SimulationOptions {
                priority: words(priority),
                unique: words(unique),
                ..SimulationOptions::default()
            };
            let settings =
                SimulationSettings::new(namespaces.to_vec(), StoreSettings::default(), &options);
            let mut listed: Vec<_> = settings.link().namespaces.iter().collect();
            listed.sort_by_key(|namespace| namespace.priority.unwrap_or(u32::MAX));
            let shown = listed.iter().map(|namespace| {
                let place = namespace.priority.map_or(String::new(), |p| p.to_string());
                let sign = if namespace.unique { "!" } else { "" };
                format!("{place}{}{sign}", namespace.code)
            });
            assert_eq!(shown.collect::<Vec<_>>().join(" "), expected);
        };
        check("", "", "1CRMID! 2ECID Phone");
        check("ecid Email ECID", "", "1ECID 2Email 3CRMID! Phone");
        check("", "phone", "1CRMID! 2ECID 3Phone!");
        check("Phone", "Email", "1Phone 2CRMID! 3ECID 4Email!");
    }
}
