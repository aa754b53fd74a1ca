//! An identity graph as a picture: a column a namespace, by priority; removed links are dotted.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::drawing::{in_order, numbers};
use crate::cli::print::look::{cut, width};
use crate::model::display::printable;
use crate::model::{GraphAnswer, GraphLink, Identity};

const ROW: usize = 40;
const BOX: usize = 26;
const GAP: usize = 90;
const MARGIN: usize = 20;
const LETTER: usize = 8;
const LONGEST: usize = 44;

/// Where the box of an identity stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    x: usize,
    y: usize,
    width: usize,
}

/// The picture.
pub fn svg(answer: &GraphAnswer) -> String {
    let numbers = numbers(answer);
    let columns = columns(&in_order(&numbers));
    let places = places(&columns);
    let right = places
        .values()
        .map(|place| place.x + place.width)
        .max()
        .unwrap_or(0);
    let bottom = places
        .values()
        .map(|place| place.y + BOX)
        .max()
        .unwrap_or(0);
    let (all_x, all_y) = (right + MARGIN, bottom + MARGIN);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{all_x}\" height=\"{all_y}\" viewBox=\"0 0 {all_x} {all_y}\" font-family=\"monospace\" font-size=\"13\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    for link in &answer.links {
        line(&mut text, link, &places);
    }
    for column in &columns {
        if let Some(place) = column.first().and_then(|identity| places.get(identity)) {
            let title = column
                .first()
                .map_or("", |identity| identity.namespace.as_str());
            let _ = writeln!(
                text,
                "<text x=\"{}\" y=\"{}\" fill=\"#667085\">{}</text>",
                place.x,
                MARGIN,
                escaped(title)
            );
        }
        for identity in column {
            node(&mut text, identity, *identity == &answer.identity, &places);
        }
    }
    text.push_str("</svg>\n");
    text
}

/// The identities by namespace, in the order of the first of each.
fn columns<'a>(identities: &[&'a Identity]) -> Vec<Vec<&'a Identity>> {
    let mut columns: Vec<Vec<&Identity>> = Vec::new();
    for identity in identities {
        let known = columns.iter_mut().find(|column| {
            column
                .first()
                .is_some_and(|first| first.namespace.eq_ignore_ascii_case(&identity.namespace))
        });
        match known {
            Some(column) => column.push(identity),
            None => columns.push(vec![identity]),
        }
    }
    columns
}

fn places<'a>(columns: &[Vec<&'a Identity>]) -> HashMap<&'a Identity, Place> {
    let mut places = HashMap::new();
    let mut x = MARGIN;
    for column in columns {
        let widest = column
            .iter()
            .map(|identity| width(&label(identity)))
            .max()
            .unwrap_or(0);
        let width = widest * LETTER + 2 * LETTER;
        for (row, identity) in column.iter().enumerate() {
            let y = MARGIN + ROW / 2 + row * ROW;
            places.insert(*identity, Place { x, y, width });
        }
        x += width + GAP;
    }
    places
}

fn line(text: &mut String, link: &GraphLink, places: &HashMap<&Identity, Place>) {
    let (Some(one), Some(other)) = (places.get(&link.a), places.get(&link.b)) else {
        return;
    };
    let (left, right) = if one.x <= other.x {
        (one, other)
    } else {
        (other, one)
    };
    let (y1, y2) = (left.y + BOX / 2, right.y + BOX / 2);
    let x1 = left.x + left.width;
    let (x2, bend) = if left.x == right.x {
        (x1, GAP / 2)
    } else {
        (right.x, 0)
    };
    let (stroke, title) = match &link.removed {
        Some(end) => (
            "stroke=\"#b42318\" stroke-dasharray=\"2 4\"",
            format!("removed: {}", end.reason),
        ),
        None => ("stroke=\"#475467\"", format!("seen {}", link.seen)),
    };
    let (c1, c2) = if bend > 0 {
        (x1 + bend, x2 + bend)
    } else {
        (x1 + GAP / 2, x2.saturating_sub(GAP / 2))
    };
    let _ = writeln!(
        text,
        "<path d=\"M{x1} {y1} C{c1} {y1} {c2} {y2} {x2} {y2}\" fill=\"none\" {stroke}><title>{}</title></path>",
        escaped(&title)
    );
}

/// A box; that of the asked identity has a stronger border.
fn node(
    text: &mut String,
    identity: &Identity,
    is_asked: bool,
    places: &HashMap<&Identity, Place>,
) {
    let Some(place) = places.get(identity) else {
        return;
    };
    let border = if is_asked { 2 } else { 1 };
    let Place { x, y, width } = *place;
    let _ = writeln!(
        text,
        "<g><title>{}</title><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{BOX}\" rx=\"4\" fill=\"#f9fafb\" stroke=\"#101828\" stroke-width=\"{border}\"/><text x=\"{}\" y=\"{}\" fill=\"#101828\">{}</text></g>",
        escaped(&identity.to_string()),
        x + LETTER,
        y + 17,
        escaped(&label(identity))
    );
}

fn label(identity: &Identity) -> String {
    cut(&printable(&identity.value), LONGEST)
}

/// A text between tags or quotes of XML.
fn escaped(text: &str) -> String {
    let mut safe = String::new();
    for letter in printable(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            _ => safe.push(letter),
        }
    }
    safe
}
