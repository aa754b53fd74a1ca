//! Choosing the policy that everything is shown under.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::{MergePolicy, Stitching};
use crate::tui::action::Action;
use crate::tui::message::Ctx;
use crate::tui::screen::Mode;
use crate::tui::text::{fit, fit_left};
use crate::tui::widgets::panel::{Focus, noted, panel};
use crate::tui::widgets::{Cursor, popup, rows};

use super::{Outcome, Overlay};

const WIDTH: u16 = 72;
const NAME: usize = 24;

/// The list of policies.
pub struct PolicyChoice {
    cursor: Cursor,
    area: Rect,
}

impl PolicyChoice {
    /// The policies, the present one selected.
    pub fn new(ctx: &Ctx) -> PolicyChoice {
        let present = ctx
            .policies
            .iter()
            .position(|policy| policy.id == ctx.policy.id);
        let mut cursor = Cursor::default();
        cursor.select(present.unwrap_or(0));
        PolicyChoice {
            cursor,
            area: Rect::default(),
        }
    }
}

impl Overlay for PolicyChoice {
    fn mode(&self) -> Mode {
        Mode::Command
    }

    fn update(&mut self, action: Action, ctx: &Ctx) -> Outcome {
        match action {
            Action::Undo | Action::Back | Action::Interrupt | Action::Policy => Outcome::Close,
            Action::Open | Action::In => match ctx.policies.get(self.cursor.selected()) {
                Some(policy) => Outcome::Follow(policy.id.clone()),
                None => Outcome::Close,
            },
            Action::NextPolicy => self.update(Action::Down, ctx),
            _ => {
                self.cursor.act(action, ctx.policies.len());
                Outcome::Stay
            }
        }
    }

    fn layout(&mut self, area: Rect, ctx: &Ctx) {
        let height = (ctx.policies.len() as u16)
            .saturating_add(2)
            .clamp(3, area.height.max(3));
        self.area = popup::centred(area, WIDTH, height);
        let list = usize::from(self.area.height).saturating_sub(2);
        self.cursor.fit(list, ctx.policies.len());
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let block = noted(
            panel("merge policy", Focus::Here, ctx),
            "enter shows it · g y edits · esc closes",
            ctx,
        );
        let inside = popup::open(frame, self.area, block);
        let width = usize::from(inside.width);
        rows::rows(
            frame,
            inside,
            (&self.cursor, ctx.policies.len()),
            Focus::Here,
            ctx,
            |at| {
                ctx.policies
                    .get(at)
                    .map_or_else(Line::default, |policy| policy_line(policy, width, ctx))
            },
        );
    }
}

fn policy_line<'a>(policy: &MergePolicy, width: usize, ctx: &Ctx) -> Line<'a> {
    let is_present = policy.id == ctx.policy.id;
    let mark = if is_present { ctx.icons.mark } else { " " };
    Line::from(vec![
        Span::styled(format!("{mark} "), ctx.theme.accent),
        Span::styled(fit_left(&policy.name, NAME), ctx.theme.text),
        Span::styled(
            format!(" {}", fit(&summary(policy), width.saturating_sub(NAME + 4))),
            ctx.theme.dim,
        ),
    ])
}

/// A policy in a few words: how it ranks, and what it is made of.
fn summary(policy: &MergePolicy) -> String {
    let ranked = if policy.order.is_empty() {
        "newest first".to_owned()
    } else {
        policy.order.join(" > ")
    };
    let made_of = match policy.stitching {
        Stitching::Pdg => "whole graph",
        Stitching::None => "one identity",
    };
    let default = if policy.is_default { " · default" } else { "" };
    format!("{made_of} · {ranked}{default}")
}
