//! The values of Parquet as JSON: every digit, and what the logical types say.

use std::fmt::Write as _;

use ::parquet::basic::{LogicalType, TimeUnit};
use ::parquet::data_type::Decimal;
use ::parquet::record::{Field, Row};
use ::parquet::schema::types::Type;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta};

use super::json_text::write_text;

/// Writes a row, or a struct in one, as an object.
pub fn write_row(out: &mut String, row: &Row, schema: Option<&Type>) {
    let fields = schema.map_or(&[][..], children);
    out.push('{');
    for (place, (name, field)) in row.get_column_iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_text(out, name);
        out.push(':');
        let kind = fields.iter().find(|field| field.name() == name);
        write_value(out, field, kind.map(AsRef::as_ref));
    }
    out.push('}');
}

/// Writes a value; its type says what its digits mean, where it is known.
fn write_value(out: &mut String, field: &Field, kind: Option<&Type>) {
    let logical = kind.and_then(|kind| kind.get_basic_info().logical_type_ref());
    match field {
        Field::Null => out.push_str("null"),
        Field::Bool(value) => say(out, value),
        Field::Byte(value) => say(out, value),
        Field::Short(value) => say(out, value),
        Field::Int(value) => say(out, value),
        Field::Long(value) => write_long(out, *value, logical),
        Field::UByte(value) => say(out, value),
        Field::UShort(value) => say(out, value),
        Field::UInt(value) => say(out, value),
        Field::ULong(value) => say(out, value),
        Field::Float16(value) => write_float(out, f32::from(*value)),
        Field::Float(value) => write_float(out, *value),
        Field::Double(value) => write_float(out, *value),
        Field::Decimal(value) => write_decimal(out, value),
        Field::Str(value) => write_string(out, value, logical),
        Field::Bytes(value) => write_bytes(out, value.data(), logical),
        Field::Date(days) => write_date(out, *days),
        Field::TimeMillis(value) => write_time(out, i64::from(*value), Unit::Milli),
        Field::TimeMicros(value) => write_time(out, *value, Unit::Micro),
        Field::TimestampMillis(value) => write_moment(out, *value, Unit::Milli, is_utc(logical)),
        Field::TimestampMicros(value) => write_moment(out, *value, Unit::Micro, is_utc(logical)),
        Field::Group(row) => write_row(out, row, kind),
        Field::ListInternal(list) => {
            let element = kind.and_then(element);
            write_items(out, list.elements(), element);
        }
        Field::MapInternal(map) => write_map(out, map.entries(), kind),
    }
}

fn say(out: &mut String, value: &impl std::fmt::Display) {
    // Writing into a text can't fail.
    let _ = write!(out, "{value}");
}

/// JSON has no infinity; such numbers become texts.
fn write_float<F: std::fmt::Debug + Into<f64> + Copy>(out: &mut String, value: F) {
    let text = format!("{value:?}");
    if value.into().is_finite() {
        out.push_str(&text);
    } else {
        write_text(out, &text);
    }
}

fn write_items(out: &mut String, items: &[Field], kind: Option<&Type>) {
    out.push('[');
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        write_value(out, item, kind);
    }
    out.push(']');
}

/// A map of texts is an object; keys of other types become texts.
fn write_map(out: &mut String, entries: &[(Field, Field)], kind: Option<&Type>) {
    let pair = kind.and_then(|kind| children(kind).first());
    let part = |place: usize| {
        let parts = pair.map_or(&[][..], |pair| children(pair));
        parts.get(place).map(AsRef::as_ref)
    };
    out.push('{');
    for (place, (key, value)) in entries.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let mut name = String::new();
        write_value(&mut name, key, part(0));
        if name.starts_with('"') {
            out.push_str(&name);
        } else {
            write_text(out, &name);
        }
        out.push(':');
        write_value(out, value, part(1));
    }
    out.push('}');
}

/// The type of a list's items, which older writers put one level higher.
fn element(list: &Type) -> Option<&Type> {
    let repeated = children(list).first()?;
    let fields = children(repeated);
    let is_item = repeated.is_primitive()
        || fields.len() != 1
        || repeated.name() == "array"
        || repeated.name() == format!("{}_tuple", list.name());
    if is_item {
        Some(repeated.as_ref())
    } else {
        fields.first().map(AsRef::as_ref)
    }
}

