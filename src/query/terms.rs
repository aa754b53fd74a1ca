//! One term of a query: what stands before its colon says what it is about, what stands after says what is wanted.

use crate::model::{Moment, Path, QueryError};

use super::ast::{Anchor, Counted, Seen, Side, Test, Values, Word};
use super::eval::same_code;
use super::lexer::{Glyph, error};
use super::operand::{Comparison, Operand, Wanted};
use super::parser::{Context, Scope};
use super::pattern::{PathPattern, Pattern};
use super::text::Folded;

/// The test that an unquoted text asks for; `end` is the place after its last letter.
pub(super) fn test(
    glyphs: &[Glyph],
    end: usize,
    context: &Context<'_>,
    scope: Scope,
) -> Result<Test, QueryError> {
    let Some(colon) = glyphs.iter().position(|glyph| glyph.is(':')) else {
        return word(glyphs, end);
    };
    let (head, rest) = glyphs.split_at(colon);
    let value = rest.get(1..).unwrap_or_default();
    if head.is_empty() {
        let at = rest.first().map_or(end, |colon| colon.at);
        return Err(error(at, "expected a name before \":\""));
    }
    let value = Value {
        name: letters(head),
        glyphs: value,
        end,
        now: context.now,
    };
    if value.glyphs.is_empty() {
        return Err(error(end, "expected a value after \":\""));
    }
    let namespace = context
        .namespaces
        .iter()
        .find(|code| same_code(code, &value.name));
    if let Some(namespace) = namespace {
        return Ok(Test::Identity {
            namespace: (*namespace).to_owned(),
            values: value.identities()?,
        });
    }
    let is_plain = head.iter().all(|glyph| !glyph.is_quoted);
    match named(&value, scope)? {
        Some(test) if is_plain => Ok(test),
        _ => attribute(head, &value),
    }
}

/// A text in quotes: its tokens must follow each other whole.
pub(super) fn phrase(glyphs: &[Glyph], start: usize) -> Result<Test, QueryError> {
    folded_word(&letters(glyphs), Anchor::Whole, start)
}

/// A term that is about one of the words of the language.
fn named(value: &Value<'_>, scope: Scope) -> Result<Option<Test>, QueryError> {
    let name = value.name.to_ascii_lowercase();
    let test = match (scope, name.as_str()) {
        (Scope::Event, "since") => Test::When {
            of: Seen::Event,
            values: value.moments(Bound::From)?,
        },
        (Scope::Event, "until") => Test::When {
            of: Seen::Event,
            values: value.moments(Bound::To)?,
        },
        (Scope::Event, _) => return Ok(None),
        (_, "event") => Test::Event {
            kinds: value.names()?,
            filter: None,
        },
        (_, "ids") => value.count(Counted::Identities)?,
        (_, "events") => value.count(Counted::Events)?,
        (_, "fragments") => value.count(Counted::Fragments)?,
        (_, "dataset") => Test::Dataset(value.names()?),
        (_, "ns") => Test::Namespace(value.names()?),
        (_, "seen") => value.when(Seen::Last)?,
        (_, "first") => value.when(Seen::First)?,
        (_, "conflict") => Test::Conflict(PathPattern::of(path(value.glyphs))),
        _ => return Ok(None),
    };
    Ok(Some(test))
}

fn attribute(head: &[Glyph], value: &Value<'_>) -> Result<Test, QueryError> {
    let whole = path(head);
    let inner = || Path(whole.0.iter().skip(1).cloned().collect());
    let (path, side) = match whole.0.first().map(String::as_str) {
        Some("attr") if whole.0.len() > 1 => (inner(), Side::Winning),
        Some("any") if whole.0.len() > 1 => (inner(), Side::Said),
        _ => (whole, Side::Winning),
    };
    Ok(Test::Attribute {
        path: PathPattern::of(path),
        values: value.texts()?,
        side,
    })
}

