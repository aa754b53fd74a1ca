//! Which letters of a shown text a query matched, found in folded text and told in the text as it is written.

use std::ops::Range;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use crate::query::ast::{Anchor, Values, Word};
use crate::query::text::Folded;
use crate::query::{Expr, Reach, Test, Wanted, closeness};

/// What a query looks for in texts, whatever it says of where they stand.
pub fn needles(expr: &Expr) -> Vec<Word> {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().flat_map(needles).collect(),
        Expr::Not(_) => Vec::new(),
        Expr::Term(term) => match &term.test {
            Test::Word(word) => vec![word.clone()],
            Test::Identity { values, .. } | Test::Attribute { values, .. } => of_values(values),
            _ => Vec::new(),
        },
    }
}

fn of_values(values: &Values) -> Vec<Word> {
    let Values::OneOf(all) = values else {
        return Vec::new();
    };
    let texts = all.iter().filter_map(|wanted| match wanted {
        Wanted::Like(pattern) => Some(pattern.prefix()),
        _ => None,
    });
    let words = texts.map(|text| {
        let folded = Folded::of(text);
        Word {
            letters: folded.run_together().to_owned(),
            tokens: folded.tokens().map(String::from).collect(),
            anchor: Anchor::Inside,
        }
    });
    words.filter(|word| !word.letters.is_empty()).collect()
}

/// What matched in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Ranges of letters, in characters from 0, ascending and apart.
    pub letters: Vec<Range<usize>>,
    /// How many typing errors the farthest word has.
    pub typos: usize,
}

/// The letters of a text that some of the words match, within the reach that the list was found with.
pub fn marks(text: &str, words: &[Word], reach: Reach) -> Marks {
    let letters = Letters::of(text);
    let mut marks = Marks::default();
    for word in words {
        let found = letters.places(word);
        if !found.is_empty() {
            marks.letters.extend(found);
        } else if let Some((place, typos)) = letters.misspelt(word) {
            marks.letters.push(place);
            marks.typos = marks.typos.max(typos);
        } else if reach == Reach::Subsequences {
            marks.letters.extend(letters.scattered(word));
        }
    }
    marks.letters = joined(marks.letters);
    marks
}

fn joined(mut places: Vec<Range<usize>>) -> Vec<Range<usize>> {
    places.sort_by_key(|place| (place.start, place.end));
    let mut apart: Vec<Range<usize>> = Vec::new();
    for place in places {
        match apart.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => apart.push(place),
        }
    }
    apart
}

/// The folded letters of a text, each with the place of the letter that it was.
struct Letters {
    folded: Vec<char>,
    places: Vec<usize>,
    /// Where tokens start in `folded`, and the end of it.
    starts: Vec<usize>,
    /// How many letters the text has.
    len: usize,
}

impl Letters {
    fn of(text: &str) -> Letters {
        let mut letters = Letters {
            folded: Vec::new(),
            places: Vec::new(),
            starts: Vec::new(),
            len: text.chars().count(),
        };
        let mut is_inside = false;
        let mut buffer = [0; 4];
        for (place, letter) in text.chars().enumerate() {
            let folded = Folded::of(letter.encode_utf8(&mut buffer));
            if folded.is_empty() {
                // An accent of its own belongs to the letter before it, and parts no token.
                is_inside &= unicode_normalization::char::is_combining_mark(letter);
                continue;
            }
            if !is_inside {
                letters.starts.push(letters.folded.len());
                is_inside = true;
            }
            for folded in folded.run_together().chars() {
                letters.folded.push(folded);
                letters.places.push(place);
            }
        }
        letters.starts.push(letters.folded.len());
        letters
    }

    fn places(&self, word: &Word) -> Vec<Range<usize>> {
        let wanted: Vec<char> = word.letters.chars().collect();
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(rest) = self.folded.get(at..).filter(|_| !wanted.is_empty()) {
            let end = at + wanted.len();
            if rest.starts_with(&wanted) && self.stands(word.anchor, at, end) {
                found.push(self.place(at, end));
                at = end;
            } else if rest.is_empty() {
                break;
            } else {
                at += 1;
            }
        }
        found
    }

    fn stands(&self, anchor: Anchor, start: usize, end: usize) -> bool {
        match anchor {
            Anchor::Inside => true,
            Anchor::Start => self.starts.contains(&start),
            Anchor::End => self.starts.contains(&end),
            Anchor::Whole => self.starts.contains(&start) && self.starts.contains(&end),
        }
    }

    /// The token that a word comes near with typing errors, and how many they are.
    fn misspelt(&self, word: &Word) -> Option<(Range<usize>, usize)> {
        let bounds = self.starts.iter().zip(self.starts.iter().skip(1));
        let near = bounds.filter_map(|(start, end)| {
            let token: String = self.folded.get(*start..*end)?.iter().collect();
            closeness(word, &Folded::of(&token), Reach::Typos)?;
            Some((self.place(*start, *end), typos(&word.letters, &token)))
        });
        near.min_by_key(|(_, typos)| *typos)
    }

