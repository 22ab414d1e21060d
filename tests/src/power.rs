//! Power failures by model: the lake's own code on a disk that forgets what was not synced.
//!
//! A small crawl is recorded once, every file operation and every transaction of the ledger. Each seed then
//! picks an instant, builds one of the disks that a power failure at that instant may leave behind, opens
//! the lake there, looks whether every promise holds, and goes on to the end, which must be the end of the
//! undisturbed crawl, byte for byte. Some seeds kill the process before the power fails, some fail twice.
//!
//! The ledger is `SQLite`'s: in WAL mode with `synchronous = FULL` a transaction is durable when its commit
//! returns. The model takes that for granted, adds a torn beginning of the transaction that was under way,
//! and tests everything around it.

mod damage;
mod dice;
mod errors;
mod faulty;
mod model;
mod record;
mod story;
mod verdict;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use nirnay_store::{Files, Lake, StoreError, SyncPoint};

use crate::scratch;
use dice::Dice;
use model::Disk;
use record::{Ledger, Op, Recorder};
use story::Promise;
use verdict::Golden;

pub use damage::{Damage, check_damage};
pub use errors::{Errors, Places, check_errors};

/// Where the lake of the story lies below its place.
pub const LAKE: &str = story::LAKE;

/// Tells the small crawl, from wherever it ended, in the folder `place`: two runs, 24 rows.
pub fn tell(files: &Arc<dyn Files>, place: &Path) -> Result<(), StoreError> {
    story::tell(files, place, &mut |_| {})
}

/// What a series of failures came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Power failures.
    pub failures: u64,
    /// Operations of the recorded crawl, each a place where the power may fail.
    pub operations: u64,
    /// Transactions of the ledger among them.
    pub transactions: u64,
}

/// A recorded course of things.
struct Record {
    /// The disk it began with.
    start: Disk,
    trace: Vec<Op>,
    golden: Golden,
    /// Whether it is about a lake whose ledger is gone.
    is_rescue: bool,
}

/// The command that repeats one seed.
const AGAIN: &str =
    "NIRNAY_SEED=<seed> cargo test --locked --workspace --test power -- power_failures";

impl Record {
    /// The crawl.
    fn make() -> Result<Self, String> {
        let dir = scratch();
        let trace = told(dir.path())?;
        Ok(Self {
            start: Disk::new(),
            trace,
            golden: Golden::of(dir.path())?,
            is_rescue: false,
        })
    }

    /// The rescue of a killed lake whose ledger was damaged, and what the crawl does afterwards.
    fn of_rescue() -> Result<Self, String> {
        let crawl = Self::make()?;
        let dir = scratch();
        let killed = crawl.disk_at(crawl.trace.len() * 9 / 10, None);
        let lake = dir.path().join(story::LAKE);
        killed
            .write_all(dir.path())
            .and_then(|()| std::fs::write(lake.join("ledger.sqlite"), [0; 8192]))
            .map_err(|error| error.to_string())?;
        let golden = crawl.golden;
        let start = Disk::new()
            .settled(dir.path())
            .map_err(|error| error.to_string())?;
        let recorder = Recorder::new(dir.path());
        let files: Arc<dyn Files> = Arc::new(recorder.clone());
        let rescued = Lake::rescue_with(&files, &lake).map_err(|error| error.to_string())?;
        if rescued.restored.is_none() {
            return Err("no copy of the ledger was there to be restored".to_owned());
        }
        recorder.promised(Promise::Rescued);
        story::tell(&files, dir.path(), &mut |promise| {
            recorder.promised(promise);
        })
        .map_err(|error| format!("the story does not go on: {error}"))?;
        Ok(Self {
            start,
            trace: recorder.take(),
            golden,
            is_rescue: true,
        })
    }

    /// The disk after so many operations; syncs at `ignored` did nothing.
    fn disk_at(&self, at: usize, ignored: Option<SyncPoint>) -> Disk {
        let mut disk = self.start.clone();
        for op in self.trace.iter().take(at) {
            disk.apply(op, ignored);
        }
        disk
    }

    /// Whether all is well with what lies in `place` after a failure that `disk` went through.
    fn survives(&self, disk: &Disk, place: &Path) -> Result<(), String> {
        if !self.is_rescue {
            return survive(disk, place, &self.golden);
        }
        if !disk.rescued {
            Lake::rescue(&place.join(story::LAKE))
                .map_err(|error| format!("the rescue cannot be repeated: {error}"))?;
        }
        verdict::opened(place)?;
        verdict::resumed_tables(place, &self.golden)
    }

    /// Whether a failure behind the last of some syncs, and before operation `until`, shows that they were left out.
    fn misses(&self, left_out: &[usize], until: usize, seed: u64) -> Result<bool, String> {
        let Some(last) = left_out.last() else {
            return Ok(false);
        };
        let mut dice = Dice::new(seed);
        let at = self.behind(*last, &mut dice).min(until);
        let mut disk = self.start.clone();
        for (index, op) in self.trace.iter().enumerate().take(at) {
            if !left_out.contains(&index) {
                disk.apply(op, None);
            }
        }
        let dir = scratch();
        lose(&disk, &self.trace, at, dir.path(), &mut dice)?;
        Ok(self.survives(&disk, dir.path()).is_err())
    }

