//! Merge policies in Adobe's JSON, read and written, so that one exported there reads here and the other way round.

use serde_json::{Map, Value, json};

use crate::model::{MergePolicy, Stitching};

use super::error::{MergeError, hint, nearest};
use super::method::{Method, method};
use super::words::{self, PolicyDraft};

const FIELDS: [&str; 10] = [
    "id",
    "name",
    "schema",
    "version",
    "identityGraph",
    "attributeMerge",
    "isActiveOnEdge",
    "default",
    "updateEpoch",
    "onefold",
];
const OPTIONS: [&str; 5] = ["arrays", "grain", "clock", "emptyAsNull", "strictNone"];

/// The policies that a text holds: one, an array of them, or a page with `children`.
///
/// `names` gives datasets of the order the names they have here, as `--map ID=NAME` does.
pub fn read(text: &str, names: &[(String, String)]) -> Result<Vec<PolicyDraft>, MergeError> {
    let policies = match serde_json::from_str(text)? {
        Value::Array(policies) => policies,
        Value::Object(mut page) if page.get("children").is_some_and(Value::is_array) => {
            match page.remove("children") {
                Some(Value::Array(policies)) => policies,
                _ => return Err(MergeError::NoPolicy),
            }
        }
        policy => vec![policy],
    };
    let policies = policies.iter();
    policies.map(|policy| read_one(policy, names)).collect()
}

/// The policy that a JSON object says.
pub fn read_one(policy: &Value, names: &[(String, String)]) -> Result<PolicyDraft, MergeError> {
    let policy = policy.as_object().ok_or(MergeError::NoPolicy)?;
    refuse_misspelt(policy, "", &FIELDS)?;
    let name = text(policy, "name")?.ok_or(MergeError::Missing {
        field: "name",
        hint: "give the policy a name",
    })?;
    let mut draft = PolicyDraft::named(name);
    draft.id = text(policy, "id")?;
    draft.version = number(policy, "version")?;
    draft.update_epoch = number(policy, "updateEpoch")?;
    draft.is_default = truth(policy, "default")?;
    draft.policy.is_active_on_edge = truth(policy, "isActiveOnEdge")?.unwrap_or(false);
    if let Some(schema) = object(policy, "schema")?
        && let Some(name) = text(schema, "name")?
    {
        draft.policy.schema = name;
    }
    read_graph(policy, &mut draft.policy)?;
    read_method(policy, names, &mut draft.policy)?;
    read_options(policy, &mut draft.policy)?;
    Ok(draft)
}

/// The policy as Adobe writes it, with the options that only this program has beside.
pub fn write(policy: &MergePolicy) -> Value {
    let mut merge = Map::from_iter([("type".to_owned(), json!(policy.method))]);
    if method(&policy.method).is_none_or(Method::takes_order) {
        merge.insert("order".into(), json!(policy.order));
    }
    let graph = match policy.stitching {
        Stitching::None => "none",
        Stitching::Pdg => "pdg",
    };
    json!({
        "id": policy.id,
        "name": policy.name,
        "schema": {"name": policy.schema},
        "version": policy.version,
        "identityGraph": {"type": graph},
        "attributeMerge": merge,
        "isActiveOnEdge": policy.is_active_on_edge,
        "default": policy.is_default,
        "updateEpoch": policy.update_epoch,
        "onefold": policy.options,
    })
}

fn read_graph(fields: &Map<String, Value>, policy: &mut MergePolicy) -> Result<(), MergeError> {
    let Some(graph) = object(fields, "identityGraph")? else {
        return Ok(());
    };
    refuse_misspelt(graph, "identityGraph.", &["type"])?;
    if let Some(word) = text(graph, "type")? {
        policy.stitching = words::stitching("identityGraph.type", &word)?;
    }
    Ok(())
}

fn read_method(
    fields: &Map<String, Value>,
    names: &[(String, String)],
    policy: &mut MergePolicy,
) -> Result<(), MergeError> {
    let Some(merge) = object(fields, "attributeMerge")? else {
        return Ok(());
    };
    refuse_misspelt(merge, "attributeMerge.", &["type", "order"])?;
    if let Some(word) = text(merge, "type")? {
        policy.method = words::method("attributeMerge.type", &word)?;
    }
    let order = match merge.get("order") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Array(order)) => order,
        Some(_) => return Err(kind("attributeMerge.order", "a list of datasets")),
    };
    for dataset in order {
        let dataset = match dataset {
            Value::String(name) => name.clone(),
            Value::Number(id) => id.to_string(),
            _ => return Err(kind("attributeMerge.order", "a list of datasets")),
        };
        let mapped = names.iter().find(|(id, _)| *id == dataset);
        policy
            .order
            .push(mapped.map_or(dataset, |(_, name)| name.clone()));
    }
    Ok(())
}

fn read_options(fields: &Map<String, Value>, policy: &mut MergePolicy) -> Result<(), MergeError> {
    let Some(options) = object(fields, "onefold")? else {
        return Ok(());
    };
    if let Some(unknown) = options.keys().find(|key| !OPTIONS.contains(&key.as_str())) {
        return Err(MergeError::UnknownField {
            field: format!("onefold.{unknown}"),
            hint: hint(unknown, &OPTIONS),
        });
    }
    let read = &mut policy.options;
    if let Some(word) = text(options, "arrays")? {
        read.arrays = words::arrays("onefold.arrays", &word)?;
    }
    if let Some(word) = text(options, "grain")? {
        read.grain = words::grain("onefold.grain", &word)?;
    }
    if let Some(word) = text(options, "clock")? {
        read.clock = words::clock("onefold.clock", &word)?;
    }
    read.empty_as_null = truth(options, "emptyAsNull")?.unwrap_or(false);
    read.strict_none = truth(options, "strictNone")?.unwrap_or(false);
    Ok(())
}

/// A field that is almost a known one is a mistake; what else Adobe adds is none of ours.
fn refuse_misspelt(
    fields: &Map<String, Value>,
    prefix: &str,
    known: &[&str],
) -> Result<(), MergeError> {
    let strangers = fields.keys().filter(|key| !known.contains(&key.as_str()));
    for field in strangers {
        if let Some(near) = nearest(field, known) {
            return Err(MergeError::UnknownField {
                field: format!("{prefix}{field}"),
                hint: format!("did you mean `{prefix}{near}`?"),
            });
        }
    }
    Ok(())
}

fn object<'v>(
    fields: &'v Map<String, Value>,
    field: &str,
) -> Result<Option<&'v Map<String, Value>>, MergeError> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Object(object)) => Ok(Some(object)),
        Some(_) => Err(kind(field, "an object")),
    }
}

fn text(fields: &Map<String, Value>, field: &str) -> Result<Option<String>, MergeError> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(kind(field, "a text")),
    }
}

fn truth(fields: &Map<String, Value>, field: &str) -> Result<Option<bool>, MergeError> {
    match fields.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(truth)) => Ok(Some(*truth)),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Some(Value::String(text)) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        Some(_) => Err(kind(field, "true or false")),
    }
}

fn number<N: std::str::FromStr>(
    fields: &Map<String, Value>,
    field: &str,
) -> Result<Option<N>, MergeError> {
    let text = match fields.get(field) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.clone(),
        Some(_) => return Err(kind(field, "a whole number")),
    };
    let number = text.trim().parse().ok();
    number
        .map(Some)
        .ok_or_else(|| kind(field, "a whole number"))
}

fn kind(field: &str, expected: &'static str) -> MergeError {
    MergeError::Kind {
        field: field.to_owned(),
        expected,
    }
}
