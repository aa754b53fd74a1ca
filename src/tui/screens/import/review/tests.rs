//! Corrections of a small plan.

use super::*;

fn review() -> Review {
    let field = |source: &str, target: &str| {
        let target: Target = target.parse().unwrap();
        PlannedField {
            source: source.into(),
            identity: target.namespace.map(|namespace| PlannedIdentity {
                namespace,
                normalise: Vec::new(),
            }),
            role: target.role,
            path: target.path,
            ..PlannedField::default()
        }
    };
    Review::new(PlanAnswer {
        datasets: vec![PlannedDataset {
            name: "crm".into(),
            primary: Some("CRMID".into()),
            fields: vec![
                field("id", "id:CRMID"),
                field("mail", "id:Email, personalEmail.address"),
                field("seen", ""),
            ],
            ..PlannedDataset::default()
        }],
        notes: Vec::new(),
    })
}

fn at(row: usize) -> Review {
    let mut review = review();
    review.cursor.select(row);
    review
}

#[test]
fn a_target_that_is_written_is_taken_over() {
    let mut review = at(3);
    assert_eq!(review.write("time"), Ok(()));
    assert_eq!(review.corrected()[0].fields[2].role, FieldRole::Time);
    review.cursor.select(1);
    assert_eq!(review.write("id:customerId"), Ok(()));
    assert_eq!(review.corrected()[0].primary.as_deref(), Some("customerId"));
    assert_eq!(review.write(""), Ok(()));
    assert_eq!(review.corrected()[0].primary.as_deref(), Some("Email"));
    assert_eq!(
        review.write("personalEmail"),
        Err("`mail` goes to that path already".into())
    );
}

#[test]
fn a_field_is_left_where_it_is_and_comes_back() {
    let mut review = at(2);
    assert_eq!(review.leave_or_restore(), Ok(()));
    assert!(review.is_changed(0, 1));
    assert_eq!(review.leave_or_restore(), Ok(()));
    assert!(review.corrected().is_empty());
}

#[test]
fn kind_name_and_primary_can_be_changed() {
    let mut review = at(0);
    assert_eq!(review.write(" people "), Ok(()));
    assert_eq!(review.plan.datasets[0].name, "people");
    assert!(review.write(" ").is_err() && review.set_primary().is_err());
    assert!(review.turn_kind().unwrap_err().contains("need a time"));
    assert_eq!(
        (
            review.plan.datasets[0].kind,
            review.plan.datasets[0].primary.clone()
        ),
        (DatasetKind::Event, None)
    );
    assert_eq!(review.turn_kind(), Ok(()));
    review.cursor.select(2);
    assert_eq!(review.set_primary(), Ok(()));
    assert_eq!(review.plan.datasets[0].primary.as_deref(), Some("Email"));
    assert_eq!(review.file_name(), "people.toml");
}

#[test]
fn what_is_done_to_the_values_of_an_identity_is_written_behind_it() {
    let mut review = at(2);
    assert_eq!(
        review.text().as_deref(),
        Some("id:Email unchanged, personalEmail.address")
    );
    assert_eq!(review.write("id:Email trim sha256"), Ok(()));
    let steps = |review: &Review| {
        let field = review.corrected().remove(0).fields.remove(1);
        field.identity.map(|identity| identity.normalise)
    };
    assert_eq!(steps(&review), Some(vec!["trim".into(), "sha256".into()]));
    assert_eq!(review.text().as_deref(), Some("id:Email trim sha256"));
    assert_eq!(review.write("id:Email unchanged"), Ok(()));
    assert_eq!(steps(&review), Some(Vec::new()));
    assert_eq!(review.write("id:workMail"), Ok(()));
    assert_eq!(steps(&review), Some(vec!["trim".into(), "lower".into()]));
    assert!(
        review
            .write("id:Email trimm")
            .unwrap_err()
            .contains("did you mean `trim`?")
    );
}
