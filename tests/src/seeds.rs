//! How long loops are and which seeds they use, from the environment.

use std::ops::Range;
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// A number from the environment, or `default`.
///
/// Panics on a value that is no number: a typing error must not shorten a test.
pub fn number<T: FromStr>(name: &str, default: T) -> T {
    match std::env::var(name) {
        Err(_) => default,
        Ok(text) => text
            .parse()
            .unwrap_or_else(|_| panic!("{name}={text:?} is not a number")),
    }
}

/// The seeds of a loop: `count` of them from `first` on (or from `NIRNAY_FIRST`: a long loop may be run in parts),
/// or the one that `NIRNAY_SEED` names.
pub fn seeds(first: u64, count: u64) -> Range<u64> {
    let first = number("NIRNAY_FIRST", first);
    if std::env::var_os("NIRNAY_SEED").is_none() {
        return first..first + count;
    }
    let seed = number("NIRNAY_SEED", first);
    seed..seed + 1
}

/// What a loop came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Rounds.
    pub rounds: u64,
    /// Sums of what the rounds returned.
    pub sums: Vec<u64>,
}

/// Runs `round` for every seed on the machine's processors, each on a runtime of its own; a round returns
/// what to add up, or what went wrong. Prints the sums under `names`. Fails with the first three seeds that
/// went wrong and the command that repeats one.
#[expect(clippy::print_stderr, reason = "a long test shows that it lives")]
pub fn all<const N: usize>(
    what: &str,
    names: [&str; N],
    seeds: Range<u64>,
    command: &str,
    round: impl AsyncFn(u64) -> Result<[u64; N], String> + Sync,
) -> Tally {
    let began = Instant::now();
    let (first, last) = (seeds.start, seeds.end);
    let next = AtomicU64::new(first);
    let sums: [AtomicU64; N] = std::array::from_fn(|_| AtomicU64::new(0));
    let failures = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .expect("a runtime");
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= last {
                        return;
                    }
                    if (seed - first) % 500 == 499 {
                        eprintln!("{what}: {} of {} begun", seed - first + 1, last - first);
                    }
                    match runtime.block_on(round(seed)) {
                        Ok(values) => {
                            for (sum, value) in sums.iter().zip(values) {
                                sum.fetch_add(value, Ordering::Relaxed);
                            }
                        }
                        Err(why) => {
                            eprintln!("{what}: seed {seed} failed");
                            let mut failures = failures.lock().expect("the failures");
                            failures.push(format!("seed {seed}: {why}"));
                        }
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("the failures");
    assert!(
        failures.is_empty(),
        "{} of {} {what} failed; the first:\n{}\nto repeat one: NIRNAY_SEED=… {command}",
        failures.len(),
        last - first,
        first_three(&failures)
    );
    let sums: Vec<u64> = sums.into_iter().map(AtomicU64::into_inner).collect();
    let listed: Vec<String> = names
        .iter()
        .zip(&sums)
        .map(|(name, sum)| format!("{sum} {name}"))
        .collect();
    report(
        &format!("{} {what} (seeds {first}..{last})", last - first),
        &listed.join(", "),
        began,
    );
    Tally {
        rounds: last - first,
        sums,
    }
}

/// What went wrong first, a line each.
pub(crate) fn first_three(failures: &[String]) -> String {
    failures.get(..3).unwrap_or(failures).join("\n")
}

/// Prints a line of figures in the form that `just torture` collects.
#[expect(clippy::print_stdout, reason = "figures are the output of a long test")]
pub fn report(what: &str, figures: &str, began: Instant) {
    println!(
        "figure: {what} | {figures} | {:.0} s",
        began.elapsed().as_secs_f64()
    );
}
