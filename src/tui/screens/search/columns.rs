//! The columns of the list: which there are, how wide they are, and what they say of a profile.

use ratatui::style::Style;

use crate::config::Kept;
use crate::model::{Cells, Hit, Path};
use crate::tui::message::Ctx;
use crate::tui::text::{age, brief, count};
use crate::tui::widgets::table::{Column, Side, column};

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The name, else the identity.
    Name,
    /// The e-mail address.
    Email,
    /// How many identities.
    Ids,
    /// How many events.
    Events,
    /// Events of the last twelve months, as a small chart.
    Activity,
    /// When the last event was.
    Seen,
    /// An attribute.
    Attribute(Path),
}

/// The columns that are no attributes, with their names, in their usual order.
pub const USUAL: [(&str, Shown); 6] = [
    ("name", Shown::Name),
    ("email", Shown::Email),
    ("ids", Shown::Ids),
    ("events", Shown::Events),
    ("activity", Shown::Activity),
    ("seen", Shown::Seen),
];

/// The columns that the analyst chose, else the usual ones.
pub fn chosen(kept: &Kept) -> Vec<Shown> {
    let own = kept.columns.iter().map(|name| named(name));
    let own: Vec<Shown> = own.collect();
    if own.is_empty() {
        return USUAL.map(|(_, shown)| shown).to_vec();
    }
    own
}

/// The names of the columns that are shown.
pub fn names(kept: &Kept) -> Vec<String> {
    chosen(kept).iter().map(Shown::name).collect()
}

fn named(name: &str) -> Shown {
    let usual = USUAL.into_iter().find(|(usual, _)| *usual == name);
    let attribute = || {
        let path = name.strip_prefix("attr.").unwrap_or(name);
        Shown::Attribute(path.parse().unwrap_or_default())
    };
    usual.map_or_else(attribute, |(_, shown)| shown)
}

impl Shown {
    /// Its name, as it is chosen and kept; an attribute that is called like another column says that it is one.
    pub fn name(&self) -> String {
        let usual = USUAL.iter().find(|(_, shown)| shown == self);
        match (self, usual) {
            (_, Some((name, _))) => (*name).to_owned(),
            (Shown::Attribute(path), _) => {
                let name = path.to_string();
                let is_taken = USUAL.iter().any(|(usual, _)| *usual == name);
                if is_taken {
                    format!("attr.{name}")
                } else {
                    name
                }
            }
            _ => String::new(),
        }
    }

    /// Its heading.
    pub fn heading(&self) -> String {
        match self {
            Shown::Activity => "12 months".into(),
            Shown::Attribute(path) => path.keys().last().cloned().unwrap_or_default(),
            shown => shown.name(),
        }
    }

    /// How wide it is.
    pub fn column(&self) -> Column {
        let (side, least, share, rank) = match self {
            Shown::Name => (Side::Left, 13, 3, 0),
            Shown::Email => (Side::Left, 16, 3, 6),
            Shown::Ids => (Side::Right, 4, 0, 1),
            Shown::Events => (Side::Right, 7, 0, 2),
            Shown::Activity => (Side::Left, 12, 0, 5),
            Shown::Seen => (Side::Right, 6, 0, 1),
            Shown::Attribute(_) => (Side::Left, 10, 2, 3),
        };
        column("", side, least, share, rank)
    }

    /// The attribute that it shows.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Shown::Attribute(path) => Some(path),
            _ => None,
        }
    }
}

/// What a column says of a profile; `at` is the place of its attribute among those of the cells.
pub fn cell(
    shown: &Shown,
    hit: &Hit,
    cells: Option<&Cells>,
    at: usize,
    ctx: &Ctx,
) -> (String, Style) {
    let theme = &ctx.theme;
    let hide = |text: &str| ctx.mask.personal(text, &ctx.icons).into_owned();
    match shown {
        Shown::Name => match &hit.name {
            Some(name) => (hide(name), theme.text),
            None => (ctx.mask.identity(&hit.entity_id, &ctx.icons), theme.dim),
        },
        Shown::Email => (
            hit.email.as_deref().map(hide).unwrap_or_default(),
            theme.dim,
        ),
        Shown::Ids => (count(hit.identities), theme.text),
        Shown::Events => (count(hit.events), theme.text),
        Shown::Seen => {
            let seen = hit.last_event.map_or("—".into(), |at| age(at, ctx.now));
            (seen, theme.dim)
        }
        Shown::Activity => {
            let months = cells.map_or(&[][..], |cells| &cells.activity);
            (chart(months, ctx), theme.accent)
        }
        Shown::Attribute(path) => {
            let value = cells.and_then(|cells| cells.values.get(at)?.as_ref());
            let text = match value {
                Some(value) if ctx.mask.hides(path, value) => ctx.icons.masked.to_owned(),
                Some(value) => brief(value, 80),
                None => String::new(),
            };
            (text, theme.text)
        }
    }
}

/// A small chart of the months, each in its share of the highest; nothing where nothing was.
fn chart(months: &[u64], ctx: &Ctx) -> String {
    let highest = months.iter().copied().max().unwrap_or(0);
    if highest == 0 {
        return String::new();
    }
    let last = ctx.icons.steps.len() as u64 - 1;
    let step = |count: &u64| {
        let step = (count * last).div_ceil(highest);
        ctx.icons.steps.get(step as usize).copied().unwrap_or(" ")
    };
    months.iter().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_kept_by_their_names() {
        let kept = |names: &[&str]| Kept {
            columns: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Kept::default()
        };
        for all in [
            &["name", "ids"][..],
            &["loyalty.tier", "name", "attr.name", "attr.ids"],
        ] {
            assert_eq!(names(&kept(all)), all);
        }
        assert_eq!(names(&kept(&[])), USUAL.map(|(name, _)| name));
    }

    #[test]
    fn a_chart_has_its_highest_month_full() {
        let ctx = crate::tui::testing::ctx();
        let check = |months: &[u64], expected: &str| assert_eq!(chart(months, &ctx), expected);
        check(&[], "");
        check(&[0, 0], "");
        check(&[0, 1, 7, 14], "▁▂▅█");
        check(&[0, 1], "▁█");
    }
}
