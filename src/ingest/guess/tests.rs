//! Small made-up tables, and what a person would say of them.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use crate::ingest::time::DateOrder;
use crate::ingest::{DatasetPlan, Embedded, Known, Plan, PlanOptions, plan};
use crate::model::{DatasetKind, FieldRole};

fn planned(files: &[(&str, &str)], options: PlanOptions) -> Result<Plan, String> {
    let options = PlanOptions {
        folder: Arc::new(Embedded::new(files.iter().copied())),
        ..options
    };
    let paths: Vec<PathBuf> = files.iter().map(|(path, _)| path.into()).collect();
    plan(&paths, &options, &Known::default()).map_err(|error| error.to_string())
}

/// A dataset in one line: `kind ns<column … primary=ns time=column id=column`.
fn shown(dataset: &DatasetPlan) -> String {
    let mapping = &dataset.mapping;
    let mut line = dataset.kind.to_string();
    for field in &mapping.identities {
        let _ = write!(line, " {}<{}", field.namespace, field.address.text);
    }
    let named = [
        ("primary", mapping.primary.as_deref()),
        ("time", mapping.time.as_ref().map(|at| at.text.as_str())),
        ("id", mapping.id.as_ref().map(|at| at.text.as_str())),
    ];
    for (name, value) in named {
        if let Some(value) = value {
            let _ = write!(line, " {name}={value}");
        }
    }
    line
}

fn check(files: &[(&str, &str)], expected: &[&str]) {
    let plan = planned(files, PlanOptions::default()).unwrap();
    let found: Vec<_> = plan.datasets.iter().map(shown).collect();
    assert_eq!(found, expected);
}

/// Rows by a pattern, in which `#` is the number of the row.
fn rows(header: &str, pattern: &str, count: usize) -> String {
    let mut text = format!("{header}\n");
    for row in 1..=count {
        text.push_str(&pattern.replace('#', &row.to_string()));
        text.push('\n');
    }
    text
}

#[test]
fn a_table_of_customers_is_records_known_by_their_key() {
    let table = rows(
        "crm_id,e-mail,Telefon,Vorname,status,plz,created_at,updated_at",
        "C-#,p#@x.at,+43 664 10#,Eva,active,10#0,2024-01-01,2024-02-01 10:00:00",
        9,
    );
    check(
        &[("crm.csv", &table)],
        &["record CRMID<crm_id Email<e-mail Phone<Telefon primary=CRMID time=updated_at"],
    );
    let plan = planned(&[("crm.csv", &table)], PlanOptions::default()).unwrap();
    let fields = plan.datasets[0].mapping.fields.iter();
    let moved: Vec<_> = fields
        .map(|f| format!("{}>{}", f.from.text, f.to))
        .collect();
    assert_eq!(
        moved,
        [
            "e-mail>personalEmail.address",
            "Telefon>mobilePhone.number",
            "Vorname>person.name.firstName",
            "plz>homeAddress.postalCode"
        ]
    );
}

#[test]
fn values_speak_where_names_do_not_and_against_names_that_lie() {
    let table = "column_1,column_2,column_3\na@x.at,Eva,Wien\nb@x.at,Udo,Graz\n";
    check(
        &[("x.csv", table)],
        &["record Email<column_1 primary=Email"],
    );
    let table = "email,phone,mail\nyes,iPhone 4,a@x.at\nno,Nokia,b@x.at\n";
    check(&[("x.csv", table)], &["record Email<mail primary=Email"]);
    let table = "contact,referrer_email\n+43 664 1234,a@x.at\n+43 664 1235,b@x.at\n";
    check(&[("x.csv", table)], &["record Phone<contact primary=Phone"]);
}

#[test]
fn orders_are_events_and_their_numbers_name_nobody() {
    let table = rows(
        "order_id,customer_id,sku,amount,order_date",
        "#,7#,S-1,9.90,2024-01-1#",
        6,
    );
    check(
        &[("o.csv", &table)],
        &["event customerId<customer_id time=order_date id=order_id"],
    );
}

#[test]
fn many_rows_for_each_person_with_a_time_are_events() {
    let mut table = String::from("user_id,what,created_at\n");
    for row in 0..40 {
        let _ = writeln!(table, "U{},x,2024-01-01T00:00:{:02}Z", row % 8, row);
    }
    check(
        &[("t.csv", &table)],
        &["event userId<user_id time=created_at"],
    );
}

#[test]
fn devices_and_cards_are_known_by_name_and_values() {
    let table = "anonymous_id,ecid,membership_no,session_id,timestamp\n\
        4d7a54b2-a3aa-4b4d-ba3b-ef6d2a805811,66620287917633773701224504975043484666,M1,9,2024-01-01T00:00:00Z\n\
        bad016f4-72d7-4357-abb7-9170bf1debd3,39434523046841018897151213953350686537,M2,8,2024-01-02T00:00:00Z\n";
    check(
        &[("hits.csv", table)],
        &["event loyaltyId<membership_no anonymousId<anonymous_id ECID<ecid time=timestamp"],
    );
}

