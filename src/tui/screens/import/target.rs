//! What becomes of a field, as one writes it: `id:Email trim lower, personalEmail.address`, `time`, `event id`, a path, or nothing.

use std::fmt;
use std::str::FromStr;

use crate::model::{FieldRole, PlannedField};
use crate::worker::{DateOrder, Normalise};

/// What stands in the place of steps where values are taken as they are.
const UNCHANGED: &str = "unchanged";

/// What becomes of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// The namespace, where it is an identity.
    pub namespace: Option<String>,
    /// What is done to its values then, in this order; `None` is what is usual.
    pub steps: Option<Vec<String>>,
    /// What else it is.
    pub role: FieldRole,
    /// What comes first in its dates, where it is the time and that is said.
    pub dates: Option<String>,
    /// The path that its values go to; `None` leaves them where they are.
    pub path: Option<String>,
}

impl Target {
    /// What becomes of a field at present.
    pub fn of(field: &PlannedField) -> Target {
        Target {
            namespace: field
                .identity
                .as_ref()
                .map(|identity| identity.namespace.clone()),
            steps: field
                .identity
                .as_ref()
                .map(|identity| identity.normalise.clone()),
            role: field.role,
            dates: field.dates.clone(),
            path: field.path.clone(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let role = match self.role {
            FieldRole::Plain => None,
            FieldRole::Time => Some(match &self.dates {
                Some(order) => format!("time {order}"),
                None => "time".to_owned(),
            }),
            FieldRole::Id => Some("event id".to_owned()),
        };
        let steps = match self.steps.as_deref() {
            None => String::new(),
            Some([]) => format!(" {UNCHANGED}"),
            Some(steps) => format!(" {}", steps.join(" ")),
        };
        let namespace = self
            .namespace
            .as_ref()
            .map(|namespace| format!("id:{namespace}{steps}"));
        let parts: Vec<String> = [namespace, role, self.path.clone()]
            .into_iter()
            .flatten()
            .collect();
        f.pad(&parts.join(", "))
    }
}

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Target, String> {
        let mut target = Target::default();
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            if let Some(identity) = part.strip_prefix("id:") {
                target.read_identity(identity)?;
            } else if let Some("time") = part.split_whitespace().next() {
                target.read_time(part)?;
            } else if part == "event id" {
                target.role = FieldRole::Id;
            } else if part.contains(char::is_whitespace) {
                return Err(format!(
                    "`{part}` is no path; write `id:NAMESPACE`, `time`, `event id`, or a path such as `person.name.firstName`"
                ));
            } else {
                target.path = Some(part.to_owned());
            }
        }
        Ok(target)
    }
}

impl Target {
    /// The time, and what comes first in its dates.
    fn read_time(&mut self, part: &str) -> Result<(), String> {
        self.role = FieldRole::Time;
        let order = part.trim_start_matches("time").trim();
        if !order.is_empty() {
            order.parse::<DateOrder>()?;
            self.dates = Some(order.to_owned());
        }
        Ok(())
    }

    /// A namespace, and what is done to its values.
    fn read_identity(&mut self, text: &str) -> Result<(), String> {
        let mut words = text.split_whitespace().map(str::to_owned);
        let namespace = words.next().filter(|namespace| !namespace.contains(':'));
        let namespace = namespace.ok_or("write a namespace after `id:`, such as `id:Email`")?;
        self.namespace = Some(namespace);
        let steps: Vec<String> = words.collect();
        self.steps = match steps.as_slice() {
            [] => None,
            [one] if one == UNCHANGED => Some(Vec::new()),
            _ => {
                for step in &steps {
                    step.parse::<Normalise>()?;
                }
                Some(steps)
            }
        };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_reads_what_it_writes() {
        for text in [
            "",
            "id:Email",
            "id:Email trim lower",
            "id:Phone digits sha256, mobilePhone.number",
            "id:CRMID unchanged",
            "id:Email, personalEmail.address",
            "time",
            "time day/month/year",
            "event id, commerce.order.purchaseID",
        ] {
            let target: Target = text.parse().unwrap();
            assert_eq!(target.to_string(), text);
        }
        assert!("id:".parse::<Target>().is_err());
        assert!("no path".parse::<Target>().is_err());
        assert_eq!(
            "id:Email trim upper".parse::<Target>(),
            Err("`upper` is no way to normalise; there are trim, lower, digits, sha256".into())
        );
        assert!("time day/year".parse::<Target>().is_err());
        let usual: Target = "id:Email".parse().unwrap();
        assert_eq!(usual.steps, None);
    }
}