fn word(glyphs: &[Glyph], end: usize) -> Result<Test, QueryError> {
    let start = glyphs.first().map_or(end, |glyph| glyph.at);
    let first = glyphs.first().filter(|g| !g.is_quoted).map(|g| g.letter);
    let last = glyphs.last().filter(|g| !g.is_quoted).map(|g| g.letter);
    let anchor = match (first, last) {
        (Some('\''), _) | (Some('^'), Some('$')) => Anchor::Whole,
        (Some('^'), _) => Anchor::Start,
        (_, Some('$')) => Anchor::End,
        _ => Anchor::Inside,
    };
    folded_word(&letters(glyphs), anchor, start)
}

fn folded_word(text: &str, anchor: Anchor, start: usize) -> Result<Test, QueryError> {
    // The signs of an anchor are punctuation, so folding leaves them out.
    let folded = Folded::of(text);
    if folded.is_empty() {
        return Err(error(start, "expected a word with a letter or a digit"));
    }
    Ok(Test::Word(Word {
        letters: folded.run_together().to_owned(),
        tokens: folded.tokens().map(String::from).collect(),
        anchor,
    }))
}

/// What stands after a colon.
struct Value<'g> {
    /// What stands before it.
    name: String,
    glyphs: &'g [Glyph],
    /// The place after the last letter.
    end: usize,
    now: Moment,
}

/// Which side of a moment is wanted.
#[derive(Clone, Copy)]
enum Bound {
    From,
    To,
}

impl Value<'_> {
    fn count(&self, of: Counted) -> Result<Test, QueryError> {
        let values = self.each(|part| {
            let is_number = |operand: &Operand| operand.number.is_some();
            self.compared(part)?
                .filter(|wanted| holds(wanted, is_number))
                .ok_or_else(|| self.expected(part, "a number"))
        })?;
        Ok(Test::Count { of, values })
    }

    fn when(&self, of: Seen) -> Result<Test, QueryError> {
        let values = self.each(|part| {
            let is_time = |operand: &Operand| operand.time.is_some();
            self.compared(part)?
                .filter(|wanted| holds(wanted, is_time))
                .ok_or_else(|| self.expected(part, "a date, a time or an age such as 30d"))
        })?;
        Ok(Test::When { of, values })
    }

    fn moments(&self, bound: Bound) -> Result<Values, QueryError> {
        let operand = Operand::read(&letters(self.glyphs), self.now);
        let operand = operand
            .filter(|operand| operand.time.is_some())
            .ok_or_else(|| self.expected(self.glyphs, "a date, a time or an age such as 30d"))?;
        Ok(Values::OneOf(vec![match bound {
            Bound::From => Wanted::Between(Some(operand), None),
            Bound::To => Wanted::Between(None, Some(operand)),
        }]))
    }

    fn names(&self) -> Result<Values, QueryError> {
        self.each(|part| Ok(Wanted::Like(pattern(part))))
    }

    fn identities(&self) -> Result<Values, QueryError> {
        let mut values = self.names()?;
        // A comma may be part of an identity's value too.
        if let Values::OneOf(wanted) = &mut values
            && wanted.len() > 1
        {
            wanted.push(Wanted::Like(pattern(self.glyphs)));
        }
        Ok(values)
    }

    fn texts(&self) -> Result<Values, QueryError> {
        self.each(|part| {
            let sign = comparison(part).map(|(_, sign)| sign);
            let is_range = range(part).is_some();
            match (sign, is_range) {
                (None, false) => Ok(Wanted::Like(pattern(part))),
                (Some(_), _) => self
                    .compared(part)?
                    .ok_or_else(|| self.expected(part, "a number, a date or an age")),
                // Two dots between anything else are just text.
                (None, true) => Ok(self
                    .compared(part)?
                    .unwrap_or_else(|| Wanted::Like(pattern(part)))),
            }
        })
    }

    fn each(
        &self,
        wanted: impl Fn(&[Glyph]) -> Result<Wanted, QueryError>,
    ) -> Result<Values, QueryError> {
        if matches!(self.glyphs, [only] if only.is('*')) {
            return Ok(Values::Present);
        }
        let mut all = Vec::new();
        let mut end = self.glyphs.first().map_or(self.end, |glyph| glyph.at);
        for part in self.glyphs.split(|glyph| glyph.is(',')) {
            if part.is_empty() && self.glyphs.iter().any(|glyph| glyph.is(',')) {
                return Err(error(end, "expected a value on both sides of \",\""));
            }
            end = part.last().map_or(end, |glyph| glyph.at + 2);
            all.push(wanted(part)?);
        }
        Ok(Values::OneOf(all))
    }

    /// A comparison, a range, or a single operand, which stands for a range of its own; `None` for any other text.
    fn compared(&self, part: &[Glyph]) -> Result<Option<Wanted>, QueryError> {
        let read = |glyphs: &[Glyph]| Operand::read(&letters(glyphs), self.now);
        if let Some((comparison, sign)) = comparison(part) {
            let rest = part.get(sign.len()..).unwrap_or_default();
            if rest.is_empty() {
                let at = part.last().map_or(self.end, |glyph| glyph.at + 1);
                return Err(error(at, format!("expected a value after \"{sign}\"")));
            }
            return Ok(read(rest).map(|operand| {
                if operand.is_age {
                    Wanted::Compared(comparison.reversed(), operand)
                } else {
                    Wanted::Compared(comparison, operand)
                }
            }));
        }
        let Some((from, to)) = range(part) else {
            let exactly = |operand: Operand| Wanted::Between(Some(operand.clone()), Some(operand));
            return Ok(read(part).map(exactly));
        };
        let (low, high) = (read(from), read(to));
        if (low.is_none() && !from.is_empty()) || (high.is_none() && !to.is_empty()) {
            return Ok(None);
        }
        let is_age = [&low, &high].into_iter().flatten().any(|side| side.is_age);
        let (from, to) = if is_age { (high, low) } else { (low, high) };
        Ok(Some(Wanted::Between(from, to)))
    }

    fn expected(&self, part: &[Glyph], what: &str) -> QueryError {
        let (sign, before) = match comparison(part) {
            Some((_, sign)) => (sign.len(), sign.to_owned()),
            None => (0, format!("{}:", self.name)),
        };
        let at = part.get(sign).map_or(self.end, |glyph| glyph.at);
        error(at, format!("expected {what} after \"{before}\""))
    }
}

