//! `nirnay status`: what the lake holds, what the portals were asked for and when they may be asked again.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nirnay_fetch::Politeness;
use nirnay_store::{AuditFilter, Lake, Layer, OpenMode, RequestStat};
use serde_json::json;

use super::import::Imported;
use super::{Outcome, acceptance, hosts};
use crate::args::{Global, StatusArgs};
use crate::failure::Failure;
use crate::output::{self, count, size};

pub(crate) fn run(global: &Global, args: &StatusArgs) -> Outcome {
    let politeness = match &args.pipeline {
        Some(path) => super::crawl::read_pipeline(path)?.politeness,
        None => Politeness::default(),
    };
    let lake = super::open_lake(global, OpenMode::ReadOnly)?;
    let ledger = lake.ledger();
    let audit = ledger.audit(&AuditFilter::default(), Timestamp::now())?;
    let run = ledger.last_run()?;
    let requests = ledger.request_stats(None)?;
    let captchas = ledger.captcha_stats(None)?;
    let names: BTreeSet<String> = requests.iter().map(|stat| stat.host.clone()).collect();
    let hosts = hosts::read(lake.dir(), names, &politeness)?;
    let imported = Imported::read(&lake)?;
    if global.json {
        output::json(&json!({
            "imported": imported,
            "last_run": run.as_ref().map(|run| json!({
                "run": run.id, "pipeline": run.pipeline, "started_at": run.started_at,
                "finished_at": run.finished_at, "outcome": run.outcome, "requests": run.requests,
            })),
            "layers": layers_of(&lake)?.iter().map(|(layer, rows, bytes)| json!({
                "layer": layer.name(), "rows": rows, "bytes": bytes,
            })).collect::<Vec<_>>(),
            "audit": audit, "requests": requests, "captchas": captchas,
            "captcha_acceptance": acceptance::entries(&captchas),
            "hosts": hosts.iter().map(|host| host.json(&politeness)).collect::<Vec<_>>(),
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
    if let Some(line) = layers(&layers_of(&lake)?) {
        output::data(&line);
    }
    if let Some(line) = cases(&layers_of(&lake)?, audit.open_case_questions()) {
        output::data(&line);
    }
    if let Some(imported) = &imported {
        output::data(&format!("imported   {imported}"));
    }
    output::data(&format!(
        "proof      {}",
        if audit.is_complete() {
            "complete".to_owned()
        } else {
            format!("{} open (nirnay audit lists them)", audit.holes.len())
        }
    ));
    for alarm in super::audit::alarms(&audit.alarms) {
        output::data(&alarm);
    }
    print_requests(&requests);
    for line in hosts.iter().flat_map(|host| host.lines(&politeness)) {
        output::data(&line);
    }
    for line in acceptance::lines(&captchas) {
        output::data(&line);
    }
    Ok(0)
}

fn layers_of(lake: &Lake) -> Result<Vec<(Layer, u64, u64)>, Failure> {
    Ok(lake.ledger().layer_sums()?)
}

/// The layers made from documents, with their rows.
fn layers(sums: &[(Layer, u64, u64)]) -> Option<String> {
    let part = |(layer, rows, _): &(Layer, u64, u64)| {
        let noun = match layer {
            Layer::Judgments
            | Layer::Revisions
            | Layer::Degrees
            | Layer::Cases
            | Layer::Hearings
            | Layer::Orders
            | Layer::CauseLists => return None,
            Layer::Text => "page",
            Layer::Ocr => "page read from a picture",
            Layer::Structure => "element",
            Layer::Citations => "citation",
            Layer::Cites => "edge",
            Layer::Dangling => "key that leads nowhere",
        };
        let plural = match layer {
            Layer::Ocr => "pages read from pictures".to_owned(),
            Layer::Dangling => "keys that lead nowhere".to_owned(),
            _ => format!("{noun}s"),
        };
        let noun = if *rows == 1 { noun } else { &plural };
        Some(format!("{} {noun}", count(*rows)))
    };
    let parts: Vec<String> = sums.iter().filter_map(part).collect();
    (!parts.is_empty()).then(|| format!("text       {}", parts.join(", ")))
}

/// The layers of cases, with their rows, and the questions without an answer.
fn cases(sums: &[(Layer, u64, u64)], open: u64) -> Option<String> {
    let part = |(layer, rows, _): &(Layer, u64, u64)| {
        let (noun, plural) = match layer {
            Layer::Cases => ("case", "cases"),
            Layer::Hearings => ("hearing", "hearings"),
            Layer::Orders => ("order", "orders"),
            Layer::CauseLists => ("line of cause lists", "lines of cause lists"),
            _ => return None,
        };
        let noun = if *rows == 1 { noun } else { plural };
        Some(format!("{} {noun}", count(*rows)))
    };
    let mut parts: Vec<String> = sums.iter().filter_map(part).collect();
    if open > 0 {
        parts.push(format!("{} questions open", count(open)));
    }
    (!parts.is_empty()).then(|| format!("cases      {}", parts.join(", ")))
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
