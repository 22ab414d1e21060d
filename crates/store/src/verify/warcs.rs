//! Captures: files as long as recorded, records whole, index entries at the right places.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Findings, VerifyLevel};
use crate::ledger::WarcFile;
use crate::scan::{Found, Records};
use crate::{Lake, StoreError};

pub(super) fn check(
    lake: &Lake,
    level: VerifyLevel,
    findings: &mut Findings,
) -> Result<(), StoreError> {
    for file in lake.ledger().warc_files()? {
        let name = format!("captures/{}", file.name);
        let path = lake.dir().join(&name);
        match lake.disk().size(&path)? {
            None => {
                findings.error("I7", "a file of captures is missing", name, None);
                continue;
            }
            Some(found) if found < file.length => {
                let what = format!(
                    "a file of captures has {found} bytes, {} were durable",
                    file.length
                );
                findings.error("I7", what, &name, None);
            }
            Some(_) => {}
        }
        match level {
            VerifyLevel::Quick | VerifyLevel::Share(_) => places(lake, &file, &name, findings)?,
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
    let mut records = match Records::open(lake.disk(), path, 0, file.length) {
        Ok(records) => records,
        Err(error) => {
            unreadable(&error, &name, findings);
            return Ok(());
        }
    };
    loop {
        match records.next() {
            Ok(None) => break,
            Ok(Some(Found::Record { offset, record, .. })) => {
                if expected.get(&offset).map(String::as_str) == record.header("Nirnay-Capture") {
                    expected.remove(&offset);
                }
            }
            Ok(Some(Found::Damage { what })) => findings.error("I7", what, &name, None),
            Err(error) => {
                unreadable(&error, &name, findings);
                return Ok(());
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

/// What the disk refuses ends the look at one file, not at all of them.
fn unreadable(error: &StoreError, name: &str, findings: &mut Findings) {
    findings.error(
        "I7",
        format!("a file of captures cannot be read: {error}"),
        name,
        None,
    );
}
