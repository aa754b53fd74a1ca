//! A column of a sample: how often it is filled, with what, and what its values look like.

use std::collections::HashMap;

use super::shape::{Shape, shape_of};
use super::words::words;
use crate::ingest::mapping::Address;

/// What sources write where they have nothing to say; blanks around it and its case do not matter.
const NOTHING: [&str; 14] = [
    "null",
    "nil",
    "none",
    "n/a",
    "na",
    "#n/a",
    "nan",
    "-",
    "--",
    "\\n",
    "(null)",
    "undefined",
    "unknown",
    "?",
];

const SAMPLES: usize = 3;
const LONGEST_SAMPLE: usize = 60;

/// A longer value is counted by its beginning.
const LONGEST_VALUE: usize = 256;

/// A column, or a path of objects.
#[derive(Debug)]
pub struct Column {
    /// Where it stands.
    pub address: Address,
    /// The words of its name; of a path, those of the last key.
    pub words: Vec<String>,
    /// Rows in which it says something.
    pub filled: u64,
    /// Words for "nothing", with the number of their rows.
    pub nothing: Vec<(String, u64)>,
    /// Its values, with the number of their rows.
    pub values: HashMap<Box<str>, u64>,
    /// Some of its values, clipped.
    pub samples: Vec<String>,
    /// Rows in which it holds a list.
    pub lists: u64,
    shapes: HashMap<Shape, u64>,
}

impl Column {
    /// A column without values.
    pub fn new(address: Address, name: &str) -> Column {
        Column {
            address,
            words: words(name),
            filled: 0,
            nothing: Vec::new(),
            values: HashMap::new(),
            samples: Vec::new(),
            lists: 0,
            shapes: HashMap::new(),
        }
    }

    /// Counts a value; what is kept of it, if it says something.
    pub fn add(&mut self, value: &str) -> Option<Box<str>> {
        let value = clipped(value.trim(), LONGEST_VALUE);
        if value.is_empty() {
            return None;
        }
        if is_nothing(value) {
            self.add_nothing(value);
            return None;
        }
        self.filled += 1;
        *self.shapes.entry(shape_of(value)).or_default() += 1;
        let kept: Box<str> = value.into();
        let seen = self.values.entry(kept.clone()).or_default();
        *seen += 1;
        if *seen == 1 && self.samples.len() < SAMPLES {
            self.samples.push(clipped(value, LONGEST_SAMPLE).to_owned());
        }
        Some(kept)
    }

    fn add_nothing(&mut self, value: &str) {
        match self.nothing.iter_mut().find(|(word, _)| word == value) {
            Some((_, rows)) => *rows += 1,
            None => self.nothing.push((value.to_owned(), 1)),
        }
    }

    /// Rows whose value looks like one of these.
    pub fn looks_like(&self, shapes: &[Shape]) -> u64 {
        shapes
            .iter()
            .filter_map(|shape| self.shapes.get(shape))
            .sum()
    }

    /// The share of the filled rows whose value looks like one of these, from 0 to 1.
    pub fn share(&self, shapes: &[Shape]) -> f64 {
        part(self.looks_like(shapes), self.filled)
    }

    /// Different values.
    pub fn distinct(&self) -> u64 {
        self.values.len() as u64
    }

    /// Different values for each filled row, from 0 to 1: 1 where none repeats.
    pub fn uniqueness(&self) -> f64 {
        part(self.distinct(), self.filled)
    }

    /// The share of the values that pass a test, by rows.
    pub fn share_of(&self, test: impl Fn(&str) -> bool) -> f64 {
        let passing = self.values.iter().filter(|(value, _)| test(value));
        part(passing.map(|(_, rows)| rows).sum(), self.filled)
    }

    /// The average length of its different values, in bytes.
    pub fn length(&self) -> f64 {
        part(
            self.values.keys().map(|value| value.len() as u64).sum(),
            self.distinct(),
        )
    }
}

/// Whether a value is a word for "nothing".
fn is_nothing(value: &str) -> bool {
    value.len() <= 9 && NOTHING.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// A part of a whole, from 0 to 1; of nothing, 0.
pub fn part(some: u64, all: u64) -> f64 {
    if all == 0 {
        0.0
    } else {
        some as f64 / all as f64
    }
}

/// The beginning of a text, up to so many bytes.
fn clipped(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_counts_what_it_says_and_what_it_does_not() {
        let mut column = Column::new(Address::new("email"), "email");
        for value in ["a@x.at", " a@x.at ", "N/A", "", "b@x.at", "n/a", "N/A"] {
            column.add(value);
        }
        assert_eq!((column.filled, column.distinct()), (3, 2));
        assert_eq!(
            column.nothing,
            [("N/A".to_owned(), 2), ("n/a".to_owned(), 1)]
        );
        assert!((column.share(&[Shape::Email]) - 1.0).abs() < f64::EPSILON);
        assert_eq!(column.samples, ["a@x.at", "b@x.at"]);
    }

    #[test]
    fn long_values_are_clipped_at_a_letter() {
        assert_eq!(clipped("äöü", 3), "ä");
        assert_eq!(clipped("abc", 9), "abc");
    }
}
