//! Colours by what they mean, read from the themes in `assets/themes`, and reduced to what the terminal can show.

mod depth;

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};

use crate::model::NamespaceKind;

pub use depth::Depth;
use depth::reduce;

/// A name and a text for each theme that is built in.
const BUILT_IN: [(&str, &str); 3] = [
    ("dark", include_str!("../../../assets/themes/dark.toml")),
    ("light", include_str!("../../../assets/themes/light.toml")),
    ("ansi", include_str!("../../../assets/themes/ansi.toml")),
];

/// A theme that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ThemeError {
    /// It is no TOML.
    #[error("the theme is no TOML of `role = \"style\"` lines: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A role is missing.
    #[error("the theme has no role `{0}`; add it, an empty text leaves it plain")]
    Missing(String),
    /// A role is not known.
    #[error("`{0}` is no role of a theme")]
    Unknown(String),
    /// A word of a style is not known.
    #[error(
        "`{word}` of role `{role}` is neither a colour (#rrggbb or a name) nor bold, dim, italic, underlined, reversed"
    )]
    Word {
        /// The role.
        role: String,
        /// The word.
        word: String,
    },
}

/// A style for each thing that a style says something of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The theme's name.
    pub name: String,
    /// Plain text.
    pub text: Style,
    /// What is secondary.
    pub dim: Style,
    /// What is hardly there: rules, dots between things.
    pub faint: Style,
    /// Names and headings.
    pub title: Style,
    /// What stands out among its like.
    pub accent: Style,
    /// A pane's border.
    pub border: Style,
    /// The border of the pane that has the keys.
    pub focus: Style,
    /// The tab that is open.
    pub tab: Style,
    /// A key's name in a hint.
    pub key: Style,
    /// The selected row.
    pub selection: Style,
    /// What matched the query.
    pub matched: Style,
    /// Fragments disagree.
    pub conflict: Style,
    /// Something is wrong with the person's say, such as an opt-out that lost.
    pub alarm: Style,
    /// A link whose removal splits a graph.
    pub bridge: Style,
    /// A masked value.
    pub masked: Style,
    /// A yes.
    pub good: Style,
    /// A no, a failure.
    pub bad: Style,
    /// A path's keys.
    pub path: Style,
    /// A number.
    pub number: Style,
    /// An identity that names a person.
    pub person: Style,
    /// An e-mail address.
    pub email: Style,
    /// A phone number.
    pub phone: Style,
    /// A piece of hardware.
    pub device: Style,
    /// A browser.
    pub cookie: Style,
    /// An identity that names no person.
    pub other: Style,
}

impl Theme {
    /// A built-in theme by its name, or the first one; below 256 colours it is always that of the sixteen.
    pub fn built_in(name: &str, depth: Depth) -> Theme {
        let name = if depth <= Depth::Sixteen {
            "ansi"
        } else {
            name
        };
        let (name, text) = BUILT_IN
            .into_iter()
            .find(|(known, _)| *known == name)
            .unwrap_or(BUILT_IN[0]);
        Theme::parse(name, text, depth).unwrap_or_else(|_| Theme::bare())
    }

    /// The names of the built-in themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.into_iter().map(|(name, _)| name)
    }

    /// Reads a theme: a line for each role, with colours and modifiers.
    pub fn parse(name: &str, text: &str, depth: Depth) -> Result<Theme, ThemeError> {
        let mut roles = Roles {
            styles: toml::from_str(text)?,
            depth,
        };
        let theme = Theme {
            name: name.to_owned(),
            text: roles.take("text")?,
            dim: roles.take("dim")?,
            faint: roles.take("faint")?,
            title: roles.take("title")?,
            accent: roles.take("accent")?,
            border: roles.take("border")?,
            focus: roles.take("focus")?,
            tab: roles.take("tab")?,
            key: roles.take("key")?,
            selection: roles.take("selection")?,
            matched: roles.take("matched")?,
            conflict: roles.take("conflict")?,
            alarm: roles.take("alarm")?,
            bridge: roles.take("bridge")?,
            masked: roles.take("masked")?,
            good: roles.take("good")?,
            bad: roles.take("bad")?,
            path: roles.take("path")?,
            number: roles.take("number")?,
            person: roles.take("person")?,
            email: roles.take("email")?,
            phone: roles.take("phone")?,
            device: roles.take("device")?,
            cookie: roles.take("cookie")?,
            other: roles.take("other")?,
        };
        match roles.styles.into_keys().next() {
            Some(left) => Err(ThemeError::Unknown(left)),
            None => Ok(theme),
        }
    }

    /// The style of identities of a kind.
    pub fn identity(&self, kind: NamespaceKind) -> Style {
        match kind {
            NamespaceKind::CrossDevice => self.person,
            NamespaceKind::Email => self.email,
            NamespaceKind::Phone => self.phone,
            NamespaceKind::Device => self.device,
            NamespaceKind::Cookie => self.cookie,
            NamespaceKind::NonPeople | NamespaceKind::Partner => self.other,
        }
    }

    /// What is left where no theme can be read: a selection that can be seen, and nothing else.
    fn bare() -> Theme {
        let plain = Style::new();
        let strong = Style::new().add_modifier(Modifier::BOLD);
        let turned = Style::new().add_modifier(Modifier::REVERSED);
        Theme {
            name: "bare".into(),
            text: plain,
            dim: plain,
            faint: plain,
            title: strong,
            accent: plain,
            border: plain,
            focus: strong,
            tab: turned,
            key: strong,
            selection: turned,
            matched: strong,
            conflict: strong,
            alarm: strong,
            bridge: strong,
            masked: plain,
            good: plain,
            bad: strong,
            path: plain,
            number: plain,
            person: plain,
            email: plain,
            phone: plain,
            device: plain,
            cookie: plain,
            other: plain,
        }
    }
}

