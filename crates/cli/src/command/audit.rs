//! `nirnay audit`: the sums.

use jiff::Timestamp;
use nirnay_model::{CasePortal, courts};
use nirnay_pipeline::exit;
use nirnay_store::{Alarm, Audit, AuditEntry, AuditFilter, CaseDocumentSum, CaseItemSum, OpenMode};
use serde::Serialize;

use super::Outcome;
use super::import::Imported;
use crate::args::{AuditArgs, Global};
use crate::failure::Failure;
use crate::output::{self, count};

pub(crate) fn run(global: &Global, args: &AuditArgs) -> Outcome {
    if !args.acknowledge.is_empty() {
        return acknowledge(global, &args.acknowledge);
    }
    let lake = super::open_lake(global, OpenMode::ReadOnly)?;
    let court = args.court.as_deref().map(super::court).transpose()?;
    let filter = AuditFilter {
        court: court.map(|court| court.code.clone()),
        rows_only: args.rows_only,
        ..AuditFilter::default()
    };
    let audit = lake.ledger().audit(&filter, Timestamp::now())?;
    // No portal lists them: their proof is that the lines of their files add up.
    let imported = Imported::read(&lake)?.filter(|_| filter.court.is_none());
    if global.json {
        output::json(&Said {
            audit: &audit,
            imported,
        });
    } else {
        print(&audit, imported.as_ref());
    }
    Ok(if audit.has_open_alarms() {
        exit::DRIFT
    } else if audit.is_complete() {
        0
    } else {
        exit::INCOMPLETE
    })
}

/// Records that somebody knows of these alarms.
fn acknowledge(global: &Global, ids: &[i64]) -> Outcome {
    let lake = super::open_lake(global, OpenMode::ReadWrite)?;
    // All or none: a wrong number must not leave the others half told.
    let known = lake.ledger().alarms()?;
    let unknown: Vec<String> = ids
        .iter()
        .filter(|id| known.iter().all(|alarm| alarm.id != **id))
        .map(ToString::to_string)
        .collect();
    if !unknown.is_empty() {
        return Err(Failure::usage(format!(
            "there is no alarm {}; nothing was acknowledged; `nirnay audit` lists the alarms",
            unknown.join(", ")
        )));
    }
    let alarms = ids
        .iter()
        .map(|id| lake.ledger().acknowledge_alarm(*id, Timestamp::now()))
        .collect::<Result<Vec<Alarm>, _>>()?;
    if global.json {
        output::json(&alarms);
    } else {
        for alarm in &alarms {
            output::data(&format!("known from now on: {alarm}"));
        }
    }
    Ok(0)
}

/// Alarms that are not closed, in words.
pub(crate) fn alarms(alarms: &[Alarm]) -> Vec<String> {
    alarms
        .iter()
        .map(|alarm| {
            let known = if alarm.is_open() {
                ""
            } else {
                " (acknowledged)"
            };
            format!("{alarm}{known}")
        })
        .collect()
}

/// The audit as it is printed for programs.
#[derive(Serialize)]
struct Said<'a> {
    #[serde(flatten)]
    audit: &'a Audit,
    imported: Option<Imported>,
}

fn print(audit: &Audit, imported: Option<&Imported>) {
    output::data(&format!(
        "{:<12} {:<13} {:>9} {:>9} {:>9} {:>7}   {:>9} {:>9} {:>8} {:>8}",
        "source",
        "court",
        "listed",
        "= taken",
        "+ aside",
        "+ twice",
        "PDFs",
        "= stored",
        "+ missing",
        "+ open"
    ));
    for entry in &audit.entries {
        print_entry(entry);
    }
    let total = |value: fn(&AuditEntry) -> u64| audit.entries.iter().map(value).sum::<u64>();
    output::data(&format!(
        "{:<12} {:<13} {:>9} {:>9} {:>9} {:>7}   {:>9} {:>9} {:>8} {:>8}",
        "all",
        "",
        count(total(|e| e.portal_rows)),
        count(total(|e| e.accepted)),
        count(total(|e| e.quarantined.values().sum())),
        count(total(|e| e.repeats)),
        count(total(|e| e.documents.listed)),
        count(total(|e| e.documents.stored)),
        count(total(|e| e.documents.missing.values().sum())),
        count(total(|e| e.documents.pending)),
    ));
    for line in case_lines(&audit.cases) {
        output::data(&line);
    }
    for line in document_lines(&audit.case_documents) {
        output::data(&line);
    }
    if let Some(imported) = imported {
        output::data(&format!("imported: {imported}"));
    }
    for (what, reasons) in reasons(audit) {
        output::data(&format!("{what}: {reasons}"));
    }
    for alarm in alarms(&audit.alarms) {
        output::data(&alarm);
    }
    if audit.is_complete() {
        output::data(
            "complete: every window is proven, every listed PDF is stored or missing with a reason",
        );
        return;
    }
    output::data("NOT complete:");
    for hole in &audit.holes {
        output::data(&format!("  {hole}"));
    }
    let open = audit.open_case_questions();
    if open > 0 {
        output::data(&format!(
            "  {} questions to case portals have no answer: run the same `nirnay case` command again",
            count(open)
        ));
    }
}

