//! What the index is asked before it is believed: invariant I6.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;

use nirnay_index::{SearchOptions, Searcher, set_aside, verify};
use nirnay_store::{Derived, Finding, Lake, Repair, Severity};

use crate::changed::Changed;
use crate::error::PipelineError;
use crate::event::Observer;
use crate::index::{IndexReport, SetAside, build_index, held};
use crate::index_imports::{hidden_imports, imports_wait};

/// Documents asked for by key and by their words.
const SAMPLES: usize = 64;
/// The same where every file is read.
const MORE_SAMPLES: usize = 1_000;
/// The most findings of one kind.
const MOST_FINDINGS: usize = 20;

/// What is wrong with the index of a lake: whether it opens, has as many documents as the lake, and finds some of
/// them by key and by the opening words of their text. With `whole` also every checksum, and whether it holds
/// what the lake does not hold or is to show to nobody. Nothing where no index was ever made.
///
/// A lake whose ledger is damaged cannot be compared with: that is a finding too, behind the lake's own.
pub fn check_index(lake: &Lake, whole: bool) -> Vec<Finding> {
    check(lake, whole).unwrap_or_else(|error| {
        vec![Finding {
            repairable: false,
            repair: None,
            ..finding(format!("it was not compared with the lake: {error}"))
        }]
    })
}

fn check(lake: &Lake, whole: bool) -> Result<Vec<Finding>, PipelineError> {
    let dir = lake.dir().join("index");
    let mark = lake.ledger().index_mark()?;
    if !dir.exists() {
        let lost =
            mark.map(|_| warning("it is gone; the next crawl or `nirnay index` makes it again"));
        return Ok(lost.into_iter().collect());
    }
    if whole {
        let damaged = damaged(&dir);
        if !damaged.is_empty() {
            return Ok(damaged);
        }
    }
    let searcher = match Searcher::open(&dir) {
        Ok(searcher) => searcher,
        Err(error) => return Ok(vec![finding(error.to_string())]),
    };
    let is_finished = mark.is_some() && searcher.watermark() == mark;
    if !is_finished {
        return Ok(vec![warning(
            "it is not finished, or not the one that the ledger speaks of; the next crawl or `nirnay index` \
             goes through all rows",
        )]);
    }
    let mut findings: Vec<Finding> = count(lake, &searcher)?.into_iter().collect();
    let samples = if whole { MORE_SAMPLES } else { SAMPLES };
    match searcher.lost(samples) {
        Ok(lost) => findings.extend(lost.into_iter().take(MOST_FINDINGS).map(finding)),
        Err(error) => findings.push(finding(format!("it does not answer: {error}"))),
    }
    if whole {
        findings.extend(ahead(lake, &searcher)?);
    }
    Ok(findings)
}

/// Moves an index aside that is not believed, and builds it from the tables.
pub fn rebuild_index(
    lake: &Lake,
    why: String,
    observer: &dyn Observer,
) -> Result<IndexReport, PipelineError> {
    let dir = lake.dir().join("index");
    let aside = if dir.exists() {
        let path = set_aside(&dir)?;
        Some(SetAside { path, why })
    } else {
        None
    };
    let mut report = build_index(lake, observer)?;
    report.set_aside = report.set_aside.or(aside);
    Ok(report)
}

fn damaged(dir: &Path) -> Vec<Finding> {
    match verify(dir) {
        Ok(files) => files
            .iter()
            .take(MOST_FINDINGS)
            .map(|file| {
                finding(format!(
                    "{} has other bytes than were written",
                    file.display()
                ))
            })
            .collect(),
        Err(error) => vec![finding(error.to_string())],
    }
}

/// Whether texts were imported that `nirnay index` has not seen yet.
pub fn imports_wait_for_index(lake: &Lake) -> Result<bool, PipelineError> {
    lake.imports()?.as_ref().map_or(Ok(false), imports_wait)
}

/// Compares the number of documents, unless the lake has something that is not indexed yet.
fn count(lake: &Lake, searcher: &Searcher) -> Result<Option<Finding>, PipelineError> {
    let waits = !lake.ledger().held_sources()?.is_empty()
        || !Changed::of(lake, Derived::Index)?.versions.is_empty();
    if waits {
        return Ok(None);
    }
    let imported = match lake.imports()? {
        Some(imports) if imports_wait(&imports)? => return Ok(None),
        Some(imports) => imports.sums()?.0 - hidden_imports(lake)?.len() as u64,
        None => 0,
    };
    let listed: u64 = lake.shards()?.iter().map(|shard| shard.rows).sum();
    let (held, wanted) = (searcher.document_count(), listed + imported);
    Ok((held != wanted).then(|| finding(format!("it has {held} documents, the lake {wanted}"))))
}

/// Documents that the lake does not hold, or that an order took away.
fn ahead(lake: &Lake, searcher: &Searcher) -> Result<Vec<Finding>, PipelineError> {
    let mut removed: HashSet<String> = lake.ledger().removed_rows()?.into_iter().collect();
    removed.extend(hidden_imports(lake)?);
    let imports = lake.imports()?;
    let mut findings = Vec::new();
    let mut failed = None;
    let everything = searcher.export("", &SearchOptions::default(), &mut |hit| {
        let what = match held(lake, imports.as_ref(), &hit.key) {
            Ok(_) if removed.contains(&hit.key) => "shows a removed row",
            Ok(true) => return ControlFlow::Continue(()),
            Ok(false) => "has a row that the lake does not hold",
            Err(error) => {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        };
        findings.push(finding(format!("it {what}: {}", hit.key)));
        if findings.len() == MOST_FINDINGS {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    if let Some(error) = failed {
        return Err(error);
    }
    if let Err(error) = everything {
        findings.push(finding(format!("it does not answer: {error}")));
    }
    Ok(findings)
}

fn finding(what: impl Into<String>) -> Finding {
    Finding {
        severity: Severity::Error,
        invariant: "I6",
        what: what.into(),
        where_: "index".to_owned(),
        repairable: true,
        repair: Some(Repair::BuildIndex),
    }
}

/// The stages mend it by themselves.
fn warning(what: &str) -> Finding {
    Finding {
        severity: Severity::Warning,
        ..finding(what)
    }
}
