//! Taking the terminal and giving it back.

use std::io::{self, Write, stdout};
use std::panic::{PanicHookInfo, set_hook, take_hook};
use std::sync::Arc;
use std::thread;

use crossbeam_channel::Sender;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste};
use crossterm::style::force_color_output;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute};

use crate::tui::app::Event;

/// Takes the terminal: raw keys, a screen of its own, pasted texts whole.
pub fn enter() -> io::Result<()> {
    // With NO_COLOR crossterm resets all attributes at each colour; what NO_COLOR asks for is the theme's to keep.
    force_color_output(true);
    enable_raw_mode()?;
    execute!(
        stdout(),
        EnterAlternateScreen,
        // Where a terminal has no second screen, what was written before would shine through.
        Clear(ClearType::All),
        EnableBracketedPaste,
        cursor::Hide
    )
}

/// Gives the terminal back as it was; every step is tried, the first failure is told.
pub fn leave() -> io::Result<()> {
    let mut out = stdout();
    let modes = execute!(
        out,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        cursor::Show
    );
    let raw = disable_raw_mode();
    modes.and(raw).and(out.flush())
}

type Previous = Arc<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// While it lives, a panic of this thread gives the terminal back first, and one of another thread is told on the screen.
pub struct Hook {
    previous: Previous,
}

impl Hook {
    /// Puts the hook in the place of the one there was, for the thread that calls it.
    pub fn install(events: Sender<Event>) -> Hook {
        let previous: Previous = Arc::from(take_hook());
        let usual = Arc::clone(&previous);
        let screen = thread::current().id();
        set_hook(Box::new(move |info| {
            if thread::current().id() == screen {
                // There is nobody left to tell of a failure here.
                let _ = leave();
                usual(info);
            } else {
                let words = format!("something broke beside the screen: {info}");
                let _ = events.send(Event::Trouble(words));
            }
        }));
        Hook { previous }
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        if !thread::panicking() {
            let previous = Arc::clone(&self.previous);
            set_hook(Box::new(move |info| previous(info)));
        }
    }
}