/// The styles of a theme that no field has taken yet.
struct Roles {
    styles: BTreeMap<String, String>,
    depth: Depth,
}

impl Roles {
    fn take(&mut self, role: &str) -> Result<Style, ThemeError> {
        let text = self
            .styles
            .remove(role)
            .ok_or_else(|| ThemeError::Missing(role.to_owned()))?;
        text.split_whitespace()
            .try_fold(Style::new(), |style, word| {
                if let Some(modifier) = modifier(word) {
                    return Ok(style.add_modifier(modifier));
                }
                let color: Color = word.parse().map_err(|_| ThemeError::Word {
                    role: role.to_owned(),
                    word: word.to_owned(),
                })?;
                Ok(match reduce(color, self.depth) {
                    Some(color) => style.fg(color),
                    None => style,
                })
            })
    }
}

fn modifier(word: &str) -> Option<Modifier> {
    Some(match word {
        "bold" => Modifier::BOLD,
        "dim" => Modifier::DIM,
        "italic" => Modifier::ITALIC,
        "underlined" => Modifier::UNDERLINED,
        "reversed" => Modifier::REVERSED,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_theme_names_every_role() {
        for (name, text) in BUILT_IN {
            for depth in [Depth::Plain, Depth::Sixteen, Depth::Indexed, Depth::True] {
                let theme = Theme::parse(name, text, depth).expect(name);
                assert!(theme.selection.add_modifier.contains(Modifier::REVERSED));
            }
        }
    }

    #[test]
    fn without_colour_the_modifiers_remain() {
        let theme = Theme::built_in("dark", Depth::Plain);
        assert_eq!(theme.conflict.fg, None);
        assert_eq!(theme.conflict.add_modifier, Modifier::BOLD);
        assert_eq!(theme.name, "ansi");
    }

    #[test]
    fn a_theme_that_cannot_be_read_says_where() {
        let whole = BUILT_IN[0].1;
        let check = |text: &str, expected: &str| {
            let error = Theme::parse("mine", text, Depth::True).expect_err(text);
            assert!(error.to_string().contains(expected), "{error}");
        };
        check("text = \"\"", "no role `dim`");
        check(&format!("{whole}\nlamp = \"\""), "`lamp` is no role");
        check(
            &whole.replace("text = \"\"", "text = \"blueish\""),
            "`blueish` of role `text`",
        );
        check("text", "no TOML");
    }

    #[test]
    fn every_colour_can_be_read_on_its_background() {
        for (name, background) in [("dark", (0x16, 0x16, 0x1d)), ("light", (0xfb, 0xf9, 0xf3))] {
            let (_, text) = BUILT_IN
                .into_iter()
                .find(|(known, _)| *known == name)
                .expect(name);
            let roles: BTreeMap<String, String> = toml::from_str(text).expect(name);
            for (role, style) in roles {
                let Some(Color::Rgb(r, g, b)) = style.split(' ').find_map(|word| word.parse().ok())
                else {
                    continue;
                };
                let least = if matches!(role.as_str(), "faint" | "border") {
                    1.5
                } else {
                    4.5
                };
                let found = contrast((r, g, b), background);
                assert!(found >= least, "{role} of {name}: {found:.1}");
            }
        }
    }

    /// The contrast of two colours as WCAG 2.1 reckons it.
    fn contrast(one: (u8, u8, u8), other: (u8, u8, u8)) -> f64 {
        let part = |part: u8| {
            let part = f64::from(part) / 255.0;
            if part <= 0.039_28 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        let light =
            |(r, g, b): (u8, u8, u8)| 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b) + 0.05;
        let (one, other) = (light(one), light(other));
        one.max(other) / one.min(other)
    }
}
