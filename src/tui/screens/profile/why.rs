//! Why a value is what it is: the rule, the winner, every value that lost, and what stood there before.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use serde_json::Value;

use crate::model::value::agree;
use crate::model::{Candidate, Leaf, Origin, Rule, SourceFiles, Superseded};
use crate::tui::message::Ctx;
use crate::tui::privacy::Mask;
use crate::tui::text::{age, brief, count, fit, fit_left, record, second, wrap};

/// Candidates and earlier versions that are listed; of the rest only the number is said.
const MOST: usize = 200;

/// Lines of one value.
const VALUE_LINES: usize = 4;

/// Which of the values of a leaf a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The one that won.
    Winner,
    /// The candidate at this place.
    Candidate(usize),
    /// The earlier version at this place.
    Earlier(usize),
}

impl Said {
    /// The value itself.
    pub fn value(self, leaf: &Leaf) -> Option<&Value> {
        match self {
            Said::Winner => Some(&leaf.value),
            Said::Candidate(at) => leaf.candidates.get(at).map(|other| &other.value),
            Said::Earlier(at) => leaf.superseded.get(at).map(|past| &past.value),
        }
    }
}

/// A line of the reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What it says.
    pub line: Line<'static>,
    /// Which value it is about.
    pub said: Said,
}

/// The lines for a leaf, in a width.
pub fn reasons(leaf: &Leaf, files: &SourceFiles, width: usize, ctx: &Ctx) -> Vec<Reason> {
    let mut why = Why {
        reasons: Vec::new(),
        said: Said::Winner,
        width,
        is_hidden: ctx.mask.hides(&leaf.path, &leaf.value),
        files,
        ctx,
    };
    why.text(&leaf.path.to_string(), ctx.theme.title);
    why.value(&leaf.value, ctx.theme.text);
    why.blank();
    why.rule(leaf);
    why.candidates(leaf);
    why.superseded(leaf);
    why.reasons
}

struct Why<'a> {
    reasons: Vec<Reason>,
    said: Said,
    width: usize,
    is_hidden: bool,
    files: &'a SourceFiles,
    ctx: &'a Ctx,
}

impl Why<'_> {
    fn rule(&mut self, leaf: &Leaf) {
        let theme = &self.ctx.theme;
        self.push(Line::from(vec![
            Span::styled("why  ", theme.title),
            Span::styled(leaf.rule.name(), theme.accent),
        ]));
        self.text(sentence(leaf.rule), theme.dim);
        if leaf.same_import {
            let words = "the times that decided lie inside one import: as weak as a tie";
            self.text(&format!("{} {words}", self.ctx.icons.tie), theme.conflict);
        } else if leaf.tie && leaf.rule != Rule::Tie {
            self.text(
                &format!("{} a tie with the next candidate", self.ctx.icons.tie),
                theme.conflict,
            );
        }
        self.blank();
    }

    fn candidates(&mut self, leaf: &Leaf) {
        let icons = self.ctx.icons;
        let theme = self.ctx.theme.clone();
        let is_joined = matches!(leaf.rule, Rule::Union | Rule::Concat);
        let winner = if is_joined { "+" } else { icons.winner };
        self.candidate(winner, &leaf.value, &leaf.winner, theme.good);
        for (at, other) in leaf.candidates.iter().enumerate().take(MOST) {
            let Candidate { value, origin } = other;
            self.said = Said::Candidate(at);
            let (sign, style) = match (is_joined, agree(value, &leaf.value)) {
                (true, _) => ("+", theme.text),
                (false, true) => ("=", theme.dim),
                (false, false) => (icons.conflict, theme.conflict),
            };
            self.candidate(sign, value, origin, style);
        }
        self.more(leaf.candidates.len());
    }

    fn candidate(&mut self, sign: &str, value: &Value, origin: &Origin, style: Style) {
        let theme = &self.ctx.theme;
        let dataset = fit_left(&origin.dataset, 12.min(self.width / 3));
        let value = fit(&self.shown(value), self.width.saturating_sub(17).max(8));
        self.push(Line::from(vec![
            Span::styled(format!("{sign} "), style),
            Span::styled(format!("{dataset} "), theme.text),
            Span::styled(value, style),
        ]));
        self.origin(origin);
    }

    /// Where a value came from: whose record, in which batch and line, and when.
    fn origin(&mut self, origin: &Origin) {
        let identity = self.ctx.mask.identity(&origin.identity, &self.ctx.icons);
        self.indented(&identity);
        let dot = self.ctx.icons.dot;
        let file = self.files.name(origin.batch, origin.line);
        self.indented(&record(origin.batch, file, origin.line, dot));
        let ingested = second(origin.ingested_at);
        self.indented(&format!(
            "ingested {ingested} {dot} {}",
            age(origin.ingested_at, self.ctx.now)
        ));
        if let Some(time) = origin.customer_time {
            self.indented(&format!("its own time {}", second(time)));
        }
    }

    fn superseded(&mut self, leaf: &Leaf) {
        if leaf.superseded.is_empty() {
            return;
        }
        let theme = self.ctx.theme.clone();
        self.blank();
        self.text("earlier versions, newest first", theme.title);
        for (at, past) in leaf.superseded.iter().enumerate().take(MOST) {
            self.said = Said::Earlier(at);
            let Superseded {
                value,
                origin,
                taken_over,
            } = past;
            self.candidate(self.ctx.icons.dot, value, origin, theme.dim);
            if *taken_over {
                let words = "taken over: the record that replaced it carries other identities; it may be another person's";
                self.text(&format!("{} {words}", self.ctx.icons.warning), theme.alarm);
            }
        }
        self.more(leaf.superseded.len());
    }

    fn more(&mut self, number: usize) {
        if number > MOST {
            let words = format!("… and {} more", count((number - MOST) as u64));
            self.text(&words, self.ctx.theme.dim);
        }
    }

    fn value(&mut self, value: &Value, style: Style) {
        let shown = self.shown(value);
        for line in wrap(&shown, self.width, VALUE_LINES) {
            self.push(Line::styled(line, style));
        }
    }

    fn text(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.width, VALUE_LINES) {
            self.push(Line::styled(line, style));
        }
    }

    fn indented(&mut self, text: &str) {
        let text = fit(text, self.width.saturating_sub(4));
        self.push(Line::styled(format!("    {text}"), self.ctx.theme.dim));
    }

    fn blank(&mut self) {
        self.push(Line::default());
    }

    fn push(&mut self, line: Line<'static>) {
        self.reasons.push(Reason {
            line,
            said: self.said,
        });
    }

    fn shown(&self, value: &Value) -> String {
        if self.is_hidden && self.ctx.mask == Mask::On {
            return self.ctx.icons.masked.to_owned();
        }
        brief(value, self.width * VALUE_LINES)
    }
}

/// What a rule means.
fn sentence(rule: Rule) -> &'static str {
    match rule {
        Rule::OnlyCandidate => "no other fragment says anything",
        Rule::NewestFragment => "its fragment is the newest that says anything",
        Rule::DatasetOrder => "its dataset stands before the others in the policy",
        Rule::NewestValue => "this value itself changed last, whatever else its record says",
        Rule::Tie => "nothing but the stable order parts it from the next candidate",
        Rule::Union => "the arrays of several fragments, joined without duplicates",
        Rule::Concat => "the arrays of several fragments, joined whole",
    }
}
