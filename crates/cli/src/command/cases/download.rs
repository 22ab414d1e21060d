//! Documents into a folder: whole or not at all, and never over another.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Names tried before giving up.
const MOST_NAMES: u32 = 10_000;

/// Keeps a document under `name` (without an ending); says where it lies. A file of that name with the same bytes
/// is the same document; with other bytes it stays, and the new one gets a number.
pub(super) fn keep(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
    write(dir, &clean(name), bytes).map_err(|error| Failure::io(dir, &error))
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(dir)?;
    let aside = dir.join(format!(".{name}.{}.part", std::process::id()));
    let mut file = File::create(&aside)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    let kept = written.and_then(|()| link(dir, name, &aside, bytes));
    let removed = fs::remove_file(&aside);
    let path = kept?;
    removed?;
    File::open(dir)?.sync_all()?;
    Ok(path)
}

/// Gives the file a name that no other has: a link fails where one is there, a rename would not.
fn link(dir: &Path, name: &str, aside: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    for number in 1..=MOST_NAMES {
        let path = match number {
            1 => dir.join(format!("{name}.pdf")),
            _ => dir.join(format!("{name}_{number}.pdf")),
        };
        match fs::hard_link(aside, &path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if fs::read(&path)? == bytes {
                    return Ok(path);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!("{MOST_NAMES} files are named {name}"),
    ))
}

/// A name without what a file's name may not hold.
fn clean(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            c
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(safe).take(120).collect();
    if name.is_empty() {
        "document".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let keep = |name: &str, bytes: &[u8]| super::keep(dir.path(), name, bytes).unwrap();
        let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(name(keep("A/1", b"x")), "A_1.pdf");
        assert_eq!(name(keep("A/1", b"x")), "A_1.pdf");
        assert_eq!(name(keep("A/1", b"y")), "A_1_2.pdf");
        assert_eq!(name(keep("../..", b"z")), "_____.pdf");
        assert_eq!(fs::read(dir.path().join("A_1.pdf")).unwrap(), b"x");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }
}
