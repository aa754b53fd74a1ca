//! Work on several threads whose results come in the order in which it was given out.

use std::io;
use std::thread;

use crossbeam_channel::{Receiver, Sender, bounded};

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

/// Lets one thread give out pieces and `workers` work on them; the caller's thread takes the results in order.
///
/// `worker` makes what a thread works with. The first error of any of them ends all.
pub(super) fn in_order<J: Send, R: Send, W: FnMut(J) -> R>(
    workers: usize,
    source: impl FnOnce(&Outlet<J, R>) -> io::Result<()> + Send,
    worker: impl Fn() -> io::Result<W> + Sync,
    mut take: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    let workers = workers.max(1);
    let (work, waiting) = bounded::<(J, Sender<R>)>(workers);
    let (turns, next_turn) = bounded::<Receiver<R>>(2 * workers + 2);
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
        let taken = take_all(&next_turn, &mut take);
        // Those who still work for nobody hear of it.
        drop(next_turn);
        // An error of those who work is the cause of what was missed here.
        helpers.into_iter().try_for_each(ended)?;
        taken
    })
}

fn take_all<R>(
    turns: &Receiver<Receiver<R>>,
    take: &mut impl FnMut(R) -> Result<()>,
) -> Result<()> {
    while let Ok(turn) = turns.recv() {
        take(turn.recv().map_err(|_| stopped())?)?;
    }
    Ok(())
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
            workers,
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

    #[test]
    fn an_error_on_either_side_ends_all() {
        assert!(matches!(
            squares(2, Some(300)),
            Err(ImportError::Temporary(_))
        ));
        let cancelled = in_order(
            2,
            |outlet| {
                while outlet.give(()).is_ok() {}
                Ok(())
            },
            || Ok(|()| ()),
            |()| Err(ImportError::Cancelled),
        );
        assert!(matches!(cancelled, Err(ImportError::Cancelled)));
        let idle: Result<()> = in_order(
            2,
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
