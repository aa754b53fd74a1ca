//! Small values as people write them in arguments.

use std::collections::BTreeSet;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A parser for a word of the model: help and errors list the words that there are.
pub fn word<T>(words: &'static [&'static str]) -> impl TypedValueParser<Value = T>
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words)
        .try_map(|word| serde_json::from_value::<T>(Value::String(word)))
}

/// A count: digits, `_` between them, and `k` or `M` after them.
pub fn count(text: &str) -> Result<u64, String> {
    let (digits, unit) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (text.get(..at), 1_000),
        Some((at, 'm' | 'M')) => (text.get(..at), 1_000_000),
        _ => (Some(text), 1),
    };
    let digits = digits.unwrap_or_default().replace('_', "");
    let number = digits.parse::<u64>().ok().and_then(|n| n.checked_mul(unit));
    number.ok_or_else(|| "write a number such as 5000, 5k or 2M".to_owned())
}

/// A query, or the first word of one; what looks like a long option is a slip, never a query.
pub fn query(text: &str) -> Result<String, String> {
    if text.starts_with("--") {
        return Err(format!(
            "there is no option `{text}`; see `onefold search --help`"
        ));
    }
    Ok(text.to_owned())
}

/// Two to four different names, between commas.
pub fn policies(text: &str) -> Result<Policies, String> {
    let names: Vec<_> = text.split(',').map(|name| name.trim().to_owned()).collect();
    let different: BTreeSet<_> = names.iter().map(|name| name.to_lowercase()).collect();
    let has_blank = names.iter().any(String::is_empty);
    if has_blank || different.len() < names.len() || !(2..=4).contains(&names.len()) {
        return Err("name two to four different policies, such as `Latest wins,CRM first`".into());
    }
    Ok(Policies(names))
}

/// The policies of a comparison, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policies(pub Vec<String>);

/// An id in an imported policy, and the dataset that it means here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatasetName {
    /// As the policy writes it.
    pub id: String,
    /// The dataset's name in this store.
    pub name: String,
}

/// `ID=NAME`.
pub fn dataset_name(text: &str) -> Result<DatasetName, String> {
    match text.split_once('=') {
        Some((id, name)) if !id.is_empty() && !name.is_empty() => Ok(DatasetName {
            id: id.to_owned(),
            name: name.to_owned(),
        }),
        _ => Err("write ID=NAME, such as 5b020a27e7040801dedbf46e=crm".to_owned()),
    }
}
