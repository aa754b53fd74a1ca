//! Finding profiles by the index: what it decides is counted and ranked by its bits, what it leaves open is folded.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use super::decided::decided;
use super::folded::hit;
use super::ranking::{Line, order};
use super::tally::{Counted, Tally};
use super::{Asked, Early, asks_what_events_say, has_words, loosely};
use crate::index::{self, DigestReader, Doc, Docs, Effort, Index, IndexError, Matches, Segment};
use crate::lookup::error::Result;
use crate::model::{Hit, Identity, SearchAnswer};
use crate::query::{Closeness, Reach, Sort};
use crate::store::View;

/// Rows that are told early: as many as fit on a screen.
pub(in crate::lookup) const FIRST_ROWS: u64 = 40;

/// How long folding rows may take before those that are there are told.
const SOON: Duration = Duration::from_millis(6);

/// Documents that are folded before the first look at the clock; twice as many before the next, as long as they are quick.
const STRETCH: usize = 512;

/// What a stretch of documents may take for the next one to be longer.
const QUICK: Duration = Duration::from_millis(40);

/// How often a growing count is told.
const GROWTH: Duration = Duration::from_millis(200);

/// The documents of every segment that match, for counting what they are made of; what the index leaves open is folded.
pub(super) fn docs(view: View<'_>, index: &Index, asked: &Asked<'_>) -> Result<Vec<Docs>> {
    let mut found = Vec::new();
    for reach in [Reach::Typos, Reach::Subsequences] {
        found.clear();
        let decided = decided(view, index, asked, reach, None, Effort::Full)?;
        let question = asked.question(reach, None);
        for (own, decided) in index.segments().iter().enumerate().zip(decided) {
            let mut docs = decided.sure().clone();
            let open = question.open(own, &decided.open)?;
            for doc in question.matching(view, &open, &open.docs)? {
                docs.insert(doc);
            }
            found.push(docs);
        }
        let is_none = found.iter().all(Docs::is_empty);
        if !is_none || !has_words(&asked.query.expr) {
            break;
        }
    }
    Ok(found)
}

/// The profiles that match, ranked; what is known before everything was looked at is told early.
pub(super) fn matching(
    view: View<'_>,
    index: &Index,
    asked: &Asked<'_>,
    answer: &mut SearchAnswer,
    early: &mut Early<'_>,
) -> Result<()> {
    let start = Instant::now();
    let patience = asked.request.patience;
    let is_patient = || patience.is_none_or(|patience| start.elapsed() < patience);
    let mut shown = Shown::new();
    if let Some(early) = early
        && is_told_early(index, asked)
    {
        let found = Found::closest_of(view, index, asked)?;
        if found.total() > 0 && found.decided.iter().all(|decided| decided.open.is_empty()) {
            early(found.so_far(answer, &mut shown)?);
        }
    }
    for reach in [Reach::Typos, Reach::Subsequences] {
        let mut found = Found::decided(view, index, asked, reach, Effort::Full)?;
        answer.exact = match early {
            None => found.fold_open(|_| Ok(is_patient()))?,
            Some(early) => found.fold_open(|found| {
                // A list stays what it is until something is found that stands on this page.
                if found.total() > asked.request.offset {
                    early(found.so_far(answer, &mut shown)?);
                }
                Ok(true)
            })?,
        };
        answer.total = found.total();
        if answer.total > 0 {
            if found.closest() == Some(Closeness::Subsequence) {
                answer.notes.push(loosely());
            }
            if let Some(early) = early
                && asked.request.offset == 0
            {
                let first = found.so_far(answer, &mut shown)?;
                // A whole page takes longer than what fits on a screen.
                if (first.profiles.len() as u64) < asked.request.limit.min(answer.total) {
                    early(SearchAnswer {
                        exact: answer.exact,
                        ..first
                    });
                }
            }
            answer.profiles = found.page(asked.request.limit, None, &mut shown)?;
            return Ok(());
        }
        if !has_words(&asked.query.expr) {
            return Ok(());
        }
    }
    Ok(())
}

/// Whether the closest matches may be found sooner than all: in the order of closeness, by the policy of the index.
fn is_told_early(index: &Index, asked: &Asked<'_>) -> bool {
    let request = asked.request;
    let is_first_page = request.offset == 0 && order(request).is_none();
    is_first_page
        && has_words(&asked.query.expr)
        && index::same_winners(asked.policy, index.policy())
}

/// The lines of documents that were shown already, by segment and document.
type Shown = HashMap<(usize, Doc), Vec<Hit>>;

