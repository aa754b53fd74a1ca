//! What stands around a result list, asked of the sample data: facets, suggestions, columns, and who comes first.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the helpers of a test may fail it"
)]

mod common;

use std::collections::HashSet;

use common::demo::{Demo, now};
use onefold::lookup::{self, Columns, SearchRequest};
use onefold::model::{FacetsAnswer, Identity, MergePolicy, Stitching};

#[test]
fn facets_by_the_index_are_those_that_folding_counts() {
    let demo = Demo::indexed();
    let view = demo.view();
    let index = lookup::index_of(view);
    assert!(index.is_some());
    for query in [
        "",
        "ana",
        "tier:gold",
        "-tier:*",
        "ids:>3 seen:<400d",
        "nobodyatall",
    ] {
        let ask = |index| -> FacetsAnswer {
            lookup::facets(view, index, (query, u64::MAX), now(), &demo.policy()).unwrap()
        };
        let (fast, slow) = (ask(index.as_ref()), ask(None));
        assert_eq!(fast.profiles, slow.profiles, "{query}");
        assert_eq!(fast, slow, "{query}");
    }
}

#[test]
fn facets_under_other_policies_are_those_that_folding_counts() {
    let demo = Demo::indexed();
    let view = demo.view();
    let index = lookup::index_of(view);
    let policies = lookup::policies(view).unwrap();
    let mut unstitched = demo.policy();
    unstitched.stitching = Stitching::None;
    let others = policies.iter().chain([&unstitched]);
    for policy in others.filter(|policy| **policy != demo.policy()) {
        for query in [
            "",
            "ana",
            "tier:gold",
            "-tier:*",
            "event:*purchase*{total:>50}",
            "amz",
        ] {
            let ask = |index| -> FacetsAnswer {
                lookup::facets(view, index, (query, u64::MAX), now(), policy).unwrap()
            };
            let (fast, slow) = (ask(index.as_ref()), ask(None));
            assert_eq!(fast, slow, "{query} {}", policy.name);
        }
        let some = lookup::facets(view, index.as_ref(), ("", 10), now(), policy).unwrap();
        assert_eq!(
            (some.profiles, some.is_whole),
            (10, false),
            "{}",
            policy.name
        );
    }
}

#[test]
fn every_facet_finds_as_many_as_it_says() {
    let demo = Demo::indexed();
    let view = demo.view();
    let answer = lookup::facets(view, None, ("", u64::MAX), now(), &demo.policy()).unwrap();
    assert!(answer.facets.len() > 3, "{answer:?}");
    for row in answer.facets.iter().flat_map(|facet| &facet.rows) {
        let request = lookup::SearchRequest {
            patience: None,
            ..lookup::SearchRequest::on_screen(&row.term, None, 0, 1, now())
        };
        let found = lookup::search(view, &request, &demo.policy()).unwrap();
        assert_eq!(found.total, row.count, "{}", row.term);
    }
}

#[test]
fn a_count_that_was_cut_short_says_so() {
    let demo = Demo::indexed();
    let answer = lookup::facets(demo.view(), None, ("", 10), now(), &demo.policy()).unwrap();
    assert_eq!((answer.profiles, answer.is_whole), (10, false));
}

#[test]
fn suggestions_are_what_is_there() {
    let demo = Demo::indexed();
    let view = demo.view();
    let index = lookup::index_of(view);
    for index in [None, index.as_ref()] {
        let check = |query: &str, expected: &str| {
            let answer = lookup::complete(view, index, query, query.chars().count()).unwrap();
            let texts: Vec<_> = answer
                .suggestions
                .iter()
                .map(|one| one.text.as_str())
                .collect();
            assert!(texts.contains(&expected), "{query}: {texts:?}");
        };
        check("ti", "loyalty.tier:");
        check("ana -lo", "loyalty.tier:");
        check("any.ti", "any.loyalty.tier:");
        check("tier:g", "gold");
        check("loyalty.tier:silver,g", "gold");
        check("dataset:c", "crm");
        check("ns:em", "Email");
        check("ema", "Email:");
        check("conf", "conflict:");
        check("conflict:tie", "loyalty.tier");
        check("seen:", "<30d");
    }
    let counted = lookup::complete(view, index.as_ref(), "tier:gold", 6).unwrap();
    assert!(
        counted.suggestions.iter().all(|one| one.count > Some(0)),
        "{counted:?}"
    );
}

