//! How text for people looks: style, width, zone of times, and stored texts made harmless.

use chrono::SecondsFormat;
use chrono_tz::Tz;
use serde_json::{Map, Value};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use crate::cli::style::Style;
use crate::model::display::printable;
use crate::model::{Identity, Moment};

/// How text for people looks.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Whether it is coloured.
    pub style: Style,
    /// The columns of the terminal; `None` where nothing is cut.
    pub width: Option<usize>,
    /// The zone in which times are shown.
    pub zone: Tz,
}

impl Default for Look {
    fn default() -> Look {
        Look {
            style: Style::Plain,
            width: None,
            zone: Tz::UTC,
        }
    }
}

impl Look {
    /// A moment to the second, in the zone.
    pub fn time(&self, moment: Moment) -> String {
        let Some(time) = moment.calendar() else {
            return moment.to_string();
        };
        time.with_timezone(&self.zone)
            .to_rfc3339_opts(SecondsFormat::Secs, true)
            .replacen('T', " ", 1)
    }

    /// The day of a moment, in the zone.
    pub fn day(&self, moment: Moment) -> String {
        self.time(moment)
            .chars()
            .take_while(|letter| *letter != ' ')
            .collect()
    }

    /// A moment to the second where there is one, else a dash.
    pub fn time_or_dash(&self, moment: Option<Moment>) -> String {
        moment.map_or_else(|| "–".to_owned(), |moment| self.time(moment))
    }

    /// An identity, harmless.
    pub fn identity(&self, identity: &Identity) -> String {
        self.limited(&printable(&identity.to_string()))
    }

    /// A value: a text without quotes, anything else as JSON, harmless.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::String(text) if text.is_empty() => "\"\"".to_owned(),
            Value::String(text) => self.limited(&printable(text)),
            Value::Object(map) if map.contains_key("val") => self.choice(map),
            other => self.limited(&printable(&other.to_string())),
        }
    }

    /// A consent choice: what was chosen, then when and why.
    fn choice(&self, map: &Map<String, Value>) -> String {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let first = map.get("val").into_iter();
        let rest = map.iter().filter(|(key, _)| *key != "val");
        let said: Vec<_> = first
            .chain(rest.map(|(_, value)| value))
            .map(text)
            .collect();
        self.limited(&printable(&said.join(", ")))
    }

    /// The text; on a terminal, three lines of it at most.
    fn limited(&self, text: &str) -> String {
        match self.width {
            Some(columns) => cut(text, 3 * columns),
            None => text.to_owned(),
        }
    }
}

/// The columns that a text takes.
pub fn width(text: &str) -> usize {
    text.width()
}

/// As much of a text as fits into so many columns, with `…` where something was left out.
pub fn cut(text: &str, columns: usize) -> String {
    // A letter takes at least a byte, and most texts are short.
    if text.len() <= columns || text.width() <= columns {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        used += grapheme.width();
        if used + 1 > columns {
            break;
        }
        kept.push_str(grapheme);
    }
    kept.push('…');
    kept
}

/// The same with the beginning and the end kept.
pub fn cut_middle(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut end = Vec::new();
    let mut used = 0;
    for grapheme in text.graphemes(true).rev() {
        used += grapheme.width();
        if used > columns / 2 {
            break;
        }
        end.push(grapheme);
    }
    let end: String = end.into_iter().rev().collect();
    let start = cut(text, columns.saturating_sub(end.width()));
    start + &end
}

/// A number with its thousands parted.
pub fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut parted = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

/// Which part of a list is shown, counted from 1: `51 to 100`, or `none`.
pub fn span(offset: u64, shown: u64) -> String {
    match shown {
        0 => "none".to_owned(),
        _ => format!("{} to {}", number(offset + 1), number(offset + shown)),
    }
}

/// A number of things: `1 event`, `2,000 events`.
pub fn count(count: u64, thing: &str) -> String {
    match (count, thing.strip_suffix('y')) {
        (1, _) => format!("1 {thing}"),
        (_, Some(stem)) => format!("{} {stem}ies", number(count)),
        (_, None) if thing.ends_with("ch") => format!("{} {thing}es", number(count)),
        (_, None) => format!("{} {thing}s", number(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_in_an_ellipsis() {
        let check = |text: &str, columns, expected: &str| assert_eq!(cut(text, columns), expected);
        check("gold", 4, "gold");
        check("golden", 4, "gol…");
        check("岡部花子", 8, "岡部花子");
        check("岡部花子", 6, "岡部…");
        check("é\u{301}é\u{301}é", 2, "é\u{301}…");
        check("x", 0, "…");
    }

    #[test]
    fn an_identity_is_cut_in_the_middle() {
        let check = |columns, expected: &str| {
            assert_eq!(cut_middle("loyaltyId:L000888001", columns), expected);
        };
        check(20, "loyaltyId:L000888001");
        check(12, "loyal…888001");
        check(3, "l…1");
        check(0, "…");
    }

    #[test]
    fn numbers_and_things_are_counted_as_people_do() {
        let check = |n, thing, expected: &str| assert_eq!(count(n, thing), expected);
        check(1, "event", "1 event");
        check(0, "identity", "0 identities");
        check(1_234_567, "row", "1,234,567 rows");
        check(2, "batch", "2 batches");
    }

    #[test]
    fn times_are_shown_to_the_second_in_the_zone() {
        let moment = Moment::parse("2024-07-01T10:00:00.999Z").expect("a time");
        let mut look = Look::default();
        assert_eq!(look.time(moment), "2024-07-01 10:00:00Z");
        look.zone = Tz::Europe__Vienna;
        assert_eq!(look.time(moment), "2024-07-01 12:00:00+02:00");
        assert_eq!(look.time(Moment::MAX), format!("{} ms", i64::MAX));
    }
}
