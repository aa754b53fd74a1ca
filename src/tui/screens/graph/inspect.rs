//! What is known of one identity, and each of its links with the records that showed it.

use ratatui::text::{Line, Span};

use crate::model::{GraphIdentity, GraphLink, Identity, LinkEnd, LinkSource, Removal};
use crate::tui::message::Ctx;
use crate::tui::privacy::Mask;
use crate::tui::text::{
    age, cells, count, counted, day, dotted, fit, fit_left, fit_middle, fit_tail, second,
};
use crate::tui::widgets::paper::{Entry, blank, fact, plain, wrapped};

use super::network::Network;

/// Batches of one link that are listed; the rest is counted.
const MOST_SOURCES: usize = 3;

/// Links of one identity that are listed; the rest is counted.
const MOST_LINKS: usize = 500;

/// Lines that a reason takes at most.
const MOST_LINES: usize = 4;

/// The column of the names of facts.
const NAMES: usize = 10;

/// Whether removed links are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Removed {
    /// They are.
    #[default]
    Shown,
    /// They are not.
    Hidden,
}

/// The lines about the identity at a place; those of links stand for them.
pub fn lines(
    at: usize,
    network: &Network,
    removed: Removed,
    width: usize,
    ctx: &Ctx,
) -> Vec<Entry<usize>> {
    let Some(identity) = network.identity(at) else {
        return Vec::new();
    };
    let mut lines = heading(at, identity, network, width, ctx);
    let (gone, kept): (Vec<_>, Vec<_>) = network
        .links_of(at)
        .partition(|(_, link)| link.removed.is_some());
    lines.push(blank());
    let title = counted(kept.len() as u64, "link");
    lines.push(plain(&title, width, ctx.theme.title));
    for (place, link) in kept.iter().take(MOST_LINKS) {
        lines.extend(link_lines(at, (*place, link), network, width, ctx));
    }
    lines.extend(surplus(kept.len(), width, ctx));
    if gone.is_empty() {
        return lines;
    }
    lines.push(blank());
    let title = counted(gone.len() as u64, "removed link");
    if removed == Removed::Hidden {
        lines.push(plain(&format!("{title}: r shows"), width, ctx.theme.dim));
        return lines;
    }
    lines.push(plain(&title, width, ctx.theme.title));
    for (place, link) in gone.iter().take(MOST_LINKS) {
        lines.extend(link_lines(at, (*place, link), network, width, ctx));
    }
    lines.extend(surplus(gone.len(), width, ctx));
    lines
}

/// Why a link was removed, when, and by which record.
pub fn end_lines<T>(end: &LinkEnd, width: usize, ctx: &Ctx) -> Vec<Entry<T>> {
    let reason = reason(&end.reason, ctx);
    let mut lines = wrapped(&reason, 4, (width, MOST_LINES), ctx.theme.conflict);
    let when = format!("removed {}", second(end.at));
    lines.extend(wrapped(&when, 4, (width, 1), ctx.theme.dim));
    if let Some((dataset, batch, line)) = &end.by {
        let by = format!("displaced by {dataset} batch {batch} line {line}");
        lines.extend(wrapped(&by, 4, (width, 2), ctx.theme.dim));
    }
    lines
}

fn heading(
    at: usize,
    identity: &GraphIdentity,
    network: &Network,
    width: usize,
    ctx: &Ctx,
) -> Vec<Entry<usize>> {
    let name = named(&identity.identity, Some(identity), ctx);
    let style = ctx.theme.identity(identity.kind);
    let mut lines = wrapped(&name, 0, (width, 3), style);
    if network.has_bridge(at) {
        let words = format!("{} bridge: one link joins two groups", ctx.icons.warning);
        lines.extend(wrapped(&words, 0, (width, 2), ctx.theme.bridge));
    }
    let priority = match identity.priority {
        Some(priority) => format!("priority {priority}"),
        None => "no priority".into(),
    };
    let namespace = format!(
        "{} {} {priority}",
        identity.identity.namespace, ctx.icons.dot
    );
    for (name, value) in [
        ("namespace", namespace),
        ("type", identity.kind.to_string()),
        ("first seen", second(identity.first_seen)),
        ("last seen", second(identity.last_seen)),
        ("events", count(identity.events)),
        ("fragments", count(identity.fragments)),
    ] {
        lines.push(fact(name, &value, (NAMES, width), ctx));
    }
    let mut name = "datasets";
    for dataset in &identity.datasets {
        lines.push(fact(name, dataset, (NAMES, width), ctx));
        name = "";
    }
    lines
}

