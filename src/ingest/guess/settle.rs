//! From what was found to a mapping: kind, identities, primary, time, id, fields, and what should be known before.

use std::collections::HashSet;

use super::column::{Column, part};
use super::finding::{Finding, Opinion, Sort, grouped};
use super::study::{Study, names_each_row};
use super::time::{self, TimeColumn};
use super::{ColumnEvidence, Evidence, Guess, channel, fields, joins, keys, kind, nulls};
use crate::ingest::mapping::{Address, FieldMove, IdentityField, Mapping};
use crate::model::DatasetKind;

/// What became of a study.
#[derive(Debug)]
pub enum Settled {
    /// How the dataset is to be read.
    Understood(Box<Guess>),
    /// No column names a person.
    NoPersons,
}

/// How a dataset is to be read; `said` is the kind that somebody named.
pub fn settle(study: &Study, said: Option<DatasetKind>) -> Settled {
    if !study.has_persons() {
        return Settled::NoPersons;
    }
    let (guessed, opinion, _) = kind::of(&study.name, &study.sample, &study.findings);
    let (kind, opinion) = match said {
        Some(said) => (said, Opinion::new(100, "as was said")),
        None => (guessed, opinion),
    };
    let mut settling = Settling {
        study,
        kind,
        findings: study.findings.clone(),
        time: match kind {
            DatasetKind::Event => time::of_events(&study.sample),
            DatasetKind::Record => time::of_records(&study.sample),
        },
        id: None,
        warnings: Vec::new(),
    };
    match kind {
        DatasetKind::Event => settling.event(),
        DatasetKind::Record => settling.record(),
    }
    if settling.time.is_none() {
        settling.warnings.extend(time::unclear(&study.sample));
    }
    settling.order();
    if settling.findings.is_empty() {
        return Settled::NoPersons;
    }
    Settled::Understood(Box::new(settling.finish(opinion)))
}

struct Settling<'s> {
    study: &'s Study,
    kind: DatasetKind,
    findings: Vec<Finding>,
    time: Option<TimeColumn>,
    id: Option<(usize, Opinion)>,
    warnings: Vec<String>,
}

