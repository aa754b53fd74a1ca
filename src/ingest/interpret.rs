//! From the values of a row to what they mean: identities, times, an id, and the reasons to refuse it.

mod draft;
mod rules;

pub use draft::Draft;
pub use rules::Rules;

use std::borrow::Cow;
use std::sync::Arc;

use hashbrown::HashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::formats::Slot;
use super::mapping::{IdentityField, Unidentified, Update};
use super::rejects::Reason;
use super::row::{Mention, Row, Warning, needs_time, row_identity, warn};
use super::time::{self, TimeFault};
use crate::model::{Moment, Operation, SourceLine};
use draft::Time;

/// Namespaces whose codes a reader remembers; a source with more than these invents them.
const CODES_KEPT: usize = 1024;

/// Where a row stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// File and line.
    pub line: SourceLine,
    /// Its first byte in the text of the file.
    pub offset: u64,
    /// Its length there in bytes.
    pub length: u64,
}

/// A plain value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'t> {
    /// A text.
    Text(Cow<'t, str>),
    /// A number, by its digits.
    Number(&'t str),
    /// Nothing.
    Null,
    /// What can be neither a name nor a time: an object, a truth value…
    Other(&'static str),
}

/// One identity of an `identityMap`.
#[derive(Clone, Debug)]
pub struct MapEntry<'t> {
    /// The code under which it stands.
    pub namespace: &'t str,
    /// Its value.
    pub id: Cell<'t>,
    /// It is marked as primary.
    pub is_primary: bool,
}

/// What gives the values of rows their meaning; it remembers the codes of namespaces between rows.
pub struct Interpreter<'r> {
    rules: Rules<'r>,
    mapped_codes: Vec<Arc<str>>,
    met_codes: HashMap<String, Arc<str>>,
}

