//! The parser: a query becomes what it asks for, or one sentence with the column where it goes wrong.

use std::ops::Range;

use crate::model::{Moment, QueryError};

use super::ast::{Expr, Query, Term, Test};
use super::lexer::{Token, TokenKind, error, lex};
use super::terms;

/// How deep brackets may stand in each other; nobody writes more, and the stack has an end.
const DEEPEST: usize = 64;

/// What a query's words mean beyond the query.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The codes of the store's namespaces.
    pub namespaces: &'a [&'a str],
    /// The moment that ages count from.
    pub now: Moment,
}

/// What the terms of a query are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Profile,
    Event,
}

/// Reads a query about profiles.
pub fn parse(text: &str, context: &Context<'_>) -> Result<Query, QueryError> {
    read(text, context, Scope::Profile)
}

/// Reads a query about single events, as the braces of `event:TYPE{…}` and `events --where` hold it.
pub fn parse_event_filter(text: &str, context: &Context<'_>) -> Result<Query, QueryError> {
    read(text, context, Scope::Event)
}

fn read(text: &str, context: &Context<'_>, scope: Scope) -> Result<Query, QueryError> {
    let mut parser = Parser {
        tokens: lex(text)?.into_iter().peekable(),
        end: text.chars().count(),
        behind: 0,
        chips: Vec::new(),
        context,
        scope,
        depth: 0,
    };
    let expr = match parser.tokens.peek() {
        None => Expr::All(Vec::new()),
        Some(_) => parser.alternatives(After::Nothing)?,
    };
    match parser.tokens.next() {
        None => Ok(Query {
            text: text.to_owned(),
            expr,
            chips: parser.chips,
        }),
        Some(token) => {
            let sign = sign(&token.kind);
            Err(error(
                token.span.start,
                format!("this \"{sign}\" closes nothing"),
            ))
        }
    }
}

struct Parser<'c> {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    /// The length of the query in characters.
    end: usize,
    /// The end of the token that was read last.
    behind: usize,
    /// The terms outside of all brackets.
    chips: Vec<Range<usize>>,
    context: &'c Context<'c>,
    scope: Scope,
    depth: usize,
}

/// What stands before the place where a term is expected.
#[derive(Clone, Copy)]
enum After {
    Nothing,
    Sign(&'static str),
}

impl Parser<'_> {
    fn alternatives(&mut self, after: After) -> Result<Expr, QueryError> {
        let mut parts = vec![self.conjunction(after)?];
        while self.eat(&TokenKind::Or).is_some() {
            parts.push(self.conjunction(After::Sign("or"))?);
        }
        if self.depth == 0 && parts.len() > 1 {
            let start = self.chips.first().map_or(0, |chip| chip.start);
            self.chips.clear();
            self.chips.push(start..self.behind);
        }
        Ok(single(parts, Expr::Any))
    }

    fn conjunction(&mut self, after: After) -> Result<Expr, QueryError> {
        let mut parts = Vec::new();
        while let Some(token) = self.tokens.peek() {
            let start = token.span.start;
            match token.kind {
                TokenKind::Or | TokenKind::Close | TokenKind::CloseBrace => break,
                _ => parts.push(self.unary()?),
            }
            if self.depth == 0 {
                self.chips.push(start..self.behind);
            }
        }
        if parts.is_empty() {
            return Err(self.missing(after));
        }
        Ok(single(parts, Expr::All))
    }

    fn unary(&mut self) -> Result<Expr, QueryError> {
        let mut is_negated = false;
        while self.eat(&TokenKind::Minus).is_some() {
            is_negated = !is_negated;
        }
        let inner = self.primary()?;
        Ok(if is_negated {
            Expr::Not(Box::new(inner))
        } else {
            inner
        })
    }

    fn primary(&mut self) -> Result<Expr, QueryError> {
        let Some(token) = self.take_if(|_| true) else {
            return Err(error(self.end, "expected a term after \"-\""));
        };
        let start = token.span.start;
        match token.kind {
            TokenKind::Open => self.group(start, &TokenKind::Close),
            TokenKind::Text(glyphs) => {
                if matches!(glyphs.as_slice(), [glyph] if glyph.is('*')) {
                    return Ok(Expr::All(Vec::new()));
                }
                let test = terms::test(&glyphs, token.span.end, self.context, self.scope)?;
                self.term(test, token.span)
            }
            TokenKind::Quoted(glyphs) => {
                let test = terms::phrase(&glyphs, start)?;
                self.term(test, token.span)
            }
            TokenKind::OpenBrace => Err(error(
                start,
                "\"{\" may only stand right after event: and a type",
            )),
            kind => {
                let sign = sign(&kind);
                Err(error(start, format!("expected a term before \"{sign}\"")))
            }
        }
    }

    fn term(&mut self, mut test: Test, mut span: Range<usize>) -> Result<Expr, QueryError> {
        let is_adjacent = |next: &Token| next.span.start == span.end;
        let braces = self.take_if(|next| next.kind == TokenKind::OpenBrace && is_adjacent(next));
        if let Some(brace) = braces {
            let Test::Event { filter, .. } = &mut test else {
                let message = "\"{\" may only stand right after event: and a type";
                return Err(error(brace.span.start, message));
            };
            let outer = std::mem::replace(&mut self.scope, Scope::Event);
            let inner = self.group(brace.span.start, &TokenKind::CloseBrace)?;
            self.scope = outer;
            *filter = Some(Box::new(inner));
            span.end = self.behind;
        }
        Ok(Expr::Term(Term { test, span }))
    }

    fn group(&mut self, open: usize, close: &TokenKind) -> Result<Expr, QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("brackets stand more than {DEEPEST} deep in each other");
            return Err(error(open, message));
        }
        let opening = match close {
            TokenKind::Close => "(",
            _ => "{",
        };
        let inner = self.alternatives(After::Sign(opening))?;
        if self.eat(close).is_none() {
            return Err(error(open, format!("this \"{opening}\" is never closed")));
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn eat(&mut self, kind: &TokenKind) -> Option<Token> {
        self.take_if(|token| token.kind == *kind)
    }

    fn take_if(&mut self, is_fit: impl FnOnce(&Token) -> bool) -> Option<Token> {
        let token = self.tokens.next_if(is_fit)?;
        self.behind = token.span.end;
        Some(token)
    }

    fn missing(&mut self, after: After) -> QueryError {
        let next = self.tokens.peek();
        let at = next.map_or(self.end, |token| token.span.start);
        let message = match (after, next.map(|token| &token.kind)) {
            (After::Sign(before), _) => format!("expected a term after \"{before}\""),
            (After::Nothing, Some(TokenKind::Or)) => "expected a term before \"or\"".to_owned(),
            (After::Nothing, Some(kind)) => format!("this \"{}\" closes nothing", sign(kind)),
            (After::Nothing, None) => "expected a term".to_owned(),
        };
        error(at, message)
    }
}

fn single(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            join(parts)
        }
    }
}

fn sign(kind: &TokenKind) -> &'static str {
    match kind {
        TokenKind::Open => "(",
        TokenKind::Close => ")",
        TokenKind::OpenBrace => "{",
        TokenKind::CloseBrace => "}",
        TokenKind::Minus => "-",
        TokenKind::Or => "or",
        TokenKind::Text(_) | TokenKind::Quoted(_) => "…",
    }
}