#[test]
fn chosen_profiles_come_first_and_nobody_comes_twice() {
    let demo = Demo::indexed();
    let view = demo.view();
    let page = |first: &[Identity], from, most| {
        let answer =
            lookup::recent(view, None, first, (from, most), &demo.policy(), &mut None).unwrap();
        let ids: Vec<Identity> = answer
            .profiles
            .into_iter()
            .map(|hit| hit.entity_id)
            .collect();
        (ids, answer.total)
    };
    let (all, total) = page(&[], 0, u64::from(u32::MAX));
    assert_eq!(all.len() as u64, total);
    let mut first = vec![all[7].clone(), all[3].clone()];
    first.push(Identity::new("CRMID", "nobody"));
    let (turned, same) = page(&first, 0, u64::from(u32::MAX));
    assert_eq!(same, total);
    assert_eq!(
        turned[..3],
        [all[7].clone(), all[3].clone(), all[0].clone()]
    );
    let mut sorted = (all, turned.clone());
    sorted.0.sort();
    sorted.1.sort();
    assert_eq!(sorted.0, sorted.1);
    let pages = (0..total)
        .step_by(50)
        .flat_map(|from| page(&first, from, 50).0);
    assert_eq!(pages.collect::<Vec<_>>(), turned);
}

#[test]
fn columns_say_what_the_profile_says() {
    let demo = Demo::indexed();
    let view = demo.view();
    let all = lookup::recent(view, None, &[], (0, 40), &demo.policy(), &mut None).unwrap();
    let identities: Vec<Identity> = all
        .profiles
        .iter()
        .map(|hit| hit.entity_id.clone())
        .collect();
    let columns = Columns {
        paths: vec!["loyalty.tier".parse().unwrap(), "tier".parse().unwrap()],
        activity: Some(now()),
    };
    let cells = lookup::cells(view, &identities, &columns, &demo.policy()).unwrap();
    assert_eq!(cells.rows.len(), identities.len());
    for ((identity, cells), hit) in cells.rows.iter().zip(&all.profiles) {
        assert_eq!(identity, &hit.entity_id);
        assert_eq!(cells.values.len(), 2);
        assert_eq!(
            cells.values[0], cells.values[1],
            "the last part of a path is enough"
        );
        assert!(
            cells.activity.iter().sum::<u64>() <= hit.events,
            "{identity}"
        );
    }
    let is_active = |cells: &onefold::model::Cells| cells.activity.iter().any(|count| *count > 0);
    assert!(cells.rows.iter().any(|(_, cells)| is_active(cells)));
}

#[test]
fn everybody_comes_once_those_who_match_first() {
    let demo = Demo::indexed();
    let view = demo.view();
    let index = lookup::index_of(view);
    let private = demo.policy();
    let apart = MergePolicy {
        stitching: Stitching::None,
        ..private.clone()
    };
    for (policy, index) in [(&private, index.as_ref()), (&private, None), (&apart, None)] {
        let request = |query: &str, offset, limit| SearchRequest {
            query: query.into(),
            sort: None,
            offset,
            limit,
            patience: None,
            now: now(),
        };
        let found = lookup::search_in(view, index, &request("an", 0, 500), policy).unwrap();
        let (all, matching) =
            lookup::everybody(view, index, &request("an", 0, 9_999), policy).unwrap();
        assert!(matching > 1, "{matching}");
        assert_eq!(matching, found.total);
        let (first, rest) = all.profiles.split_at(matching as usize);
        assert_eq!(first, found.profiles);
        assert!(rest.iter().all(|hit| hit.matched.is_empty()));
        assert_eq!(all.total, all.profiles.len() as u64);
        let each: HashSet<&Identity> = all.profiles.iter().map(|hit| &hit.entity_id).collect();
        assert_eq!(each.len(), all.profiles.len());
        let offset = matching - 1;
        let (page, _) = lookup::everybody(view, index, &request("an", offset, 7), policy).unwrap();
        assert_eq!(page.profiles, all.profiles[offset as usize..][..7]);
    }
}
