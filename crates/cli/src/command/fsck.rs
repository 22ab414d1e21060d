//! `nirnay fsck`: the invariants, checked against the files.

use nirnay_pipeline::exit;
use nirnay_store::{Finding, OpenMode, Severity, VerifyLevel};
use serde_json::json;

use super::Outcome;
use crate::args::{FsckArgs, Global};
use crate::output::{self, plural};

pub(crate) fn run(global: &Global, args: &FsckArgs) -> Outcome {
    let mode = if args.repair {
        OpenMode::ReadWrite
    } else {
        OpenMode::ReadOnly
    };
    let lake = super::open_lake(global, mode)?;
    let level = if args.full {
        VerifyLevel::Full
    } else {
        VerifyLevel::Quick
    };
    let mut findings = lake.verify(level)?;
    let mut repaired = None;
    if args.repair && !findings.is_empty() {
        repaired = Some(lake.repair(&findings)?);
        findings = lake.verify(level)?;
    }
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    if global.json {
        let list: Vec<_> = findings.iter().map(as_json).collect();
        output::json(&json!({ "findings": list, "repaired": repaired }));
    } else {
        if let Some(report) = repaired {
            output::data(&format!(
                "repaired: {} files removed, {} published again, {} texts to extract again, {} PDFs to fetch again; {} left",
                report.removed,
                report.republished,
                report.text_dropped,
                report.documents_pending,
                report.left
            ));
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

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Warning => "warning",
        Severity::Error => "ERROR",
    };
    let help = if finding.repairable {
        " (nirnay fsck --repair can mend it)"
    } else {
        ""
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
    })
}
