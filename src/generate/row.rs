//! One row on its way into a file: its text, and whose identities it names.

use std::fmt::{self, Write as _};

use super::person::Person;
use super::slot::Slot;

/// A row of a source; the buffers are used again for the next one.
#[derive(Debug, Default)]
pub struct Row {
    /// What will be written, without the end of the line; nothing where the source has no such row.
    pub text: String,
    /// The person whom the row is about.
    pub person: u64,
    /// The slots that it names.
    pub slots: Vec<Slot>,
}

impl Row {
    /// Makes room for the next row.
    pub fn clear(&mut self) {
        self.text.clear();
        self.slots.clear();
    }

    /// Adds to the text.
    pub fn add(&mut self, text: fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = self.text.write_fmt(text);
    }

    /// Adds a line of CSV.
    pub fn cells(&mut self, cells: &[&str]) {
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                self.text.push(',');
            }
            if cell.contains([',', '"', '\n', '\r']) {
                self.add(format_args!("\"{}\"", cell.replace('"', "\"\"")));
            } else {
                self.text.push_str(cell);
            }
        }
    }

    /// The value of a person's identity, noted as named by this row; empty where they have none.
    pub fn names(&mut self, person: &Person<'_>, slot: Slot) -> String {
        let value = person.value(slot).unwrap_or_default();
        if !value.is_empty() {
            self.person = person.index;
            self.slots.push(slot);
        }
        value
    }

    /// Adds an `identityMap` of these slots as the source of a JSON row, the first one primary; slots without a value are left out.
    pub fn identity_map(&mut self, person: &Person<'_>, slots: &[Slot]) {
        self.text.push_str("\"identityMap\":{");
        let mut before = "";
        let mut primary = ",\"primary\":true";
        for slot in slots {
            let Some(identity) = person.identity(*slot) else {
                continue;
            };
            self.person = person.index;
            self.slots.push(*slot);
            let (code, value) = (&identity.namespace, Quoted(&identity.value));
            self.add(format_args!(
                "{before}\"{code}\":[{{\"id\":{value}{primary}}}]"
            ));
            (before, primary) = (",", "");
        }
        self.text.push('}');
    }
}

/// A text as JSON writes it, with its quotes.
#[derive(Clone, Copy, Debug)]
pub struct Quoted<'a>(pub &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for part in self.0.split_inclusive(['"', '\\']) {
            match part.strip_suffix(['"', '\\']) {
                Some(rest) => write!(f, "{rest}\\{}", &part[rest.len()..])?,
                None => f.write_str(part)?,
            }
        }
        f.write_char('"')
    }
}

/// A text as JSON writes it, and an empty one as null.
#[derive(Clone, Copy, Debug)]
pub struct OrNull<'a>(pub &'a str);

impl fmt::Display for OrNull<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => f.write_str("null"),
            text => Quoted(text).fmt(f),
        }
    }
}
