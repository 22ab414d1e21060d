//! Every write-side system call of a small walk over case portals: the process dies before it, or it fails.

use std::path::{Path, PathBuf};
use std::process::Command;

use nirnay_tests::tracer::Errno;
use nirnay_tests::{
    Failure, Snapshot, Swept, number, scratch, snapshot, sweep_failures, sweep_kills,
};

use crate::world::World;

const REPEAT: &str = "cargo test --workspace --test cases sweep";

/// Two cases with their orders, and what the walk over them gives undisturbed.
struct Walk {
    world: World,
    dir: tempfile::TempDir,
    list: PathBuf,
    expected: Snapshot,
}

impl Walk {
    fn start() -> Option<Self> {
        let world = World::start()?;
        let files = world.files();
        let list = world.path("two.csv");
        let two = [files.first().unwrap(), files.last().unwrap()];
        std::fs::write(&list, format!("cnr\n{}\n{}\n", two[0].cnr, two[1].cnr)).unwrap();
        let mut walk = Self {
            world,
            dir: scratch(),
            list,
            expected: Snapshot::default(),
        };
        let reference = walk.dir.path().join("reference");
        walk.finish(&reference).unwrap();
        walk.expected = snapshot(&reference);
        assert!(walk.expected.documents.len() >= 2, "{:?}", walk.expected);
        assert!(!walk.expected.tables.is_empty());
        Some(walk)
    }

    fn finish(&self, lake: &Path) -> Result<(), String> {
        let output = self.command(lake).output();
        let output = output.map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("{}: {said}", output.status))
    }
}

impl Swept for Walk {
    fn dir(&self) -> &Path {
        self.dir.path()
    }

    fn command(&self, lake: &Path) -> Command {
        let list = self.list.to_str().unwrap();
        let args = ["crawl", "list", list, "--documents"];
        self.world.command(lake.to_str().unwrap(), &args)
    }

    fn resume(&self, lake: &Path) -> Result<(), String> {
        self.finish(lake)?;
        let found = snapshot(lake);
        if found != self.expected {
            return Err(format!(
                "other layers than without a disturbance:\n{}",
                self.expected.difference(&found)
            ));
        }
        self.world.sound(lake.to_str().unwrap());
        Ok(())
    }
}

#[test]
fn sweep_of_kills() {
    let Some(walk) = Walk::start() else { return };
    let step = number("NIRNAY_SWEEP", 60);
    sweep_kills("a kill before a call of a case walk", (step, REPEAT), &walk);
}

#[test]
fn sweep_of_errors() {
    let Some(walk) = Walk::start() else { return };
    let step = number("NIRNAY_SWEEP", 60) * 2 - 1;
    for (what, failure) in [
        (
            "EIO from a call of a case walk",
            (Failure::Once(Errno::EIO), "eio"),
        ),
        (
            "ENOSPC from a call of a case walk on",
            (Failure::FromNowOn(Errno::ENOSPC), "full"),
        ),
    ] {
        sweep_failures(what, (step, REPEAT), failure, &walk);
    }
}
