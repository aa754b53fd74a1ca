//! A tree as a flat list: rows with a depth, of which folded ones hide those below them.

use serde_json::Value;

use crate::tui::action::Action;

use super::Cursor;

/// Children of one array or object that are listed; the rest is named in one row.
const MOST_CHILDREN: usize = 2_000;

/// Levels that are listed; what lies deeper is shown on one line.
const MOST_LEVELS: u16 = 64;

/// Whether the rows below a row are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// There are none.
    Leaf,
    /// They are shown.
    Open,
    /// They are not.
    Folded,
}

/// Which way to look for the next row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Down.
    Forward,
    /// Up.
    Backward,
}

/// A row of a tree.
#[derive(Clone, Debug)]
pub struct Node<T> {
    /// How far in it stands, from 0.
    pub depth: u16,
    /// Whether the rows below it are shown.
    pub fold: Fold,
    /// What it is.
    pub content: T,
}

/// A tree in the order of its rows.
#[derive(Clone, Debug)]
pub struct Outline<T> {
    nodes: Vec<Node<T>>,
    visible: Vec<usize>,
}

impl<T> Default for Outline<T> {
    fn default() -> Outline<T> {
        Outline::new(Vec::new())
    }
}

impl<T> Outline<T> {
    /// The tree of these rows; a row's children follow it, one level further in.
    pub fn new(nodes: Vec<Node<T>>) -> Outline<T> {
        let mut outline = Outline {
            nodes,
            visible: Vec::new(),
        };
        outline.list();
        outline
    }

    /// How many rows are not hidden.
    pub fn len(&self) -> usize {
        self.visible.len()
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.visible.is_empty()
    }

    /// The row at a place among those that are not hidden.
    pub fn row(&self, at: usize) -> Option<&Node<T>> {
        self.nodes.get(*self.visible.get(at)?)
    }

    /// Every row, hidden ones too.
    pub fn nodes(&self) -> &[Node<T>] {
        &self.nodes
    }

    /// Folds, unfolds or steps in or out as an action says, or moves; whether it was such an action.
    pub fn act(&mut self, action: Action, cursor: &mut Cursor) -> bool {
        match action {
            Action::In => self.step_in(cursor),
            Action::Out => self.step_out(cursor),
            _ => return cursor.act(action, self.len()),
        }
        true
    }

    /// Folds or unfolds the row at a place; whether it has anything below it.
    pub fn toggle(&mut self, at: usize) -> bool {
        let fold = match self.row(at).map(|node| node.fold) {
            Some(Fold::Open) => Fold::Folded,
            Some(Fold::Folded) => Fold::Open,
            Some(Fold::Leaf) | None => return false,
        };
        self.set(at, fold);
        true
    }

    /// Folds everything, or unfolds everything where nothing is open at the outermost level.
    pub fn toggle_all(&mut self) {
        let is_open = |node: &Node<T>| node.depth == 0 && node.fold == Fold::Open;
        let fold = if self.nodes.iter().any(is_open) {
            Fold::Folded
        } else {
            Fold::Open
        };
        for node in self.nodes.iter_mut().filter(|node| node.fold != Fold::Leaf) {
            node.fold = fold;
        }
        self.list();
    }

    /// The place, among those not hidden, of the first row that a test finds; folded rows above it are opened.
    pub fn reveal(&mut self, is_wanted: impl Fn(&T) -> bool) -> Option<usize> {
        let found = self
            .nodes
            .iter()
            .position(|node| is_wanted(&node.content))?;
        self.open_above(found)
    }

    /// As [`Outline::reveal`], the next such row after or before a place.
    pub fn reveal_next(
        &mut self,
        from: usize,
        way: Way,
        is_wanted: impl Fn(&T) -> bool,
    ) -> Option<usize> {
        let from = self.visible.get(from).copied()?;
        let is_wanted = |at: &usize| {
            self.nodes
                .get(*at)
                .is_some_and(|node| is_wanted(&node.content))
        };
        let found = match way {
            Way::Forward => (from + 1..self.nodes.len()).find(is_wanted),
            Way::Backward => (0..from).rev().find(is_wanted),
        };
        self.open_above(found?)
    }

    /// Folds every row that a test finds.
    pub fn fold(&mut self, is_folded: impl Fn(&T) -> bool) {
        for node in self.nodes.iter_mut().filter(|node| node.fold == Fold::Open) {
            if is_folded(&node.content) {
                node.fold = Fold::Folded;
            }
        }
        self.list();
    }

    fn open_above(&mut self, found: usize) -> Option<usize> {
        let mut depth = self.nodes.get(found)?.depth;
        for node in self.nodes.iter_mut().take(found).rev() {
            if node.depth < depth {
                depth = node.depth;
                node.fold = Fold::Open;
            }
        }
        self.list();
        self.visible.binary_search(&found).ok()
    }

    fn step_in(&mut self, cursor: &mut Cursor) {
        match self.row(cursor.selected()).map(|node| node.fold) {
            Some(Fold::Folded) => self.set(cursor.selected(), Fold::Open),
            Some(Fold::Open) => {
                cursor.act(Action::Down, self.len());
            }
            Some(Fold::Leaf) | None => {}
        }
    }

    fn step_out(&mut self, cursor: &mut Cursor) {
        let Some(node) = self.row(cursor.selected()) else {
            return;
        };
        if node.fold == Fold::Open {
            self.set(cursor.selected(), Fold::Folded);
            return;
        }
        let depth = node.depth;
        let above = (0..cursor.selected())
            .rev()
            .find(|at| self.row(*at).is_some_and(|node| node.depth < depth));
        if let Some(above) = above {
            cursor.select(above);
        }
    }