    /// Where the letters of a word stand in order with any others between, as near to each other as can be.
    fn scattered(&self, word: &Word) -> Vec<Range<usize>> {
        let all: String = self.folded.iter().collect();
        let found = SkimMatcherV2::default().fuzzy_indices(&all, &word.letters);
        let places = found.map(|(_, places)| places).unwrap_or_default();
        places.iter().map(|at| self.place(*at, at + 1)).collect()
    }

    /// Where in the text a stretch of folded letters stands, with the accents that follow it.
    fn place(&self, start: usize, end: usize) -> Range<usize> {
        let first = self.places.get(start).copied().unwrap_or(self.len);
        let last = self
            .places
            .get(end.saturating_sub(1))
            .map_or(first, |last| last + 1);
        first..last
    }
}

/// How many letters have to change until the word starts the token.
fn typos(word: &str, token: &str) -> usize {
    let length = word.chars().count();
    let heads = length.saturating_sub(2)..=length + 2;
    let distances = heads.map(|head| {
        let head: String = token.chars().take(head).collect();
        strsim::osa_distance(word, &head)
    });
    distances.min().unwrap_or(length).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Moment;
    use crate::query::{Context, parse};
    use crate::tui::text::cells;
    use crate::tui::widgets::marked::marked as in_parts;
    use ratatui::text::Span;

    fn marked(query: &str, text: &str) -> (Vec<String>, usize) {
        let context = Context {
            namespaces: &["Email", "Phone"],
            now: Moment(0),
        };
        let words = needles(&parse(query, &context).expect(query).expr);
        let marks = marks(text, &words, Reach::Typos);
        let letter =
            |place: &Range<usize>| text.chars().skip(place.start).take(place.len()).collect();
        (marks.letters.iter().map(letter).collect(), marks.typos)
    }

    /// The text with its marked parts in brackets.
    fn bracketed(query: &str, text: &str, reach: Reach) -> String {
        let ctx = crate::tui::testing::ctx();
        let context = Context {
            namespaces: &[],
            now: Moment(0),
        };
        let words = needles(&parse(query, &context).expect(query).expr);
        let spans = in_parts(&Span::raw(text), &marks(text, &words, reach).letters, &ctx);
        let all: String = spans.iter().map(|span| &*span.content).collect();
        assert_eq!(all, text, "nothing is lost");
        let widths: usize = spans.iter().map(|span| cells(&span.content)).sum();
        assert_eq!(widths, cells(text), "{text} keeps its width in parts");
        let bracketed = spans.iter().map(|span| match span.style {
            style if style == ctx.theme.matched => format!("[{}]", span.content),
            _ => span.content.to_string(),
        });
        bracketed.collect()
    }

    #[test]
    fn letters_that_only_stand_in_order_are_marked_where_the_list_is_as_loose() {
        let check = |query: &str, text: &str, expected: &str| {
            assert_eq!(bracketed(query, text, Reach::Subsequences), expected);
            assert_eq!(bracketed(query, text, Reach::Typos), text);
        };
        check("mokf", "Maya Okafor", "[M]aya [Ok]a[f]or");
        check("jmz", "José Martínez", "[J]osé [M]artíne[z]");
        check("岡my", "岡部 Maya", "[岡]部 [M]a[y]a");
        check("xyz", "Maya Okafor", "Maya Okafor");
    }

    #[test]
    fn no_sign_is_cut_by_a_mark() {
        let check = |query: &str, text: &str, expected: &str| {
            assert_eq!(bracketed(query, text, Reach::Typos), expected);
        };
        check("jose", "Jose\u{301} Grün", "[Jose\u{301}] Grün");
        check("岡", "山岡部", "山[岡]部");
        check("ana", "👩‍👩‍👧 Ana 🇳🇬", "👩‍👩‍👧 [Ana] 🇳🇬");
        check("محمد", "محمد علي", "[محمد] علي");
        check("كت", "كِتاب", "[كِت]اب");
        check("क", "क्षमा", "[क्ष]मा");
        check("마", "\u{1106}\u{1161}야", "[\u{1106}\u{1161}]야");
    }

    #[test]
    fn letters_are_marked_as_they_are_written() {
        let check = |query: &str, text: &str, expected: &[&str], typos: usize| {
            let (letters, found) = marked(query, text);
            assert_eq!(
                (letters.as_slice(), found),
                (
                    &expected.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..],
                    typos
                ),
                "{query} in {text}"
            );
        };
        check("jose mart", "José Martínez", &["José", "Mart"], 0);
        check("strasse", "Große Straße", &["Straße"], 0);
        check("^mart", "Amart Martin", &["Mart"], 0);
        check("tinez$", "Martinez tinezia", &["tinez"], 0);
        check("0142", "+234 555 01-42", &["01-42"], 0);
        check("martniez", "Ana Martínez", &["Martínez"], 1);
        check("Email:ana*", "ana@example.com", &["ana"], 0);
        check("city:lag*", "Lagos", &["Lag"], 0);
        check("-ana", "Ana", &[], 0);
        check("ana or ben", "Ben Ana", &["Ben", "Ana"], 0);
        check("岡", "山岡部", &["岡"], 0);
        check("e\u{301}t", "E\u{301}té", &["E\u{301}t"], 0);
        check("aa", "aaaa", &["aaaa"], 0);
        check("a", "", &[], 0);
    }
}
