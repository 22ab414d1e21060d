//! Damage to files at rest: bits that flip, pages of zeros, files cut short, files of others. Nothing may be
//! silently wrong: the lake refuses to open, or `fsck` finds something, or nothing that anybody reads has
//! changed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nirnay_model::PublishedJudgment;
use nirnay_store::{JudgmentFilter, Lake, OpenMode, StoreError, VerifyLevel};

use super::dice::Dice;
use super::story::LAKE;
use super::verdict::{Golden, golden, resumed_tables};
use super::{Record, in_turn};
use crate::{Snapshot, scratch, snapshot};

/// What a series of damages came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Damage {
    /// Damages done.
    pub done: u64,
    /// Kinds of files hit, with their numbers.
    pub hit: BTreeMap<String, u64>,
}

/// The command that repeats one seed.
const AGAIN: &str = "NIRNAY_SEED=<seed> cargo test --locked --workspace --test power -- damage";

/// Everything that readers see of a lake.
#[derive(PartialEq)]
struct Contents {
    layers: Snapshot,
    manifest: Vec<u8>,
    rows: Vec<PublishedJudgment>,
}

fn contents(place: &Path) -> Result<Contents, StoreError> {
    let dir = place.join(LAKE);
    let lake = Lake::open(&dir, OpenMode::ReadOnly)?;
    let rows = lake
        .published_judgments(JudgmentFilter::default())?
        .collect::<Result<_, _>>()?;
    Ok(Contents {
        layers: snapshot(&dir),
        manifest: std::fs::read(dir.join("manifest.json")).unwrap_or_default(),
        rows,
    })
}

/// Damages a finished lake once for every seed.
pub fn check_damage(seeds: std::ops::Range<u64>) -> Result<Damage, String> {
    let (closed, killed) = (scratch(), scratch());
    let end = golden(closed.path())?;
    let record = Record::make()?;
    record
        .disk_at(record.trace.len() * 9 / 10, None)
        .write_all(killed.path())
        .map_err(|error| error.to_string())?;
    let victims = [
        Victim::of(closed.path(), "")?,
        Victim::of(killed.path(), "killed: ")?,
    ];
    let seeds: Vec<u64> = seeds.collect();
    let mut damage = Damage::default();
    for seed in &seeds {
        let (victim, kind, _) = pick(&victims, &mut Dice::new(*seed));
        *damage
            .hit
            .entry(format!("{}{kind}", victim.name))
            .or_default() += 1;
        damage.done += 1;
    }
    in_turn(&seeds, |seed| {
        hurt_once(seed, &victims, &end)
            .map_err(|what| format!("seed {seed}: {what}\nagain: {AGAIN}"))
    })?;
    Ok(damage)
}

/// A lake to be damaged.
struct Victim {
    name: &'static str,
    place: PathBuf,
    files: Vec<(String, PathBuf)>,
    was: Contents,
}

impl Victim {
    fn of(place: &Path, name: &'static str) -> Result<Self, String> {
        let files = files_of(place);
        let witness = scratch();
        copy(place, witness.path()).map_err(|error| error.to_string())?;
        Ok(Self {
            name,
            place: place.to_owned(),
            files,
            was: contents(witness.path()).map_err(|error| error.to_string())?,
        })
    }
}

/// The lake and the file that a seed is about.
fn pick<'a>(victims: &'a [Victim], dice: &mut Dice) -> (&'a Victim, &'a str, &'a Path) {
    let victim = &victims[dice.below(victims.len())];
    let (kind, path) = &victim.files[dice.below(victim.files.len())];
    (victim, kind, path)
}

/// Files to be damaged, each kind as often as any other.
fn files_of(place: &Path) -> Vec<(String, PathBuf)> {
    let dir = place.join(LAKE);
    let mut kinds: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let mut folders = vec![dir.clone()];
    while let Some(folder) = folders.pop() {
        let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(&dir).unwrap_or(&path).to_owned();
            let kind = below.components().next();
            let kind = kind.map_or_else(String::new, |kind| {
                kind.as_os_str().to_string_lossy().into_owned()
            });
            if kind != "LOCK" {
                kinds.entry(kind).or_default().push(below);
            }
        }
    }
    // The ledger is where a lake can be hurt most.
    let most = kinds.values().map(Vec::len).max().unwrap_or(1);
    let mut files = Vec::new();
    for (kind, paths) in kinds {
        let turns = if kind == "ledger.sqlite" {
            3 * most
        } else {
            most
        };
        files.extend(
            paths
                .iter()
                .cycle()
                .take(turns)
                .map(|path| (kind.clone(), path.clone())),
        );
    }
    files
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target)?;
            let time = entry.metadata()?.modified()?;
            std::fs::File::options()
                .write(true)
                .open(&target)?
                .set_modified(time)?;
        }
    }
    Ok(())
}

