//! `onefold generate`: writes a synthetic world to import.

use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use super::Exit;
use super::args::{Everywhere, GenerateArgs};
use super::style::Ground;
use crate::generate::{Progress, Summary, World, generate};

/// Writes the world, then says what was written.
pub fn run(
    args: &GenerateArgs,
    everywhere: &Everywhere,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    let world = World {
        people: args.people,
        events: args.events.unwrap_or(args.people.saturating_mul(10)),
        seed: args.seed,
    };
    let is_silent = everywhere.quiet || Ground::of(&io::stderr()) == Ground::Plain;
    let bar = Bar::default();
    let summary = generate(&world, &args.out, &|progress| {
        if !is_silent {
            bar.show(progress);
        }
    });
    if !is_silent {
        let _ = write!(io::stderr(), "\r                \r");
    }
    let summary = summary?;
    if everywhere.json {
        let files: Vec<_> = summary
            .files
            .iter()
            .map(|file| json!({"file": file.file, "rows": file.rows, "bytes": file.bytes}))
            .collect();
        let answer = json!({
            "people": world.people, "records": summary.records, "events": summary.events,
            "seed": world.seed, "files": files,
        });
        writeln!(out, "{answer}")?;
    } else if !everywhere.quiet {
        write!(out, "{}", text(&world, &summary, args))?;
    }
    Ok(Exit::Done)
}

fn text(world: &World, summary: &Summary, args: &GenerateArgs) -> String {
    let bytes: u64 = summary.files.iter().map(|file| file.bytes).sum();
    let out = args.out.display();
    format!(
        "{} people, {} records, {} events in {} files, {:.1} MB\nnext: onefold import {out}\n",
        world.people,
        summary.records,
        summary.events,
        summary.files.len(),
        bytes as f64 / 1e6
    )
}

/// One line on stderr that is written over; several threads report to it.
#[derive(Default)]
struct Bar {
    percent: AtomicU64,
    line: Mutex<()>,
}

impl Bar {
    fn show(&self, progress: Progress) {
        let percent = progress.done * 100 / progress.all.max(1);
        if self.percent.fetch_max(percent, Ordering::Relaxed) >= percent {
            return;
        }
        let Ok(_line) = self.line.lock() else { return };
        // Progress that can't be shown is no reason to stop.
        let _ = write!(io::stderr(), "\rgenerating {percent:3} %");
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;
    use serde_json::Value;

    use super::*;
    use crate::cli::args::{Cli, Command};

    fn run_with(options: &[&str]) -> anyhow::Result<String> {
        let words = ["onefold", "generate"].iter().chain(options);
        let cli = Cli::try_parse_from(words)?;
        let Some(Command::Generate(args)) = cli.command else {
            anyhow::bail!("another command");
        };
        let mut out = Vec::new();
        run(&args, &cli.everywhere, &mut out)?;
        Ok(String::from_utf8(out)?)
    }

    #[test]
    fn a_world_is_written_and_summed_up() {
        let directory = tempfile::tempdir().expect("a directory");
        let out = directory.path().join("world");
        let out = out.to_str().expect("a path");
        let said = run_with(&[
            "--people", "1k", "--events", "2_000", "--out", out, "--json",
        ]);
        let said: Value = serde_json::from_str(&said.expect("a world")).expect("JSON");
        assert_eq!(said["people"], 1_000);
        assert_eq!(said["events"], 2_000);
        assert!(directory.path().join("world/onefold.toml").is_file());
        let refused = run_with(&["--people", "9", "--out", out]).expect_err("it is not empty");
        assert!(refused.to_string().contains("not empty"), "{refused}");
    }

    #[test]
    fn ten_events_happen_to_each_unless_said_otherwise() {
        let directory = tempfile::tempdir().expect("a directory");
        let out = directory.path().join("world");
        let out = out.to_str().expect("a path");
        let said = run_with(&["--people", "30", "--out", out]).expect("a world");
        assert!(said.contains(" 300 events"), "{said}");
        assert!(said.contains("next: onefold import"), "{said}");
    }
}
