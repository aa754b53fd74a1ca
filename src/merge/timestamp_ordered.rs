//! The merge method by which the newest fragment wins.

use crate::model::MergePolicy;

use super::method::{Method, Standing, Verdict, newer};

/// `timestampOrdered`: effective time, newest first.
pub struct TimestampOrdered;

impl Method for TimestampOrdered {
    fn name(&self) -> &'static str {
        "timestampOrdered"
    }

    fn summary(&self) -> &'static str {
        "The newest fragment wins; older ones fill what it leaves out."
    }

    fn takes_order(&self) -> bool {
        false
    }

    fn place(&self, _: &str, _: &MergePolicy) -> Option<u32> {
        Some(0)
    }

    fn weigh(&self, a: &Standing<'_>, b: &Standing<'_>, policy: &MergePolicy) -> Verdict {
        newer(a, b, policy)
    }
}
