//! Labelled pictures: a folder with a file `labels.tsv` of lines `FILE<TAB>TEXT`.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The file with the texts.
pub const LABELS: &str = "labels.tsv";
/// The longest list of texts that is read: a million lines and more.
const MOST_LABELS: u64 = 64 << 20;

/// A picture of a labelled set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// Its file, within the folder.
    pub file: String,
    /// What it says.
    pub text: String,
}

/// Why a labelled set cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum LabelledError {
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A line of `labels.tsv` is not `FILE<TAB>TEXT`, or names a file that is not there.
    #[error("{path}:{line}: {why}")]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        why: String,
    },
    /// There is something where a new set was to go.
    #[error("{path} is there already and not empty; name a new folder")]
    Exists {
        /// The folder.
        path: PathBuf,
    },
}

impl LabelledError {
    fn io(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }
}

/// The pictures of the folder `dir`, in the order of its `labels.tsv`.
///
/// Empty lines are left out. A line that is not a file name, a tab and a text, a file that is named
/// twice or is not there: each is an error with its line.
pub fn read_labels(dir: &Path) -> Result<Vec<Labelled>, LabelledError> {
    let path = dir.join(LABELS);
    let size = fs::metadata(&path).map_err(LabelledError::io(&path))?.len();
    if size > MOST_LABELS {
        let source = io::Error::other(format!("{size} bytes are more than {MOST_LABELS}"));
        return Err(LabelledError::Io { path, source });
    }
    let text = fs::read_to_string(&path).map_err(LabelledError::io(&path))?;
    let mut seen = HashSet::new();
    let mut pictures = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let wrong = |why: String| LabelledError::Line {
            path: path.clone(),
            line: at + 1,
            why,
        };
        let picture = labelled(line).map_err(|why| wrong(why.to_owned()))?;
        if !seen.insert(picture.file.clone()) {
            return Err(wrong(format!("{} is named twice", picture.file)));
        }
        if !dir.join(&picture.file).is_file() {
            return Err(wrong(format!("there is no file {}", picture.file)));
        }
        pictures.push(picture);
    }
    Ok(pictures)
}

fn labelled(line: &str) -> Result<Labelled, &'static str> {
    let Some((file, text)) = line.split_once('\t') else {
        return Err("it is not FILE<TAB>TEXT");
    };
    if !is_file_name(file) {
        return Err("its first column is not the name of a file in this folder");
    }
    if text.trim().is_empty() || text.contains('\t') {
        return Err("its second column is not one text");
    }
    Ok(Labelled {
        file: file.to_owned(),
        text: text.trim().to_owned(),
    })
}

/// A name that stays within its folder.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && name != "." && name != ".." && !name.contains(['/', '\\', '\0'])
}

/// A labelled set on its way to the disk. It appears under its name when it is finished, whole, or
/// not at all.
#[derive(Debug)]
pub struct NewSet {
    dir: PathBuf,
    partial: PathBuf,
    labels: String,
    finished: bool,
}

impl NewSet {
    /// Begins a set that will be the folder `dir`, which must not be there yet, or be empty.
    pub fn create(dir: &Path) -> Result<Self, LabelledError> {
        let exists = match fs::read_dir(dir) {
            Ok(mut entries) => entries.next().is_some(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => false,
            Err(source) => {
                let path = dir.to_owned();
                return Err(LabelledError::Io { path, source });
            }
        };
        if exists {
            return Err(LabelledError::Exists {
                path: dir.to_owned(),
            });
        }
        let name = dir
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let partial = dir.with_file_name(format!(".{name}.part-{}", std::process::id()));
        if partial.exists() {
            fs::remove_dir_all(&partial).map_err(LabelledError::io(&partial))?;
        }
        fs::create_dir_all(&partial).map_err(LabelledError::io(&partial))?;
        Ok(Self {
            dir: dir.to_owned(),
            partial,
            labels: String::new(),
            finished: false,
        })
    }

    /// Adds a picture.
    pub fn add(&mut self, file: &str, picture: &[u8], text: &str) -> Result<(), LabelledError> {
        let path = self.partial.join(file);
        fs::write(&path, picture).map_err(LabelledError::io(&path))?;
        for part in [file, "\t", text, "\n"] {
            self.labels.push_str(part);
        }
        Ok(())
    }

    /// Gives the set its name.
    pub fn finish(mut self) -> Result<(), LabelledError> {
        let labels = self.partial.join(LABELS);
        write_durably(&labels, self.labels.as_bytes())?;
        // Over an empty folder, or none.
        fs::rename(&self.partial, &self.dir).map_err(LabelledError::io(&self.dir))?;
        self.finished = true;
        sync_folder(self.dir.parent())
    }
}

impl Drop for NewSet {
    fn drop(&mut self) {
        if !self.finished {
            // What is left behind is hidden, and replaced by the next try of the same process id.
            fs::remove_dir_all(&self.partial).ok();
        }
    }
}

/// Writes a file and waits until the disk has it.
pub(crate) fn write_durably(path: &Path, bytes: &[u8]) -> Result<(), LabelledError> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(LabelledError::io(path))
}

/// Waits until the disk has the names in a folder.
pub(crate) fn sync_folder(folder: Option<&Path>) -> Result<(), LabelledError> {
    let folder = folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(LabelledError::io(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_is_read_as_it_was_written() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("set");
        let mut set = NewSet::create(&dir).unwrap();
        set.add("0.png", b"zero", "ab12").unwrap();
        set.add("1.png", b"one", "9 - 3").unwrap();
        assert!(!dir.exists(), "it is there before it is whole");
        set.finish().unwrap();
        let read = read_labels(&dir).unwrap();
        let texts: Vec<_> = read.iter().map(|p| (&*p.file, &*p.text)).collect();
        assert_eq!(texts, [("0.png", "ab12"), ("1.png", "9 - 3")]);
        assert!(matches!(
            NewSet::create(&dir),
            Err(LabelledError::Exists { .. })
        ));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn an_unfinished_set_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut set = NewSet::create(&folder.path().join("set")).unwrap();
        set.add("0.png", b"zero", "ab12").unwrap();
        drop(set);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn wrong_lines_are_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.png"), "a").unwrap();
        for (second, says) in [
            ("a.png ab", "FILE<TAB>TEXT"),
            ("a.png\t", "second column"),
            ("a.png\tab\tcd", "second column"),
            ("../a.png\tab", "first column"),
            ("\tab", "first column"),
            ("b.png\tab", "no file b.png"),
            ("a.png\tcd", "named twice"),
        ] {
            fs::write(folder.path().join(LABELS), format!("a.png\tab\n{second}\n")).unwrap();
            let error = read_labels(folder.path()).unwrap_err().to_string();
            assert!(
                error.contains("labels.tsv:2: ") && error.contains(says),
                "{error}"
            );
        }
        fs::remove_file(folder.path().join(LABELS)).unwrap();
        assert!(read_labels(folder.path()).is_err());
    }
}
