//! Whether a policy fits a store: its name, its method, and the datasets that it lists.

use crate::model::{Dataset, MergePolicy};

use super::error::{MergeError, hint, nearest};
use super::method::{METHODS, Method, method};

/// Replaces numbers of datasets in the policy's order by their names; a dataset that bears the number as its name goes first.
pub fn name_datasets(policy: &mut MergePolicy, datasets: &[Dataset]) {
    for entry in &mut policy.order {
        if datasets.iter().any(|dataset| dataset.name == *entry) {
            continue;
        }
        let numbered = datasets.iter().find(|d| d.id.to_string() == *entry);
        if let Some(dataset) = numbered {
            entry.clone_from(&dataset.name);
        }
    }
}

/// Whether the policy can be kept beside these others; one of the same id among them is its own earlier version.
pub fn validate(
    policy: &MergePolicy,
    datasets: &[Dataset],
    others: &[MergePolicy],
) -> Result<(), MergeError> {
    validate_name(policy, others)?;
    let Some(method) = method(&policy.method) else {
        return Err(MergeError::UnknownWord {
            field: "method".into(),
            word: policy.method.clone(),
            hint: hint(&policy.method, &METHODS.map(Method::name)),
        });
    };
    match (method.takes_order(), policy.order.is_empty()) {
        (true, true) => Err(MergeError::EmptyOrder {
            method: policy.method.clone(),
        }),
        (false, false) => Err(MergeError::NeedlessOrder {
            method: policy.method.clone(),
        }),
        _ => validate_order(&policy.order, datasets),
    }
}

fn validate_name(policy: &MergePolicy, others: &[MergePolicy]) -> Result<(), MergeError> {
    if policy.name.trim().is_empty() {
        return Err(MergeError::Missing {
            field: "name",
            hint: "give the policy a name",
        });
    }
    let own = policy.name.trim().to_lowercase();
    let mut others = others.iter().filter(|other| other.id != policy.id);
    if others.any(|other| other.name.trim().to_lowercase() == own) {
        return Err(MergeError::Taken {
            field: "name",
            word: policy.name.clone(),
        });
    }
    Ok(())
}

fn validate_order(order: &[String], datasets: &[Dataset]) -> Result<(), MergeError> {
    let known: Vec<_> = datasets.iter().map(|d| d.name.as_str()).collect();
    for (place, dataset) in order.iter().enumerate() {
        if !known.contains(&dataset.as_str()) {
            return Err(MergeError::UnknownDataset {
                dataset: dataset.clone(),
                hint: dataset_hint(dataset, &known),
            });
        }
        if order.iter().take(place).any(|earlier| earlier == dataset) {
            return Err(MergeError::Twice {
                dataset: dataset.clone(),
            });
        }
    }
    Ok(())
}

fn dataset_hint(dataset: &str, known: &[&str]) -> String {
    let near = nearest(dataset, known).map(|near| format!("did you mean `{near}`?"));
    near.unwrap_or_else(|| {
        format!("import it first, or give an id its name with --map {dataset}=NAME")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DatasetId, DatasetKind};

    fn datasets() -> Vec<Dataset> {
        let dataset = |(number, name): (u16, &str)| Dataset {
            id: DatasetId(number),
            name: name.into(),
            kind: DatasetKind::Record,
            channel: None,
            upsert: false,
            keeps_versions: true,
        };
        [(1, "crm"), (2, "loyalty")].map(dataset).to_vec()
    }

    fn precedence(order: &[&str]) -> MergePolicy {
        MergePolicy {
            id: "p".into(),
            name: "CRM first".into(),
            method: "dataSetPrecedence".into(),
            order: order.iter().map(ToString::to_string).collect(),
            ..MergePolicy::latest_wins()
        }
    }

    #[test]
    fn a_bad_policy_is_refused_with_a_sentence_that_names_the_field() {
        let check = |policy: MergePolicy, expected: &str| {
            let verdict = validate(&policy, &datasets(), &[MergePolicy::latest_wins()]);
            let said = verdict.err().map(|error| error.to_string());
            assert_eq!(said.unwrap_or_default(), expected);
        };
        check(precedence(&["crm", "loyalty"]), "");
        check(
            precedence(&["crm", "loyality"]),
            "`order`: there is no dataset `loyality`; did you mean `loyalty`?",
        );
        check(
            precedence(&["5d0c1"]),
            "`order`: there is no dataset `5d0c1`; import it first, or give an id its name with --map 5d0c1=NAME",
        );
        check(
            precedence(&["crm", "crm"]),
            "`order` lists `crm` twice; leave one out",
        );
        check(
            precedence(&[]),
            "`order` is empty; `dataSetPrecedence` needs at least one dataset, the highest first",
        );
        let mut taken = precedence(&["crm"]);
        taken.name = "LATEST wins".into();
        check(
            taken.clone(),
            "`name`: a policy `LATEST wins` exists already; choose another",
        );
        taken.id = "latest-wins".into();
        check(taken, "");
        let mut unnamed = precedence(&["crm"]);
        unnamed.name = " ".into();
        check(unnamed, "`name` is missing; give the policy a name");
        let mut timed = precedence(&["crm"]);
        timed.method = "timestampOrdered".into();
        check(
            timed,
            "`order` must be left out: `timestampOrdered` takes none",
        );
    }

    #[test]
    fn an_order_may_name_datasets_by_number() {
        let mut policy = precedence(&["2", "crm"]);
        name_datasets(&mut policy, &datasets());
        assert_eq!(policy.order, ["loyalty", "crm"]);
    }
}
