//! Whom a row names: its mentions, held against the rules, and the nodes that they stand for.

use std::cmp::Ordering;
use std::hint::black_box;
use std::sync::Arc;

use super::Result;
use super::intake::Intake;
use super::names::by_name;
use crate::identity::{Admitted, Mention, Node};
use crate::ingest::{Item, Row};
use crate::model::{DatasetKind, NamespaceId};

/// So many mentions of a row lie on the stack.
const FEW: usize = 8;

const NOBODY: Mention<'static> = Mention {
    namespace: NamespaceId(0),
    value: "",
    is_primary: false,
};

/// As many spellings of namespaces as are known by where they lie.
const SPELLINGS: usize = 32;

/// Whom a row names, in memory that is used again from row to row.
#[derive(Default)]
pub(super) struct Named {
    /// The namespaces of its mentions.
    pub(super) namespaces: Vec<NamespaceId>,
    pub(super) admitted: Admitted,
    /// The nodes of those who were admitted, with their places among the mentions.
    pub(super) nodes: Vec<(usize, Node)>,
}

impl Intake<'_, '_> {
    /// Decides about the mentions of a row.
    pub(super) fn admit(&mut self, row: &Row, named: &mut Named) -> Result<()> {
        named.namespaces.clear();
        for mention in &row.mentions {
            named.namespaces.push(self.namespace(&mention.namespace)?);
        }
        let own = row.mentions.iter().zip(&named.namespaces);
        let own = own.map(|(mention, namespace)| Mention {
            namespace: *namespace,
            value: &mention.value,
            is_primary: mention.is_primary,
        });
        // Most rows name few: no memory is taken for them.
        let (mut few, many): ([Mention<'_>; FEW], Vec<Mention<'_>>);
        let mentions = if row.mentions.len() <= FEW {
            few = [NOBODY; FEW];
            few.iter_mut()
                .zip(own)
                .for_each(|(place, own)| *place = own);
            few.get(..row.mentions.len()).unwrap_or_default()
        } else {
            many = own.collect();
            &many
        };
        self.admission
            .admit_into(self.planned.kind, mentions, &mut named.admitted);
        Ok(())
    }

    /// Brings near what is known of those whom some rows name, which are taken next.
    pub(super) fn look_ahead(&mut self, rows: &[Item]) {
        let mut ahead = std::mem::take(&mut self.ahead);
        ahead.clear();
        let rows = || rows.iter().filter_map(Item::row);
        for row in rows() {
            for mention in &row.mentions {
                // A namespace that is met for the first time has nobody yet.
                let namespace = self.spelt(&mention.namespace).unwrap_or(NamespaceId(0));
                ahead.add(namespace, &mention.value);
            }
            ahead.end_record();
        }
        self.around.plot.people.look_ahead(&mut ahead);
        let touched = rows()
            .zip(ahead.records())
            .fold(0, |touched, (row, nodes)| {
                let marked = || row.mentions.iter().position(|mention| mention.is_primary);
                let primary = row.primary.or_else(marked).unwrap_or(0);
                let Some(Some(node)) = nodes.get(primary) else {
                    return touched;
                };
                let node = node.index() as u32;
                touched
                    ^ match (self.planned.kind, &row.id) {
                        (DatasetKind::Record, _) => self.records.look_ahead(node),
                        (DatasetKind::Event, Some(id)) => self.events.look_ahead(node, id),
                        (DatasetKind::Event, None) => 0,
                    }
            });
        black_box(touched);
        self.ahead = ahead;
    }

    /// The namespace of a spelling that was met lately.
    fn spelt(&self, code: &Arc<str>) -> Option<NamespaceId> {
        let mut spellings = self.spellings.iter();
        let known = spellings.find(|(known, _)| Arc::ptr_eq(known, code));
        known.map(|(_, namespace)| *namespace)
    }

    fn namespace(&mut self, code: &Arc<str>) -> Result<NamespaceId> {
        if let Some(id) = self.spelt(code) {
            return Ok(id);
        }
        let id = match self.namespaces.get(code) {
            Some(id) => *id,
            None => self.new_namespace(code)?,
        };
        if self.spellings.len() >= SPELLINGS {
            self.spellings.clear();
        }
        self.spellings.push((Arc::clone(code), id));
        Ok(id)
    }

    fn new_namespace(&mut self, code: &Arc<str>) -> Result<NamespaceId> {
        let writer = self.around.plot.writer;
        let known = writer.view().catalog()?.namespaces().len();
        let id = writer.namespace(code)?;
        let catalog = writer.view().catalog()?;
        if catalog.namespaces().len() > known {
            let namespace = catalog.namespace(id)?;
            self.admission.add_namespace(namespace);
            self.around.plot.people.graph.add_namespace(namespace);
        }
        self.namespaces.insert(Arc::clone(code), id);
        Ok(id)
    }

    /// Finds the nodes of those whom the row names, with their places among its mentions.
    pub(super) fn find(&mut self, row: &Row, named: &mut Named) -> Result<()> {
        let (view, at) = (self.view(), self.around.plot.at);
        // Numbers say who was seen first; among those that one row brings, the smallest.
        named.admitted.named.sort_by(|a, b| {
            let mentions = row.mentions.get(*a).zip(row.mentions.get(*b));
            mentions.map_or(Ordering::Equal, |(a, b)| by_name(a, b))
        });
        named.nodes.clear();
        for place in &named.admitted.named {
            let mention = row.mentions.get(*place);
            let Some((mention, namespace)) = mention.zip(named.namespaces.get(*place)) else {
                continue;
            };
            let people = &mut self.around.plot.people;
            let node = people.node(view, *namespace, &mention.value, at)?;
            named.nodes.push((*place, node));
        }
        Ok(())
    }
}
