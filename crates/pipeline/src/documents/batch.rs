//! Documents that are made durable together.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bytes::Bytes;
use nirnay_model::{RowKey, Sha256, Verification};
use nirnay_store::{FetchedBlob, PendingDocument};

use crate::context::Context;
use crate::error::PipelineError;
use crate::event::Event;
use crate::stop::Stop;

/// Documents kept in memory before they are made durable together. At a polite pace the time limit
/// makes this one document; on loopback it saves an fsync storm.
const BATCH: usize = 25;
const BATCH_BYTES: usize = 64 << 20;
const BATCH_AGE: Duration = Duration::from_secs(1);

/// Documents on their way to the disk.
pub(crate) struct Batch<'a> {
    context: &'a Context,
    blobs: Vec<FetchedBlob>,
    hashes: HashMap<Sha256, RowKey>,
    bytes: usize,
    since: Instant,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(context: &'a Context) -> Self {
        Self {
            context,
            blobs: Vec::new(),
            hashes: HashMap::new(),
            bytes: 0,
            since: Instant::now(),
        }
    }

    pub(super) fn holds_other(&self, sha256: Sha256, key: &RowKey) -> bool {
        self.hashes.get(&sha256).is_some_and(|holder| holder != key)
    }

    pub(crate) fn add(
        &mut self,
        document: &PendingDocument,
        bytes: Bytes,
        sha256: Sha256,
        check: Verification,
    ) -> Result<(), Stop> {
        if self.blobs.is_empty() {
            self.since = Instant::now();
        }
        self.bytes += bytes.len();
        self.hashes.insert(sha256, document.row_key.clone());
        self.blobs.push(FetchedBlob {
            row_key: document.row_key.clone(),
            bytes,
            check,
            run: self.context.run.id,
            at: self.context.now(),
        });
        if self.blobs.len() >= BATCH
            || self.bytes >= BATCH_BYTES
            || self.since.elapsed() >= BATCH_AGE
        {
            self.flush()?;
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result<(), PipelineError> {
        if self.blobs.is_empty() {
            return Ok(());
        }
        self.context.lake.store_documents(&self.blobs)?;
        for blob in self.blobs.drain(..) {
            self.context.emit(Event::DocumentStored {
                size: blob.bytes.len() as u64,
                row_key: blob.row_key,
            });
        }
        self.hashes.clear();
        self.bytes = 0;
        Ok(())
    }
}
