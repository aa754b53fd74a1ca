//! The plain values of a JSON object with the paths at which they stand.

use std::borrow::Cow;

use crate::ingest::formats::entries;
use crate::model::Path;

/// Deeper values are not looked at.
const DEEPEST: usize = 16;

/// A value as it is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaf<'t> {
    /// A text, or a number by its digits.
    Value(Cow<'t, str>),
    /// A list, which is nobody's name and no time.
    List,
}

/// The leaves of an object, in their order; `None` where the text is no object.
pub fn leaves(text: &str) -> Option<Vec<(Path, Leaf<'_>)>> {
    let mut found = Vec::new();
    collect(text, &mut Vec::new(), &mut found)?;
    Some(found)
}

fn collect<'t>(
    text: &'t str,
    keys: &mut Vec<String>,
    found: &mut Vec<(Path, Leaf<'t>)>,
) -> Option<()> {
    for (key, text) in entries(text).ok()? {
        keys.push(key);
        match text.as_bytes().first() {
            Some(b'{') if keys.len() < DEEPEST => collect(text, keys, found)?,
            Some(b'{' | b'[') => found.push((Path(keys.clone()), Leaf::List)),
            Some(b'"') => {
                let value = serde_json::from_str(text).ok()?;
                found.push((Path(keys.clone()), Leaf::Value(Cow::Owned(value))));
            }
            Some(b'n') => {}
            _ => found.push((Path(keys.clone()), Leaf::Value(Cow::Borrowed(text)))),
        }
        keys.pop();
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_has_its_leaves_in_their_order() {
        let check = |text: &str, expected: &[&str]| {
            let shown =
                leaves(text)
                    .unwrap_or_default()
                    .into_iter()
                    .map(|(path, leaf)| match leaf {
                        Leaf::Value(value) => format!("{path}={value}"),
                        Leaf::List => format!("{path}=[]"),
                    });
            assert_eq!(shown.collect::<Vec<_>>(), expected, "{text}");
        };
        check(
            r#"{"b":{"c":"x\n","a":1.50},"z":null,"l":[1],"t":true}"#,
            &["b.c=x\n", "b.a=1.50", "l=[]", "t=true"],
        );
        check("[1]", &[]);
        check("{}", &[]);
    }
}
