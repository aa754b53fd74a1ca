//! Text as it fits a cell of the screen: harmless, composed, cut to a width; numbers, ages and JSON in few letters.

use ratatui::buffer::CellWidth;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::model::display::printable;
use crate::model::{BatchId, Moment, SourceLine};

/// Cells beyond which nobody looks for the end of a text.
const LONGEST: usize = 2_000;

/// Letters of one cell at most; accents heaped on one letter beyond this are dropped.
const BYTES_PER_CELL: usize = 32;

/// The text made harmless and cut to a width in cells, with `…` where something is missing.
pub fn fit(text: &str, width: usize) -> String {
    let (head, is_whole) = prefix(text, (width + 1) * BYTES_PER_CELL);
    let shown: String = printable(head).nfc().collect();
    cut(&shown, width, is_whole)
}

/// As [`fit`], filled up with blanks on the right.
pub fn fit_left(text: &str, width: usize) -> String {
    let mut shown = fit(text, width);
    let missing = width.saturating_sub(cells(&shown));
    shown.extend(std::iter::repeat_n(' ', missing));
    shown
}

/// As [`fit`], filled up with blanks on the left.
pub fn fit_right(text: &str, width: usize) -> String {
    let shown = fit(text, width);
    format!("{}{shown}", " ".repeat(width.saturating_sub(cells(&shown))))
}

/// As [`fit`], but what is missing is missing in the middle: long ids differ at their ends.
pub fn fit_middle(text: &str, width: usize) -> String {
    let whole = fit(text, LONGEST);
    if cells(&whole) <= width {
        return whole;
    }
    let tail = ending(&whole, width / 3);
    let head = cut(&whole, width.saturating_sub(cells(&tail)), false);
    format!("{head}{tail}")
}

/// As [`fit`], but what is missing is missing at the beginning: paths differ at their ends.
pub fn fit_tail(text: &str, width: usize) -> String {
    let whole = fit(text, LONGEST);
    if cells(&whole) <= width {
        return whole;
    }
    match width {
        0 => String::new(),
        _ => format!("…{}", ending(&whole, width - 1)),
    }
}

/// The last letters, of so many cells at most.
fn ending(shown: &str, width: usize) -> String {
    let mut used = 0;
    let kept: Vec<_> = shown
        .graphemes(true)
        .rev()
        .take_while(|grapheme| {
            used += usize::from(grapheme.cell_width());
            used <= width
        })
        .collect();
    kept.into_iter().rev().collect()
}

/// The text made harmless and broken into lines of a width, at most `limit` of them.
pub fn wrap(text: &str, width: usize, limit: usize) -> Vec<String> {
    let width = width.max(1);
    let (head, is_whole) = prefix(text, (width + 1) * BYTES_PER_CELL * limit.max(1));
    let shown: String = printable(head).nfc().collect();
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in shown.split_inclusive(' ') {
        place_word(&mut lines, &mut used, word, width);
        if lines.len() > limit {
            break;
        }
    }
    let overflows = lines.len() > limit || !is_whole;
    lines.truncate(limit);
    if let Some(last) = lines.last_mut().filter(|_| overflows) {
        *last = cut(&format!("{last} "), width.min(cells(last) + 1), false);
    }
    lines
}

fn place_word(lines: &mut Vec<String>, used: &mut usize, word: &str, width: usize) {
    if *used > 0 && *used + cells(word.trim_end()) > width {
        lines.push(String::new());
        *used = 0;
    }
    for grapheme in word.graphemes(true) {
        let wide = wide(grapheme);
        if *used + wide > width {
            if grapheme == " " {
                continue;
            }
            lines.push(String::new());
            *used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(grapheme);
        }
        *used += wide;
    }
}

/// How many cells a harmless text takes.
pub fn cells(text: &str) -> usize {
    text.graphemes(true).map(wide).sum()
}

/// How many cells a grapheme takes; a control character, which is never painted, none.
fn wide(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) {
        return 0;
    }
    usize::from(grapheme.cell_width())
}

fn cut(shown: &str, width: usize, is_whole: bool) -> String {
    if is_whole && cells(shown) <= width {
        return shown.to_owned();
    }
    let mut kept = String::new();
    let mut used = 0;
    for grapheme in shown.graphemes(true) {
        used += wide(grapheme);
        if used >= width {
            break;
        }
        kept.push_str(grapheme);
    }
    if width > 0 {
        kept.push('…');
    }
    kept
}

