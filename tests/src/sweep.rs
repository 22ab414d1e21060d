//! Every write-side system call of a command that fills a lake: the process dies before it, or it fails. The same
//! command again must end as if nothing had happened.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use crate::seeds::first_three;
use crate::tracer::{Call, Ended, Errno, Fate, Trace, can_trace, trace};
use crate::{number, report};

/// What is swept over.
pub trait Swept: Sync {
    /// A folder for lakes.
    fn dir(&self) -> &Path;

    /// The command that fills the lake.
    fn command(&self, lake: &Path) -> Command;

    /// Lets the command go on undisturbed, and compares the lake with one that was never disturbed.
    fn resume(&self, lake: &Path) -> Result<(), String>;
}

/// How a call fails.
#[derive(Debug, Clone, Copy)]
pub enum Failure {
    /// Once.
    Once(Errno),
    /// The disk stays as it is.
    FromNowOn(Errno),
}

/// What one point of a sweep found: the call that was struck, if the command came so far.
type Point = Result<Option<(Call, Ended)>, String>;

/// The process dies before the calls `1, 1 + step, …`; `repeat` is the command that repeats a point.
pub fn sweep_kills(what: &str, (step, repeat): (u64, &str), swept: &dyn Swept) {
    sweep(what, (step, repeat), &|number| {
        let lake = swept.dir().join(format!("kill-{number}"));
        let mut struck = None;
        let trace = traced(swept, &lake, &mut |call| {
            if call.number == number {
                struck = Some(call.clone());
                Fate::Kill
            } else {
                Fate::Pass
            }
        })?;
        let Some(call) = struck else {
            return ended(swept, &lake).map(|()| None);
        };
        if trace.ended != Ended::Signal("SIGKILL") {
            return Err(format!("{call}: {trace:?}"));
        }
        ended(swept, &lake).map_err(|why| format!("killed before {call}: {why}"))?;
        Ok(Some((call, trace.ended)))
    });
}

/// The calls `1, 1 + step, …` of those that can fail do. A command may then end well, or say that it met a full disk
/// or an I/O error.
pub fn sweep_failures(
    what: &str,
    (step, repeat): (u64, &str),
    (failure, folder): (Failure, &str),
    swept: &dyn Swept,
) {
    sweep(what, (step, repeat), &|number| {
        failing(swept, number, failure, folder)
    });
}

/// Tries points on all processors until three in a row lie behind the command's end.
fn sweep(what: &str, (step, repeat): (u64, &str), point: &(dyn Fn(u64) -> Point + Sync)) {
    if let Err(why) = can_trace() {
        report(what, &format!("not run: {why}"), Instant::now());
        assert!(
            std::env::var_os("CI").is_none(),
            "the sweep cannot run here: {why}"
        );
        return;
    }
    let began = Instant::now();
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
                    match point(number) {
                        Ok(Some((call, ended))) => {
                            let name = match ended {
                                Ended::Exit(code) => format!("{} (exit {code})", call.name),
                                Ended::Signal(_) => call.name.to_owned(),
                            };
                            let mut struck = struck.lock().expect("the calls");
                            *struck.entry(name).or_default() += 1;
                        }
                        Ok(None) => drop(behind.fetch_add(1, Ordering::SeqCst)),
                        Err(why) => failures
                            .lock()
                            .expect("the failures")
                            .push(format!("point {number}: {why}")),
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("the failures");
    assert!(
        failures.is_empty(),
        "{} points failed; the first:\n{}\nto repeat one: NIRNAY_POINT=… {repeat}",
        failures.len(),
        first_three(&failures)
    );
    let struck = struck.into_inner().expect("the calls");
    let sum: u64 = struck.values().sum();
    assert!(sum > 0, "no call was struck");
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

/// The command on a new lake, whose calls `decide` rules over.
fn traced(
    swept: &dyn Swept,
    lake: &Path,
    decide: &mut (dyn FnMut(&Call) -> Fate + Send),
) -> Result<Trace, String> {
    std::fs::create_dir_all(lake).map_err(|error| error.to_string())?;
    trace(&swept.command(lake), lake, decide).map_err(|error| error.to_string())
}

fn ended(swept: &dyn Swept, lake: &Path) -> Result<(), String> {
    swept.resume(lake)?;
    std::fs::remove_dir_all(lake).map_err(|error| error.to_string())
}

/// What writes, names or makes durable; these can fail on a disk that is full or broken.
fn can_fail(call: &Call) -> bool {
    call.name != "unlink" && call.name != "unlinkat"
}

fn failing(swept: &dyn Swept, number: u64, failure: Failure, folder: &str) -> Point {
    let lake = swept.dir().join(format!("{folder}-{number}"));
    let mut struck: Option<Call> = None;
    let mut seen = 0;
    let trace = traced(swept, &lake, &mut |call| {
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
    })?;
    let Some(call) = struck else {
        return ended(swept, &lake).map(|()| None);
    };
    // Disk full, I/O error, or a failure that costs nothing.
    if !matches!(trace.ended, Ended::Exit(0 | 3 | 74)) {
        return Err(format!("{call} failed: {:?}: {}", trace.ended, trace.said));
    }
    if trace.said.contains("panicked") {
        return Err(format!("{call} failed: {}", trace.said));
    }
    ended(swept, &lake).map_err(|why| format!("{call} failed ({:?}): {why}", trace.ended))?;
    Ok(Some((call, trace.ended)))
}
