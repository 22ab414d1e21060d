//! As many workers as there are cores.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;

use crate::{EngineChoice, ExtractFailure, Extraction, Limits, Picture, Worker};

/// Answers that may wait for an earlier, slower one, for each worker.
const AHEAD: usize = 32;

/// A number of [`Worker`]s that share the work of many threads.
///
/// A document that crashes, hangs or takes too much memory ends the child that had it, and nothing
/// else: the worker starts another for the next document.
#[derive(Debug)]
pub struct Pool {
    program: PathBuf,
    args: Vec<String>,
    limits: Limits,
    engine: EngineChoice,
    size: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Worker>,
    busy: usize,
}

/// A worker out of the pool, which goes back when this is dropped.
struct Loan<'a> {
    pool: &'a Pool,
    worker: Option<Worker>,
}

impl Pool {
    /// A pool of `size` workers (none: as many as there are cores) that are started as
    /// [`Worker::new`] says. Nothing is started yet.
    pub fn new(program: PathBuf, args: Vec<String>, limits: Limits, size: usize) -> Self {
        let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self {
            program,
            args,
            limits,
            engine: EngineChoice::default(),
            size: if size == 0 { cores() } else { size },
            state: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// The same with an engine of the caller's choice.
    #[must_use]
    pub fn with_engine(self, engine: EngineChoice) -> Self {
        Self { engine, ..self }
    }

    /// How many documents it works on at a time.
    pub fn size(&self) -> usize {
        self.size
    }

    /// [`Worker::extract`] by the next worker that is free.
    pub fn extract(&self, pdf: &[u8]) -> Result<Extraction, ExtractFailure> {
        self.with(|worker| worker.extract(pdf))
    }

    /// [`Worker::picture`] by the next worker that is free.
    pub fn picture(&self, pdf: &[u8], page: u32, dpi: u16) -> Result<Picture, ExtractFailure> {
        self.with(|worker| worker.picture(pdf, page, dpi))
    }

    /// Gives `job` the next worker that is free, and waits for one if it must.
    pub fn with<R>(&self, job: impl FnOnce(&mut Worker) -> R) -> R {
        let mut loan = self.lend();
        // Taken only by the drop of the loan.
        let worker = loan.worker.get_or_insert_with(|| self.new_worker());
        job(worker)
    }

    /// Does `job` for every item, on as many threads as there are workers, and gives the results
    /// to `done` on this thread in the order of the items. Few items are drawn before their turn,
    /// so they may be many.
    pub fn each<T: Send, R: Send>(
        &self,
        items: impl Iterator<Item = T> + Send,
        job: impl Fn(&mut Worker, T) -> R + Sync,
        mut done: impl FnMut(R),
    ) {
        let source = Mutex::new((0_usize, items));
        let turn = Turn::new(AHEAD * self.size);
        let (send, receive) = mpsc::channel();
        thread::scope(|scope| {
            // Also when `done` panics: those who wait for their turn must end.
            let _open = OpenAtEnd(&turn);
            for _ in 0..self.size {
                let send = send.clone();
                let (source, turn, job) = (&source, &turn, &job);
                scope.spawn(move || {
                    // Likewise when `job` panics; at the end of the items nobody waits any more.
                    let _open = OpenAtEnd(turn);
                    while let Some((at, item)) = draw(source) {
                        turn.wait_for(at);
                        let result = self.with(|worker| job(worker, item));
                        if send.send((at, result)).is_err() {
                            return;
                        }
                    }
                });
            }
            drop(send);
            let (mut next, mut early) = (0, BTreeMap::new());
            // Moved in, so that the threads' sends fail once it is left.
            let receive = receive;
            for (at, result) in &receive {
                early.insert(at, result);
                while let Some(result) = early.remove(&next) {
                    done(result);
                    next += 1;
                }
                turn.is_at(next);
            }
        });
    }

    fn lend(&self) -> Loan<'_> {
        let mut state = self.state();
        while state.busy >= self.size {
            state = self
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        state.busy += 1;
        let worker = state.idle.pop();
        Loan { pool: self, worker }
    }

    fn new_worker(&self) -> Worker {
        Worker::new(self.program.clone(), self.args.clone(), self.limits.clone())
            .with_engine(self.engine)
    }

    /// The state is a count and a list, whole between any two statements.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        state.busy -= 1;
        state.idle.extend(self.worker.take());
        drop(state);
        self.pool.freed.notify_one();
    }
}

fn draw<T>(source: &Mutex<(usize, impl Iterator<Item = T>)>) -> Option<(usize, T)> {
    let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
    let item = source.1.next()?;
    let at = source.0;
    source.0 += 1;
    Some((at, item))
}

/// Holds back those who are too far ahead of the results that have been delivered.
struct Turn {
    ahead: usize,
    delivered: Mutex<usize>,
    moved: Condvar,
}

impl Turn {
    fn new(ahead: usize) -> Self {
        Self {
            ahead,
            delivered: Mutex::new(0),
            moved: Condvar::new(),
        }
    }

    fn wait_for(&self, at: usize) {
        let delivered = self
            .delivered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        drop(
            self.moved
                .wait_while(delivered, |delivered| {
                    at >= delivered.saturating_add(self.ahead)
                })
                .unwrap_or_else(PoisonError::into_inner),
        );
    }

    fn is_at(&self, delivered: usize) {
        let mut now = self
            .delivered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *now = (*now).max(delivered);
        drop(now);
        self.moved.notify_all();
    }
}

struct OpenAtEnd<'a>(&'a Turn);

impl Drop for OpenAtEnd<'_> {
    fn drop(&mut self) {
        self.0.is_at(usize::MAX);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn pool(size: usize) -> Pool {
        Pool::new(
            PathBuf::from("/nonexistent"),
            Vec::new(),
            Limits::default(),
            size,
        )
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut seen = Vec::new();
        pool(3).each(
            0..200_u64,
            |_, item| {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // The first takes longest; the rest may go no further than the window.
                thread::sleep(Duration::from_micros(if item == 0 {
                    40_000
                } else {
                    item % 7
                }));
                running.fetch_sub(1, Ordering::SeqCst);
                item
            },
            |item| seen.push(item),
        );
        assert_eq!(seen, (0..200).collect::<Vec<_>>());
        assert!(most.into_inner() <= 3);
    }

    #[test]
    fn few_items_are_drawn_before_their_turn() {
        let (drawn, delivered) = (AtomicUsize::new(0), AtomicUsize::new(0));
        pool(2).each(
            (0..1000).inspect(|_| {
                drawn.fetch_add(1, Ordering::SeqCst);
            }),
            |_, item| item,
            |_| {
                let ahead = drawn.load(Ordering::SeqCst) - delivered.fetch_add(1, Ordering::SeqCst);
                assert!(ahead <= 2 * AHEAD + 4, "{ahead}");
            },
        );
        assert_eq!(delivered.into_inner(), 1000);
    }

    #[test]
    fn a_missing_program_is_said_for_every_document() {
        let pool = pool(2);
        for _ in 0..3 {
            assert_eq!(pool.extract(b"%PDF-").unwrap_err().reason(), "worker");
        }
        assert_eq!(pool.state().idle.len(), 1);
    }
}
