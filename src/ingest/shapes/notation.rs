//! Identities that stand in a row in another way than an `identityMap` or a plain value.

use crate::ingest::formats;

/// A way to write identities down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `[{"id": "a@x", "namespace": {"code": "Email"}, "primary": true}]`, as XDM had it before the `identityMap`.
    Identities,
    /// `{"_experience": {"mcid": {"id": "66", "namespace": {"code": "ECID"}}}}`.
    EndUserIds,
    /// `[{"id": "7", "type": "crm"}]`, as Segment has them.
    ExternalIds,
    /// Ids of Adobe's identity service, which stand for identities that are not named.
    Xids,
}

/// An identity that was found so.
#[derive(Clone, Debug)]
pub struct Named<'t> {
    /// Its namespace; empty where none is given.
    pub namespace: String,
    /// Its value.
    pub id: &'t str,
    /// It is marked as primary.
    pub is_primary: bool,
    /// It counts only where no other identity is named.
    pub is_spare: bool,
}

/// The namespaces of well-known keys below `endUserIDs` and of well-known types of external ids.
const CODES: [(&str, &str); 11] = [
    ("aaid", "AAID"),
    ("mcid", "ECID"),
    ("ecid", "ECID"),
    ("emailid", "Email"),
    ("email", "Email"),
    ("tntid", "TNTID"),
    ("aacustomid", "AACUSTOMID"),
    ("adcloud", "AdCloud"),
    ("phone", "Phone"),
    ("user_id", "userId"),
    ("anonymous_id", "anonymousId"),
];

/// How deep `endUserIDs` may be nested.
const DEEPEST: usize = 3;

/// The identities of a value.
pub fn named(notation: Notation, value: &str) -> Vec<Named<'_>> {
    let mut found = Vec::new();
    match notation {
        Notation::Identities => list(value, "", &["namespace", "xdm:namespace"], &mut found),
        Notation::ExternalIds => list(value, "", &["type"], &mut found),
        Notation::EndUserIds => end_user_ids(value, DEEPEST, &mut found),
        Notation::Xids => found.extend(items(value).into_iter().map(xid)),
    }
    found
}

fn xid(id: &str) -> Named<'_> {
    Named {
        namespace: "XID".to_owned(),
        id,
        is_primary: false,
        is_spare: true,
    }
}

/// Each of an array's objects, or the one that stands in its place.
fn list<'t>(value: &'t str, code: &str, keys: &[&str], found: &mut Vec<Named<'t>>) {
    for item in items(value) {
        found.extend(entry(item, code, keys));
    }
}

fn entry<'t>(item: &'t str, code: &str, keys: &[&str]) -> Option<Named<'t>> {
    let entries = object(item);
    let of = |names: &[&str]| {
        names.iter().find_map(|name| {
            let found = entries.iter().find(|(key, _)| key == name);
            found
                .map(|(_, value)| *value)
                .filter(|value| *value != "null")
        })
    };
    let given = of(keys).map(namespace).filter(|code| !code.is_empty());
    let is_true = |mark: &str| matches!(mark, "true" | "\"true\"");
    Some(Named {
        id: of(&["id", "xdm:id", "@id"])?,
        namespace: given.unwrap_or_else(|| code.to_owned()),
        is_primary: of(&["primary", "xdm:primary"]).is_some_and(is_true),
        is_spare: false,
    })
}

/// The code of a namespace that is a text, or an object with one.
fn namespace(value: &str) -> String {
    if let Ok(code) = serde_json::from_str::<String>(value) {
        return known_code(&code).map_or(code.clone(), str::to_owned);
    }
    let entries = object(value);
    let code = ["code", "xdm:code", "@id"].iter().find_map(|name| {
        let (_, value) = entries.iter().find(|(key, _)| key == name)?;
        serde_json::from_str::<String>(value).ok()
    });
    code.unwrap_or_default()
}

fn end_user_ids<'t>(value: &'t str, depth: usize, found: &mut Vec<Named<'t>>) {
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for (key, value) in object(value) {
        let before = found.len();
        list(
            value,
            &code_of(&key),
            &["namespace", "xdm:namespace"],
            found,
        );
        if found.len() == before {
            end_user_ids(value, depth, found);
        }
    }
}

/// The code that a key of `endUserIDs` speaks of, also at the end of a URI.
fn code_of(key: &str) -> String {
    let last = key.rsplit(['/', ':']).next().unwrap_or(key);
    known_code(last).map_or_else(|| last.to_uppercase(), str::to_owned)
}

fn known_code(name: &str) -> Option<&'static str> {
    let known = CODES.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    known.map(|(_, code)| *code)
}

/// The entries of an object; none of what is none.
fn object(value: &str) -> Vec<(String, &str)> {
    if !value.starts_with('{') {
        return Vec::new();
    }
    formats::entries(value).unwrap_or_default()
}

/// The items of an array, or the value itself.
fn items(value: &str) -> Vec<&str> {
    match value.as_bytes() {
        [b'[', ..] => formats::items(value),
        [b'n', ..] => Vec::new(),
        _ => vec![value],
    }
}
