//! The claims of a record read from its text, where that takes no tree.

use serde_json::Value;

use super::claim_paths::ClaimPaths;
use super::claims::Claim;
use super::replay::{IDENTITY_MAP, Region, each_in};
use crate::model::json_scan::Scan;
use crate::model::key_tree::{OUTSIDE, StepNo};
use crate::model::value;

/// What a record claims that is all there is of its fragment, the same as [`super::replay::each_leaf`] makes of its value;
/// `None` where only that can tell, as where a key stands twice.
pub(super) fn claims_of_text(text: &str, paths: &mut ClaimPaths) -> Option<Vec<Claim>> {
    paths.next_record();
    let mut reading = Reading {
        scan: Scan::of(text),
        paths,
        claims: Vec::new(),
    };
    if reading.scan.next_sign().ok()? != b'{' {
        return None;
    }
    reading.object(OUTSIDE, Region::Top)?;
    Some(reading.claims)
}

struct Reading<'t, 'p> {
    scan: Scan<'t>,
    paths: &'p mut ClaimPaths,
    claims: Vec<Claim>,
}

/// What stands behind a key.
enum Next {
    /// Something that is claimed, at this step.
    Claims(StepNo, Region),
    /// Who is meant, which claims nothing.
    Identities,
}

impl Reading<'_, '_> {
    /// Reads the object in hand, and says whether anything stands in it.
    fn object(&mut self, at: StepNo, region: Region) -> Option<bool> {
        self.scan.pass();
        if self.scan.is_over(b'}').ok()? {
            return Some(false);
        }
        let mut before = None;
        loop {
            match self.next(at, before, region)? {
                Next::Claims(step, region) => {
                    self.paths.visit(step)?;
                    self.value(step, region)?;
                    before = Some(step);
                }
                Next::Identities => drop(self.scan.value().ok()?),
            }
            if self.scan.is_over(b'}').ok()? {
                return Some(true);
            }
        }
    }

    /// Reads the next key, which stands behind another one or first.
    fn next(&mut self, at: StepNo, before: Option<StepNo>, region: Region) -> Option<Next> {
        if let Some((likely, key)) = self.paths.likely(at, before)
            && self.scan.passes_key(key).ok()?
        {
            return Some(Next::Claims(likely, region.inside(key)));
        }
        let key = self.scan.key().ok()?;
        if matches!(region, Region::Top) && key == IDENTITY_MAP {
            return Some(Next::Identities);
        }
        let step = self.paths.behind(at, before, &key);
        Some(Next::Claims(step, region.inside(&key)))
    }

    fn value(&mut self, at: StepNo, region: Region) -> Option<()> {
        match (self.scan.next_sign().ok()?, region) {
            (b'"', _) => {
                let text = self.scan.quoted().ok()?;
                self.claim(at, Some(Value::String(text.into_owned())));
            }
            (b'{', Region::Top | Region::Plain) => {
                if !self.object(at, region)? {
                    self.claim(at, Some(Value::Object(serde_json::Map::new())));
                }
            }
            _ => {
                let value = value::read(self.scan.value().ok()?)?;
                self.whole(at, value, region);
            }
        }
        Some(())
    }

    /// What is one leaf here, or where consent choices and segments stand has leaves inside.
    fn whole(&mut self, at: StepNo, value: Value, region: Region) {
        if !matches!(value, Value::Object(_)) {
            self.claim(at, Some(value).filter(|value| !value.is_null()));
            return;
        }
        let mut keys = self.paths.keys(at);
        let (paths, claims) = (&mut *self.paths, &mut self.claims);
        each_in(value, region, &mut keys, &mut |keys, value| {
            claims.push(Claim {
                path: paths.of(keys),
                value,
                changed: 0,
            });
        });
    }

