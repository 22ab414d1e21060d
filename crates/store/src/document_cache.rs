//! What was made of documents on its way to publication.
//!
//! What is lost is made again, so nothing here is synced; a checksum tells a torn file from a
//! whole one.

use std::io::Write as _;
use std::marker::PhantomData;
use std::path::PathBuf;

use nirnay_model::{PageText, Sha256};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::disk::Disk;
use crate::error::IoContext as _;
use crate::{Layer, StoreError};

/// The largest cached value read back.
const MAX_TEXT: usize = 1 << 30;

/// What extraction gave.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextOutcome {
    /// The pages.
    Pages(Vec<PageText>),
    /// It failed, and why; not tried again by the same extractor until the cached text is removed.
    Failed(String),
}

/// The text of a document with the engine that made it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CachedText {
    /// The version of the extraction as a whole; empty where a version without it made the text.
    #[serde(default)]
    pub extractor: String,
    /// The engine and its version.
    pub engine: String,
    /// What it gave.
    pub outcome: TextOutcome,
    /// What signature fields and annotations say: the page and a JSON object, by page.
    #[serde(default)]
    pub notes: Vec<(u32, String)>,
}

impl CachedText {
    /// Whether there are pages.
    pub(crate) fn is_pages(&self) -> bool {
        matches!(self.outcome, TextOutcome::Pages(_))
    }

    /// The hash of everything in it.
    pub(crate) fn digest(&self) -> Sha256 {
        Sha256::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// A page read by character recognition.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct OcrPage {
    /// The page, from 1.
    pub page: u32,
    /// What was read.
    pub text: String,
    /// How sure the program is, 0 to 1.
    pub confidence: Option<f32>,
    /// The language packs it was read with.
    pub languages: Vec<String>,
    /// The program and its version.
    pub engine: String,
    /// The packs it was to be read with, as far as they were there: with other ones it is read again.
    #[serde(default)]
    pub plan: String,
}

/// What character recognition gave for a document.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
pub struct CachedOcr {
    /// The version of the recognition as a whole: program, settings.
    pub version: String,
    /// The pages that needed it and were read.
    pub pages: Vec<OcrPage>,
    /// The pages that could not be read, and why; not tried again by the same version, those in `again` apart.
    pub failed: Vec<(u32, String)>,
    /// Pages that failed in a way that may have been the machine's: a later run tries them once more.
    #[serde(default)]
    pub again: Vec<u32>,
}

/// The files under `<layer>/.work/`.
#[derive(Debug, Clone)]
pub(crate) struct Cache<T> {
    disk: Disk,
    layer: Layer,
    kind: PhantomData<fn() -> T>,
}

/// Text on its way to publication.
pub(crate) type TextCache = Cache<CachedText>;

/// What character recognition gave. It stays here: reading a page again costs seconds.
pub(crate) type OcrCache = Cache<CachedOcr>;

impl Cache<CachedText> {
    pub(crate) fn new(disk: &Disk) -> Self {
        Self::of(disk, Layer::Text)
    }
}

impl Cache<CachedOcr> {
    pub(crate) fn new(disk: &Disk) -> Self {
        Self::of(disk, Layer::Ocr)
    }
}

impl<T: Serialize + DeserializeOwned> Cache<T> {
    fn of(disk: &Disk, layer: Layer) -> Self {
        Self {
            disk: disk.clone(),
            layer,
            kind: PhantomData,
        }
    }

    fn path(&self, sha256: &Sha256) -> PathBuf {
        let hex = sha256.to_hex();
        let (first, _) = hex.split_at(2);
        self.disk
            .root()
            .join(self.layer.name())
            .join(".work")
            .join(first)
            .join(format!("{hex}.zst"))
    }

    pub(crate) fn contains(&self, sha256: &Sha256) -> bool {
        self.path(sha256).is_file()
    }

    /// The cached value; `None` if there is none, or a torn one.
    pub(crate) fn get(&self, sha256: &Sha256) -> Result<Option<T>, StoreError> {
        let path = self.path(sha256);
        Ok(self.disk.read(&path)?.and_then(|bytes| decode(&bytes)))
    }

    pub(crate) fn put(&self, sha256: &Sha256, value: &T) -> Result<(), StoreError> {
        let path = self.path(sha256);
        let temp = self.disk.temp_path()?;
        self.create_folders(&path)?;
        let json = serde_json::to_vec(value).unwrap_or_default();
        let packed = zstd::bulk::compress(&json, 3).at("compressing", &path)?;
        let bytes = [Sha256::of(&packed).as_bytes().as_slice(), &packed].concat();
        let files = self.disk.files();
        let written = files
            .create(&temp)
            .and_then(|mut file| file.write_all(&bytes))
            .and_then(|()| files.rename(&temp, &path));
        if written.is_err() {
            self.disk.remove_if_there(&temp).ok();
        }
        written.at("writing", &path)
    }

    /// The folders above a file, whose names need not be durable either.
    fn create_folders(&self, path: &std::path::Path) -> Result<(), StoreError> {
        let mut missing: Vec<_> = path
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != self.disk.root() && !folder.is_dir())
            .collect();
        while let Some(folder) = missing.pop() {
            match self.disk.files().create_dir(folder) {
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(StoreError::io("creating the folder", folder, error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    pub(crate) fn remove(&self, sha256: &Sha256) -> Result<(), StoreError> {
        self.disk.remove_if_there(&self.path(sha256))
    }
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let (checksum, packed) = bytes.split_at_checked(32)?;
    if Sha256::of(packed).as_bytes() != checksum {
        return None;
    }
    let mut json = Vec::new();
    let decoder = zstd::Decoder::new(packed).ok()?;
    std::io::Read::read_to_end(
        &mut std::io::Read::take(decoder, MAX_TEXT as u64),
        &mut json,
    )
    .ok()?;
    serde_json::from_slice(&json).ok()
}

#[cfg(test)]
mod tests {
    use nirnay_model::ExtractMethod;

    use super::*;

    #[test]
    fn torn_text_is_no_text() {
        let dir = tempfile::tempdir().unwrap();
        let cache = TextCache::new(&Disk::new(dir.path(), crate::files::os()));
        let page = PageText {
            page: 1,
            text: "न्यायालय".to_owned(),
            chars: 8,
            quality: 0.987_654_3,
            method: ExtractMethod::Digital,
            script: Some("Deva".to_owned()),
            needs_ocr: false,
            ..PageText::default()
        };
        let text = CachedText {
            extractor: "x 1".to_owned(),
            engine: "e 1".to_owned(),
            outcome: TextOutcome::Pages(vec![page]),
            notes: vec![(1, "{}".to_owned())],
        };
        let sha256 = Sha256::of(b"pdf");
        cache.put(&sha256, &text).unwrap();
        assert_eq!(cache.get(&sha256).unwrap(), Some(text));
        let path = cache.path(&sha256);
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(cache.get(&sha256).unwrap(), None);
        }
        assert_eq!(cache.get(&Sha256::of(b"other")).unwrap(), None);
    }
}
