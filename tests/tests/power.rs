//! The lake under a failing disk: power failures, I/O errors, full disks, damage at rest, read-only disks, and
//! others who want the same lake.
//!
//! `NIRNAY_POWER_SEEDS=2000`, `NIRNAY_FAULT_STEP=1` and `NIRNAY_DAMAGE_SEEDS=700` are the long forms;
//! `NIRNAY_SEED=<n>` repeats one seed or place.

#![expect(clippy::exit, reason = "a child that stands for a process of its own")]
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Barrier};

use nirnay_store::{
    AuditFilter, Files, JudgmentFilter, Lake, OpenMode, OsFiles, StoreError, SyncPoint, VerifyLevel,
};
use nirnay_tests::{number, power, scratch, seeds};

#[test]
fn power_failures_lose_nothing_that_was_promised() {
    let summary = power::check(seeds(0, number("NIRNAY_POWER_SEEDS", 150))).unwrap();
    println!("{summary:?}");
    assert!(
        summary.operations > 500 && summary.transactions > 40,
        "{summary:?}"
    );
}

#[test]
fn power_failures_in_a_rescue() {
    let count: u64 = number("NIRNAY_POWER_SEEDS", 150);
    println!("{:?}", power::check_rescue(seeds(0, count / 5)).unwrap());
}

#[test]
fn every_sync_is_needed() {
    for point in SyncPoint::ALL {
        let tried = power::check_without(point, 0..400).unwrap();
        println!("without the sync at {point:?}: noticed by failure {tried}");
    }
}

#[test]
fn each_sync_is_needed_each_time() {
    let left_out = power::check_each_sync(number("NIRNAY_FAULT_STEP", 23)).unwrap();
    println!("{left_out:?}");
    assert!(left_out.syncs > 50, "{left_out:?}");
}

#[test]
fn errors_at_every_operation() {
    let places = match std::env::var("NIRNAY_SEED") {
        Ok(place) => power::Places::Only(place.parse().unwrap()),
        Err(_) => power::Places::Every(number("NIRNAY_FAULT_STEP", 23)),
    };
    let errors = power::check_errors(places).unwrap();
    println!("{errors:?}");
    assert!(errors.operations > 500);
}

#[test]
fn damage_is_never_silent_and_can_be_mended() {
    let damage = power::check_damage(seeds(0, number("NIRNAY_DAMAGE_SEEDS", 60))).unwrap();
    println!("{damage:?}");
}

#[test]
fn one_of_twenty_wins() {
    let rounds: u64 = number("NIRNAY_OPENERS", 20);
    for round in 0..rounds {
        let dir = scratch();
        drop(Lake::open(dir.path(), OpenMode::ReadWrite).unwrap());
        let start = Barrier::new(20);
        let winners: Vec<_> = std::thread::scope(|scope| {
            let openers: Vec<_> = (0..20)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        let opened = Lake::open(dir.path(), OpenMode::ReadWrite);
                        // Nobody lets go before everybody tried.
                        start.wait();
                        opened
                    })
                })
                .collect();
            openers
                .into_iter()
                .map(|opener| opener.join().unwrap())
                .collect()
        });
        let won = winners.iter().filter(|opened| opened.is_ok()).count();
        assert_eq!(won, 1, "round {round}");
        for error in winners.iter().filter_map(|opened| opened.as_ref().err()) {
            let text = error.to_string();
            let StoreError::Locked {
                pid,
                since,
                command,
                ..
            } = error
            else {
                panic!("round {round}: {text}");
            };
            assert_eq!(*pid, Some(std::process::id()), "{text}");
            assert!(since.is_some() && command.is_some(), "{text}");
            assert!(
                text.contains("since 20") && text.contains("power"),
                "{text}"
            );
        }
    }
}

/// The part of the rows that a story leaves, read as `status`, `audit` and `search` read them.
fn read_everything(dir: &Path) -> usize {
    let lake = Lake::open(dir, OpenMode::ReadOnly).unwrap();
    let now = jiff::Timestamp::now();
    assert!(
        lake.ledger()
            .audit(&AuditFilter::default(), now)
            .unwrap()
            .is_complete()
    );
    assert_eq!(lake.verify(VerifyLevel::Full).unwrap(), []);
    lake.published_judgments(JudgmentFilter::default())
        .unwrap()
        .count()
}

