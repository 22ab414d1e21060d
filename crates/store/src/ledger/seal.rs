//! The hash of the ledger at rest.
//!
//! `SQLite` keeps no checksums of its pages: a bit that flips inside a value passes every check it
//! has. A ledger that is closed therefore leaves its hash in `ledger.seal`, and the next opening
//! compares. The seal needs no sync: a torn one says nothing.
//!
//! A ledger above [`LIMIT`] has no seal: each command would read all of it twice. There `nirnay fsck`, which
//! holds every row against its hash, is what finds such a bit.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use nirnay_model::Sha256;

use crate::StoreError;
use crate::disk::hash_file;
use crate::files::Files;

/// The largest ledger that is sealed, in bytes.
const LIMIT: u64 = 256 << 20;

/// The largest ledger that is hashed when it is opened for reading only, where people wait.
const READ_ONLY_LIMIT: u64 = 64 << 20;

/// What a seal says about the file beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// There is no seal, or it is not to be compared now.
    Unknown,
    /// The bytes are those that were sealed.
    Same,
    /// Something wrote to the file since.
    Changed,
    /// The bytes differ although nothing wrote to the file: it decayed.
    Decayed,
}

fn path(ledger: &Path) -> PathBuf {
    ledger.with_extension("seal")
}

/// When the file was last written, in nanoseconds; `None` where the system does not say.
fn written_at(ledger: &Path) -> Option<u128> {
    let time = std::fs::metadata(ledger).ok()?.modified().ok()?;
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_nanos())
}

/// Seals a ledger whose bytes will not change any more. What goes wrong leaves it without a seal.
pub(super) fn close(files: &dyn Files, ledger: &Path) {
    if files.len(ledger).is_ok_and(|size| size > LIMIT) {
        return;
    }
    let Some((hash, at)) = hash_file(files, ledger).ok().zip(written_at(ledger)) else {
        return;
    };
    files
        .overwrite(&path(ledger), format!("{hash} {at:039}\n").as_bytes())
        .ok();
}

/// Compares the file with its seal, while no one writes to it.
pub(super) fn compare(
    files: &dyn Files,
    ledger: &Path,
    writable: bool,
) -> Result<Verdict, StoreError> {
    let Some(bytes) = crate::disk::read(files, &path(ledger))? else {
        return Ok(Verdict::Unknown);
    };
    let size = files.len(ledger).unwrap_or(0);
    let log = files.len(&log(ledger)).unwrap_or(0);
    let sealed = std::str::from_utf8(&bytes).ok().and_then(parse);
    let limit = if writable { LIMIT } else { READ_ONLY_LIMIT };
    let Some((hash, at)) = sealed.filter(|_| log == 0 && size <= limit) else {
        return Ok(Verdict::Unknown);
    };
    Ok(if hash_file(files, ledger)? == hash {
        Verdict::Same
    } else if written_at(ledger) == Some(at) {
        Verdict::Decayed
    } else {
        Verdict::Changed
    })
}

fn parse(text: &str) -> Option<(Sha256, u128)> {
    let (hash, at) = text.trim_end().split_once(' ')?;
    Some((hash.parse().ok()?, at.parse().ok()?))
}

/// Breaks the seal, before the first write.
pub(super) fn open(files: &dyn Files, ledger: &Path) {
    files.remove(&path(ledger)).ok();
}

/// The write-ahead log of a ledger.
pub(super) fn log(ledger: &Path) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}
