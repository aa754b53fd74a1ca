//! Why two identities are one person, or why they are not.

use serde::Serialize;

use super::graph::LinkView;
use super::look::count;
use super::{Look, Page};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::place;
use crate::model::{GraphLink, Hop, WhyAnswer};

/// The answer as programs read it.
#[derive(Serialize)]
#[serde(untagged)]
pub enum WhyView<'a> {
    /// They are linked.
    Linked {
        /// Always true.
        linked: bool,
        /// The links between them.
        path: &'a [Hop],
    },
    /// They are not.
    Apart {
        /// Always false.
        linked: bool,
        /// One sentence.
        reason: &'a str,
        /// The removed links that would join them.
        removed: Vec<LinkView<'a>>,
    },
    /// The links of one identity.
    Links {
        /// Each with the record that made it.
        links: &'a [Hop],
    },
}

impl<'a> WhyView<'a> {
    /// The view of an answer.
    pub fn of(answer: &'a WhyAnswer) -> WhyView<'a> {
        match answer {
            WhyAnswer::Linked { path } => WhyView::Linked { linked: true, path },
            WhyAnswer::Apart { reason, removed } => WhyView::Apart {
                linked: false,
                reason,
                removed: removed.iter().map(LinkView::of).collect(),
            },
            WhyAnswer::Links { links } => WhyView::Links { links },
        }
    }
}

/// The answer as people read it.
pub fn text(answer: &WhyAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    match answer {
        WhyAnswer::Linked { path } if path.is_empty() => {
            page.line(Role::Strong, "the same identity");
        }
        WhyAnswer::Linked { path } => {
            let links = count(path.len() as u64, "link");
            page.line(Role::Strong, &format!("one person, by {links}"));
            hops(&mut page, path);
        }
        WhyAnswer::Apart { reason, removed } => {
            page.line(
                Role::Strong,
                &format!("not one person: {}", printable(reason)),
            );
            for link in removed {
                apart(&mut page, link);
            }
        }
        WhyAnswer::Links { links } if links.is_empty() => page.line(Role::Strong, "no links"),
        WhyAnswer::Links { links } => {
            page.line(Role::Strong, &count(links.len() as u64, "link"));
            hops(&mut page, links);
        }
    }
    page.finish()
}

fn hops(page: &mut Page<'_>, hops: &[Hop]) {
    let look = page.look();
    for hop in hops {
        page.gap();
        page.line(
            Role::Plain,
            &format!("{} — {}", look.identity(&hop.a), look.identity(&hop.b)),
        );
        let place = place(hop.batch, &hop.file, hop.line);
        page.line(
            Role::Faint,
            &format!(
                "  first seen in {}, {place}, {}",
                printable(&hop.dataset),
                look.time(hop.at)
            ),
        );
    }
}

fn apart(page: &mut Page<'_>, link: &GraphLink) {
    let look = page.look();
    page.gap();
    page.line(
        Role::Plain,
        &format!("{} ┄ {}", look.identity(&link.a), look.identity(&link.b)),
    );
    if let Some(end) = &link.removed {
        let by = match &end.by {
            Some((dataset, batch, row)) => {
                format!(", by {}, {}", printable(dataset), place(*batch, "", *row))
            }
            None => String::new(),
        };
        page.line(
            Role::Faint,
            &format!(
                "  removed {}{by}: {}",
                look.time(end.at),
                printable(&end.reason.to_string())
            ),
        );
    }
    for source in &link.sources {
        let place = place(source.batch, &source.file, source.line);
        page.line(
            Role::Faint,
            &format!(
                "  seen in {}, {place}, {}",
                printable(&source.dataset),
                look.time(source.at)
            ),
        );
    }
}
