//! A namespace: what kind of identity a value is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::NamespaceId;

/// What a namespace's values name: a person, a device, or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NamespaceKind {
    /// A browser, such as an `ECID`.
    Cookie,
    /// A person, such as a `CRMID`.
    CrossDevice,
    /// A piece of hardware, such as an `IDFA`.
    Device,
    /// A person's e-mail address.
    Email,
    /// A person's phone number.
    Phone,
    /// A thing that is no person; it never builds graphs.
    NonPeople,
    /// A partner's id; it never builds graphs.
    Partner,
}

impl NamespaceKind {
    /// Every kind, in the order in which the cap of a graph gives them up, then those that build none.
    pub const ALL: [NamespaceKind; 7] = [
        NamespaceKind::Cookie,
        NamespaceKind::Device,
        NamespaceKind::CrossDevice,
        NamespaceKind::Email,
        NamespaceKind::Phone,
        NamespaceKind::NonPeople,
        NamespaceKind::Partner,
    ];

    /// The name that settings and manifests use.
    pub fn name(self) -> &'static str {
        match self {
            NamespaceKind::Cookie => "COOKIE",
            NamespaceKind::CrossDevice => "CROSS_DEVICE",
            NamespaceKind::Device => "DEVICE",
            NamespaceKind::Email => "EMAIL",
            NamespaceKind::Phone => "PHONE",
            NamespaceKind::NonPeople => "NON_PEOPLE",
            NamespaceKind::Partner => "PARTNER",
        }
    }

    /// Whether identities of this kind may be linked at all.
    pub fn builds_graphs(self) -> bool {
        !matches!(self, NamespaceKind::NonPeople | NamespaceKind::Partner)
    }

    /// What a code that nobody declared most likely is, by the codes that are common in the field.
    pub fn guess(code: &str) -> NamespaceKind {
        let code = code.to_ascii_lowercase();
        match code.as_str() {
            "ecid" | "aaid" | "gclid" | "fpid" | "mcid" => NamespaceKind::Cookie,
            "idfa" | "gaid" | "idfv" | "deviceid" => NamespaceKind::Device,
            _ if ["cookie", "visitor", "browser"]
                .iter()
                .any(|word| code.contains(word)) =>
            {
                NamespaceKind::Cookie
            }
            _ if code.starts_with("anon") || code.contains("anonymous") => NamespaceKind::Cookie,
            _ if code.contains("mail") => NamespaceKind::Email,
            _ if code.contains("phone") || code.contains("mobile") => NamespaceKind::Phone,
            _ if code.contains("device") || code.contains("installation") => NamespaceKind::Device,
            _ => NamespaceKind::CrossDevice,
        }
    }
}

impl fmt::Display for NamespaceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for NamespaceKind {
    type Err = String;

    fn from_str(text: &str) -> Result<NamespaceKind, String> {
        NamespaceKind::ALL
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| {
                let known: Vec<_> = NamespaceKind::ALL.iter().map(|k| k.name()).collect();
                format!(
                    "`{text}` is no namespace type; there are {}",
                    known.join(", ")
                )
            })
    }
}

/// A namespace with its linking settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Namespace {
    /// Its number in the store.
    #[serde(skip, default = "unnumbered")]
    pub id: NamespaceId,
    /// Its code as first spelled; codes are compared without regard to case.
    pub code: String,
    /// What its values name.
    #[serde(rename = "type")]
    pub kind: NamespaceKind,
    /// At most one value of it in a graph.
    pub unique: bool,
    /// Its place in the gapless list of priorities, 1 is highest; `None` stands after the last.
    pub priority: Option<u32>,
}

fn unnumbered() -> NamespaceId {
    NamespaceId(0)
}
