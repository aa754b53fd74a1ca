//! What a policy in the place of another would change for everybody, counted when that is asked for.

use std::time::Duration;

use ratatui::text::{Line, Span};

use crate::model::{Path, PopulationAnswer};
use crate::tui::message::{Ctx, Effect};
use crate::tui::text::{cells, count, counted, dotted, fit, took};
use crate::worker::{Answer, Question, Reply, Slot};

use super::why::letter;

/// The ids of two policies, the baseline first.
type Pair = [String; 2];

/// What was counted so far, pair by pair.
#[derive(Default)]
pub struct Impact {
    counts: Vec<(Pair, Count)>,
}

/// How far the counting of a pair has come.
enum Count {
    UnderWay,
    Done(Box<PopulationAnswer>, Duration),
    Failed(String),
}

impl Impact {
    /// Asks for this pair.
    pub fn ask(&mut self, pair: Pair) -> Effect {
        self.stop();
        self.counts.retain(|(other, _)| *other != pair);
        self.counts.push((pair.clone(), Count::UnderWay));
        Effect::Ask(Slot::Impact, Question::Population { policies: pair })
    }

    /// Gives up what is being counted, if anything is.
    pub fn stop(&mut self) -> Option<Effect> {
        let before = self.counts.len();
        let is_over = |count: &Count| !matches!(count, Count::UnderWay);
        self.counts.retain(|(_, count)| is_over(count));
        (self.counts.len() < before).then_some(Effect::Cancel(Slot::Impact))
    }

    /// Takes an answer in.
    pub fn take(&mut self, reply: &Reply) {
        let Question::Population { policies } = reply.question.as_ref() else {
            return;
        };
        let count = match &reply.answer {
            Ok(Answer::Population(answer)) => Count::Done(answer.clone(), reply.elapsed),
            Ok(_) => return,
            Err(words) => Count::Failed(words.clone()),
        };
        let known = self.counts.iter_mut().find(|(pair, _)| pair == policies);
        if let Some((_, place)) = known {
            *place = count;
        }
    }

    /// What is known of a pair, whose second policy stands on this side, and of the path that is looked at.
    pub fn line<'a>(
        &self,
        (pair, side): (&Pair, usize),
        path: Option<&Path>,
        width: usize,
        ctx: &Ctx,
    ) -> Line<'a> {
        let lead = format!("for everybody, A {} {}: ", ctx.icons.arrow, letter(side));
        let room = width.saturating_sub(lead.chars().count());
        let known = self.counts.iter().find(|(other, _)| other == pair);
        let (words, style) = match known.map(|(_, count)| count) {
            None => (String::new(), ctx.theme.dim),
            Some(Count::UnderWay) => ("counting…  esc stops".into(), ctx.theme.dim),
            Some(Count::Failed(words)) => (words.clone(), ctx.theme.bad),
            Some(Count::Done(answer, elapsed)) => {
                let tell = |detail| told((answer, *elapsed), path, detail, ctx.icons.dot);
                (told_within(room, tell), ctx.theme.text)
            }
        };
        let mut line = Line::from(Span::styled(lead, ctx.theme.dim));
        if known.is_none() {
            line.push_span(Span::styled("I", ctx.theme.key));
            line.push_span(Span::styled(" counts what changes", ctx.theme.dim));
        } else {
            line.push_span(Span::styled(fit(&words, room), style));
        }
        line
    }
}

/// How much of a count is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// The numbers.
    Bare,
    /// And the parts of all that they are.
    Shares,
    /// And how long counting took.
    Whole,
}

/// As much as fits, so that no number is cut off.
fn told_within(room: usize, tell: impl Fn(Detail) -> String) -> String {
    let all = [Detail::Whole, Detail::Shares].map(&tell);
    let fitting = all.into_iter().find(|words| cells(words) <= room);
    fitting.unwrap_or_else(|| tell(Detail::Bare))
}

