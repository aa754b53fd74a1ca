//! Who a profile is, in the lines above its attributes.

use ratatui::text::{Line, Span};
use serde_json::Value;

use crate::model::{Leaf, NamespaceKind, Profile, ProfileAnswer};
use crate::tui::message::Ctx;
use crate::tui::text::{age, counted, day};

/// Keys under which a whole name may stand, outermost first.
const WHOLE_NAMES: [&[&str]; 4] = [
    &["person", "name", "fullName"],
    &["person", "fullName"],
    &["fullName"],
    &["name"],
];

/// Keys under which a first and a last name may stand.
const NAME_PARTS: [[&[&str]; 2]; 3] = [
    [
        &["person", "name", "firstName"],
        &["person", "name", "lastName"],
    ],
    [&["firstName"], &["lastName"]],
    [&["first_name"], &["last_name"]],
];

/// What the profile is called: its name, else its canonical identity.
pub fn name(answer: &ProfileAnswer, ctx: &Ctx) -> String {
    match found_name(&answer.profile) {
        Some(name) => ctx.mask.personal(&name, &ctx.icons).into_owned(),
        None => ctx.mask.identity(&answer.entity_id, &ctx.icons),
    }
}

fn found_name(profile: &Profile) -> Option<String> {
    let text = |keys: &[&str]| {
        let text = profile.value(keys).and_then(Value::as_str)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    WHOLE_NAMES.iter().find_map(|keys| text(keys)).or_else(|| {
        NAME_PARTS.iter().find_map(|parts| {
            let found: Vec<String> = parts.iter().filter_map(|keys| text(keys)).collect();
            (!found.is_empty()).then(|| found.join(" "))
        })
    })
}

/// What the profile is made of, in numbers.
pub fn counts(answer: &ProfileAnswer, ctx: &Ctx) -> String {
    let dot = ctx.icons.dot;
    format!(
        "{} {dot} {} {dot} {} {dot} {}",
        counted(answer.identities.len() as u64, "identity"),
        counted(answer.event_count, "event"),
        counted(answer.fragments as u64, "fragment"),
        counted(answer.sources.len() as u64, "dataset"),
    )
}

/// The two lines of the header.
pub fn lines<'a>(answer: &ProfileAnswer, ctx: &Ctx) -> [Line<'a>; 2] {
    [who(answer, ctx), state(answer, ctx)]
}

fn who<'a>(answer: &ProfileAnswer, ctx: &Ctx) -> Line<'a> {
    let kind = NamespaceKind::guess(&answer.entity_id.namespace);
    let identity = ctx.mask.identity(&answer.entity_id, &ctx.icons);
    let mut spans = vec![
        Span::styled(
            format!(" {} {identity}", ctx.icons.identity(kind)),
            ctx.theme.identity(kind),
        ),
        Span::styled(format!("   {}", counts(answer, ctx)), ctx.theme.text),
    ];
    if let (Some(first), Some(last)) = (answer.first_event, answer.last_event) {
        let last = match age(last, ctx.now) {
            now if now == "now" => now,
            age => format!("{age} ago"),
        };
        let span = format!("   {} → {last}", day(first));
        spans.push(Span::styled(span, ctx.theme.dim));
    }
    Line::from(spans)
}

/// What is to be looked at, the gravest first.
fn state<'a>(answer: &ProfileAnswer, ctx: &Ctx) -> Line<'a> {
    let leaves = &answer.profile.leaves;
    let number =
        |is_meant: fn(&Leaf) -> bool| leaves.iter().filter(|leaf| is_meant(leaf)).count() as u64;
    let alarms = answer.profile.consent_alarms.len() as u64;
    let taken_over = number(|leaf| leaf.superseded.iter().any(|past| past.taken_over));
    let conflicts = number(|leaf| leaf.conflict);
    let ties = number(|leaf| leaf.conflict && (leaf.tie || leaf.same_import));
    let hidden = answer.hidden_events;
    let (icons, theme) = (&ctx.icons, &ctx.theme);
    let opt_outs = format!("{} lost", counted(alarms, "newer opt-out"));
    let parts = [
        (alarms, icons.warning, opt_outs, theme.alarm),
        (
            taken_over,
            icons.warning,
            format!("{taken_over} taken over"),
            theme.alarm,
        ),
        (
            conflicts,
            icons.conflict,
            counted(conflicts, "conflict"),
            theme.conflict,
        ),
        (
            ties,
            icons.tie,
            format!("{ties} decided by a tie"),
            theme.conflict,
        ),
        (
            hidden,
            icons.dot,
            format!("{} hidden by the policy", counted(hidden, "event")),
            theme.dim,
        ),
    ];
    let all = counted(leaves.len() as u64, "attribute");
    let mut line = Line::from(Span::styled(format!(" {all}"), theme.dim));
    for (_, sign, words, style) in parts.into_iter().filter(|(number, ..)| *number > 0) {
        line.push_span(Span::styled(format!("   {sign} {words}"), style));
    }
    line
}
