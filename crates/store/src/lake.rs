//! The lake: one directory, one writer.

use std::fs::File;
use std::path::Path;

use nirnay_model::Sha256;

use crate::disk::Disk;
use crate::error::IoContext as _;
use crate::text_cache::TextCache;
use crate::{
    CachedText, Captures, Documents, FetchedBlob, Finding, HostStateFile, JudgmentFilter, Ledger,
    PageAcceptance, PageCounts, PublishEvent, PublishReport, PublishedJudgments, RepairReport,
    Shard, StoreError, StoredBatch, TextJob, TextReport, TextRows, VerifyLevel, publish, recovery,
    repair, verify,
};

/// How to open a lake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// Creates it if needed, locks it, mends what a crash left behind.
    ReadWrite,
    /// Takes no lock and changes nothing.
    ReadOnly,
}

/// A lake that is open.
#[derive(Debug)]
pub struct Lake {
    disk: Disk,
    ledger: Ledger,
    captures: Captures,
    documents: Documents,
    mode: OpenMode,
    // The last field: dropped when everything else is closed.
    _lock: Option<File>,
}

impl Lake {
    /// Opens the lake in `dir`.
    ///
    /// For writing: creates it if there is none, takes the lock ([`StoreError::Locked`] names the
    /// holder), checks the ledger and brings it to this version ([`StoreError::Newer`] if it is
    /// newer), removes unfinished files and cuts the torn tails of WARC files.
    pub fn open(dir: &Path, mode: OpenMode) -> Result<Self, StoreError> {
        let writable = mode == OpenMode::ReadWrite;
        let ledger_path = dir.join("ledger.sqlite");
        let disk = Disk::new(dir);
        let lock = if writable {
            std::fs::create_dir_all(dir).at("creating the lake", dir)?;
            Some(recovery::lock(dir)?)
        } else if ledger_path.is_file() {
            None
        } else {
            return Err(StoreError::NotFound {
                what: "lake",
                id: dir.display().to_string(),
            });
        };
        let ledger = Ledger::open(&ledger_path, writable)?;
        if writable {
            crate::disk::sync_dir(dir)?;
            recovery::recover(&disk, &ledger)?;
        }
        let documents = Documents::new(&disk);
        let captures = Captures::new(&disk, &ledger, &documents, writable);
        Ok(Self {
            disk,
            ledger,
            captures,
            documents,
            mode,
            _lock: lock,
        })
    }

    /// The directory.
    pub fn dir(&self) -> &Path {
        self.disk.root()
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The captures.
    pub fn captures(&self) -> &Captures {
        &self.captures
    }

    /// The documents.
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// The host states kept inside this lake. Use a folder outside of it where several lakes of one
    /// machine ask the same hosts.
    pub fn host_states(&self) -> HostStateFile {
        HostStateFile::new(self.dir().join("hosts"))
    }

    /// Sets the free space below which no write batch begins (default 1 GiB).
    pub fn set_min_free(&self, bytes: u64) {
        self.disk.set_min_free(bytes);
    }

    /// Fails with [`StoreError::DiskFull`] when less than the minimum plus `batch` bytes is free.
    pub fn check_space(&self, batch: u64) -> Result<(), StoreError> {
        self.disk.check_space(batch)
    }

    /// [`Captures::sync`], then [`Ledger::accept_page`].
    pub fn accept_page(&self, page: &PageAcceptance) -> Result<PageCounts, StoreError> {
        self.disk.check_space(0)?;
        self.captures.sync()?;
        self.ledger.accept_page(page)
    }

    /// Makes a batch of documents durable: bytes, names, captures, then one transaction. A document
    /// that is there already is not written again.
    pub fn store_documents(&self, batch: &[FetchedBlob]) -> Result<StoredBatch, StoreError> {
        self.writable("storing documents")?;
        self.disk
            .check_space(batch.iter().map(|blob| blob.bytes.len() as u64).sum())?;
        self.captures.sync()?;
        self.documents.write_batch(&self.ledger, batch)
    }

    /// Publishes `judgments/` and `manifest.json`: a pure function of the ledger. Parts whose rows
    /// did not change are not written again; parts that no longer exist are removed.
    pub fn publish_judgments(
        &self,
        observe: &mut dyn FnMut(PublishEvent),
    ) -> Result<PublishReport, StoreError> {
        self.writable("publishing")?;
        publish::publish_judgments(&self.disk, &self.ledger, observe)
    }

    /// Publishes `revisions/` and `manifest.json`.
    pub fn publish_revisions(&self) -> Result<PublishReport, StoreError> {
        self.writable("publishing")?;
        publish::publish_revisions(&self.disk, &self.ledger)
    }

    /// The shards of the lake, in partition order.
    pub fn shards(&self) -> Result<Vec<Shard>, StoreError> {
        publish::shards(&self.ledger.snapshot()?)
    }

    /// The stored documents of a shard, in publication order.
    pub fn text_shard_documents(&self, shard: &Shard) -> Result<Vec<TextJob>, StoreError> {
        publish::text_jobs(&self.disk, &self.ledger, shard)
    }

    /// The text of a document, if it was extracted and is not yet (or cannot be) published.
    pub fn cached_text(&self, sha256: &Sha256) -> Result<Option<CachedText>, StoreError> {
        TextCache::new(&self.disk).get(sha256)
    }

    /// Keeps the text of a document until it is published. Several threads may call this.
    pub fn put_cached_text(&self, sha256: &Sha256, text: &CachedText) -> Result<(), StoreError> {
        self.writable("keeping text")?;
        TextCache::new(&self.disk).put(sha256, text)
    }

    /// Publishes the text of a shard from what was extracted since and what was published before,
    /// and records the number of pages of its documents. Documents without text are left out.
    pub fn publish_text(&self, shard: &Shard) -> Result<TextReport, StoreError> {
        self.writable("publishing")?;
        publish::publish_text(&self.disk, &self.ledger, shard)
    }

    /// Drops text of shards that no longer exist and writes `manifest.json`. Call it after the last
    /// [`Lake::publish_text`].
    pub fn finish_text(&self) -> Result<PublishReport, StoreError> {
        self.writable("publishing")?;
        publish::finish_text(&self.disk, &self.ledger)
    }

    /// The published text of a shard, page by page; nothing if there is none.
    pub fn read_text(&self, shard: &Shard) -> Result<TextRows, StoreError> {
        publish::text_rows(&self.disk, &self.ledger, shard)
    }

    /// The judgments in partition order, in bounded memory, on a snapshot of the ledger.
    pub fn published_judgments(
        &self,
        filter: JudgmentFilter,
    ) -> Result<PublishedJudgments, StoreError> {
        PublishedJudgments::new(&self.ledger, filter)
    }

    /// Checks the lake; at most 1000 findings of an invariant are listed. Files that nothing refers
    /// to become repairable after a day: before, their row may be about to be written.
    pub fn verify(&self, level: VerifyLevel) -> Result<Vec<Finding>, StoreError> {
        verify::verify(self, level)
    }

    /// Repairs what the layers to the left can give back.
    pub fn repair(&self, findings: &[Finding]) -> Result<RepairReport, StoreError> {
        self.writable("repairing")?;
        repair::repair(self, findings)
    }

    pub(crate) fn disk(&self) -> &Disk {
        &self.disk
    }

    fn writable(&self, what: &'static str) -> Result<(), StoreError> {
        if self.mode == OpenMode::ReadWrite {
            Ok(())
        } else {
            Err(StoreError::ReadOnly { what })
        }
    }
}
