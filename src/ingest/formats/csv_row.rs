//! A row of a table: its values, and the JSON object that they become.

use std::borrow::Cow;
use std::ops::Range;

use super::json_text::write_text;
use super::{RowReader, Slot, Table};
use crate::ingest::interpret::{Cell, Draft, Interpreter, Place, Rules};
use crate::ingest::mapping::Mapping;
use crate::ingest::rejects::Reason;
use crate::ingest::row::Row;
use crate::model::Path;

/// Reads the rows of a table, by the rules of its dataset.
pub struct CsvRows<'r> {
    delimiter: u8,
    columns: Vec<Column<'r>>,
    shape: Shape,
    interpreter: Interpreter<'r>,
}

/// What is known of a column.
struct Column<'r> {
    slots: Vec<Slot>,
    nulls: Vec<&'r str>,
}

/// The object that every row becomes: nested keys with columns at their ends.
#[derive(Debug, PartialEq, Eq)]
enum Shape {
    Column(usize),
    Object(Vec<(String, Shape)>),
}

impl<'r> CsvRows<'r> {
    /// A reader under these rules.
    pub fn new(rules: Rules<'r>, table: Option<&Table>) -> CsvRows<'r> {
        let names = table.map_or(&[][..], |table| &table.columns);
        let wanted = rules.wanted();
        let column = |name: &String| Column {
            slots: wanted
                .iter()
                .filter(|(address, _)| address.is_column(name))
                .map(|(_, slot)| *slot)
                .collect(),
            nulls: nulls_of(name, rules.mapping),
        };
        CsvRows {
            delimiter: table.map_or(b',', |table| table.delimiter),
            columns: names.iter().map(column).collect(),
            shape: Shape::of(names, rules.mapping).0,
            interpreter: Interpreter::new(rules),
        }
    }
}

impl RowReader for CsvRows<'_> {
    /// Blanks belong to the values, unless there is nothing else.
    fn extent(&self, row: &[u8]) -> Range<usize> {
        let is_blank = row.iter().all(|byte| *byte == b' ');
        0..if is_blank { 0 } else { row.len() }
    }

    fn read(&mut self, text: &str, place: Place) -> Result<Option<Row>, Reason> {
        let mut values: Vec<Option<Cow<'_, str>>> = Vec::with_capacity(self.columns.len());
        let mut found = 0;
        for value in fields(text, self.delimiter) {
            found += 1;
            if let Some(column) = self.columns.get(found - 1) {
                let is_nothing = column.nulls.contains(&&*value);
                values.push((!is_nothing).then_some(value));
            }
        }
        let expected = self.columns.len();
        if found != expected {
            return Err(Reason::Ragged { expected, found });
        }
        let mut draft = Draft::default();
        for (column, value) in self.columns.iter().zip(&values) {
            for slot in column
                .slots
                .iter()
                .filter(|slot| **slot != Slot::IdentityMap)
            {
                let cell = value.clone().map_or(Cell::Null, Cell::Text);
                self.interpreter.take(*slot, cell, &mut draft);
            }
        }
        let mut body = String::with_capacity(text.len() + 16 * expected);
        self.shape.write(&values, &mut body);
        self.interpreter.finish(draft, place, body).map(Some)
    }
}

/// The values of a row, unquoted; blanks around quotes are dropped, all others kept.
pub fn fields(row: &str, delimiter: u8) -> impl Iterator<Item = Cow<'_, str>> {
    let mut rest = Some(row);
    std::iter::from_fn(move || {
        let text = rest?;
        let (value, after) = field(text, delimiter);
        rest = after;
        Some(value)
    })
}

/// The first value of a text, and what follows its delimiter.
fn field(text: &str, delimiter: u8) -> (Cow<'_, str>, Option<&str>) {
    let Some(quoted) = text.trim_start_matches(' ').strip_prefix('"') else {
        let (value, rest) =
            split_once(text, delimiter).map_or((text, None), |(value, rest)| (value, Some(rest)));
        return (Cow::Borrowed(value), rest);
    };
    let end = closing_quote(quoted);
    let inner = quoted.get(..end).unwrap_or(quoted);
    let value = if inner.contains('"') {
        Cow::Owned(inner.replace("\"\"", "\""))
    } else {
        Cow::Borrowed(inner)
    };
    let after = quoted.get(end + 1..).unwrap_or_default();
    (value, split_once(after, delimiter).map(|(_, rest)| rest))
}

