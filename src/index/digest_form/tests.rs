//! Digests read back, whole or in part.

use super::*;
use crate::index::digest_common::{Copies, Wanted};
use crate::merge::{ClaimPaths, outlined};
use crate::model::Moment;

fn version(body: &str, day: i64) -> Version {
    Version {
        batch: BatchId(1),
        import: ImportId(day as u32),
        line: SourceLine { file: 0, line: 1 },
        ingested_at: Moment(day),
        touches: Vec::new(),
        customer_time: (day % 2 == 0).then_some(Moment(-day)),
        operation: Operation::Merge,
        body: Body::new(body),
        secondary: Vec::new(),
    }
}

fn digest(paths: &mut ClaimPaths) -> Digest {
    let identity = Arc::new(Identity {
        namespace: "Email".into(),
        value: "ana\0@example.com".into(),
    });
    let fragment = Fragment {
        dataset: "crm".into(),
        identity: Arc::clone(&identity),
        priority: u32::MAX,
        versions: vec![
            version(r#"{"a":{"b":"Ana","c":1.50},"d":{}}"#, 2),
            version(r#"{"e":1,"gone":true}"#, 3),
            version(
                r#"{"a":{"b":"\u202e"},"l":[1,null,{"x":"y"}],"gone":null}"#,
                5,
            ),
        ],
    };
    let (fragment, claims) = outlined(&fragment, paths).expect("it lives");
    Digest {
        entity: 0,
        identities: vec![Known {
            identity,
            first_seen: Moment(i64::MIN),
            is_primary: true,
            events: vec![EventsOf {
                dataset: "web".into(),
                count: 300,
                first: Moment(-1),
                last: Moment(i64::MAX),
                kinds: vec!["view".into(), "crm".into()],
            }],
        }],
        fragments: vec![fragment],
        claims: vec![claims],
    }
}

#[test]
fn a_digest_reads_back_as_it_was_written_and_nothing_else_is_one() {
    let (mut paths, mut common, mut bytes) = (ClaimPaths::default(), Common::default(), Vec::new());
    let digest = digest(&mut paths);
    digest.write(&mut common, &mut bytes);
    let copies = Copies::of(&common, paths.all());
    let legend = |paths_wanted| Legend {
        common: &common,
        paths: paths.all(),
        copies: &copies,
        wanted: Wanted {
            paths: paths_wanted,
            no_kinds: false,
        },
    };
    let read = Digest::read(&bytes, legend(None)).expect("it is whole");
    assert_eq!(read.identities, digest.identities);
    assert_eq!(read.claims, digest.claims);
    let ranks = |digest: &Digest| -> Vec<_> {
        let versions = digest.fragments.iter().flat_map(|own| &own.versions);
        versions
            .map(|v| (v.ingested_at, v.import, v.customer_time))
            .collect()
    };
    assert_eq!(ranks(&read), ranks(&digest));
    assert_eq!(ranks(&read).len(), 3);
    let wanted = vec![true, false, false, false, false, false];
    let some = Digest::read(&bytes, legend(Some(&wanted))).expect("it is whole");
    let first = digest.claims.iter().map(|claims| claims.all.get(..1));
    let read = some.claims.iter().map(|claims| Some(claims.all.as_slice()));
    assert!(read.eq(first));
    gates_let_through(&digest, &bytes, legend(None));
    for len in 0..bytes.len() {
        let cut = bytes.get(..len).unwrap_or_default();
        assert_eq!(Digest::read(cut, legend(None)), None, "{len}");
    }
    for at in 0..bytes.len() {
        let mut other = bytes.clone();
        other
            .iter_mut()
            .skip(at)
            .take(1)
            .for_each(|byte| *byte ^= 0xff);
        let _ = Digest::read(&other, legend(None));
    }
}

/// The identity has one fragment: it passes, matches by that or is left to be folded, as the query says.
fn gates_let_through(digest: &Digest, bytes: &[u8], legend: Legend<'_>) {
    use crate::query::{Closeness, Context, parse};
    let check = |query: &str, folded: usize, lone: Option<Closeness>| {
        let query = parse(
            query,
            &Context {
                namespaces: &[],
                now: Moment(0),
            },
        )
        .expect("it is a query");
        let gate = Gate::of(&query.expr, legend).expect("it demands something");
        let mut found = Vec::new();
        let rest = Digest::read_through(&gate, bytes, legend, &mut found);
        let rest = rest.expect("it is whole");
        assert_eq!(rest.fragments.len(), folded, "{}", query.text);
        assert!(found.iter().all(|lone| lone.known == digest.identities[0]));
        let found = found.first().map(|lone| lone.closeness);
        assert_eq!(found, lone, "{}", query.text);
    };
    check("b:ana", 0, None);
    check("x:y", 0, Some(Closeness::ExactValue));
    check("x:y e:1", 0, Some(Closeness::ExactValue));
    check("x:* x:y*", 0, Some(Closeness::Prefix));
    check("x:y e:2", 0, None);
    check("x:y ids:1", 1, None);
    check("x:y -e:2", 1, None);
}
