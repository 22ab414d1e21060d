//! What a crawl did, for a newcomer, and three next commands.

use std::path::Path;
use std::time::Duration;

use nirnay_pipeline::{CrawlReport, PipelineConfig};
use nirnay_store::AuditEntry;

use crate::output::{self, count, duration, plural, size};

/// The sums of an audit over all sources and courts.
struct Sums {
    listed: u64,
    taken: u64,
    set_aside: u64,
    repeats: u64,
    stored: u64,
    missing: u64,
    pending: u64,
}

impl Sums {
    fn of(entries: &[AuditEntry]) -> Self {
        let sum = |value: fn(&AuditEntry) -> u64| entries.iter().map(value).sum();
        Self {
            listed: sum(|entry| entry.portal_rows),
            taken: sum(|entry| entry.accepted),
            set_aside: sum(|entry| entry.quarantined.values().sum()),
            repeats: sum(|entry| entry.repeats),
            stored: sum(|entry| entry.documents.stored),
            missing: sum(|entry| entry.documents.missing.values().sum()),
            pending: sum(|entry| entry.documents.pending),
        }
    }
}

pub(super) fn print(config: &PipelineConfig, report: &CrawlReport, dir: &Path, elapsed: Duration) {
    let sums = Sums::of(&report.audit.entries);
    let complete = report.is_complete();
    let state = if complete {
        "is complete: every sum agrees"
    } else {
        "is NOT complete yet"
    };
    output::data(&format!(
        "{} {state}, {}",
        config.name,
        duration(elapsed.as_secs().max(1))
    ));
    print_figures(report, &sums, dir);
    for hole in report.open.iter().take(5) {
        line("open", hole);
    }
    if report.open.len() > 5 {
        line("open", &format!("and {} more", report.open.len() - 5));
    }
    if report.open_elsewhere > 0 {
        line(
            "elsewhere",
            &format!(
                "{} more open that this pipeline did not ask for; audit lists them",
                report.open_elsewhere
            ),
        );
    }
    for stopped in &report.stopped {
        line("stopped", &format!("{}: {}", stopped.source, stopped.why));
    }
    for alarm in &report.alarms {
        line("alarm", &alarm.to_string());
    }
    print_next(complete, dir);
}

fn line(label: &str, text: &str) {
    output::data(&format!("  {label:<11} {text}"));
}

fn print_figures(report: &CrawlReport, sums: &Sums, dir: &Path) {
    let twice = if sums.repeats > 0 {
        format!(" + {} listed twice", count(sums.repeats))
    } else {
        String::new()
    };
    line(
        "judgments",
        &format!(
            "{} listed by the portals = {} taken + {} set aside{twice}",
            count(sums.listed),
            count(sums.taken),
            count(sums.set_aside)
        ),
    );
    if let Some(changes) = changes(report) {
        line("changes", &changes);
    }
    line(
        "PDFs",
        &format!(
            "{} stored, {} missing with a reason, {} still to fetch",
            count(sums.stored),
            count(sums.missing),
            count(sums.pending)
        ),
    );
    if let Some(text) = &report.text {
        let unread: u64 = text.failed.values().sum();
        let failed = if unread > 0 {
            format!(" ({} unreadable)", count(unread))
        } else {
            String::new()
        };
        line("text", &format!("{}{failed}", plural(text.pages, "page")));
    }
    if let Some(citations) = &report.citations {
        line("citations", &super::derive::citations_line(citations));
    }
    if let Some(index) = &report.index {
        line("index", &plural(index.documents, "judgment"));
    }
    if let Some(published) = &report.published {
        line(
            "tables",
            &format!(
                "{} in {}",
                size(published.bytes),
                dir.join("judgments").display()
            ),
        );
    }
    let each = if sums.stored > 0 && report.requests > sums.stored {
        format!(
            ", {:.2} for each PDF in the lake",
            report.requests as f64 / sums.stored as f64
        )
    } else {
        String::new()
    };
    line(
        "requests",
        &format!("{} in this run{each}", count(report.requests)),
    );
}

/// What a later run found that was not so before; nothing on a first run.
fn changes(report: &CrawlReport) -> Option<String> {
    let found = &report.found;
    if found.updated + found.not_listed + found.counted == 0 {
        return None;
    }
    let counted = if found.counted > 0 {
        format!(
            "; {} counted and unmoved",
            plural(found.counted, "old window")
        )
    } else {
        String::new()
    };
    Some(format!(
        "{} new, {} changed or listed again, {} no longer listed{counted}",
        count(found.new),
        count(found.updated),
        count(found.not_listed)
    ))
}

/// Three next commands, their meanings in one column.
fn print_next(complete: bool, dir: &Path) {
    let lake = if dir == Path::new("data/lake") {
        String::new()
    } else {
        format!(" --lake {}", dir.display())
    };
    let next = if complete {
        vec![
            (
                format!("./just search{lake} 'bail \"criminal appeal\"'"),
                "search the text",
            ),
            (
                format!("./just audit{lake}"),
                "see the sums, court by court",
            ),
            (
                format!("./just run status{lake}"),
                "see what was asked of the portals",
            ),
        ]
    } else {
        vec![
            (
                "the same command again".to_owned(),
                "goes on where it stopped",
            ),
            (format!("./just audit{lake}"), "see what is open"),
            (
                format!("./just run status{lake}"),
                "see what was asked of the portals",
            ),
        ]
    };
    let width = next
        .iter()
        .map(|(command, _)| command.chars().count())
        .max()
        .unwrap_or(0);
    output::data("\nNext:");
    for (command, meaning) in next {
        output::data(&format!("  {command:<width$}   {meaning}"));
    }
}
