//! Errors of the disk, one at every operation of the small crawl.

use std::path::Path;
use std::sync::Arc;

use nirnay_store::{Files, StoreError};

use super::dice::Dice;
use super::faulty::{Fault, Faulty};
use super::verdict::{Golden, ended, golden, opened, resumed};
use super::{in_turn, story};
use crate::scratch;

/// What a series of errors came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Errors {
    /// Operations of the crawl, each a place where the disk may fail.
    pub operations: u64,
    /// Errors that were made.
    pub made: u64,
}

/// The command that repeats one place.
const AGAIN: &str = "NIRNAY_SEED=<place> cargo test --locked --workspace --test power -- errors";

/// Where the disk fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// At every so-manieth operation.
    Every(u64),
    /// At one operation.
    Only(u64),
    /// At the last writes to each file before it is synced, which close it: a full disk shows there at the latest.
    Closings,
}

/// Makes an I/O error, a full disk and a short write at each of the places: the error says what it is, nothing
/// acknowledged is lost, no failed sync is tried again, and the same command ends well when the disk does.
pub fn check_errors(places: Places) -> Result<Errors, String> {
    let clean = scratch();
    let counter = Faulty::new(None);
    let files: Arc<dyn Files> = Arc::new(counter.clone());
    story::tell(&files, clean.path(), &mut |_| {}).map_err(|error| error.to_string())?;
    let operations = counter.count();
    Golden::of(clean.path())?;
    let again = scratch();
    let end = golden(again.path())?;
    let mut places: Vec<u64> = match places {
        Places::Only(place) => vec![place],
        Places::Every(step) => (0..operations).step_by(step.max(1) as usize).collect(),
        Places::Closings => counter.closings(),
    };
    // All over the crawl from the first minute on, so that what is wrong shows early.
    places.sort_by_key(|place| Dice::new(*place).roll());
    let made = places.len() * Fault::ALL.len();
    in_turn(&places, |place| {
        Fault::ALL.into_iter().try_for_each(|fault| {
            fail_at(place, fault, &end)
                .map_err(|what| format!("{fault:?} at operation {place}: {what}\nagain: {AGAIN}"))
        })
    })?;
    Ok(Errors {
        operations,
        made: made as u64,
    })
}

fn fail_at(at: u64, fault: Fault, end: &Golden) -> Result<(), String> {
    let place = scratch();
    let faulty = Faulty::new(Some((at, fault)));
    let files: Arc<dyn Files> = Arc::new(faulty.clone());
    let told = story::tell(&files, place.path(), &mut |_| {});
    drop(files);
    if !faulty.retried().is_empty() {
        return Err(format!(
            "synced again after a failed sync: {:?}",
            faulty.retried()
        ));
    }
    match told {
        // Notes that may be missing, and clean-up that the next opening does.
        Ok(()) => {
            opened(place.path())?;
            return ended(place.path(), end);
        }
        Err(error) => says_so(&error, fault, place.path())?,
    }
    if place
        .path()
        .join(story::LAKE)
        .join("ledger.sqlite")
        .is_file()
    {
        opened(place.path())?;
    }
    resumed(place.path(), end)
}

/// Whether an error names its class, the place and what to do.
fn says_so(error: &StoreError, fault: Fault, place: &Path) -> Result<(), String> {
    let disk = place.parent().unwrap_or(place).display().to_string();
    let is_full = matches!(error, StoreError::DiskFull { .. });
    let text = error.to_string();
    let advises = text.contains("run the same command again") || text.contains("fsck");
    match fault {
        Fault::Io if is_full => Err(format!("an I/O error is taken for a full disk: {text}")),
        Fault::Full | Fault::Short if !is_full => Err(format!(
            "a full disk is taken for something else: {error:?}"
        )),
        _ if !text.contains(&disk) => Err(format!("the error does not say where: {text}")),
        Fault::Full | Fault::Short if !advises => Err(format!("the error gives no advice: {text}")),
        _ => Ok(()),
    }
}
