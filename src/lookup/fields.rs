//! Chosen fields of a profile: the last parts of a path are enough, and mean every path that ends so.

use serde_json::{Map, Value};

use crate::model::{Path, ProfileAnswer};

/// Fields that were chosen; none is all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields(Vec<Path>);

impl Fields {
    /// The fields of these names.
    pub fn of<T: AsRef<str>>(names: &[T]) -> Fields {
        Fields(names.iter().map(|name| path(name.as_ref())).collect())
    }

    /// Those that a profile does not have.
    pub fn missing<'a>(&'a self, answer: &'a ProfileAnswer) -> impl Iterator<Item = &'a Path> {
        self.0
            .iter()
            .filter(|field| value_at(&answer.profile.entity, field).is_none())
    }

    /// Leaves these fields alone in a profile, each with everything below it.
    pub fn keep(&self, answer: &mut ProfileAnswer) {
        if self.0.is_empty() {
            return;
        }
        prune(&mut Vec::new(), &mut answer.profile.entity, &self.0);
        answer.profile.leaves.retain(|leaf| {
            let keys = leaf.path.keys();
            (1..=keys.len()).any(|end| {
                let head = keys.get(..end).unwrap_or_default();
                self.0.iter().any(|field| says(field, head))
            })
        });
    }
}

/// The value at a path, or else the first whose path ends so.
pub(super) fn attribute<'a>(entity: &'a Map<String, Value>, path: &Path) -> Option<&'a Value> {
    let (first, rest) = path.keys().split_first()?;
    let outermost = entity.get(first);
    let exact =
        outermost.and_then(|value| rest.iter().try_fold(value, |value, key| value.get(key)));
    exact.or_else(|| value_at(entity, path))
}

/// The first value of an object whose path ends so.
fn value_at<'a>(entity: &'a Map<String, Value>, field: &Path) -> Option<&'a Value> {
    search(&mut Vec::new(), entity, field)
}

fn search<'a>(
    keys: &mut Vec<String>,
    map: &'a Map<String, Value>,
    field: &Path,
) -> Option<&'a Value> {
    map.iter().find_map(|(key, value)| {
        keys.push(key.clone());
        let found = match value {
            _ if says(field, keys) => Some(value),
            Value::Object(inner) => search(keys, inner, field),
            _ => None,
        };
        keys.pop();
        found
    })
}

pub(super) fn path(text: &str) -> Path {
    match text.trim().parse() {
        Ok(path) => path,
        Err(never) => match never {},
    }
}

/// Whether the last of these keys are those of the field.
fn says(field: &Path, keys: &[String]) -> bool {
    Path(keys.to_vec()).ends_with(field)
}

fn prune(keys: &mut Vec<String>, map: &mut Map<String, Value>, fields: &[Path]) {
    map.retain(|key, value| {
        keys.push(key.clone());
        let is_kept = fields.iter().any(|field| says(field, keys));
        let keeps_some = match value {
            Value::Object(inner) if !is_kept => {
                prune(keys, inner, fields);
                !inner.is_empty()
            }
            _ => false,
        };
        keys.pop();
        is_kept || keeps_some
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_subtrees_and_the_last_parts_are_enough() {
        let check = |fields: &[&str], expected: &str| {
            let json = r#"{"person":{"name":{"firstName":"Ana","lastName":"M"}},"loyalty":{"tier":"gold","points":3}}"#;
            let mut entity: Map<String, Value> = serde_json::from_str(json).expect(json);
            let fields: Vec<Path> = fields.iter().map(|field| path(field)).collect();
            prune(&mut Vec::new(), &mut entity, &fields);
            assert_eq!(Value::Object(entity).to_string(), expected, "{fields:?}");
        };
        check(
            &["person.name"],
            r#"{"person":{"name":{"firstName":"Ana","lastName":"M"}}}"#,
        );
        check(
            &["tier", "lastName"],
            r#"{"person":{"name":{"lastName":"M"}},"loyalty":{"tier":"gold"}}"#,
        );
        check(
            &["name.firstName"],
            r#"{"person":{"name":{"firstName":"Ana"}}}"#,
        );
        check(&["nothing"], "{}");
    }

    #[test]
    fn a_column_is_the_exact_path_or_the_first_that_ends_so() {
        let check = |field: &str, expected: Option<&str>| {
            let json = r#"{"a":{"tier":"inner"},"tier":"outer","list":[1,{"b":2}],"c":{"deep":3}}"#;
            let entity: Map<String, Value> = serde_json::from_str(json).expect(json);
            let found = attribute(&entity, &path(field)).map(Value::to_string);
            assert_eq!(found.as_deref(), expected, "{field}");
        };
        check("tier", Some(r#""outer""#));
        check("a.tier", Some(r#""inner""#));
        check("list", Some(r#"[1,{"b":2}]"#));
        check("a", Some(r#"{"tier":"inner"}"#));
        check("B.tier", None);
        check("deep", Some("3"));
        check("none", None);
    }
}
