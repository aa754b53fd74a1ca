//! Making a segment: entries in any order become documents in the order of lists.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use serde_json::Value;

use super::IndexError;
use super::digests::DigestMaker;
use super::docs::Doc;
use super::entry::Entry;
use super::file::SharedWriter;
use super::growth::Growth;
use super::layout::{SegmentLayout, Subject, TableLayout};
use super::paths::{PathNo, Paths};
use super::standing::Standing;
use super::tables::TableMaker;
use super::text_maker::TextMaker;
use super::texts::{MOST_DOCS, TextKind};
use crate::merge::{ClaimPath, ClaimPaths};
use crate::model::{ClusterId, Identity, Moment};
use crate::query::{each_scalar, text_of};

/// A document flag: the policy of the index makes a profile of it.
pub(super) const IS_PROFILE: u8 = 1;
/// A document flag: it has one fragment at most, and no option of a policy changes what that says.
pub(super) const IS_SIMPLE: u8 = 2;

/// Gathers entries.
pub struct SegmentMaker<'w> {
    entries: Vec<Line>,
    texts: TextMaker,
    tables: BTreeMap<Subject, TableMaker>,
    namespaces: HashMap<String, TableMaker>,
    /// The paths of what entries say.
    paths: Paths,
    /// The values at them.
    said: Vec<TableMaker>,
    /// The paths of what fragments claim.
    pub claim_paths: ClaimPaths,
    /// Their numbers among the others, where they are known, and whether words look at what they hold.
    claimed: Vec<Option<(PathNo, bool)>>,
    digests: DigestMaker<'w>,
    out: &'w SharedWriter,
}

/// What is kept of an entry as a line of columns.
struct Line {
    cluster: ClusterId,
    entity: Arc<Identity>,
    flags: u8,
    identities: u32,
    events: u32,
    fragments: u32,
    primaries: u32,
    first: Option<Moment>,
    last: Option<Moment>,
    last_event: Option<Moment>,
}

