//! A query cut into brackets, signs and texts, each with its place.

use std::ops::Range;

use crate::model::QueryError;

/// A character of a text; one that was quoted or escaped stands for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Glyph {
    pub letter: char,
    pub is_quoted: bool,
    /// Its place in the query, in characters from 0.
    pub at: usize,
}

impl Glyph {
    /// Whether it is this sign of the language.
    pub fn is(self, sign: char) -> bool {
        self.letter == sign && !self.is_quoted
    }
}

/// A piece of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: TokenKind,
    /// Its place in the query, in characters from 0.
    pub span: Range<usize>,
}

/// What a piece is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Open,
    Close,
    OpenBrace,
    CloseBrace,
    Minus,
    Or,
    Text(Vec<Glyph>),
    /// A text that is quoted from its first letter to its last.
    Quoted(Vec<Glyph>),
}

/// Cuts a query into its pieces; the only mistake it knows is a quote that is never closed.
pub(super) fn lex(text: &str) -> Result<Vec<Token>, QueryError> {
    let mut lexer = Lexer {
        letters: text.chars().collect(),
        at: 0,
    };
    let mut tokens = Vec::new();
    while let Some(token) = lexer.token()? {
        tokens.push(token);
    }
    Ok(tokens)
}

/// An error at a place in characters from 0.
pub(super) fn error(at: usize, message: impl Into<String>) -> QueryError {
    QueryError {
        message: message.into(),
        column: at + 1,
    }
}

struct Lexer {
    letters: Vec<char>,
    at: usize,
}

impl Lexer {
    fn token(&mut self) -> Result<Option<Token>, QueryError> {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let Some(letter) = self.peek(0) else {
            return Ok(None);
        };
        let start = self.at;
        let kind = match letter {
            '(' => TokenKind::Open,
            ')' => TokenKind::Close,
            '{' => TokenKind::OpenBrace,
            '}' => TokenKind::CloseBrace,
            '-' if self.peek(1).is_some_and(|next| !ends_text(next)) => TokenKind::Minus,
            '-' if self.peek(1) == Some('(') => TokenKind::Minus,
            _ => return self.text().map(Some),
        };
        self.at += 1;
        Ok(Some(Token {
            kind,
            span: start..self.at,
        }))
    }

    fn text(&mut self) -> Result<Token, QueryError> {
        let start = self.at;
        let mut glyphs = Vec::new();
        while let Some(letter) = self.peek(0).filter(|letter| !ends_text(*letter)) {
            match letter {
                '"' => self.quoted(&mut glyphs)?,
                '\\' if self.peek(1).is_some() => {
                    self.at += 1;
                    self.take(&mut glyphs, true_to_the_letter);
                }
                _ => self.take(&mut glyphs, |letter, at| Glyph {
                    letter,
                    is_quoted: false,
                    at,
                }),
            }
        }
        let span = start..self.at;
        let is_or = matches!(
            self.letters.get(span.clone()),
            Some(['o', 'r'] | ['O', 'R'])
        );
        let kind = if is_or {
            TokenKind::Or
        } else if self.letters.get(start) == Some(&'"') && glyphs.iter().all(|g| g.is_quoted) {
            TokenKind::Quoted(glyphs)
        } else {
            TokenKind::Text(glyphs)
        };
        Ok(Token { kind, span })
    }

    fn quoted(&mut self, glyphs: &mut Vec<Glyph>) -> Result<(), QueryError> {
        let open = self.at;
        self.at += 1;
        loop {
            match self.peek(0) {
                None => return Err(error(open, "expected a closing quote for this one")),
                Some('"') => break,
                Some('\\') if matches!(self.peek(1), Some('"' | '\\')) => self.at += 1,
                Some(_) => {}
            }
            self.take(glyphs, true_to_the_letter);
        }
        self.at += 1;
        Ok(())
    }

    fn take(&mut self, glyphs: &mut Vec<Glyph>, glyph: fn(char, usize) -> Glyph) {
        if let Some(letter) = self.peek(0) {
            glyphs.push(glyph(letter, self.at));
        }
        self.at += 1;
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }
}

fn true_to_the_letter(letter: char, at: usize) -> Glyph {
    Glyph {
        letter,
        is_quoted: true,
        at,
    }
}

fn ends_text(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '(' | ')' | '{' | '}')
}
