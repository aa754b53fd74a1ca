//! Where a command writes: answers to standard output in the form that was asked for, notes to standard error.

use std::io::{self, ErrorKind, Write};

use anyhow::Context;
use serde::Serialize;

use super::error::CliError;
use super::exit::Exit;
use super::print::{Look, MissView};
use super::style::Role;
use crate::lookup::mask::Mask;
use crate::lookup::{ExportError, LookupError};
use crate::model::display::printable;
use crate::model::{Miss, json};

/// What is said where an answer finds no room.
const UNWRITTEN: &str = "cannot write the answer; look at where the output goes";

/// The form of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// Text for people.
    #[default]
    Text,
    /// One JSON object.
    Json,
    /// One JSON object a line.
    JsonLines,
}

/// Whether notes are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notes {
    /// They are printed.
    #[default]
    Shown,
    /// They are left out.
    Quiet,
}

/// The two outputs of a command, and how they are used.
pub struct Output<'a> {
    /// Answers.
    pub stdout: Box<dyn Write + 'a>,
    /// Notes and errors.
    pub stderr: Box<dyn Write + 'a>,
    /// The form of answers.
    pub form: Form,
    /// How answers look as text.
    pub look: Look,
    /// How notes look.
    pub note_look: Look,
    /// What is hidden.
    pub mask: Mask,
    /// Whether notes are wanted.
    pub notes: Notes,
}

impl Output<'_> {
    /// Writes an answer: its JSON view, or its text for people.
    pub fn answer(
        &mut self,
        view: &impl Serialize,
        text: impl FnOnce(&Look) -> String,
    ) -> anyhow::Result<()> {
        match self.form {
            Form::Text => self.text(&text(&self.look)),
            Form::Json | Form::JsonLines => self.json(view),
        }
    }

    /// Writes a long list: as a whole, an object a line, or as text for people.
    pub fn list<T: Serialize>(
        &mut self,
        whole: &impl Serialize,
        items: &[T],
        text: impl FnOnce(&Look) -> String,
    ) -> anyhow::Result<()> {
        if self.form != Form::JsonLines {
            return self.answer(whole, text);
        }
        items.iter().try_for_each(|item| self.json(item))
    }

    /// Writes one object as JSON.
    pub fn json(&mut self, view: &impl Serialize) -> anyhow::Result<()> {
        let text = serde_json::to_string(view)?;
        let laid_out = match self.form {
            Form::JsonLines => json::flat(&text),
            Form::Text | Form::Json => json::indented(&text),
        };
        writeln!(self.stdout, "{laid_out}").context(UNWRITTEN)
    }

    /// Writes text that is laid out already; it may contain colours, so stored texts in it must be printable.
    pub fn text(&mut self, text: &str) -> anyhow::Result<()> {
        self.stdout.write_all(text.as_bytes()).context(UNWRITTEN)
    }

    /// Says something beside the answer.
    pub fn note(&mut self, sentence: &str) {
        if self.notes == Notes::Shown {
            self.say("note", Role::Faint, sentence);
        }
    }

    /// Says why nothing was found, as JSON too where that is asked for.
    pub fn miss(&mut self, miss: &Miss) -> anyhow::Result<Exit> {
        let miss = self.mask.apply(miss.clone());
        if self.form != Form::Text {
            self.json(&MissView::of(&miss))?;
        }
        self.nothing(&miss.to_string());
        Ok(Exit::Nothing)
    }

    /// Says why nothing was found, beside an answer that is empty.
    pub fn nothing(&mut self, sentence: &str) {
        self.say("nothing found", Role::Warning, sentence);
    }

    /// Says what went wrong, in one line; the exit is that of the error.
    pub fn fail(&mut self, error: &anyhow::Error) -> Exit {
        if is_closed_pipe(error) {
            return Exit::Done;
        }
        let exit = exit_of(error);
        match exit {
            Exit::Nothing => self.nothing(&sentence(error)),
            _ => self.say("error", Role::Bad, &sentence(error)),
        }
        exit
    }

    /// Writes out what is still held back.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.stdout.flush().context(UNWRITTEN)
    }

    /// A line with its kind in front; where the text has more lines, they follow as they are.
    fn say(&mut self, kind: &str, role: Role, text: &str) {
        let kind = self.note_look.style.paint(role, &format!("{kind}:"));
        let mut lines = text.lines();
        let first = printable(lines.next().unwrap_or_default()).into_owned();
        // When standard error is closed, nobody is left to be told.
        let _ = writeln!(self.stderr, "{kind} {first}");
        for line in lines {
            let _ = writeln!(self.stderr, "{}", printable(line));
        }
    }
}

/// An error with its causes; a cause that its effect already tells is not told again.
fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if said.is_empty() {
            said = cause;
        } else if !said.contains(&cause) {
            said.push_str(": ");
            said.push_str(&cause);
        }
    }
    said
}

fn exit_of(error: &anyhow::Error) -> Exit {
    if is_bad_query(error) {
        return Exit::Usage;
    }
    match error.downcast_ref() {
        Some(CliError::Usage(_)) => Exit::Usage,
        Some(CliError::Nothing(_)) => Exit::Nothing,
        _ => Exit::Failed,
    }
}

fn is_bad_query(error: &anyhow::Error) -> bool {
    let in_export = matches!(
        error.downcast_ref(),
        Some(ExportError::Lookup(LookupError::Query(_)))
    );
    in_export || matches!(error.downcast_ref(), Some(LookupError::Query(_)))
}

/// Whether the reader of the output went away, which is no failure of ours.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.kind() == ErrorKind::BrokenPipe)
}
