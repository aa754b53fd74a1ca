//! The words that policies are written in, and a policy as it was written, before a store gives it its id.

use serde::Deserialize;

use crate::model::{Arrays, Clock, Grain, MergePolicy, PolicyOptions, Stitching};

use super::error::{MergeError, hint};
use super::method::METHODS;

/// A policy as it was written; what is absent is assigned by the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDraft {
    /// Its id, where it has one.
    pub id: Option<String>,
    /// Its version, where it has one.
    pub version: Option<u32>,
    /// The moment of its last edit in seconds, where it has one.
    pub update_epoch: Option<i64>,
    /// Whether it wants to be the default, where it says so.
    pub is_default: Option<bool>,
    /// Everything else; its `id`, `version`, `update_epoch` and `is_default` mean nothing yet.
    pub policy: MergePolicy,
}

impl PolicyDraft {
    /// The policy with what it lacks filled in: this id, version 1, this moment in seconds, not the default.
    pub fn assign(self, id: impl FnOnce() -> String, now: i64) -> MergePolicy {
        MergePolicy {
            id: self.id.unwrap_or_else(id),
            version: self.version.unwrap_or(1),
            update_epoch: self.update_epoch.unwrap_or(now),
            is_default: self.is_default.unwrap_or(false),
            ..self.policy
        }
    }

    /// A draft of this name with every default.
    pub(super) fn named(name: String) -> PolicyDraft {
        PolicyDraft {
            id: None,
            version: None,
            update_epoch: None,
            is_default: None,
            policy: MergePolicy {
                name,
                ..MergePolicy::latest_wins()
            },
        }
    }
}

/// A policy in the words of a manifest's `[[policy]]` and of the command line; what is absent takes its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct PolicyWords {
    /// Its name.
    pub name: String,
    /// The name of a merge method.
    pub method: Option<String>,
    /// The datasets of a `dataSetPrecedence`.
    pub order: Vec<String>,
    /// `none` or `pdg`.
    pub stitching: Option<String>,
    /// `union`, `replace` or `concat`.
    pub arrays: Option<String>,
    /// `fragment` or `field`.
    pub grain: Option<String>,
    /// `system` or `customer`.
    pub clock: Option<String>,
    /// An empty text counts as null.
    #[serde(alias = "empty_as_null")]
    pub empty_as_null: bool,
    /// Without stitching, fragments of different datasets stay apart.
    #[serde(alias = "strict_none")]
    pub strict_none: bool,
    /// It becomes the default policy.
    pub default: bool,
}

impl PolicyWords {
    /// The keys that there are, for a manifest that names the nearest one.
    pub const KEYS: [&str; 10] = [
        "name",
        "method",
        "order",
        "stitching",
        "arrays",
        "grain",
        "clock",
        "emptyAsNull",
        "strictNone",
        "default",
    ];

    /// The policy that these words say.
    pub fn draft(self) -> Result<PolicyDraft, MergeError> {
        if self.name.trim().is_empty() {
            let hint = "give the policy a name";
            return Err(MergeError::Missing {
                field: "name",
                hint,
            });
        }
        let mut draft = PolicyDraft::named(self.name);
        draft.is_default = self.default.then_some(true);
        let policy = &mut draft.policy;
        policy.order = self.order;
        if let Some(word) = &self.method {
            policy.method = method("method", word)?;
        }
        if let Some(word) = &self.stitching {
            policy.stitching = stitching("stitching", word)?;
        }
        policy.options = PolicyOptions {
            arrays: self
                .arrays
                .map_or(Ok(Arrays::default()), |w| arrays("arrays", &w))?,
            grain: self
                .grain
                .map_or(Ok(Grain::default()), |w| grain("grain", &w))?,
            clock: self
                .clock
                .map_or(Ok(Clock::default()), |w| clock("clock", &w))?,
            empty_as_null: self.empty_as_null,
            strict_none: self.strict_none,
        };
        Ok(draft)
    }
}

/// A method's name, in any case.
pub(super) fn method(field: &str, word: &str) -> Result<String, MergeError> {
    let known = METHODS.map(|method| (method.name(), method.name()));
    read(field, word, &known).map(str::to_owned)
}

/// A kind of stitching.
pub(super) fn stitching(field: &str, word: &str) -> Result<Stitching, MergeError> {
    read(
        field,
        word,
        &[("none", Stitching::None), ("pdg", Stitching::Pdg)],
    )
}

/// A way to join arrays.
pub(super) fn arrays(field: &str, word: &str) -> Result<Arrays, MergeError> {
    let known = [
        ("union", Arrays::Union),
        ("replace", Arrays::Replace),
        ("concat", Arrays::Concat),
    ];
    read(field, word, &known)
}

/// A grain.
pub(super) fn grain(field: &str, word: &str) -> Result<Grain, MergeError> {
    read(
        field,
        word,
        &[("fragment", Grain::Fragment), ("field", Grain::Field)],
    )
}

/// A clock.
pub(super) fn clock(field: &str, word: &str) -> Result<Clock, MergeError> {
    read(
        field,
        word,
        &[("system", Clock::System), ("customer", Clock::Customer)],
    )
}

fn read<T: Copy>(field: &str, word: &str, known: &[(&str, T)]) -> Result<T, MergeError> {
    let found = known
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(word));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        MergeError::UnknownWord {
            field: field.to_owned(),
            word: word.to_owned(),
            hint: hint(word, &names),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_manifest_make_a_policy() {
        let check = |text: &str, expected: Result<(&str, Stitching, Arrays), &str>| {
            let words: PolicyWords = serde_json::from_str(text).expect(text);
            let read = words.draft().map_err(|error| error.to_string());
            let policy = read.map(|draft| draft.assign(|| "new".into(), 0));
            let said = policy.as_ref().map(|policy| {
                let MergePolicy {
                    method,
                    stitching,
                    options,
                    ..
                } = policy;
                (method.as_str(), *stitching, options.arrays)
            });
            assert_eq!(said.map_err(String::as_str), expected, "{text}");
        };
        let plain = ("timestampOrdered", Stitching::Pdg, Arrays::Union);
        check(r#"{"name":"a"}"#, Ok(plain));
        check(
            r#"{"name":"a","method":"datasetprecedence","order":["crm"],"stitching":"none","arrays":"concat"}"#,
            Ok(("dataSetPrecedence", Stitching::None, Arrays::Concat)),
        );
        check(
            r#"{"order":[]}"#,
            Err("`name` is missing; give the policy a name"),
        );
        check(
            r#"{"name":"a","method":"timestamp"}"#,
            Err(
                "`method`: `timestamp` is not known; there are timestampOrdered, dataSetPrecedence",
            ),
        );
        check(
            r#"{"name":"a","arrays":"onion"}"#,
            Err("`arrays`: `onion` is not known; did you mean `union`?"),
        );
    }

    #[test]
    fn every_key_is_listed() {
        for key in PolicyWords::KEYS {
            let error = serde_json::from_str::<PolicyWords>(&format!(r#"{{"{key}":{{}}}}"#));
            let said = error.expect_err("no key takes an object").to_string();
            assert!(!said.contains("unknown field"), "{said}");
        }
    }
}