#[test]
fn a_bare_id_is_its_datasets_own_and_other_files_join_it() {
    let users = rows("id,email,account_id", "#,u#@x.at,1", 30);
    let within = rows("id,user_id,price", "#,#,9.90", 30);
    let beyond = rows("id,user_id,price", "#,9#,9.90", 30);
    check(
        &[("users.csv", &users), ("purchases.csv", &within)],
        &[
            "record users.id<id Email<email primary=users.id",
            "record users.id<user_id purchases.id<id primary=users.id",
        ],
    );
    check(
        &[("users.csv", &users), ("purchases.csv", &beyond)],
        &[
            "record users.id<id Email<email primary=users.id",
            "record userId<user_id purchases.id<id primary=userId",
        ],
    );
}

#[test]
fn rows_of_one_person_do_not_replace_each_other_where_they_have_a_key() {
    let mut table = String::from("id,user_id,price\n");
    for row in 0..40 {
        let _ = writeln!(table, "{row},U{},9.90", row % 8);
    }
    check(
        &[("sales.csv", &table)],
        &["record sales.id<id userId<user_id primary=sales.id"],
    );
}

#[test]
fn what_has_no_persons_is_left_alone_or_refused() {
    let plans = "id,name,seats\n1,Base,10\n2,Premium,50\n";
    let people = "email\na@x.at\nb@x.at\n";
    let files = [("d/people.csv", people), ("d/plans.csv", plans)];
    let options = PlanOptions {
        folder: Arc::new(Embedded::new(files)),
        ..PlanOptions::default()
    };
    let whole = plan(&["d".into()], &options, &Known::default()).unwrap();
    assert_eq!(whole.datasets.len(), 1);
    assert_eq!(
        whole.notes,
        [
            "d/plans.csv: left alone, as no column looks like a person; map it with --map to import it"
        ]
    );
    let error = planned(&[("plans.csv", plans)], PlanOptions::default()).unwrap_err();
    assert!(
        error.starts_with("no column of plans.csv looks like a person; leave it out"),
        "{error}"
    );
}

#[test]
fn words_for_nothing_are_proposed_where_identities_are() {
    let table = "crm_id,email,city\nC1,a@x.at,n/a\nC2,N/A,Wien\nC3,b@x.at,Graz\n";
    let plan = planned(&[("crm.csv", table)], PlanOptions::default()).unwrap();
    let nulls = &plan.datasets[0].mapping.nulls;
    let listed: Vec<_> = nulls
        .by_field
        .iter()
        .map(|(at, words)| (at.text.as_str(), words.join(",")))
        .collect();
    assert_eq!(listed, [("email", "N/A".to_owned())]);
}

#[test]
fn a_value_of_many_is_named_before_it_glues() {
    let mut table = rows("crm_id,phone,email", "C#,+43 664 55#,p#@x.at", 20);
    table.push_str("C91,+43 1 1111,test@test.com\nC92,+43 1 1111,test@test.com\n");
    for row in 0..5 {
        let _ = writeln!(table, "D{row},+43 1 1111,d{row}@x.at");
    }
    let plan = planned(&[("crm.csv", &table)], PlanOptions::default()).unwrap();
    let glued = &plan.datasets[0].understood.as_ref().unwrap().glued;
    let told: Vec<_> = glued.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].starts_with("`phone` is \"+43 1 1111\" in 7 of 27 rows, with 7 different `crm_id`"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("`email` is \"test@test.com\" in 2 of 27 rows"),
        "{told:?}"
    );
}

#[test]
fn files_of_one_name_are_one_dataset_only_where_they_are_alike() {
    let one = "email,city\na@x.at,Wien\n";
    let same = "email,city\nb@x.at,Graz\n";
    let other = "crm_id,points,tier\nC1,5,gold\n";
    let files = [
        ("a/users.csv", one),
        ("b/users.csv", same),
        ("c/users.csv", other),
    ];
    let plan = planned(&files, PlanOptions::default()).unwrap();
    let names: Vec<_> = plan
        .datasets
        .iter()
        .map(|d| (d.name.as_str(), d.files.len()))
        .collect();
    assert_eq!(names, [("users", 2), ("c-users", 1)]);
    let all = PlanOptions {
        dataset: Some("all".into()),
        ..PlanOptions::default()
    };
    let plan = planned(&files, all).unwrap();
    assert_eq!(
        shown(&plan.datasets[0]),
        "record CRMID<crm_id Email<email primary=CRMID"
    );
}

#[test]
fn nested_objects_are_understood_by_their_last_keys() {
    let rows = "{\"crm\":{\"crmId\":\"x1\"},\"contact\":{\"mail\":\"a@x.at\"},\"tags\":[1]}\n\
        {\"crm\":{\"crmId\":\"x2\"},\"contact\":{\"mail\":null},\"tags\":[]}\n";
    check(
        &[("c.jsonl", rows)],
        &["record CRMID<crm.crmId Email<contact.mail primary=CRMID"],
    );
}

