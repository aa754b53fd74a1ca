//! A policy as a form: each of its rules in words, and how a key changes it.

use ratatui::text::{Line, Span};

use super::words;
use crate::merge::{METHODS, method};
use crate::model::{Arrays, Clock, Grain, MergePolicy, Stitching};
use crate::tui::action::Action;
use crate::tui::message::Ctx;
use crate::tui::text::{fit, fit_left, wrap};
use crate::tui::widgets::paper::{Entry, blank, plain, wrapped};

/// The column of the names of rules.
const NAMES: usize = 11;

/// A rule of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its name.
    Name,
    /// Which identities a profile is made of.
    Stitching,
    /// How fragments are ranked.
    Method,
    /// How arrays join.
    Arrays,
    /// What a newer update lifts.
    Grain,
    /// Whose time counts.
    Clock,
    /// What an empty text is.
    EmptyTexts,
    /// Whether datasets merge without stitching.
    Apart,
    /// A dataset, in the order or left out of it.
    Dataset(String),
}

/// A policy that is being looked at or changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    policy: MergePolicy,
    /// The datasets in order; kept while the method takes none.
    order: Vec<String>,
    others: Vec<String>,
}

impl Form {
    /// The form of a policy, in a store of these datasets.
    pub fn new(policy: &MergePolicy, datasets: &[String]) -> Form {
        let others = datasets.iter().filter(|name| !policy.order.contains(name));
        Form {
            order: policy.order.clone(),
            others: others.cloned().collect(),
            policy: policy.clone(),
        }
    }

    /// The policy that the form says.
    pub fn policy(&self) -> MergePolicy {
        MergePolicy {
            order: if self.takes_order() {
                self.order.clone()
            } else {
                Vec::new()
            },
            ..self.policy.clone()
        }
    }

    /// Gives the policy a name.
    pub fn rename(&mut self, name: &str) {
        name.trim().clone_into(&mut self.policy.name);
    }

    /// Changes a rule to its next or previous state; a dataset goes in or out.
    pub fn turn(&mut self, part: &Part, action: Action) {
        let options = &mut self.policy.options;
        match part {
            Part::Name => {}
            Part::Stitching => {
                let all = [Stitching::Pdg, Stitching::None];
                self.policy.stitching = next(&all, &self.policy.stitching, action);
            }
            Part::Method => self.turn_method(action),
            Part::Arrays => {
                let all = [Arrays::Union, Arrays::Replace, Arrays::Concat];
                options.arrays = next(&all, &options.arrays, action);
            }
            Part::Grain => {
                options.grain = next(&[Grain::Fragment, Grain::Field], &options.grain, action);
            }
            Part::Clock => {
                options.clock = next(&[Clock::System, Clock::Customer], &options.clock, action);
            }
            Part::EmptyTexts => options.empty_as_null = !options.empty_as_null,
            Part::Apart => options.strict_none = !options.strict_none,
            Part::Dataset(name) => self.turn_dataset(name),
        }
    }

    /// Moves a dataset of the order one place; whether it could.
    pub fn shift(&mut self, name: &str, action: Action) -> bool {
        let Some(place) = self.order.iter().position(|other| other == name) else {
            return false;
        };
        let to = match action {
            Action::MoveEarlier => place.checked_sub(1),
            _ => Some(place + 1).filter(|to| *to < self.order.len()),
        };
        if let Some(to) = to {
            self.order.swap(place, to);
        }
        to.is_some()
    }

    /// The form's lines; each rule with what it means.
    pub fn lines(&self, width: usize, ctx: &Ctx) -> Vec<Entry<Part>> {
        let mut lines = Vec::new();
        for (part, name, value, meaning) in self.rules() {
            let line = Line::from(vec![
                Span::styled(fit_left(name, NAMES), ctx.theme.dim),
                Span::styled(
                    format!(" {}", fit(&value, width.saturating_sub(NAMES + 1))),
                    ctx.theme.accent,
                ),
            ]);
            lines.push((Some(part), line));
            if !meaning.is_empty() {
                lines.extend(wrapped(meaning, NAMES + 1, (width, 3), ctx.theme.dim));
            }
        }
        lines.push(blank());
        lines.extend(self.datasets(width, ctx));
        lines
    }

    fn takes_order(&self) -> bool {
        method(&self.policy.method).is_some_and(crate::merge::Method::takes_order)
    }

    fn turn_method(&mut self, action: Action) {
        let names = METHODS.map(crate::merge::Method::name);
        let here = names.iter().find(|name| **name == self.policy.method);
        let here = here.copied().unwrap_or_default();
        next(&names, &here, action).clone_into(&mut self.policy.method);
        if self.takes_order() && self.order.is_empty() {
            self.order = std::mem::take(&mut self.others);
        }
    }

    fn turn_dataset(&mut self, name: &str) {
        let is_it = |other: &String| other == name;
        match self.order.iter().position(is_it) {
            Some(place) => {
                let name = self.order.remove(place);
                self.others.push(name);
            }
            None => {
                self.others.retain(|other| other != name);
                self.order.push(name.to_owned());
            }
        }
    }

