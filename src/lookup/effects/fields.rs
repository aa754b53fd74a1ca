//! What profiles say after batches that they did not say before, or not so.

use std::collections::{BTreeMap, BTreeSet};

use super::groups::Groups;
use super::{EXAMPLES, Span};
use crate::lookup::error::Result;
use crate::lookup::profile::profile;
use crate::merge;
use crate::model::{
    ComparedField, ConsentFlip, ConsentFlips, Effects, Example, FieldChange, Identity, IdentityId,
    MergePolicy, Moment, Path, ProfileAnswer, What,
};
use crate::store::View;

/// Fields that are named at most.
const FIELDS: usize = 20;

/// The fields of some profiles, held against each other.
#[derive(Default)]
pub(super) struct Fields {
    /// Profiles that one that was looked at stands for.
    scale: f64,
    compared: u64,
    changed: u64,
    altered: u64,
    by_path: BTreeMap<Path, [u64; 3]>,
    consents: ConsentFlips,
    examples: Vec<Identity>,
}

impl Fields {
    /// Folds the profiles of before that are concerned, evenly drawn where they are too many, and what they are now.
    pub(super) fn compare(
        view: View<'_>,
        policy: &MergePolicy,
        span: Span,
        groups: &Groups,
        most: usize,
    ) -> Result<Fields> {
        let drawn = groups.before.iter().filter(|group| group.weight > 0.0);
        let drawn: Vec<_> = drawn.collect();
        let total: f64 = drawn.iter().map(|group| group.weight).sum();
        let step = drawn.len().div_ceil(most.max(1)).max(1);
        let mut fields = Fields::default();
        for group in drawn.into_iter().step_by(step) {
            view.go_on()?;
            let then = folded(view, policy, group.first(), span.before)?;
            let now = folded(view, policy, group.first(), span.after)?;
            let says_else = fields.note(then.as_ref(), now.as_ref());
            let is_lone = groups.lone_successor(group).is_some();
            fields.compared += 1;
            fields.changed += u64::from(says_else && is_lone);
            fields.altered += u64::from(says_else || !is_lone);
            if let Some(now) = now.filter(|_| says_else && is_lone)
                && fields.examples.len() < EXAMPLES
            {
                fields.examples.push(now.entity_id);
            }
        }
        fields.scale = total / fields.compared.max(1) as f64;
        Ok(fields)
    }

    /// Notes how two foldings of a profile differ, and whether they do.
    fn note(&mut self, then: Option<&ProfileAnswer>, now: Option<&ProfileAnswer>) -> bool {
        let sides = [then, now].map(|side| side.map(|answer| &answer.profile));
        let mut differs = false;
        for field in merge::compare(&sides).iter().filter(|field| field.differs) {
            differs = true;
            let [was, is] = [0, 1].map(|side| said(field, side));
            let counts = self.by_path.entry(field.path.clone()).or_default();
            let more = [1, u64::from(was.is_none()), u64::from(is.is_none())];
            for (count, more) in counts.iter_mut().zip(more) {
                *count += more;
            }
            if let Some(now) = now {
                self.note_consent(field, &now.entity_id);
            }
        }
        differs
    }

    fn note_consent(&mut self, field: &ComparedField, entity: &Identity) {
        let choice = |side| {
            let value = said(field, side)?;
            value.get("val")?.as_str().map(str::to_owned)
        };
        let (was, is) = (choice(0), choice(1));
        let Some(val) = is.filter(|is| was.as_ref() != Some(is)) else {
            return;
        };
        match val.as_str() {
            "n" => self.consents.to_no += 1,
            "y" => self.consents.to_yes += 1,
            _ => return,
        }
        if self.consents.examples.len() < EXAMPLES {
            self.consents.examples.push(ConsentFlip {
                entity_id: entity.clone(),
                path: field.path.clone(),
                val,
            });
        }
    }

    /// Adds what was found to the answer, scaled up from those that were looked at to all.
    pub(super) fn put_into(self, effects: &mut Effects) {
        let scale = |count: u64| (count as f64 * self.scale).round() as u64;
        effects.compared = self.compared;
        effects.changed = Some(scale(self.changed));
        effects.altered = Some(scale(self.altered));
        let mut fields: Vec<FieldChange> = self
            .by_path
            .into_iter()
            .map(|(path, [profiles, appeared, vanished])| FieldChange {
                path,
                profiles: scale(profiles),
                appeared: scale(appeared),
                vanished: scale(vanished),
            })
            .collect();
        fields.sort_by_key(|field| std::cmp::Reverse(field.profiles));
        fields.truncate(FIELDS);
        effects.fields = fields;
        effects.consents = ConsentFlips {
            to_no: scale(self.consents.to_no),
            to_yes: scale(self.consents.to_yes),
            examples: self.consents.examples,
        };
        let examples: BTreeSet<_> = self.examples.into_iter().collect();
        effects
            .examples
            .extend(examples.into_iter().map(|id| Example {
                entity_id: id,
                what: What::Changed,
            }));
    }
}

fn said(field: &ComparedField, side: usize) -> Option<&serde_json::Value> {
    let said = field.values.get(side)?.as_ref()?;
    Some(&said.value)
}

fn folded(
    view: View<'_>,
    policy: &MergePolicy,
    id: IdentityId,
    at: Moment,
) -> Result<Option<ProfileAnswer>> {
    let identity = view.named(&view.identity(id)?)?;
    Ok(profile(view, &identity, policy, at)?.ok())
}