fn link_lines(
    at: usize,
    (place, link): (usize, &GraphLink),
    network: &Network,
    width: usize,
    ctx: &Ctx,
) -> Vec<Entry<usize>> {
    let is_bridge = network.parts_people(place);
    let mut lines = vec![(
        Some(place),
        link_line(at, (place, link), network, width, ctx),
    )];
    if let Some((stay, go)) = network.split(at, place).filter(|_| is_bridge) {
        let words = format!(
            "bridge: without it {} + {}",
            count(stay as u64),
            count(go as u64)
        );
        lines.extend(wrapped(&words, 4, (width, 1), ctx.theme.bridge));
    }
    if let Some(end) = &link.removed {
        lines.extend(end_lines(end, width, ctx));
    }
    let span = format!(
        "since {} {} last {}",
        day(link.first_established),
        ctx.icons.dot,
        age(link.last_updated, ctx.now)
    );
    lines.extend(wrapped(&span, 4, (width, 1), ctx.theme.text));
    for source in link.sources.iter().take(MOST_SOURCES) {
        lines.extend(source_lines(source, width, ctx));
    }
    if let Some(more) = link
        .sources
        .len()
        .checked_sub(MOST_SOURCES)
        .filter(|more| *more > 0)
    {
        let words = format!(
            "and {} more",
            counted(more as u64, "batch").replace("batchs", "batches")
        );
        lines.extend(wrapped(&words, 4, (width, 1), ctx.theme.dim));
    }
    lines
}

/// The other end of a link with its sign, and how often the link was seen.
fn link_line(
    at: usize,
    (place, link): (usize, &GraphLink),
    network: &Network,
    width: usize,
    ctx: &Ctx,
) -> Line<'static> {
    let other = network.other(at, link);
    let found = network.find(other).and_then(|at| network.identity(at));
    let (sign, sign_style) = match (&link.removed, network.parts_people(place)) {
        (Some(_), _) => (ctx.icons.removed, ctx.theme.faint),
        (None, true) => (ctx.icons.warning, ctx.theme.bridge),
        (None, false) => (ctx.icons.rule, ctx.theme.faint),
    };
    let seen = format!(" {} seen", count(link.seen));
    let name = named(other, found, ctx);
    let room = width.saturating_sub(2 + cells(&seen));
    let style = match (&link.removed, found) {
        (None, Some(found)) => ctx.theme.identity(found.kind),
        _ => ctx.theme.dim,
    };
    Line::from(vec![
        Span::styled(format!("{sign} "), sign_style),
        Span::styled(fit_left(&fit_middle(&name, room), room), style),
        Span::styled(seen, ctx.theme.number),
    ])
}

fn source_lines(source: &LinkSource, width: usize, ctx: &Ctx) -> Vec<Entry<usize>> {
    let from = format!(
        "{} {} batch {}",
        source.dataset, ctx.icons.dot, source.batch
    );
    let lines = if source.last_line > source.line {
        format!("{}–{}", source.line, source.last_line)
    } else {
        source.line.to_string()
    };
    let rows = match source.seen {
        0 | 1 => String::new(),
        seen => counted(seen, "row"),
    };
    let place = dotted([format!("{}:{lines}", source.file), rows], ctx.icons.dot);
    let place = fit_tail(&place, width.saturating_sub(4));
    let mut all = wrapped(&from, 4, (width, 1), ctx.theme.dim);
    all.extend(wrapped(&place, 4, (width, 1), ctx.theme.dim));
    all
}

fn surplus(len: usize, width: usize, ctx: &Ctx) -> Option<Entry<usize>> {
    let more = len.checked_sub(MOST_LINKS).filter(|more| *more > 0)?;
    let words = format!("and {} more", count(more as u64));
    Some(plain(&words, width, ctx.theme.dim))
}

/// An identity with its sign, where it is known what it names.
pub fn named(identity: &Identity, found: Option<&GraphIdentity>, ctx: &Ctx) -> String {
    let name = ctx.mask.identity(identity, &ctx.icons);
    match found {
        Some(found) => format!("{} {name}", ctx.icons.identity(found.kind)),
        None => name,
    }
}

/// Why a link was removed, without what the mask hides.
fn reason(removal: &Removal, ctx: &Ctx) -> String {
    let mut removal = removal.clone();
    if ctx.mask == Mask::On {
        let hide = |text: &mut String| ctx.icons.masked.clone_into(text);
        match &mut removal {
            Removal::Unique { a, b, .. } => {
                hide(a);
                hide(b);
            }
            Removal::Cap { identity, .. } | Removal::Deleted { identity } => {
                hide(&mut identity.value);
            }
        }
    }
    fit(&removal.to_string(), 600)
}