fn prefix(text: &str, limit: usize) -> (&str, bool) {
    if text.len() <= limit {
        return (text, true);
    }
    let end = (0..=limit)
        .rev()
        .find(|&end| text.is_char_boundary(end))
        .unwrap_or(0);
    (text.get(..end).unwrap_or(""), false)
}

/// A number with its thousands set apart: `1 204 318`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(' ');
        }
        shown.push(digit);
    }
    shown
}

/// A number with its noun in the right form: `1 conflict`, `2 conflicts`.
pub fn counted(number: u64, noun: &str) -> String {
    match (number, noun.strip_suffix('y')) {
        (1, _) => format!("1 {noun}"),
        (_, Some(stem)) => format!("{} {stem}ies", count(number)),
        _ => format!("{} {noun}s", count(number)),
    }
}

/// Parts on one line with a sign between; empty ones are left out.
pub fn dotted<const N: usize>(parts: [String; N], dot: &str) -> String {
    let said: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    said.join(&format!(" {dot} "))
}

/// The record behind a value: `crm.csv line 17 · batch 3`; the file goes by its last name, as width is dear.
pub fn record(batch: BatchId, file: &str, line: SourceLine, dot: &str) -> String {
    let file = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let place = format!("{file} line {}", line.line);
    format!("{} {dot} batch {batch}", place.trim_start())
}

/// Bytes in the unit that leaves at most three digits: `4.1 GB`.
pub fn bytes(number: u64) -> String {
    let mut rest = number as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if rest < 999.5 {
            return match unit {
                "B" => format!("{number} B"),
                _ if rest < 9.95 => format!("{rest:.1} {unit}"),
                _ => format!("{rest:.0} {unit}"),
            };
        }
        rest /= 1000.0;
    }
    format!("{rest:.1} TB")
}

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long ago a moment was: `now`, `12 min`, `2 h`, `5 d`, `4 mo`, `3 y`; `in 2 h` for what is to come.
pub fn age(moment: Moment, now: Moment) -> String {
    let past = now.0.saturating_sub(moment.0);
    let span = past.saturating_abs();
    let shown = match span {
        ..MINUTE => return "now".into(),
        MINUTE..HOUR => format!("{} min", span / MINUTE),
        HOUR..DAY => format!("{} h", span / HOUR),
        _ if span < 60 * DAY => format!("{} d", span / DAY),
        _ if span < 730 * DAY => format!("{} mo", span / (30 * DAY)),
        _ => format!("{} y", span / (365 * DAY)),
    };
    if past < 0 {
        format!("in {shown}")
    } else {
        shown
    }
}

/// The day of a moment, `2024-05-01`.
pub fn day(moment: Moment) -> String {
    moment
        .calendar()
        .map_or_else(|| "—".into(), |time| time.format("%Y-%m-%d").to_string())
}

/// A moment to the second, `2024-05-01 12:30:07Z`.
pub fn second(moment: Moment) -> String {
    moment.calendar().map_or_else(
        || "—".into(),
        |time| time.format("%Y-%m-%d %H:%M:%SZ").to_string(),
    )
}

/// How long something took: `0.3 ms`, `12 ms`, `1.4 s`.
pub fn took(elapsed: std::time::Duration) -> String {
    let ms = elapsed.as_secs_f64() * 1000.0;
    match ms {
        _ if ms < 10.0 => format!("{ms:.1} ms"),
        _ if ms < 1000.0 => format!("{ms:.0} ms"),
        _ => format!("{:.1} s", ms / 1000.0),
    }
}

/// A JSON value on one line, of about `limit` letters at most: a text without its quotes, objects and arrays opened.
pub fn brief(value: &Value, limit: usize) -> String {
    let mut shown = String::new();
    match value {
        Value::String(text) => shown.push_str(prefix(text, limit * 4).0),
        _ => write_brief(&mut shown, value, limit),
    }
    shown
}