    fn summary(&self, failures: u64) -> Summary {
        let transactions = self
            .trace
            .iter()
            .filter(|op| matches!(op, Op::Commit(..)))
            .count();
        Summary {
            failures,
            operations: self.trace.len() as u64,
            transactions: transactions as u64,
        }
    }

    /// An instant soon after a place: any, or that of the next promise.
    fn behind(&self, place: usize, dice: &mut Dice) -> usize {
        let is_promise = |op: &Op| matches!(op, Op::Promise(_));
        let promise = self.trace.iter().skip(place).position(is_promise);
        let at = match promise.filter(|_| dice.once_in(2)) {
            Some(promise) => place + promise + 1,
            None => place + 1 + dice.below(40),
        };
        at.min(self.trace.len())
    }

    /// The syncs that have something to make durable: each with those of the same file or folder that follow it.
    fn syncs(&self) -> Vec<Vec<usize>> {
        let synced = |op: &Op| match op {
            Op::SyncFile(path, _) | Op::SyncDir(path, _) => Some(path.clone()),
            _ => None,
        };
        let mut disk = self.start.clone();
        let mut found = Vec::new();
        for (index, op) in self.trace.iter().enumerate() {
            if matches!(op, Op::Promise(Promise::Rescued)) {
                // Behind a rescue the crawl goes on, whose syncs are those of the crawl.
                break;
            }
            if let Some(path) = synced(op).filter(|_| disk.is_pending(op)) {
                let same = |next: &usize| synced(&self.trace[*next]).as_ref() == Some(&path);
                found.push((index..self.trace.len()).filter(same).collect());
            }
            disk.apply(op, None);
        }
        found
    }

    /// The places where a sync at this point happens.
    fn places(&self, point: SyncPoint) -> Vec<usize> {
        let is_there =
            |op: &Op| matches!(op, Op::SyncFile(_, at) | Op::SyncDir(_, at) if *at == point);
        (0..self.trace.len())
            .filter(|&index| is_there(&self.trace[index]))
            .collect()
    }
}

/// Tells the story under the recorder's eyes; returns what was noted.
fn told(place: &Path) -> Result<Vec<Op>, String> {
    let recorder = Recorder::new(place);
    let files: Arc<dyn Files> = Arc::new(recorder.clone());
    story::tell(&files, place, &mut |promise| recorder.promised(promise))
        .map_err(|error| format!("the story cannot be told: {error}"))?;
    Ok(recorder.take())
}

/// Fails the power once for every seed. The error names the seed and the command that repeats it.
pub fn check(seeds: Range<u64>) -> Result<Summary, String> {
    let record = Record::make()?;
    let failures = seeds.end.saturating_sub(seeds.start);
    let seeds: Vec<u64> = seeds.collect();
    in_turn(&seeds, |seed| {
        fail_once(&record, seed).map_err(|what| format!("seed {seed}: {what}\nagain: {AGAIN}"))
    })?;
    Ok(record.summary(failures))
}

/// Does something for each of `numbers` on all processors, until something goes wrong.
fn in_turn(
    numbers: &[u64],
    round: impl Fn(u64) -> Result<(), String> + Sync,
) -> Result<(), String> {
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let has_failed = AtomicBool::new(false);
    // What one has found, the others need not look for to their end.
    let round = |number| {
        if has_failed.load(Ordering::Relaxed) {
            return Ok(());
        }
        let found = round(number);
        has_failed.fetch_or(found.is_err(), Ordering::Relaxed);
        found
    };
    let round = &round;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|worker| {
                let mine = numbers.iter().skip(worker).step_by(threads);
                scope.spawn(move || mine.copied().try_for_each(round))
            })
            .collect();
        workers.into_iter().try_for_each(|worker| {
            worker
                .join()
                .unwrap_or_else(|_| Err("a worker panicked; its message is above".to_owned()))
        })
    })
}

fn fail_once(record: &Record, seed: u64) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let at = 1 + dice.below(record.trace.len());
    match dice.below(8) {
        // Killed, begun again, and then the power fails: what the first process left may still be lost.
        0 => twice(record, at, &mut dice, Before::Kill),
        1 => twice(record, at, &mut dice, Before::PowerFailure),
        _ => {
            let disk = record.disk_at(at, None);
            let place = scratch();
            lose(&disk, &record.trace, at, place.path(), &mut dice)?;
            record.survives(&disk, place.path())
        }
    }
}

/// Writes what is left of `disk` after a power failure behind operation `at`.
fn lose(disk: &Disk, trace: &[Op], at: usize, place: &Path, dice: &mut Dice) -> Result<(), String> {
    disk.write_survivors(place, dice, next_ledger(trace, at))
        .map_err(|error| format!("the disk cannot be built: {error}"))
}

fn next_ledger(trace: &[Op], at: usize) -> Option<&Ledger> {
    trace.iter().skip(at).find_map(|op| match op {
        Op::Commit(_, ledger) => Some(ledger),
        _ => None,
    })
}

