//! Files named on the command line.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Standard input.
pub(crate) const STDIN: &str = "-";

/// The files that are named, those in named folders included, one after the other: a folder is listed when its
/// turn comes, in the order of names.
pub(crate) struct Files {
    waiting: VecDeque<(PathBuf, bool)>,
    ending: &'static str,
}

impl Files {
    /// Files as named; in folders, those with this ending.
    pub(crate) fn named(names: &[PathBuf], ending: &'static str) -> Self {
        Self {
            waiting: names.iter().map(|name| (name.clone(), true)).collect(),
            ending,
        }
    }

    fn list(&mut self, folder: &Path) -> io::Result<()> {
        let mut found = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            // A link to a folder may lead back to where it lies.
            let is_folder = entry.file_type()?.is_dir();
            if is_folder || has_ending(&entry.path(), self.ending) {
                found.push(entry.path());
            }
        }
        found.sort_unstable();
        for path in found.into_iter().rev() {
            self.waiting.push_front((path, false));
        }
        Ok(())
    }
}

/// Whether a file's name ends so, whatever the case.
pub(crate) fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

impl Iterator for Files {
    type Item = Result<PathBuf, (PathBuf, io::Error)>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (path, named) = self.waiting.pop_front()?;
            let is_folder = if named {
                path.is_dir()
            } else {
                fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir())
            };
            if !is_folder {
                return Some(Ok(path));
            }
            if let Err(error) = self.list(&path) {
                return Some(Err((path, error)));
            }
        }
    }
}

/// The bytes of a file or of standard input; an error where they are more than `limit`.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if path == Path::new(STDIN) {
        io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)?;
    } else {
        let file = fs::File::open(path)?;
        let expected = file.metadata()?.len().min(limit);
        bytes.reserve_exact(expected as usize);
        file.take(limit + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > limit {
        let what = format!("it has more than {limit} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_walked_in_order_and_files_are_taken_as_named() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("b/deep")).unwrap();
        for name in ["b/2.pdf", "b/1.PDF", "b/notes.txt", "b/deep/3.pdf", "a.bin"] {
            fs::write(at(name), b"x").unwrap();
        }
        let named = [at("b"), at("a.bin"), at("gone.pdf")];
        let found: Vec<PathBuf> = Files::named(&named, "pdf").map(Result::unwrap).collect();
        let expected = ["b/1.PDF", "b/2.pdf", "b/deep/3.pdf", "a.bin", "gone.pdf"];
        assert_eq!(found, expected.map(at));
        assert_eq!(read(&at("a.bin"), 1).unwrap(), b"x");
        assert!(read(&at("a.bin"), 0).is_err());
    }
}
