//! Admission: which identities of a record may be linked, which of them is primary, and what is refused with its reason.

use std::collections::HashSet;

use super::spaces::Spaces;
use crate::model::{DatasetKind, Identity, LinkSettings, Namespace, NamespaceId, Refusal};

/// Values over this many characters reject their record.
const LONGEST: usize = 1024;

/// A record of more identities than this is worth a warning: every pair of them is linked.
pub const CROWD: usize = 50;

/// Up to this many mentions are compared one by one.
const FEW: usize = 16;

/// An identity as a record names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The namespace.
    pub namespace: NamespaceId,
    /// The value, exactly as it is to be kept.
    pub value: &'a str,
    /// Marked `primary: true`.
    pub is_primary: bool,
}

/// What becomes of a record's mentions; numbers are places among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admitted {
    /// Those to be linked, every pair of them; fewer than two link nothing.
    pub linked: Vec<usize>,
    /// Those that pass the value checks, without exact duplicates: whom the record names.
    pub named: Vec<usize>,
    /// The primary identity: of an event by priority, of a record the one that stands where its mapping names none.
    pub primary: Option<usize>,
    /// What was refused, in order.
    pub refusals: Vec<Refusal>,
    /// A value check rejects the whole record; nothing of it counts.
    pub is_rejected: bool,
}

impl Admitted {
    /// Whether so many identities are linked that the reader should be warned.
    pub fn is_crowded(&self) -> bool {
        self.linked.len() > CROWD
    }

    fn clear(&mut self) {
        self.linked.clear();
        self.named.clear();
        self.primary = None;
        self.refusals.clear();
        self.is_rejected = false;
    }
}

/// Whom an event belongs to, where neither the marks nor the order of its document are known; numbers are places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// It names nobody whom it could belong to, or two of one namespace.
    Nobody,
    /// This one, whatever is marked.
    One(usize),
    /// One of these: their namespaces share the highest place.
    OneOf(Vec<usize>),
}

/// The rules of admission under some settings.
#[derive(Clone, Debug)]
pub struct Admission {
    spaces: Spaces,
    blocked_codes: Vec<String>,
    blocked_values: Vec<String>,
    checks: Checks,
}

#[derive(Clone, Copy, Debug)]
struct Checks {
    length: bool,
    ecid: bool,
    values: bool,
}

/// What the checks say of one value.
enum Verdict {
    Good,
    Dropped(Refusal),
    Rejected(Refusal),
}

impl Admission {
    /// The rules under these settings.
    pub fn new(settings: &LinkSettings) -> Admission {
        let lower = |texts: &[String]| texts.iter().map(|t| t.trim().to_lowercase()).collect();
        Admission {
            spaces: Spaces::new(settings),
            blocked_codes: lower(&settings.store.block),
            blocked_values: lower(&settings.store.block_values),
            checks: Checks {
                length: settings.store.check_length,
                ecid: settings.store.check_ecid,
                values: settings.store.check_values,
            },
        }
    }

    /// Adds a namespace that came up later.
    pub fn add_namespace(&mut self, namespace: &Namespace) {
        self.spaces.add(namespace);
    }

