//! What can be wrong with a merge policy.

/// Why a policy is refused; each sentence names the field.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// The text is no JSON.
    #[error("the policy is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The JSON is neither a policy nor a list of policies.
    #[error("the JSON is no policy: expected an object, or a list of them")]
    NoPolicy,
    /// A field holds something of another kind.
    #[error("`{field}` must be {expected}")]
    Kind {
        /// The field.
        field: String,
        /// What it must be.
        expected: &'static str,
    },
    /// A field that a policy must have is not there.
    #[error("`{field}` is missing; {hint}")]
    Missing {
        /// The field.
        field: &'static str,
        /// What to write.
        hint: &'static str,
    },
    /// A field that policies do not have.
    #[error("`{field}` is not known; {hint}")]
    UnknownField {
        /// The field.
        field: String,
        /// The nearest field, or all there are.
        hint: String,
    },
    /// A word that a field does not know.
    #[error("`{field}`: `{word}` is not known; {hint}")]
    UnknownWord {
        /// The field.
        field: String,
        /// The word.
        word: String,
        /// The nearest word, or all there are.
        hint: String,
    },
    /// Another policy has the name or id.
    #[error("`{field}`: a policy `{word}` exists already; choose another")]
    Taken {
        /// The field.
        field: &'static str,
        /// The name or id.
        word: String,
    },
    /// The method needs datasets.
    #[error("`order` is empty; `{method}` needs at least one dataset, the highest first")]
    EmptyOrder {
        /// The method.
        method: String,
    },
    /// The method takes no datasets.
    #[error("`order` must be left out: `{method}` takes none")]
    NeedlessOrder {
        /// The method.
        method: String,
    },
    /// A dataset stands twice in the order.
    #[error("`order` lists `{dataset}` twice; leave one out")]
    Twice {
        /// The dataset.
        dataset: String,
    },
    /// A dataset of the order is not in the store.
    #[error("`order`: there is no dataset `{dataset}`; {hint}")]
    UnknownDataset {
        /// The dataset.
        dataset: String,
        /// The nearest dataset, or what else to do.
        hint: String,
    },
}

/// The known word nearest to one that is not known, where one is near; else all of them.
pub(super) fn hint(word: &str, known: &[&str]) -> String {
    match nearest(word, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => "there are none yet".to_owned(),
        None => format!("there are {}", known.join(", ")),
    }
}

/// The known word within a third of a word's length in typing errors.
pub(super) fn nearest<'k>(word: &str, known: &[&'k str]) -> Option<&'k str> {
    // What is far longer than any name is nobody's misspelling, and not worth the comparison.
    if word.len() > 200 {
        return None;
    }
    let lower = word.to_lowercase();
    let distance = |name: &str| strsim::osa_distance(&lower, &name.to_lowercase());
    let near = known.iter().map(|name| (distance(name), *name));
    let (distance, name) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= (word.chars().count() / 3).max(1)).then_some(name)
}
