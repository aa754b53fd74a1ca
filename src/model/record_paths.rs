//! The paths at which records say something, without a tree in between.

use hashbrown::HashSet;

use super::Path;
use super::json_scan::{BrokenOff, Scan};
use super::key_tree::{KeyTree, OUTSIDE, StepNo};

/// Finds the paths of records, batch by batch; each is told once.
#[derive(Debug, Default)]
pub struct RecordPaths {
    tree: KeyTree,
    /// Which of the first batches came to the steps, as bits.
    early: Vec<u64>,
    /// The same of all others.
    late: HashSet<(u32, StepNo)>,
    new: Vec<(u32, StepNo)>,
}

impl RecordPaths {
    /// Goes through the text of a record of a batch, which is known to be sound; one that breaks off says what stands before.
    ///
    /// A path leads to a plain value that is not null, be it in arrays; what stands under the topmost `identityMap` has none.
    pub fn add(&mut self, batch: u32, record: &str) {
        let mut walk = Walk {
            scan: Scan::of(record),
            batch,
            paths: self,
        };
        let _ = walk.value(OUTSIDE);
    }

    /// Notes that a batch came to a step.
    fn meet(&mut self, batch: u32, step: StepNo) {
        if step.place() >= self.early.len() {
            self.early.resize(self.tree.count(), 0);
        }
        let is_new = match (1_u64.checked_shl(batch), self.early.get_mut(step.place())) {
            (Some(bit), Some(early)) => {
                let before = *early;
                *early |= bit;
                before & bit == 0
            }
            _ => self.late.insert((batch, step)),
        };
        if is_new {
            self.new.push((batch, step));
        }
    }

    /// The paths that came up since this was asked before, each with its batch.
    pub fn take_new(&mut self) -> impl Iterator<Item = (u32, Path)> {
        let tree = &self.tree;
        let new = self.new.drain(..);
        new.map(|(batch, step)| (batch, Path(tree.keys(step))))
    }
}

struct Walk<'t, 'p> {
    scan: Scan<'t>,
    batch: u32,
    paths: &'p mut RecordPaths,
}

type Step<T> = Result<T, BrokenOff>;

impl Walk<'_, '_> {
    fn value(&mut self, at: StepNo) -> Step<()> {
        match self.scan.next_sign()? {
            b'{' => self.object(at),
            b'[' => self.array(at),
            b'n' => self.scan.value().map(drop),
            _ => {
                self.scan.value()?;
                if at != OUTSIDE {
                    self.paths.meet(self.batch, at);
                }
                Ok(())
            }
        }
    }

    fn object(&mut self, at: StepNo) -> Step<()> {
        self.scan.pass();
        let mut before = None;
        while !self.scan.is_over(b'}')? {
            let inside = match self.paths.tree.likely(at, before) {
                Some((likely, key)) if self.scan.passes_key(key)? => likely,
                _ => {
                    let key = self.scan.key()?;
                    if at == OUTSIDE && key == "identityMap" {
                        self.scan.value()?;
                        continue;
                    }
                    self.paths.tree.step_behind(at, before, &key)
                }
            };
            self.value(inside)?;
            before = Some(inside);
        }
        Ok(())
    }

    fn array(&mut self, at: StepNo) -> Step<()> {
        self.scan.pass();
        while !self.scan.is_over(b']')? {
            self.value(at)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(found: &mut RecordPaths) -> Vec<String> {
        let new = found.take_new();
        new.map(|(batch, path)| format!("{batch} {path}")).collect()
    }

    #[test]
    fn every_path_with_a_value_is_told_once_a_batch() {
        let check = |text: &str, expected: &[&str]| {
            let mut found = RecordPaths::default();
            found.add(7, text);
            assert_eq!(paths(&mut found), expected, "{text}");
            found.add(7, text);
            assert_eq!(paths(&mut found), Vec::<String>::new(), "{text} again");
            for batch in [8, 63, 64, 71, 1_000] {
                found.add(batch, text);
                let others = paths(&mut found).len();
                assert_eq!(others, expected.len(), "{text} in {batch}");
                found.add(batch, text);
                assert!(paths(&mut found).is_empty(), "{text} in {batch} again");
            }
        };
        check(
            r#"{"a":{"b":1,"c":["x",true,{"d":null,"f":2}]},"e":"","n":null}"#,
            &["7 a.b", "7 a.c", "7 a.c.f", "7 e"],
        );
        check(
            " {\n\"a\" : [ 1.0 , -2e+5 ] , \"b\\u0063\" : \"q\\\"\\u00e9\" }",
            &["7 a", "7 bc"],
        );
        check(
            r#"{"identityMap":{"E":[{"id":"x"}]},"p":{"identityMap":"y"}}"#,
            &["7 p.identityMap"],
        );
        check(r#"{"a.b":{"c\\":1},"":{"x":2}}"#, &[r"7 a\.b.c\\", "7 .x"]);
        check(r#"{"a":{},"b":[],"c":[[3]]}"#, &["7 c"]);
        check("[1]", &[]);
    }

    #[test]
    fn a_text_that_breaks_off_says_what_stands_before() {
        let whole = r#"{"a":"x","b":[1,{"c":"d\n"}],"e":false}"#;
        for (at, _) in whole.char_indices() {
            let mut found = RecordPaths::default();
            found.add(0, &whole[..at]);
            assert!(paths(&mut found).len() <= 4, "{at}");
        }
        let mut found = RecordPaths::default();
        found.add(0, r#"{"a":1,"b":"x"#);
        assert_eq!(paths(&mut found), ["0 a"]);
    }
}
