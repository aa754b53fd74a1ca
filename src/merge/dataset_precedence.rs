//! The merge method by which datasets rank in a given order.

use crate::model::{MergePolicy, Rule};

use super::method::{Method, Standing, Verdict, newer};

/// `dataSetPrecedence`: the place in `order`, then effective time; unlisted datasets are left out.
pub struct DatasetPrecedence;

impl Method for DatasetPrecedence {
    fn name(&self) -> &'static str {
        "dataSetPrecedence"
    }

    fn summary(&self) -> &'static str {
        "The dataset listed first wins; datasets that are not listed are left out."
    }

    fn takes_order(&self) -> bool {
        true
    }

    fn place(&self, dataset: &str, policy: &MergePolicy) -> Option<u32> {
        let place = policy.order.iter().position(|name| name == dataset)?;
        u32::try_from(place).ok()
    }

    fn weigh(&self, a: &Standing<'_>, b: &Standing<'_>, policy: &MergePolicy) -> Verdict {
        let order = a.place.cmp(&b.place);
        if order.is_eq() {
            return newer(a, b, policy);
        }
        Verdict {
            order,
            rule: Rule::DatasetOrder,
        }
    }
}
