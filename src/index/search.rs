//! A query against a segment.

use std::collections::HashMap;

use super::IndexError;
use super::docs::Docs;
use super::layout::Subject;
use super::lens::{Effort, Lens};
use super::matches::Matches;
use super::segment::{Number, Segment, Time};
use super::standing::{Gathered, Standing, Unsure};
use super::words::Words;
use crate::model::Moment;
use crate::query::ast::{Counted, Seen, Side, Test, Values};
use crate::query::{
    Closeness, Expr, PathPattern, Reach, Sort, SortBy, Wanted, closeness_of, is_counted, is_named,
    is_when, same_code,
};

/// What a query matches of a segment under a policy; what is to be sorted by more than the index knows is left open too.
pub fn search(
    segment: &Segment,
    expr: &Expr,
    reach: Reach,
    lens: &Lens<'_>,
    sort: Option<&Sort>,
) -> Result<Matches, IndexError> {
    let view = lens.on(segment)?;
    let search = Search {
        segment,
        lens,
        unsure: view.unsure(),
        effort: lens.effort(),
    };
    let mut matches = search.expr(expr, reach, None)?;
    if let Some(doubtful) = &view.doubtful {
        matches.reopen(doubtful);
    }
    if let Some(sort) = sort
        && let Some(unsettled) = &view.unsettled
    {
        matches.reopen(&unsorted(segment, lens, sort, unsettled)?);
    }
    let mut others = segment.profiles()?.others();
    if let Some(doubtful) = &view.doubtful {
        // What another policy makes a profile of is not known yet.
        others.drop(doubtful);
        others.add(segment.dead());
    }
    matches.without(&others);
    Ok(matches.settled())
}

/// The documents of which only folding says where an order puts them.
fn unsorted(
    segment: &Segment,
    lens: &Lens<'_>,
    sort: &Sort,
    unsettled: &Docs,
) -> Result<Docs, IndexError> {
    let mut docs = match sort.by {
        SortBy::Identities | SortBy::First if lens.stitches() => Docs::none(segment.len()),
        _ => unsettled.clone(),
    };
    if sort.by == SortBy::Seen && !lens.same_clock() {
        docs.add(&without_events(segment)?);
    }
    Ok(docs)
}

/// What was last seen when its records came in, by a clock that is the policy's to choose.
fn without_events(segment: &Segment) -> Result<Docs, IndexError> {
    let events = segment.moments(Time::LastEvent)?;
    let mut docs = Docs::none(segment.len());
    for doc in (0..segment.len()).filter(|doc| events.get(*doc).is_none()) {
        docs.insert(doc);
    }
    Ok(docs)
}

#[derive(Clone, Copy)]
struct Search<'a> {
    segment: &'a Segment,
    lens: &'a Lens<'a>,
    unsure: Option<Unsure<'a>>,
    effort: Effort,
}

