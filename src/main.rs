//! The door: parses the arguments and hands over.

use std::io::IsTerminal;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use chrono::Utc;
use crossbeam_channel::unbounded;

use onefold::cli::{self, Exit, Global, Next};
use onefold::lookup;
use onefold::model::{Address, Moment};
use onefold::store::{Reader, StoreError};
use onefold::tui::icons::Icons;
use onefold::tui::privacy::Mask;
use onefold::tui::theme::Depth;
use onefold::tui::{self, Desk, Leave, Setup};
use onefold::worker::{Question, Slot, Worker};

/// Rows are made on one thread and freed on another, which the system's allocator answers with locks.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::run() {
        Next::End(exit) => exit.into(),
        Next::Screen(global, address) => match open_tui(&global, address) {
            Ok(exit) => exit.into(),
            Err(error) => {
                eprintln!("error: {error:#}");
                Exit::Failed.into()
            }
        },
    }
}

/// Opens the terminal interface at an address of the store, which need not exist yet.
fn open_tui(global: &Global, address: Address) -> Result<Exit> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        bail!(
            "the interface needs a terminal; `onefold search`, `onefold show` and the other commands need none"
        );
    }
    let policy = chosen_policy(global)?;
    let (sender, notices) = unbounded();
    let counter = Counter(Worker::start(&global.store, &sender));
    let variable = |name: &str| std::env::var(name).ok();
    let setup = Setup {
        address,
        policy,
        theme: global.theme.clone().unwrap_or_else(|| "dark".into()),
        depth: Depth::of_environment(variable),
        icons: signs(variable),
        mask: if global.is_masked {
            Mask::On
        } else {
            Mask::Off
        },
        home: std::env::home_dir(),
    };
    let clock = || Moment::from(Utc::now());
    let left = tui::run(setup, Box::new(counter), &notices, &clock).context("the screen failed")?;
    match left {
        Leave::Quit => Ok(Exit::Done),
        Leave::Signal(signal) => tui::end_as(signal),
    }
}

/// Signs that the terminal's character set has: without a locale of UTF-8, plain ones.
fn signs(variable: impl Fn(&str) -> Option<String>) -> Icons {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .unwrap_or_default()
        .to_lowercase();
    if locale.contains("utf") || cfg!(target_os = "macos") {
        Icons::UNICODE
    } else {
        Icons::ASCII
    }
}

/// The id of the policy that was asked for; `None` is the default of the store, or that there is no store yet.
fn chosen_policy(global: &Global) -> Result<Option<String>> {
    let reader = match Reader::open(&global.store) {
        Ok(reader) => reader,
        Err(StoreError::Missing(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(name) = &global.policy else {
        return Ok(None);
    };
    let policy = lookup::policy_named(reader.view(), Some(name))?;
    Ok(Some(policy.id))
}

/// The worker as the screens see it.
struct Counter(Worker);

impl Desk for Counter {
    fn ask(&self, slot: Slot, question: Question) {
        self.0.ask(slot, question);
    }

    fn cancel(&self, slot: Slot) {
        self.0.cancel(slot);
    }
}