fn children(kind: &Type) -> &[std::sync::Arc<Type>] {
    if kind.is_group() {
        kind.get_fields()
    } else {
        &[]
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Milli,
    Micro,
    Nano,
}

impl Unit {
    fn of(unit: TimeUnit) -> Unit {
        match unit {
            TimeUnit::MILLIS => Unit::Milli,
            TimeUnit::MICROS => Unit::Micro,
            TimeUnit::NANOS => Unit::Nano,
        }
    }

    /// Digits behind the point.
    fn digits(self) -> usize {
        match self {
            Unit::Milli => 3,
            Unit::Micro => 6,
            Unit::Nano => 9,
        }
    }

    fn in_a_second(self) -> i64 {
        10_i64.pow(self.digits() as u32)
    }
}

/// A number of 64 bits, which newer files say to be a time only in their logical type.
fn write_long(out: &mut String, value: i64, logical: Option<&LogicalType>) {
    match logical {
        Some(LogicalType::Timestamp(kind)) => {
            write_moment(out, value, Unit::of(kind.unit), kind.is_adjusted_to_u_t_c);
        }
        Some(LogicalType::Time(kind)) => write_time(out, value, Unit::of(kind.unit)),
        _ => say(out, &value),
    }
}

fn is_utc(logical: Option<&LogicalType>) -> bool {
    match logical {
        Some(LogicalType::Timestamp(kind)) => kind.is_adjusted_to_u_t_c,
        _ => true,
    }
}

/// RFC 3339 with the digits that the file has; without a zone where the file says that the time is local.
fn write_moment(out: &mut String, value: i64, unit: Unit, is_utc: bool) {
    let second = unit.in_a_second();
    let fraction = value.rem_euclid(second);
    let nanoseconds = fraction * (1_000_000_000 / second);
    let moment = DateTime::from_timestamp(value.div_euclid(second), nanoseconds as u32);
    let Some(moment) = moment else {
        return say(out, &value);
    };
    let zone = if is_utc { "Z" } else { "" };
    let whole = moment.format("%Y-%m-%dT%H:%M:%S");
    let digits = unit.digits();
    let _ = write!(out, "\"{whole}.{fraction:0digits$}{zone}\"");
}

fn write_time(out: &mut String, value: i64, unit: Unit) {
    let second = unit.in_a_second();
    let seconds = u32::try_from(value.div_euclid(second)).ok();
    let time =
        seconds.and_then(|seconds| NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0));
    let Some(time) = time else {
        return say(out, &value);
    };
    let fraction = value.rem_euclid(second);
    let digits = unit.digits();
    let _ = write!(out, "\"{}.{fraction:0digits$}\"", time.format("%H:%M:%S"));
}

fn write_date(out: &mut String, days: i32) {
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1);
    let date = epoch.and_then(|day| day.checked_add_signed(TimeDelta::days(i64::from(days))));
    match date {
        Some(date) => {
            let _ = write!(out, "\"{date}\"");
        }
        None => say(out, &days),
    }
}

/// A text; where the file says that it is JSON, that value, on one line.
fn write_string(out: &mut String, text: &str, logical: Option<&LogicalType>) {
    let is_json = logical == Some(&LogicalType::Json)
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    if is_json {
        // Line ends in valid JSON are blanks between its parts.
        out.extend(text.chars().map(|letter| {
            if matches!(letter, '\n' | '\r') {
                ' '
            } else {
                letter
            }
        }));
    } else {
        write_text(out, text);
    }
}

/// Bytes that are text as text, others in base64.
fn write_bytes(out: &mut String, bytes: &[u8], logical: Option<&LogicalType>) {
    match (logical, std::str::from_utf8(bytes)) {
        (Some(LogicalType::Uuid), _) if bytes.len() == 16 => {
            out.push('"');
            for (place, byte) in bytes.iter().enumerate() {
                if matches!(place, 4 | 6 | 8 | 10) {
                    out.push('-');
                }
                let _ = write!(out, "{byte:02x}");
            }
            out.push('"');
        }
        (Some(LogicalType::Bson), _) | (_, Err(_)) => write_text(out, &STANDARD.encode(bytes)),
        (_, Ok(text)) => write_text(out, text),
    }
}

/// As many digits behind the point as are written out; what has more is damaged or means harm.
const MOST_PLACES: i32 = 1000;

/// Writes a decimal number, with all digits behind the point.
pub fn write_decimal(out: &mut String, value: &Decimal) {
    let (is_negative, digits) = digits(value.data());
    let sign = if is_negative { "-" } else { "" };
    let Some(scale) = usize::try_from(value.scale())
        .ok()
        .filter(|_| value.scale() <= MOST_PLACES)
    else {
        return say(
            out,
            &format_args!("{sign}{digits}e{}", -i64::from(value.scale())),
        );
    };
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    let point = if fraction.is_empty() { "" } else { "." };
    out.extend([sign, whole, point, fraction]);
}

/// The decimal digits of a number in two's complement, highest byte first.
fn digits(bytes: &[u8]) -> (bool, String) {
    let is_negative = bytes.first().is_some_and(|byte| byte & 0x80 != 0);
    // Groups of nine digits, the lowest first.
    let mut groups: Vec<u64> = vec![0];
    let mut carry_in = u64::from(is_negative);
    let magnitude: Vec<u8> = bytes
        .iter()
        .rev()
        .map(|byte| {
            let byte = if is_negative { !byte } else { *byte };
            let sum = u64::from(byte) + carry_in;
            carry_in = sum >> 8;
            sum as u8
        })
        .collect();
    for byte in magnitude.iter().rev() {
        let mut carry = u64::from(*byte);
        for group in &mut groups {
            let sum = *group * 256 + carry;
            *group = sum % 1_000_000_000;
            carry = sum / 1_000_000_000;
        }
        if carry > 0 {
            groups.push(carry);
        }
    }
    let mut text = String::new();
    for group in groups.iter().rev() {
        let _ = write!(text, "{group:09}");
    }
    let trimmed = text.trim_start_matches('0');
    let text = if trimmed.is_empty() { "0" } else { trimmed };
    (is_negative && text != "0", text.to_owned())
}