fn survive(disk: &Disk, place: &Path, golden: &Golden) -> Result<(), String> {
    verdict::as_it_lies(place, disk)?;
    verdict::opened(place)?;
    verdict::resumed(place, golden)
}

#[derive(Clone, Copy)]
enum Before {
    Kill,
    PowerFailure,
}

fn twice(record: &Record, at: usize, dice: &mut Dice, before: Before) -> Result<(), String> {
    let place = scratch();
    let mut disk = record.disk_at(at, None);
    match before {
        Before::Kill => disk
            .write_all(place.path())
            .map_err(|error| error.to_string())?,
        Before::PowerFailure => {
            lose(&disk, &record.trace, at, place.path(), dice)?;
            verdict::as_it_lies(place.path(), &disk)?;
            disk = disk
                .settled(place.path())
                .map_err(|error| error.to_string())?;
        }
    }
    let rest = told(place.path())?;
    let second = 1 + dice.below(rest.len());
    for op in rest.iter().take(second) {
        disk.apply(op, None);
    }
    let last = scratch();
    lose(&disk, &rest, second, last.path(), dice)?;
    survive(&disk, last.path(), &record.golden)
}

/// Fails the power once for every seed while a lake is brought back whose ledger is gone.
pub fn check_rescue(seeds: Range<u64>) -> Result<Summary, String> {
    let record = Record::of_rescue()?;
    let seeds: Vec<u64> = seeds.collect();
    in_turn(&seeds, |seed| {
        let mut dice = Dice::new(seed);
        let at = 1 + dice.below(record.trace.len());
        let disk = record.disk_at(at, None);
        let place = scratch();
        lose(&disk, &record.trace, at, place.path(), &mut dice)
            .and_then(|()| record.survives(&disk, place.path()))
            .map_err(|what| format!("seed {seed}, in a rescue: {what}\nagain: {AGAIN}"))
    })?;
    Ok(record.summary(seeds.len() as u64))
}

/// Fails the power after syncs at `point`, which do nothing: some seed must notice. Returns how many seeds it
/// took.
pub fn check_without(point: SyncPoint, seeds: Range<u64>) -> Result<u64, String> {
    let record = match point {
        SyncPoint::RestoredBytes => Record::of_rescue()?,
        _ => Record::make()?,
    };
    let places = record.places(point);
    if places.is_empty() {
        return Err(format!("the crawl does not sync at {point:?}"));
    }
    let mut tried = 0;
    for seed in seeds {
        tried += 1;
        let mut dice = Dice::new(seed);
        let place = places[dice.below(places.len())];
        let at = record.behind(place, &mut dice);
        let disk = record.disk_at(at, Some(point));
        let dir = scratch();
        lose(&disk, &record.trace, at, dir.path(), &mut dice)?;
        if record.survives(&disk, dir.path()).is_err() {
            return Ok(tried);
        }
    }
    Err(format!(
        "nobody misses the sync at {point:?} ({tried} failures)"
    ))
}

/// What leaving out one sync at a time came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Syncs that had something to make durable.
    pub syncs: u64,
    /// Those of them that were left out, one at a time.
    pub left_out: u64,
    /// Of these, what a power failure before the next sync of the same file or folder showed. Nothing had been
    /// promised before the next sync made up for the others; without that one too they are missed.
    pub alone: u64,
    /// Power failures until the last of them was noticed.
    pub failures: u64,
}

/// Power failures in which a sync that was left out must be noticed.
const TRIES: u64 = 150;

/// Leaves out every `step`-th of the syncs that a crawl and a rescue make, one at a time, and fails the power before
/// the same file or folder is synced again: some seed must notice. If none does, because nothing was promised yet, the
/// next sync of it is left out as well, and so on.
pub fn check_each_sync(step: usize) -> Result<LeftOut, String> {
    let mut sum = LeftOut::default();
    for record in [Record::make()?, Record::of_rescue()?] {
        let syncs = record.syncs();
        sum.syncs += syncs.len() as u64;
        let chosen: Vec<Vec<usize>> = syncs.into_iter().step_by(step).collect();
        sum.left_out += chosen.len() as u64;
        let (failures, alone) = (AtomicU64::new(0), AtomicU64::new(0));
        let numbers: Vec<u64> = (0..chosen.len() as u64).collect();
        in_turn(&numbers, |number| {
            let same = &chosen[number as usize];
            for more in 1..=same.len() {
                let until = same.get(more).copied().unwrap_or(record.trace.len());
                for seed in 0..TRIES {
                    failures.fetch_add(1, Ordering::Relaxed);
                    if record.misses(&same[..more], until, seed)? {
                        alone.fetch_add(u64::from(more == 1), Ordering::Relaxed);
                        return Ok(());
                    }
                }
            }
            Err(format!(
                "nobody misses operation {}, {:?}, nor what follows it",
                same[0], record.trace[same[0]]
            ))
        })?;
        sum.failures += failures.into_inner();
        sum.alone += alone.into_inner();
    }
    Ok(sum)
}