impl Search<'_> {
    fn expr(
        &self,
        expr: &Expr,
        reach: Reach,
        within: Option<&Docs>,
    ) -> Result<Matches, IndexError> {
        let len = self.segment.len();
        match expr {
            Expr::Term(term) => self.test(&term.test, reach, within),
            Expr::Not(inner) => {
                // Only what was looked for everywhere is known to be nowhere.
                let full = Search {
                    effort: Effort::Full,
                    ..*self
                };
                Ok(full.expr(inner, Reach::Exact, within)?.not())
            }
            Expr::Any(parts) => parts.iter().try_fold(Matches::none(len), |any, part| {
                Ok(any.or(&self.expr(part, reach, within)?))
            }),
            Expr::All(parts) => {
                let mut parts: Vec<&Expr> = parts.iter().collect();
                parts.sort_by_key(|part| is_slow(part));
                let mut all = Matches::of(Closeness::ExactIdentity, Docs::all(len));
                let mut left: Option<Docs> = within.cloned();
                for part in parts {
                    all = all.and(&self.expr(part, reach, left.as_ref())?);
                    left = Some(all.possible());
                }
                Ok(all)
            }
        }
    }

    fn test(
        &self,
        test: &Test,
        reach: Reach,
        within: Option<&Docs>,
    ) -> Result<Matches, IndexError> {
        self.lens.go_on()?;
        match test {
            Test::Word(word) => {
                let words = Words {
                    segment: self.segment,
                    lens: self.lens,
                    unsure: self.unsure,
                    within,
                    effort: self.effort,
                };
                words.matches(word, reach)
            }
            Test::Identity { namespace, values } => self.identity(namespace, values),
            Test::Attribute { path, values, side } => self.attribute(path, values, *side),
            Test::Count { of, values } => self.count(*of, values),
            Test::When { of, values } => self.when(*of, values),
            Test::Dataset(values) => {
                let mut found = self.gathered();
                self.named(&Subject::Dataset, values, Only::All, &mut found)?;
                self.named(&Subject::Source, values, Only::Doubtful, &mut found)?;
                Ok(found.matches())
            }
            Test::Namespace(values) => self.namespace(values),
            Test::Conflict(path) => self.conflict(path),
            Test::Event { kinds, filter } => match filter {
                None => {
                    let mut found = self.gathered();
                    self.named(&Subject::EventType, kinds, Only::All, &mut found)?;
                    Ok(found.matches())
                }
                Some(_) => self.with_events(kinds),
            },
        }
    }

    fn gathered(&self) -> Gathered<'_> {
        Gathered::new(self.segment.len(), self.unsure)
    }

    /// The identities of a cluster are the same for every policy that stitches.
    fn of_clusters(&self) -> Gathered<'_> {
        let unsure = self.unsure.filter(|_| !self.lens.stitches());
        Gathered::new(self.segment.len(), unsure)
    }

    fn identity(&self, namespace: &str, values: &Values) -> Result<Matches, IndexError> {
        let mut found = self.of_clusters();
        let is_asked = |subject: &Subject| matches!(subject, Subject::Namespace(code) if same_code(code, namespace));
        for (_, table) in self.segment.tables(is_asked)? {
            let mut add = |at: usize, closeness: Closeness| {
                for (doc, standing) in table.docs(at) {
                    found.add(doc, closeness, standing, Side::Winning);
                }
            };
            let Values::OneOf(wanted) = values else {
                (0..table.len()).for_each(|at| add(at, Closeness::Inside));
                continue;
            };
            for one in wanted {
                let Wanted::Like(pattern) = one else {
                    continue;
                };
                for at in table.beginning(pattern.prefix()) {
                    let value = table.value(at);
                    match pattern.literal() {
                        Some(literal) if literal == value.text => add(at, Closeness::ExactIdentity),
                        None if pattern.matches_folded(&value.folded()) => {
                            add(at, closeness_of(pattern));
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(found.matches())
    }

    fn attribute(
        &self,
        path: &PathPattern,
        values: &Values,
        side: Side,
    ) -> Result<Matches, IndexError> {
        let mut found = self.gathered();
        let is_asked = |subject: &Subject| {
            let Subject::Path(keys) = subject else {
                return false;
            };
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            match values {
                Values::Present => path.holds(&keys),
                Values::OneOf(_) => path.ends(&keys),
            }
        };
        for (_, table) in self.segment.tables(is_asked)? {
            self.lens.go_on()?;
            table.wanted(values, |at, closeness| {
                for (doc, standing) in table.docs(at) {
                    found.add(doc, closeness, standing, side);
                }
            });
        }
        Ok(found.matches())
    }

    fn count(&self, of: Counted, values: &Values) -> Result<Matches, IndexError> {
        let (number, mut found) = match of {
            Counted::Identities => (Number::Identities, self.of_clusters()),
            Counted::Events => (Number::Events, self.gathered()),
            Counted::Fragments => (Number::Fragments, self.gathered()),
        };
        let column = self.segment.number(number)?;
        let mut known: HashMap<u32, bool> = HashMap::new();
        for (doc, count) in column.range(0, column.len()).enumerate() {
            let is_wanted = *known
                .entry(count)
                .or_insert_with(|| is_counted(count.into(), values));
            let standing = if is_wanted {
                Standing::Undisputed
            } else {
                Standing::Said
            };
            found.add(
                doc as u32,
                Closeness::ExactIdentity,
                standing,
                Side::Winning,
            );
        }
        Ok(found.matches())
    }

    fn when(&self, of: Seen, values: &Values) -> Result<Matches, IndexError> {
        let time = match of {
            Seen::First => Time::First,
            Seen::Last | Seen::Event => Time::Last,
        };
        let column = self.segment.moments(time)?;
        let mut found = self.gathered();
        for doc in 0..self.segment.len() {
            let is_wanted = column
                .get(doc)
                .is_some_and(|at| is_when(Moment(at), values));
            let standing = if is_wanted {
                Standing::Undisputed
            } else {
                Standing::Said
            };
            found.add(doc, Closeness::ExactIdentity, standing, Side::Winning);
        }
        let mut matches = found.matches();
        if time == Time::Last && !self.lens.same_clock() {
            matches.open.add(&without_events(self.segment)?);
        }
        Ok(matches)
    }

    /// Documents with one of these names.
    fn named(
        &self,
        subject: &Subject,
        values: &Values,
        only: Only,
        found: &mut Gathered<'_>,
    ) -> Result<(), IndexError> {
        for (_, table) in self.segment.tables(|own| own == subject)? {
            let all = 0..table.len();
            for at in all.filter(|at| is_named(table.value(*at).text, values)) {
                for (doc, standing) in table.docs(at) {
                    let is_doubtful = |unsure: Unsure<'_>| unsure.doubtful.contains(doc);
                    if only == Only::All || self.unsure.is_some_and(is_doubtful) {
                        found.add(doc, Closeness::ExactIdentity, standing, Side::Winning);
                    }
                }
            }
        }
        Ok(())
    }

    fn namespace(&self, values: &Values) -> Result<Matches, IndexError> {
        let mut found = self.of_clusters();
        let is_asked = |subject: &Subject| matches!(subject, Subject::Namespace(code) if is_named(code, values));
        for (_, table) in self.segment.tables(is_asked)? {
            for at in 0..table.len() {
                for (doc, standing) in table.docs(at) {
                    found.add(doc, Closeness::ExactIdentity, standing, Side::Winning);
                }
            }
        }
        Ok(found.matches())
    }

    fn conflict(&self, path: &PathPattern) -> Result<Matches, IndexError> {
        let mut found = self.gathered();
        for (_, table) in self.segment.tables(|own| *own == Subject::Conflict)? {
            for at in 0..table.len() {
                let keys: Vec<String> =
                    serde_json::from_str(table.value(at).text).unwrap_or_default();
                let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
                if path.ends(&keys) {
                    for (doc, standing) in table.docs(at) {
                        found.add(doc, Closeness::ExactIdentity, standing, Side::Winning);
                    }
                }
            }
        }
        let mut matches = found.matches();
        if let Some(unsure) = self.unsure {
            matches.open.add(unsure.unsettled);
        }
        Ok(matches)
    }

    /// What an event says is read from the event: those that have one of such a type stay open.
    fn with_events(&self, kinds: &Values) -> Result<Matches, IndexError> {
        let mut open = Docs::none(self.segment.len());
        for (_, table) in self.segment.tables(|own| *own == Subject::EventType)? {
            let all = 0..table.len();
            for at in all.filter(|at| is_named(table.value(*at).text, kinds)) {
                table.docs(at).for_each(|(doc, _)| open.insert(doc));
            }
        }
        if *kinds == Values::Present {
            // Events need not have a type.
            let events = self.segment.number(Number::Events)?;
            for (doc, count) in events.range(0, events.len()).enumerate() {
                if count > 0 {
                    open.insert(doc as u32);
                }
            }
            if let Some(unsure) = self.unsure {
                open.add(unsure.doubtful);
            }
        }
        let mut matches = Matches::none(self.segment.len());
        matches.open = open;
        Ok(matches)
    }
}

/// Which documents of a table count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Only {
    All,
    Doubtful,
}

/// Words look at all texts, so they come last, where fewer are left.
fn is_slow(expr: &Expr) -> bool {
    match expr {
        Expr::Term(term) => matches!(term.test, Test::Word(_)),
        Expr::Not(inner) => is_slow(inner),
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(is_slow),
    }
}
