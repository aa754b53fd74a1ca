//! The loop: wait, take everything that has come, paint once.

use std::io;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Select, TryRecvError, never};

use crate::model::Moment;
use crate::tui::app::{App, Event, Order};
use crate::worker::Notice;

/// Two pictures may follow each other at once, a key's and its answer's; on average there are 60 a second.
const TWO_FRAMES: Duration = Duration::from_millis(33);

/// Events that are taken before the next picture at most.
const MOST_EVENTS: usize = 2_000;

/// Tells the present moment.
pub type Clock<'a> = &'a dyn Fn() -> Moment;

/// How the interface was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// By the user.
    Quit,
    /// By this signal.
    Signal(i32),
}

/// What pictures and orders go to: the terminal, or a test.
pub trait Surface {
    /// Paints the app.
    fn paint(&mut self, app: &mut App) -> io::Result<()>;
    /// Does what only a terminal can.
    fn carry_out(&mut self, order: Order, app: &mut App) -> io::Result<()>;
}

/// Runs the app until it is left. While nothing happens it waits without waking.
pub fn run_loop(
    app: &mut App,
    surface: &mut impl Surface,
    (events, notices): (&Receiver<Event>, &Receiver<Notice>),
    clock: Clock<'_>,
) -> io::Result<Leave> {
    let mut sources = Sources {
        events: events.clone(),
        notices: notices.clone(),
    };
    let mut pace = Pace::default();
    let mut has_keys = true;
    loop {
        for order in app.settle() {
            match order {
                Order::Quit => return Ok(Leave::Quit),
                Order::End(signal) => return Ok(Leave::Signal(signal)),
                order => surface.carry_out(order, app)?,
            }
        }
        if !has_keys {
            return Ok(Leave::Quit);
        }
        let rest = pace.rest();
        if app.is_dirty() && rest.is_zero() {
            surface.paint(app)?;
            pace.painted();
            continue;
        }
        let to_paint = app.is_dirty().then_some(rest);
        let to_wake = app.wake_at().map(|at| until(at, clock()));
        sources.wait(to_paint.into_iter().chain(to_wake).min());
        has_keys = sources.drain(app, clock);
    }
}

fn until(at: Moment, now: Moment) -> Duration {
    let ms = at.0.saturating_sub(now.0);
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}

struct Sources {
    events: Receiver<Event>,
    notices: Receiver<Notice>,
}

impl Sources {
    fn wait(&self, longest: Option<Duration>) {
        let mut select = Select::new();
        select.recv(&self.events);
        select.recv(&self.notices);
        match longest {
            Some(longest) => {
                // That nothing came in time is an answer too.
                let _ = select.ready_timeout(longest);
            }
            None => {
                select.ready();
            }
        }
    }

    /// Hands over everything that has come, keys before answers; whether anybody can still send keys.
    fn drain(&mut self, app: &mut App, clock: Clock<'_>) -> bool {
        app.tick(clock());
        for _ in 0..MOST_EVENTS {
            match self.events.try_recv() {
                Ok(event) => app.handle(event, clock()),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return false,
            }
        }
        for _ in 0..MOST_EVENTS {
            match self.notices.try_recv() {
                Ok(notice) => app.handle(Event::Notice(notice), clock()),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => {
                    self.notices = never();
                    break;
                }
            }
        }
        true
    }
}

/// The moments of the last two pictures.
#[derive(Default)]
struct Pace {
    before: Option<Instant>,
    last: Option<Instant>,
}

impl Pace {
    fn painted(&mut self) {
        self.before = self.last.replace(Instant::now());
    }

    /// How long the next picture has to wait.
    fn rest(&self) -> Duration {
        self.before.map_or(Duration::ZERO, |before| {
            TWO_FRAMES.saturating_sub(before.elapsed())
        })
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::unbounded;
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use super::*;
    use crate::tui::message::Route;
    use crate::tui::testing::{Log, now, setup};

    struct Picture {
        terminal: Terminal<TestBackend>,
        pictures: usize,
        orders: Vec<Order>,
    }

    impl Surface for Picture {
        fn paint(&mut self, app: &mut App) -> io::Result<()> {
            self.pictures += 1;
            let painted = self.terminal.draw(|frame| app.paint(frame));
            painted.map(|_| ()).map_err(io::Error::other)
        }

        fn carry_out(&mut self, order: Order, _app: &mut App) -> io::Result<()> {
            self.orders.push(order);
            Ok(())
        }
    }

    fn run(sent: Vec<Event>) -> (Leave, Picture) {
        let (sender, events) = unbounded();
        let (_keep, notices) = unbounded();
        for event in sent {
            sender.send(event).expect("a channel");
        }
        drop(sender);
        let mut picture = Picture {
            terminal: Terminal::new(TestBackend::new(80, 24)).expect("a picture"),
            pictures: 0,
            orders: Vec::new(),
        };
        let mut app = App::new(setup(Route::Search), Box::new(Log::default()), now());
        let left = run_loop(&mut app, &mut picture, (&events, &notices), &now);
        (left.expect("an end"), picture)
    }

    fn key(letter: char, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(KeyCode::Char(letter), modifiers))
    }

    #[test]
    fn a_thousand_keys_are_one_picture() {
        let mut events: Vec<Event> = (0..1_000).map(|_| key('x', KeyModifiers::NONE)).collect();
        events.push(key('c', KeyModifiers::CONTROL));
        events.push(key('c', KeyModifiers::CONTROL));
        let (left, picture) = run(events);
        assert_eq!(left, Leave::Quit);
        assert_eq!(picture.pictures, 1);
    }

    #[test]
    fn a_signal_ends_it() {
        let (left, _) = run(vec![Event::Signal(15)]);
        assert_eq!(left, Leave::Signal(15));
    }

    #[test]
    fn orders_go_to_the_terminal() {
        let (_, picture) = run(vec![
            Event::Key(KeyEvent::new(KeyCode::F(2), KeyModifiers::NONE)),
            Event::Stop,
            Event::Resumed,
            Event::Signal(1),
        ]);
        assert_eq!(
            picture.orders,
            [Order::MouseOn, Order::Suspend, Order::Resume]
        );
    }

    #[test]
    fn it_ends_when_nobody_can_send_keys() {
        let (left, picture) = run(Vec::new());
        assert_eq!(left, Leave::Quit);
        assert_eq!(picture.pictures, 1);
    }
}
