//! Captures: files as long as recorded, records whole, index entries at the right places.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use super::{Findings, VerifyLevel};
use crate::error::IoContext as _;
use crate::ledger::WarcFile;
use crate::{Lake, StoreError, warc};

pub(super) fn check(
    lake: &Lake,
    level: VerifyLevel,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    for file in lake.ledger().warc_files()? {
        let name = format!("captures/{}", file.name);
        let path = lake.dir().join(&name);
        match fs::metadata(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                findings.error("I7", "a file of captures is missing", name, None);
                continue;
            }
            found => {
                let found = found.at("reading the size", &path)?.len();
                if found < file.length {
                    let what = format!(
                        "a file of captures has {found} bytes, {} were durable",
                        file.length
                    );
                    findings.error("I7", what, &name, None);
                }
            }
        }
        match level {
            VerifyLevel::Quick => places(lake, &file, &name, findings)?,
            VerifyLevel::Full => records(lake, &file, &path, findings)?,
        }
    }
    Ok(())
}

/// Each capture must lie within the durable part of its file.
fn places(
    lake: &Lake,
    file: &WarcFile,
    name: &str,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    for entry in lake.ledger().captures_in(&file.name)? {
        if entry.offset.saturating_add(entry.length) > file.length {
            findings.error(
                "I7",
                format!("capture {} lies behind the end", entry.id),
                name,
                None,
            );
        }
    }
    Ok(())
}

/// Counts what is taken from it, which is the offset of the next record.
struct Counting<R> {
    inner: R,
    position: u64,
}

impl<R: BufRead> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.position += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counting<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.position += count as u64;
        self.inner.consume(count);
    }
}

/// Reads every record, and ticks off the captures that the ledger places there.
fn records(
    lake: &Lake,
    file: &WarcFile,
    path: &Path,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    let name = format!("captures/{}", file.name);
    let mut expected: BTreeMap<u64, String> = lake
        .ledger()
        .captures_in(&file.name)?
        .into_iter()
        .map(|entry| (entry.offset, entry.id))
        .collect();
    let source = File::open(path).at("opening", path)?.take(file.length);
    let mut reader = Counting {
        inner: BufReader::new(source),
        position: 0,
    };
    loop {
        let offset = reader.position;
        match warc::read(&mut reader) {
            Ok(None) => break,
            Ok(Some(record)) => {
                if !record.is_whole() {
                    findings.error(
                        "I7",
                        format!("the record at {offset} has another body"),
                        &name,
                        None,
                    );
                } else if expected.get(&offset).map(String::as_str)
                    == record.header("Nirnay-Capture")
                {
                    expected.remove(&offset);
                }
            }
            Err(error) => {
                findings.error(
                    "I7",
                    format!("the record at {offset} cannot be read: {error}"),
                    &name,
                    None,
                );
                break;
            }
        }
    }
    for (offset, id) in expected {
        findings.error(
            "I7",
            format!("capture {id} cannot be read at {offset}"),
            &name,
            None,
        );
    }
    Ok(())
}
