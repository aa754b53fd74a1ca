//! A table of a TOML file that is read key by key, with the line of each complaint.

use std::str::FromStr;

use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::alternatives;

/// What is wrong in a settings file, and where.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{file}, line {line}: {message}")]
pub struct ConfigError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong, and what there is instead.
    pub message: String,
}

/// The text of a TOML file with its name.
#[derive(Debug)]
pub struct Document<'t> {
    file: String,
    text: &'t str,
    table: DeTable<'t>,
}

impl<'t> Document<'t> {
    /// Reads the text of the named file.
    pub fn parse(file: &str, text: &'t str) -> Result<Document<'t>, ConfigError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = DeTable::parse(text).map_err(|error| ConfigError {
            file: file.to_owned(),
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            message: error.message().trim().to_owned(),
        })?;
        Ok(Document {
            file: file.to_owned(),
            text,
            table: table.into_inner(),
        })
    }

    /// The outermost table.
    pub fn root(&self) -> Section<'_> {
        Section {
            document: self,
            name: "the file".into(),
            table: &self.table,
            start: 0,
        }
    }

    fn error(&self, at: usize, message: String) -> ConfigError {
        ConfigError {
            file: self.file.clone(),
            line: line_of(self.text, at),
            message,
        }
    }
}

/// One table of a document.
#[derive(Clone, Debug)]
pub struct Section<'d> {
    document: &'d Document<'d>,
    name: String,
    table: &'d DeTable<'d>,
    start: usize,
}

impl<'d> Section<'d> {
    /// An error unless every key is one of these.
    pub fn expect_keys(&self, known: &[&str]) -> Result<(), ConfigError> {
        for key in self.table.keys() {
            let word: &str = key.get_ref();
            if !known.contains(&word) {
                let hint = alternatives(word, known.iter().copied());
                let message = format!("unknown key `{word}` in {}; {hint}", self.name);
                return Err(self.document.error(key.span().start, message));
            }
        }
        Ok(())
    }

    /// The file and line where it begins, for complaints that come later.
    pub fn place(&self) -> String {
        let line = line_of(self.document.text, self.start);
        format!("{}, line {line}", self.document.file)
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &'d str> {
        self.table.keys().map(|key| &**key.get_ref())
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A text; `None` where the key is absent.
    pub fn text(&self, key: &str) -> Result<Option<String>, ConfigError> {
        self.read(key, "a text", |value| value.as_str().map(str::to_owned))
    }

    /// A text that must be there.
    pub fn required(&self, key: &str) -> Result<String, ConfigError> {
        match self.text(key)? {
            Some(text) => Ok(text),
            None => Err(self.complaint(format!("{} needs a `{key}`", self.name))),
        }
    }

    /// `true` or `false`.
    pub fn switch(&self, key: &str) -> Result<Option<bool>, ConfigError> {
        self.read(key, "true or false", DeValue::as_bool)
    }

    /// A whole number that is not negative.
    pub fn count(&self, key: &str) -> Result<Option<u32>, ConfigError> {
        self.read(key, "a whole number", |value| {
            let number = value.as_integer()?;
            u32::from_str_radix(number.as_str(), number.radix()).ok()
        })
    }

    /// A list of texts; a single text is a list of one.
    pub fn texts(&self, key: &str) -> Result<Option<Vec<String>>, ConfigError> {
        self.read(key, "a list of texts", |value| {
            if let Some(text) = value.as_str() {
                return Some(vec![text.to_owned()]);
            }
            let items = value.as_array()?.iter();
            items
                .map(|item| item.get_ref().as_str().map(str::to_owned))
                .collect()
        })
    }

    /// A text that names a `T`; the message of its `FromStr` says what there is.
    pub fn named<T: FromStr<Err = String>>(&self, key: &str) -> Result<Option<T>, ConfigError> {
        self.text(key)?
            .map(|text| text.parse().map_err(|why| self.error(key, why)))
            .transpose()
    }

    /// The table under a key.
    pub fn section(&self, key: &str) -> Result<Option<Section<'d>>, ConfigError> {
        let Some((_, value)) = self.entry(key) else {
            return Ok(None);
        };
        self.inner(format!("[{key}]"), value).map(Some)
    }

    /// The tables of a list, as `[[key]]` writes them.
    pub fn sections(&self, key: &str) -> Result<Vec<Section<'d>>, ConfigError> {
        let Some((_, value)) = self.entry(key) else {
            return Ok(Vec::new());
        };
        let name = format!("[[{key}]]");
        let Some(items) = value.get_ref().as_array() else {
            return Err(self.error(key, format!("`{key}` is a list; write it as {name}")));
        };
        items
            .iter()
            .map(|item| self.inner(name.clone(), item))
            .collect()
    }

    /// An error about the value of a key, with its line.
    pub fn error(&self, key: &str, message: impl Into<String>) -> ConfigError {
        let at = self
            .entry(key)
            .map_or(self.start, |(key, _)| key.span().start);
        self.document.error(at, message.into())
    }

    /// An error about the table as a whole, with the line where it begins.
    pub fn complaint(&self, message: impl Into<String>) -> ConfigError {
        self.document.error(self.start, message.into())
    }

    fn inner(
        &self,
        name: String,
        value: &'d Spanned<DeValue<'d>>,
    ) -> Result<Section<'d>, ConfigError> {
        let start = value.span().start;
        match value.get_ref().as_table() {
            Some(table) => Ok(Section {
                document: self.document,
                name,
                table,
                start,
            }),
            None => Err(self.document.error(start, format!("{name} is a table"))),
        }
    }

    fn entry(
        &self,
        key: &str,
    ) -> Option<(
        &'d Spanned<toml::de::DeString<'d>>,
        &'d Spanned<DeValue<'d>>,
    )> {
        self.table.iter().find(|(name, _)| &**name.get_ref() == key)
    }

    fn read<T>(
        &self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&'d DeValue<'d>) -> Option<T>,
    ) -> Result<Option<T>, ConfigError> {
        let Some((_, value)) = self.entry(key) else {
            return Ok(None);
        };
        if let Some(read) = read(value.get_ref()) {
            Ok(Some(read))
        } else {
            let kind = value.get_ref().type_str();
            Err(self.error(key, format!("`{key}` must be {expected}, not {kind}")))
        }
    }
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().get(..at).unwrap_or(text.as_bytes());
    memchr::memchr_iter(b'\n', before).count() + 1
}
