//! What forgetting a person takes away.

use serde::Serialize;

use super::look::{count, number};
use super::{Look, Page};
use crate::cli::style::Role;
use crate::model::display::printable;
use crate::model::{ForgetAnswer, Forgetting};
use crate::store::Swept;

/// What goes or went, as programs read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ForgetView<'a> {
    forgotten: bool,
    #[serde(flatten)]
    answer: &'a ForgetAnswer,
    #[serde(flatten)]
    forgetting: Option<&'a Forgetting>,
    #[serde(skip_serializing_if = "Option::is_none")]
    swept: Option<bool>,
}

impl<'a> ForgetView<'a> {
    /// What would go.
    pub fn planned(answer: &'a ForgetAnswer) -> ForgetView<'a> {
        ForgetView {
            forgotten: false,
            answer,
            forgetting: None,
            swept: None,
        }
    }

    /// What went.
    pub fn done(
        answer: &'a ForgetAnswer,
        forgetting: &'a Forgetting,
        swept: Swept,
    ) -> ForgetView<'a> {
        ForgetView {
            forgotten: true,
            answer,
            forgetting: Some(forgetting),
            swept: Some(swept == Swept::Wholly),
        }
    }
}

/// What would go, as people read it.
pub fn listing(answer: &ForgetAnswer, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(Role::Strong, "what goes");
    held(&mut page, answer, look);
    page.finish()
}

/// What went, as people read it.
pub fn done(answer: &ForgetAnswer, forgetting: &Forgetting, look: &Look) -> String {
    let mut page = Page::new(look);
    page.line(Role::Strong, "forgotten");
    held(&mut page, answer, look);
    if forgetting.mended_rows > 0 {
        let rows = count(forgetting.mended_rows, "row");
        page.field("Others", &format!("{rows} no longer name the person"));
    }
    page.finish()
}

fn held(page: &mut Page<'_>, answer: &ForgetAnswer, look: &Look) {
    let names: Vec<_> = answer
        .identities
        .iter()
        .map(|identity| look.identity(identity))
        .collect();
    page.field("Identities", &names.join(", "));
    let versions = count(answer.versions, "version");
    page.field(
        "Records",
        &format!("{} with {versions}", count(answer.fragments, "fragment")),
    );
    for of in &answer.events {
        let events = count(of.events, "event");
        page.field("Events", &format!("{events} of {}", printable(&of.dataset)));
    }
    page.field(
        "Links",
        &format!(
            "{}, and {} removed ones",
            number(answer.links),
            number(answer.removed_links)
        ),
    );
    for of in &answer.rejects {
        let rows = count(of.rows, "rejected row");
        page.field("Rejects", &format!("{rows} in {}", printable(&of.path)));
    }
    for place in &answer.remains {
        page.field("Not reached", place);
    }
}
