//! A query while it is being written: what stands at the cursor, and how a value is written so that it is read back.

use std::ops::Range;

/// What is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// A word, or the beginning of what stands before a colon.
    Name(String),
    /// What stands after a colon, or after a comma behind it.
    Value {
        /// What stands before the colon.
        name: String,
        /// The value so far, without its quotes.
        text: String,
    },
}

/// What is being written at a place in a query, and where it stands, in characters from 0.
///
/// Nothing stands inside the braces of an event: what they hold is about the event's own body.
pub fn written_at(query: &str, cursor: usize) -> Option<(Written, Range<usize>)> {
    let mut pen = Pen::default();
    for (at, letter) in query.chars().take(cursor).enumerate() {
        pen.read(at, letter);
    }
    let ends = |letter: &char| letter.is_whitespace() || matches!(letter, '(' | ')' | '{' | '}');
    let rest = query.chars().skip(cursor);
    let end = if pen.in_quotes {
        cursor + rest.take_while(|letter| *letter != '"').count()
    } else {
        let is_inside = |letter: &char| !ends(letter) && *letter != ',';
        cursor + rest.take_while(is_inside).count()
    };
    if pen.depth > 0 {
        return None;
    }
    let start = pen.start.unwrap_or(cursor);
    let written = match pen.name {
        Some(name) => Written::Value {
            name,
            text: pen.text,
        },
        None => Written::Name(pen.text),
    };
    Some((written, start..end))
}

/// What was read of a query from its beginning to a place.
#[derive(Default)]
struct Pen {
    in_quotes: bool,
    is_escaped: bool,
    depth: usize,
    /// What stands before the colon of the term in hand.
    name: Option<String>,
    /// The part in hand, and where it starts.
    text: String,
    start: Option<usize>,
}

impl Pen {
    fn read(&mut self, at: usize, letter: char) {
        match letter {
            _ if self.is_escaped => self.push(at, letter, true),
            '\\' => {
                self.start.get_or_insert(at);
                self.is_escaped = true;
                return;
            }
            '"' => {
                self.start.get_or_insert(at);
                self.in_quotes = !self.in_quotes;
            }
            _ if self.in_quotes => self.push(at, letter, true),
            '{' => self.end(1),
            '}' => self.end(-1),
            letter if letter.is_whitespace() || matches!(letter, '(' | ')') => self.end(0),
            ':' if self.name.is_none() => {
                self.name = Some(std::mem::take(&mut self.text));
                self.start = None;
            }
            ',' if self.name.is_some() => {
                self.text.clear();
                self.start = None;
            }
            _ => self.push(at, letter, false),
        }
        self.is_escaped = false;
    }

    fn push(&mut self, at: usize, letter: char, is_quoted: bool) {
        let begins = self.start.is_none() && self.name.is_none();
        if begins && letter == '-' && !is_quoted {
            return;
        }
        self.start.get_or_insert(at);
        self.text.push(letter);
    }

    fn end(&mut self, step: isize) {
        self.depth = self.depth.saturating_add_signed(step);
        self.name = None;
        self.text.clear();
        self.start = None;
    }
}

/// A value as a query has to hold it: in quotes where it would be read as something else.
pub fn quoted(value: &str) -> String {
    let is_plain =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '@' | '+' | '/');
    let is_harmless = value.starts_with(char::is_alphanumeric)
        && value
            .chars()
            .all(|letter| is_plain(letter) || letter == '-' || letter == ':')
        && !value.contains("..");
    if is_harmless {
        return value.to_owned();
    }
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Moment;
    use crate::query::{Context, Expr, Test, Wanted, ast::Values, parse};

    #[test]
    fn what_stands_at_the_cursor() {
        let name = |text: &str| Written::Name(text.into());
        let value = |name: &str, text: &str| Written::Value {
            name: name.into(),
            text: text.into(),
        };
        let check = |query: &str, expected: Option<(Written, Range<usize>)>| {
            let cursor = query
                .find('|')
                .map(|at| query.get(..at).unwrap_or("").chars().count());
            let written = written_at(&query.replace('|', ""), cursor.unwrap_or(0));
            assert_eq!(written, expected, "{query}");
        };
        check("|", Some((name(""), 0..0)));
        check("ma|", Some((name("ma"), 0..2)));
        check("a lo|yalty", Some((name("lo"), 2..9)));
        check("-ti|", Some((name("ti"), 1..3)));
        check("tier:|", Some((value("tier", ""), 5..5)));
        check("tier:go|", Some((value("tier", "go"), 5..7)));
        check("tier:gold,si|", Some((value("tier", "si"), 10..12)));
        check(
            "-(city:\"new y|ork\")",
            Some((value("city", "new y"), 7..16)),
        );
        check("Email:a:b|", Some((value("Email", "a:b"), 6..9)));
        check("event:purchase{to|", None);
        check("event:purchase{total:>5} ti|", Some((name("ti"), 25..27)));
        check("岡 é:x|", Some((value("é", "x"), 4..5)));
    }

    #[test]
    fn a_quoted_value_is_read_back() {
        for value in [
            "gold",
            "new york",
            "a\"b\\c",
            "1..2",
            "*",
            ">5",
            "a,b",
            "-x",
            "岡部",
            "",
            "(a)",
            "ana@example.com",
        ] {
            let query = format!("tier:{}", quoted(value));
            let context = Context {
                namespaces: &[],
                now: Moment(0),
            };
            let parsed = parse(&query, &context);
            if value.is_empty() {
                continue;
            }
            let Ok(Expr::Term(term)) = parsed.map(|query| query.expr) else {
                panic!("{query} is no term");
            };
            let Test::Attribute {
                values: Values::OneOf(all),
                ..
            } = term.test
            else {
                panic!("{query} asks for no attribute");
            };
            let [Wanted::Like(pattern)] = all.as_slice() else {
                panic!("{query} asks for {all:?}");
            };
            assert_eq!(pattern.literal(), Some(value), "{query}");
        }
    }
}
