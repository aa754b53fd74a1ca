//! A folded profile, and why each of its values is what it is.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use super::{BatchId, Identity, Moment, Path, SourceLine};

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The dataset's name.
    pub dataset: Arc<str>,
    /// The primary identity of its fragment.
    pub identity: Arc<Identity>,
    /// The batch that brought it.
    pub batch: BatchId,
    /// Where in the batch it stood.
    pub line: SourceLine,
    /// That batch's moment.
    pub ingested_at: Moment,
    /// The record's own time, where it carries one.
    pub customer_time: Option<Moment>,
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut fields = serializer.serialize_struct("Origin", 6)?;
        fields.serialize_field("dataset", &self.dataset)?;
        fields.serialize_field("identity", &self.identity)?;
        fields.serialize_field("batch", &self.batch)?;
        fields.serialize_field("line", &self.line.line)?;
        fields.serialize_field("ingestedAt", &self.ingested_at)?;
        fields.serialize_field("customerTime", &self.customer_time)?;
        fields.end()
    }
}

/// The rule that decided for a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Rule {
    /// No other fragment says anything.
    #[serde(rename = "only candidate")]
    OnlyCandidate,
    /// Its fragment is the newest.
    #[serde(rename = "newest fragment")]
    NewestFragment,
    /// Its dataset stands first.
    #[serde(rename = "dataset order")]
    DatasetOrder,
    /// The value itself changed last.
    #[serde(rename = "newest value")]
    NewestValue,
    /// Nothing but the stable order parts them.
    #[serde(rename = "tie")]
    Tie,
    /// Arrays joined without duplicates.
    #[serde(rename = "union")]
    Union,
    /// Arrays joined whole.
    #[serde(rename = "concat")]
    Concat,
}

impl Rule {
    /// Its name in answers and on screens.
    pub fn name(self) -> &'static str {
        match self {
            Rule::OnlyCandidate => "only candidate",
            Rule::NewestFragment => "newest fragment",
            Rule::DatasetOrder => "dataset order",
            Rule::NewestValue => "newest value",
            Rule::Tie => "tie",
            Rule::Union => "union",
            Rule::Concat => "concat",
        }
    }
}

/// A value that lost, or that another array was joined with.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// What the fragment says.
    pub value: Value,
    /// Where it came from.
    #[serde(flatten)]
    pub origin: Origin,
}

/// A value that an earlier version of one of the fragments held.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Superseded {
    /// What the version said.
    pub value: Value,
    /// Where it came from.
    #[serde(flatten)]
    pub origin: Origin,
    /// The record that replaced it carries other secondary identities: another person may have taken the fragment over.
    pub taken_over: bool,
}

/// A leaf of a folded profile with its reasons.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Leaf {
    /// Where in the profile it stands.
    #[serde(skip)]
    pub path: Path,
    /// The value that won; an array is one leaf.
    pub value: Value,
    /// The rule that decided.
    pub rule: Rule,
    /// The candidates disagree.
    pub conflict: bool,
    /// Nothing but the stable order parts winner and next candidate.
    pub tie: bool,
    /// The times that decided lie inside one import command.
    pub same_import: bool,
    /// Where the winning value came from; for a joined array its highest contributor.
    pub winner: Origin,
    /// The losing values, best first; for a joined array the other contributors.
    pub candidates: Vec<Candidate>,
    /// Earlier versions of these fragments that said something else, newest first.
    pub superseded: Vec<Superseded>,
}

/// A newer opt-out that some fragment holds against the opt-in that won.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConsentAlarm {
    /// The consent choice, as a JSON pointer.
    pub path: String,
    /// The choice that opts out.
    pub value: Value,
    /// The dataset that holds it.
    pub dataset: Arc<str>,
    /// When it was made.
    pub at: Moment,
}

