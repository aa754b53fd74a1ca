//! How many colours a terminal has, and the nearest of them.

use ratatui::style::Color;

/// How many colours the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None, or none wanted: modifiers alone.
    Plain,
    /// The sixteen named ones.
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// Any.
    True,
}

impl Depth {
    /// What the environment promises: `NO_COLOR`, `COLORTERM` and `TERM`, looked up by name.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Depth {
        let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
        let color = variable("COLORTERM").unwrap_or_default();
        let term = variable("TERM").unwrap_or_default();
        if is_set("NO_COLOR") || term == "dumb" {
            Depth::Plain
        } else if matches!(color.as_str(), "truecolor" | "24bit") || term.ends_with("-direct") {
            Depth::True
        } else if term.contains("256color") || is_set("TMUX") {
            Depth::Indexed
        } else {
            Depth::Sixteen
        }
    }
}

/// The nearest colour that the depth allows.
pub(super) fn reduce(color: Color, depth: Depth) -> Option<Color> {
    match (color, depth) {
        (_, Depth::Plain) => None,
        (Color::Rgb(red, green, blue), Depth::Indexed | Depth::Sixteen) => {
            Some(Color::Indexed(indexed(red, green, blue)))
        }
        _ => Some(color),
    }
}

/// The nearest of xterm's 6×6×6 cube and its 24 greys.
fn indexed(red: u8, green: u8, blue: u8) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |part: u8| {
        let nearest = (0u8..)
            .zip(STEPS)
            .min_by_key(|(_, step)| step.abs_diff(part));
        nearest.unwrap_or((0, 0))
    };
    let ((r, near_red), (g, near_green), (b, near_blue)) = (step(red), step(green), step(blue));
    let average = (u16::from(red) + u16::from(green) + u16::from(blue)) / 3;
    let grey = (average.saturating_sub(3) / 10).min(23) as u8;
    let level = 8 + 10 * grey;
    let distance = |r: u8, g: u8, b: u8| {
        let part = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        part(r, red) + part(g, green) + part(b, blue)
    };
    if distance(level, level, level) < distance(near_red, near_green, near_blue) {
        232 + grey
    } else {
        16 + 36 * r + 6 * g + b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_tells_the_depth() {
        let check = |variables: &[(&str, &str)], expected: Depth| {
            let depth = Depth::of_environment(|name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            });
            assert_eq!(depth, expected, "{variables:?}");
        };
        check(&[("TERM", "xterm-256color")], Depth::Indexed);
        check(
            &[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")],
            Depth::True,
        );
        check(&[("TERM", "linux")], Depth::Sixteen);
        check(&[("TERM", "dumb")], Depth::Plain);
        check(
            &[("COLORTERM", "truecolor"), ("NO_COLOR", "1")],
            Depth::Plain,
        );
        check(&[("TERM", "linux"), ("NO_COLOR", "")], Depth::Sixteen);
    }

    #[test]
    fn colours_are_reduced_to_the_nearest() {
        assert_eq!(indexed(255, 0, 0), 196);
        assert_eq!(indexed(128, 128, 128), 244);
        assert_eq!(indexed(0, 0, 0), 16);
    }
}
