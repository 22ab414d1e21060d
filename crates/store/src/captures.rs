//! Captures: every exchange as served, in WARC files.

use std::io::{BufReader, BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use nirnay_model::{Capture, CaptureId};

use crate::disk::Disk;
use crate::error::IoContext as _;
use crate::files::{OutFile, SyncPoint};
use crate::ledger::{CaptureEntry, WarcFile};
use crate::warc::{self, Record};
use crate::{Documents, Ledger, StoreError};

/// The size at which a file is full and the next one begins.
const FULL: u64 = 256 << 20;

/// The WARC files under `captures/`. Shared between threads; writes are buffered until
/// [`Captures::sync`].
#[derive(Debug)]
pub struct Captures {
    dir: PathBuf,
    disk: Disk,
    ledger: Ledger,
    documents: Documents,
    writable: bool,
    full: u64,
    writer: Mutex<Writer>,
}

#[derive(Debug, Default)]
struct Writer {
    open: Option<OpenFile>,
    /// Files that are full, whose bytes are synced and whose length is not recorded yet.
    full: Vec<WarcFile>,
    /// Captures that are not recorded yet.
    entries: Vec<CaptureEntry>,
    /// Whether a file was created whose name is not durable yet.
    named: bool,
    /// After a failed write or sync the file's state is unknown: nothing more is written to it.
    failed: bool,
}

#[derive(Debug)]
struct OpenFile {
    file: BufWriter<Box<dyn OutFile>>,
    state: WarcFile,
}

impl Captures {
    pub(crate) fn new(disk: &Disk, ledger: &Ledger, documents: &Documents, writable: bool) -> Self {
        Self {
            dir: disk.root().join("captures"),
            disk: disk.clone(),
            ledger: ledger.clone(),
            documents: documents.clone(),
            writable,
            full: FULL,
            writer: Mutex::default(),
        }
    }

    /// Appends an exchange (response and request record) to the file of the current run. It is not
    /// durable before the next [`Captures::sync`]. The same exchange may be appended again; the
    /// first place counts.
    pub fn append(&self, capture: &Capture) -> Result<(), StoreError> {
        let mut writer = self.usable_writer()?;
        let result = self.append_to(&mut writer, capture);
        writer.failed |= result.is_err();
        result
    }

    /// Makes everything appended so far durable and findable.
    pub fn sync(&self) -> Result<(), StoreError> {
        if !self.writable {
            return Ok(());
        }
        let mut writer = self.usable_writer()?;
        let result = self.sync_all(&mut writer);
        writer.failed |= result.is_err();
        result
    }

    /// The body of a capture as served; `None` if there is no such capture.
    pub fn read(&self, id: &CaptureId) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(entry) = self.find(id)? else {
            return Ok(None);
        };
        let record = self.record(&entry)?;
        if record.header("WARC-Type") == Some("revisit") {
            let digest = record.payload_digest();
            return digest.map_or(Ok(None), |sha256| self.documents.read(&sha256));
        }
        Ok(Some(record.payload().to_vec()))
    }

    fn lock(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn usable_writer(&self) -> Result<MutexGuard<'_, Writer>, StoreError> {
        if !self.writable {
            return Err(StoreError::ReadOnly {
                what: "writing captures",
            });
        }
        let writer = self.lock();
        if writer.failed {
            let source = std::io::Error::other("an earlier write failed; open the lake again");
            return Err(StoreError::Io {
                what: "writing captures",
                path: self.dir.clone(),
                source,
            });
        }
        Ok(writer)
    }

    fn append_to(&self, writer: &mut Writer, capture: &Capture) -> Result<(), StoreError> {
        self.make_ready(writer, capture)?;
        let Some(open) = &mut writer.open else {
            return Ok(());
        };
        let path = self.dir.join(&open.state.name);
        let place = format!("{}:{}", open.state.name, open.state.length);
        let (response, request) = warc::exchange(capture, &place).at("encoding", &path)?;
        open.file
            .write_all(&response)
            .and_then(|()| open.file.write_all(&request))
            .at("writing", &path)?;
        writer.entries.push(CaptureEntry {
            id: capture.id.to_string(),
            file: open.state.name.clone(),
            offset: open.state.length,
            length: response.len() as u64,
        });
        open.state.length += (response.len() + request.len()) as u64;
        Ok(())
    }

    /// Sees to it that a file of the current run is open and not full.
    fn make_ready(&self, writer: &mut Writer, capture: &Capture) -> Result<(), StoreError> {
        let run = self.ledger.current_run();
        if let Some(mut open) = writer
            .open
            .take_if(|open| open.state.run != run || open.state.length >= self.full)
        {
            self.flush(&mut open)?;
            writer.full.push(open.state);
        }
        if writer.open.is_some() {
            return Ok(());
        }
        self.disk.check_space(0)?;
        self.disk.check_trust()?;
        self.disk.create_dirs(&self.dir, SyncPoint::CaptureFolder)?;
        let files = self.disk.files();
        let recorded = self.ledger.warc_files()?;
        let last = recorded
            .iter()
            .chain(&writer.full)
            .filter(|file| file.run == run)
            .max_by_key(|file| file.seq);
        if let Some(last) = last
            && last.length < self.full
            && self.disk.size(&self.dir.join(&last.name))? == Some(last.length)
        {
            let path = self.dir.join(&last.name);
            let file = files.append(&path).at("opening", &path)?;
            writer.open = Some(OpenFile {
                file: BufWriter::new(file),
                state: last.clone(),
            });
            return Ok(());
        }
        let seq = last.map_or(1, |file| file.seq + 1);
        let name = format!("{run:06}-{seq:04}.warc.gz");
        let path = self.dir.join(&name);
        let mut file = BufWriter::new(files.create(&path).at("creating", &path)?);
        let info = warc::warcinfo(&name, capture.at).at("encoding", &path)?;
        file.write_all(&info).at("writing", &path)?;
        writer.named = true;
        writer.open = Some(OpenFile {
            file,
            state: WarcFile {
                name,
                run,
                seq,
                length: info.len() as u64,
            },
        });
        Ok(())
    }

    fn sync_all(&self, writer: &mut Writer) -> Result<(), StoreError> {
        if writer.entries.is_empty() && writer.full.is_empty() {
            return Ok(());
        }
        let mut files = writer.full.clone();
        if let Some(open) = &mut writer.open {
            self.flush(open)?;
            files.push(open.state.clone());
        }
        if writer.named {
            self.disk.sync_dir(&self.dir, SyncPoint::CaptureName)?;
        }
        self.ledger.record_captures(&files, &writer.entries)?;
        writer.full.clear();
        writer.entries.clear();
        writer.named = false;
        Ok(())
    }

    /// Writes out what is buffered and makes the bytes durable.
    fn flush(&self, open: &mut OpenFile) -> Result<(), StoreError> {
        let path = self.dir.join(&open.state.name);
        open.file
            .flush()
            .and_then(|()| {
                self.disk
                    .sync_file(open.file.get_mut().as_mut(), SyncPoint::CaptureBytes)
            })
            .at("syncing", &path)
    }

    fn find(&self, id: &CaptureId) -> Result<Option<CaptureEntry>, StoreError> {
        if let Some(entry) = self.ledger.capture_entry(id)? {
            return Ok(Some(entry));
        }
        let mut writer = self.lock();
        let entry = writer
            .entries
            .iter()
            .find(|entry| entry.id == id.as_str())
            .cloned();
        if entry.is_some()
            && let Some(open) = &mut writer.open
        {
            open.file.flush().at("writing", &self.dir)?;
        }
        Ok(entry)
    }

    /// The response record at a place.
    pub(crate) fn record(&self, entry: &CaptureEntry) -> Result<Record, StoreError> {
        let path = self.dir.join(&entry.file);
        let mut file = self.disk.files().open(&path).at("opening", &path)?;
        file.seek(SeekFrom::Start(entry.offset))
            .at("reading", &path)?;
        let record = warc::read(&mut BufReader::new(file.take(entry.length)))
            .map_err(|error| {
                StoreError::corrupt(&path, format!("record at {}: {error}", entry.offset))
            })?
            .ok_or_else(|| StoreError::corrupt(&path, format!("no record at {}", entry.offset)))?;
        if record.header("Nirnay-Capture") != Some(&entry.id) || !record.is_whole() {
            return Err(StoreError::corrupt(
                &path,
                format!("another record or body at {}", entry.offset),
            ));
        }
        Ok(record)
    }
}

