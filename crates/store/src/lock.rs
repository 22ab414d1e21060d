//! The writer's lock, and who holds it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;

use crate::StoreError;
use crate::error::IoContext as _;

/// The longest command line that is told.
const MAX_COMMAND: usize = 200;

/// The lock of a lake; it lasts as long as this value, and ends with the process.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The next holder's name must not be mistaken for ours.
        self.file.set_len(0).ok();
        // A process that was started this moment may still hold the same open file, until it becomes
        // another program: closing alone would not free the lock.
        self.file.unlock().ok();
    }
}

/// Takes the writer's lock.
pub(crate) fn lock(dir: &Path) -> Result<Lock, StoreError> {
    let path = dir.join("LOCK");
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path);
    let mut file = match opened {
        Err(source)
            if matches!(
                source.kind(),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            return Err(StoreError::NotWritable {
                path: dir.to_owned(),
                source,
            });
        }
        opened => opened.at("opening the lock", &path)?,
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(held(&mut file, &path)),
        Err(TryLockError::Error(error)) => return Err(StoreError::io("locking", &path, error)),
    }
    let text = format!(
        "{}\n{}\n{}\n",
        std::process::id(),
        Timestamp::now(),
        command()
    );
    let written = file
        .set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| file.write_all(text.as_bytes()));
    written.at("writing the lock", &path)?;
    Ok(Lock { file })
}

/// The command line of this process, in one line.
fn command() -> String {
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words
        .join(" ")
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MAX_COMMAND)
        .collect()
}

/// Who holds the lock. A holder that took it this moment may not have written its name yet.
fn held(file: &mut File, path: &Path) -> StoreError {
    let mut text = String::new();
    for _ in 0..20 {
        text.clear();
        if file.rewind().is_ok() && file.read_to_string(&mut text).is_ok() && text.ends_with('\n') {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut lines = text.lines();
    StoreError::Locked {
        pid: lines.next().and_then(|pid| pid.trim().parse().ok()),
        since: lines.next().and_then(|since| since.parse().ok()),
        command: lines.next().map(str::to_owned),
        path: path.to_owned(),
    }
}
