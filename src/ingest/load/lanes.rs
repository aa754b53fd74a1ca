//! Work on several threads whose results come in the order in which it was given out.

use std::io;
use std::thread;

use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded};

use super::{ImportError, Result};

/// Where work is given out; it waits while the workers are far behind.
pub(super) struct Outlet<J, R> {
    work: Sender<(J, Sender<R>)>,
    turns: Sender<Receiver<R>>,
}

/// Nobody wants more work done.
pub(super) struct Unwanted;

impl<J, R> Outlet<J, R> {
    /// Gives out the next piece.
    pub(super) fn give(&self, piece: J) -> std::result::Result<(), Unwanted> {
        let (reply, result) = bounded(1);
        self.turns.send(result).map_err(|_| Unwanted)?;
        self.work.send((piece, reply)).map_err(|_| Unwanted)
    }
}

/// Who takes the results.
pub(super) trait Taker<R> {
    /// Takes the next result.
    fn take(&mut self, result: R) -> Result<()>;

    /// Does a piece of something else while no result is ready; false where there is nothing else to do for now.
    fn pass_time(&mut self) -> Result<bool> {
        Ok(false)
    }
}

impl<R, F: FnMut(R) -> Result<()>> Taker<R> for F {
    fn take(&mut self, result: R) -> Result<()> {
        self(result)
    }
}

/// Lets one thread give out pieces and `workers` work on them; the caller's thread takes the results in order. So many results
/// may wait to be taken, so that the others go on while the taker is at something longer.
///
/// `worker` makes what a thread works with. The first error of any of them ends all.
pub(super) fn in_order<J: Send, R: Send, W: FnMut(J) -> R>(
    (workers, most_waiting): (usize, usize),
    source: impl FnOnce(&Outlet<J, R>) -> io::Result<()> + Send,
    worker: impl Fn() -> io::Result<W> + Sync,
    mut taker: impl Taker<R>,
) -> Result<()> {
    let workers = workers.max(1);
    let (work, waiting) = bounded::<(J, Sender<R>)>(workers);
    let (turns, next_turn) = bounded::<Receiver<R>>(most_waiting);
    let outlet = Outlet { work, turns };
    thread::scope(|scope| {
        let mut helpers = Vec::new();
        for number in 0..workers {
            let (waiting, worker) = (waiting.clone(), &worker);
            helpers.push(
                named(format!("pack {number}")).spawn_scoped(scope, move || {
                    let mut work = worker()?;
                    while let Ok((piece, reply)) = waiting.recv() {
                        // Where nobody waits for the result any more, nothing is lost with it.
                        let _ = reply.send(work(piece));
                    }
                    Ok(())
                })?,
            );
        }
        drop(waiting);
        helpers.push(named("sorted".into()).spawn_scoped(scope, move || source(&outlet))?);
        let taken = take_all(&next_turn, &mut taker);
        // Those who still work for nobody hear of it.
        drop(next_turn);
        // An error of those who work is the cause of what was missed here.
        helpers.into_iter().try_for_each(ended)?;
        taken
    })
}

fn take_all<R>(turns: &Receiver<Receiver<R>>, taker: &mut impl Taker<R>) -> Result<()> {
    while let Some(turn) = wait(turns, taker)? {
        let result = wait(&turn, taker)?.ok_or_else(stopped)?;
        taker.take(result)?;
    }
    Ok(())
}

/// What comes next; the time until then is passed with something else.
fn wait<T, R>(from: &Receiver<T>, taker: &mut impl Taker<R>) -> Result<Option<T>> {
    loop {
        match from.try_recv() {
            Ok(next) => return Ok(Some(next)),
            Err(TryRecvError::Disconnected) => return Ok(None),
            Err(TryRecvError::Empty) if taker.pass_time()? => {}
            Err(TryRecvError::Empty) => return Ok(from.recv().ok()),
        }
    }
}

fn ended(thread: thread::ScopedJoinHandle<'_, io::Result<()>>) -> Result<()> {
    Ok(thread.join().map_err(|_| stopped())??)
}

fn stopped() -> ImportError {
    io::Error::other("a thread that writes has stopped").into()
}

fn named(name: String) -> thread::Builder {
    thread::Builder::new().name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(workers: usize, fails_at: Option<u64>) -> Result<Vec<u64>> {
        let mut taken = Vec::new();
        in_order(
            (workers, 128),
            |outlet| {
                for n in 0..500 {
                    if outlet.give(n).is_err() {
                        break;
                    }
                    if Some(n) == fails_at {
                        return Err(io::Error::other("broken"));
                    }
                }
                Ok(())
            },
            || Ok(|n: u64| n * n),
            |square| {
                taken.push(square);
                Ok(())
            },
        )
        .map(|()| taken)
    }

    #[test]
    fn results_come_in_order_however_many_work() {
        let expected: Vec<u64> = (0..500).map(|n| n * n).collect();
        for workers in [0, 1, 2, 7] {
            assert_eq!(squares(workers, None).unwrap(), expected, "{workers}");
        }
    }

    /// Takes numbers, and counts how often it passed the time.
    struct Patient<'t> {
        taken: &'t mut Vec<u64>,
        passed: &'t mut u32,
    }

    impl Taker<u64> for Patient<'_> {
        fn take(&mut self, number: u64) -> Result<()> {
            self.taken.push(number);
            Ok(())
        }

        fn pass_time(&mut self) -> Result<bool> {
            *self.passed += 1;
            Ok(*self.passed < 50)
        }
    }

    #[test]
    fn the_time_between_results_is_put_to_use() {
        let (mut taken, mut passed) = (Vec::new(), 0);
        let (release, held) = bounded::<()>(0);
        let patient = Patient {
            taken: &mut taken,
            passed: &mut passed,
        };
        let releasing = thread::spawn(move || release.send(()));
        in_order(
            (1, 128),
            |outlet| {
                for number in 0..3 {
                    let _ = outlet.give(number);
                }
                Ok(())
            },
            || {
                let held = held.clone();
                Ok(move |number| {
                    let _ = held.recv();
                    number
                })
            },
            patient,
        )
        .unwrap();
        assert!(releasing.join().unwrap().is_ok());
        assert_eq!(taken, [0, 1, 2]);
        assert!(passed > 0);
    }

    #[test]
    fn an_error_on_either_side_ends_all() {
        assert!(matches!(
            squares(2, Some(300)),
            Err(ImportError::Temporary(_))
        ));
        let cancelled = in_order(
            (2, 128),
            |outlet| {
                while outlet.give(()).is_ok() {}
                Ok(())
            },
            || Ok(|()| ()),
            |()| Err(ImportError::Cancelled),
        );
        assert!(matches!(cancelled, Err(ImportError::Cancelled)));
        let idle: Result<()> = in_order(
            (2, 128),
            |outlet| {
                while outlet.give(()).is_ok() {}
                Ok(())
            },
            || Err::<fn(()), _>(io::Error::other("no tools")),
            |()| Ok(()),
        );
        assert!(idle.is_err());
    }
}
