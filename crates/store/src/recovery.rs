//! Opening: the lock, and what a crash left behind.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use crate::disk::{Disk, remove_if_there};
use crate::error::IoContext as _;
use crate::{Ledger, StoreError};

/// Takes the writer's lock; it lasts as long as the file stays open, and ends with the process.
pub(crate) fn lock(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join("LOCK");
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .at("opening the lock", &path)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut text = String::new();
            let pid = file
                .read_to_string(&mut text)
                .ok()
                .and_then(|_| text.trim().parse().ok());
            return Err(StoreError::Locked { pid, path });
        }
        Err(TryLockError::Error(error)) => return Err(StoreError::io("locking", &path, error)),
    }
    let written = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| writeln!(file, "{}", std::process::id()));
    written.at("writing the lock", &path)?;
    Ok(file)
}

/// Brings the files to what the ledger says is durable: unfinished files go, WARC files lose their
/// torn tails. A WARC file shorter than its durable length is left for `verify` to report.
pub(crate) fn recover(disk: &Disk, ledger: &Ledger) -> Result<(), StoreError> {
    disk.clear_temp()?;
    let dir = disk.root().join("captures");
    let durable = ledger.warc_files()?;
    for path in crate::disk::files_below(&dir)? {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("");
        match durable.iter().find(|file| file.name == name) {
            None if name.ends_with(".warc.gz") => remove_if_there(&path)?,
            None => {}
            Some(file) => {
                let length = path.metadata().at("reading the size", &path)?.len();
                if length > file.length {
                    let truncated = OpenOptions::new().write(true).open(&path).and_then(|warc| {
                        warc.set_len(file.length)?;
                        warc.sync_all()
                    });
                    truncated.at("cutting the torn tail", &path)?;
                }
            }
        }
    }
    Ok(())
}
