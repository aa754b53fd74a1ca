//! A box over the screen: its place and its frame, with what is below it wiped out.

use ratatui::Frame;
use ratatui::layout::{Constraint, Flex, Layout, Rect};
use ratatui::widgets::{Block, Clear, Widget};

/// A rectangle of a size in the middle of an area, smaller where the area is.
pub fn centred(area: Rect, width: u16, height: u16) -> Rect {
    let [row] = Layout::vertical([Constraint::Length(height.min(area.height))])
        .flex(Flex::Center)
        .areas(area);
    let [middle] = Layout::horizontal([Constraint::Length(width.min(area.width))])
        .flex(Flex::Center)
        .areas(row);
    middle
}

/// A rectangle of a size at the lower right of an area, a cell away from its edges.
pub fn lower_right(area: Rect, width: u16, height: u16) -> Rect {
    let width = width.min(area.width);
    let height = height.min(area.height);
    Rect {
        x: area.right() - width,
        y: area.bottom() - height,
        width,
        height,
    }
}

/// Wipes an area and frames it; what is left inside.
pub fn open(frame: &mut Frame<'_>, area: Rect, block: Block<'_>) -> Rect {
    let inside = block.inner(area);
    Clear.render(area, frame.buffer_mut());
    block.render(area, frame.buffer_mut());
    inside
}
