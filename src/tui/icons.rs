//! The few signs of the interface, in Unicode or in ASCII.

use ratatui::symbols::border;

use crate::model::NamespaceKind;

/// The signs that say what colours also say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icons {
    /// The selected row, in column 0.
    pub bar: &'static str,
    /// Something that is folded.
    pub folded: &'static str,
    /// Something that is open.
    pub open: &'static str,
    /// Fragments disagree.
    pub conflict: &'static str,
    /// Nothing but the stable order decided.
    pub tie: &'static str,
    /// A warning, a bridge, an alarm.
    pub warning: &'static str,
    /// The winner.
    pub winner: &'static str,
    /// A yes.
    pub yes: &'static str,
    /// A no.
    pub no: &'static str,
    /// Around a term of a query.
    pub chip: [&'static str; 2],
    /// Marked rows.
    pub mark: &'static str,
    /// Starred profiles.
    pub star: &'static str,
    /// Between parts of a breadcrumb.
    pub crumb: &'static str,
    /// Between things on one line.
    pub dot: &'static str,
    /// The filled part of a bar.
    pub full: &'static str,
    /// The rest of a bar.
    pub rest: &'static str,
    /// A horizontal rule.
    pub rule: &'static str,
    /// The prompt of an input.
    pub prompt: &'static str,
    /// A link that holds no more.
    pub removed: &'static str,
    /// Where a node meets its line.
    pub arrow: &'static str,
    /// What two lines share.
    pub joint: &'static str,
    /// Two lines that only cross.
    pub cross: &'static str,
    /// The eight steps of a small chart, lowest first.
    pub steps: [&'static str; 8],
    /// A masked value.
    pub masked: &'static str,
    /// The frame of a pane.
    pub border: border::Set<'static>,
    kinds: [&'static str; 7],
}

impl Default for Icons {
    fn default() -> Icons {
        Icons::UNICODE
    }
}

impl Icons {
    /// Signs that most fonts have.
    pub const UNICODE: Icons = Icons {
        bar: "▌",
        folded: "▸",
        open: "▾",
        conflict: "≠",
        tie: "≈",
        warning: "⚠",
        winner: "▶",
        yes: "✓",
        no: "✗",
        chip: ["⟨", "⟩"],
        mark: "●",
        star: "★",
        crumb: "›",
        dot: "·",
        full: "█",
        rest: "░",
        rule: "─",
        prompt: "❯",
        removed: "┄",
        arrow: "▸",
        joint: "●",
        cross: "┼",
        steps: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
        masked: "•••",
        border: border::ROUNDED,
        kinds: ["◆", "@", "☎", "▤", "▣", "○", "○"],
    };

    /// Signs that every terminal has.
    pub const ASCII: Icons = Icons {
        bar: "|",
        folded: ">",
        open: "v",
        conflict: "~",
        tie: "=",
        warning: "!",
        winner: ">",
        yes: "y",
        no: "n",
        chip: ["<", ">"],
        mark: "o",
        star: "*",
        crumb: ">",
        dot: "-",
        full: "#",
        rest: ".",
        rule: "-",
        prompt: ">",
        removed: ":",
        arrow: ">",
        joint: "o",
        cross: "+",
        steps: [".", ".", ":", ":", "=", "=", "#", "#"],
        masked: "***",
        border: ASCII_BORDER,
        kinds: ["*", "@", "T", "d", "c", "o", "o"],
    };

    /// The sign of identities of a kind.
    pub fn identity(&self, kind: NamespaceKind) -> &'static str {
        let [person, email, phone, device, cookie, thing, partner] = self.kinds;
        match kind {
            NamespaceKind::CrossDevice => person,
            NamespaceKind::Email => email,
            NamespaceKind::Phone => phone,
            NamespaceKind::Device => device,
            NamespaceKind::Cookie => cookie,
            NamespaceKind::NonPeople => thing,
            NamespaceKind::Partner => partner,
        }
    }
}

const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};
