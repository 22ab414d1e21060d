//! Files that mean harm, and files that are broken: each costs itself and nothing else.
//!
//! Every file goes through a worker like any other. What is asked of it: an answer within the wall
//! time, whatever the answer; no answer that blames the installation; a child that stays within its
//! memory; and the next document read as if nothing had been.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]
#![expect(clippy::print_stderr, reason = "a long test says what it met")]

mod bombs;
mod mutations;
mod mutator;
#[path = "../pdf/mod.rs"]
#[allow(dead_code, reason = "each test program uses a part of the generators")]
mod pdf;
mod shared;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use nirnay_extract::{ExtractFailure, Limits, Worker};
use nix::sys::resource::{UsageWho, getrusage};

/// More than the wall limit that a call may take: the death of a child with a gigabyte.
const GRACE: Duration = Duration::from_secs(3);

/// A worker and what it has been through.
pub(crate) struct Ordeal {
    limits: Limits,
    worker: Worker,
    good: Vec<u8>,
    pub(crate) reasons: BTreeMap<&'static str, usize>,
    pub(crate) slowest: (Duration, String),
    pub(crate) calls: usize,
}

impl Ordeal {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            worker: Worker::new(
                PathBuf::from(env!("CARGO_BIN_EXE_nirnay-extract-worker")),
                Vec::new(),
                limits.clone(),
            ),
            limits,
            good: pdf::with_pages(&["Still here"]),
            reasons: BTreeMap::new(),
            slowest: (Duration::ZERO, String::new()),
            calls: 0,
        }
    }

    /// The text of `bytes`, whatever comes of it.
    pub(crate) fn text(&mut self, name: &str, bytes: &[u8]) -> &'static str {
        self.suffer(name, |worker| worker.extract(bytes).map(drop))
    }

    /// The picture of the first page of `bytes`, whatever comes of it.
    pub(crate) fn picture(&mut self, name: &str, bytes: &[u8], dpi: u16) -> &'static str {
        self.suffer(name, |worker| worker.picture(bytes, 1, dpi).map(drop))
    }

    fn suffer(
        &mut self,
        name: &str,
        call: impl FnOnce(&mut Worker) -> Result<(), ExtractFailure>,
    ) -> &'static str {
        let before = self.worker.child_id();
        let start = Instant::now();
        let outcome = call(&mut self.worker);
        let took = start.elapsed();
        self.calls += 1;
        if took > self.slowest.0 {
            self.slowest = (took, name.to_owned());
        }
        let reason = outcome
            .as_ref()
            .map_or_else(ExtractFailure::reason, |()| "ok");
        *self.reasons.entry(reason).or_default() += 1;
        if let Err(failure) = &outcome {
            assert!(failure.is_about_the_document(), "{name}: {failure}");
        }
        assert!(took < self.limits.wall + GRACE, "{name}: {took:?}");
        if before.is_some() && self.worker.child_id() != before {
            self.still_reads(name);
        }
        reason
    }

    /// The next document is read as if nothing had been.
    pub(crate) fn still_reads(&mut self, after: &str) {
        match self.worker.extract(&self.good) {
            Ok(found) => assert_eq!(found.pages.first().unwrap().text, "Still here", "{after}"),
            Err(failure) => panic!("after {after}: {failure}"),
        }
    }

    /// What came of it all, and whether every child kept within its memory.
    pub(crate) fn report(&self, what: &str) {
        let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() as u64 * 1024;
        eprintln!(
            "{what}: {} calls, {:?}; slowest {:.1} s ({}); largest child {} MiB of {}",
            self.calls,
            self.reasons,
            self.slowest.0.as_secs_f32(),
            self.slowest.1,
            peak >> 20,
            self.limits.memory_bytes >> 20,
        );
        assert!(peak <= self.limits.memory_bytes, "{peak}");
    }
}

/// A whole number from the environment.
pub(crate) fn setting(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text}")),
        Err(_) => otherwise,
    }
}

/// Every PDF below a folder beside the workspace, in order; says so when there is none.
pub(crate) fn shared_files(folder: &str) -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let mut files = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pdf") {
                files.push(path);
            }
        }
    }
    files.sort();
    if files.is_empty() {
        eprintln!("no PDFs in ../shared/{folder}: they are not tried");
    }
    files
}
