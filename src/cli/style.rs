//! Colour in text output: by role, and only where it is wanted.

use clap::ValueEnum;

/// When text output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What a piece of text is, so that the style can say it in colour; a sign or word always says it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    #[default]
    Plain,
    /// A heading or a name.
    Strong,
    /// What stands back.
    Faint,
    /// What deserves a look.
    Warning,
    /// What is wrong.
    Bad,
}

/// Whether roles are painted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    #[default]
    Plain,
    /// Text with colours.
    Colored,
}

impl Style {
    /// The style for an output; `no_color` is the value of that variable, any but an empty one counts.
    pub fn choose(color: Color, no_color: Option<&str>, terminal: Terminal) -> Style {
        let wanted = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal == Terminal::Yes && no_color.is_none_or(str::is_empty),
        };
        if wanted { Style::Colored } else { Style::Plain }
    }

    /// The text in the colour of its role.
    pub fn paint(self, role: Role, text: &str) -> String {
        let code = match role {
            Role::Plain => return text.to_owned(),
            Role::Strong => "1",
            Role::Faint => "2",
            Role::Warning => "33",
            Role::Bad => "31",
        };
        match self {
            Style::Plain => text.to_owned(),
            Style::Colored => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

/// Whether an output goes to a terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Terminal {
    /// Somebody looks at it.
    Yes,
    /// It is a pipe or a file.
    #[default]
    No,
}

impl Terminal {
    /// What an output is connected to.
    pub fn of(output: &impl std::io::IsTerminal) -> Terminal {
        if output.is_terminal() {
            Terminal::Yes
        } else {
            Terminal::No
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_is_for_terminals_unless_the_caller_decides() {
        let check = |color, no_color, terminal, expected| {
            assert_eq!(
                Style::choose(color, no_color, terminal),
                expected,
                "{color:?} {no_color:?} {terminal:?}"
            );
        };
        check(Color::Auto, None, Terminal::Yes, Style::Colored);
        check(Color::Auto, Some(""), Terminal::Yes, Style::Colored);
        check(Color::Auto, Some("1"), Terminal::Yes, Style::Plain);
        check(Color::Auto, None, Terminal::No, Style::Plain);
        check(Color::Always, Some("1"), Terminal::No, Style::Colored);
        check(Color::Never, None, Terminal::Yes, Style::Plain);
    }
}