/// Changes some bytes as a disk does: the file's times stay as they are.
fn hurt(path: &Path, dice: &mut Dice) -> std::io::Result<&'static str> {
    let time = std::fs::metadata(path)?.modified()?;
    let mut bytes = std::fs::read(path)?;
    let what = match dice.below(8) {
        0 if bytes.len() > 4096 => {
            let page = dice.below(bytes.len() / 4096) * 4096;
            bytes[page..page + 4096].fill(0);
            "a page of zeros"
        }
        1 if !bytes.is_empty() => {
            bytes.truncate(dice.below(bytes.len()));
            "cut short"
        }
        2 => {
            bytes = b"something else entirely".repeat(300);
            "another file"
        }
        _ if !bytes.is_empty() => {
            for _ in 0..=dice.below(64) {
                let bit = dice.below(bytes.len() * 8);
                bytes[bit / 8] ^= 1 << (bit % 8);
            }
            "flipped bits"
        }
        _ => "nothing",
    };
    std::fs::write(path, bytes)?;
    std::fs::File::options()
        .write(true)
        .open(path)?
        .set_modified(time)?;
    Ok(what)
}

fn hurt_once(seed: u64, victims: &[Victim], end: &Golden) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let (victim, _, name) = pick(victims, &mut dice);
    let place = scratch();
    copy(&victim.place, place.path()).map_err(|error| error.to_string())?;
    let dir = place.path().join(LAKE);
    let path = dir.join(name);
    let before = std::fs::read(&path).unwrap_or_default();
    let how = hurt(&path, &mut dice).map_err(|error| error.to_string())?;
    if std::fs::read(&path).unwrap_or_default() == before {
        return Ok(());
    }
    let said = format!("{}{} ({how})", victim.name, name.display());
    noticed(place.path(), &victim.was).map_err(|what| format!("{said}: {what}"))?;
    mend(&dir).map_err(|what| format!("{said}: {what}"))?;
    resumed_tables(place.path(), end).map_err(|what| format!("{said}: after repair: {what}"))
}

/// Whether damage is noticed, by readers and by who writes, or does no harm.
fn noticed(place: &Path, was: &Contents) -> Result<(), String> {
    let dir = place.join(LAKE);
    for mode in [OpenMode::ReadOnly, OpenMode::ReadWrite] {
        let findings = match Lake::open(&dir, mode) {
            Err(StoreError::Corrupt { .. }) => continue,
            Err(error) => return Err(format!("{mode:?}: an error that is no damage: {error:?}")),
            Ok(lake) => lake.verify(VerifyLevel::Full),
        };
        match findings {
            Err(StoreError::Corrupt { .. }) => {}
            Err(error) => return Err(format!("{mode:?}: verify gives up: {error:?}")),
            Ok(findings) if !findings.is_empty() => {}
            Ok(_) => {
                let is = contents(place).map_err(|error| format!("{mode:?}: {error}"))?;
                if is != *was {
                    return Err(format!("{mode:?}: silently wrong"));
                }
            }
        }
    }
    Ok(())
}

/// What `fsck --repair` does.
fn mend(dir: &Path) -> Result<(), String> {
    let text = |error: StoreError| error.to_string();
    let lake = match Lake::open(dir, OpenMode::ReadWrite) {
        Err(StoreError::Corrupt { .. }) => {
            let report = Lake::rescue(dir).map_err(text)?;
            if report.set_aside.is_none() {
                return Err("the damaged ledger was not set aside".to_owned());
            }
            Lake::open(dir, OpenMode::ReadWrite).map_err(text)?
        }
        opened => opened.map_err(text)?,
    };
    let findings = lake.verify(VerifyLevel::Full).map_err(text)?;
    let report = lake.repair(&findings).map_err(text)?;
    drop(lake);
    if report.needs_restore {
        Lake::restore(dir).map_err(text)?;
        let lake = Lake::open(dir, OpenMode::ReadWrite).map_err(text)?;
        lake.repair(&lake.verify(VerifyLevel::Full).map_err(text)?)
            .map_err(text)?;
    }
    Ok(())
}
