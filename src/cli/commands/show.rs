//! `onefold show`: a folded profile, and why each of its values is what it is.

use anyhow::Result;
use clap::Args;
use serde_json::{Map, Value};

use super::dataset;
use crate::cli::exit::Exit;
use crate::cli::global::Global;
use crate::cli::output::Output;
use crate::cli::print::profile::{self, ProfileView, Reasons};
use crate::lookup;
use crate::model::{Identity, MergePolicy, Path, ProfileAnswer};
use crate::store::View;

/// What `show` takes.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  onefold show Email:ana@example.com
  onefold show CRMID:C-1 --explain --fields person.name,tier
  onefold show CRMID:C-1 --policy \"CRM first\" --as-of 2024-03-01 --json")]
pub struct ShowArgs {
    /// Any identity of the profile, such as Email:ana@example.com
    #[arg(allow_hyphen_values = true)]
    identity: Identity,
    /// Say of each value why it won, what lost, and what it was before
    #[arg(long)]
    explain: bool,
    /// These fields alone; the last parts of a path are enough
    #[arg(long, value_name = "a,b.c", value_delimiter = ',')]
    fields: Vec<String>,
    /// What this dataset alone says
    #[arg(long, value_name = "NAME")]
    dataset: Option<String>,
}

/// Folds the profile and prints it.
pub fn run(args: &ShowArgs, global: &Global, out: &mut Output<'_>) -> Result<Exit> {
    let (found, files) = global.ask(out, |view| {
        let policy = policy(args, global, view)?;
        let found = lookup::profile(view, &args.identity, &policy, global.moment())?;
        Ok((found, view.catalog()?.files()))
    })?;
    let mut answer = match found {
        Ok(answer) => out.mask.apply(answer),
        Err(miss) => return out.miss(&miss),
    };
    for field in &args.fields {
        if !has_field(&answer, field) {
            out.note(&format!("the profile has no field `{field}`"));
        }
    }
    if !args.fields.is_empty() {
        keep(&mut answer, &args.fields);
    }
    let reasons = if args.explain {
        Reasons::Shown
    } else {
        Reasons::Hidden
    };
    out.answer(&ProfileView::of(&answer, reasons, &files), |look| {
        profile::text(&answer, reasons, &files, look)
    })?;
    Ok(Exit::Done)
}

/// The policy; with `--dataset`, one that sees nothing else.
fn policy(args: &ShowArgs, global: &Global, view: View<'_>) -> Result<MergePolicy> {
    let policy = global.policy(view)?;
    let Some(name) = &args.dataset else {
        return Ok(policy);
    };
    let dataset = dataset::named(view, name)?;
    Ok(MergePolicy {
        name: format!("{}, dataset {} alone", policy.name, dataset.name),
        method: "dataSetPrecedence".into(),
        order: vec![dataset.name],
        ..policy
    })
}

fn has_field(answer: &ProfileAnswer, field: &str) -> bool {
    let field = path(field);
    any_path(&mut Vec::new(), &answer.profile.entity, &mut |keys| {
        says(&field, keys)
    })
}

fn path(text: &str) -> Path {
    match text.parse() {
        Ok(path) => path,
        Err(never) => match never {},
    }
}

fn any_path(
    keys: &mut Vec<String>,
    map: &Map<String, Value>,
    test: &mut impl FnMut(&[String]) -> bool,
) -> bool {
    map.iter().any(|(key, value)| {
        keys.push(key.clone());
        let found =
            test(keys) || matches!(value, Value::Object(inner) if any_path(keys, inner, test));
        keys.pop();
        found
    })
}

/// Whether the last of these keys are those of the field.
fn says(field: &Path, keys: &[String]) -> bool {
    Path(keys.to_vec()).ends_with(field)
}

/// Leaves the fields alone, each with everything below it.
fn keep(answer: &mut ProfileAnswer, fields: &[String]) {
    let fields: Vec<Path> = fields.iter().map(|field| path(field)).collect();
    prune(&mut Vec::new(), &mut answer.profile.entity, &fields);
    answer.profile.leaves.retain(|leaf| {
        let keys = leaf.path.keys();
        (1..=keys.len()).any(|end| {
            let head = keys.get(..end).unwrap_or_default();
            fields.iter().any(|field| says(field, head))
        })
    });
}

fn prune(keys: &mut Vec<String>, map: &mut Map<String, Value>, fields: &[Path]) {
    map.retain(|key, value| {
        keys.push(key.clone());
        let is_kept = fields.iter().any(|field| says(field, keys));
        let keeps_some = match value {
            Value::Object(inner) if !is_kept => {
                prune(keys, inner, fields);
                !inner.is_empty()
            }
            _ => false,
        };
        keys.pop();
        is_kept || keeps_some
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_subtrees_and_the_last_parts_are_enough() {
        let check = |fields: &[&str], expected: &str| {
            let json = r#"{"person":{"name":{"firstName":"Ana","lastName":"M"}},"loyalty":{"tier":"gold","points":3}}"#;
            let mut entity: Map<String, Value> = serde_json::from_str(json).expect(json);
            let fields: Vec<Path> = fields.iter().map(|field| path(field)).collect();
            prune(&mut Vec::new(), &mut entity, &fields);
            assert_eq!(Value::Object(entity).to_string(), expected, "{fields:?}");
        };
        check(
            &["person.name"],
            r#"{"person":{"name":{"firstName":"Ana","lastName":"M"}}}"#,
        );
        check(
            &["tier", "lastName"],
            r#"{"person":{"name":{"lastName":"M"}},"loyalty":{"tier":"gold"}}"#,
        );
        check(
            &["name.firstName"],
            r#"{"person":{"name":{"firstName":"Ana"}}}"#,
        );
        check(&["nothing"], "{}");
    }
}
