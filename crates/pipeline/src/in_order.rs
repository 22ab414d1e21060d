//! Work on many items at once, results in the order of the items, in bounded memory.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

/// Results of small items that may wait for an earlier, slower one, for each thread: documents, lines.
pub const DOCUMENTS_AHEAD: u64 = 16;

/// The same for items whose results are large: shards.
pub(crate) const SHARDS_AHEAD: u64 = 2;

/// Where the items come from, and how far their results have come.
struct Source<I> {
    items: Option<I>,
    next: u64,
    done: u64,
}

struct Gate<I> {
    source: Mutex<Source<I>>,
    moved: Condvar,
    window: u64,
}

impl<I: Iterator> Gate<I> {
    fn source(&self) -> MutexGuard<'_, Source<I>> {
        self.source.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next item with its number, when it is not too far ahead; `None` at the end.
    fn draw(&self) -> Option<(u64, I::Item)> {
        let mut source = self.source();
        while source.items.is_some() && source.next >= source.done + self.window {
            source = self
                .moved
                .wait(source)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let item = source.items.as_mut()?.next();
        let Some(item) = item else {
            source.items = None;
            self.moved.notify_all();
            return None;
        };
        let number = source.next;
        source.next += 1;
        Some((number, item))
    }

    fn deliver(&self) {
        self.source().done += 1;
        self.moved.notify_all();
    }

    /// No more items are drawn.
    fn close(&self) {
        self.source().items = None;
        self.moved.notify_all();
    }
}

/// Closes the gate however a thread ends, so that nobody waits for a result that never comes.
struct CloseOnPanic<'a, I: Iterator>(&'a Gate<I>);

impl<I: Iterator> Drop for CloseOnPanic<'_, I> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.close();
        }
    }
}

/// Does `work` for every item on `jobs` threads and hands the results to `done` on this thread, in the order
/// of the items. The first error of `done` ends the work. At most `ahead` items a thread are drawn before their turn,
/// so there may be any number of them.
pub fn in_order<I, R, E>(
    (jobs, ahead): (usize, u64),
    items: I,
    work: impl Fn(I::Item) -> R + Sync,
    mut done: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    I: Iterator + Send,
    R: Send,
{
    let jobs = jobs.max(1);
    let gate = Gate {
        source: Mutex::new(Source {
            items: Some(items),
            next: 0,
            done: 0,
        }),
        moved: Condvar::new(),
        window: ahead.max(1) * jobs as u64,
    };
    let (send, receive) = mpsc::channel();
    thread::scope(|scope| {
        let _close = CloseOnPanic(&gate);
        for _ in 0..jobs {
            let send = send.clone();
            let (gate, work) = (&gate, &work);
            scope.spawn(move || {
                let _close = CloseOnPanic(gate);
                while let Some((number, item)) = gate.draw() {
                    if send.send((number, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let (mut next, mut early) = (0, BTreeMap::new());
        for (number, result) in receive {
            early.insert(number, result);
            while let Some(result) = early.remove(&next) {
                if let Err(error) = done(result) {
                    gate.close();
                    return Err(error);
                }
                next += 1;
                gate.deliver();
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    #[test]
    fn results_come_in_order_and_few_are_drawn_ahead() {
        let drawn = AtomicU64::new(0);
        let items = (0..2_000_u64).inspect(|_| {
            drawn.fetch_add(1, Ordering::SeqCst);
        });
        let mut seen = Vec::new();
        let work = |number: u64| {
            if number.is_multiple_of(97) {
                thread::sleep(Duration::from_millis(2));
            }
            number * 2
        };
        let all: Result<(), ()> = in_order((4, 3), items, work, |double| {
            let ahead = drawn.load(Ordering::SeqCst) - seen.len() as u64;
            assert!(ahead <= 3 * 4, "{ahead} drawn ahead");
            seen.push(double);
            Ok(())
        });
        assert_eq!(all, Ok(()));
        assert!(
            seen.iter()
                .enumerate()
                .all(|(at, double)| *double == at as u64 * 2)
        );
        assert_eq!(seen.len(), 2_000);
    }

    #[test]
    fn an_error_ends_the_work() {
        let drawn = AtomicU64::new(0);
        let endless = (0_u64..).inspect(|_| {
            drawn.fetch_add(1, Ordering::SeqCst);
        });
        let ended = in_order(
            (3, 5),
            endless,
            |number| number,
            |number| {
                if number == 50 { Err("enough") } else { Ok(()) }
            },
        );
        assert_eq!(ended, Err("enough"));
        assert!(drawn.load(Ordering::SeqCst) < 50 + 2 * 5 * 3);
    }
}
