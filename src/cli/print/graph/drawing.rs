//! An identity graph in the languages of drawing programs.

use std::collections::HashMap;
use std::fmt::Write as _;

use crate::model::display::printable;
use crate::model::{GraphAnswer, Identity};

/// The number of each identity in a drawing.
pub(super) fn numbers(answer: &GraphAnswer) -> HashMap<&Identity, usize> {
    let identities = answer.identities.iter().map(|member| &member.identity);
    let ends = answer.links.iter().flat_map(|link| [&link.a, &link.b]);
    let mut numbers = HashMap::new();
    for identity in identities.chain(ends) {
        let next = numbers.len();
        numbers.entry(identity).or_insert(next);
    }
    numbers
}

/// The identities of a drawing in the order of their numbers.
pub(super) fn in_order<'a>(numbers: &HashMap<&'a Identity, usize>) -> Vec<&'a Identity> {
    let mut identities: Vec<_> = numbers
        .iter()
        .map(|(identity, n)| (*n, *identity))
        .collect();
    identities.sort_unstable_by_key(|(n, _)| *n);
    identities
        .into_iter()
        .map(|(_, identity)| identity)
        .collect()
}

/// The graph for Graphviz; removed links are dotted.
pub fn dot(answer: &GraphAnswer) -> String {
    let numbers = numbers(answer);
    let mut text = String::from("graph identities {\n  node [shape=box];\n");
    for (n, identity) in in_order(&numbers).into_iter().enumerate() {
        let label = quoted(&identity.to_string());
        let strong = if *identity == answer.identity {
            ", penwidth=2"
        } else {
            ""
        };
        let _ = writeln!(text, "  n{n} [label=\"{label}\"{strong}];");
    }
    for link in &answer.links {
        let (Some(a), Some(b)) = (numbers.get(&link.a), numbers.get(&link.b)) else {
            continue;
        };
        let how = match &link.removed {
            Some(end) => {
                format!(
                    "style=dotted, tooltip=\"{}\"",
                    quoted(&end.reason.to_string())
                )
            }
            None => format!("tooltip=\"seen {}\"", link.seen),
        };
        let _ = writeln!(text, "  n{a} -- n{b} [{how}];");
    }
    text.push_str("}\n");
    text
}

/// The graph for Mermaid; removed links are dotted.
pub fn mermaid(answer: &GraphAnswer) -> String {
    let numbers = numbers(answer);
    let mut text = String::from("graph LR\n");
    for (n, identity) in in_order(&numbers).into_iter().enumerate() {
        let _ = writeln!(text, "  n{n}[\"{}\"]", entities(&identity.to_string()));
    }
    for link in &answer.links {
        let (Some(a), Some(b)) = (numbers.get(&link.a), numbers.get(&link.b)) else {
            continue;
        };
        let line = if link.removed.is_some() { "-.-" } else { "---" };
        let _ = writeln!(text, "  n{a} {line} n{b}");
    }
    text
}

/// A text inside the quotes of Graphviz.
fn quoted(text: &str) -> String {
    printable(text).replace('\\', "\\\\").replace('"', "\\\"")
}

/// A text inside the quotes of Mermaid: every sign but letters, digits and the plainest as its number.
fn entities(text: &str) -> String {
    let mut safe = String::new();
    for letter in printable(text).chars() {
        if letter.is_alphanumeric() || matches!(letter, ' ' | '.' | ':' | '-' | '_' | '@' | '+') {
            safe.push(letter);
        } else {
            let _ = write!(safe, "#{};", letter as u32);
        }
    }
    safe
}
