//! What a single value looks like: an e-mail, a number, a time…

use crate::ingest::time::{self, DateOrder, Habits, TimeFault};

/// What a value looks like, whatever its column is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// An e-mail address.
    Email,
    /// 38 digits, as an ECID has them.
    Ecid,
    /// A UUID.
    Uuid,
    /// A hash in hexadecimal digits.
    Hash,
    /// A telephone number, written as one.
    Phone,
    /// Seven to fifteen digits.
    Digits,
    /// Digits that are seconds, milliseconds or microseconds of our days.
    Epoch,
    /// A day with an hour.
    Time,
    /// A day.
    Day,
    /// A date with slashes that can only begin with its day.
    DayFirst,
    /// A date with slashes that can only begin with its month.
    MonthFirst,
    /// A date with slashes that may begin with either.
    EitherFirst,
    /// A whole number.
    Integer,
    /// A number with a fraction.
    Decimal,
    /// Yes or no.
    Truth,
    /// An address of the web.
    Url,
    /// An address of a machine.
    Machine,
    /// Anything else.
    Text,
}

/// The shapes that are numbers.
pub const NUMBERS: [Shape; 4] = [Shape::Integer, Shape::Digits, Shape::Epoch, Shape::Decimal];

/// The shapes that are moments.
pub const TIMES: [Shape; 3] = [Shape::Time, Shape::Day, Shape::Epoch];

/// The shapes of dates with slashes that do not begin with the year.
pub const SLASHED: [Shape; 3] = [Shape::DayFirst, Shape::MonthFirst, Shape::EitherFirst];

/// The shapes that are written as dates, whether or not they can be read.
pub const DATES: [Shape; 5] = [
    Shape::Time,
    Shape::Day,
    Shape::DayFirst,
    Shape::MonthFirst,
    Shape::EitherFirst,
];

/// Whether a value has a shape.
type Test = fn(&str) -> bool;

/// What a value looks like; it is trimmed and not empty.
pub fn shape_of(value: &str) -> Shape {
    let tests: [(Test, Shape); 10] = [
        (is_ecid, Shape::Ecid),
        (is_epoch, Shape::Epoch),
        (is_bare_phone, Shape::Digits),
        (is_integer, Shape::Integer),
        (is_decimal, Shape::Decimal),
        (is_email, Shape::Email),
        (is_uuid, Shape::Uuid),
        (is_hash, Shape::Hash),
        (is_truth, Shape::Truth),
        (is_machine, Shape::Machine),
    ];
    let found = tests.iter().find(|(test, _)| test(value));
    found.map_or_else(|| longer_shape(value), |(_, shape)| *shape)
}

fn longer_shape(value: &str) -> Shape {
    if ["http://", "https://", "www."]
        .iter()
        .any(|start| value.starts_with(start))
    {
        Shape::Url
    } else if let Some(shape) = time_shape(value) {
        shape
    } else if is_phone(value) {
        Shape::Phone
    } else {
        Shape::Text
    }
}

