//! Files named on the command line.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Standard input.
pub(crate) const STDIN: &str = "-";

/// A name that gives no file.
#[derive(Debug)]
pub(crate) struct Unfound {
    pub(crate) path: PathBuf,
    pub(crate) why: Why,
}

/// Why there is none.
#[derive(Debug)]
pub(crate) enum Why {
    /// The folder cannot be listed.
    Io(io::Error),
    /// No file in the folder, or below it, ends so.
    Empty(&'static str),
}

enum Waiting {
    /// As named on the command line.
    Named(PathBuf),
    /// In a folder that was named, or below it.
    Found(PathBuf),
    /// The end of a folder that was named.
    End(PathBuf),
}

/// The files that are named, those in named folders included, one after the other: a folder is listed when its
/// turn comes, in the order of names. A named folder that gives no file is told.
pub(crate) struct Files {
    waiting: VecDeque<Waiting>,
    ending: &'static str,
    /// Whether the folder that was named gave a file.
    gave: bool,
}

impl Files {
    /// Files as named; in folders, those with this ending.
    pub(crate) fn named(names: &[PathBuf], ending: &'static str) -> Self {
        Self {
            waiting: names.iter().cloned().map(Waiting::Named).collect(),
            ending,
            gave: false,
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
            self.waiting.push_front(Waiting::Found(path));
        }
        Ok(())
    }
}

impl Iterator for Files {
    type Item = Result<PathBuf, Unfound>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let folder = match self.waiting.pop_front()? {
                Waiting::Named(path) if path.is_dir() => {
                    self.gave = false;
                    self.waiting.push_front(Waiting::End(path.clone()));
                    path
                }
                Waiting::Named(path) => return Some(Ok(path)),
                Waiting::Found(path) => {
                    if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir()) {
                        self.gave = true;
                        return Some(Ok(path));
                    }
                    path
                }
                Waiting::End(_) if self.gave => continue,
                Waiting::End(path) => {
                    let why = Why::Empty(self.ending);
                    return Some(Err(Unfound { path, why }));
                }
            };
            if let Err(error) = self.list(&folder) {
                // Told once: it is not empty as well.
                self.gave = true;
                let why = Why::Io(error);
                return Some(Err(Unfound { path: folder, why }));
            }
        }
    }
}

/// Whether a file's name ends so, whatever the case.
pub(crate) fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension()
        .and_then(OsStr::to_str)
        .is_some_and(|found| found.eq_ignore_ascii_case(ending))
}

/// The bytes of a file or of standard input; an error where they are more than `limit`.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    if path == Path::new(STDIN) {
        return read_all(io::stdin().lock(), limit);
    }
    let file = fs::File::open(path)?;
    read_all(file, limit)
}

/// All bytes that come; an error where they are more than `limit`.
pub(crate) fn read_all(from: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(too_large(limit));
    }
    Ok(bytes)
}

/// The error for what has more bytes than are taken.
pub(crate) fn too_large(limit: u64) -> io::Error {
    let what = format!("it has more than {limit} bytes");
    io::Error::new(io::ErrorKind::FileTooLarge, what)
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
        fs::create_dir_all(at("none/deep")).unwrap();
        fs::write(at("none/deep/notes.txt"), b"x").unwrap();
        let mut none = Files::named(&[at("none"), at("b")], "pdf");
        let first = none.next().unwrap().unwrap_err();
        assert_eq!(first.path, at("none"));
        assert!(matches!(first.why, Why::Empty("pdf")));
        assert_eq!(none.flatten().count(), 3);
        let expected = ["b/1.PDF", "b/2.pdf", "b/deep/3.pdf", "a.bin", "gone.pdf"];
        assert_eq!(found, expected.map(at));
        assert_eq!(read(&at("a.bin"), 1).unwrap(), b"x");
        assert!(read(&at("a.bin"), 0).is_err());
    }
}
