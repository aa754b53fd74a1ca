//! A text with some of its letters marked; what a terminal paints as one sign is never cut.

use std::ops::Range;

use ratatui::text::Span;
use unicode_segmentation::UnicodeSegmentation;

use crate::tui::message::Ctx;

/// The text in parts; those that hold a letter of these places, in characters from 0, are in the style of a match.
pub fn marked<'a>(text: &Span<'_>, places: &[Range<usize>], ctx: &Ctx) -> Vec<Span<'a>> {
    let mut parts: Vec<(String, bool)> = Vec::new();
    let mut at = 0;
    for sign in text.content.graphemes(true) {
        let end = at + sign.chars().count();
        let is_marked = places
            .iter()
            .any(|place| place.start < end && at < place.end);
        match parts.last_mut() {
            Some((part, same)) if *same == is_marked => part.push_str(sign),
            _ => parts.push((sign.to_owned(), is_marked)),
        }
        at = end;
    }
    let styled = parts.into_iter().map(|(part, is_marked)| {
        let style = if is_marked {
            text.style.patch(ctx.theme.matched)
        } else {
            text.style
        };
        Span::styled(part, style)
    });
    styled.collect()
}