impl<'r> Interpreter<'r> {
    /// An interpreter under these rules.
    pub fn new(rules: Rules<'r>) -> Interpreter<'r> {
        let identities = rules.mapping.identities.iter();
        Interpreter {
            mapped_codes: identities
                .map(|field| field.namespace.as_str().into())
                .collect(),
            met_codes: HashMap::new(),
            rules,
        }
    }

    /// Takes a value for what it is wanted for.
    pub fn take(&mut self, slot: Slot, cell: Cell<'_>, draft: &mut Draft) {
        let cell = match cell {
            Cell::Text(text) if self.is_nothing(slot, &text) => Cell::Null,
            cell => cell,
        };
        match slot {
            Slot::IdentityMap => no_identity("identityMap", &cell, draft),
            Slot::Id => fill(&mut draft.id, cell),
            Slot::OtherId => fill(&mut draft.other_id, cell),
            Slot::Kind => fill(&mut draft.kind, cell),
            Slot::Word => fill(&mut draft.word, cell),
            Slot::Time => self.take_time(0, cell, draft),
            Slot::OtherTime(rank) => self.take_time(rank, cell, draft),
            Slot::Ingested if draft.ingested.is_none() => draft.ingested = self.time(cell),
            Slot::Ingested | Slot::Payload | Slot::Named(_) => {}
            Slot::Identity(place) => {
                let field = self.rules.mapping.identities.get(place);
                if let Some((field, code)) = field.zip(self.mapped_codes.get(place)) {
                    take_identity(field, code, cell, draft);
                }
            }
        }
    }

    /// Takes an identity that names its own namespace.
    pub fn mention(&mut self, entry: MapEntry<'_>, draft: &mut Draft) {
        let mention = self.mentioned(entry, draft);
        draft.mentions.extend(mention);
    }

    /// Takes an identity that counts only where no other is named.
    pub fn spare_mention(&mut self, entry: MapEntry<'_>, draft: &mut Draft) {
        let mention = self.mentioned(entry, draft);
        draft.spares.extend(mention);
    }

    fn mentioned(&mut self, entry: MapEntry<'_>, draft: &mut Draft) -> Option<Mention> {
        no_identity("identityMap", &entry.id, draft);
        let code = entry.namespace.trim();
        if code.is_empty() {
            let (field, found) = ("identityMap".to_owned(), "an identity without a namespace");
            warn(&mut draft.warnings, Warning::NoIdentity { field, found });
            return None;
        }
        Some(Mention {
            value: written(entry.id)?,
            namespace: self.code(code),
            is_primary: entry.is_primary,
        })
    }

    /// The row that the draft has become, or why there is none.
    pub fn finish(&self, mut draft: Draft, place: Place, body: String) -> Result<Row, Reason> {
        if draft.mentions.is_empty() {
            draft.mentions = std::mem::take(&mut draft.spares);
        }
        if let Some(shape) = self.rules.shape {
            shape.complete(&mut draft);
        }
        let mut row = Row {
            line: place.line,
            offset: place.offset,
            length: place.length,
            mentions: std::mem::take(&mut draft.mentions),
            primary: None,
            timestamp: None,
            customer_time: None,
            ingested: None,
            id: draft.id.take().or(draft.other_id.take()),
            kind: draft.kind.take(),
            operation: match self.rules.mapping.update {
                Update::Replace => Operation::Create,
                Update::Patch => Operation::Merge,
            },
            body_hash: xxh3_64(body.as_bytes()),
            body,
            warnings: std::mem::take(&mut draft.warnings),
        };
        let ingested = draft.ingested.take();
        self.settle_times(draft, &mut row)?;
        self.settle_identities(&mut row)?;
        self.settle_moment(ingested, &mut row)?;
        Ok(row)
    }

    fn settle_times(&self, mut draft: Draft, row: &mut Row) -> Result<(), Reason> {
        let (best, unread) = draft.best_time();
        for (rank, time) in unread {
            self.warn_unread(rank, &time, row);
        }
        match best {
            Some((rank, time)) if needs_time(self.rules.kind) => {
                let field = || self.rules.time_field(rank);
                row.timestamp = Some(settled(time, field, &mut row.warnings)?);
            }
            Some((rank, time)) if time.reading.is_err() => self.warn_unread(rank, &time, row),
            Some((rank, time)) => {
                let field = || self.rules.time_field(rank);
                row.customer_time = Some(settled(time, field, &mut row.warnings)?);
            }
            None if !needs_time(self.rules.kind) => {}
            None if draft.may_lack_time => warn(&mut row.warnings, Warning::NoTime),
            None => {
                return Err(Reason::NoTime {
                    field: self.rules.time_field(0),
                });
            }
        }
        Ok(())
    }

    fn settle_moment(&self, ingested: Option<Time>, row: &mut Row) -> Result<(), Reason> {
        if let Some(named) = &self.rules.mapping.ingested {
            let field = || named.text.clone();
            let time = ingested.ok_or_else(|| Reason::NoMoment { field: field() })?;
            row.ingested = Some(settled(time, field, &mut row.warnings)?);
        }
        Ok(())
    }

    fn warn_unread(&self, rank: u8, time: &Time, row: &mut Row) {
        let unread = Warning::UnreadTime {
            field: self.rules.time_field(rank),
            text: time.text.chars().take(60).collect(),
        };
        warn(&mut row.warnings, unread);
    }

    fn settle_identities(&self, row: &mut Row) -> Result<(), Reason> {
        let is_kept = self.rules.mapping.unidentified == Unidentified::Keep;
        let is_blank = |mention: &Mention| mention.value.trim().is_empty();
        if is_kept && row.mentions.iter().all(is_blank) {
            // An empty cell names nobody either.
            row.mentions = vec![row_identity(self.rules.dataset, row.line)];
            row.primary = Some(0);
            return Ok(());
        }
        if row.mentions.is_empty() {
            return Err(Reason::Unidentified);
        }
        if let Some(primary) = &self.rules.mapping.primary {
            row.primary = row.mentions.iter().position(|mention| {
                mention.namespace.eq_ignore_ascii_case(primary) && !mention.value.trim().is_empty()
            });
        }
        Ok(())
    }

    fn take_time(&self, rank: u8, cell: Cell<'_>, draft: &mut Draft) {
        if let Some(time) = self.time(cell) {
            draft.add_time(rank, time);
        }
    }

    fn time(&self, cell: Cell<'_>) -> Option<Time> {
        let habits = self.rules.mapping.habits();
        match cell {
            Cell::Text(text) if text.trim().is_empty() => None,
            Cell::Text(text) => Some(Time::read(time::read_text(&text, habits), &text)),
            Cell::Number(digits) => Some(Time::read(time::read_number(digits), digits)),
            Cell::Null => None,
            Cell::Other(found) => {
                let reading = Err(TimeFault::Unknown(found.to_owned()));
                Some(Time::read(reading, found))
            }
        }
    }

    /// Whether the mapping says that this text means nothing where it stands.
    fn is_nothing(&self, slot: Slot, text: &str) -> bool {
        let mapping = self.rules.mapping;
        let nulls = &mapping.nulls;
        if nulls.is_empty() {
            return false;
        }
        let address = match slot {
            Slot::Identity(place) => mapping.identities.get(place).map(|field| &field.address),
            Slot::Time => mapping.time.as_ref(),
            Slot::Id => mapping.id.as_ref(),
            Slot::Ingested => mapping.ingested.as_ref(),
            _ => None,
        };
        let of_field = nulls.by_field.iter().filter(|(at, _)| Some(at) == address);
        of_field
            .map(|(_, values)| values)
            .chain([&nulls.any])
            .any(|values| values.iter().any(|value| value == text))
    }

    fn code(&mut self, code: &str) -> Arc<str> {
        if let Some(known) = self.met_codes.get(code) {
            return Arc::clone(known);
        }
        let new: Arc<str> = code.into();
        if self.met_codes.len() < CODES_KEPT {
            self.met_codes.insert(code.to_owned(), Arc::clone(&new));
        }
        new
    }
}

fn take_identity(field: &IdentityField, code: &Arc<str>, cell: Cell<'_>, draft: &mut Draft) {
    no_identity(&field.address.text, &cell, draft);
    if let Some(value) = written(cell) {
        draft.mentions.push(Mention {
            namespace: Arc::clone(code),
            value: field.normalised(value),
            is_primary: false,
        });
    }
}

fn no_identity(field: &str, cell: &Cell<'_>, draft: &mut Draft) {
    let Cell::Other(found) = cell else {
        return;
    };
    let field = field.to_owned();
    warn(&mut draft.warnings, Warning::NoIdentity { field, found });
}

/// A text, or a number by its digits.
fn written(cell: Cell<'_>) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text.into_owned()),
        Cell::Number(digits) => Some(digits.to_owned()),
        Cell::Null | Cell::Other(_) => None,
    }
}

/// The first value that says something stays.
fn fill(place: &mut Option<String>, cell: Cell<'_>) {
    if place.is_none() {
        *place = written(cell).filter(|value| !value.is_empty());
    }
}

fn settled(
    time: Time,
    field: impl Fn() -> String,
    warnings: &mut Vec<Warning>,
) -> Result<Moment, Reason> {
    let reading = time.reading.map_err(|fault| Reason::BadTime {
        field: field(),
        fault,
    })?;
    if let Some(remark) = reading.remark {
        warnings.push(Warning::Time {
            field: field(),
            remark,
        });
    }
    Ok(reading.moment)
}
