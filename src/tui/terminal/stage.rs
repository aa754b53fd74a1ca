//! The real screen: each picture in one write, orders as escape sequences.

use std::cell::RefCell;
use std::io::{self, Write, stdout};
use std::rc::Rc;

use crossterm::event::{DisableMouseCapture, EnableMouseCapture};
use crossterm::terminal::{BeginSynchronizedUpdate, EndSynchronizedUpdate};
use crossterm::{execute, queue};
use ratatui::Terminal;

use crate::tui::app::{App, Order};

use super::aligned::{Aligned, is_doubtful_picture};
use super::clipboard::{Through, request, to_file};
use super::guard;
use super::input::{has_shell, stop};
use super::run::Surface;

/// Bytes that are held back until a picture is whole, so that the terminal gets it in one write.
#[derive(Clone, Default)]
struct Held(Rc<RefCell<Vec<u8>>>);

impl Write for Held {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Does nothing: a picture is let go whole, with [`Held::release`].
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Held {
    fn release(&self) -> io::Result<()> {
        let bytes = std::mem::take(&mut *self.0.borrow_mut());
        let mut out = stdout().lock();
        out.write_all(&bytes)?;
        out.flush()
    }
}

/// How much of a picture is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// What has changed since the last one.
    Changes,
    /// All of it.
    Everything,
}

/// The terminal while it is ours.
pub struct Stage {
    terminal: Terminal<Aligned<Held>>,
    held: Held,
    is_ours: bool,
    has_mouse: bool,
    stopped_itself: bool,
    extent: Extent,
}

impl Stage {
    /// Takes the terminal.
    pub fn open() -> io::Result<Stage> {
        let held = Held::default();
        guard::enter()?;
        Ok(Stage {
            terminal: Terminal::new(Aligned::new(held.clone()))?,
            held,
            is_ours: true,
            has_mouse: false,
            stopped_itself: false,
            extent: Extent::Changes,
        })
    }

    /// Gives the terminal back.
    pub fn close(&mut self) -> io::Result<()> {
        if !self.is_ours {
            return Ok(());
        }
        self.is_ours = false;
        guard::leave()
    }

    fn take_back(&mut self) -> io::Result<()> {
        guard::enter()?;
        self.is_ours = true;
        if self.has_mouse {
            execute!(stdout(), EnableMouseCapture)?;
        }
        self.terminal.clear()
    }

    /// Draws what has changed, or everything where a letter's width is in doubt and would leave its traces.
    fn draw(&mut self, app: &mut App, extent: Extent) -> io::Result<()> {
        if extent == Extent::Everything {
            self.terminal.clear()?;
        }
        let drawn = self.terminal.draw(|frame| app.paint(frame))?;
        self.extent = if is_doubtful_picture(drawn.buffer) {
            Extent::Everything
        } else {
            Extent::Changes
        };
        Ok(())
    }

    fn suspend(&mut self, app: &mut App) -> io::Result<()> {
        if !has_shell() {
            app.warn("there is no shell to go back to".into());
            return Ok(());
        }
        self.close()?;
        self.stopped_itself = true;
        let stopped = stop();
        self.take_back()?;
        stopped
    }

    fn copy(name: &str, text: &str, app: &mut App) -> io::Result<()> {
        let is_tmux = std::env::var_os("TMUX").is_some();
        let through = if is_tmux {
            Through::Tmux
        } else {
            Through::Nothing
        };
        let is_deaf = matches!(std::env::var("TERM").as_deref(), Ok("linux" | "dumb"));
        if let Some(bytes) = request(text, through).filter(|_| !is_deaf) {
            app.say(format!("copied the {name}"));
            let mut out = stdout().lock();
            out.write_all(bytes.as_bytes())?;
            return out.flush();
        }
        match to_file(text) {
            Ok(path) => app.say(format!(
                "the terminal takes no such text: the {name} is in {path}"
            )),
            Err(error) => app.warn(format!("the {name} cannot be copied: {error}")),
        }
        Ok(())
    }
}

impl Surface for Stage {
    fn paint(&mut self, app: &mut App) -> io::Result<()> {
        queue!(self.held, BeginSynchronizedUpdate)?;
        let extent = self.extent;
        self.draw(app, extent)?;
        if self.extent != extent && self.extent == Extent::Everything {
            self.draw(app, Extent::Everything)?;
        }
        queue!(self.held, EndSynchronizedUpdate)?;
        self.held.release()
    }

    fn carry_out(&mut self, order: Order, app: &mut App) -> io::Result<()> {
        match order {
            Order::Copy { name, text } => Stage::copy(&name, &text, app),
            Order::MouseOn => {
                self.has_mouse = true;
                execute!(stdout(), EnableMouseCapture)
            }
            Order::MouseOff => {
                self.has_mouse = false;
                execute!(stdout(), DisableMouseCapture)
            }
            Order::Redraw => self.terminal.clear(),
            Order::Suspend => self.suspend(app),
            Order::Resume if std::mem::take(&mut self.stopped_itself) => Ok(()),
            Order::Resume => {
                self.close()?;
                self.take_back()
            }
            Order::Quit | Order::End(_) => Ok(()),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = self.close();
    }
}
