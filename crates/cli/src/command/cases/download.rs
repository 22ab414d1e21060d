//! Documents into a folder: whole or not at all, and never over another.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nirnay_fetch::{CaseAnswer, CaseAsk};
use nirnay_pipeline::{Paper, PaperFate, PaperOf, exit};

use super::connect::Asker;
use super::show::{cnr, date};
use crate::command::Outcome;
use crate::failure::Failure;
use crate::output::talk;

/// Names tried before giving up.
const MOST_NAMES: u32 = 10_000;

/// Writes the documents that an answer names, which is the answer to what was asked last; the exit code says whether all
/// of them came. One that does not come is told; whatever stops the portal's use stops the command.
pub(super) async fn papers(
    asker: &mut Asker,
    (ask, answer): (&CaseAsk, &CaseAnswer),
    dir: &Path,
) -> Outcome {
    let mut papers = asker.papers(ask, answer);
    let (all, mut missing) = (papers.len(), 0_usize);
    while let Some((paper, fate)) = asker.next_paper(&mut papers).await? {
        let name = name(ask, answer, &paper);
        match fate {
            PaperFate::Came(bytes) => talk(&format!("{}", keep(dir, &name, &bytes)?.display())),
            PaperFate::Missing(reason, why) => {
                missing += 1;
                talk(&format!("{name}: missing ({}): {why}", reason.name()));
            }
            PaperFate::Open(why) => {
                missing += 1;
                talk(&format!("{name}: did not come, ask again: {why}"));
            }
        }
    }
    if missing == 0 {
        return Ok(0);
    }
    talk(&format!("{missing} of {all} documents are missing"));
    Ok(exit::INCOMPLETE)
}

/// A name that says whose document it is.
fn name(ask: &CaseAsk, answer: &CaseAnswer, paper: &Paper) -> String {
    let parts = match &paper.of {
        PaperOf::List(list) => {
            let serial = list.serial.map(|n| n.to_string()).unwrap_or_default();
            return format!("causelist_{}_{serial}_{}", day(ask), list.bench);
        }
        PaperOf::Latest(row) => {
            let day = row.judgment.decision_date.map(|day| day.to_string());
            let diary = row.judgment.diary_number.clone();
            vec![Some(diary.unwrap_or_else(|| "diary".to_owned())), day]
        }
        PaperOf::Order(order) => vec![
            Some(key(ask, answer, paper)),
            Some(date(order.date.as_ref())),
            order.number.clone(),
            order.language.clone(),
        ],
    };
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_")
}

/// CNR, diary number or case number.
fn key(ask: &CaseAsk, answer: &CaseAnswer, paper: &Paper) -> String {
    if let CaseAsk::District(nirnay_fetch::DistrictAsk::Orders {
        case_type,
        number,
        year,
        ..
    }) = ask
    {
        return format!("{case_type}_{number}_{year}");
    }
    let cases = match answer {
        CaseAnswer::Case(case) => vec![case.as_ref().clone()],
        CaseAnswer::Cases(found) => found.list(),
        _ => Vec::new(),
    };
    let owner = |case: &&nirnay_model::Case| nirnay_model::CaseKey::of(case) == paper.owner;
    let Some(case) = cases.iter().find(owner) else {
        return String::new();
    };
    let number = case.number.as_ref().map(|number| number.printed.clone());
    let cnr = Some(cnr(case)).filter(|cnr| !cnr.is_empty());
    cnr.or_else(|| case.diary_number.clone())
        .or(number)
        .unwrap_or_default()
}

fn day(ask: &CaseAsk) -> String {
    match ask {
        CaseAsk::Hc(nirnay_fetch::HcAsk::CauseLists { date, .. }) => date.to_string(),
        _ => String::new(),
    }
}

/// Keeps a document under `name` (without an ending); says where it lies. A file of that name with the same bytes
/// is the same document; with other bytes it stays, and the new one gets a number.
pub(super) fn keep(dir: &Path, name: &str, bytes: &[u8]) -> Result<PathBuf, Failure> {
    write(dir, &clean(name), bytes).map_err(|error| Failure::io(dir, &error))
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(dir)?;
    let aside = dir.join(format!(".{name}.{}.part", std::process::id()));
    let mut file = File::create(&aside)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    drop(file);
    let kept = written.and_then(|()| link(dir, name, &aside, bytes));
    let removed = fs::remove_file(&aside);
    let path = kept?;
    removed?;
    File::open(dir)?.sync_all()?;
    Ok(path)
}

/// Gives the file a name that no other has: a link fails where one is there, a rename would not.
fn link(dir: &Path, name: &str, aside: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    for number in 1..=MOST_NAMES {
        let path = match number {
            1 => dir.join(format!("{name}.pdf")),
            _ => dir.join(format!("{name}_{number}.pdf")),
        };
        match fs::hard_link(aside, &path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if fs::read(&path)? == bytes {
                    return Ok(path);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!("{MOST_NAMES} files are named {name}"),
    ))
}

/// A name without what a file's name may not hold.
fn clean(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            c
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(safe).take(120).collect();
    if name.is_empty() {
        "document".to_owned()
    } else {
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let keep = |name: &str, bytes: &[u8]| super::keep(dir.path(), name, bytes).unwrap();
        let name = |path: PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(name(keep("A/1", b"x")), "A_1.pdf");
        assert_eq!(name(keep("A/1", b"x")), "A_1.pdf");
        assert_eq!(name(keep("A/1", b"y")), "A_1_2.pdf");
        assert_eq!(name(keep("../..", b"z")), "_____.pdf");
        assert_eq!(fs::read(dir.path().join("A_1.pdf")).unwrap(), b"x");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
    }
}
