//! A seeded mutation fuzzer on the stable toolchain: every parser and loader, on inputs made by damaging
//! good ones. No input may panic, and none may take more than a second of processor time.
//!
//! Input `n` of a target depends on the target's name, the seed and `n` alone, so that a failure is
//! repeated with three values; the input is saved beside that.

mod cases;
mod files;
mod lake;
mod mutate;
mod replies;

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub use cases::cases;
pub use files::files;
pub use lake::lake;
pub use replies::replies;

use crate::seeds::{number, report};
use mutate::Mutator;

/// What no input may take, in seconds of processor time.
const MOST_SECONDS: f64 = 1.0;
/// An input that takes longer than this on the wall is measured again by processor time.
const SUSPICIOUS: Duration = Duration::from_millis(250);
/// After so long on one input the run is given up: it is in an endless loop.
const HUNG: Duration = Duration::from_mins(5);

/// Reads an input, and asserts what must hold whatever it is.
type Reader = dyn Fn(&[u8]);

/// A parser or loader, with good inputs to damage.
pub struct Target {
    name: &'static str,
    corpus: Vec<Vec<u8>>,
    words: Vec<&'static str>,
    read: Box<Reader>,
}

impl Target {
    /// `read` is given damaged members of `corpus`, with `words` among what is put into them. It must
    /// return whatever it is given; what it asserts about the outcome is tested too.
    ///
    /// Panics on an empty corpus.
    pub fn new(
        name: &'static str,
        corpus: Vec<Vec<u8>>,
        words: &[&'static str],
        read: impl Fn(&[u8]) + 'static,
    ) -> Self {
        assert!(!corpus.is_empty(), "{name} has no corpus");
        Self {
            name,
            corpus,
            words: words.to_vec(),
            read: Box::new(read),
        }
    }

    /// Its name, which is also the name of its test.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

/// What is wrong with an input.
enum Fault {
    Panic,
    /// So many seconds.
    Slow(f64),
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Panic => f.write_str("panic"),
            Self::Slow(seconds) => write!(f, "{seconds:.1} s of processor time"),
        }
    }
}

/// Gives every target `NIRNAY_FUZZ` inputs (10,000 by default) made from `NIRNAY_SEED` (1 by default).
/// `NIRNAY_FUZZ_INPUT` gives one input alone; `NIRNAY_FUZZ_FILE` gives a saved one to every target.
///
/// Panics, with the command that repeats it, at the first input that is too much.
pub fn hammer(targets: &[Target]) {
    for target in targets {
        if let Ok(path) = std::env::var("NIRNAY_FUZZ_FILE") {
            let input = std::fs::read(&path).expect("the input in NIRNAY_FUZZ_FILE");
            complain(target, 0, 0, &input, judge(target, &input));
            continue;
        }
        run(target);
    }
}

fn run(target: &Target) {
    let began = Instant::now();
    let seed: u64 = number("NIRNAY_SEED", 1);
    let inputs: u64 = number("NIRNAY_FUZZ", 10_000);
    let only: u64 = number("NIRNAY_FUZZ_INPUT", u64::MAX);
    let range = if only == u64::MAX {
        0..inputs
    } else {
        only..only + 1
    };
    let mutator = Mutator::new(&target.corpus, &target.words);
    let watch = Watch::start(target.name, seed);
    let mut slowest = Duration::ZERO;
    for n in range.clone() {
        let input = mutator.input(target.name, seed, n);
        watch.at(n);
        let started = Instant::now();
        let fault = judge(target, &input);
        slowest = slowest.max(started.elapsed());
        complain(target, seed, n, &input, fault);
    }
    report(
        &format!("fuzz {}, seed {seed}", target.name),
        &format!(
            "{} inputs, 0 panics, slowest {:.1} ms on the wall",
            range.end - range.start,
            slowest.as_secs_f64() * 1e3
        ),
        began,
    );
}

fn judge(target: &Target, input: &[u8]) -> Option<Fault> {
    let started = Instant::now();
    if catch_unwind(AssertUnwindSafe(|| (target.read)(input))).is_err() {
        return Some(Fault::Panic);
    }
    if started.elapsed() < SUSPICIOUS {
        return None;
    }
    // Other work on the machine may have taken the time; what counts is this thread's own.
    let before = processor_seconds()?;
    (target.read)(input);
    let seconds = processor_seconds()? - before;
    (seconds > MOST_SECONDS).then_some(Fault::Slow(seconds))
}

fn complain(target: &Target, seed: u64, n: u64, input: &[u8], fault: Option<Fault>) {
    let Some(fault) = fault else { return };
    let path = folder().join(format!("{}-{seed}-{n}.input", target.name));
    let saved = std::fs::write(&path, input).is_ok();
    let place = if saved {
        format!("saved as {}", path.display())
    } else {
        "not saved".to_owned()
    };
    panic!(
        "{}: {fault} on an input of {} bytes ({place}); to repeat it:\n\
         NIRNAY_FUZZ_TARGET={} NIRNAY_SEED={seed} NIRNAY_FUZZ_INPUT={n} cargo test --workspace --test fuzz",
        target.name,
        input.len(),
        target.name
    );
}

/// Where inputs that are too much are saved.
fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join("nirnay-fuzz");
    // Without a folder nothing is saved, which is said with the failure.
    drop(std::fs::create_dir_all(&folder));
    folder
}

/// Processor time of this thread in seconds; `None` where the system does not tell.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: u64 = text.split(' ').next()?.parse().ok()?;
    Some(nanoseconds as f64 / 1e9)
}

/// Notes which input is being read, in a file and for a second thread, so that an endless loop or an
/// overflow of the stack, which end the process, are as easy to repeat as a panic.
struct Watch {
    note: Option<(PathBuf, File)>,
    at: Arc<AtomicU64>,
    done: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Watch {
    fn start(target: &'static str, seed: u64) -> Self {
        let path = folder().join(format!("{target}-{seed}.{}.running", std::process::id()));
        let note = File::create(&path).ok().map(|file| (path, file));
        let at = Arc::new(AtomicU64::new(0));
        let done = Arc::new(AtomicBool::new(false));
        let (seen_at, seen_done) = (Arc::clone(&at), Arc::clone(&done));
        let thread = std::thread::spawn(move || guard(target, seed, &seen_at, &seen_done));
        Self {
            note,
            at,
            done,
            thread: Some(thread),
        }
    }

    fn at(&self, n: u64) {
        self.at.store(n, Ordering::Relaxed);
        if let Some((_, file)) = &self.note {
            // Only a help for people: nothing depends on it.
            drop(file.write_all_at(format!("{n:<20}").as_bytes(), 0));
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            drop(thread.join());
        }
        if let Some((path, _)) = &self.note {
            drop(std::fs::remove_file(path));
        }
    }
}

#[expect(clippy::print_stderr, reason = "the process ends with these words")]
fn guard(target: &str, seed: u64, at: &AtomicU64, done: &AtomicBool) {
    let mut last = (u64::MAX, Instant::now());
    while !done.load(Ordering::Relaxed) {
        std::thread::park_timeout(Duration::from_secs(5));
        let n = at.load(Ordering::Relaxed);
        if n != last.0 {
            last = (n, Instant::now());
        } else if last.1.elapsed() > HUNG && !done.load(Ordering::Relaxed) {
            eprintln!(
                "{target}: no end after {} s; to repeat it:\nNIRNAY_FUZZ_TARGET={target} NIRNAY_SEED={seed} \
                 NIRNAY_FUZZ_INPUT={n} cargo test --workspace --test fuzz",
                HUNG.as_secs()
            );
            std::process::abort();
        }
    }
}
