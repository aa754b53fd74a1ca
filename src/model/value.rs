//! What JSON values mean beyond their text: agreement of numbers, and the one name a profile is called by.

use std::cmp::Ordering;

use serde_json::Value;

/// The value that a JSON text says; `None` where it is none. Asked for any value, serde makes a number by way of an object.
pub fn read(json: &str) -> Option<Value> {
    match json.as_bytes().first()? {
        b'-' | b'0'..=b'9' => json.parse().ok().map(Value::Number),
        _ => serde_json::from_str(json).ok(),
    }
}

/// Whether two values say the same: numbers by what they count (1 and 1.0 agree), objects without regard to key order.
pub fn agree(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => {
            Decimal::parse(&a.to_string()) == Decimal::parse(&b.to_string())
        }
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agree(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| agree(a, b)))
        }
        _ => a == b,
    }
}

/// Which of two numbers counts more, exact at any length; `None` where a text is no JSON number.
pub fn compare_numbers(a: &str, b: &str) -> Option<Ordering> {
    let read = |text: &str| is_number(text).then(|| Decimal::parse(text));
    Some(read(a)?.compare(&read(b)?))
}

/// Whether a text is a decimal number: digits with a sign, a fraction or a power of ten around them.
pub fn is_number(text: &str) -> bool {
    let text = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let power = power.strip_prefix(['-', '+']).unwrap_or(power);
    [whole, fraction, power]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

/// A number as its sign, its significant digits and the power of ten of the last one: exact at any length.
#[derive(Debug, PartialEq, Eq)]
struct Decimal {
    is_negative: bool,
    digits: String,
    exponent: i64,
}

impl Decimal {
    fn parse(text: &str) -> Decimal {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let power: i64 = power.parse().unwrap_or(i64::MAX / 2);
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0').trim_end_matches('0');
        if digits.is_empty() {
            return Decimal {
                is_negative: false,
                digits: String::new(),
                exponent: 0,
            };
        }
        let dropped = all.len() - all.trim_end_matches('0').len();
        Decimal {
            is_negative,
            digits: digits.to_owned(),
            exponent: power
                .saturating_sub(fraction.len() as i64)
                .saturating_add(dropped as i64),
        }
    }

    fn compare(&self, other: &Decimal) -> Ordering {
        match (self.sign(), other.sign()) {
            (own, theirs) if own != theirs => own.cmp(&theirs),
            (0, _) => Ordering::Equal,
            (1, _) => self.compare_size(other),
            _ => other.compare_size(self),
        }
    }

    fn sign(&self) -> i8 {
        match (self.digits.is_empty(), self.is_negative) {
            (true, _) => 0,
            (false, false) => 1,
            (false, true) => -1,
        }
    }

    fn compare_size(&self, other: &Decimal) -> Ordering {
        let places = |d: &Decimal| d.exponent.saturating_add(d.digits.len() as i64);
        // Digits begin with none but a significant one, so of equal lengths before the point their texts compare.
        places(self)
            .cmp(&places(other))
            .then_with(|| self.digits.cmp(&other.digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_serde_reads_any() {
        for json in [
            "0",
            "-0.0",
            "1.50",
            "1e400",
            "-12345678901234567890.5E-7",
            "01",
            "1.",
            "-",
            "1x",
            "1 2",
            "",
            "x",
            "true",
            "null",
            "\"a\\u00e9\"",
            "[1,{\"a\":2.0}]",
            "{\"a\":",
            "[1]]",
        ] {
            let any = serde_json::from_str::<Value>(json).ok();
            assert_eq!(read(json), any, "{json}");
            assert_eq!(
                read(json).map(|value| value.to_string()),
                any.map(|value| value.to_string())
            );
        }
    }

    #[test]
    fn values_agree_by_what_they_say() {
        let check = |a: &str, b: &str, expected: bool| {
            let read = |text| serde_json::from_str::<Value>(text).expect(text);
            assert_eq!(agree(&read(a), &read(b)), expected, "{a} and {b}");
        };
        check("1", "1.0", true);
        check("100", "1e2", true);
        check("0", "-0.0", true);
        check("1", "-1", false);
        check("12345678901234567890", "12345678901234567891", false);
        check("12345678901234567890", "12345678901234567890.0", true);
        check("\"1\"", "1", false);
        check(r#"{"a":1,"b":[2]}"#, r#"{"b":[2.0],"a":1}"#, true);
        check("[1,2]", "[2,1]", false);
        check("null", "false", false);
    }

    #[test]
    fn numbers_compare_by_what_they_count() {
        let check = |a: &str, b: &str, expected: Option<Ordering>| {
            assert_eq!(compare_numbers(a, b), expected, "{a} and {b}");
        };
        check("2", "10", Some(Ordering::Less));
        check("-2", "-10", Some(Ordering::Greater));
        check("0.5", "0.25", Some(Ordering::Greater));
        check("1e3", "999.9", Some(Ordering::Greater));
        check("+7", "7.00", Some(Ordering::Equal));
        check("0", "-0.01", Some(Ordering::Greater));
        check(
            "12345678901234567890",
            "12345678901234567891",
            Some(Ordering::Less),
        );
        check("1", "gold", None);
        check("", "1", None);
        check("1.", "1", None);
    }
}
