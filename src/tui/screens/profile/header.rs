//! Who a profile is, in the lines above its attributes.

use ratatui::text::{Line, Span};
use serde_json::Value;

use crate::model::{NamespaceKind, Profile, ProfileAnswer};
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
    let mut spans = vec![
        Span::styled(
            format!(
                " {} {}",
                ctx.icons.identity(kind),
                ctx.mask.identity(&answer.entity_id, &ctx.icons)
            ),
            ctx.theme.identity(kind),
        ),
        Span::styled(format!("   {}", counts(answer, ctx)), ctx.theme.text),
    ];
    if let (Some(first), Some(last)) = (answer.first_event, answer.last_event) {
        let span = format!("   {} → {} ago", day(first), age(last, ctx.now));
        spans.push(Span::styled(span.replace("now ago", "now"), ctx.theme.dim));
    }
    harmless(spans)
}

fn state<'a>(answer: &ProfileAnswer, ctx: &Ctx) -> Line<'a> {
    let leaves = &answer.profile.leaves;
    let conflicts = answer.profile.conflicts();
    let ties = leaves
        .iter()
        .filter(|leaf| leaf.conflict && (leaf.tie || leaf.same_import))
        .count();
    let taken_over = leaves
        .iter()
        .filter(|leaf| leaf.superseded.iter().any(|past| past.taken_over))
        .count();
    let mut spans = vec![Span::styled(
        format!(" {}", counted(leaves.len() as u64, "attribute")),
        ctx.theme.dim,
    )];
    let mut add = |number: usize, sign: &str, words: String, style| {
        if number > 0 {
            spans.push(Span::styled(format!("   {sign} {words}"), style));
        }
    };
    let theme = &ctx.theme;
    add(
        conflicts,
        ctx.icons.conflict,
        counted(conflicts as u64, "conflict"),
        theme.conflict,
    );
    add(
        ties,
        ctx.icons.tie,
        format!("{ties} by the stable order alone"),
        theme.conflict,
    );
    add(
        taken_over,
        ctx.icons.warning,
        format!("{taken_over} taken over"),
        theme.alarm,
    );
    let alarms = answer.profile.consent_alarms.len();
    add(
        alarms,
        ctx.icons.warning,
        format!("{} lost", counted(alarms as u64, "newer opt-out")),
        theme.alarm,
    );
    let hidden = answer.hidden_events;
    add(
        hidden as usize,
        ctx.icons.dot,
        format!("{} left out by the policy", counted(hidden, "event")),
        theme.dim,
    );
    Line::from(spans)
}

fn harmless<'a>(spans: Vec<Span<'a>>) -> Line<'a> {
    let spans = spans.into_iter().map(|span| {
        let text = crate::tui::text::fit(&span.content, 200);
        Span::styled(text, span.style)
    });
    Line::from(spans.collect::<Vec<_>>())
}
