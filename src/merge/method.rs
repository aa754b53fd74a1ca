//! How fragments are ranked: the list of merge methods, and the order of ties that all of them share.

use std::cmp::{Ordering, Reverse};

use crate::model::{Fragment, Grain, ImportId, MergePolicy, Moment, Rule};

use super::dataset_precedence::DatasetPrecedence;
use super::timestamp_ordered::TimestampOrdered;

/// A way to rank fragments. A new one is a file with this trait and a line in [`METHODS`].
pub trait Method: Sync {
    /// Its name, as policies store it.
    fn name(&self) -> &'static str;

    /// What it does, in one sentence for the policy screen.
    fn summary(&self) -> &'static str;

    /// Whether a policy of this method lists datasets in `order`.
    fn takes_order(&self) -> bool;

    /// The place of a dataset before anything else is looked at, 0 is highest; `None` leaves the dataset out.
    fn place(&self, dataset: &str, policy: &MergePolicy) -> Option<u32>;

    /// Which of two ranks higher (`Less` is the first) and by which rule; it must order any three without a circle.
    fn weigh(&self, a: &Standing<'_>, b: &Standing<'_>, policy: &MergePolicy) -> Verdict;
}

/// Every merge method; the first is the default.
pub static METHODS: [&dyn Method; 2] = [&TimestampOrdered, &DatasetPrecedence];

/// Whether the attributes of a dataset's fragments take part in a fold.
pub fn is_seen(dataset: &str, policy: &MergePolicy) -> bool {
    let method = method(&policy.method).unwrap_or(METHODS[0]);
    method.place(dataset, policy).is_some()
}

/// The method of this name.
pub fn method(name: &str) -> Option<&'static dyn Method> {
    METHODS.into_iter().find(|method| method.name() == name)
}

/// What ranks a fragment, or with `grain = field` one value of it.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// The fragment.
    pub fragment: &'a Fragment,
    /// The place that the method gave its dataset.
    pub place: u32,
    /// Its effective time under the policy's clock and grain.
    pub at: Moment,
    /// The import command whose moment `at` is; `None` where the record's own time counts.
    pub import: Option<ImportId>,
    /// The record's own time, which parts ties.
    pub customer_time: Option<Moment>,
}

/// Which of two standings ranks higher, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// `Less` where the first ranks higher, `Equal` for a tie.
    pub order: Ordering,
    /// The rule that decided.
    pub rule: Rule,
}

/// The newer of two ranks higher.
pub(super) fn newer(a: &Standing<'_>, b: &Standing<'_>, policy: &MergePolicy) -> Verdict {
    let order = b.at.cmp(&a.at);
    let rule = match (order, policy.options.grain) {
        (Ordering::Equal, _) => Rule::Tie,
        (_, Grain::Fragment) => Rule::NewestFragment,
        (_, Grain::Field) => Rule::NewestValue,
    };
    Verdict { order, rule }
}

/// Sorts what `standing` reads from each item, highest first; the result does not depend on the order given.
pub(super) fn rank<'a, T>(
    items: &mut [T],
    standing: impl Fn(&T) -> Standing<'a>,
    policy: &MergePolicy,
    method: &dyn Method,
) where
    T: Clone,
{
    let weigh = |a: &T, b: &T| method.weigh(&standing(a), &standing(b), policy).order;
    items.sort_by(|a, b| weigh(a, b).then_with(|| stable(&standing(a), &standing(b))));
    for tied in items.chunk_by_mut(|a, b| weigh(a, b).is_eq()) {
        order_by_customer_time(tied, |item| standing(item).customer_time);
    }
}

fn stable(a: &Standing<'_>, b: &Standing<'_>) -> Ordering {
    let (a, b) = (a.fragment, b.fragment);
    (a.priority, &a.dataset, &a.identity.value)
        .cmp(&(b.priority, &b.dataset, &b.identity.value))
        .then_with(|| a.identity.namespace.cmp(&b.identity.namespace))
}

/// Those with a time of their own change places among themselves, newest first.
///
/// "Where both have one" orders no three on its own: with one that has none between them they can run in a circle.
/// So those without stay where the rest of the order puts them.
fn order_by_customer_time<T: Clone>(tied: &mut [T], time: impl Fn(&T) -> Option<Moment>) {
    let mut dated: Vec<T> = tied.iter().filter(|i| time(i).is_some()).cloned().collect();
    if dated.len() < 2 {
        return;
    }
    dated.sort_by_key(|item| Reverse(time(item)));
    let places = tied.iter_mut().filter(|item| time(item).is_some());
    for (place, item) in places.zip(dated) {
        *place = item;
    }
}
