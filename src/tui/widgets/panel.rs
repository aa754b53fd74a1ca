//! The frame around a pane, with a title above and a note below.

use ratatui::layout::Alignment;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::{Block, Borders};

use crate::tui::message::Ctx;
use crate::tui::text::fit;

/// Whether a pane has the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// It has.
    Here,
    /// Another one has.
    Elsewhere,
}

impl Focus {
    /// Of a pane, where `focused` is the one that has the keys.
    pub fn of(pane: usize, focused: usize) -> Focus {
        if pane == focused {
            Focus::Here
        } else {
            Focus::Elsewhere
        }
    }
}

/// A frame with a title.
pub fn panel<'a>(title: &str, focus: Focus, ctx: &Ctx) -> Block<'a> {
    let block = Block::new()
        .borders(Borders::ALL)
        .border_set(ctx.icons.border)
        .border_style(border(focus, ctx));
    match title {
        "" => block,
        _ => block.title(Line::styled(
            format!(" {} ", fit(title, 120)),
            match focus {
                Focus::Here => ctx.theme.title.patch(ctx.theme.focus),
                Focus::Elsewhere => ctx.theme.title,
            },
        )),
    }
}

/// The same frame with a note at its lower right.
pub fn noted<'a>(block: Block<'a>, note: &str, ctx: &Ctx) -> Block<'a> {
    match note {
        "" => block,
        _ => block.title_bottom(
            Line::styled(format!(" {} ", fit(note, 120)), ctx.theme.dim)
                .alignment(Alignment::Right),
        ),
    }
}

fn border(focus: Focus, ctx: &Ctx) -> Style {
    match focus {
        Focus::Here => ctx.theme.focus,
        Focus::Elsewhere => ctx.theme.border,
    }
}
