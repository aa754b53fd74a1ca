//! What a query says, once it is understood.

use std::ops::Range;

use super::operand::Wanted;
use super::pattern::PathPattern;

/// A query that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// As it was written.
    pub text: String,
    /// What it asks for; an empty query asks for everything.
    pub expr: Expr,
    /// Its outermost terms, in characters from 0, for the chips of a search box; alternatives are one.
    pub chips: Vec<Range<usize>>,
}

impl Query {
    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.expr == Expr::All(Vec::new())
    }

    /// The chips as they were written.
    pub fn chip_texts(&self) -> impl Iterator<Item = &str> {
        let place = |at: usize| {
            let mut starts = self.text.char_indices().skip(at);
            starts.next().map_or(self.text.len(), |(byte, _)| byte)
        };
        let text = move |span: &Range<usize>| self.text.get(place(span.start)..place(span.end));
        self.chips.iter().filter_map(text)
    }
}

/// Terms and what joins them.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Every one of these; none at all is everything.
    All(Vec<Expr>),
    /// At least one of these.
    Any(Vec<Expr>),
    /// Not this.
    Not(Box<Expr>),
    /// A single test.
    Term(Term),
}

/// A test and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    /// What must hold.
    pub test: Test,
    /// Its place in the query, in characters from 0.
    pub span: Range<usize>,
}

/// What one term asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// A word in name, e-mail, phone or an identity value.
    Word(Word),
    /// An identity of this namespace, by its code as the store spells it.
    Identity {
        /// The code.
        namespace: String,
        /// Its value, one of these.
        values: Values,
    },
    /// An attribute.
    Attribute {
        /// Its path or the end of it.
        path: PathPattern,
        /// Its value, one of these.
        values: Values,
        /// Whether values that lost count too.
        side: Side,
    },
    /// How many there are of something.
    Count {
        /// Of what.
        of: Counted,
        /// How many.
        values: Values,
    },
    /// When something was.
    When {
        /// What.
        of: Seen,
        /// When.
        values: Values,
    },
    /// A dataset that it comes from.
    Dataset(Values),
    /// A namespace that one of its identities has.
    Namespace(Values),
    /// Fragments disagree at a path that ends so.
    Conflict(PathPattern),
    /// An event of such a type.
    Event {
        /// Its type.
        kinds: Values,
        /// What else must hold of it.
        filter: Option<Box<Expr>>,
    },
}

/// A word or a phrase, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Its tokens run together.
    pub letters: String,
    /// Its tokens.
    pub tokens: Vec<String>,
    /// Where in a text it must stand.
    pub anchor: Anchor,
}

/// Where in a text a word must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Anywhere in a token or in the tokens run together.
    Inside,
    /// At the start of a token.
    Start,
    /// At the end of a token.
    End,
    /// Its tokens are whole tokens, one after the other.
    Whole,
}

/// Which values of a field are wanted.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Any value at all.
    Present,
    /// One of these.
    OneOf(Vec<Wanted>),
}

/// Which values an attribute's test looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those that won.
    Winning,
    /// Those that lost too.
    Said,
}

/// What can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Identities.
    Identities,
    /// Events.
    Events,
    /// Fragments.
    Fragments,
}

/// What has a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The first time.
    First,
    /// The last time: the last event, else the last ingestion.
    Last,
    /// An event's own moment.
    Event,
}
