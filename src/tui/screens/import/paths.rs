//! The paths that one writes on a line.

use std::path::PathBuf;

use crate::tui::message::Ctx;

/// The paths of a line: parted by blanks, but not inside quotes; `~/` is the home folder.
pub fn paths(line: &str, ctx: &Ctx) -> Vec<PathBuf> {
    let mut paths = vec![String::new()];
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, letter) if letter.is_whitespace() => paths.push(String::new()),
            (_, letter) => {
                if let Some(path) = paths.last_mut() {
                    path.push(letter);
                }
            }
        }
    }
    paths.retain(|path| !path.is_empty());
    let homely = |path: String| match (path.strip_prefix("~/"), &ctx.home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(path),
    };
    paths.into_iter().map(homely).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_paths() {
        let mut ctx = crate::tui::testing::ctx();
        ctx.home = Some("/home/maya".into());
        let check = |line: &str, expected: &[&str]| {
            let expected: Vec<PathBuf> = expected.iter().map(PathBuf::from).collect();
            assert_eq!(paths(line, &ctx), expected, "{line}");
        };
        check("crm.csv  web.jsonl", &["crm.csv", "web.jsonl"]);
        check("\"my files/crm.csv\" 'it''s'", &["my files/crm.csv", "its"]);
        check("~/drop ~x", &["/home/maya/drop", "~x"]);
        check("  ", &[]);
        check("\"open", &["open"]);
    }
}
