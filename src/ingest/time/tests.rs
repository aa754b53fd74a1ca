//! Tables of times.

use super::*;
use proptest::prelude::*;

fn check(text: &str, expected: &str) {
    check_in(None, text, expected, None);
}

fn check_in(zone: Option<&str>, text: &str, expected: &str, remark: Option<Remark>) {
    let habits = Habits {
        zone: zone.map(|zone| zone.parse().unwrap()),
        order: None,
    };
    let reading = read_text(text, habits).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    assert_eq!(reading.moment.to_string(), expected, "{text}");
    assert_eq!(reading.remark, remark, "{text}");
}

#[test]
fn a_time_with_a_zone_is_read_exactly() {
    check("2024-01-31T12:34:56Z", "2024-01-31T12:34:56.000Z");
    check("2024-01-31t12:34:56.7z", "2024-01-31T12:34:56.700Z");
    check(
        "2024-01-31 12:34:56.123456789+01:00",
        "2024-01-31T11:34:56.123Z",
    );
    check("2024-01-31T12:34:56,5-0830", "2024-01-31T21:04:56.500Z");
    check("2024-01-31T12:34+01", "2024-01-31T11:34:00.000Z");
    check("2024-01-31 12:34:56 UTC", "2024-01-31T12:34:56.000Z");
    check("2019-9-6T12:00:00Z", "2019-09-06T12:00:00.000Z");
    check("  2024-02-29T00:00:00Z\n", "2024-02-29T00:00:00.000Z");
    check("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z");
}

#[test]
fn a_time_without_a_zone_is_utc() {
    check("2024-01-01 10:00:00", "2024-01-01T10:00:00.000Z");
    check("2020-09-09T21:21:16.612", "2020-09-09T21:21:16.612Z");
    check("2024-01-15", "2024-01-15T00:00:00.000Z");
    check("2024-1-5", "2024-01-05T00:00:00.000Z");
    check("2024/03/01", "2024-03-01T00:00:00.000Z");
    check("2024/3/1 9:05", "2024-03-01T09:05:00.000Z");
}

#[test]
fn dates_with_slashes_are_read_in_the_order_that_is_said() {
    let check = |order: &str, text: &str, expected: Option<&str>| {
        let habits = Habits {
            zone: None,
            order: Some(order.parse().unwrap()),
        };
        let found = read_text(text, habits).ok();
        let found = found.map(|reading| reading.moment.to_string());
        assert_eq!(found.as_deref(), expected, "{order} {text}");
    };
    let (day, month) = ("day/month/year", "month/day/year");
    let (march, january) = ("2024-03-01T10:00:00.000Z", "2024-01-03T10:00:00.000Z");
    check(day, "01/03/2024 10:00", Some(march));
    check(month, "01/03/2024 10:00", Some(january));
    check(day, "1/3/2024T10:00:00Z", Some(march));
    check(month, "2024/03/01 10:00", Some(march));
    check(day, "31/01/2024", Some("2024-01-31T00:00:00.000Z"));
    check(month, "31/01/2024", None);
    assert_eq!(
        "day/month/yaer".parse::<DateOrder>().unwrap_err(),
        "`day/month/yaer` is no order of a date; did you mean `day/month/year`?"
    );
}

#[test]
fn numbers_count_from_1970_by_their_size() {
    check("1716825800", "2024-05-27T16:03:20.000Z");
    check("1716825800123", "2024-05-27T16:03:20.123Z");
    check("1716825800123456", "2024-05-27T16:03:20.123Z");
    check("1716825800.1239", "2024-05-27T16:03:20.123Z");
    check("0", "1970-01-01T00:00:00.000Z");
    check("-1", "1969-12-31T23:59:59.000Z");
    let check_number = |digits: &str, expected: &str| {
        let reading = read_number(digits).unwrap();
        assert_eq!(reading.moment.to_string(), expected, "{digits}");
    };
    check_number("1.716825800123E12", "2024-05-27T16:03:20.123Z");
    check_number("2014", "1970-01-01T00:33:34.000Z");
    check_number("17168258e2", "2024-05-27T16:03:20.000Z");
    check_number("0.0015", "1970-01-01T00:00:00.001Z");
    check_number("5e-9", "1970-01-01T00:00:00.000Z");
}

#[test]
fn a_bare_year_is_its_first_day_and_says_so() {
    let year = Some(Remark::BareYear);
    check_in(None, "2014", "2014-01-01T00:00:00.000Z", year);
    check_in(
        Some("Europe/Vienna"),
        "2014",
        "2013-12-31T23:00:00.000Z",
        year,
    );
}

#[test]
fn local_times_follow_the_zone_of_the_mapping() {
    let vienna = |text, expected, remark| check_in(Some("Europe/Vienna"), text, expected, remark);
    vienna("2024-07-01 12:00:00", "2024-07-01T10:00:00.000Z", None);
    vienna("2024-07-01T12:00:00Z", "2024-07-01T12:00:00.000Z", None);
    vienna("2024-07-01", "2024-06-30T22:00:00.000Z", None);
    let twice = Some(Remark::Ambiguous);
    vienna("2024-10-27 02:30:00", "2024-10-27T00:30:00.000Z", twice);
    let never = Some(Remark::Skipped);
    vienna("2024-03-31 02:30:00", "2024-03-31T01:30:00.000Z", never);
}

#[test]
fn what_is_no_time_is_refused_with_its_kind() {
    let check = |text: &str, expected: fn(String) -> TimeFault| {
        assert_eq!(
            read_text(text, Habits::default()),
            Err(expected(shortened(text))),
            "{text}"
        );
    };
    check("", TimeFault::Unknown);
    check("XXX_GETS_OVERRIDDEN", TimeFault::Unknown);
    check("01/31/2024", TimeFault::NoOrder);
    check("01/03/2024 10:00", TimeFault::NoOrder);
    check("1/3/24", TimeFault::Unknown);
    check("2024/01-31", TimeFault::Unknown);
    check("123/01/2024", TimeFault::Unknown);
    check("2024-01-31T12:34:56+1", TimeFault::Unknown);
    check("2024-01-31T12:34:56Z!", TimeFault::Unknown);
    check("2024-01", TimeFault::Unknown);
    check("٢٠٢٤-01-01", TimeFault::Unknown);
    check("1.2.3", TimeFault::Unknown);
    check("2024-02-30", TimeFault::Impossible);
    check("2024-01-31T24:00:00Z", TimeFault::Impossible);
    check("0000-01-01T00:00:00+01:00", TimeFault::Impossible);
    check("9999-12-31T23:59:59-01:00", TimeFault::Impossible);
    check("20240131", TimeFault::Unclear);
    check("20240131120000", TimeFault::Unclear);
    check("99999999999999999999", TimeFault::TooLarge);
    check(&"9".repeat(500), TimeFault::TooLarge);
}

proptest! {
    #[test]
    fn a_plain_time_is_read_as_any_other(
        year in 0_u32..10_000,
        month in 0_u32..14,
        day in 0_u32..33,
        clock in "(|T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](|\\.[0-9]{1,11}))",
        zone in "(|Z|z|[+]01:00)",
        blank in "[ ]{0,1}",
    ) {
        let text = format!("{year:04}-{month:02}-{day:02}{clock}{zone}{blank}");
        for zone in [None, Some(chrono_tz::Europe::Vienna)] {
            let habits = Habits { zone, order: None };
            prop_assert_eq!(read_text(&text, habits), read_any(text.trim(), habits), "{}", text);
        }
    }
}