    /// Decides about the mentions of one record, in document order.
    pub fn admit(&self, kind: DatasetKind, mentions: &[Mention<'_>]) -> Admitted {
        let mut admitted = Admitted::default();
        self.admit_into(kind, mentions, &mut admitted);
        admitted
    }

    /// As [`Admission::admit`], into a place that is used again from record to record.
    pub fn admit_into(&self, kind: DatasetKind, mentions: &[Mention<'_>], admitted: &mut Admitted) {
        admitted.clear();
        self.check_values(mentions, admitted);
        if admitted.is_rejected {
            admitted.named.clear();
            return;
        }
        let may_link = |at: &usize| {
            mentions
                .get(*at)
                .is_some_and(|m| self.may_link(m.namespace))
        };
        admitted
            .linked
            .extend(admitted.named.iter().copied().filter(may_link));
        match kind {
            DatasetKind::Event => self.choose_for_event(mentions, admitted),
            DatasetKind::Record => self.choose_for_record(mentions, admitted),
        }
        self.refuse_two_values(mentions, admitted);
    }

    /// Whom an event belongs to, as far as that can be told without its document.
    pub fn choice(&self, mentions: &[Mention<'_>]) -> Choice {
        let mut admitted = Admitted::default();
        self.admit_into(DatasetKind::Event, mentions, &mut admitted);
        let place = |at: usize| mentions.get(at).map(|m| self.spaces.place(m.namespace));
        let may_link = |at: &usize| {
            mentions
                .get(*at)
                .is_some_and(|m| self.may_link(m.namespace))
        };
        let mut candidates = admitted.named.clone();
        if candidates.iter().any(may_link) {
            candidates.retain(may_link);
        }
        let highest = candidates.iter().filter_map(|at| place(*at)).min();
        candidates.retain(|at| place(*at) == highest);
        let mut namespaces = candidates.iter().filter_map(|at| mentions.get(*at));
        let first = namespaces.next().map(|m| m.namespace);
        if namespaces.any(|m| Some(m.namespace) != first) {
            return Choice::OneOf(candidates);
        }
        admitted.primary.map_or(Choice::Nobody, Choice::One)
    }

    fn check_values(&self, mentions: &[Mention<'_>], admitted: &mut Admitted) {
        let mut many = HashSet::new();
        for (at, mention) in mentions.iter().enumerate() {
            let is_known = if mentions.len() > FEW {
                !many.insert((mention.namespace, mention.value))
            } else {
                let before = mentions.iter().take(at);
                before.into_iter().any(|m| is_same(m, mention))
            };
            if is_known {
                continue;
            }
            match self.check(mention) {
                Verdict::Good => admitted.named.push(at),
                Verdict::Dropped(refusal) => admitted.refusals.push(refusal),
                Verdict::Rejected(refusal) => {
                    admitted.refusals.push(refusal);
                    admitted.is_rejected = true;
                }
            }
        }
    }

    fn check(&self, mention: &Mention<'_>) -> Verdict {
        let code = self.spaces.code(mention.namespace);
        if self.checks.values && self.is_blocked(mention.value) {
            return Verdict::Dropped(Refusal::BlockedValue {
                identity: Identity::new(code, mention.value),
            });
        }
        if self.checks.length && mention.value.len() > LONGEST {
            let length = mention.value.chars().count();
            if length > LONGEST {
                return Verdict::Rejected(Refusal::TooLong {
                    namespace: code.to_owned(),
                    length: length as u64,
                });
            }
        }
        if self.checks.ecid && code.eq_ignore_ascii_case("ECID") && !is_ecid(mention.value) {
            return Verdict::Rejected(Refusal::MalformedEcid {
                value: mention.value.to_owned(),
            });
        }
        Verdict::Good
    }

    fn is_blocked(&self, value: &str) -> bool {
        let value = match value.as_bytes() {
            [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => value,
            _ => value.trim(),
        };
        // Few values hold letters whose lower case must be made.
        let is_plain = value.is_ascii() || value.len() >= LONGEST;
        value.is_empty()
            || self.blocked_values.iter().any(|blocked| {
                blocked.eq_ignore_ascii_case(value)
                    || (!is_plain && *blocked == value.to_lowercase())
            })
    }

    fn may_link(&self, namespace: NamespaceId) -> bool {
        let code = self.spaces.code(namespace);
        self.spaces.kind(namespace).builds_graphs()
            && (self.blocked_codes.is_empty() || !self.blocked_codes.contains(&code.to_lowercase()))
    }

    /// The highest priority; those that link nothing come in where there is no other. Two values of that namespace: no event.
    fn choose_for_event(&self, mentions: &[Mention<'_>], admitted: &mut Admitted) {
        let candidates = if admitted.linked.is_empty() {
            &admitted.named
        } else {
            &admitted.linked
        };
        admitted.primary = self.highest(mentions, candidates);
        let Some(first) = admitted.primary.and_then(|at| mentions.get(at)) else {
            return;
        };
        let mut same = candidates
            .iter()
            .filter_map(|at| mentions.get(*at))
            .filter(|mention| mention.namespace == first.namespace);
        if let (Some(first), Some(second)) = (same.next(), same.next()) {
            admitted.refusals.push(Refusal::AmbiguousPrimary {
                namespace: self.spaces.code(first.namespace).to_owned(),
                first: first.value.to_owned(),
                second: second.value.to_owned(),
            });
            admitted.primary = None;
        }
    }

    /// The first that is marked, else the highest priority; those that link nothing come in where there is no other.
    fn choose_for_record(&self, mentions: &[Mention<'_>], admitted: &mut Admitted) {
        let is_marked = |at: &usize| mentions.get(*at).is_some_and(|m| m.is_primary);
        admitted.primary = admitted
            .named
            .iter()
            .copied()
            .find(is_marked)
            .or_else(|| self.highest(mentions, &admitted.linked))
            .or_else(|| self.highest(mentions, &admitted.named));
    }

    fn highest(&self, mentions: &[Mention<'_>], candidates: &[usize]) -> Option<usize> {
        candidates.iter().copied().min_by_key(|at| {
            mentions
                .get(*at)
                .map(|m| (self.spaces.place(m.namespace), !m.is_primary, *at))
        })
    }

    fn refuse_two_values(&self, mentions: &[Mention<'_>], admitted: &mut Admitted) {
        let linked = admitted.linked.iter();
        let mut those = linked
            .filter_map(|at| mentions.get(*at).map(|mention| (mention.namespace, *at)))
            .filter(|(namespace, _)| self.spaces.is_unique(*namespace));
        // Few records come to a second: no memory is taken before.
        let (Some(first), Some(second)) = (those.next(), those.next()) else {
            return;
        };
        let mut unique = vec![first, second];
        unique.extend(those);
        unique.sort_unstable();
        let mut refused = Vec::new();
        for of_namespace in unique.chunk_by(|x, y| x.0 == y.0) {
            if let [(namespace, first), (_, second), ..] = of_namespace {
                refused.push((self.spaces.place(*namespace), *namespace, *first, *second));
            }
        }
        refused.sort_unstable();
        for (_, namespace, first, second) in &refused {
            let value = |at: &usize| mentions.get(*at).map_or("", |m| m.value).to_owned();
            admitted.refusals.push(Refusal::TwoValues {
                namespace: self.spaces.code(*namespace).to_owned(),
                first: value(first),
                second: value(second),
            });
        }
        if !refused.is_empty() {
            admitted.linked.clear();
        }
    }
}

fn is_same(x: &Mention<'_>, y: &Mention<'_>) -> bool {
    x.namespace == y.namespace && x.value == y.value
}

fn is_ecid(value: &str) -> bool {
    value.len() == 38 && value.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NamespaceKind, StoreSettings};

    /// ECID before Email; AAID and GAID outside the list; Hash links nothing and stands highest, Segment outside.
    fn admission() -> Admission {
        use NamespaceKind::{Cookie, Device, Email, NonPeople, Partner};
        let namespaces = [
            ("Hash", NonPeople, Some(1)),
            ("ECID", Cookie, Some(2)),
            ("Email", Email, Some(3)),
            ("AAID", Device, None),
            ("GAID", Device, None),
            ("Segment", Partner, None),
            ("Seller", Partner, None),
        ];
        let namespace =
            |(n, (code, kind, priority)): (usize, (&str, NamespaceKind, Option<u32>))| Namespace {
                id: NamespaceId(n as u16),
                code: code.to_owned(),
                kind,
                unique: code == "Email",
                priority,
            };
        Admission::new(&LinkSettings {
            namespaces: namespaces.into_iter().enumerate().map(namespace).collect(),
            store: StoreSettings::default(),
        })
    }

    #[test]
    fn who_an_event_belongs_to_is_open_only_between_namespaces_of_one_place() {
        let check = |named: &[(u16, &str)], expected: Choice| {
            let mentions: Vec<_> = named
                .iter()
                .map(|(namespace, value)| Mention {
                    namespace: NamespaceId(*namespace),
                    value,
                    is_primary: false,
                })
                .collect();
            assert_eq!(admission().choice(&mentions), expected, "{named:?}");
        };
        check(&[], Choice::Nobody);
        check(&[(2, "m"), (1, "e"), (3, "a")], Choice::One(1));
        check(&[(2, "m"), (1, "e"), (1, "f")], Choice::Nobody);
        check(&[(2, "m"), (2, "n"), (1, "e")], Choice::One(2));
        check(&[(3, "a"), (4, "g")], Choice::OneOf(vec![0, 1]));
        check(
            &[(3, "a"), (3, "b"), (4, "g")],
            Choice::OneOf(vec![0, 1, 2]),
        );
        check(&[(3, "a"), (3, "b")], Choice::Nobody);
        // Who links nothing comes in where there is no other.
        check(&[(0, "h"), (2, "m")], Choice::One(1));
        check(&[(5, "s"), (3, "a")], Choice::One(1));
        check(
            &[(5, "s"), (6, "t"), (3, "a"), (4, "g")],
            Choice::OneOf(vec![2, 3]),
        );
        check(&[(5, "s"), (6, "t")], Choice::OneOf(vec![0, 1]));
        // A value that is none names nobody; two of a unique namespace link nothing and hinder nothing.
        check(&[(1, "null"), (2, "m")], Choice::One(1));
        check(&[(1, "e"), (2, "m"), (2, "n")], Choice::One(0));
        check(&[(1, &"e".repeat(1025)), (2, "m")], Choice::Nobody);
    }
}
