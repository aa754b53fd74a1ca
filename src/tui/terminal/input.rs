//! What comes from outside: keys on one thread, signals on another, both into one channel.

use std::thread;

use crossbeam_channel::Sender;
use crossterm::event::{Event as TerminalEvent, MouseButton, MouseEvent, MouseEventKind, read};
use ratatui::layout::Position;

use crate::tui::app::Event;
use crate::tui::message::Pointer;

/// The signal that a terminal sends when it goes.
const HANG_UP: i32 = 1;

/// Starts listening; the threads end with the program.
pub fn listen(events: &Sender<Event>) {
    let keys = events.clone();
    thread::spawn(move || listen_to_keys(&keys));
    listen_to_signals(events.clone());
}

fn listen_to_keys(events: &Sender<Event>) {
    loop {
        let event = match read() {
            Ok(event) => of_terminal(event),
            Err(_) => Some(Event::Signal(HANG_UP)),
        };
        let is_over = matches!(event, Some(Event::Signal(_)));
        if event.is_some_and(|event| events.send(event).is_err()) || is_over {
            return;
        }
    }
}

fn of_terminal(event: TerminalEvent) -> Option<Event> {
    match event {
        TerminalEvent::Key(key) => Some(Event::Key(key)),
        TerminalEvent::Paste(text) => Some(Event::Paste(text)),
        TerminalEvent::Mouse(mouse) => of_mouse(mouse).map(Event::Pointer),
        TerminalEvent::Resize(..) => Some(Event::Resize),
        TerminalEvent::FocusGained | TerminalEvent::FocusLost => None,
    }
}

fn of_mouse(mouse: MouseEvent) -> Option<Pointer> {
    let at = Position::new(mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(Pointer::Press(at)),
        MouseEventKind::ScrollDown => Some(Pointer::WheelDown(at)),
        MouseEventKind::ScrollUp => Some(Pointer::WheelUp(at)),
        _ => None,
    }
}

#[cfg(unix)]
fn listen_to_signals(events: Sender<Event>) {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    use signal_hook::iterator::Signals;

    let Ok(mut signals) = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT]) else {
        return;
    };
    thread::spawn(move || {
        for signal in signals.forever() {
            let event = match signal {
                SIGTSTP => Event::Stop,
                SIGCONT => Event::Resumed,
                signal => Event::Signal(signal),
            };
            if events.send(event).is_err() {
                return;
            }
        }
    });
}

#[cfg(not(unix))]
fn listen_to_signals(_events: Sender<Event>) {}

/// Ends the program as a signal ends programs: killed by it, or with 128 and its number.
pub fn end_as(signal: i32) -> ! {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    std::process::exit(128 + signal)
}

/// Stops the program until a shell continues it.
#[cfg(unix)]
pub fn stop() -> std::io::Result<()> {
    signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)
}

/// Stops the program until a shell continues it.
#[cfg(not(unix))]
pub fn stop() -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Whether there is a shell that could continue the program: a program that leads its session has none.
pub fn has_shell() -> bool {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
        return cfg!(unix);
    };
    // The name, which may hold anything, ends at the last bracket; state, parent, group and session follow.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    let mut numbers = fields.split_whitespace().skip(2);
    numbers.next() != numbers.next()
}
