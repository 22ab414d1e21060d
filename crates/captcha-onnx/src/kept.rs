//! A labelled set that grows by one picture after the other.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use image::ImageFormat;
use sha2::{Digest, Sha256};

use crate::labelled::{LABELS, Labelled, LabelledError, read_labels, sync_folder, write_durably};
use crate::picture::format_of;

/// Pictures and what they say, kept in a folder with a `labels.tsv`, each picture once and no more
/// than a stated number.
///
/// A picture is on the disk before its line, and the list is replaced as a whole: a process that is
/// killed in between leaves the set as it was. One process at a time may keep pictures in a folder.
#[derive(Debug)]
pub struct KeptPictures {
    dir: PathBuf,
    most: usize,
    set: Mutex<Option<Set>>,
}

#[derive(Debug, Default)]
struct Set {
    files: HashSet<String>,
    list: String,
}

impl Set {
    fn read(dir: &Path) -> Result<Self, LabelledError> {
        let mut set = Self::default();
        if dir.join(LABELS).exists() {
            for picture in read_labels(dir)? {
                set.add(picture);
            }
        }
        Ok(set)
    }

    fn add(&mut self, picture: Labelled) {
        self.list.push_str(&line(&picture));
        self.files.insert(picture.file);
    }
}

fn line(picture: &Labelled) -> String {
    format!("{}\t{}\n", picture.file, picture.text)
}

impl KeptPictures {
    /// At most `most` pictures in the folder `dir`, which is made with the first.
    pub fn new(dir: PathBuf, most: usize) -> Self {
        Self {
            dir,
            most,
            set: Mutex::new(None),
        }
    }

    /// Keeps a picture and what it says. `false`: it is there already, the set is full, or one of the
    /// two is not fit to be kept.
    pub fn keep(&self, image: &[u8], text: &str) -> Result<bool, LabelledError> {
        let fit = !text.trim().is_empty() && !text.chars().any(char::is_control);
        let (true, Some(file)) = (fit, file_name(image)) else {
            return Ok(false);
        };
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        if set.is_none() {
            *set = Some(Set::read(&self.dir)?);
        }
        let Some(set) = set.as_mut() else {
            return Ok(false);
        };
        if set.files.len() >= self.most || set.files.contains(&file) {
            return Ok(false);
        }
        let picture = Labelled {
            file,
            text: text.trim().to_owned(),
        };
        fs::create_dir_all(&self.dir).map_err(|source| LabelledError::Io {
            path: self.dir.clone(),
            source,
        })?;
        self.put(&picture.file, image)?;
        let list = format!("{}{}", set.list, line(&picture));
        self.put(LABELS, list.as_bytes())?;
        set.add(picture);
        Ok(true)
    }

    /// Writes a file of the set: whole, or not at all.
    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), LabelledError> {
        let partial = self.dir.join(format!(".{name}.part"));
        write_durably(&partial, bytes)?;
        let path = self.dir.join(name);
        fs::rename(&partial, &path).map_err(|source| LabelledError::Io { path, source })?;
        sync_folder(Some(&self.dir))
    }
}

/// The name of a picture: half of its SHA-256, so that none is kept twice.
fn file_name(image: &[u8]) -> Option<String> {
    let extension = match format_of(image).ok()? {
        ImageFormat::Jpeg => "jpg",
        ImageFormat::Gif => "gif",
        _ => "png",
    };
    let mut name = String::new();
    for byte in Sha256::digest(image).iter().take(16) {
        // Writing to a string does not fail.
        write!(name, "{byte:02x}").ok()?;
    }
    Some(format!("{name}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(number: u8) -> Vec<u8> {
        [b"\x89PNG\r\n\x1a\n".as_slice(), &[number; 20]].concat()
    }

    #[test]
    fn each_picture_is_kept_once_and_no_more_than_allowed() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("captchas/ecourts");
        let kept = KeptPictures::new(dir.clone(), 3);
        assert!(!dir.exists());
        assert!(kept.keep(&picture(1), "ab12").unwrap());
        assert!(!kept.keep(&picture(1), "ab12").unwrap(), "the same again");
        assert!(!kept.keep(b"<html>", "ab12").unwrap(), "no picture");
        assert!(!kept.keep(&picture(9), "a\tb").unwrap(), "no text");
        assert!(kept.keep(&picture(2), "cd34").unwrap());
        // A new process goes on with what is there.
        let again = KeptPictures::new(dir.clone(), 3);
        assert!(!again.keep(&picture(2), "cd34").unwrap());
        assert!(again.keep(&picture(3), "ef56").unwrap());
        assert!(!again.keep(&picture(4), "gh78").unwrap(), "it is full");
        let texts: Vec<String> = read_labels(&dir)
            .unwrap()
            .into_iter()
            .map(|p| p.text)
            .collect();
        assert_eq!(texts, ["ab12", "cd34", "ef56"]);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 4);
    }

    #[test]
    fn a_picture_without_a_line_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        // As left behind between the picture and its line.
        fs::write(folder.path().join(file_name(&picture(1)).unwrap()), "half").unwrap();
        let kept = KeptPictures::new(folder.path().to_owned(), 3);
        assert!(kept.keep(&picture(1), "ab12").unwrap());
        let read = read_labels(folder.path()).unwrap();
        assert_eq!(read.len(), 1);
        assert_eq!(
            fs::read(folder.path().join(&read[0].file)).unwrap(),
            picture(1)
        );
    }

    #[test]
    fn a_broken_list_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(LABELS), "no tab\n").unwrap();
        let kept = KeptPictures::new(folder.path().to_owned(), 3);
        assert!(kept.keep(&picture(1), "ab12").is_err());
        assert_eq!(
            fs::read_to_string(folder.path().join(LABELS)).unwrap(),
            "no tab\n"
        );
    }
}
