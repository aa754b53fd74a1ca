//! The filter of a timeline as it is typed: `type:page*`, `since:2026-09-01`, `until:7d`.

use crate::model::Moment;
use crate::worker::EventFilter;

const DAY: i64 = 86_400_000;

/// Reads a filter; a word without a name is a type.
pub fn parse(text: &str, now: Moment) -> Result<EventFilter, String> {
    let mut filter = EventFilter::default();
    for word in text.split_whitespace() {
        match word.split_once(':') {
            Some(("since", time)) => filter.since = Some(moment(time, now)?.0),
            Some(("until", time)) => filter.until = Some(moment(time, now)?.1),
            Some(("type", "")) => {}
            Some(("type", glob)) => filter.kind = Some(glob.to_owned()),
            Some((name, _)) if !name.contains('.') => {
                return Err(format!(
                    "there is no filter `{name}:`; there are type:, since: and until:"
                ));
            }
            _ => filter.kind = Some(format!("*{word}*")),
        }
    }
    Ok(filter)
}

/// The filter's text with another type, or without one.
pub fn with_kind(text: &str, kind: Option<&str>) -> String {
    let is_time = |word: &&str| word.starts_with("since:") || word.starts_with("until:");
    let times = text.split_whitespace().filter(is_time).map(str::to_owned);
    // What a glob or the filter itself would read otherwise stands for any one letter.
    let plain = |letter: char| match letter {
        '*' | '?' | '[' | ']' | '{' | '}' | '!' => '?',
        _ if letter.is_whitespace() => '?',
        _ => letter,
    };
    let kind = kind.map(|kind| format!("type:{}", kind.chars().map(plain).collect::<String>()));
    kind.into_iter().chain(times).collect::<Vec<_>>().join(" ")
}

/// The first and the last moment that a time means: a day has many, an age or an exact time one.
fn moment(text: &str, now: Moment) -> Result<(Moment, Moment), String> {
    let span = |start: Option<Moment>, length: i64| {
        start.map(|start| (start, Moment(start.0.saturating_add(length - 1))))
    };
    let found = match text.len() {
        10 => span(Moment::parse(&format!("{text}T00:00:00Z")), DAY),
        _ => span(Moment::parse(text), 1),
    };
    found.or_else(|| age(text, now)).ok_or_else(|| {
        format!("`{text}` is no time; write 2026-09-01, 2026-09-01T12:00:00Z, or an age such as 12h, 30d, 6mo")
    })
}

fn age(text: &str, now: Moment) -> Option<(Moment, Moment)> {
    let unit_at = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(unit_at)?;
    let unit = match unit {
        "min" => 60_000,
        "h" => 3_600_000,
        "d" => DAY,
        "w" => 7 * DAY,
        "mo" => 30 * DAY,
        "y" => 365 * DAY,
        _ => return None,
    };
    let back = number.parse::<i64>().ok()?.saturating_mul(unit);
    let then = Moment(now.0.saturating_sub(back));
    Some((then, then))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment(1_000 * DAY);

    #[test]
    fn a_filter_is_read() {
        let check = |text: &str, since: Option<i64>, until: Option<i64>, kind: Option<&str>| {
            let filter = parse(text, NOW).expect(text);
            let expected = EventFilter {
                since: since.map(Moment),
                until: until.map(Moment),
                kind: kind.map(str::to_owned),
            };
            assert_eq!(filter, expected, "{text}");
        };
        check("", None, None, None);
        check("type:commerce.*", None, None, Some("commerce.*"));
        check("type:", None, None, None);
        check("page", None, None, Some("*page*"));
        check("since:30d", Some(970 * DAY), None, None);
        check("since:1970-01-02", Some(DAY), None, None);
        check("until:1970-01-02", None, Some(2 * DAY - 1), None);
        check("until:1970-01-02T00:00:00Z x", None, Some(DAY), Some("*x*"));
    }

    #[test]
    fn a_bad_filter_says_what_there_is() {
        let check = |text: &str, expected: &str| {
            let words = parse(text, NOW).expect_err(text);
            assert!(words.contains(expected), "{words}");
        };
        check("since:soon", "`soon` is no time");
        check("since:", "is no time");
        check("until:9999999999999999999d", "is no time");
        check("from:x", "there is no filter `from:`");
    }

    #[test]
    fn the_type_is_changed_and_the_times_stay() {
        let check = |text: &str, kind: Option<&str>, expected: &str| {
            assert_eq!(with_kind(text, kind), expected, "{text}");
        };
        check("since:7d page", Some("x.y"), "type:x.y since:7d");
        check("type:x.y since:7d", None, "since:7d");
        check("", None, "");
        check("", Some("page [view]"), "type:page??view?");
    }
}
