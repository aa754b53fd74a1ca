//! The query in the box as it is understood: its terms, the words to mark, and where it is wrong.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::model::{Moment, Vocabulary};
use crate::query::ast::Word;
use crate::query::{Context, Expr, Query, parse};
use crate::tui::message::Ctx;
use crate::tui::text::{cells, fit};

use super::highlight;

/// A query as it is understood, or what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    query: Option<Query>,
    wrong: Option<(String, usize)>,
    words: Vec<Word>,
}

impl Reading {
    /// Reads the text of the box.
    pub fn of(text: &str, vocabulary: &Vocabulary, now: Moment) -> Reading {
        let namespaces: Vec<&str> = vocabulary.namespaces.iter().map(String::as_str).collect();
        let context = Context {
            namespaces: &namespaces,
            now,
        };
        match parse(text, &context) {
            Ok(query) => Reading {
                words: highlight::needles(&query.expr),
                query: Some(query),
                wrong: None,
            },
            Err(error) => Reading {
                wrong: Some((error.message, error.column)),
                ..Reading::default()
            },
        }
    }

    /// What is wrong, and the column from 1.
    pub fn wrong(&self) -> Option<&(String, usize)> {
        self.wrong.as_ref()
    }

    /// The words to mark in what is shown.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Whether the query has this term.
    pub fn has(&self, term: &str) -> bool {
        let mut chips = self.query.iter().flat_map(Query::chip_texts);
        chips.any(|chip| chip == term)
    }

    /// The query with this term where it lacks it, and without it where it has it.
    pub fn turned(&self, term: &str) -> Option<String> {
        let query = self.query.as_ref()?;
        if self.has(term) {
            let others = query.chip_texts().filter(|chip| *chip != term);
            return Some(others.collect::<Vec<_>>().join(" "));
        }
        let text = query.text.trim();
        Some(match &query.expr {
            _ if text.is_empty() => term.to_owned(),
            Expr::Any(_) => format!("({text}) {term}"),
            _ => format!("{text} {term}"),
        })
    }

    /// The terms as chips, as many as fit into a width.
    pub fn chips<'a>(&self, width: usize, ctx: &Ctx) -> Line<'a> {
        let mut line = Line::default();
        let mut used = 0;
        for term in self.query.iter().flat_map(Query::chip_texts) {
            let (text, style) = chip(term, ctx);
            let text = fit(&text, 40);
            used += cells(&text) + 1;
            if used > width {
                line.push_span(Span::styled("…", ctx.theme.dim));
                break;
            }
            line.push_span(Span::styled(text, style));
            line.push_span(Span::raw(" "));
        }
        line
    }
}

fn chip(term: &str, ctx: &Ctx) -> (String, Style) {
    let (not, rest) = match term.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => ("not ", rest),
        _ => ("", term),
    };
    let [open, close] = ctx.icons.chip;
    match rest.split_once(':') {
        Some((path, value)) if !rest.starts_with(['"', '(']) => (
            format!("{open}{not}{path}: {value}{close}"),
            ctx.theme.accent,
        ),
        _ => (format!("{open}{not}{rest}{close}"), ctx.theme.text),
    }
}

/// What is wrong with a query, as the worker says it: the sentence, and the column from 1 where it names one.
pub fn complaint(sentence: &str) -> (String, Option<usize>) {
    let parts = sentence
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" (column "));
    match parts.and_then(|(words, column)| Some((words, column.parse().ok()?))) {
        Some((words, column)) => (words.to_owned(), Some(column)),
        None => (sentence.to_owned(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Reading {
        Reading::of(text, &Vocabulary::default(), Moment(0))
    }

    #[test]
    fn a_term_is_taken_in_and_out() {
        let check = |text: &str, term: &str, expected: &str| {
            let turned = reading(text).turned(term);
            assert_eq!(turned.as_deref(), Some(expected), "{text} {term}");
        };
        check("", "tier:gold", "tier:gold");
        check("ana", "tier:gold", "ana tier:gold");
        check("ana tier:gold ben", "tier:gold", "ana ben");
        check("tier:gold", "tier:gold", "");
        check("-tier:gold", "tier:gold", "-tier:gold tier:gold");
        check("a or b", "tier:gold", "(a or b) tier:gold");
        check("(a or b) tier:gold", "tier:gold", "(a or b)");
        assert_eq!(reading("tier:").turned("x"), None);
    }

    #[test]
    fn the_chips_are_the_outermost_terms() {
        let ctx = crate::tui::testing::ctx();
        let check = |text: &str, width: usize, expected: &str| {
            let line = reading(text).chips(width, &ctx);
            assert_eq!(line.to_string().trim_end(), expected, "{text}");
        };
        check("ana -tier:gold", 80, "⟨ana⟩ ⟨not tier: gold⟩");
        check("(a b) or c", 80, "⟨(a b) or c⟩");
        check("event:x{total:>5}", 80, "⟨event: x{total:>5}⟩");
        check("ana ben clara", 12, "⟨ana⟩ ⟨ben⟩ …");
        check("ana tier:", 80, "");
    }

    #[test]
    fn a_complaint_names_its_column() {
        let expected = ("expected a value after \":\"".to_owned(), 5);
        assert_eq!(reading("tie:").wrong(), Some(&expected));
        assert_eq!(
            complaint("expected a value after \":\" (column 6)"),
            ("expected a value after \":\"".to_owned(), Some(6))
        );
        assert_eq!(complaint("disk full"), ("disk full".to_owned(), None));
    }
}