#[cfg(test)]
mod tests {
    use nirnay_model::{CaptureKind, CapturedBody, SourceId};

    use super::*;

    #[test]
    fn full_files_are_followed_by_new_ones() {
        let dir = tempfile::tempdir().unwrap();
        let disk = Disk::new(dir.path(), crate::files::os());
        disk.set_min_free(0);
        let ledger = Ledger::open(&dir.path().join("ledger.sqlite"), true, disk.files()).unwrap();
        let mut captures = Captures::new(&disk, &ledger, &Documents::new(&disk), true);
        captures.full = 2000;
        let mut ids = Vec::new();
        for number in 0..9_u8 {
            // Bytes that do not compress.
            let body: Vec<u8> = (0..20_u8)
                .flat_map(|part| *nirnay_model::Sha256::of(&[number, part]).as_bytes())
                .collect();
            let id = CaptureId::of_parts([body.as_slice()]);
            let capture = Capture {
                id: id.clone(),
                kind: CaptureKind::Search,
                source: SourceId::Scr.into(),
                at: jiff::Timestamp::UNIX_EPOCH,
                epoch: 1,
                method: "GET".to_owned(),
                url: "https://portal.example/".to_owned(),
                request_headers: Vec::new(),
                request_body: Vec::new(),
                status: 200,
                response_headers: Vec::new(),
                body: CapturedBody::Inline(body.clone()),
            };
            captures.append(&capture).unwrap();
            if number == 5 {
                captures.sync().unwrap();
            }
            ids.push((id, body));
        }
        captures.sync().unwrap();
        let files = ledger.warc_files().unwrap();
        assert!(files.len() > 3, "{files:?}");
        for file in &files {
            let length = std::fs::metadata(dir.path().join("captures").join(&file.name))
                .unwrap()
                .len();
            assert_eq!(length, file.length, "{}", file.name);
        }
        for (id, body) in ids {
            assert_eq!(captures.read(&id).unwrap(), Some(body));
        }
    }
}
