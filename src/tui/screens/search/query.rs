//! The query as the box explains it: its terms as chips, its words for highlighting, and where it is wrong.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_normalization::UnicodeNormalization;

use crate::tui::message::Ctx;
use crate::tui::text::fit;

/// The terms of a query: parted by blanks, but not inside quotes and brackets.
pub fn terms(query: &str) -> Vec<String> {
    let mut terms = vec![String::new()];
    let (mut in_quotes, mut depth) = (false, 0_usize);
    for letter in query.chars() {
        match letter {
            '"' => in_quotes = !in_quotes,
            '{' | '(' if !in_quotes => depth += 1,
            '}' | ')' if !in_quotes => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter.is_whitespace() && !in_quotes && depth == 0 {
            terms.push(String::new());
        } else if let Some(last) = terms.last_mut() {
            last.push(letter);
        }
    }
    terms.retain(|term| !term.is_empty());
    terms
}

/// The terms as chips, as many as fit into a width.
pub fn chips<'a>(query: &str, width: usize, ctx: &Ctx) -> Line<'a> {
    let mut line = Line::default();
    let mut used = 0;
    for term in terms(query) {
        let (text, style) = chip(&term, ctx);
        let text = fit(&text, 40);
        used += crate::tui::text::cells(&text) + 1;
        if used > width {
            line.push_span(Span::styled("…", ctx.theme.dim));
            break;
        }
        line.push_span(Span::styled(text, style));
        line.push_span(Span::raw(" "));
    }
    line
}

fn chip(term: &str, ctx: &Ctx) -> (String, Style) {
    let (not, rest) = match term.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => ("not ", rest),
        _ => ("", term),
    };
    match rest.split_once(':') {
        _ if rest.eq_ignore_ascii_case("or") => ("or".into(), ctx.theme.dim),
        Some((path, value)) if !rest.starts_with(['"', '(']) => {
            (format!("⟨{not}{path}: {value}⟩"), ctx.theme.accent)
        }
        _ => (format!("⟨{not}{rest}⟩"), ctx.theme.text),
    }
}

/// The words of a query that names, addresses and values can be marked with.
pub fn words(query: &str) -> Vec<String> {
    let positive = terms(query)
        .into_iter()
        .filter(|term| !term.starts_with('-'));
    let texts = positive.flat_map(|term| {
        let text = term
            .split_once(':')
            .map_or(term.as_str(), |(_, value)| value)
            .to_owned();
        text.split([',', '"', '(', ')', '*', ' '])
            .map(str::to_owned)
            .collect::<Vec<_>>()
    });
    texts
        .map(|word| {
            word.trim_matches(['\'', '^', '$', '<', '>', '='])
                .to_owned()
        })
        .filter(|word| word.chars().count() > 1 || !word.is_ascii())
        .collect()
}

/// The line with every occurrence of a word in a style of its own, without regard to case and accents.
pub fn highlighted<'a>(line: Line<'a>, words: &[String], style: Style) -> Line<'a> {
    if words.is_empty() {
        return line;
    }
    let words: Vec<Vec<char>> = words
        .iter()
        .map(|word| word.chars().map(folded).collect())
        .collect();
    let spans = line
        .spans
        .into_iter()
        .flat_map(|span| mark(&span, &words, style));
    Line::from(spans.collect::<Vec<_>>())
}

fn mark<'a>(span: &Span<'a>, words: &[Vec<char>], style: Style) -> Vec<Span<'a>> {
    let letters: Vec<char> = span.content.chars().collect();
    let plain: Vec<char> = letters.iter().copied().map(folded).collect();
    let mut spans = Vec::new();
    let (mut begun, mut at) = (0, 0);
    let mut push = |from: usize, to: usize, style: Style| {
        let text: String = letters.iter().take(to).skip(from).collect();
        if !text.is_empty() {
            spans.push(Span::styled(text, style));
        }
    };
    while at < plain.len() {
        let rest = plain.get(at..).unwrap_or_default();
        let found = words
            .iter()
            .filter(|word| !word.is_empty() && rest.starts_with(word));
        match found.map(Vec::len).max() {
            Some(length) => {
                push(begun, at, span.style);
                push(at, at + length, span.style.patch(style));
                at += length;
                begun = at;
            }
            None => at += 1,
        }
    }
    push(begun, letters.len(), span.style);
    spans
}

/// A letter without its case and its accent.
fn folded(letter: char) -> char {
    let bare = letter.nfd().next().unwrap_or(letter);
    bare.to_lowercase().next().unwrap_or(bare)
}

/// What is wrong with a query: the sentence, and the column from 1 where the sentence names one.
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

    #[test]
    fn a_query_falls_into_its_terms() {
        let check = |query: &str, expected: &[&str]| assert_eq!(terms(query), expected, "{query}");
        check("ana mart", &["ana", "mart"]);
        check(r#"city:"new york" -a:b"#, &[r#"city:"new york""#, "-a:b"]);
        check(
            "event:purchase{since:1 total:>5} x",
            &["event:purchase{since:1 total:>5}", "x"],
        );
        check("  ", &[]);
        check("a) b", &["a)", "b"]);
    }

    #[test]
    fn words_are_marked_whatever_their_case_and_accents() {
        let check = |text: &str, query: &str, expected: &[&str]| {
            let mark = Style::new().bold();
            let line = highlighted(Line::raw(text.to_owned()), &words(query), mark);
            let marked: Vec<_> = line
                .spans
                .iter()
                .filter(|span| span.style == mark)
                .map(|span| span.content.to_string())
                .collect();
            assert_eq!(marked, expected, "{query} in {text}");
            assert_eq!(line.to_string(), text);
        };
        check("José Martínez", "jose ^mart", &["José", "Mart"]);
        check("Lagos", "city:lag*", &["Lag"]);
        check("Lagos", "-city:lagos a", &[]);
        check("aaaa", "aa", &["aa", "aa"]);
        check("", "aa", &[]);
    }

    #[test]
    fn a_complaint_names_its_column() {
        assert_eq!(
            complaint("expected a value after \":\" (column 6)"),
            ("expected a value after \":\"".to_owned(), Some(6))
        );
        assert_eq!(complaint("disk full"), ("disk full".to_owned(), None));
    }
}