    /// Of each rule its name, its value and what that means.
    fn rules(&self) -> [(Part, &'static str, String, &'static str); 8] {
        let policy = &self.policy;
        let options = policy.options;
        let summary = method(&policy.method).map_or(
            "No method of this name is known.",
            crate::merge::Method::summary,
        );
        let said = |part, name, (value, meaning): words::Words| (part, name, value.into(), meaning);
        [
            (Part::Name, "name", policy.name.clone(), ""),
            said(
                Part::Stitching,
                "stitching",
                words::stitching(policy.stitching),
            ),
            (Part::Method, "method", policy.method.clone(), summary),
            said(Part::Arrays, "arrays", words::arrays(options.arrays)),
            said(Part::Grain, "grain", words::grain(options.grain)),
            said(Part::Clock, "clock", words::clock(options.clock)),
            said(Part::EmptyTexts, "empty text", words::empty_texts(options)),
            said(Part::Apart, "datasets", words::apart(options)),
        ]
    }

    fn datasets(&self, width: usize, ctx: &Ctx) -> Vec<Entry<Part>> {
        if !self.takes_order() {
            let words = "This method takes no order of datasets; all of them count.";
            return wrapped(words, 0, (width, 2), ctx.theme.dim);
        }
        let mut lines = vec![plain("order of datasets", width, ctx.theme.title)];
        for (place, name) in self.order.iter().enumerate() {
            let words = format!("{:>3}  {name}", place + 1);
            let line = Line::styled(fit(&words, width), ctx.theme.text);
            lines.push((Some(Part::Dataset(name.clone())), line));
        }
        for name in &self.others {
            let words = format!("  {}  {name}   left out", ctx.icons.dot);
            let line = Line::styled(fit(&words, width), ctx.theme.faint);
            lines.push((Some(Part::Dataset(name.clone())), line));
        }
        if self.order.is_empty() {
            let words = "an order needs one dataset at least";
            lines.extend(
                wrap(words, width, 2)
                    .iter()
                    .map(|line| plain(line, width, ctx.theme.bad)),
            );
        }
        lines
    }
}

/// The state after or before one of several.
fn next<T: Clone + PartialEq>(all: &[T], here: &T, action: Action) -> T {
    let place = all.iter().position(|one| one == here).unwrap_or(0);
    let step = match action {
        Action::Out => all.len().saturating_sub(1),
        _ => 1,
    };
    let to = (place + step) % all.len().max(1);
    all.get(to).unwrap_or(here).clone()
}

/// An id for a new policy: its name in plain letters, and a number where that is taken.
pub fn fresh_id(name: &str, policies: &[MergePolicy]) -> String {
    let letters = name.to_lowercase();
    let plain: String = letters
        .chars()
        .map(|letter| {
            if letter.is_ascii_alphanumeric() {
                letter
            } else {
                '-'
            }
        })
        .collect();
    let plain = match plain.trim_matches('-') {
        "" => "policy",
        plain => plain,
    };
    let is_free = |id: &String| policies.iter().all(|policy| policy.id != *id);
    let numbered = (2..).map(|number| format!("{plain}-{number}"));
    std::iter::once(plain.to_owned())
        .chain(numbered)
        .find(is_free)
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::screens::canned::policies;

    fn form(at: usize) -> Form {
        let datasets = ["crm", "loyalty", "pos", "web_events"].map(String::from);
        Form::new(&policies()[at], &datasets)
    }

    #[test]
    fn a_rule_turns_both_ways() {
        let mut form = form(0);
        form.turn(&Part::Arrays, Action::In);
        assert_eq!(form.policy().options.arrays, Arrays::Replace);
        form.turn(&Part::Arrays, Action::Out);
        form.turn(&Part::Arrays, Action::Out);
        assert_eq!(form.policy().options.arrays, Arrays::Concat);
        form.turn(&Part::Apart, Action::In);
        assert!(form.policy().options.strict_none);
    }

    #[test]
    fn an_order_begins_with_all_datasets_and_goes_with_its_method() {
        let mut form = form(0);
        form.turn(&Part::Method, Action::In);
        assert_eq!(form.policy().order, ["crm", "loyalty", "pos", "web_events"]);
        form.turn(&Part::Method, Action::In);
        assert_eq!(form.policy().order, [""; 0]);
    }

    #[test]
    fn datasets_move_and_go_in_and_out() {
        let mut form = form(1);
        assert!(form.shift("loyalty", Action::MoveEarlier));
        assert!(!form.shift("loyalty", Action::MoveEarlier));
        assert!(!form.shift("pos", Action::MoveLater));
        form.turn(&Part::Dataset("pos".into()), Action::Select);
        form.turn(&Part::Dataset("crm".into()), Action::Select);
        assert_eq!(form.policy().order, ["loyalty", "web_events", "pos"]);
    }

    #[test]
    fn a_new_policy_has_an_id_of_its_own() {
        let check = |name: &str, expected: &str| {
            assert_eq!(fresh_id(name, &policies()), expected, "{name}");
        };
        check("Web first", "web-first");
        check("CRM first", "crm-first-2");
        check("岡部", "policy");
    }
}