    fn set(&mut self, at: usize, fold: Fold) {
        if let Some(node) = self.visible.get(at).and_then(|at| self.nodes.get_mut(*at)) {
            node.fold = fold;
        }
        self.list();
    }

    fn list(&mut self) {
        self.visible.clear();
        let mut hidden_below = None;
        for (at, node) in self.nodes.iter().enumerate() {
            if hidden_below.is_some_and(|depth| node.depth > depth) {
                continue;
            }
            self.visible.push(at);
            hidden_below = (node.fold == Fold::Folded).then_some(node.depth);
        }
    }
}

/// What a row of a JSON tree says.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonRow {
    /// The key or place that leads to it; empty at the root.
    pub key: String,
    /// The value; `None` for the row that stands for more children than are listed.
    pub value: Option<Value>,
    /// How many children it has, or how many more there are.
    pub children: usize,
}

/// The rows of a JSON value, those of its children a level further in; objects and arrays are open down to `open` levels.
pub fn json_rows(key: &str, value: &Value, depth: u16, open: u16) -> Vec<Node<JsonRow>> {
    let mut rows = Vec::new();
    push_json(&mut rows, key.to_owned(), value, (depth, depth + open));
    rows
}

fn push_json(rows: &mut Vec<Node<JsonRow>>, key: String, value: &Value, (depth, open): (u16, u16)) {
    let children = match value {
        Value::Array(items) => items.len(),
        Value::Object(map) => map.len(),
        _ => 0,
    };
    let is_leaf = children == 0 || depth >= MOST_LEVELS;
    rows.push(Node {
        depth,
        fold: match (is_leaf, depth < open) {
            (true, _) => Fold::Leaf,
            (false, true) => Fold::Open,
            (false, false) => Fold::Folded,
        },
        content: JsonRow {
            key,
            value: is_leaf.then(|| value.clone()),
            children,
        },
    });
    if is_leaf {
        return;
    }
    match value {
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate().take(MOST_CHILDREN) {
                push_json(rows, place.to_string(), item, (depth + 1, open));
            }
        }
        Value::Object(map) => {
            for (key, item) in map.iter().take(MOST_CHILDREN) {
                push_json(rows, key.clone(), item, (depth + 1, open));
            }
        }
        _ => {}
    }
    if children > MOST_CHILDREN {
        rows.push(Node {
            depth: depth + 1,
            fold: Fold::Leaf,
            content: JsonRow {
                key: "…".into(),
                value: None,
                children: children - MOST_CHILDREN,
            },
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(json: &str, open: u16) -> Outline<JsonRow> {
        let value: Value = serde_json::from_str(json).expect(json);
        Outline::new(json_rows("", &value, 0, open))
    }

    fn keys(outline: &Outline<JsonRow>) -> Vec<&str> {
        let rows = (0..outline.len()).filter_map(|at| outline.row(at));
        rows.map(|node| node.content.key.as_str()).collect()
    }

    #[test]
    fn folded_rows_hide_what_is_below_them() {
        let mut tree = outline(r#"{"a":{"b":1,"c":[2,3]},"d":4}"#, 1);
        assert_eq!(keys(&tree), ["", "a", "d"]);
        let mut cursor = Cursor::default();
        cursor.fit(9, tree.len());
        let mut check = |actions: &[Action], expected: &[&str], selected: usize| {
            for action in actions {
                assert!(tree.act(*action, &mut cursor));
            }
            assert_eq!(keys(&tree), expected, "{actions:?}");
            assert_eq!(cursor.selected(), selected, "{actions:?}");
        };
        check(&[Action::Down, Action::In], &["", "a", "b", "c", "d"], 1);
        check(
            &[Action::In, Action::Down, Action::In],
            &["", "a", "b", "c", "0", "1", "d"],
            3,
        );
        check(
            &[Action::In, Action::Out],
            &["", "a", "b", "c", "0", "1", "d"],
            3,
        );
        check(&[Action::Out, Action::Out], &["", "a", "b", "c", "d"], 1);
    }

    #[test]
    fn revealing_opens_what_is_above() {
        let mut tree = outline(r#"{"a":{"b":{"c":1}}}"#, 0);
        assert_eq!(tree.len(), 1);
        assert_eq!(tree.reveal(|row| row.key == "c"), Some(3));
        assert_eq!(tree.reveal(|row| row.key == "x"), None);
        assert_eq!(
            tree.reveal_next(0, Way::Forward, |row| row.key == "b"),
            Some(2)
        );
        assert_eq!(
            tree.reveal_next(2, Way::Forward, |row| row.key == "b"),
            None
        );
        assert_eq!(
            tree.reveal_next(3, Way::Backward, |row| row.key == "b"),
            Some(2)
        );
        tree.toggle_all();
        assert_eq!(tree.len(), 1);
        tree.toggle_all();
        assert_eq!(tree.len(), 4);
    }

    #[test]
    fn what_is_too_many_or_too_deep_is_one_row() {
        let many = Value::from((0..5_000).collect::<Vec<u32>>());
        let rows = json_rows("", &many, 0, 1);
        assert_eq!(rows.len(), 2_002);
        assert_eq!(rows.last().map(|row| row.content.children), Some(3_000));
        let mut deep = Value::Null;
        for _ in 0..120 {
            deep = Value::Array(vec![deep]);
        }
        assert_eq!(json_rows("", &deep, 0, 200).len(), 65);
    }
}
