//! The lake: one directory, one writer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use nirnay_model::{CaseKey, MissingReason, Sha256};

use crate::disk::Disk;
use crate::document_cache::{OcrCache, TextCache};
use crate::files::{self, Files, SyncPoint};
use crate::lock::Lock;
use crate::{
    CachedText, Captures, CaseDocument, CaseSighting, Documents, FetchedBlob, Finding,
    HostStateFile, Imports, JudgmentFilter, Layer, Ledger, PageAcceptance, PageCounts,
    PublishEvent, PublishReport, PublishedJudgments, RepairReport, RescueReport, Shard,
    SightingCounts, StoreError, StoredBatch, TextJob, TextReport, TextRows, VerifyLevel, backup,
    publish, recovery, repair, rescue, verify,
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
    copy_failed: Option<StoreError>,
    // The last field: dropped when everything else is closed.
    _lock: Option<Lock>,
}

impl Lake {
    /// Opens the lake in `dir`.
    ///
    /// For writing: creates it if there is none, takes the lock ([`StoreError::Locked`] names the
    /// holder), checks the ledger and brings it to this version ([`StoreError::Newer`] if it is
    /// newer, [`StoreError::Corrupt`] if it is damaged, missing, another one or behind what was durable),
    /// finishes an interrupted publication, removes unfinished files, cuts the torn tails of WARC files, and
    /// copies the ledger once a day; a copy that fails does not fail the opening: [`Lake::verify`] tells.
    pub fn open(dir: &Path, mode: OpenMode) -> Result<Self, StoreError> {
        Self::open_with(files::os(), dir, mode)
    }

    /// As [`Lake::open`], through other file operations.
    pub fn open_with(
        files: Arc<dyn Files>,
        dir: &Path,
        mode: OpenMode,
    ) -> Result<Self, StoreError> {
        let writable = mode == OpenMode::ReadWrite;
        let ledger_path = dir.join("ledger.sqlite");
        let disk = Disk::new(dir, files);
        let lock = if writable {
            if !dir.is_dir() {
                disk.create_dirs(dir, SyncPoint::LakeFolder)?;
            }
            let lock = crate::lock::lock(dir)?;
            disk.create_dirs(dir, SyncPoint::LakeFolder)?;
            Some(lock)
        } else {
            None
        };
        recovery::refuse_lost_ledger(&disk, &ledger_path)?;
        if !writable && !ledger_path.is_file() {
            return Err(StoreError::NotFound {
                what: "lake",
                id: dir.display().to_string(),
            });
        }
        let ledger = Ledger::open(&ledger_path, writable, disk.files())?;
        let mut copy_failed = None;
        if writable {
            let now = Timestamp::now();
            recovery::recover(&disk, &ledger, now)?;
            ledger.expect_format(&publish::format())?;
            let copied = backup::daily(&disk, &ledger, now);
            match copied {
                // A ledger that cannot be copied for its own damage is damaged; any other trouble is the
                // copy's: the next opening tries again, and until then `verify` tells.
                Err(error) if error.is_about_the_ledger() => return Err(error),
                other => copy_failed = other.err(),
            }
            disk.clear_temp()?;
        }
        let documents = Documents::new(&disk);
        let captures = Captures::new(&disk, &ledger, &documents, writable);
        Ok(Self {
            disk,
            ledger,
            captures,
            documents,
            mode,
            copy_failed,
            _lock: lock,
        })
    }

    /// Brings a lake back whose ledger is lost or damaged, as [`Lake::open`] says by
    /// [`StoreError::Corrupt`]: the damaged ledger is set aside, the newest copy that can be read takes its
    /// place, and captures, documents and text that it does not know are recorded. What the copy does not
    /// know is walked again by the next crawl. A lake that can be opened is left alone.
    pub fn rescue(dir: &Path) -> Result<RescueReport, StoreError> {
        rescue::rescue(&files::os(), dir, Timestamp::now())
    }

    /// As [`Lake::rescue`], for a lake that can be opened but whose ledger is damaged inside
    /// ([`RepairReport::needs_restore`]). Fails with [`StoreError::NotFound`] where no copy is sound: then
    /// the damaged ledger is the best there is.
    pub fn restore(dir: &Path) -> Result<RescueReport, StoreError> {
        rescue::restore(&files::os(), dir, Timestamp::now())
    }