/// What a policy makes of a set of fragments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// The folded attributes with their system fields.
    pub entity: Map<String, Value>,
    /// Every leaf of the entity but the system fields, in the entity's order.
    pub leaves: Vec<Leaf>,
    /// The datasets of the fragments that took part, sorted.
    pub sources: Vec<Arc<str>>,
    /// Newer opt-outs against opt-ins that won.
    pub consent_alarms: Vec<ConsentAlarm>,
    /// The effective time of the newest fragment that took part.
    pub last_modified_at: Option<Moment>,
}

impl Profile {
    /// The number of leaves on which fragments disagree.
    pub fn conflicts(&self) -> usize {
        self.leaves.iter().filter(|leaf| leaf.conflict).count()
    }

    /// What the person is called: the full name, else first and last name, else a plain name; `None` where there is none.
    pub fn name(&self) -> Option<String> {
        name_of(self.texts()).0
    }

    /// The first e-mail address that the profile holds.
    pub fn email(&self) -> Option<String> {
        let keys = ["email", "emailaddress", "address", "mail"];
        let [email] = texts_at(self.texts(), [&keys], |parent, value| {
            (!parent.ends_with("address") || parent.contains("mail")) && value.contains('@')
        });
        email.map(|found| found.text.to_owned())
    }

    fn texts(&self) -> impl Iterator<Item = (&[String], &str)> {
        let leaves = self.leaves.iter();
        leaves.filter_map(|leaf| Some((leaf.path.keys(), leaf.value.as_str()?)))
    }

    /// The leaf at this path.
    pub fn leaf(&self, path: &Path) -> Option<&Leaf> {
        self.leaves.iter().find(|leaf| leaf.path == *path)
    }

    /// The value at these keys of the folded entity.
    pub fn value(&self, keys: &[&str]) -> Option<&Value> {
        let (first, rest) = keys.split_first()?;
        rest.iter()
            .try_fold(self.entity.get(*first)?, |value, key| value.get(*key))
    }
}

/// The keys of full, first, last and plain names, in plain small letters.
const NAMING: [&[&str]; 4] = [
    &["fullname", "displayname"],
    &["firstname", "givenname"],
    &["lastname", "familyname", "surname"],
    &["name"],
];

/// Whether what stands at a path may be a name of a person: [`name_of`] looks at no other.
pub fn may_be_name(path: &[String]) -> bool {
    let key: String = path
        .last()
        .map(|key| plain(key).collect())
        .unwrap_or_default();
    NAMING.iter().any(|keys| keys.contains(&&*key))
}

/// What a person is called of whom this is said, each text after its keys; and whether the order did not matter.
pub fn name_of<'t>(texts: impl Iterator<Item = (&'t [String], &'t str)>) -> (Option<String>, bool) {
    let found = texts_at(texts, NAMING, is_of_person);
    let is_certain = found.iter().flatten().all(|found| found.is_alone);
    let [full, first, last, plain] = found.map(|found| found.map(|found| found.text));
    let name = match (full, first, last) {
        (Some(full), _, _) => Some(full.to_owned()),
        (None, Some(first), Some(last)) => Some(format!("{first} {last}")),
        (None, first, last) => first.or(last).or(plain).map(str::to_owned),
    };
    (name, is_certain)
}

/// A text that was looked for by its key.
struct Found<'t> {
    /// The place of its key in the list.
    rank: usize,
    text: &'t str,
    /// No other text stands under this key.
    is_alone: bool,
}

