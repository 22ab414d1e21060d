//! Copies of the ledger: one a day, the last seven.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use nirnay_model::Sha256;

use crate::disk::Disk;
use crate::error::{IoContext as _, is_format};
use crate::files::{Files, SyncPoint};
use crate::{Ledger, StoreError};

/// Copies that are kept.
const KEEP: usize = 7;

/// The age of the newest copy at which the next one is due.
const DUE: SignedDuration = SignedDuration::from_hours(24);

/// The beginning and the end of a copy's name; the time stands in between.
const NAME: (&str, &str) = ("ledger-", ".sqlite.zst");
const TIME: &str = "%Y%m%dT%H%M%SZ";

/// A copy of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Backup {
    pub(crate) path: PathBuf,
    pub(crate) at: Timestamp,
}

/// The copies there are, newest first.
pub(crate) fn list(disk: &Disk) -> Result<Vec<Backup>, StoreError> {
    let mut found: Vec<Backup> = disk
        .files_below(&disk.root().join("backups"))?
        .into_iter()
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?;
            let time = name.strip_prefix(NAME.0)?.strip_suffix(NAME.1)?;
            let at = jiff::civil::DateTime::strptime(TIME, time).ok()?;
            let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
            Some(Backup { path, at })
        })
        .collect();
    found.sort_unstable_by_key(|backup| std::cmp::Reverse(backup.at));
    Ok(found)
}

/// Copies the ledger if the newest copy is a day old and there is room; returns the new copy.
pub(crate) fn daily(
    disk: &Disk,
    ledger: &Ledger,
    now: Timestamp,
) -> Result<Option<PathBuf>, StoreError> {
    let newest = list(disk)?.into_iter().next();
    let is_due = newest.is_none_or(|newest| now.duration_since(newest.at) >= DUE);
    if !is_due || ledger.last_run()?.is_none() {
        return Ok(None);
    }
    let size = disk.size(&disk.root().join("ledger.sqlite"))?.unwrap_or(0);
    match disk.check_space(size.saturating_add(size / 2)) {
        // A crawl that must stop for want of room says so itself.
        Err(StoreError::DiskFull { .. }) => return Ok(None),
        checked => checked?,
    }
    make(disk, &mut |plain| ledger.backup(plain), now).map(Some)
}

/// Copies a ledger that is about to be brought to a newer schema, from which an older program could not bring
/// it back. One that is being restored comes from a copy.
pub(crate) fn before_migration(
    files: &Arc<dyn Files>,
    ledger: &Path,
    connection: &rusqlite::Connection,
) -> Result<(), StoreError> {
    let Some(folder) = ledger
        .parent()
        .filter(|_| ledger.ends_with("ledger.sqlite"))
    else {
        return Ok(());
    };
    let disk = Disk::new(folder, Arc::clone(files));
    let mut copy = |plain: &Path| {
        connection.execute("VACUUM INTO ?1", [plain.to_string_lossy()])?;
        Ok(())
    };
    make(&disk, &mut copy, Timestamp::now()).map(drop)
}

/// Packs the copy of the ledger that `copy` writes to the path it is given.
fn make(
    disk: &Disk,
    copy: &mut dyn FnMut(&Path) -> Result<(), StoreError>,
    now: Timestamp,
) -> Result<PathBuf, StoreError> {
    let folder = disk.root().join("backups");
    disk.create_dirs(&folder, SyncPoint::BackupFolder)?;
    let (plain, packed) = (disk.temp_path()?, disk.temp_path()?);
    let made = copy(&plain)
        .and_then(|()| pack(disk, &plain, &packed))
        .and_then(|()| {
            let read_back = unpacked_hash(disk, &packed)?;
            if read_back == disk.hash_file(&plain)? {
                Ok(())
            } else {
                Err(StoreError::corrupt(
                    &packed,
                    "it does not read back as written",
                ))
            }
        });
    disk.remove_if_there(&plain).ok();
    if let Err(error) = made {
        disk.remove_if_there(&packed).ok();
        return Err(error);
    }
    let name = format!("{}{}{}", NAME.0, now.strftime(TIME), NAME.1);
    let target = folder.join(name);
    disk.name(&packed, &target)?;
    disk.sync_dir(&folder, SyncPoint::BackupName)?;
    for old in list(disk)?.into_iter().skip(KEEP) {
        disk.remove_if_there(&old.path)?;
    }
    Ok(target)
}

fn pack(disk: &Disk, plain: &Path, packed: &Path) -> Result<(), StoreError> {
    let mut source = disk.files().open(plain).at("opening", plain)?;
    let file = disk.files().create(packed).at("creating", packed)?;
    let mut encoder = zstd::Encoder::new(file, 1).at("compressing", packed)?;
    encoder.include_checksum(true).at("compressing", packed)?;
    std::io::copy(&mut source, &mut encoder).at("writing", packed)?;
    let mut file = encoder.finish().at("writing", packed)?;
    file.flush()
        .and_then(|()| disk.sync_file(file.as_mut(), SyncPoint::BackupBytes))
        .at("writing", packed)
}

fn unpacked_hash(disk: &Disk, packed: &Path) -> Result<Sha256, StoreError> {
    use sha2::Digest as _;

    let mut source = decoder(disk, packed)?;
    let mut hash = sha2::Sha256::new();
    let mut piece = vec![0; 256 << 10];
    loop {
        let read = source
            .read(&mut piece)
            .map_err(|error| damaged(packed, error))?;
        if read == 0 {
            return Ok(Sha256::from_bytes(hash.finalize().into()));
        }
        hash.update(piece.get(..read).unwrap_or_default());
    }
}

/// What a failed read means: the bytes are no copy, or the disk does not give them.
fn damaged(packed: &Path, error: std::io::Error) -> StoreError {
    if is_format(&error) {
        StoreError::corrupt(packed, error.to_string())
    } else {
        StoreError::io("reading", packed, error)
    }
}

fn decoder(disk: &Disk, packed: &Path) -> Result<impl std::io::Read + use<>, StoreError> {
    let file = disk.files().open(packed).at("opening", packed)?;
    zstd::Decoder::new(file).at("reading", packed)
}

/// Writes what a copy holds to `target`, a file without a name yet, which is not durable; fails with [`StoreError::Corrupt`] if
/// the copy is damaged.
pub(crate) fn unpack(disk: &Disk, packed: &Path, target: &Path) -> Result<(), StoreError> {
    let mut source = decoder(disk, packed)?;
    let mut file = disk.files().create(target).at("creating", target)?;
    let mut piece = vec![0; 256 << 10];
    loop {
        let read = source
            .read(&mut piece)
            .map_err(|error| damaged(packed, error))?;
        if read == 0 {
            break;
        }
        file.write_all(piece.get(..read).unwrap_or_default())
            .at("writing", target)?;
    }
    file.flush().at("writing", target)
}

/// Whether a copy can be read to its end. An error: the disk does not give it, so nobody knows.
pub(crate) fn is_whole(disk: &Disk, packed: &Path) -> Result<bool, StoreError> {
    match unpacked_hash(disk, packed) {
        Ok(_) => Ok(true),
        Err(StoreError::Corrupt { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
