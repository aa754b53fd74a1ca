//! What an import does to the profiles, shown before it is kept, and reasons to refuse it.

use std::ops::ControlFlow;
use std::path::Path;
use std::str::FromStr;

use anyhow::Result;
use clap::Args;

use super::global::Global;
use super::print::number;
use super::progress::Bar;
use crate::ingest::{Decision, ImportError, IngestError, Watch};
use crate::lookup::{self, LookupError, Reach};
use crate::model::{ImportAnswer, ImportProgress, MergePolicy};
use crate::store::{Reader, View};

/// What is asked about the effects of an import.
#[derive(Clone, Debug, Default, Args)]
pub struct EffectArgs {
    /// Say what the import would do to the profiles, and undo it
    #[arg(long)]
    preview: bool,
    /// Refuse an import that changes more of the profiles there are: a share such as 2%, or a number
    #[arg(long, value_name = "LIMIT")]
    max_changed: Option<Limit>,
    /// Refuse an import that rejects more of its rows: a share such as 1%, or a number
    #[arg(long, value_name = "LIMIT")]
    max_rejected: Option<Limit>,
}

/// How many profiles may change, or rows be rejected.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    /// A share of those there are, in hundredths.
    Percent(f64),
    /// So many.
    Number(u64),
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Limit, String> {
        let wrong = || format!("`{text}` is neither a share such as 2% nor a number");
        if let Some(share) = text.strip_suffix('%') {
            let percent: f64 = share.trim().parse().map_err(|_| wrong())?;
            return if (0.0..=100.0).contains(&percent) {
                Ok(Limit::Percent(percent))
            } else {
                Err(wrong())
            };
        }
        text.parse().map(Limit::Number).map_err(|_| wrong())
    }
}

impl Limit {
    /// How much this is of all such things, and how much may be, in words, where it is too much.
    fn excess(self, some: u64, of: u64, things: &str) -> Option<(String, String)> {
        let share = some as f64 * 100.0 / of.max(1) as f64;
        let (is_more, allowed) = match self {
            Limit::Percent(percent) => (share > percent, format!("{percent}%")),
            Limit::Number(most) => (some > most, number(most)),
        };
        let decimals = if share < 0.1 { 3 } else { 1 };
        let (some, of) = (number(some), number(of));
        let share = format!("{some} of {of} {things} ({share:.decimals$}%)");
        is_more.then_some((share, allowed))
    }
}

/// Why an import is refused that changes so many profiles of those there are.
fn changes_too_much(limit: Limit, altered: u64, of: u64) -> Option<String> {
    let (share, allowed) = limit.excess(altered, of, "profiles")?;
    Some(format!(
        "this import would change {share}, more than the {allowed} that --max-changed allows; nothing was changed; look at it with --preview, or raise the limit"
    ))
}

/// Why an import is refused of whose rows so many were rejected.
fn rejects_too_much(limit: Limit, answer: &ImportAnswer) -> Option<String> {
    let counts = || answer.datasets.iter().map(|dataset| dataset.counts);
    let rejected = counts().map(|counts| counts.rejected).sum();
    let read = counts().map(|counts| counts.read).sum();
    let (share, allowed) = limit.excess(rejected, read, "rows")?;
    Some(format!(
        "this import would reject {share}, more than the {allowed} that --max-rejected allows; nothing was changed; mend what they are rejected for, or raise the limit"
    ))
}

/// Watches an import: draws its bar, and settles what becomes of it.
pub struct Settling<'a> {
    bar: &'a mut Bar,
    args: &'a EffectArgs,
    store: &'a Path,
    policy: Option<&'a str>,
}

impl<'a> Settling<'a> {
    /// A watch over an import into the store.
    pub fn new(bar: &'a mut Bar, args: &'a EffectArgs, global: &'a Global) -> Settling<'a> {
        Settling {
            bar,
            args,
            store: &global.store,
            policy: global.policy.as_deref(),
        }
    }

    fn judge(&self, view: View<'_>, answer: &mut ImportAnswer) -> Result<Decision, LookupError> {
        let rejects_too_much = |limit| rejects_too_much(limit, answer);
        if let Some(why) = self.args.max_rejected.and_then(rejects_too_much) {
            return Ok(Decision::Refuse(why));
        }
        let policy = lookup::policy_named(view, self.policy);
        if !self.args.preview && self.args.max_changed.is_none() {
            // Nobody asked: where it cannot be said, the import stands all the same.
            answer.effects = policy
                .and_then(|policy| lookup::effects_in_passing(view, answer, &policy))
                .unwrap_or_default();
            return Ok(Decision::Keep);
        }
        let policy = policy?;
        let effects = lookup::effects_of_import(view, answer, &policy, Reach::THOROUGH)?;
        let altered = effects.altered.unwrap_or(0);
        answer.effects = Some(Box::new(effects));
        if let Some(limit) = self.args.max_changed {
            let before = profiles_before(self.store, &policy)?;
            if let Some(why) = changes_too_much(limit, altered, before) {
                return Ok(Decision::Refuse(why));
            }
        }
        Ok(if self.args.preview {
            Decision::Undo
        } else {
            Decision::Keep
        })
    }
}

/// How many profiles there are without the import; none where there is no store yet.
fn profiles_before(store: &Path, policy: &MergePolicy) -> Result<u64, LookupError> {
    if !store.exists() {
        return Ok(0);
    }
    Reader::open(store)?.snapshot(|view| lookup::profile_count(view, policy))
}

impl Watch for Settling<'_> {
    fn progress(&mut self, progress: &ImportProgress) -> ControlFlow<()> {
        self.bar.progress(progress)
    }

    fn settle(
        &mut self,
        view: View<'_>,
        answer: &mut ImportAnswer,
    ) -> Result<Decision, ImportError> {
        self.judge(view, answer).map_err(|error| match error {
            LookupError::Store(error) => error.into(),
            other => IngestError::Options(other.to_string()).into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_share_or_a_number() {
        assert_eq!("2%".parse(), Ok(Limit::Percent(2.0)));
        assert_eq!("0.5 %".parse(), Ok(Limit::Percent(0.5)));
        assert_eq!("120".parse(), Ok(Limit::Number(120)));
        for wrong in ["", "%", "-1", "101%", "NaN%", "many"] {
            assert!(wrong.parse::<Limit>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_more_than_the_limit_is_refused_with_its_share() {
        assert_eq!(changes_too_much(Limit::Percent(2.0), 2, 100), None);
        let why = changes_too_much(Limit::Percent(2.0), 3, 100).unwrap();
        assert!(why.contains("3 of 100 profiles (3.0%)"), "{why}");
        let few = Limit::Percent(0.0).excess(1, 100_000, "rows");
        assert_eq!(
            few,
            Some(("1 of 100,000 rows (0.001%)".into(), "0%".into()))
        );
        assert_eq!(Limit::Number(0).excess(0, 0, "rows"), None);
        assert!(Limit::Number(0).excess(1, 1_000_000, "rows").is_some());
    }
}
