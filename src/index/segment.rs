//! A segment: a stretch of documents with their columns, texts and tables, each read when it is first needed.

use std::sync::{Arc, Mutex, PoisonError};

use super::alphabet::Alphabet;
use super::digests::{DigestReader, DigestShelf};
use super::docs::{Doc, Docs};
use super::file::SectionFile;
use super::layout::{SegmentLayout, Subject, TableLayout};
use super::maker::{IS_PROFILE, IS_SIMPLE};
use super::numbers::{Bytes, Column, Moments};
use super::once::Once;
use super::texts::{Masks, Starts, Texts};
use super::values::ValueTable;
use super::{IndexError, Section};
use crate::model::{ClusterId, Identity, Moment};

/// Bytes of tables that a segment keeps in memory between two questions.
const KEPT: u64 = 16 * 1024 * 1024;

/// A stretch of documents.
#[derive(Debug)]
pub struct Segment {
    file: Arc<SectionFile>,
    layout: SegmentLayout,
    /// Documents that a later segment holds anew, or that are gone.
    dead: Docs,
    numbers: [Once<Column>; 5],
    moments: [Once<Moments>; 3],
    flags: Once<Bytes>,
    profiles: Once<Docs>,
    words: [Once<(Texts, Starts)>; 3],
    masks: Once<Masks>,
    entities: Once<(Column, Bytes)>,
    shelf: Mutex<Vec<(usize, Arc<ValueTable>)>>,
    digests: DigestShelf,
}

/// A column of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// The cluster.
    Cluster,
    /// How many identities.
    Identities,
    /// How many events.
    Events,
    /// How many fragments.
    Fragments,
    /// How many identities that make a profile of their own where nothing is stitched.
    Primaries,
}

/// A column of moments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// When it was first seen.
    First,
    /// Its last event, else its last ingestion.
    Last,
    /// Its last event.
    LastEvent,
}

impl Segment {
    pub(super) fn new(file: Arc<SectionFile>, layout: SegmentLayout) -> Segment {
        Segment {
            dead: Docs::none(layout.len),
            file,
            layout,
            numbers: Default::default(),
            moments: Default::default(),
            flags: Once::default(),
            profiles: Once::default(),
            words: Default::default(),
            masks: Once::default(),
            entities: Once::default(),
            shelf: Mutex::default(),
            digests: DigestShelf::default(),
        }
    }

    /// How many documents it has, dead ones included.
    pub fn len(&self) -> u32 {
        self.layout.len
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.layout.len == 0
    }

    /// Documents that do not count any more.
    pub fn dead(&self) -> &Docs {
        &self.dead
    }

    /// Takes out the documents of clusters that are as they were no more; the clusters are sorted.
    pub(super) fn bury(&mut self, gone: &[u32]) -> Result<(), IndexError> {
        if gone.is_empty() {
            return Ok(());
        }
        let clusters = self.number(Number::Cluster)?.clone();
        for (doc, cluster) in clusters.range(0, clusters.len()).enumerate() {
            if gone.binary_search(&cluster).is_ok() {
                self.dead.insert(doc as Doc);
            }
        }
        Ok(())
    }

    pub(super) fn number(&self, number: Number) -> Result<&Column, IndexError> {
        let (place, section) = match number {
            Number::Cluster => (&self.numbers[0], &self.layout.clusters),
            Number::Identities => (&self.numbers[1], &self.layout.identities),
            Number::Events => (&self.numbers[2], &self.layout.events),
            Number::Fragments => (&self.numbers[3], &self.layout.fragments),
            Number::Primaries => (&self.numbers[4], &self.layout.primaries),
        };
        place.get(|| Ok(Column::of(&self.read(section)?)))
    }

    pub(super) fn moments(&self, time: Time) -> Result<&Moments, IndexError> {
        let (place, section) = match time {
            Time::First => (&self.moments[0], &self.layout.first),
            Time::Last => (&self.moments[1], &self.layout.last),
            Time::LastEvent => (&self.moments[2], &self.layout.last_event),
        };
        place.get(|| Ok(Moments(self.read(section)?)))
    }

    /// The cluster of a document.
    pub fn cluster(&self, doc: Doc) -> Result<ClusterId, IndexError> {
        Ok(ClusterId(self.number(Number::Cluster)?.get(doc as usize)))
    }

    /// The living documents of some clusters, each with its cluster.
    pub fn documents(&self, clusters: &[ClusterId]) -> Result<Vec<(ClusterId, Doc)>, IndexError> {
        let mut wanted: Vec<u32> = clusters.iter().map(|cluster| cluster.0).collect();
        wanted.sort_unstable();
        // Nearly every document is passed over by one look at a bit.
        let mut bits = Docs::none(1 << 16);
        let low = |cluster: u32| cluster & 0xffff;
        for cluster in &wanted {
            bits.insert(low(*cluster));
        }
        let own = self.number(Number::Cluster)?;
        let docs = (0..).zip(own.range(0, own.len()));
        let found = docs.filter(|(doc, cluster)| {
            bits.contains(low(*cluster))
                && wanted.binary_search(cluster).is_ok()
                && !self.dead.contains(*doc)
        });
        Ok(found
            .map(|(doc, cluster)| (ClusterId(cluster), doc))
            .collect())
    }

