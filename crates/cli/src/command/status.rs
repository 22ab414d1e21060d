//! `nirnay status`: what the lake holds and what the portals were asked for.

use jiff::Timestamp;
use nirnay_store::{AuditFilter, CaptchaStat, OpenMode, RequestStat};
use serde_json::json;

use super::Outcome;
use crate::args::Global;
use crate::output::{self, count, size};

pub(crate) fn run(global: &Global) -> Outcome {
    let lake = super::open_lake(global, OpenMode::ReadOnly)?;
    let ledger = lake.ledger();
    let audit = ledger.audit(&AuditFilter::default(), Timestamp::now())?;
    let run = ledger.last_run()?;
    let requests = ledger.request_stats(None)?;
    let captchas = ledger.captcha_stats(None)?;
    if global.json {
        output::json(&json!({
            "last_run": run.as_ref().map(|run| json!({
                "run": run.id, "pipeline": run.pipeline, "started_at": run.started_at,
                "finished_at": run.finished_at, "outcome": run.outcome, "requests": run.requests,
            })),
            "audit": audit, "requests": requests, "captchas": captchas,
        }));
        return Ok(0);
    }
    output::data(&format!("lake       {}", lake.dir().display()));
    if let Some(run) = &run {
        let state = match (&run.finished_at, &run.outcome) {
            (Some(at), Some(outcome)) => format!("{outcome} at {at:.0}"),
            _ => "interrupted or running; the same command goes on with it".to_owned(),
        };
        output::data(&format!(
            "last run   {} ({}), started {:.0}, {state}",
            run.id, run.pipeline, run.started_at
        ));
    }
    let sum =
        |value: fn(&nirnay_store::AuditEntry) -> u64| audit.entries.iter().map(value).sum::<u64>();
    output::data(&format!(
        "judgments  {} taken of {} listed, {} set aside",
        count(sum(|e| e.accepted)),
        count(sum(|e| e.portal_rows)),
        count(sum(|e| e.quarantined.values().sum()))
    ));
    output::data(&format!(
        "PDFs       {} stored, {} missing, {} to fetch",
        count(sum(|e| e.documents.stored)),
        count(sum(|e| e.documents.missing.values().sum())),
        count(sum(|e| e.documents.pending))
    ));
    output::data(&format!(
        "proof      {}",
        if audit.is_complete() {
            "complete".to_owned()
        } else {
            format!("{} open (nirnay audit lists them)", audit.holes.len())
        }
    ));
    print_requests(&requests);
    print_captchas(&captchas);
    Ok(0)
}

fn print_requests(stats: &[RequestStat]) {
    let mut hosts: std::collections::BTreeMap<&str, (u64, u64)> = std::collections::BTreeMap::new();
    for stat in stats {
        let entry = hosts.entry(stat.host.as_str()).or_default();
        entry.0 += stat.requests;
        entry.1 += stat.bytes;
    }
    for (host, (requests, bytes)) in hosts {
        output::data(&format!(
            "requests   {host}: {}, {}",
            count(requests),
            size(bytes)
        ));
    }
}

fn print_captchas(stats: &[CaptchaStat]) {
    let mut solvers: std::collections::BTreeMap<(&str, &str), (u64, u64)> =
        std::collections::BTreeMap::new();
    for stat in stats {
        let entry = solvers
            .entry((stat.portal.name(), stat.solver.as_str()))
            .or_default();
        entry.0 += stat.answered;
        entry.1 += stat.accepted;
    }
    for ((portal, solver), (answered, accepted)) in solvers {
        let share = accepted as f64 * 100.0 / answered.max(1) as f64;
        output::data(&format!(
            "captchas   {portal} by {solver}: {accepted} of {answered} accepted ({share:.0} %)"
        ));
    }
}
