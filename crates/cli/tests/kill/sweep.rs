//! Every write-side system call of a small crawl: the process dies before it, or it fails.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use nirnay_tests::tracer::{Call, Ended, Errno, Fate, Trace, can_trace, trace};
use nirnay_tests::{Compare, Progress, Snapshot, Subject, number, report, snapshot};

use super::small_subject;

const REPEAT: &str = "cargo test --workspace --test kill sweep";

/// What one point of a sweep found: the call that was struck, if the crawl came so far.
type Point = Result<Option<(Call, Ended)>, String>;

/// Tries the points `1, 1 + step, …` on all processors until three in a row lie behind the crawl's end.
fn sweep(what: &str, step: u64, point: impl Fn(&Sweep, u64) -> Point + Sync) {
    if let Err(why) = can_trace() {
        println!("figure: {what} | not run: {why} | 0 s");
        assert!(
            std::env::var_os("CI").is_none(),
            "the sweep cannot run here: {why}"
        );
        return;
    }
    let began = Instant::now();
    let sweep = Sweep::start();
    // One point, if one is to be repeated.
    let only: u64 = number("NIRNAY_POINT", 0);
    let next = AtomicU64::new(0);
    let behind = AtomicU64::new(0);
    let struck: Mutex<BTreeMap<String, u64>> = Mutex::default();
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while behind.load(Ordering::SeqCst) < 3 {
                    let place = next.fetch_add(1, Ordering::SeqCst);
                    if only > 0 && place > 0 {
                        return;
                    }
                    let number = if only > 0 { only } else { place * step + 1 };
                    match point(&sweep, number) {
                        Ok(Some((call, ended))) => {
                            let name = match ended {
                                Ended::Exit(code) => format!("{} (exit {code})", call.name),
                                Ended::Signal(_) => call.name.to_owned(),
                            };
                            *struck.lock().unwrap().entry(name).or_default() += 1;
                        }
                        Ok(None) => drop(behind.fetch_add(1, Ordering::SeqCst)),
                        Err(why) => failures
                            .lock()
                            .unwrap()
                            .push(format!("point {number}: {why}")),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().unwrap();
    assert!(
        failures.is_empty(),
        "{} points failed; the first:\n{}\nto repeat one: NIRNAY_POINT=… {REPEAT}",
        failures.len(),
        failures
            .iter()
            .take(3)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n")
    );
    let struck = struck.into_inner().unwrap();
    let sum: u64 = struck.values().sum();
    let names: Vec<String> = struck
        .iter()
        .map(|(name, count)| format!("{name} {count}"))
        .collect();
    report(
        &format!("{what} at {sum} points (every {step}. call)"),
        &format!("0 differ; {}", names.join(", ")),
        began,
    );
}

/// The undisturbed crawl and what it gave.
struct Sweep {
    subject: Subject,
    expected: Snapshot,
}

impl Sweep {
    fn start() -> Self {
        let subject = small_subject();
        let reference = subject.dir().join("reference");
        subject.finish(&reference).unwrap();
        let expected = snapshot(&reference);
        assert!(expected.documents.len() >= 4, "{expected:?}");
        Self { subject, expected }
    }

    /// A crawl into a new lake whose calls `decide` rules over.
    fn trace(&self, lake: &Path, decide: &mut (dyn FnMut(&Call) -> Fate + Send)) -> Trace {
        std::fs::create_dir_all(lake).unwrap();
        trace(&self.subject.command(lake), lake, decide).unwrap()
    }

    /// Lets the crawl go on undisturbed, compares, and removes the lake.
    fn resume(&self, lake: &Path) -> Result<(), String> {
        let before = Progress::read(lake)?;
        self.subject.finish(lake)?;
        let more = Compare {
            before: Some(&before),
            ..Compare::default()
        };
        self.subject.compare(lake, &self.expected, &more)?;
        std::fs::remove_dir_all(lake).map_err(|error| error.to_string())
    }
}

#[test]
fn sweep_of_kills() {
    let step = number("NIRNAY_SWEEP", 25);
    sweep("a kill before a system call", step, |sweep, number| {
        let lake = sweep.subject.dir().join(format!("kill-{number}"));
        let mut struck = None;
        let trace = sweep.trace(&lake, &mut |call| {
            if call.number == number {
                struck = Some(call.clone());
                Fate::Kill
            } else {
                Fate::Pass
            }
        });
        let Some(call) = struck else {
            return sweep.resume(&lake).map(|()| None);
        };
        if trace.ended != Ended::Signal("SIGKILL") {
            return Err(format!("{call}: {trace:?}"));
        }
        sweep
            .resume(&lake)
            .map_err(|why| format!("killed before {call}: {why}"))?;
        Ok(Some((call, trace.ended)))
    });
}

/// How a call fails.
#[derive(Clone, Copy)]
enum Failure {
    Once(Errno),
    /// The disk stays as it is.
    FromNowOn(Errno),
}

/// What writes, names or makes durable; these can fail on a disk that is full or broken.
fn can_fail(call: &Call) -> bool {
    call.name != "unlink" && call.name != "unlinkat"
}

fn failing(sweep: &Sweep, number: u64, failure: Failure, folder: &str) -> Point {
    let lake = sweep.subject.dir().join(format!("{folder}-{number}"));
    let mut struck: Option<Call> = None;
    let mut seen = 0;
    let trace = sweep.trace(&lake, &mut |call| {
        if !can_fail(call) {
            return Fate::Pass;
        }
        seen += 1;
        match failure {
            Failure::Once(errno) if seen == number => {
                struck = Some(call.clone());
                Fate::Fail(errno)
            }
            Failure::FromNowOn(errno) if seen >= number => {
                struck.get_or_insert_with(|| call.clone());
                Fate::Fail(errno)
            }
            _ => Fate::Pass,
        }
    });
    let Some(call) = struck else {
        return sweep.resume(&lake).map(|()| None);
    };
    // Disk full, I/O error, or a failure that costs nothing.
    if !matches!(trace.ended, Ended::Exit(0 | 3 | 74)) {
        return Err(format!("{call} failed: {:?}: {}", trace.ended, trace.said));
    }
    if trace.said.contains("panicked") {
        return Err(format!("{call} failed: {}", trace.said));
    }
    sweep
        .resume(&lake)
        .map_err(|why| format!("{call} failed ({:?}): {why}", trace.ended))?;
    Ok(Some((call, trace.ended)))
}

#[test]
fn sweep_of_io_errors() {
    let step = number("NIRNAY_SWEEP", 25) * 2 - 1;
    sweep("EIO from a system call", step, |sweep, number| {
        failing(sweep, number, Failure::Once(Errno::EIO), "eio")
    });
}

#[test]
fn sweep_of_a_full_disk() {
    let step = number("NIRNAY_SWEEP", 25) * 2 - 1;
    sweep("ENOSPC from a system call", step, |sweep, number| {
        failing(sweep, number, Failure::Once(Errno::ENOSPC), "full")
    });
    sweep("ENOSPC from a system call on", step, |sweep, number| {
        failing(
            sweep,
            number,
            Failure::FromNowOn(Errno::ENOSPC),
            "stays-full",
        )
    });
}