    fn claim(&mut self, at: StepNo, value: Option<Value>) {
        self.claims.push(Claim {
            path: self.paths.ending(at),
            value,
            changed: 0,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merge::claims::{claims_of_version, claims_of_versions};
    use crate::merge::replay::each_leaf;
    use crate::model::{
        BatchId, Body, Fragment, Identity, ImportId, Moment, Operation, SourceLine, Version,
    };
    use proptest::prelude::*;

    fn by_value(text: &str, paths: &mut ClaimPaths) -> Vec<Claim> {
        let mut claims = Vec::new();
        let value = serde_json::from_str(text).unwrap();
        each_leaf(value, &mut |keys, value| {
            claims.push(Claim {
                path: paths.of(keys),
                value,
                changed: 0,
            });
        });
        claims
    }

    #[test]
    fn a_text_is_read_as_its_value_is() {
        let texts = [
            r#"{"a":{"b":"x","c":{}},"d":[1,{"e":null}],"f":null,"g":1.0}"#,
            r#"{"identityMap":{"E":[]},"p":{"identityMap":"x"},"q":true}"#,
            r#"{"consents":{"marketing":{"email":{"val":"y"},"sms":null,"push":{}}},"x":{"consents":{"val":"n","time":"t"}}}"#,
            r#"{"segmentMembership":{"ups":{"s":{"status":"realized"},"t":{"u":1}}}}"#,
            r#"{"x":{"segmentMembership":{"ups":{"s":{"status":"realized"}}}}}"#,
            r#"{"consents":{"a":[{"val":"y"}]},"b":"\u00e9\n","c\"d":-1e5}"#,
            "{}",
            " { \"a\" : { } } ",
        ];
        let mut paths = ClaimPaths::default();
        for text in texts.into_iter().chain(texts) {
            let claims = claims_of_text(text, &mut paths).unwrap();
            assert_eq!(claims, by_value(text, &mut paths), "{text}");
        }
    }

    #[test]
    fn where_a_key_stands_twice_or_the_text_ends_the_value_is_asked() {
        let mut paths = ClaimPaths::default();
        for text in [
            r#"{"a":1,"a":2}"#,
            r#"{"a":{"b":1},"c":1,"a":{"d":2}}"#,
            r#"{"a":{"b":1,"c":{},"b":2}}"#,
            r#"{"a":{"b":1"#,
            r#"{"a":x}"#,
            "[1]",
            "",
        ] {
            assert_eq!(claims_of_text(text, &mut paths), None, "{text}");
        }
    }

    fn only(body: Body, operation: Operation) -> Fragment {
        let version = Version {
            batch: BatchId(1),
            import: ImportId(1),
            line: SourceLine { file: 0, line: 1 },
            ingested_at: Moment(0),
            touches: Vec::new(),
            customer_time: None,
            operation,
            body,
            secondary: Vec::new(),
        };
        Fragment {
            dataset: "crm".into(),
            identity: Identity::new("Email", "a@x").into(),
            priority: 0,
            versions: vec![version],
        }
    }

    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            Just(Value::Bool(true)),
            Just(serde_json::json!(7)),
            "[a\"\\\\é]{0,2}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let key = prop_oneof![
                Just("consents"),
                Just("segmentMembership"),
                Just("identityMap"),
                Just("val"),
                Just("status"),
                Just("a\n"),
                Just("b"),
            ];
            let key = key.prop_map(str::to_owned);
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
                prop::collection::vec((key, inner), 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_text_is_read_as_its_value_is(values in prop::collection::vec(json(), 1..5)) {
            let mut paths = ClaimPaths::default();
            for value in values {
                let text = serde_json::to_string_pretty(&value).unwrap();
                if let Some(claims) = claims_of_text(&text, &mut paths) {
                    prop_assert_eq!(claims, by_value(&text, &mut paths));
                } else {
                    prop_assert!(!value.is_object());
                }
            }
        }

        #[test]
        fn a_version_that_is_all_there_is_says_what_its_replay_says(
            values in prop::collection::vec(json(), 1..5),
            operation in prop::sample::select(&[Operation::Create, Operation::Merge, Operation::Append]),
        ) {
            let mut paths = ClaimPaths::default();
            for value in values {
                let fragment = only(Body::new(value.to_string()), operation);
                let claims = claims_of_version(&fragment.versions[0], &mut paths);
                prop_assert_eq!(claims, claims_of_versions(&fragment, &mut paths), "{}", value);
            }
        }
    }
}
