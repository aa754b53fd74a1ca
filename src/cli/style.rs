//! What printed text looks like: colours by role, and whether there are any.

use std::ffi::OsStr;
use std::fmt;
use std::io::IsTerminal;

use clap::ValueEnum;

use crate::model::Shown;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Also into files and pipes.
    Always,
    /// Nowhere.
    Never,
}

/// What text is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// A terminal.
    Terminal,
    /// A file or a pipe.
    Plain,
}

impl Ground {
    /// What this stream is.
    pub fn of(stream: &impl IsTerminal) -> Ground {
        if stream.is_terminal() {
            Ground::Terminal
        } else {
            Ground::Plain
        }
    }
}

/// What a piece of text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The head of a section or table.
    Heading,
    /// An identity or the name of a profile.
    Identity,
    /// What stands back: line numbers, times, units.
    Faint,
    /// What a query matched.
    Match,
    /// Sources disagree.
    Conflict,
    /// It deserves a look.
    Warning,
    /// It failed.
    Error,
    /// It is well.
    Good,
}

/// Colours for printed text, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    is_coloured: bool,
}

impl Style {
    /// Text without colours.
    pub const PLAIN: Style = Style { is_coloured: false };

    /// The style for what was asked, the value of `NO_COLOR` and the ground.
    pub fn new(choice: ColorChoice, no_color: Option<&OsStr>, ground: Ground) -> Style {
        let is_coloured = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => ground == Ground::Terminal && no_color.is_none_or(OsStr::is_empty),
        };
        Style { is_coloured }
    }

    /// A text in the colour of its role; what it holds is made harmless.
    pub fn paint<'a>(&self, role: Role, text: &'a str) -> Painted<'a> {
        Painted {
            codes: self.is_coloured.then(|| codes(role)),
            text,
        }
    }
}

/// A text with its colour, ready to be printed.
#[derive(Clone, Copy, Debug)]
pub struct Painted<'a> {
    codes: Option<&'static str>,
    text: &'a str,
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = Shown(self.text);
        match self.codes {
            Some(codes) => write!(f, "\x1b[{codes}m{shown}\x1b[0m"),
            None => shown.fmt(f),
        }
    }
}

/// The sixteen colours of the terminal's own theme alone, so that they fit a light ground and a dark one.
fn codes(role: Role) -> &'static str {
    match role {
        Role::Heading => "1",
        Role::Identity => "36",
        Role::Faint => "2",
        Role::Match => "1;4",
        Role::Conflict | Role::Warning => "33",
        Role::Error => "1;31",
        Role::Good => "32",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_for_terminals_unless_asked_otherwise() {
        let check = |choice, no_color: Option<&str>, ground, expected| {
            let style = Style::new(choice, no_color.map(OsStr::new), ground);
            assert_eq!(
                style.is_coloured, expected,
                "{choice:?} {no_color:?} {ground:?}"
            );
        };
        check(ColorChoice::Auto, None, Ground::Terminal, true);
        check(ColorChoice::Auto, Some(""), Ground::Terminal, true);
        check(ColorChoice::Auto, Some("1"), Ground::Terminal, false);
        check(ColorChoice::Auto, None, Ground::Plain, false);
        check(ColorChoice::Always, Some("1"), Ground::Plain, true);
        check(ColorChoice::Never, None, Ground::Terminal, false);
    }

    #[test]
    fn painted_text_is_harmless_inside_its_colour() {
        let style = Style::new(ColorChoice::Always, None, Ground::Plain);
        let check = |style: Style, text, expected: &str| {
            assert_eq!(style.paint(Role::Error, text).to_string(), expected);
        };
        check(style, "no\x1b[0m", "\x1b[1;31mno^[[0m\x1b[0m");
        check(Style::PLAIN, "no\x1b[0m", "no^[[0m");
    }
}
