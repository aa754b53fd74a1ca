//! Whether the first row of a table names its columns, or is a row like the others.

use crate::ingest::time::{self, Habits, TimeFault};

/// What a value is, as far as its letters tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Empty,
    /// A number, but for the bare years that also head columns.
    Number,
    Year,
    Time,
    Email,
    Other,
}

impl Kind {
    fn of(value: &str) -> Kind {
        let value = value.trim();
        let digits = value.trim_start_matches(['-', '+']);
        let is_number = digits.bytes().any(|byte| byte.is_ascii_digit())
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if value.is_empty() {
            Kind::Empty
        } else if is_number {
            let year = digits.parse::<u32>().ok();
            let is_year = year.is_some_and(|year| (1900..2100).contains(&year));
            if is_year { Kind::Year } else { Kind::Number }
        } else if is_email(value) {
            Kind::Email
        } else if is_time(value) {
            Kind::Time
        } else {
            Kind::Other
        }
    }

    /// Names of columns are never of this kind.
    fn is_no_name(self) -> bool {
        matches!(self, Kind::Number | Kind::Time | Kind::Email)
    }
}

/// Whether a value is a time, also where nobody says whether its day or its month comes first.
fn is_time(value: &str) -> bool {
    let reading = time::read_text(value, Habits::default());
    matches!(reading, Ok(_) | Err(TimeFault::NoOrder(_)))
}

fn is_email(value: &str) -> bool {
    let Some((local, domain)) = value.split_once('@') else {
        return false;
    };
    let is_plain = |part: &str| !part.contains(['@', ' ', '/', ':']);
    !local.is_empty() && domain.contains('.') && is_plain(local) && is_plain(domain)
}

/// Whether the first of these rows is a header. It is, unless a value of it can't be a name and those below are alike.
pub fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, below)) = rows.split_first() else {
        return true;
    };
    if is_count(first) {
        return true;
    }
    let columns = first.iter().enumerate();
    let verdicts = columns.map(|(place, value)| verdict(Kind::of(value), place, below));
    let (mut like, mut unlike) = (0, 0);
    for verdict in verdicts {
        match verdict {
            Some(Likeness::Like) => like += 1,
            Some(Likeness::Unlike) => unlike += 1,
            None => {}
        }
    }
    like == 0 || unlike > 0
}

/// How a value stands to those below it.
enum Likeness {
    /// It is one of them.
    Like,
    /// It names them.
    Unlike,
}

fn verdict(first: Kind, place: usize, below: &[Vec<String>]) -> Option<Likeness> {
    let kinds = below.iter().filter_map(|row| row.get(place));
    let kinds: Vec<_> = kinds
        .map(|value| Kind::of(value))
        .filter(|kind| *kind != Kind::Empty)
        .collect();
    let alike = kinds.iter().filter(|kind| **kind == first).count();
    let others = kinds.iter().filter(|kind| kind.is_no_name()).count();
    // A lone row without names under it is a header, unless it holds what only people have.
    let is_alike = if below.is_empty() {
        matches!(first, Kind::Email | Kind::Time)
    } else {
        alike * 2 > kinds.len()
    };
    match first {
        kind if kind.is_no_name() && is_alike => Some(Likeness::Like),
        Kind::Other if !kinds.is_empty() && others == kinds.len() => Some(Likeness::Unlike),
        _ => None,
    }
}

/// Whether the values count up from 0 or 1, as some tools name columns.
fn is_count(row: &[String]) -> bool {
    let numbers: Option<Vec<usize>> = row.iter().map(|value| value.trim().parse().ok()).collect();
    numbers.is_some_and(|numbers| {
        let first = numbers.first().copied().unwrap_or(2);
        first < 2 && numbers.len() > 1 && numbers.iter().copied().eq(first..first + numbers.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_row_is_a_header_unless_it_is_like_the_others() {
        let check = |text: &str, expected: bool| {
            let row = |line: &str| line.split(',').map(str::to_owned).collect();
            let rows: Vec<Vec<String>> = text.lines().map(row).collect();
            assert_eq!(has_header(&rows), expected, "{text}");
        };
        check("", true);
        check("a,b", true);
        check("id,name\n1,x", true);
        check("name,city\nAna,Lagos\nBen,Oslo", true);
        check("a@x.org,Ana\nb@x.org,Ben", false);
        check("a@x.org,Ana", false);
        check("7,Ana\n8,Ben\n9,", false);
        check("2024-01-01,x\n2024-01-02,y", false);
        check("Ana,2024-01-01 10:00\nBen,2024-01-02 11:00", false);
        check("name,2019,2020\nAna,5,6", true);
        check("id,17,18\n1,5,6", true);
        check("0,1,2\nAna,5,x", true);
        check("1,2\n3,4", true);
        check("5551234567,Ana\n,Ben\nnone,Cas", true);
        check("email@home,x\na@x.org,y", true);
        check("contact@,b\n,\n", true);
    }
}
