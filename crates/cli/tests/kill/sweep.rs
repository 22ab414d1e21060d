//! Every write-side system call of a small crawl: the process dies before it, or it fails.

use std::path::Path;
use std::process::Command;

use nirnay_tests::tracer::Errno;
use nirnay_tests::{
    Compare, Failure, Progress, Snapshot, Subject, Swept, number, snapshot, sweep_failures,
    sweep_kills,
};

use super::small_subject;

const REPEAT: &str = "cargo test --workspace --test kill sweep";

/// The crawl, and what it gives undisturbed.
struct Crawl {
    subject: Subject,
    expected: Snapshot,
}

impl Crawl {
    fn start() -> Self {
        let subject = small_subject();
        let reference = subject.dir().join("reference");
        subject.finish(&reference).unwrap();
        let expected = snapshot(&reference);
        assert!(expected.documents.len() >= 4, "{expected:?}");
        Self { subject, expected }
    }
}

impl Swept for Crawl {
    fn dir(&self) -> &Path {
        self.subject.dir()
    }

    fn command(&self, lake: &Path) -> Command {
        self.subject.command(lake)
    }

    fn resume(&self, lake: &Path) -> Result<(), String> {
        let before = Progress::read(lake)?;
        self.subject.finish(lake)?;
        let more = Compare {
            before: Some(&before),
            ..Compare::default()
        };
        self.subject.compare(lake, &self.expected, &more)
    }
}

#[test]
fn sweep_of_kills() {
    let step = number("NIRNAY_SWEEP", 25);
    sweep_kills(
        "a kill before a system call",
        (step, REPEAT),
        &Crawl::start(),
    );
}

#[test]
fn sweep_of_io_errors() {
    let step = number("NIRNAY_SWEEP", 25) * 2 - 1;
    let failure = (Failure::Once(Errno::EIO), "eio");
    sweep_failures(
        "EIO from a system call",
        (step, REPEAT),
        failure,
        &Crawl::start(),
    );
}

#[test]
fn sweep_of_a_full_disk() {
    let step = number("NIRNAY_SWEEP", 25) * 2 - 1;
    let crawl = Crawl::start();
    for (what, failure) in [
        (
            "ENOSPC from a system call",
            (Failure::Once(Errno::ENOSPC), "full"),
        ),
        (
            "ENOSPC from a system call on",
            (Failure::FromNowOn(Errno::ENOSPC), "stays-full"),
        ),
    ] {
        sweep_failures(what, (step, REPEAT), failure, &crawl);
    }
}