/// Runs a command; false if it cannot be run or fails.
fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .output()
        .is_ok_and(|output| output.status.success())
}

/// A file system of its own, as large as stated, until dropped.
struct Mount(PathBuf);

impl Mount {
    fn of(dir: &Path, size: &str) -> Option<Self> {
        let options = format!("size={size}");
        let path = dir.to_str()?;
        runs("mount", &["-t", "tmpfs", "-o", &options, "tmpfs", path]).then(|| Self(dir.to_owned()))
    }

    fn again(&self, options: &str) -> bool {
        let options = format!("remount,{options}");
        runs("mount", &["-o", &options, self.0.to_str().unwrap()])
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        runs("umount", &[self.0.to_str().unwrap()]);
    }
}

#[test]
fn a_read_only_disk_is_read_and_not_written() {
    let dir = scratch();
    let Some(mount) = Mount::of(dir.path(), "64m") else {
        println!("mounting is not allowed here: nothing was tried");
        return;
    };
    let files: Arc<dyn Files> = Arc::new(OsFiles);
    power::tell(&files, dir.path()).unwrap();
    assert!(mount.again("ro"));
    let lake = dir.path().join(power::LAKE);
    assert_eq!(read_everything(&lake), 24);
    let refused = Lake::open(&lake, OpenMode::ReadWrite).unwrap_err();
    assert!(
        matches!(refused, StoreError::NotWritable { .. }),
        "{refused:?}"
    );
    assert!(
        refused.to_string().contains("read it as it is"),
        "{refused}"
    );
}

#[test]
fn a_small_disk_fills_up_and_grows() {
    for kilobytes in (640..3100).step_by(number("NIRNAY_DISK_STEP", 410)) {
        let dir = scratch();
        let Some(mount) = Mount::of(dir.path(), &format!("{kilobytes}k")) else {
            println!("mounting is not allowed here: nothing was tried");
            return;
        };
        let files: Arc<dyn Files> = Arc::new(OsFiles);
        let told = power::tell(&files, dir.path());
        if let Err(error) = &told {
            assert!(
                matches!(error, StoreError::DiskFull { .. }),
                "{kilobytes} KiB: {error:?}"
            );
        }
        println!(
            "{kilobytes} KiB: {}",
            if told.is_ok() { "enough" } else { "full" }
        );
        assert!(mount.again("size=64m"));
        power::tell(&files, dir.path()).unwrap();
        let lake = dir.path().join(power::LAKE);
        assert_eq!(read_everything(&lake), 24, "{kilobytes} KiB");
    }
}

const LIMITED: &str = "NIRNAY_TEST_LIMITED_DIR";

/// Not a test of its own: the process whose files may not grow.
#[test]
#[ignore = "run by the test below as a process of its own"]
fn child() {
    if let Ok(dir) = std::env::var(LIMITED) {
        let files: Arc<dyn Files> = Arc::new(OsFiles);
        let code = match power::tell(&files, Path::new(&dir)) {
            Ok(()) => 0,
            Err(StoreError::DiskFull { .. }) => 3,
            Err(error) => {
                println!("{error:?}");
                74
            }
        };
        std::process::exit(code);
    }
}

#[test]
fn a_limit_on_file_sizes_ends_cleanly() {
    let this = std::env::current_exe().unwrap();
    let mut met = 0;
    for blocks in [64, 128, 256, 512, 1024, 65_536] {
        let dir = scratch();
        // The limit counts blocks of 512 bytes; without the signal a write fails instead of killing.
        let script = format!(
            "trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" --exact child --ignored --nocapture"
        );
        let output = Command::new("sh")
            .args(["-c", &script, this.to_str().unwrap()])
            .env(LIMITED, dir.path())
            .output()
            .unwrap();
        let code = output.status.code();
        let said = String::from_utf8_lossy(&output.stdout);
        // Of a write to the ledger SQLite only tells that it failed, not that the file may not grow.
        assert!(
            matches!(code, Some(0 | 3 | 74)),
            "{blocks} blocks: {code:?} {said}"
        );
        met += u32::from(code != Some(0));
        let files: Arc<dyn Files> = Arc::new(OsFiles);
        power::tell(&files, dir.path()).unwrap();
        assert_eq!(
            read_everything(&dir.path().join(power::LAKE)),
            24,
            "{blocks} blocks"
        );
    }
    assert!(met > 1, "the limit was never met");
}
