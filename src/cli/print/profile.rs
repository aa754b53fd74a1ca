//! A folded profile, with or without the reasons for its values.

use super::explain::explained;
use super::look::number;
use super::{Cell, Column, Files, Look, Page, Table};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{ConsentAlarm, Leaf, ProfileAnswer, Reasons};

/// More identities than this are only counted.
const NAMED: usize = 12;

/// A profile as people read it.
pub fn text(answer: &ProfileAnswer, reasons: Reasons, files: &Files, look: &Look) -> String {
    let mut page = Page::new(look);
    let identity = look.identity(&answer.entity_id);
    let headline = match answer.profile.name() {
        Some(name) => format!("{}  {identity}", printable(&name)),
        None => identity,
    };
    page.line(Role::Strong, &headline);
    head(&mut page, answer);
    for alarm in &answer.profile.consent_alarms {
        page.hanging(Role::Warning, 2, &alarm_line(alarm, look));
    }
    let leaves = &answer.profile.leaves;
    match reasons {
        _ if leaves.is_empty() => {}
        Reasons::Hidden => attributes(&mut page, leaves, files),
        Reasons::Shown => explained(&mut page, leaves, files),
    }
    page.finish()
}

fn head(page: &mut Page<'_>, answer: &ProfileAnswer) {
    let look = page.look();
    if answer.requested != answer.entity_id {
        page.field("Asked for", &look.identity(&answer.requested));
    }
    page.field("Policy", &printable(&answer.policy.name));
    let named: Vec<_> = answer
        .identities
        .iter()
        .take(NAMED)
        .map(|id| look.identity(id))
        .collect();
    let rest = answer.identities.len().saturating_sub(NAMED);
    let more = match rest {
        0 => String::new(),
        rest => format!(
            " and {} more; `onefold graph` lists them",
            number(rest as u64)
        ),
    };
    page.field("Identities", &format!("{}{more}", named.join(", ")));
    page.field("Sources", &printable(&answer.sources.join(", ")));
    page.field("Events", &events(answer, look));
    if let Some(moment) = answer.profile.last_modified_at {
        page.field("Modified", &look.time(moment));
    }
}

fn events(answer: &ProfileAnswer, look: &Look) -> String {
    let hidden = match answer.hidden_events {
        0 => String::new(),
        hidden => format!("; the policy leaves out {}", number(hidden)),
    };
    match (answer.first_event, answer.last_event) {
        (Some(first), Some(last)) => format!(
            "{}, {} to {}{hidden}",
            number(answer.event_count),
            look.time(first),
            look.time(last)
        ),
        _ => format!("{}{hidden}", number(answer.event_count)),
    }
}

fn alarm_line(alarm: &ConsentAlarm, look: &Look) -> String {
    format!(
        "! consent: {} opts out at {} since {}, and lost",
        printable(&alarm.dataset),
        printable(&alarm.path),
        look.time(alarm.at)
    )
}

fn attributes(page: &mut Page<'_>, leaves: &[Leaf], files: &Files) {
    let look = page.look();
    page.gap();
    let mut table = Table::new(&[
        Column::long("attribute"),
        Column::text(""),
        Column::long("value"),
        Column::text("from"),
    ]);
    for leaf in leaves {
        let sign = if leaf.conflict { "≠" } else { "" };
        table.row([
            printable(&leaf.path.to_string()).into_owned().into(),
            Cell::new(Role::Warning, sign),
            look.value(&leaf.value).into(),
            Cell::new(Role::Faint, source(leaf, files)),
        ]);
    }
    page.table(&table);
    let conflicts = leaves.iter().filter(|leaf| leaf.conflict).count();
    page.gap();
    let legend = match conflicts {
        0 => "from: dataset batch:line   --explain says why".to_owned(),
        n => format!("from: dataset batch:line   ≠ fragments disagree ({n})   --explain says why"),
    };
    page.line(Role::Faint, &legend);
}

fn source(leaf: &Leaf, files: &Files) -> String {
    let joined = leaf.candidates.len();
    let origin = &leaf.winner;
    let others = match leaf.rule {
        crate::model::Rule::Union | crate::model::Rule::Concat if joined > 0 => {
            format!(" +{joined}")
        }
        _ => String::new(),
    };
    let place = files.short(origin.batch, origin.line);
    format!("{} {place}{others}", printable(&origin.dataset))
}
