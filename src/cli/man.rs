//! `onefold man`: the manual, one page for the whole and one for each command.

use std::io::Write;

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::Exit;
use super::args::{Cli, ManArgs};

/// Prints a page, or writes all of them into a directory.
pub fn run(args: &ManArgs, out: &mut dyn Write) -> anyhow::Result<Exit> {
    let mut command = Cli::command();
    command.build();
    if let Some(dir) = &args.dir {
        std::fs::create_dir_all(dir)
            .and_then(|()| clap_mangen::generate_to(command, dir))
            .with_context(|| format!("can't write the manual to {}", dir.display()))?;
        return Ok(Exit::Done);
    }
    let names: Vec<_> = args.command.iter().map(String::as_str).collect();
    let command = find(command, &names)?;
    let mut page = Vec::new();
    Man::new(command).render(&mut page)?;
    out.write_all(&page)?;
    Ok(Exit::Done)
}

fn find(command: Command, names: &[&str]) -> anyhow::Result<Command> {
    let Some((name, rest)) = names.split_first() else {
        return Ok(command);
    };
    let found = command.find_subcommand(name).cloned();
    let found = found.with_context(|| {
        let known: Vec<_> = command.get_subcommands().map(Command::get_name).collect();
        format!(
            "there is no command `{name}`; there are {}",
            known.join(", ")
        )
    })?;
    find(found, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(command: &[&str]) -> anyhow::Result<String> {
        let args = ManArgs {
            command: command.iter().map(ToString::to_string).collect(),
            dir: None,
        };
        let mut page = Vec::new();
        run(&args, &mut page)?;
        Ok(String::from_utf8(page)?)
    }

    #[test]
    fn a_page_names_its_command() {
        let check = |command: &[&str], expected: &str| {
            let page = page(command).expect("a page");
            assert!(page.contains(expected), "{command:?}: {page}");
        };
        check(&[], "customer profiles");
        check(&["search"], "onefold\\-search");
        check(&["policy", "create"], "onefold\\-policy\\-create");
        let refused = page(&["serch"]).expect_err("no such command");
        assert!(refused.to_string().contains("there are"), "{refused}");
    }

    #[test]
    fn every_command_gets_a_page_in_a_directory() {
        let directory = tempfile::tempdir().expect("a directory");
        let args = ManArgs {
            command: Vec::new(),
            dir: Some(directory.path().join("man1")),
        };
        run(&args, &mut Vec::new()).expect("the manual");
        for command in Cli::command().get_subcommands() {
            let page = format!("man1/onefold-{}.1", command.get_name());
            assert!(directory.path().join(&page).is_file(), "{page}");
        }
    }
}
