//! What an analyst keeps between two sessions: saved searches, queries of the past, starred profiles, the list's order and columns.

use std::fmt::Write as _;

use toml::Value;

use super::{ConfigError, Document, Section};
use crate::model::Identity;

/// Saved searches at most.
pub const MOST_SEARCHES: usize = 200;

/// Queries that are remembered.
pub const MOST_QUERIES: usize = 200;

/// Profiles that can be starred, and that are remembered as looked at.
const MOST_PROFILES: usize = 200;

/// Profiles that are remembered as looked at.
const MOST_LOOKED_AT: usize = 20;

/// Letters that any text may have.
const LONGEST: usize = 4_096;

/// A search with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedSearch {
    /// Its name.
    pub name: String,
    /// The query.
    pub query: String,
    /// The order of its list, where it is not that of relevance.
    pub sort: Option<String>,
}

/// All that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Saved searches, in the order in which they were saved.
    pub searches: Vec<SavedSearch>,
    /// Queries of the past, the newest last.
    pub queries: Vec<String>,
    /// Starred profiles, in the order in which they were starred.
    pub starred: Vec<Identity>,
    /// Profiles that were looked at, the newest first.
    pub looked_at: Vec<Identity>,
    /// The order of the result list.
    pub sort: Option<String>,
    /// The columns of the result list; none are the usual ones.
    pub columns: Vec<String>,
}

/// A change to what is kept; the same change twice is as good as once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Saves a search, in place of one of the same name.
    Search(SavedSearch),
    /// Deletes the saved search of this name.
    Drop(String),
    /// Remembers a query.
    Query(String),
    /// Stars a profile.
    Star(Identity),
    /// Takes a star away.
    Unstar(Identity),
    /// Remembers that a profile was looked at.
    LookedAt(Identity),
    /// The order of the result list.
    Sort(Option<String>),
    /// The columns of the result list.
    Columns(Vec<String>),
}

impl Kept {
    /// Makes a change.
    pub fn apply(&mut self, change: Keep) {
        match change {
            Keep::Search(search) => {
                let place = self
                    .searches
                    .iter_mut()
                    .find(|known| known.name == search.name);
                match place {
                    Some(known) => *known = search,
                    None => add_last(&mut self.searches, search, MOST_SEARCHES),
                }
            }
            Keep::Drop(name) => self.searches.retain(|search| search.name != name),
            Keep::Query(query) => {
                self.queries.retain(|known| *known != query);
                add_last(&mut self.queries, query, MOST_QUERIES);
            }
            Keep::Star(identity) if self.starred.contains(&identity) => {}
            Keep::Star(identity) => add_last(&mut self.starred, identity, MOST_PROFILES),
            Keep::Unstar(identity) => self.starred.retain(|known| *known != identity),
            Keep::LookedAt(identity) => {
                self.looked_at.retain(|known| *known != identity);
                self.looked_at.insert(0, identity);
                self.looked_at.truncate(MOST_LOOKED_AT);
            }
            Keep::Sort(sort) => self.sort = sort,
            Keep::Columns(columns) => self.columns = columns,
        }
    }

    /// Whom an empty query lists first: the starred, then those looked at last.
    pub fn first(&self) -> Vec<Identity> {
        let looked_at = self.looked_at.iter();
        let others = looked_at.filter(|identity| !self.starred.contains(identity));
        self.starred.iter().chain(others).cloned().collect()
    }

    /// Reads the text of the named file.
    pub fn parse(file: &str, text: &str) -> Result<Kept, ConfigError> {
        let document = Document::parse(file, text)?;
        let root = document.root();
        root.expect_keys(&[
            "queries",
            "starred",
            "looked_at",
            "sort",
            "columns",
            "search",
        ])?;
        let searches = root.sections("search")?;
        let mut kept = Kept {
            searches: searches.iter().map(search).collect::<Result<_, _>>()?,
            queries: root.texts("queries")?.unwrap_or_default(),
            starred: identities(&root, "starred")?,
            looked_at: identities(&root, "looked_at")?,
            sort: root.text("sort")?,
            columns: root.texts("columns")?.unwrap_or_default(),
        };
        kept.shorten();
        Ok(kept)
    }

    /// As [`Kept::parse`] reads it.
    pub fn text(&self) -> String {
        let mut text = String::from(
            "# What onefold's interface keeps for you; it is written anew with every change.\n",
        );
        let names =
            |all: &[Identity]| -> Vec<String> { all.iter().map(Identity::to_string).collect() };
        line(&mut text, "sort", self.sort.clone().map(Value::from));
        for (key, all) in [
            ("columns", self.columns.clone()),
            ("queries", self.queries.clone()),
            ("starred", names(&self.starred)),
            ("looked_at", names(&self.looked_at)),
        ] {
            line(&mut text, key, (!all.is_empty()).then(|| Value::from(all)));
        }
        for search in &self.searches {
            text.push_str("\n[[search]]\n");
            line(&mut text, "name", Some(search.name.clone().into()));
            line(&mut text, "query", Some(search.query.clone().into()));
            line(&mut text, "sort", search.sort.clone().map(Value::from));
        }
        text
    }