/// What stands before and behind the first delimiter.
fn split_once(text: &str, delimiter: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(delimiter, text.as_bytes())?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// The place of the quote that is not doubled.
fn closing_quote(text: &str) -> usize {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('"')) {
        at += found;
        if text.as_bytes().get(at + 1) != Some(&b'"') {
            return at;
        }
        at += 2;
    }
    text.len()
}

fn nulls_of<'r>(column: &str, mapping: &'r Mapping) -> Vec<&'r str> {
    let by_field = mapping.nulls.by_field.iter();
    let own = by_field
        .filter(|(address, _)| address.is_column(column))
        .flat_map(|(_, values)| values);
    own.chain(&mapping.nulls.any).map(String::as_str).collect()
}

impl Shape {
    /// The shape of a table's rows, with the columns that found their place taken by another.
    fn of(columns: &[String], mapping: &Mapping) -> (Shape, Vec<usize>) {
        let mut shape = Shape::Object(Vec::new());
        let mut homeless = Vec::new();
        for (place, name) in columns.iter().enumerate() {
            let moved = mapping
                .fields
                .iter()
                .find(|field| field.from.is_column(name));
            let path = moved.map_or_else(|| Path(vec![name.clone()]), |field| field.to.clone());
            if !shape.put(path.keys(), place) {
                homeless.push(place);
            }
        }
        (shape, homeless)
    }

    fn put(&mut self, keys: &[String], column: usize) -> bool {
        let (Shape::Object(entries), Some((key, rest))) = (self, keys.split_first()) else {
            return false;
        };
        match entries.iter_mut().find(|(name, _)| name == key) {
            Some((_, shape)) => shape.put(rest, column),
            None if rest.is_empty() => {
                entries.push((key.clone(), Shape::Column(column)));
                true
            }
            None => {
                let mut inner = Shape::Object(Vec::new());
                let is_put = inner.put(rest, column);
                entries.push((key.clone(), inner));
                is_put
            }
        }
    }

    fn write(&self, values: &[Option<Cow<'_, str>>], out: &mut String) {
        match self {
            Shape::Column(column) => match values.get(*column) {
                Some(Some(value)) => write_text(out, value),
                _ => out.push_str("null"),
            },
            Shape::Object(entries) => {
                out.push('{');
                for (place, (key, shape)) in entries.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    write_text(out, key);
                    out.push(':');
                    shape.write(values, out);
                }
                out.push('}');
            }
        }
    }
}

/// Columns of a table that would have no place in its rows, as another column's path leads through theirs.
pub fn homeless_columns<'t>(table: &'t Table, mapping: &Mapping) -> Vec<&'t str> {
    let (_, homeless) = Shape::of(&table.columns, mapping);
    let names = homeless
        .iter()
        .filter_map(|place| table.columns.get(*place));
    names.map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_cut_and_unquoted() {
        let check = |row: &str, expected: &[&str]| {
            let values: Vec<_> = fields(row, b',').collect();
            assert_eq!(values, expected, "{row}");
        };
        check("a,b,c", &["a", "b", "c"]);
        check("", &[""]);
        check("a,,", &["a", "", ""]);
        check(r#""a,b","c""d","""#, &["a,b", "c\"d", ""]);
        check(r#" "a" , b "#, &["a", " b "]);
        check("\"a\nb\",c", &["a\nb", "c"]);
        check(r#"5" nails,x"#, &["5\" nails", "x"]);
        check("\"open", &["open"]);
    }

    #[test]
    fn columns_become_nested_objects_in_their_order() {
        let table = |columns: &[&str]| Table {
            delimiter: b',',
            columns: columns.iter().map(|name| (*name).to_owned()).collect(),
            header: crate::ingest::formats::Header::First,
        };
        let mapping = Mapping {
            fields: vec![crate::ingest::mapping::FieldMove {
                from: crate::ingest::mapping::Address::new("first"),
                to: Path(vec!["person".into(), "name".into()]),
            }],
            ..Mapping::default()
        };
        let columns = table(&["id", "first", "a.b"]).columns;
        let (shape, homeless) = Shape::of(&columns, &mapping);
        let mut out = String::new();
        shape.write(&[Some("1".into()), None, Some("\"".into())], &mut out);
        assert_eq!(out, r#"{"id":"1","person":{"name":null},"a.b":"\""}"#);
        assert!(homeless.is_empty());
        let table = table(&["person", "first"]);
        assert_eq!(homeless_columns(&table, &mapping), ["first"]);
    }
}
