//! `nirnay extract` and `nirnay index`: the layers to the right, without the network.

use std::time::Duration;

use nirnay_extract::Limits;
use nirnay_pipeline::{ChildExtractor, ExtractConfig, build_index, extract_text, publish_tables};
use nirnay_store::OpenMode;
use serde_json::json;

use super::Outcome;
use super::crawl::worker_program;
use crate::args::{ExtractArgs, Global};
use crate::failure::Failure;
use crate::output::{self, plural};
use crate::progress::{Progress, Show};

pub(crate) fn extract(global: &Global, args: &ExtractArgs) -> Outcome {
    let config = settings(args)?;
    let lake = super::open_lake(global, OpenMode::ReadWrite)?;
    let limits = Limits {
        memory_bytes: config.memory_mib << 20,
        wall: Duration::from_secs(config.seconds),
        ..Limits::default()
    };
    let extractor =
        ChildExtractor::new(worker_program()?, vec!["extract-worker".to_owned()], limits);
    let progress = progress(global);
    let report = extract_text(&lake, &extractor, config.jobs, &progress)?;
    // The number of pages is a column of the judgment tables.
    let published = publish_tables(&lake, &progress)?;
    progress.clear();
    if global.json {
        output::json(&json!({ "text": report, "tables": published }));
        return Ok(0);
    }
    output::data(&format!(
        "{} extracted, {} in text/",
        plural(report.extracted, "document"),
        plural(report.pages, "page")
    ));
    for (reason, documents) in &report.failed {
        output::data(&format!("  no text: {reason} {documents}"));
    }
    Ok(0)
}

/// The limits of the pipeline file, or the built-in ones, as the command line changes them.
fn settings(args: &ExtractArgs) -> Result<ExtractConfig, Failure> {
    let mut config = match &args.pipeline {
        Some(path) => super::crawl::read_pipeline(path)?.extract,
        None => ExtractConfig::default(),
    };
    config.jobs = args.jobs.unwrap_or(config.jobs);
    config.seconds = args.timeout.unwrap_or(config.seconds);
    Ok(config)
}

pub(crate) fn index(global: &Global) -> Outcome {
    let lake = super::open_lake(global, OpenMode::ReadWrite)?;
    let progress = progress(global);
    let report = build_index(&lake, &progress)?;
    progress.clear();
    if global.json {
        output::json(&report);
        return Ok(0);
    }
    if let Some(path) = &report.set_aside {
        output::talk(&format!(
            "the old index could not be used; it was moved to {}",
            path.display()
        ));
    }
    output::data(&format!(
        "{} in the index: {} added or changed, {} removed",
        plural(report.documents, "judgment"),
        report.changed,
        report.removed
    ));
    Ok(0)
}

fn progress(global: &Global) -> Progress {
    let show = if global.quiet {
        Show::Quiet
    } else {
        Show::Auto
    };
    Progress::new(show, 0, false)
}