#[test]
fn keys_whose_values_are_in_the_identity_maps_of_others_take_their_code() {
    let mut people = String::from("crmId,city\n");
    let mut events = String::new();
    for row in 100_000..100_030 {
        let _ = writeln!(people, "{row}x,Wien");
        let _ = writeln!(
            events,
            "{{\"timestamp\":\"2024-01-01T00:00:00Z\",\"identityMap\":{{\"shopId\":[{{\"id\":\"{row}x\"}}]}}}}"
        );
    }
    check(
        &[("people.csv", &people), ("web.jsonl", &events)],
        &["record shopId<crmId primary=shopId", "event"],
    );
}

#[test]
fn a_kind_that_is_said_is_not_guessed() {
    let table = "order_id,email,order_date\n1,a@x.at,2024-01-01\n2,b@x.at,2024-01-02\n";
    let record = PlanOptions {
        kind: Some(DatasetKind::Record),
        ..PlanOptions::default()
    };
    let plan = planned(&[("o.csv", table)], record).unwrap();
    assert_eq!(shown(&plan.datasets[0]), "record Email<email primary=Email");
}

/// Orders whose dates are these.
fn orders(dates: &[&str]) -> String {
    let mut table = String::from("order_id,customer_id,amount,order_date\n");
    for (row, date) in dates.iter().enumerate() {
        let _ = writeln!(table, "{row},7{row},9.90,{date}");
    }
    table
}

#[test]
fn dates_with_slashes_are_times_where_a_day_tells_their_order() {
    let check = |dates: &[&str], expected: Option<&str>| {
        let table = orders(dates);
        let plan = planned(&[("o.csv", &table)], PlanOptions::default()).unwrap();
        let mapping = &plan.datasets[0].mapping;
        assert_eq!(
            shown(&plan.datasets[0]),
            "event customerId<customer_id time=order_date id=order_id"
        );
        assert_eq!(mapping.dates.map(DateOrder::name), expected, "{dates:?}");
    };
    check(&["2024/03/01", "2024/3/2"], None);
    check(&["03/01/2024", "28/02/2024"], Some("day/month/year"));
    check(&["03/01/2024", "02/28/2024"], Some("month/day/year"));
    check(
        &["01/03/2024 10:00", "31/12/2023 23:59:59"],
        Some("day/month/year"),
    );
}

#[test]
fn dates_whose_order_nobody_tells_are_not_guessed() {
    let check = |dates: &[&str], why: &str| {
        let table = orders(dates);
        let plan = planned(&[("o.csv", &table)], PlanOptions::default()).unwrap();
        let dataset = &plan.datasets[0];
        assert_eq!(dataset.mapping.time, None, "{dates:?}");
        assert_eq!(dataset.mapping.dates, None, "{dates:?}");
        let warnings = &dataset.understood.as_ref().unwrap().warnings;
        let is_told =
            |words: &String| words.starts_with("`order_date` is not taken") && words.contains(why);
        assert!(warnings.iter().any(is_told), "{warnings:?}");
    };
    check(
        &["03/01/2024", "04/02/2024"],
        "no day in the sample is above 12",
    );
    check(&["31/01/2024", "01/31/2024"], "some come second");
}

#[test]
fn an_order_of_dates_that_somebody_says_is_taken_over() {
    let table = orders(&["03/01/2024", "04/02/2024"]);
    let mut plan = planned(&[("o.csv", &table)], PlanOptions::default()).unwrap();
    let mut corrected = plan.answer().datasets.remove(0);
    let field = corrected
        .fields
        .iter_mut()
        .find(|f| f.source == "order_date");
    let field = field.unwrap();
    field.role = FieldRole::Time;
    field.dates = Some("month/day/year".into());
    plan.correct(&[corrected.clone()]);
    let mapping = &plan.datasets[0].mapping;
    assert_eq!(mapping.dates, Some(DateOrder::MonthFirst));
    assert_eq!(plan.answer().datasets[0].fields, corrected.fields);
}

#[test]
fn columns_that_are_named_by_paths_go_there_where_nothing_is_in_the_way() {
    let check = |header: &str, expected: &[&str]| {
        let table = format!("{header}\na@x.at,1,2,3\nb@x.at,4,5,6\n");
        let plan = planned(&[("crm.csv", &table)], PlanOptions::default()).unwrap();
        let fields = plan.datasets[0].mapping.fields.iter();
        let moved: Vec<_> = fields
            .map(|f| format!("{}>{}", f.from.text, f.to))
            .collect();
        assert_eq!(moved, expected, "{header}");
    };
    let email = "email>personalEmail.address";
    check(
        "email,person.name.firstName,a.b,a.c",
        &[
            email,
            "person.name.firstName>person.name.firstName",
            "a.b>a.b",
            "a.c>a.c",
        ],
    );
    check("email,a,a.b,c.d.e", &[email, "c.d.e>c.d.e"]);
    check("email,a.b,a.b.c,x", &[email]);
    check("email,v1.2,1. Name,.x", &[email]);
    check("email,identityMap.Email,xdm:identityMap.x,x", &[email]);
    let deep = vec!["k"; 33].join(".");
    check(&format!("email,{deep},x,y"), &[email]);
}
