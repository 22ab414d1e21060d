//! Documents: original bytes, named by their hash.

use std::collections::BTreeSet;
use std::path::PathBuf;

use bytes::Bytes;
use jiff::Timestamp;
use nirnay_model::{DocumentFacts, RowKey, Sha256, Verification};

use crate::disk::Disk;
use crate::files::SyncPoint;
use crate::ledger::StoredDocument;
use crate::{Ledger, StoreError};

/// A document that was fetched and accepted.
#[derive(Debug, Clone)]
pub struct FetchedBlob {
    /// The row it belongs to.
    pub row_key: RowKey,
    /// The bytes as served.
    pub bytes: Bytes,
    /// Whether its text confirms that it belongs to the row.
    pub check: Verification,
    /// The run that fetched it.
    pub run: i64,
    /// When.
    pub at: Timestamp,
}

/// What became of a batch of documents.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredBatch {
    /// The facts of each, in the order given. Pages are not counted yet.
    pub documents: Vec<DocumentFacts>,
    /// How many were not in the lake yet.
    pub new: u64,
    /// The bytes of those.
    pub new_bytes: u64,
}

/// The files under `documents/`.
#[derive(Debug, Clone)]
pub struct Documents {
    disk: Disk,
}

impl Documents {
    pub(crate) fn new(disk: &Disk) -> Self {
        Self { disk: disk.clone() }
    }

    pub(crate) fn dir(&self) -> PathBuf {
        self.disk.root().join("documents")
    }

    /// Where the document with this hash lies, whether or not it is there.
    pub fn path(&self, sha256: &Sha256) -> PathBuf {
        let hex = sha256.to_hex();
        let (first, rest) = hex.split_at(2);
        let (second, _) = rest.split_at(2);
        self.dir()
            .join(first)
            .join(second)
            .join(format!("{hex}.pdf"))
    }

    /// Whether the document is there.
    pub fn contains(&self, sha256: &Sha256) -> bool {
        self.path(sha256).is_file()
    }

    /// The bytes of a document, checked against their hash; `None` if it is not there.
    pub fn read(&self, sha256: &Sha256) -> Result<Option<Vec<u8>>, StoreError> {
        let path = self.path(sha256);
        let Some(bytes) = self.disk.read(&path)? else {
            return Ok(None);
        };
        let found = Sha256::of(&bytes);
        if found == *sha256 {
            Ok(Some(bytes))
        } else {
            Err(StoreError::corrupt(
                path,
                format!("its bytes have the hash {found}"),
            ))
        }
    }

    /// Whether the bytes are in the lake: recorded, and there with the right size.
    fn is_stored(&self, ledger: &Ledger, sha256: &Sha256, size: u64) -> Result<bool, StoreError> {
        let there = self.disk.size(&self.path(sha256))? == Some(size);
        Ok(there && ledger.has_blob(sha256)?)
    }

    /// Makes the bytes of one document durable under its name; one that is there already is not written again.
    pub(crate) fn write_one(&self, ledger: &Ledger, bytes: &[u8]) -> Result<Sha256, StoreError> {
        let sha256 = Sha256::of(bytes);
        if self.is_stored(ledger, &sha256, bytes.len() as u64)? {
            return Ok(sha256);
        }
        let target = self.path(&sha256);
        let temp = self.disk.write_aside(bytes, SyncPoint::DocumentBytes)?;
        if let Some(folder) = target.parent() {
            self.disk.create_dirs(folder, SyncPoint::DocumentFolder)?;
            self.disk.name(&temp, &target)?;
            self.disk.sync_dir(folder, SyncPoint::DocumentName)?;
        }
        Ok(sha256)
    }

    /// Writes the batch: all bytes aside and synced, then all names, then each folder once.
    pub(crate) fn write_batch(
        &self,
        ledger: &Ledger,
        batch: &[FetchedBlob],
    ) -> Result<StoredBatch, StoreError> {
        let mut report = StoredBatch::default();
        let mut named = BTreeSet::new();
        let mut rows = Vec::with_capacity(batch.len());
        let mut aside = Vec::new();
        for blob in batch {
            let sha256 = Sha256::of(&blob.bytes);
            let size = blob.bytes.len() as u64;
            rows.push(StoredDocument {
                row_key: &blob.row_key,
                sha256,
                size,
                check: blob.check,
                run: blob.run,
                at: blob.at,
            });
            report.documents.push(DocumentFacts {
                sha256,
                size,
                pages: None,
                check: blob.check,
            });
            if named.insert(sha256) && !self.is_stored(ledger, &sha256, size)? {
                let temp = self
                    .disk
                    .write_aside(&blob.bytes, SyncPoint::DocumentBytes)?;
                aside.push((temp, self.path(&sha256)));
                report.new += 1;
                report.new_bytes += size;
            }
        }
        if rows_come_first() {
            ledger.record_documents(&rows)?;
        }
        let mut folders = BTreeSet::new();
        for (temp, target) in &aside {
            if let Some(folder) = target.parent() {
                self.disk.create_dirs(folder, SyncPoint::DocumentFolder)?;
                folders.insert(folder.to_owned());
            }
            self.disk.name(temp, target)?;
        }
        for folder in &folders {
            self.disk.sync_dir(folder, SyncPoint::DocumentName)?;
        }
        ledger.record_documents(&rows)?;
        Ok(report)
    }
}

fn rows_come_first() -> bool {
    fail::fail_point!("plant-row-before-bytes", |_| true);
    false
}
