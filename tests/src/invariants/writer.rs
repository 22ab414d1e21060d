//! I8: one writer a lake.

use std::path::Path;

use nirnay_store::{Lake, OpenMode, StoreError};

use super::Verdict;

pub(super) fn check(lake: &Path) -> Verdict {
    Verdict::of(one_writer(lake))
}

/// Opens the lake in `dir` for writing twice: the second must be told that it is in use, by whom.
pub fn one_writer(dir: &Path) -> Vec<String> {
    let first = match Lake::open(dir, OpenMode::ReadWrite) {
        Ok(lake) => lake,
        Err(error) => return vec![format!("the lake cannot be opened for writing: {error}")],
    };
    let broken = match Lake::open(dir, OpenMode::ReadWrite) {
        Ok(_) => vec!["a second writer was let in".to_owned()],
        Err(StoreError::Locked { pid, .. }) if pid == Some(std::process::id()) => Vec::new(),
        Err(error) => vec![format!("a second writer was refused by: {error}")],
    };
    drop(first);
    broken
}
