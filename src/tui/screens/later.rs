//! A screen that stands where one is still to come.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::tui::action::Action;
use crate::tui::message::{Ctx, Effect, Route, Status};
use crate::tui::screen::Screen;
use crate::tui::widgets::panel::{Focus, panel};
use crate::worker::Reply;

/// The screen.
pub struct Later {
    route: Route,
    area: Rect,
}

impl Later {
    /// For a route.
    pub fn new(route: Route) -> Later {
        Later {
            route,
            area: Rect::default(),
        }
    }
}

impl Screen for Later {
    fn route(&self) -> Route {
        self.route.clone()
    }

    fn crumb(&self, _ctx: &Ctx) -> Vec<String> {
        Vec::new()
    }

    fn load(&mut self, _ctx: &Ctx) -> Vec<Effect> {
        Vec::new()
    }

    fn update(&mut self, _action: Action, _ctx: &Ctx) -> Vec<Effect> {
        Vec::new()
    }

    fn receive(&mut self, _reply: &Reply, _ctx: &Ctx) -> Vec<Effect> {
        Vec::new()
    }

    fn layout(&mut self, area: Rect, _ctx: &Ctx) {
        self.area = area;
    }

    fn draw(&self, frame: &mut Frame<'_>, ctx: &Ctx) {
        let block = panel(self.route.place().name(), Focus::Here, ctx);
        let inside = block.inner(self.area);
        frame.render_widget(block, self.area);
        frame.render_widget(Span::styled(" to come", ctx.theme.dim), inside);
    }

    fn status(&self, _ctx: &Ctx) -> Status {
        Status::default()
    }

    fn hints(&self) -> &'static [Action] {
        &[Action::Back]
    }
}