fn write_brief(shown: &mut String, value: &Value, limit: usize) {
    match value {
        _ if shown.len() > limit => shown.push('…'),
        Value::String(text) => {
            shown.push('"');
            shown.push_str(prefix(text, limit).0);
            shown.push('"');
        }
        Value::Array(items) => {
            shown.push('[');
            for (place, item) in items.iter().enumerate() {
                if shown.len() > limit {
                    break;
                }
                shown.push_str(if place > 0 { ", " } else { "" });
                write_brief(shown, item, limit);
            }
            shown.push(']');
        }
        Value::Object(map) => {
            shown.push('{');
            for (place, (key, item)) in map.iter().enumerate() {
                if shown.len() > limit {
                    break;
                }
                shown.push_str(if place > 0 { ", " } else { "" });
                shown.push_str(prefix(key, limit).0);
                shown.push_str(": ");
                write_brief(shown, item, limit);
            }
            shown.push('}');
        }
        _ => shown.push_str(prefix(&value.to_string(), limit).0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_its_cells() {
        let check = |text: &str, width: usize, expected: &str| {
            assert_eq!(fit(text, width), expected, "{text}");
        };
        check("Maya", 4, "Maya");
        check("Maya Okafor", 6, "Maya …");
        check("岡部岡部", 5, "岡部…");
        check("岡部岡部", 4, "岡…");
        check("e\u{301}e\u{301}", 2, "éé");
        check("a\nb", 3, "a⏎b");
        check("abc", 0, "");
        check(&"x".repeat(10_000_000), 4, "xxx…");
        assert_eq!(fit_left("岡", 4), "岡  ");
        assert_eq!(fit_right("7", 3), "  7");
    }

    #[test]
    fn what_differs_at_its_end_keeps_it() {
        let check = |width: usize, middle: &str, tail: &str| {
            let text = "ECID:2000000000007";
            assert_eq!(fit_middle(text, width), middle);
            assert_eq!(fit_tail(text, width), tail);
        };
        check(18, "ECID:2000000000007", "ECID:2000000000007");
        check(12, "ECID:20…0007", "…00000000007");
        check(3, "E…7", "…07");
        check(1, "…", "…");
        check(0, "", "");
        assert_eq!(fit_middle("岡部岡部岡部", 7), "岡部…部");
        assert_eq!(fit_tail("a\x1b[m岡部岡部", 6), "…岡部");
    }

    #[test]
    fn a_long_text_is_broken_into_lines() {
        let check = |text: &str, width: usize, limit: usize, expected: &[&str]| {
            let lines: Vec<_> = wrap(text, width, limit)
                .iter()
                .map(|line| line.trim_end().to_owned())
                .collect();
            assert_eq!(lines, expected, "{text}");
        };
        check("one two three", 8, 9, &["one two", "three"]);
        check("abcdefghij", 4, 9, &["abcd", "efgh", "ij"]);
        check("one two three four", 5, 2, &["one", "two …"]);
        check("", 5, 2, &[""]);
    }

    #[test]
    fn numbers_are_short_and_aligned() {
        assert_eq!(count(1_204_318), "1 204 318");
        assert_eq!(count(12), "12");
        assert_eq!(counted(1, "identity"), "1 identity");
        assert_eq!(counted(1200, "identity"), "1 200 identities");
        assert_eq!(counted(2, "event"), "2 events");
        assert_eq!(bytes(4_100_000_000), "4.1 GB");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(33_000_000), "33 MB");
    }

    #[test]
    fn ages_are_rounded_down() {
        let now = Moment::parse("2026-11-20T10:00:00Z").expect("a time");
        let check = |text: &str, expected: &str| {
            assert_eq!(age(Moment::parse(text).expect(text), now), expected);
        };
        check("2026-11-20T09:59:30Z", "now");
        check("2026-11-20T07:59:00Z", "2 h");
        check("2026-11-15T09:00:00Z", "5 d");
        check("2026-07-01T00:00:00Z", "4 mo");
        check("2021-04-09T00:00:00Z", "5 y");
        check("2026-11-20T12:01:00Z", "in 2 h");
        assert_eq!(age(Moment::MIN, Moment::MAX), age(Moment::MIN, now));
    }

    #[test]
    fn json_is_shown_on_one_line() {
        let check = |json: &str, expected: &str| {
            let value: Value = serde_json::from_str(json).expect(json);
            assert_eq!(brief(&value, 40), expected);
        };
        check(r#""Lagos""#, "Lagos");
        check(
            r#"{"a":[1,"x",null],"b":{}}"#,
            r#"{a: [1, "x", null], b: {}}"#,
        );
        let long = Value::from((0..1_000_000).collect::<Vec<u32>>());
        assert!(brief(&long, 40).len() < 60);
    }
}
