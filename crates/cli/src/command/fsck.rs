//! `nirnay fsck`: the invariants, checked against the files.

use jiff::Timestamp;
use nirnay_pipeline::{
    IndexReport, Silent, apply_removals, build_index, check_index, exit, find_citations,
    read_structure, rebuild_index,
};
use nirnay_store::{
    Finding, Lake, OpenMode, RepairReport, RescueReport, Severity, StoreError, VerifyLevel,
};
use serde_json::json;
use std::fmt::Write as _;

use super::Outcome;
use crate::args::{FsckArgs, Global};
use crate::failure::Failure;
use crate::output::{self, plural};

pub(crate) fn run(global: &Global, args: &FsckArgs) -> Outcome {
    let level = if args.full {
        VerifyLevel::Full
    } else {
        // Another hundredth of the documents every day.
        VerifyLevel::Share((Timestamp::now().as_second() / 86_400 % 100) as u8)
    };
    let mut rescued = None;
    let mut repaired = None;
    if args.repair {
        rescued = rescue(global)?;
    }
    let mode = if args.repair {
        OpenMode::ReadWrite
    } else {
        OpenMode::ReadOnly
    };
    let mut lake = super::open_lake(global, mode)?;
    let mut findings = lake.verify(level)?;
    if args.repair && !findings.is_empty() {
        let mut report = repair(&lake, &findings)?;
        if report.needs_restore {
            drop(lake);
            let restored = Lake::restore(&super::lake_dir(global));
            lake = super::open_lake(global, mode)?;
            report = match restored {
                Ok(restored) => {
                    rescued = Some(restored);
                    repair(&lake, &lake.verify(level)?)?
                }
                // No copy is sound either: what does not need one is mended all the same.
                Err(StoreError::NotFound { .. }) => lake.repair_without_copy(&findings)?,
                Err(error) => return Err(error.into()),
            };
        }
        repaired = Some(report);
        findings = lake.verify(level)?;
    }
    // Only now: a damaged ledger would say that the index is wrong.
    let mut of_index = check_index(&lake, args.full);
    let mut rebuilt = None;
    if args.repair && of_index.iter().any(|finding| finding.repairable) {
        let is_wrong = |finding: &Finding| finding.severity == Severity::Error;
        rebuilt = Some(match of_index.iter().find(|finding| is_wrong(finding)) {
            Some(wrong) => rebuild_index(&lake, wrong.what.clone(), &Silent)?,
            // It is only not finished.
            None => build_index(&lake, &Silent)?,
        });
        of_index = check_index(&lake, args.full);
    }
    findings.append(&mut of_index);
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    if global.json {
        let list: Vec<_> = findings.iter().map(as_json).collect();
        output::json(
            &json!({ "findings": list, "repaired": repaired, "rescued": rescued, "index": rebuilt }),
        );
    } else {
        if let Some(report) = &rescued {
            output::data(&rescue_line(report));
        }
        if let Some(report) = repaired {
            output::data(&repair_line(&report));
        }
        if let Some(report) = &rebuilt {
            output::data(&index_line(report));
        }
        for finding in &findings {
            output::data(&line(finding));
        }
        if findings.is_empty() {
            output::data("the lake is sound: sums, keys, files and hashes agree");
        } else {
            output::data(&format!(
                "{}, {} of them serious",
                plural(findings.len() as u64, "finding"),
                errors
            ));
        }
    }
    Ok(if errors == 0 { 0 } else { exit::INCOMPLETE })
}

/// Repairs; what was removed by order stays removed in the files that are published again.
fn repair(lake: &Lake, findings: &[Finding]) -> Result<RepairReport, Failure> {
    apply_removals(lake)?;
    let report = lake.repair(findings)?;
    // Where the text is there, what is made from it is made again at once.
    if report.layers_dropped > 0 && report.text_dropped + report.ocr_dropped == 0 {
        let jobs = std::thread::available_parallelism().map_or(1, usize::from);
        read_structure(lake, jobs, &Silent)?;
        find_citations(lake, jobs, &Silent)?;
    }
    Ok(report)
}

/// Brings back a lake whose ledger cannot be opened.
fn rescue(global: &Global) -> Result<Option<RescueReport>, Failure> {
    let dir = super::lake_dir(global);
    if !dir.join("LOCK").exists() {
        return Ok(None);
    }
    let report = Lake::rescue(&dir)?;
    Ok((report != RescueReport::default()).then_some(report))
}

fn rescue_line(report: &RescueReport) -> String {
    let aside = report.set_aside.as_ref().map_or_else(
        || "the ledger was missing".to_owned(),
        |path| format!("what was damaged lies in {} now", path.display()),
    );
    let restored = report.restored_at.map_or_else(
        || "no copy of it could be read, so it begins anew".to_owned(),
        |at| format!("its copy of {at:.0} was restored"),
    );
    format!(
        "{aside}; {restored}; {} captures and {} documents were found again; {} windows are open: run `nirnay crawl`",
        report.captures_found, report.documents_found, report.windows_open
    )
}

fn index_line(report: &IndexReport) -> String {
    let aside = report.set_aside.as_ref().map_or_else(String::new, |old| {
        format!("; the old one lies in {}", old.path.display())
    });
    format!(
        "the index was built: {}{aside}",
        plural(report.documents, "judgment")
    )
}

fn repair_line(report: &RepairReport) -> String {
    let mut line = format!(
        "repaired: {} files removed, {} published again, {} texts to extract again, {} files of pages read from \
         pictures to make again, {} files made from text {}, {} PDFs to fetch again, {} windows to walk again; {} left",
        report.removed,
        report.republished,
        report.text_dropped,
        report.ocr_dropped,
        report.layers_dropped,
        if report.text_dropped + report.ocr_dropped == 0 {
            "made again"
        } else {
            "to make again"
        },
        report.documents_pending,
        report.windows_opened,
        report.left
    );
    if report.hidden > 0 {
        write!(
            line,
            "; removed rows taken out of {}",
            plural(report.hidden, "layer")
        )
        .ok();
    }
    if report.documents_lost > 0 {
        write!(
            line,
            "; {} older PDFs are lost: no row lists them any more",
            report.documents_lost
        )
        .ok();
    }
    line
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Warning => "warning",
        Severity::Error => "ERROR",
    };
    let help = match &finding.repair {
        Some(repair) => format!(" (nirnay fsck --repair {repair})"),
        None => String::new(),
    };
    format!(
        "{severity} {}: {}: {}{help}",
        finding.invariant, finding.where_, finding.what
    )
}

fn as_json(finding: &Finding) -> serde_json::Value {
    json!({
        "severity": match finding.severity { Severity::Warning => "warning", Severity::Error => "error" },
        "invariant": finding.invariant,
        "where": finding.where_,
        "what": finding.what,
        "repairable": finding.repairable,
        "repair": finding.repair.as_ref().map(ToString::to_string),
    })
}
