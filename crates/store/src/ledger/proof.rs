//! The sums of a window's current walk.

use rusqlite::Connection;

use super::{Ledger, WindowRow};
use crate::StoreError;

/// Everything the closure of a window is decided from, over its current walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Proof {
    /// The portal's total on the first page.
    pub first_total: Option<u64>,
    /// The portal's total on the latest page.
    pub last_total: Option<u64>,
    /// Pages accepted.
    pub pages: u32,
    /// Rows on those pages.
    pub rows_seen: u64,
    /// Distinct identities among them: `accepted + quarantined`.
    pub distinct: u64,
    /// Distinct judgments.
    pub accepted: u64,
    /// Distinct rows set aside.
    pub quarantined: u64,
    /// Of those, rows that could not be read at all: a damaged reply, or a layout never seen.
    pub unreadable: u64,
    /// Rows that repeat an identity of the same page.
    pub repeats_in_page: u64,
    /// Rows that repeat an identity of an earlier page.
    pub repeats_across_pages: u64,
    /// Distinct serial numbers printed by the portal.
    pub serials_seen: u64,
    /// Distinct sessions that said zero.
    pub zero_epochs: u32,
}

/// Serial numbers as ranges, `1-1000,1002-1002`: a page has few gaps, so the text stays short.
pub(super) fn ranges(serials: &mut Vec<u64>) -> String {
    serials.sort_unstable();
    serials.dedup();
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for &serial in serials.iter() {
        match ranges.last_mut() {
            Some((_, last)) if serial - *last == 1 => *last = serial,
            _ => ranges.push((serial, serial)),
        }
    }
    let texts: Vec<String> = ranges
        .iter()
        .map(|(first, last)| format!("{first}-{last}"))
        .collect();
    texts.join(",")
}

/// The number of distinct serials in several lists of ranges.
fn distinct(lists: &[String]) -> Option<u64> {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for range in lists
        .iter()
        .flat_map(|list| list.split(','))
        .filter(|range| !range.is_empty())
    {
        let (first, last) = range.split_once('-')?;
        ranges.push((first.parse().ok()?, last.parse().ok()?));
    }
    ranges.sort_unstable();
    let mut count: u64 = 0;
    let mut next = 0;
    for (first, last) in ranges {
        let first = first.max(next);
        if last >= first {
            count = (last - first).saturating_add(1).saturating_add(count);
            next = last.saturating_add(1);
        }
    }
    Some(count)
}

pub(super) fn proof_of(connection: &Connection, window: i64) -> Result<Proof, StoreError> {
    let mut proof = Proof::default();
    connection
        .prepare_cached(
            "SELECT first_total, last_total, (SELECT count(*) FROM zeros WHERE window_id = ?1),
             (SELECT count(*) FROM members WHERE window_id = ?1 AND kind = 0),
             (SELECT count(*) FROM members WHERE window_id = ?1 AND kind = 1),
             (SELECT count(*) FROM members JOIN quarantine ON quarantine.id = item WHERE window_id = ?1 AND kind = 1
              AND reason IN ('unreadable', 'too_complex', 'no_document_link', 'strange_path', 'unknown_court'))
             FROM windows WHERE id = ?1",
        )?
        .query_row([window], |row| {
            proof.first_total = row.get(0)?;
            proof.last_total = row.get(1)?;
            proof.zero_epochs = row.get(2)?;
            proof.accepted = row.get(3)?;
            proof.quarantined = row.get(4)?;
            proof.unreadable = row.get(5)?;
            Ok(())
        })
        .map_err(|error| match error {
            rusqlite::Error::QueryReturnedNoRows => StoreError::NotFound { what: "window", id: window.to_string() },
            other => other.into(),
        })?;
    add_pages(connection, window, &mut proof)?;
    Ok(proof)
}

/// As [`proof_of`], from the figures that the window keeps of its walk: the cost grows with its pages, not
/// with its rows. That the figures are those of the rows is what the lake's verification counts.
pub(super) fn figures_of(connection: &Connection, window: &WindowRow) -> Result<Proof, StoreError> {
    let mut proof = Proof {
        first_total: window.first_total,
        last_total: window.last_total,
        accepted: window.accepted,
        quarantined: window.quarantined,
        zero_epochs: window.zero_epochs,
        ..Proof::default()
    };
    add_pages(connection, window.id, &mut proof)?;
    Ok(proof)
}

fn add_pages(connection: &Connection, window: i64, proof: &mut Proof) -> Result<(), StoreError> {
    proof.distinct = proof.accepted + proof.quarantined;
    let mut serials = Vec::new();
    let mut statement = connection.prepare_cached(
        "SELECT row_count, repeats_in_page, repeats_across_pages, serials FROM pages WHERE window_id = ?1",
    )?;
    let mut rows = statement.query([window])?;
    while let Some(row) = rows.next()? {
        proof.pages += 1;
        proof.rows_seen += row.get::<_, u64>(0)?;
        proof.repeats_in_page += row.get::<_, u64>(1)?;
        proof.repeats_across_pages += row.get::<_, u64>(2)?;
        serials.push(row.get(3)?);
    }
    proof.serials_seen = distinct(&serials).ok_or_else(|| {
        StoreError::corrupt(
            "ledger.sqlite",
            format!("serials of the pages of window {window}"),
        )
    })?;
    Ok(())
}

impl Ledger {
    /// The sums of the window's current walk, counted from its pages and rows.
    pub fn proof(&self, window: i64) -> Result<Proof, StoreError> {
        self.read("adding up a window", |connection| {
            proof_of(connection, window)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_counted_once() {
        assert_eq!(ranges(&mut vec![3, 1, 2, 2, 7]), "1-3,7-7");
        let lists = [
            "1-3,7-7".to_owned(),
            String::new(),
            "2-5".to_owned(),
            "7-7".to_owned(),
        ];
        assert_eq!(distinct(&lists), Some(6));
        assert_eq!(distinct(&["1-".to_owned()]), None);
        assert_eq!(distinct(&[format!("0-{}", u64::MAX - 1)]), Some(u64::MAX));
    }
}