/// What each case portal was asked: every question has one outcome.
fn case_lines(sums: &[CaseItemSum]) -> Vec<String> {
    let mut portals = std::collections::BTreeMap::<_, Vec<&CaseItemSum>>::new();
    for sum in sums {
        portals.entry(sum.portal).or_default().push(sum);
    }
    let line = |(portal, sums): (CasePortal, Vec<&CaseItemSum>)| {
        let all = sums.iter().map(|sum| sum.number).sum();
        let parts: Vec<String> = sums
            .iter()
            .map(|sum| format!("{} {}", count(sum.number), sum.state.name()))
            .collect();
        format!(
            "{:<16} {} questions = {}",
            portal.name(),
            count(all),
            parts.join(" + ")
        )
    };
    portals.into_iter().map(line).collect()
}

/// What became of the documents that the case portals name: each is stored, or missing with a reason.
fn document_lines(sums: &[CaseDocumentSum]) -> Vec<String> {
    let mut portals = std::collections::BTreeMap::<&str, Vec<&CaseDocumentSum>>::new();
    for sum in sums {
        portals.entry(&sum.portal).or_default().push(sum);
    }
    let line = |(portal, sums): (&str, Vec<&CaseDocumentSum>)| {
        let all = sums.iter().map(|sum| sum.number).sum();
        let parts: Vec<String> = sums
            .iter()
            .map(|sum| match &sum.missing {
                None => format!("{} stored", count(sum.number)),
                Some(reason) => format!("{} missing ({reason})", count(sum.number)),
            })
            .collect();
        format!(
            "{portal:<16} {} documents = {}",
            count(all),
            parts.join(" + ")
        )
    };
    portals.into_iter().map(line).collect()
}

fn print_entry(entry: &AuditEntry) {
    let court = courts()
        .find(entry.court.as_str())
        .map_or(entry.court.as_str(), |court| court.slug.as_str());
    output::data(&format!(
        "{:<12} {:<13} {:>9} {:>9} {:>9} {:>7}   {:>9} {:>9} {:>8} {:>8}",
        entry.source.name(),
        court,
        count(entry.portal_rows),
        count(entry.accepted),
        count(entry.quarantined.values().sum()),
        count(entry.repeats),
        count(entry.documents.listed),
        count(entry.documents.stored),
        count(entry.documents.missing.values().sum()),
        count(entry.documents.pending),
    ));
}

/// Rows set aside and PDFs missing, by reason.
fn reasons(audit: &Audit) -> Vec<(&'static str, String)> {
    let mut aside = std::collections::BTreeMap::new();
    let mut missing = std::collections::BTreeMap::new();
    for entry in &audit.entries {
        for (reason, rows) in &entry.quarantined {
            *aside.entry(reason.clone()).or_insert(0) += rows;
        }
        for (reason, rows) in &entry.documents.missing {
            *missing.entry(reason.clone()).or_insert(0) += rows;
        }
    }
    [("rows set aside", aside), ("PDFs missing", missing)]
        .into_iter()
        .filter(|(_, reasons)| !reasons.is_empty())
        .map(|(what, reasons)| {
            let list: Vec<String> = reasons
                .iter()
                .map(|(reason, n)| format!("{reason} {n}"))
                .collect();
            (what, list.join(", "))
        })
        .collect()
}
