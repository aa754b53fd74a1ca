//! What an import does to the profiles: shown before it is kept, and a reason to refuse it.

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
}

/// How many profiles may change.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    /// A share of those there are, in hundredths.
    Percent(f64),
    /// So many.
    Profiles(u64),
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Limit, String> {
        let wrong = || format!("`{text}` is neither a share such as 2% nor a number of profiles");
        if let Some(share) = text.strip_suffix('%') {
            let percent: f64 = share.trim().parse().map_err(|_| wrong())?;
            return if (0.0..=100.0).contains(&percent) {
                Ok(Limit::Percent(percent))
            } else {
                Err(wrong())
            };
        }
        text.parse().map(Limit::Profiles).map_err(|_| wrong())
    }
}

impl Limit {
    /// Whether this is too much, in a sentence.
    fn refusal(self, altered: u64, of: u64) -> Option<String> {
        let share = altered as f64 * 100.0 / of.max(1) as f64;
        let (is_more, allowed) = match self {
            Limit::Percent(percent) => (share > percent, format!("{percent}%")),
            Limit::Profiles(most) => (altered > most, number(most)),
        };
        is_more.then(|| {
            format!(
                "this import would change {} of {} profiles ({share:.1}%), more than the {allowed} that --max-changed allows; nothing was changed; look at it with --preview, or raise the limit",
                number(altered),
                number(of)
            )
        })
    }
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
            if let Some(why) = limit.refusal(altered, before) {
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
        assert_eq!("120".parse(), Ok(Limit::Profiles(120)));
        for wrong in ["", "%", "-1", "101%", "NaN%", "many"] {
            assert!(wrong.parse::<Limit>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_more_than_the_limit_is_refused_with_its_share() {
        assert_eq!(Limit::Percent(2.0).refusal(2, 100), None);
        let why = Limit::Percent(2.0).refusal(3, 100).unwrap();
        assert!(why.contains("3 of 100 profiles (3.0%)"), "{why}");
        assert_eq!(Limit::Profiles(0).refusal(0, 0), None);
        assert!(Limit::Profiles(0).refusal(1, 1_000_000).is_some());
    }
}
