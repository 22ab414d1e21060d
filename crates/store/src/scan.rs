//! The records of a WARC file, one after the other, past damage.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::StoreError;
use crate::disk::Disk;
use crate::error::{IoContext as _, is_format};
use crate::ledger::CaptureEntry;
use crate::warc::{self, Counting, Record};

/// How the gzip member of a record begins.
const MEMBER: [u8; 3] = [0x1f, 0x8b, 8];

/// What lies at a place of a WARC file.
pub(crate) enum Found {
    /// A whole record, `length` bytes long as it lies there.
    Record {
        /// Where it begins.
        offset: u64,
        /// Its bytes in the file.
        length: u64,
        /// It.
        record: Record,
    },
    /// Bytes that are no whole record, up to the next record that can be read.
    Damage {
        /// What is wrong, and where.
        what: String,
    },
}

/// Reads a WARC file up to a length. What the disk refuses to give is an error; what it gives and is no
/// record is passed over.
pub(crate) struct Records {
    path: PathBuf,
    reader: BufReader<File>,
    at: u64,
    end: u64,
}

impl Records {
    /// The records from `start` up to `end`, or to the end of the file if that comes first.
    pub(crate) fn open(disk: &Disk, path: &Path, start: u64, end: u64) -> Result<Self, StoreError> {
        let file = disk.files().open(path).at("opening", path)?;
        let mut reader = BufReader::new(file);
        reader.seek(SeekFrom::Start(start)).at("reading", path)?;
        Ok(Self {
            path: path.to_owned(),
            reader,
            at: start,
            end,
        })
    }

    /// What comes next; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Found>, StoreError> {
        let offset = self.at;
        let what = match self.record()? {
            Ok(None) => return Ok(None),
            Ok(Some(record)) if record.is_whole() => {
                let length = self.at - offset;
                return Ok(Some(Found::Record {
                    offset,
                    length,
                    record,
                }));
            }
            Ok(Some(_)) => format!("the record at {offset} has another body"),
            Err(why) => format!("the record at {offset} cannot be read: {why}"),
        };
        let mut from = offset + 1;
        while let Some(place) = self.member_from(from)? {
            self.go_to(place)?;
            // Three bytes may be chance: only a record that can be read to its end counts.
            if matches!(self.record()?, Ok(Some(_))) {
                self.go_to(place)?;
                break;
            }
            from = place + 1;
        }
        Ok(Some(Found::Damage { what }))
    }

    /// The record at the place reached, which moves behind it; the inner error: what is wrong with the bytes.
    fn record(&mut self) -> Result<Result<Option<Record>, String>, StoreError> {
        let rest = self.end.saturating_sub(self.at);
        let mut counting = Counting::new((&mut self.reader).take(rest), self.at);
        match warc::read(&mut counting) {
            Ok(record) => {
                self.at = counting.position();
                Ok(Ok(record))
            }
            Err(error) if is_format(&error) => Ok(Err(error.to_string())),
            Err(error) => Err(StoreError::io("reading", &self.path, error)),
        }
    }

    fn go_to(&mut self, place: u64) -> Result<(), StoreError> {
        self.at = place;
        self.reader
            .seek(SeekFrom::Start(place))
            .at("reading", &self.path)?;
        Ok(())
    }

    /// Where the next gzip member may begin; `None`, and the end reached, if there is none.
    fn member_from(&mut self, from: u64) -> Result<Option<u64>, StoreError> {
        self.go_to(from)?;
        let mut matched = 0;
        while self.at < self.end {
            let bytes = self.reader.fill_buf().at("reading", &self.path)?;
            if bytes.is_empty() {
                break;
            }
            let length = bytes.len();
            for (index, byte) in (0_u64..).zip(bytes) {
                // No byte occurs twice in the beginning, so a mismatch can only begin it anew.
                matched = match MEMBER.get(matched) {
                    Some(wanted) if wanted == byte => matched + 1,
                    _ => usize::from(*byte == MEMBER[0]),
                };
                if matched == MEMBER.len() {
                    return Ok(Some(self.at + index + 1 - MEMBER.len() as u64));
                }
            }
            self.reader.consume(length);
            self.at += length as u64;
        }
        self.at = self.end;
        Ok(None)
    }
}

/// What [`scan`] found.
pub(crate) struct Scan {
    /// Where the last whole record ends.
    pub(crate) end: u64,
    /// The captures.
    pub(crate) entries: Vec<CaptureEntry>,
}

/// The captures in a WARC file from `start` on. Damage between whole records is passed over.
pub(crate) fn scan(disk: &Disk, path: &Path, name: &str, start: u64) -> Result<Scan, StoreError> {
    let mut records = Records::open(disk, path, start, u64::MAX)?;
    let mut scan = Scan {
        end: start,
        entries: Vec::new(),
    };
    while let Some(found) = records.next()? {
        let Found::Record {
            offset,
            length,
            record,
        } = found
        else {
            continue;
        };
        scan.end = offset + length;
        let is_reply = matches!(record.header("WARC-Type"), Some("response" | "revisit"));
        if let Some(id) = record.header("Nirnay-Capture").filter(|_| is_reply) {
            scan.entries.push(CaptureEntry {
                id: id.to_owned(),
                file: name.to_owned(),
                offset,
                length,
            });
        }
    }
    Ok(scan)
}