    /// A number of a document.
    pub fn number_of(&self, number: Number, doc: Doc) -> Result<u64, IndexError> {
        Ok(self.number(number)?.get(doc as usize).into())
    }

    /// A moment of a document.
    pub fn moment_of(&self, time: Time, doc: Doc) -> Result<Option<Moment>, IndexError> {
        Ok(self.moments(time)?.get(doc).map(Moment))
    }

    /// The identity that names a document in lists.
    pub fn entity(&self, doc: Doc) -> Result<Identity, IndexError> {
        let (ends, bytes) = self.entities.get(|| {
            let ends = Column::of(&self.read(&self.layout.entity_ends)?);
            Ok((ends, self.read(&self.layout.entities)?))
        })?;
        let at = doc as usize;
        let from = at.checked_sub(1).map_or(0, |before| ends.get(before));
        let own = bytes.get(from as usize..ends.get(at) as usize);
        let (length, text) = own
            .and_then(|own| own.split_at_checked(4))
            .unwrap_or_default();
        let length = length.try_into().map_or(0, u32::from_le_bytes) as usize;
        let (namespace, value) = text.split_at_checked(length).unwrap_or_default();
        Ok(Identity {
            namespace: String::from_utf8_lossy(namespace).into_owned(),
            value: String::from_utf8_lossy(value).into_owned(),
        })
    }

    fn flagged(&self, flag: u8) -> Result<Docs, IndexError> {
        let flags = self.flags.get(|| self.read(&self.layout.flags))?;
        let mut docs = Docs::none(self.len());
        for (doc, own) in flags.iter().enumerate() {
            if own & flag != 0 {
                docs.insert(doc as Doc);
            }
        }
        Ok(docs)
    }

    /// The documents of which the policy of the index makes profiles, dead ones left out.
    pub fn profiles(&self) -> Result<&Docs, IndexError> {
        self.profiles.get(|| {
            let mut docs = self.flagged(IS_PROFILE)?;
            docs.drop(&self.dead);
            Ok(docs)
        })
    }

    /// The documents of one fragment at most, of which no option changes what it says.
    pub(super) fn simple(&self) -> Result<Docs, IndexError> {
        self.flagged(IS_SIMPLE)
    }

    /// The texts of one alphabet, and where words start in them.
    pub(super) fn words(&self, alphabet: Alphabet) -> Result<&(Texts, Starts), IndexError> {
        let [digits, hex, any] = &self.words;
        let [of_digits, of_hex, of_any] = &self.layout.texts;
        let (place, layout) = match alphabet {
            Alphabet::Digits => (digits, of_digits),
            Alphabet::Hex => (hex, of_hex),
            Alphabet::Any => (any, of_any),
        };
        place.get(|| {
            let texts = Texts {
                letters: self.read(&layout.letters)?,
                docs: Column::of(&self.read(&layout.docs)?),
                starts: self.read(&layout.starts)?,
            };
            let starts = Starts {
                places: Column::of(&self.read(&layout.start_places)?),
                marks: Column::of(&self.read(&layout.start_marks)?),
            };
            Ok((texts, starts))
        })
    }

    /// Which letters occur in the texts of each document.
    pub(super) fn masks(&self) -> Result<&Masks, IndexError> {
        self.masks.get(|| Ok(Masks(self.read(&self.layout.masks)?)))
    }

    fn read(&self, section: &Section) -> Result<Bytes, IndexError> {
        self.file.read(section)
    }

    /// Reads what every list needs.
    pub(super) fn warm(&self) -> Result<(), IndexError> {
        self.profiles()?;
        self.moments(Time::LastEvent)?;
        self.masks()?;
        self.digests().map(|_| ())
    }

    /// Reads digests of its documents.
    pub fn digests(&self) -> Result<DigestReader<'_>, IndexError> {
        DigestReader::new(&self.digests, &self.file, &self.layout.digests)
    }

    /// What there are tables of, and in how many documents some value of each wins.
    pub fn subjects(&self) -> impl Iterator<Item = (&Subject, u64)> {
        let tables = self.layout.tables.iter();
        tables.map(|table| (&table.subject, table.profiles))
    }

    /// The tables whose subject passes a test.
    pub fn tables(
        &self,
        passes: impl Fn(&Subject) -> bool,
    ) -> Result<Vec<(&Subject, Arc<ValueTable>)>, IndexError> {
        let tables = self.layout.tables.iter().enumerate();
        tables
            .filter(|(_, table)| passes(&table.subject))
            .map(|(at, table)| Ok((&table.subject, self.table(at, table)?)))
            .collect()
    }

    /// A table from the shelf, or from the file; the shelf keeps those that were used last.
    fn table(&self, at: usize, table: &TableLayout) -> Result<Arc<ValueTable>, IndexError> {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let known = shelf.iter().position(|(own, _)| *own == at);
        let kept = match known {
            Some(place) => shelf.remove(place),
            None => (at, Arc::new(ValueTable::of(self.read(&table.section)?))),
        };
        let found = Arc::clone(&kept.1);
        shelf.insert(0, kept);
        let mut room = KEPT;
        let size = |at: usize| self.layout.tables.get(at).map_or(0, |t| t.section.len());
        shelf.retain(|(own, _)| {
            let fits = *own == at || size(*own) <= room;
            room = room.saturating_sub(size(*own));
            fits
        });
        Ok(found)
    }
}
