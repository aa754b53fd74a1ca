//! What a manifest declares: settings, namespaces, merge policies.

use super::{ImportError, Plan, Result};
use crate::ingest::manifest::{NamespaceDeclaration, PolicyDeclaration};
use crate::merge::{self, PolicyWords};
use crate::model::{MergePolicy, Moment, Namespace};
use crate::store::Writer;

/// Declares the settings and namespaces of the manifest; says what follows from them.
pub(super) fn settings(writer: &Writer, plan: &Plan, now: Moment) -> Result<Vec<String>> {
    if writer.is_fresh() {
        writer.save_policy(&MergePolicy::latest_wins(), now)?;
    }
    let before = writer.view().link_settings()?;
    if let Some(changes) = &plan.store {
        let mut settings = before.store.clone();
        changes.apply(&mut settings);
        writer.set_store_settings(&settings)?;
    }
    for declared in &plan.namespaces {
        declare_namespace(writer, declared)?;
    }
    let is_first = writer.view().catalog()?.is_empty();
    let mut notes = Vec::new();
    if !is_first && writer.view().link_settings()? != before {
        writer.settings_changed(&before)?;
        notes.push(
            "linking settings changed: they hold for records that come from now on; resolve pending, `onefold resolve` replays the others"
                .into(),
        );
    }
    Ok(notes)
}

fn declare_namespace(writer: &Writer, declared: &NamespaceDeclaration) -> Result<()> {
    let id = writer.namespace(&declared.code)?;
    let known = writer.view().catalog()?.namespace(id)?.clone();
    writer.set_namespace(&Namespace {
        kind: declared.kind.unwrap_or(known.kind),
        unique: declared.unique.unwrap_or(known.unique),
        priority: declared.priority.or(known.priority),
        ..known
    })?;
    Ok(())
}

/// Makes or updates the policies of the manifest.
pub(super) fn policies(writer: &Writer, plan: &Plan, now: Moment) -> Result<()> {
    for declared in &plan.policies {
        let failed = |source| ImportError::Policy {
            name: declared.name.clone(),
            source,
        };
        let view = writer.view();
        let datasets: Vec<_> = view.catalog()?.datasets().into_iter().cloned().collect();
        let others = view.policies()?;
        let known = others
            .iter()
            .find(|other| other.name.to_lowercase() == declared.name.to_lowercase());
        let id = match known {
            Some(known) => known.id.clone(),
            None => view.new_policy_id(&declared.name)?,
        };
        let mut policy = words(declared)
            .draft()
            .map_err(failed)?
            .assign(|| id.clone(), now.0 / 1000);
        policy.id = id;
        merge::name_datasets(&mut policy, &datasets);
        merge::validate(&policy, &datasets, &others).map_err(failed)?;
        if known.is_none_or(|known| !says_the_same(known, &policy)) {
            writer.save_policy(&policy, now)?;
        }
    }
    Ok(())
}

fn words(declared: &PolicyDeclaration) -> PolicyWords {
    let declared = declared.clone();
    PolicyWords {
        name: declared.name,
        method: declared.method,
        order: declared.order.unwrap_or_default(),
        stitching: declared.stitching,
        arrays: declared.arrays,
        grain: declared.grain,
        clock: declared.clock,
        empty_as_null: declared.empty_as_null.unwrap_or_default(),
        strict_none: declared.strict_none.unwrap_or_default(),
        default: declared.is_default.unwrap_or_default(),
    }
}

/// Whether declaring a policy again changes nothing.
fn says_the_same(known: &MergePolicy, declared: &MergePolicy) -> bool {
    let declared = MergePolicy {
        version: known.version,
        update_epoch: known.update_epoch,
        is_default: known.is_default || declared.is_default,
        ..declared.clone()
    };
    *known == declared
}