    /// What somebody wrote by hand keeps to the same bounds.
    fn shorten(&mut self) {
        self.searches.truncate(MOST_SEARCHES);
        let surplus = self.queries.len().saturating_sub(MOST_QUERIES);
        self.queries.drain(..surplus);
        self.starred.truncate(MOST_PROFILES);
        self.looked_at.truncate(MOST_LOOKED_AT);
        let searches = self.searches.iter_mut();
        let texts = searches.flat_map(|search| [&mut search.name, &mut search.query]);
        for text in texts.chain(&mut self.queries).chain(&mut self.columns) {
            if let Some((end, _)) = text.char_indices().nth(LONGEST) {
                text.truncate(end);
            }
        }
    }
}

fn add_last<T>(list: &mut Vec<T>, item: T, most: usize) {
    list.push(item);
    let surplus = list.len().saturating_sub(most);
    list.drain(..surplus);
}

fn search(section: &Section<'_>) -> Result<SavedSearch, ConfigError> {
    section.expect_keys(&["name", "query", "sort"])?;
    Ok(SavedSearch {
        name: section.required("name")?,
        query: section.required("query")?,
        sort: section.text("sort")?,
    })
}

fn identities(root: &Section<'_>, key: &str) -> Result<Vec<Identity>, ConfigError> {
    let texts = root.texts(key)?.unwrap_or_default();
    let identity = |text: String| text.parse().map_err(|why: String| root.error(key, why));
    texts.into_iter().map(identity).collect()
}

fn line(text: &mut String, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{key} = {value}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(name: &str, query: &str) -> SavedSearch {
        SavedSearch {
            name: name.into(),
            query: query.into(),
            sort: Some("-seen".into()),
        }
    }

    #[test]
    fn what_is_kept_is_read_back() {
        let mut kept = Kept::default();
        assert_eq!(Kept::parse("kept", &kept.text()), Ok(kept.clone()));
        let hostile = "a\"b\\c\n'''\u{1b}[31m\u{7f}\u{202e}\0岡\"\"\"";
        kept.apply(Keep::Search(saved(hostile, hostile)));
        kept.apply(Keep::Search(saved("gold", "tier:gold")));
        kept.apply(Keep::Query(hostile.into()));
        kept.apply(Keep::Star(Identity::new("Email", hostile)));
        kept.apply(Keep::LookedAt(Identity::new("CRMID", "C-1")));
        kept.apply(Keep::Sort(Some("-tier".into())));
        kept.apply(Keep::Columns(vec!["name".into(), "a\\.b.c".into()]));
        assert_eq!(Kept::parse("kept", &kept.text()), Ok(kept));
    }

    #[test]
    fn a_change_made_twice_is_made_once() {
        let ana = Identity::new("CRMID", "C-1");
        let mut kept = Kept::default();
        for change in [
            Keep::Search(saved("gold", "tier:gold")),
            Keep::Query("ana".into()),
            Keep::Star(ana.clone()),
            Keep::LookedAt(ana.clone()),
        ] {
            kept.apply(change.clone());
            let once = kept.clone();
            kept.apply(change);
            assert_eq!(kept, once);
        }
        assert_eq!(kept.first().first(), Some(&ana));
        kept.apply(Keep::Unstar(ana));
        kept.apply(Keep::Drop("gold".into()));
        assert_eq!((kept.starred.len(), kept.searches.len()), (0, 0));
    }

    #[test]
    fn the_past_has_an_end() {
        let mut kept = Kept::default();
        for number in 0..1_000 {
            kept.apply(Keep::Query(number.to_string()));
            kept.apply(Keep::LookedAt(Identity::new("CRMID", number.to_string())));
        }
        assert_eq!(kept.queries.len(), MOST_QUERIES);
        assert_eq!(kept.queries.last().map(String::as_str), Some("999"));
        assert_eq!(kept.looked_at.first(), Some(&Identity::new("CRMID", "999")));
        assert_eq!(kept.looked_at.len(), MOST_LOOKED_AT);
    }

    #[test]
    fn a_broken_file_is_one_sentence() {
        let check = |text: &str, expected: &str| {
            let error = Kept::parse("kept", text).expect_err(text);
            assert!(error.to_string().starts_with(expected), "{error}");
        };
        check(
            "queries = 3",
            "kept, line 1: `queries` must be a list of texts",
        );
        check("\nquery = \"a\"", "kept, line 2: unknown key `query`");
        check("starred = [\"nobody\"]", "kept, line 1: ");
        check(
            "[[search]]\nname = \"a\"",
            "kept, line 1: [[search]] needs a `query`",
        );
        check("= =", "kept, line 1: ");
    }
}