fn all_digits(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_ecid(value: &str) -> bool {
    value.len() == 38 && all_digits(value)
}

/// The years from 2000 to 2100, in seconds, milliseconds or microseconds.
fn is_epoch(value: &str) -> bool {
    let seconds = match value.len() {
        10 | 13 | 16 if all_digits(value) => value.get(..10),
        _ => None,
    };
    let seconds: Option<u64> = seconds.and_then(|digits| digits.parse().ok());
    seconds.is_some_and(|seconds| (946_684_800..4_102_444_800).contains(&seconds))
}

fn is_bare_phone(value: &str) -> bool {
    (7..=15).contains(&value.len()) && all_digits(value)
}

fn is_integer(value: &str) -> bool {
    all_digits(value.strip_prefix(['-', '+']).unwrap_or(value)) && !value.starts_with('+')
}

fn is_decimal(value: &str) -> bool {
    let value = value.strip_prefix('-').unwrap_or(value);
    let parts = value.split_once(['.', ',']);
    parts.is_some_and(|(whole, part)| all_digits(whole) && all_digits(part))
}

/// Whether a text is an e-mail address, as far as anybody can see without writing to it.
pub fn is_email(value: &str) -> bool {
    let Some((name, domain)) = value.split_once('@') else {
        return false;
    };
    let is_plain = |letter: char| !letter.is_whitespace() && !letter.is_control();
    let last = domain.rsplit_once('.');
    let has_domain = last.is_some_and(|(rest, top)| {
        !rest.is_empty() && !top.is_empty() && top.chars().all(char::is_alphabetic)
    });
    !name.is_empty()
        && value.len() <= 254
        && has_domain
        && !domain.contains('@')
        && value
            .chars()
            .all(|letter| is_plain(letter) && !"<>,;\"()".contains(letter))
}

fn is_uuid(value: &str) -> bool {
    let parts: Vec<&str> = value.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.iter().all(|part| is_hexadecimal(part))
}

fn is_hash(value: &str) -> bool {
    matches!(value.len(), 32 | 40 | 64) && is_hexadecimal(value)
}

fn is_hexadecimal(value: &str) -> bool {
    value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_truth(value: &str) -> bool {
    ["true", "false", "yes", "no", "y", "n", "t", "f"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}

fn is_machine(value: &str) -> bool {
    value.contains(['.', ':']) && value.parse::<std::net::IpAddr>().is_ok()
}

fn time_shape(value: &str) -> Option<Shape> {
    let can_be = value.len() <= 40
        && value.starts_with(|letter: char| letter.is_ascii_digit())
        && value.contains(['-', '/', ':', '.']);
    if !can_be {
        return None;
    }
    match time::read_text(value, Habits::default()) {
        Ok(_) if value.contains(':') => Some(Shape::Time),
        Ok(_) => Some(Shape::Day),
        Err(TimeFault::NoOrder(_)) => slashed_shape(value),
        Err(_) => None,
    }
}

fn slashed_shape(value: &str) -> Option<Shape> {
    let [day_first, month_first] = DateOrder::NAMES.map(|(_, order)| {
        let habits = Habits {
            zone: None,
            order: Some(order),
        };
        time::read_text(value, habits).is_ok()
    });
    match (day_first, month_first) {
        (true, true) => Some(Shape::EitherFirst),
        (true, false) => Some(Shape::DayFirst),
        (false, true) => Some(Shape::MonthFirst),
        (false, false) => None,
    }
}

/// Digits that are written as people write telephone numbers: with a plus, brackets, or in groups.
fn is_phone(value: &str) -> bool {
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let is_sign = |letter: char| letter.is_ascii_digit() || "+-(). /".contains(letter);
    let groups = value.split(|letter: char| !letter.is_ascii_digit());
    let groups = groups.filter(|group| !group.is_empty()).count();
    let is_marked = value.starts_with(['+', '(']) || value.starts_with("00");
    (7..=15).contains(&digits)
        && value.chars().all(is_sign)
        && (is_marked
            || (digits == 10 && groups == 3)
            || (digits == 11 && value.starts_with('1') && groups == 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_known_by_their_looks() {
        let check = |expected: Shape, values: &[&str]| {
            for value in values {
                assert_eq!(shape_of(value), expected, "{value}");
            }
        };
        check(
            Shape::Email,
            &["ana@example.com", "k@h.t", "a.b+c@x-y.co.uk"],
        );
        check(
            Shape::Phone,
            &[
                "+43 664 123",
                "(719) 933-0478",
                "719-933-0478",
                "+4366412345",
                "1-719-933-0478",
            ],
        );
        check(Shape::Digits, &["5551234567", "10004451371"]);
        check(Shape::Epoch, &["1700000000", "1700000000000"]);
        check(Shape::Time, &["2024-01-01 10:00:00", "2019-9-6T12:00:00Z"]);
        check(Shape::Day, &["2024-01-15", "2024/1/15"]);
        check(Shape::Time, &["2024/01/15 10:00"]);
        check(Shape::DayFirst, &["31/01/2024", "13/1/2024 10:00:00"]);
        check(Shape::MonthFirst, &["01/31/2024"]);
        check(Shape::EitherFirst, &["01/03/2024 10:00", "3/3/2024"]);
        check(Shape::Ecid, &["66620287917633773701224504975043484666"]);
        check(Shape::Uuid, &["4d7a54b2-a3aa-4b4d-ba3b-ef6d2a805811"]);
        check(Shape::Hash, &["970c8c01ed6c42e95f59b3a4cb3401d4"]);
        check(Shape::Integer, &["1", "-5", "92128", "2024"]);
        check(Shape::Decimal, &["81.88", "-0,5"]);
        check(Shape::Truth, &["true", "N"]);
        check(Shape::Machine, &["44.36.178.60", "::1"]);
        check(Shape::Url, &["https://robohash.org/x.png"]);
        check(
            Shape::Text,
            &[
                "a@b",
                "@x.at",
                "a b@x.at",
                "134-630-143-1341",
                "24-MG01",
                "Ana",
                "LOYAL001",
                "555-1234",
                "31/31/2024",
                "1/2/24",
            ],
        );
    }
}