impl Settling<'_> {
    /// The key of an event is its id and names nobody; two values of one namespace would be refused.
    fn event(&mut self) {
        self.id = self.event_id();
        let id = self.id.as_ref().map(|(place, _)| *place);
        self.findings
            .retain(|finding| finding.sort != Sort::OtherKey && Some(finding.column) != id);
        self.findings.sort_by_key(|finding| {
            let filled = self
                .study
                .column(finding.column)
                .map_or(0, |column| column.filled);
            (finding.sort, std::cmp::Reverse(filled), finding.column)
        });
        let mut seen = HashSet::new();
        self.findings
            .retain(|finding| seen.insert(finding.namespace.clone()));
        if self.time.is_none() {
            let words = "no column is a time, and events without one are rejected; name it with `time` in a mapping";
            self.warnings.push(words.into());
        }
    }

    /// What tells one event from another.
    fn event_id(&self) -> Option<(usize, Opinion)> {
        let sample = &self.study.sample;
        let is_id = |column: &&Column| names_each_row(sample, column);
        let columns = || sample.columns.iter().filter(is_id);
        let by_convention = columns().find(|column| column.address.text == "_id");
        let happening = || columns().find(|column| keys::names_an_event(&column.words));
        let bare = || columns().find(|column| keys::is_bare_key(&column.words));
        let column = by_convention.or_else(happening).or_else(bare)?;
        let place = sample
            .columns
            .iter()
            .position(|other| std::ptr::eq(other, column))?;
        Some((
            place,
            Opinion::new(90, format!("names the event, {}", keys::repeats(column))),
        ))
    }

    /// A record is known by what names each row; where nothing else does, by the row's own key.
    fn record(&mut self) {
        if let Some(own) = self
            .study
            .own_key
            .and_then(|own| self.study.own_finding(own))
        {
            self.add(own);
        }
        if !self
            .findings
            .iter()
            .any(|finding| self.is_one_each(finding))
            && let Some(own) = self.happening()
        {
            self.add(own);
        }
        self.part_namesakes();
    }

    fn add(&mut self, finding: Finding) {
        if !self
            .findings
            .iter()
            .any(|other| other.column == finding.column)
        {
            self.findings.push(finding);
        }
    }

    /// The key of something that happened, in a table without a time.
    fn happening(&self) -> Option<Finding> {
        let sample = &self.study.sample;
        let is_key = |column: &Column| {
            keys::speaks_of_a_happening(&column.words) && names_each_row(sample, column)
        };
        let place = sample.columns.iter().position(is_key)?;
        self.study.own_finding(place)
    }

    fn is_one_each(&self, finding: &Finding) -> bool {
        let column = self.study.column(finding.column);
        column.is_some_and(|column| names_each_row(&self.study.sample, column))
    }

    /// Two keys of one namespace would count as one: the second goes by its own name.
    fn part_namesakes(&mut self) {
        let mut seen = HashSet::new();
        for finding in &mut self.findings {
            let is_key = finding.sort <= Sort::Card;
            if is_key
                && !seen.insert(finding.namespace.clone())
                && let Some(column) = self.study.column(finding.column)
            {
                finding.namespace = joins::own_code(column);
            }
        }
    }

    /// The best to know a record by comes first.
    fn order(&mut self) {
        let mut findings = std::mem::take(&mut self.findings);
        findings.sort_by_key(|finding| (!self.is_one_each(finding), finding.sort, finding.column));
        self.findings = findings;
    }

    fn finish(mut self, opinion: Opinion) -> Guess {
        let places = fields::find(&self.study.sample, self.kind, &self.findings);
        self.warn_of_replacements();
        Guess {
            kind: self.kind,
            channel: channel::of(&self.study.name),
            mapping: self.mapping(&places),
            evidence: self.evidence(opinion, &places),
            warnings: self.warnings,
        }
    }

    fn address(&self, place: usize) -> Option<Address> {
        Some(self.study.column(place)?.address.clone())
    }

    fn mapping(&self, places: &[fields::Place]) -> Mapping {
        let time = self.time.as_ref().map(|time| time.column);
        let read = self.findings.iter().map(|finding| finding.column);
        let read: Vec<usize> = read.chain(time).collect();
        let first = self
            .findings
            .first()
            .map(|finding| finding.namespace.clone());
        let identity = |finding: &Finding| {
            Some(IdentityField {
                address: self.address(finding.column)?,
                namespace: finding.namespace.clone(),
                normalise: finding.normalise.clone(),
            })
        };
        let moved = |place: &fields::Place| {
            Some(FieldMove {
                from: self.address(place.column)?,
                to: place.path.clone(),
            })
        };
        Mapping {
            identities: self.findings.iter().filter_map(identity).collect(),
            fields: places.iter().filter_map(moved).collect(),
            nulls: nulls::find(&self.study.sample, &read),
            primary: first.filter(|_| self.kind == DatasetKind::Record),
            time: time.and_then(|place| self.address(place)),
            dates: self.time.as_ref().and_then(|time| time.order),
            id: self.id.as_ref().and_then(|(place, _)| self.address(*place)),
            ..Mapping::default()
        }
    }

    /// Rows that share the primary identity replace each other.
    fn warn_of_replacements(&mut self) {
        let Some(column) = self
            .findings
            .first()
            .and_then(|first| self.study.column(first.column))
        else {
            return;
        };
        if self.kind == DatasetKind::Record
            && column.filled > column.distinct()
            && column.uniqueness() < 0.95
        {
            self.warnings.push(format!(
                "{} rows have {} different `{}`, and of those with the same the last is kept; give `time` and kind = \"event\" in a mapping if they are events",
                grouped(column.filled), grouped(column.distinct()), column.address.text
            ));
        }
    }

    fn evidence(&self, kind: Opinion, places: &[fields::Place]) -> Evidence {
        let sample = &self.study.sample;
        let columns = sample
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| ColumnEvidence {
                source: column.address.text.clone(),
                samples: column.samples.clone(),
                filled: part(column.filled, sample.count()),
                opinion: self.opinion_of(place, places),
            });
        Evidence {
            rows: sample.count(),
            bytes: sample.bytes,
            is_part: sample.is_part,
            kind,
            columns: columns.collect(),
        }
    }

    fn opinion_of(&self, place: usize, places: &[fields::Place]) -> Opinion {
        let identity = self.findings.iter().find(|finding| finding.column == place);
        let time = self.time.as_ref().filter(|time| time.column == place);
        let id = self.id.as_ref().filter(|(id, _)| *id == place);
        let field = places.iter().find(|field| field.column == place);
        let found = [
            identity.map(|finding| &finding.opinion),
            time.map(|time| &time.opinion),
            id.map(|(_, opinion)| opinion),
            field.map(|field| &field.opinion),
        ];
        found
            .into_iter()
            .flatten()
            .next()
            .cloned()
            .unwrap_or_default()
    }
}
