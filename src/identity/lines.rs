//! Events as lines of text: pairs of namespace and value parted by commas.

use super::error::IdentityError;
use crate::model::Identity;

/// How much of a bad pair an error repeats.
const SHOWN: usize = 60;

/// One event of a simulation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventLine {
    /// The physical line, from 1.
    pub line: u64,
    /// Its identities in order.
    pub identities: Vec<Identity>,
}

/// Reads events, one a line, oldest first; blank lines and those that start with `#` are passed over.
pub fn parse_events(text: &str) -> Result<Vec<EventLine>, IdentityError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut events = Vec::new();
    for (line, content) in (1u64..).zip(text.lines()) {
        let content = content.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let pairs = content.split(',').map(|pair| parse_pair(line, pair));
        events.push(EventLine {
            line,
            identities: pairs.collect::<Result<_, _>>()?,
        });
    }
    Ok(events)
}

fn parse_pair(line: u64, pair: &str) -> Result<Identity, IdentityError> {
    match pair.split_once(':') {
        Some((code, value)) if !code.trim().is_empty() => {
            Ok(Identity::new(code.trim(), value.trim()))
        }
        _ => Err(IdentityError::NoPair {
            line,
            text: pair.trim().chars().take(SHOWN).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_pairs_parted_by_commas() {
        let check = |text: &str, expected: &[(u64, &[(&str, &str)])]| {
            let expected: Vec<_> = expected
                .iter()
                .map(|(line, pairs)| EventLine {
                    line: *line,
                    identities: pairs.iter().map(|(n, v)| Identity::new(*n, *v)).collect(),
                })
                .collect();
            assert_eq!(parse_events(text), Ok(expected), "{text:?}");
        };
        check("", &[]);
        check("\n  \n# CRMID: a\n", &[]);
        check("CRMID: a", &[(1, &[("CRMID", "a")])]);
        check("\u{feff}CRMID:a\r\n", &[(1, &[("CRMID", "a")])]);
        check(
            "# two\n\n CRMID : a b ,\tECID:1:2 \n",
            &[(3, &[("CRMID", "a b"), ("ECID", "1:2")])],
        );
        check("Email:", &[(1, &[("Email", "")])]);
        check("E:\0\u{1b}[31m", &[(1, &[("E", "\0\u{1b}[31m")])]);
    }

    #[test]
    fn a_bad_pair_is_named_with_its_physical_line() {
        let check = |text: &str, line: u64, shown: &str| {
            let expected = IdentityError::NoPair {
                line,
                text: shown.to_owned(),
            };
            assert_eq!(parse_events(text), Err(expected), "{text:?}");
        };
        check("CRMID: a\n\nECID", 3, "ECID");
        check("CRMID: a,", 1, "");
        check("# x\n: a", 2, ": a");
        check(&"x".repeat(1000), 1, &"x".repeat(60));
    }

    #[test]
    fn an_error_shows_control_characters_harmlessly() {
        let error = parse_events("\u{1b}[31mred").map_err(|error| error.to_string());
        let expected = "line 1: \"\\u{1b}[31mred\" is no identity; write NAMESPACE: VALUE, pairs parted by commas";
        assert_eq!(error, Err(expected.to_owned()));
    }
}