/// What matches within a reach.
struct Found<'a> {
    view: View<'a>,
    index: &'a Index,
    asked: &'a Asked<'a>,
    reach: Reach,
    sort: Option<Sort>,
    /// What the index decided, by segment.
    decided: Vec<Matches>,
    /// What was folded and matches.
    folded: Tally,
    /// How many rows are wanted at most, counted from the first.
    most: usize,
}

impl<'a> Found<'a> {
    /// What the index decides.
    fn decided(
        view: View<'a>,
        index: &'a Index,
        asked: &'a Asked<'a>,
        reach: Reach,
        effort: Effort,
    ) -> Result<Found<'a>> {
        let sort = order(asked.request);
        let request = asked.request;
        let most = request.offset.saturating_add(request.limit);
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(Found {
            view,
            index,
            asked,
            reach,
            decided: decided(view, index, asked, reach, sort.as_ref(), effort)?,
            sort,
            folded: Tally::new(most),
            most,
        })
    }

    /// What comes as close as the start of a word, which stands before all else.
    fn closest_of(view: View<'a>, index: &'a Index, asked: &'a Asked<'a>) -> Result<Found<'a>> {
        let mut found = Found::decided(view, index, asked, Reach::Typos, Effort::WordStarts)?;
        let decided = found.decided.into_iter();
        found.decided = decided
            .map(|decided| decided.up_to(Closeness::WordStart))
            .collect();
        Ok(found)
    }

    /// What is known by now, as an answer that is not over: as many rows as are folded in time.
    fn so_far(&self, answer: &SearchAnswer, shown: &mut Shown) -> Result<SearchAnswer> {
        let end = Instant::now() + SOON;
        Ok(SearchAnswer {
            total: self.total(),
            exact: false,
            profiles: self.page(FIRST_ROWS, Some(end), shown)?,
            ..answer.clone()
        })
    }

    /// Folds what the index left open; now and then `tell` hears of it and says whether to go on. Whether all was folded.
    fn fold_open(&mut self, mut tell: impl FnMut(&Found<'a>) -> Result<bool>) -> Result<bool> {
        let (mut told, mut patience) = (Instant::now(), SOON);
        let (index, sort) = (self.index, self.sort.clone());
        let mut stretch = STRETCH;
        let question = self.asked.question(self.reach, sort.as_ref());
        for (place, segment) in index.segments().iter().enumerate() {
            let Some(decided) = self.decided.get(place) else {
                continue;
            };
            let open = question.open((place, segment), &decided.open)?;
            let mut rest = open.docs.as_slice();
            while !rest.is_empty() {
                let begun = Instant::now();
                let (docs, later) = rest.split_at(stretch.min(rest.len()));
                rest = later;
                let tally = question.tally(self.view, &open, docs, self.most)?;
                self.folded.join(tally, sort.as_ref());
                if begun.elapsed() < QUICK {
                    stretch *= 2;
                }
                if told.elapsed() > patience {
                    if !tell(self)? {
                        return Ok(false);
                    }
                    (told, patience) = (Instant::now(), GROWTH);
                }
            }
        }
        Ok(true)
    }

    fn total(&self) -> u64 {
        let decided = self.decided.iter().map(|decided| decided.sure().count());
        decided.sum::<u64>() + self.folded.count()
    }

    /// How close the closest come.
    fn closest(&self) -> Option<Closeness> {
        let decided = self.decided.iter().filter_map(|decided| {
            let mut layers = decided.by_closeness();
            layers.find_map(|(closeness, docs)| (!docs.is_empty()).then_some(closeness))
        });
        decided.chain(self.folded.closest()).min()
    }

    /// The profiles that were asked for: the first of every segment, and of those that were folded, in one order.
    ///
    /// Past the `end` it gives what it has, a row at least.
    fn page(&self, most: u64, end: Option<Instant>, shown: &mut Shown) -> Result<Vec<Hit>> {
        let offset = self.asked.request.offset;
        let limit = self.asked.request.limit.min(most);
        let most = usize::try_from(offset.saturating_add(limit)).unwrap_or(usize::MAX);
        let mut readers = Vec::new();
        let mut lines = Vec::new();
        for (segment, decided) in self.index.segments().iter().zip(&self.decided) {
            readers.push(segment.digests()?);
            lines.push(self.first_of(segment, decided, most)?);
        }
        let mut folded: VecDeque<&Counted> = self.folded.best().iter().collect();
        let mut hits = Vec::new();
        let mut passed = 0;
        let is_over = || end.is_some_and(|end| Instant::now() > end);
        while (hits.len() as u64) < limit && (hits.is_empty() || !is_over()) {
            let Some(next) = self.next(&mut lines, &mut folded)? else {
                break;
            };
            passed += 1;
            let Some(reader) = readers.get_mut(next.place).filter(|_| passed > offset) else {
                continue;
            };
            let lines = match shown.entry((next.place, next.doc)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(place) => place.insert(self.shown(reader, next.doc)?),
            };
            let is_it = |hit: &&Hit| next.entity.is_none_or(|entity| hit.entity_id == *entity);
            hits.extend(lines.iter().filter(is_it).cloned());
        }
        Ok(hits)
    }

    /// Takes the next of the list: what the index decided, or what was folded.
    fn next<'f>(
        &self,
        lines: &mut [VecDeque<Line>],
        folded: &mut VecDeque<&'f Counted>,
    ) -> Result<Option<Next<'f>>> {
        let best = self.best(lines)?;
        let line = best.and_then(|place| Some((place, lines.get_mut(place)?)));
        let is_folded = match (folded.front(), &line) {
            (Some(counted), Some((place, line))) => match line.front() {
                Some(line) => self.is_before(counted, *place, line)?,
                None => true,
            },
            (counted, _) => counted.is_some(),
        };
        if is_folded {
            return Ok(folded.pop_front().map(|counted| Next {
                place: counted.place,
                doc: counted.doc,
                entity: Some(&counted.entity),
            }));
        }
        let next = line.and_then(|(place, line)| Some((place, line.pop_front()?.doc)));
        Ok(next.map(|(place, doc)| Next {
            place,
            doc,
            entity: None,
        }))
    }

    /// The first of what the index decided of a segment, so many at most.
    fn first_of(
        &self,
        segment: &Segment,
        decided: &Matches,
        most: usize,
    ) -> Result<VecDeque<Line>> {
        let mut lines = VecDeque::new();
        if let Some(sort) = &self.sort {
            for (doc, key) in index::sorted(segment, decided.sure(), sort, most)? {
                lines.push_back(Line::of(segment, doc, Closeness::ExactIdentity, key)?);
            }
            return Ok(lines);
        }
        for (closeness, docs) in decided.by_closeness() {
            for doc in docs.iter().take(most - lines.len()) {
                lines.push_back(Line::of(segment, doc, closeness, None)?);
            }
        }
        Ok(lines)
    }

    /// The segment whose next line comes first.
    fn best(&self, lines: &[VecDeque<Line>]) -> Result<Option<usize>> {
        let mut best: Option<(usize, &Line)> = None;
        for (place, line) in lines.iter().enumerate() {
            let Some(line) = line.front() else { continue };
            let is_better = match best {
                None => true,
                Some((other, known)) => {
                    let order = line.rank.compare(&known.rank, self.sort.as_ref());
                    match order {
                        Ordering::Equal => {
                            self.entity(place, line.doc)? < self.entity(other, known.doc)?
                        }
                        order => order.is_lt(),
                    }
                }
            };
            if is_better {
                best = Some((place, line));
            }
        }
        Ok(best.map(|(place, _)| place))
    }

    fn is_before(&self, counted: &Counted, place: usize, line: &Line) -> Result<bool> {
        Ok(match counted.rank.compare(&line.rank, self.sort.as_ref()) {
            Ordering::Equal => counted.entity < self.entity(place, line.doc)?,
            order => order.is_lt(),
        })
    }

    fn entity(&self, place: usize, doc: Doc) -> Result<Identity> {
        let segment = self
            .index
            .segments()
            .get(place)
            .ok_or(IndexError::Missing)?;
        Ok(segment.entity(doc)?)
    }

    /// What the index decided, as the list shows it: folded after all, for its name and for what matched.
    fn shown(&self, reader: &mut DigestReader<'_>, doc: Doc) -> Result<Vec<Hit>> {
        let view = asks_what_events_say(&self.asked.query.expr).then_some(self.view);
        let question = self.asked.question(self.reach, self.sort.as_ref());
        let profiles = question.profiles(reader, doc, view)?;
        let hits = profiles.into_iter().map(|(profile, outcome)| {
            let matched = outcome.map(|outcome| outcome.matches);
            hit(&profile, matched.unwrap_or_default())
        });
        Ok(hits.collect())
    }
}

/// What comes next in a list: all profiles of a document, or the one of this name.
struct Next<'f> {
    place: usize,
    doc: Doc,
    entity: Option<&'f Identity>,
}