/// How many profiles change, at this path and at all.
fn told(
    (answer, elapsed): (&PopulationAnswer, Duration),
    path: Option<&Path>,
    detail: Detail,
    dot: &str,
) -> String {
    let [all, _] = answer.profiles;
    let share = |number: u64| match number {
        0 => "none".to_owned(),
        _ if detail == Detail::Bare => count(number),
        _ => {
            let percent = 100.0 * number as f64 / all.max(1) as f64;
            format!("{} ({percent:.1} %)", count(number))
        }
    };
    let here = path.map(|path| {
        let fields = answer.fields.iter().find(|(other, _)| other == path);
        let changed = fields.map_or(0, |(_, profiles)| *profiles);
        format!("this in {}", share(changed))
    });
    let whole = match here {
        Some(_) => format!("anything in {}", share(answer.changed)),
        None => format!(
            "{} of {} change",
            share(answer.changed),
            counted(all, "profile")
        ),
    };
    let some = |number: u64, what: &str| match number {
        0 => String::new(),
        _ => format!("{} {what}", count(number)),
    };
    let [gone, new] = answer.only_in;
    dotted(
        [
            here.unwrap_or_default(),
            whole,
            some(answer.split, "split"),
            some(answer.joined, "joined"),
            some(gone, "gone"),
            some(new, "new"),
            match detail {
                Detail::Whole => took(elapsed),
                Detail::Bare | Detail::Shares => String::new(),
            },
        ],
        dot,
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::PolicyName;

    fn pair(a: &str, b: &str) -> Pair {
        [a.into(), b.into()]
    }

    #[test]
    fn one_pair_is_counted_at_a_time() {
        let mut impact = Impact::default();
        let ask = |impact: &mut Impact, other: &str| {
            let policies = pair("a", other);
            let expected = Effect::Ask(Slot::Impact, Question::Population { policies });
            assert_eq!(impact.ask(pair("a", other)), expected);
        };
        ask(&mut impact, "b");
        ask(&mut impact, "c");
        ask(&mut impact, "c");
        let pairs: Vec<_> = impact.counts.iter().map(|(pair, _)| pair.clone()).collect();
        assert_eq!(pairs, [pair("a", "c")]);
        assert_eq!(impact.stop(), Some(Effect::Cancel(Slot::Impact)));
        assert_eq!(impact.stop(), None);
        let reply = Reply {
            slot: Slot::Impact,
            question: Arc::new(Question::Population {
                policies: pair("a", "b"),
            }),
            answer: Err("gone".into()),
            elapsed: Duration::ZERO,
            is_last: true,
        };
        // An answer that nobody waits for any more is no answer.
        impact.take(&reply);
        assert!(impact.counts.is_empty());
        ask(&mut impact, "b");
        impact.take(&reply);
        assert!(matches!(impact.counts[..], [(_, Count::Failed(_))]));
    }

    #[test]
    fn what_changes_is_told_of_the_path_and_of_all() {
        let answer = PopulationAnswer {
            policies: [PolicyName::default(), PolicyName::default()],
            profiles: [2_000, 2_010],
            changed: 50,
            split: 5,
            joined: 0,
            only_in: [0, 3],
            fields: vec![("person.name".parse().unwrap(), 20)],
            examples: Vec::new(),
        };
        let check_in = |room: usize, path: Option<&str>, expected: &str| {
            let path = path.map(|path| path.parse().unwrap());
            let took = Duration::from_millis(120);
            let tell = |detail| told((&answer, took), path.as_ref(), detail, "·");
            assert_eq!(told_within(room, tell), expected);
        };
        let check = |path, expected| check_in(80, path, expected);
        check(
            Some("person.name"),
            "this in 20 (1.0 %) · anything in 50 (2.5 %) · 5 split · 3 new · 120 ms",
        );
        check(
            Some("person.age"),
            "this in none · anything in 50 (2.5 %) · 5 split · 3 new · 120 ms",
        );
        check(
            None,
            "50 (2.5 %) of 2 000 profiles change · 5 split · 3 new · 120 ms",
        );
        let name = Some("person.name");
        check_in(
            65,
            name,
            "this in 20 (1.0 %) · anything in 50 (2.5 %) · 5 split · 3 new",
        );
        let bare = "this in 20 · anything in 50 · 5 split · 3 new";
        check_in(60, name, bare);
        check_in(10, name, bare);
    }
}