/// Of each list of keys the first text whose key, in plain small letters, is the first of them that there is, and whose
/// parent key and value pass a test.
fn texts_at<'t, const N: usize>(
    texts: impl Iterator<Item = (&'t [String], &'t str)>,
    lists: [&[&str]; N],
    passes: impl Fn(&str, &str) -> bool,
) -> [Option<Found<'t>>; N] {
    let mut best: [Option<Found<'t>>; N] = [const { None }; N];
    let mut key = String::new();
    for (path, text) in texts {
        let Some((last, above)) = path.split_last() else {
            continue;
        };
        let end = plain_end(last);
        let may_be_it = |own: &&str| own.bytes().last() == end;
        if !lists.iter().flat_map(|keys| *keys).any(may_be_it) {
            continue;
        }
        key.clear();
        key.extend(plain(last));
        for (keys, best) in lists.iter().zip(&mut best) {
            let Some(rank) = keys.iter().position(|own| *own == key) else {
                continue;
            };
            let known = best.as_ref().map_or(usize::MAX, |known| known.rank);
            if rank > known || text.trim().is_empty() {
                continue;
            }
            let parent: String = plain(above.last().map_or("", String::as_str)).collect();
            if !passes(&parent, text) {
                continue;
            }
            match best {
                Some(best) if rank == known => best.is_alone &= best.text == text,
                _ => {
                    *best = Some(Found {
                        rank,
                        text,
                        is_alone: true,
                    });
                }
            }
        }
    }
    best
}

/// The last letter of a key as [`plain`] gives it.
fn plain_end(key: &str) -> Option<u8> {
    let mut letters = key.bytes().rev().filter(u8::is_ascii_alphanumeric);
    letters.next().map(|letter| letter.to_ascii_lowercase())
}

/// A key in small letters without its prefix and joints: `xdm:first_name` is `firstname`.
fn plain(key: &str) -> impl Iterator<Item = char> + '_ {
    let key = key.rsplit(':').next().unwrap_or(key);
    let letters = key.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase())
}

/// The name of a product or a street is no name of a person.
fn is_of_person(parent: &str, _: &str) -> bool {
    matches!(
        parent,
        "" | "person" | "name" | "traits" | "profile" | "customer" | "user"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BatchId;

    fn profile(leaves: &[(&str, &str)]) -> Profile {
        let origin = Origin {
            dataset: "crm".into(),
            identity: Arc::new(Identity::new("CRMID", "1")),
            batch: BatchId(1),
            line: SourceLine::default(),
            ingested_at: Moment(0),
            customer_time: None,
        };
        let leaf = |(path, value): &(&str, &str)| Leaf {
            path: path.parse().unwrap(),
            value: Value::from(*value),
            rule: Rule::OnlyCandidate,
            conflict: false,
            tie: false,
            same_import: false,
            winner: origin.clone(),
            candidates: Vec::new(),
            superseded: Vec::new(),
        };
        Profile {
            leaves: leaves.iter().map(leaf).collect(),
            ..Profile::default()
        }
    }

    #[test]
    fn a_person_is_called_by_what_the_profile_has() {
        let check = |leaves: &[(&str, &str)], expected: Option<&str>| {
            assert_eq!(profile(leaves).name().as_deref(), expected, "{leaves:?}");
        };
        check(
            &[
                ("person.name.firstName", "Ana"),
                ("person.name.lastName", "Ruiz"),
            ],
            Some("Ana Ruiz"),
        );
        check(&[("first_name", "Ana")], Some("Ana"));
        check(
            &[("person.name.fullName", "A. Ruiz"), ("name", "x")],
            Some("A. Ruiz"),
        );
        check(
            &[("product.name", "Tote"), ("person.name.lastName", " ")],
            None,
        );
        check(&[("name", "Ana Ruiz")], Some("Ana Ruiz"));
    }

    #[test]
    fn an_address_counts_as_e_mail_only_where_it_is_one() {
        let check = |leaves: &[(&str, &str)], expected: Option<&str>| {
            assert_eq!(profile(leaves).email().as_deref(), expected, "{leaves:?}");
        };
        check(
            &[("personalEmail.address", "a@example.com")],
            Some("a@example.com"),
        );
        check(&[("homeAddress.address", "1 Main St")], None);
        check(&[("email", "a@example.com")], Some("a@example.com"));
        check(&[("email", "none")], None);
    }
}