impl<'w> SegmentMaker<'w> {
    pub(super) fn new(out: &'w SharedWriter) -> Result<SegmentMaker<'w>, IndexError> {
        Ok(SegmentMaker {
            entries: Vec::new(),
            texts: TextMaker::default(),
            tables: BTreeMap::new(),
            namespaces: HashMap::new(),
            paths: Paths::default(),
            said: Vec::new(),
            claim_paths: ClaimPaths::default(),
            claimed: Vec::new(),
            digests: DigestMaker::new(out)?,
            out,
        })
    }

    /// How many entries are in.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether none is in.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether no more fit in.
    pub fn is_full(&self) -> bool {
        self.len() >= MOST_DOCS || self.texts.is_full()
    }

    /// Makes room for so many entries that are like those so far: lists that grow little by little are copied again and again.
    pub fn make_room(&mut self, entries: usize) {
        let growth = Growth {
            from: self.len(),
            to: entries + entries / 8,
        };
        growth.of(&mut self.entries);
        self.texts.make_room(growth);
        let tables = self.tables.values_mut().chain(self.namespaces.values_mut());
        for table in tables.chain(&mut self.said) {
            table.make_room(growth);
        }
    }

    /// Takes an entry in.
    pub fn add(&mut self, entry: Entry) -> Result<(), IndexError> {
        let doc = self.entries.len() as Doc;
        self.digests.add(&entry.digest)?;
        for known in &entry.digest.identities {
            let identity = &known.identity;
            self.texts.say(&identity.value, TextKind::Identity);
            let table = self.namespaces.entry_ref(&identity.namespace).or_default();
            // An identity belongs to one cluster.
            table.add_once(&identity.value, doc, Standing::Won);
        }
        self.texts.end_entry();
        for dataset in &entry.datasets {
            self.note(Subject::Dataset, dataset, doc, Standing::Undisputed);
        }
        for source in &entry.sources {
            self.note(Subject::Source, source, doc, Standing::Undisputed);
        }
        for (kind, standing) in &entry.event_types {
            let table = self.tables.entry(Subject::EventType).or_default();
            table.add(kind, false, doc, *standing);
        }
        for path in &entry.conflicts {
            let keys = serde_json::to_string(path).unwrap_or_default();
            self.note(Subject::Conflict, &keys, doc, Standing::Won);
        }
        if let Some(name) = &entry.name {
            self.note(Subject::Name, name, doc, Standing::Won);
        }
        self.entries.push(Line {
            cluster: entry.cluster,
            entity: entry.entity,
            flags: flags(entry.is_profile, IS_PROFILE) | flags(entry.is_simple, IS_SIMPLE),
            identities: entry.digest.identities.len() as u32,
            events: entry.events as u32,
            fragments: entry.fragments as u32,
            primaries: entry.digest.primaries() as u32,
            first: entry.first,
            last: entry.last,
            last_event: entry.last_event,
        });
        Ok(())
    }

    /// Notes what is said at a path of the next entry: texts, numbers and truth values, those inside too.
    pub fn claim(&mut self, path: &ClaimPath, value: &Value, standing: Standing) {
        match value {
            Value::Null => return,
            Value::Array(items) => {
                let items = items.iter();
                return items.for_each(|item| self.claim(path, item, standing));
            }
            Value::Object(_) => return self.say(&path.keys, value, standing),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
        let at = path.no as usize;
        if at >= self.claimed.len() {
            self.claimed.resize(at + 1, None);
        }
        let known = self.claimed.get(at).copied().flatten();
        let place = known.unwrap_or_else(|| {
            let keys: Vec<&str> = path.keys.iter().map(String::as_str).collect();
            self.paths.number(&keys)
        });
        if let Some(claimed) = self.claimed.get_mut(at) {
            *claimed = Some(place);
        }
        self.scalar(place, value, standing);
    }

    /// The same at any keys.
    pub fn say(&mut self, keys: &[String], value: &Value, standing: Standing) {
        let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        each_scalar(&mut keys, value, &mut |keys, value| {
            let place = self.paths.number(keys);
            self.scalar(place, value, standing);
        });
    }

    fn scalar(&mut self, (path, is_searched): (PathNo, bool), value: &Value, standing: Standing) {
        let doc = self.entries.len() as Doc;
        let place = path.place();
        if place >= self.said.len() {
            self.said.resize_with(place + 1, TableMaker::default);
        }
        let text = text_of(value);
        if let Some(table) = self.said.get_mut(place) {
            table.add(&text, value.is_number(), doc, standing);
        }
        if is_searched {
            let kind = if standing.wins() {
                TextKind::Won
            } else {
                TextKind::Lost
            };
            self.texts.say(&text, kind);
        }
    }

    fn note(&mut self, subject: Subject, text: &str, doc: Doc, standing: Standing) {
        let table = self.tables.entry(subject).or_default();
        table.add(text, false, doc, standing);
    }

    /// Writes the segment; others may be written to the same file meanwhile.
    pub(super) fn write(mut self) -> Result<SegmentLayout, IndexError> {
        let out = self.out;
        let mut order: Vec<Doc> = (0..self.entries.len() as Doc).collect();
        let line = |doc: Doc| self.entries.get(doc as usize);
        order.sort_by(|a, b| {
            let key = |doc: Doc| line(doc).map(|line| (Reverse(line.last_event), &line.entity));
            key(*a).cmp(&key(*b))
        });
        let mut places = vec![0; order.len()];
        for (place, doc) in order.iter().enumerate() {
            if let Some(own) = places.get_mut(*doc as usize) {
                *own = place as Doc;
            }
        }
        let place = |doc: Doc| places.get(doc as usize).copied().unwrap_or(0);
        let mut layout = SegmentLayout {
            len: order.len() as u32,
            digests: self.digests.finish(&order, &self.claim_paths)?,
            ..SegmentLayout::default()
        };
        write_columns(&self.entries, &order, out, &mut layout)?;
        self.entries = Vec::new();
        self.texts.write(&order, out, &mut layout)?;
        let paths = self.paths.into_keys().map(Subject::Path).zip(self.said);
        let namespaces = self.namespaces.into_iter();
        let namespaces = namespaces.map(|(code, table)| (Subject::Namespace(code), table));
        let tables = self.tables.into_iter().chain(namespaces);
        let mut tables: Vec<_> = tables.chain(paths).collect();
        tables.sort_by(|a, b| a.0.cmp(&b.0));
        for (subject, table) in tables {
            let profiles = table.winning(order.len());
            let packed = table.pack(place);
            layout.tables.push(TableLayout {
                subject,
                profiles,
                section: out.add(&packed)?,
            });
        }
        Ok(layout)
    }
}

fn write_columns(
    entries: &[Line],
    order: &[Doc],
    out: &SharedWriter,
    layout: &mut SegmentLayout,
) -> Result<(), IndexError> {
    let lines = || order.iter().filter_map(|doc| entries.get(*doc as usize));
    let column = |of: fn(&Line) -> u32| -> Vec<u8> {
        lines().flat_map(|line| of(line).to_le_bytes()).collect()
    };
    let moments = |of: fn(&Line) -> Option<Moment>| -> Vec<u8> {
        let numbers = lines().map(|line| of(line).map_or(i64::MIN, |moment| moment.0));
        numbers.flat_map(i64::to_le_bytes).collect()
    };
    layout.clusters = out.add(&column(|line| line.cluster.0))?;
    layout.identities = out.add(&column(|line| line.identities))?;
    layout.events = out.add(&column(|line| line.events))?;
    layout.fragments = out.add(&column(|line| line.fragments))?;
    layout.primaries = out.add(&column(|line| line.primaries))?;
    layout.flags = out.add(&lines().map(|line| line.flags).collect::<Vec<_>>())?;
    layout.first = out.add(&moments(|line| line.first))?;
    layout.last = out.add(&moments(|line| line.last))?;
    layout.last_event = out.add(&moments(|line| line.last_event))?;
    let (mut entities, mut ends) = (Vec::new(), Vec::new());
    for line in lines() {
        let length = line.entity.namespace.len() as u32;
        entities.extend(length.to_le_bytes());
        entities.extend(line.entity.namespace.as_bytes());
        entities.extend(line.entity.value.as_bytes());
        ends.extend((entities.len() as u32).to_le_bytes());
    }
    layout.entities = out.add(&entities)?;
    layout.entity_ends = out.add(&ends)?;
    Ok(())
}

fn flags(is_set: bool, flag: u8) -> u8 {
    if is_set { flag } else { 0 }
}
