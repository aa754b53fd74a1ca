//! What a screen has to show: an answer, or why there is none.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::model::{Found, Identity, Miss};
use crate::tui::message::{Ctx, Effect};
use crate::tui::privacy::Mask;
use crate::tui::text::wrap;

/// An answer, or why there is none.
#[derive(Clone, Debug, Default)]
pub enum Content<T> {
    /// It has been asked for.
    #[default]
    Loading,
    /// It is there.
    Ready(T),
    /// Nothing was found.
    Missing(Box<Miss>),
    /// The question failed.
    Failed(String),
}

impl<T> Content<T> {
    /// The answer, where it is there.
    pub fn ready(&self) -> Option<&T> {
        match self {
            Content::Ready(content) => Some(content),
            _ => None,
        }
    }

    /// Takes what was found.
    pub fn take(&mut self, found: Found<T>) {
        *self = match found {
            Ok(content) => Content::Ready(content),
            Err(miss) => Content::Missing(miss),
        };
    }

    /// Takes a failure: what is there stays, and the failure is said in passing.
    pub fn fail(&mut self, words: &str) -> Vec<Effect> {
        if self.ready().is_some() {
            return vec![Effect::Warn(words.to_owned())];
        }
        *self = Content::Failed(words.to_owned());
        Vec::new()
    }

    /// Somebody that is known, where nobody was found.
    pub fn offer(&self) -> Option<&Identity> {
        match self {
            Content::Missing(miss) => offer(miss),
            _ => None,
        }
    }

    /// Paints why there is no answer.
    pub fn draw_absence(&self, frame: &mut Frame<'_>, area: Rect, ctx: &Ctx) {
        let words = match self {
            Content::Ready(_) => return,
            Content::Loading => "asking…".to_owned(),
            Content::Failed(words) => words.clone(),
            Content::Missing(miss) => sentence(miss, ctx),
        };
        let style = match self {
            Content::Failed(_) => ctx.theme.bad,
            Content::Missing(_) => ctx.theme.text,
            _ => ctx.theme.dim,
        };
        let width = usize::from(area.width).saturating_sub(2);
        let mut lines: Vec<Line<'_>> = wrap(&words, width, area.height.max(1).into())
            .into_iter()
            .map(|line| Line::styled(format!(" {line}"), style))
            .collect();
        if let Some(offer) = self.offer() {
            let name = ctx.mask.identity(offer, &ctx.icons);
            lines.push(Line::default());
            lines.push(Line::from(vec![
                Span::styled(" enter", ctx.theme.key),
                Span::styled(
                    format!(" opens {}", crate::tui::text::fit(&name, width)),
                    ctx.theme.dim,
                ),
            ]));
        }
        frame.render_widget(ratatui::text::Text::from(lines), area);
    }
}

/// Why nothing was found, without what the mask hides.
pub fn sentence(miss: &Miss, ctx: &Ctx) -> String {
    match ctx.mask {
        Mask::Off => miss.to_string(),
        Mask::On => masked(miss, ctx).to_string(),
    }
}

fn offer(miss: &Miss) -> Option<&Identity> {
    match miss {
        Miss::Unknown { nearest, .. } => nearest.first(),
        Miss::OtherNamespace { known, .. } => known.first(),
        Miss::OnlySecondary { carried_by, .. } => carried_by.first(),
        Miss::LeftOut { .. }
        | Miss::NotThen { .. }
        | Miss::Deleted { .. }
        | Miss::Forgotten { .. } => None,
    }
}

fn masked(miss: &Miss, ctx: &Ctx) -> Miss {
    let hide = |identity: &mut Identity| ctx.icons.masked.clone_into(&mut identity.value);
    let mut miss = miss.clone();
    match &mut miss {
        Miss::Unknown {
            identity,
            nearest: others,
        }
        | Miss::OtherNamespace {
            identity,
            known: others,
        }
        | Miss::OnlySecondary {
            identity,
            carried_by: others,
            ..
        } => {
            hide(identity);
            others.iter_mut().for_each(hide);
        }
        Miss::LeftOut { identity, .. }
        | Miss::NotThen { identity, .. }
        | Miss::Deleted { identity }
        | Miss::Forgotten { identity, .. } => hide(identity),
    }
    miss
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::testing;

    #[test]
    fn a_miss_names_nobody_under_the_mask() {
        let miss = Miss::Unknown {
            identity: Identity::new("Email", "maya@example.com"),
            nearest: vec![Identity::new("Email", "mayo@example.com")],
        };
        let mut ctx = testing::ctx();
        assert!(sentence(&miss, &ctx).contains("maya@example.com"));
        ctx.mask = Mask::On;
        assert_eq!(
            sentence(&miss, &ctx),
            "no record knows Email:•••; nearest: Email:•••"
        );
    }

    #[test]
    fn a_failure_leaves_what_is_there() {
        let mut content = Content::Ready(7);
        assert_eq!(content.fail("lost"), [Effect::Warn("lost".into())]);
        assert_eq!(content.ready(), Some(&7));
        let mut content = Content::<u8>::Loading;
        assert_eq!(content.fail("lost"), []);
        assert!(matches!(content, Content::Failed(_)));
    }
}