    /// As [`Lake::rescue`], through other file operations.
    pub fn rescue_with(files: &Arc<dyn Files>, dir: &Path) -> Result<RescueReport, StoreError> {
        rescue::rescue(files, dir, Timestamp::now())
    }

    /// Copies the ledger into `backups/` if the newest copy is a day old; returns the new copy. Opening does
    /// so too.
    pub fn back_up(&self, now: Timestamp) -> Result<Option<PathBuf>, StoreError> {
        self.writable("copying the ledger")?;
        backup::daily(&self.disk, &self.ledger, now)
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
        HostStateFile::with_files(self.dir().join("hosts"), Arc::clone(self.disk.files()))
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

    /// Publishes `cases/`, `hearings/`, `orders/`, `cause_lists/` and `manifest.json`.
    pub fn publish_cases(&self) -> Result<PublishReport, StoreError> {
        self.writable("publishing")?;
        publish::publish_cases(&self.disk, &self.ledger)
    }

    /// [`Captures::sync`], then [`Ledger::see_cases`].
    pub fn see_cases(&self, seen: &CaseSighting) -> Result<SightingCounts, StoreError> {
        self.disk.check_space(0)?;
        self.captures.sync()?;
        self.ledger.see_cases(seen)
    }

    /// Makes a document of a case or cause list durable: bytes, name, captures, then one transaction.
    pub fn store_case_document(
        &self,
        owner: &CaseKey,
        slot: &str,
        bytes: &[u8],
        at: Timestamp,
    ) -> Result<Sha256, StoreError> {
        self.writable("storing documents")?;
        let size = bytes.len() as u64;
        self.disk.check_space(size)?;
        self.captures.sync()?;
        let sha256 = self.documents.write_one(&self.ledger, bytes)?;
        let document = CaseDocument::Stored(sha256, size);
        self.ledger
            .record_case_document((owner, slot), document, at)?;
        Ok(sha256)
    }

    /// Records that a document of a case or cause list cannot be had.
    pub fn miss_case_document(
        &self,
        owner: &CaseKey,
        slot: &str,
        reason: MissingReason,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.writable("recording documents")?;
        self.captures.sync()?;
        self.ledger
            .record_case_document((owner, slot), CaseDocument::Missing(reason), at)
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

    /// Removes the file and the kept text of a document that the ledger no longer counts among its documents.
    pub fn forget_document(&self, sha256: &Sha256) -> Result<(), StoreError> {
        self.writable("removing a document")?;
        self.disk.remove_if_there(&self.documents.path(sha256))?;
        OcrCache::new(&self.disk).remove(sha256)?;
        TextCache::new(&self.disk).remove(sha256)
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
        publish::finish_layer(&self.disk, &self.ledger, Layer::Text)
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

    /// The imported texts; `None` if nothing was ever imported.
    pub fn imports(&self) -> Result<Option<Imports>, StoreError> {
        Imports::open(self.dir())
    }

    /// The imported texts, for bringing in more.
    pub fn imports_mut(&self) -> Result<Imports, StoreError> {
        self.writable("importing")?;
        Imports::create(self.dir())
    }

    /// Checks the lake; at most 1000 findings of an invariant are listed. Files that nothing refers
    /// to become repairable after a day: before, their row may be about to be written.
    pub fn verify(&self, level: VerifyLevel) -> Result<Vec<Finding>, StoreError> {
        verify::verify(self, level)
    }

    /// Repairs what the layers to the left can give back.
    pub fn repair(&self, findings: &[Finding]) -> Result<RepairReport, StoreError> {
        self.writable("repairing")?;
        repair::repair(self, findings, true)
    }

    /// As [`Lake::repair`], where rows of the ledger are damaged and [`Lake::restore`] found no copy that is sound:
    /// those findings are left, the others are repaired.
    pub fn repair_without_copy(&self, findings: &[Finding]) -> Result<RepairReport, StoreError> {
        self.writable("repairing")?;
        repair::repair(self, findings, false)
    }

    /// Why the copy of the ledger that was due at opening could not be made.
    pub(crate) fn copy_failed(&self) -> Option<&StoreError> {
        self.copy_failed.as_ref()
    }

    pub(crate) fn disk(&self) -> &Disk {
        &self.disk
    }

    pub(crate) fn writable(&self, what: &'static str) -> Result<(), StoreError> {
        if self.mode == OpenMode::ReadWrite {
            Ok(())
        } else {
            Err(StoreError::ReadOnly { what })
        }
    }
}
