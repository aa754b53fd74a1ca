//! A page of text: lines, labelled values and tables, one under the other.

use super::look::{Look, width};
use super::table::Table;
use crate::cli::style::Role;

/// The columns that labels take.
const LABEL: usize = 12;

/// A page that is being written.
pub struct Page<'a> {
    look: &'a Look,
    text: String,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub fn new(look: &'a Look) -> Page<'a> {
        Page {
            look,
            text: String::new(),
        }
    }

    /// The look of the page.
    pub fn look(&self) -> &'a Look {
        self.look
    }

    /// Adds a line of this role; on a narrow terminal it goes on under its own first letter.
    pub fn line(&mut self, role: Role, text: &str) {
        let indent = text.len() - text.trim_start_matches(' ').len();
        self.hanging(role, indent, text);
    }

    /// Adds a line that, where it is too long, goes on so many blanks further in.
    pub fn hanging(&mut self, role: Role, indent: usize, text: &str) {
        let room = self
            .look
            .width
            .map(|columns| columns.saturating_sub(indent).max(20));
        let head = text.get(..indent).unwrap_or_default();
        let rest = text.get(indent..).unwrap_or(text);
        for (at, line) in wrap(rest, room).into_iter().enumerate() {
            let start = if at == 0 {
                head.to_owned()
            } else {
                " ".repeat(indent)
            };
            let painted = self.look.style.paint(role, &format!("{start}{line}"));
            self.text.push_str(&painted);
            self.text.push('\n');
        }
    }

    /// Adds an empty line, unless the page is empty.
    pub fn gap(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
    }

    /// Adds a heading with an empty line above it.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.line(Role::Strong, text);
    }

    /// Adds a value behind its label; a value that is too long goes on under itself, broken at blanks.
    pub fn field(&mut self, label: &str, value: &str) {
        let indent = LABEL.max(width(label) + 2);
        let room = self
            .look
            .width
            .map(|columns| columns.saturating_sub(indent).max(20));
        let mut start = self.look.style.paint(Role::Faint, label);
        start.push_str(&" ".repeat(indent - width(label)));
        for line in wrap(value, room) {
            self.text.push_str(&start);
            self.text.push_str(&line);
            self.text.push('\n');
            start = " ".repeat(indent);
        }
    }

    /// Adds a table.
    pub fn table(&mut self, table: &Table) {
        for line in table.lines(self.look) {
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    /// The text.
    pub fn finish(self) -> String {
        self.text
    }
}

fn wrap(text: &str, room: Option<usize>) -> Vec<String> {
    let Some(room) = room else {
        return vec![text.to_owned()];
    };
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    for word in text.split(' ') {
        let columns = width(word);
        match lines.last_mut() {
            Some(line) if used + 1 + columns <= room => {
                line.push(' ');
                line.push_str(word);
                used += 1 + columns;
            }
            _ => {
                lines.push(word.to_owned());
                used = columns;
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_goes_on_under_itself() {
        let look = Look {
            width: Some(36),
            ..Look::default()
        };
        let mut page = Page::new(&look);
        page.field(
            "Identities",
            "CRMID:C-1, Email:ana@example.com, loyaltyId:9",
        );
        page.heading("Links");
        let expected = "Identities  CRMID:C-1,\n            Email:ana@example.com,\n            loyaltyId:9\n\nLinks\n";
        assert_eq!(page.finish(), expected);
    }
}
