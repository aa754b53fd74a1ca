//! An identity: a namespace and a value, written `Email:ana@example.com`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A namespace's code and a value; values are exact, byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The namespace's code.
    pub namespace: String,
    /// The value.
    pub value: String,
}

impl Identity {
    /// An identity of these two parts.
    pub fn new(namespace: impl Into<String>, value: impl Into<String>) -> Identity {
        Identity {
            namespace: namespace.into(),
            value: value.into(),
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.namespace, self.value)
    }
}

impl FromStr for Identity {
    type Err = String;

    /// Splits at the first colon; blanks around the namespace's code are trimmed, the value is kept as it is.
    fn from_str(text: &str) -> Result<Identity, String> {
        match text.split_once(':') {
            Some((namespace, value)) if !namespace.trim().is_empty() && !value.is_empty() => {
                Ok(Identity::new(namespace.trim(), value))
            }
            _ => Err(format!(
                "`{text}` is no identity; write NAMESPACE:VALUE, such as Email:ana@example.com"
            )),
        }
    }
}

impl Serialize for Identity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Identity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Identity, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_colon_parts_namespace_and_value() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let got: Option<Identity> = text.parse().ok();
            assert_eq!(got, expected.map(|(n, v)| Identity::new(n, v)), "{text}");
        };
        check("Email:ana@example.com", Some(("Email", "ana@example.com")));
        check("urn:a:b", Some(("urn", "a:b")));
        check(" CRMID: C-1", Some(("CRMID", " C-1")));
        check("CRMID:", None);
        check(":x", None);
        check("plain", None);
    }
}