fn holds(wanted: &Wanted, is_fit: impl Fn(&Operand) -> bool) -> bool {
    match wanted {
        Wanted::Like(_) => false,
        Wanted::Compared(_, operand) => is_fit(operand),
        Wanted::Between(from, to) => [from, to].into_iter().flatten().all(is_fit),
    }
}

fn comparison(part: &[Glyph]) -> Option<(Comparison, &'static str)> {
    let (first, second) = (part.first()?, part.get(1));
    let is_equal = second.is_some_and(|glyph| glyph.is('='));
    match (first.is('>'), first.is('<'), is_equal) {
        (true, _, true) => Some((Comparison::AtLeast, ">=")),
        (true, _, false) => Some((Comparison::More, ">")),
        (_, true, true) => Some((Comparison::AtMost, "<=")),
        (_, true, false) => Some((Comparison::Less, "<")),
        _ => None,
    }
}

/// The two sides of `..`, of which one may be empty.
fn range(part: &[Glyph]) -> Option<(&[Glyph], &[Glyph])> {
    let mut pairs = part.windows(2);
    let at = pairs.position(|pair| pair.iter().all(|glyph| glyph.is('.')))?;
    let (from, to) = (part.get(..at)?, part.get(at + 2..)?);
    (!from.is_empty() || !to.is_empty()).then_some((from, to))
}

fn pattern(part: &[Glyph]) -> Pattern {
    let pieces = part.split(|glyph| glyph.is('*')).map(letters);
    Pattern::of(&pieces.collect::<Vec<_>>())
}

fn path(part: &[Glyph]) -> Path {
    Path(part.split(|glyph| glyph.is('.')).map(letters).collect())
}

fn letters(part: &[Glyph]) -> String {
    part.iter().map(|glyph| glyph.letter).collect()
}
