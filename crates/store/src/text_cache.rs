//! Extracted text on its way to publication.
//!
//! Lost text is extracted again, so nothing here is synced; a checksum tells a torn file from a
//! whole one.

use std::io::Write as _;
use std::path::PathBuf;

use nirnay_model::{PageText, Sha256};

use crate::StoreError;
use crate::disk::Disk;
use crate::error::IoContext as _;

/// The largest cached text read back.
const MAX_TEXT: usize = 1 << 30;

/// What extraction gave.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextOutcome {
    /// The pages.
    Pages(Vec<PageText>),
    /// It failed, and why; not tried again until the cached text is removed.
    Failed(String),
}

/// The text of a document with the engine that made it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CachedText {
    /// The engine and its version.
    pub engine: String,
    /// What it gave.
    pub outcome: TextOutcome,
}

impl CachedText {
    /// The hash of everything in it.
    pub(crate) fn digest(&self) -> Sha256 {
        Sha256::of(&serde_json::to_vec(self).unwrap_or_default())
    }
}

/// The files under `text/.work/`.
#[derive(Debug, Clone)]
pub(crate) struct TextCache {
    disk: Disk,
}

impl TextCache {
    pub(crate) fn new(disk: &Disk) -> Self {
        Self { disk: disk.clone() }
    }

    fn path(&self, sha256: &Sha256) -> PathBuf {
        let hex = sha256.to_hex();
        let (first, _) = hex.split_at(2);
        self.disk
            .root()
            .join("text/.work")
            .join(first)
            .join(format!("{hex}.zst"))
    }

    pub(crate) fn contains(&self, sha256: &Sha256) -> bool {
        self.path(sha256).is_file()
    }

    /// The cached text; `None` if there is none, or a torn one.
    pub(crate) fn get(&self, sha256: &Sha256) -> Result<Option<CachedText>, StoreError> {
        let path = self.path(sha256);
        Ok(self.disk.read(&path)?.and_then(|bytes| decode(&bytes)))
    }

    pub(crate) fn put(&self, sha256: &Sha256, text: &CachedText) -> Result<(), StoreError> {
        let path = self.path(sha256);
        let temp = self.disk.temp_path()?;
        self.create_folders(&path)?;
        let json = serde_json::to_vec(text).unwrap_or_default();
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

    /// The folders above a text, whose names need not be durable either.
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

fn decode(bytes: &[u8]) -> Option<CachedText> {
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
            engine: "e 1".to_owned(),
            outcome: TextOutcome::Pages(vec![page]),
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
