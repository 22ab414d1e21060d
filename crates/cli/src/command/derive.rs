//! `nirnay extract`, `nirnay citations` and `nirnay index` over a lake: the layers to the right, without the
//! network.

use nirnay_pipeline::{
    CitationsReport, apply_removals, build_index, extract_text, find_citations, publish_tables,
    read_structure, recognise,
};
use nirnay_store::{Layer, OpenMode};
use serde_json::json;

use super::Outcome;
use super::extraction::Settings;
use crate::args::{CitationsArgs, ExtractArgs, Global};
use crate::output::{self, count, plural};
use crate::progress::{Progress, Show};

pub(crate) fn extract(global: &Global, args: &ExtractArgs) -> Outcome {
    let settings = Settings::of(&args.extractor)?;
    let reader = if args.ocr || settings.ocr.enabled {
        Some(settings.page_reader()?)
    } else {
        None
    };
    let lake = super::open_lake(global, OpenMode::ReadWrite)?;
    apply_removals(&lake)?;
    let extractor = settings.extractor()?;
    let progress = progress(global);
    let text = extract_text(&lake, &extractor, settings.jobs(), &progress)?;
    let ocr = if let Some(reader) = reader {
        Some(recognise(&lake, &reader, &progress)?)
    } else {
        lake.hide_in_layer(Layer::Ocr)?;
        None
    };
    let structure = read_structure(&lake, settings.jobs(), &progress)?;
    // The number of pages is a column of the judgment tables.
    let published = publish_tables(&lake, &progress)?;
    progress.clear();
    if global.json {
        let report =
            json!({ "text": text, "ocr": ocr, "structure": structure, "tables": published });
        output::json(&report);
        return Ok(0);
    }
    output::data(&format!(
        "{} extracted, {} in text/, {} in structure/",
        plural(text.extracted, "document"),
        plural(text.pages, "page"),
        plural(structure.elements, "element")
    ));
    for (reason, documents) in &text.failed {
        output::data(&format!("  no text: {reason} {documents}"));
    }
    if let Some(ocr) = &ocr {
        output::data(&format!(
            "{} read from pictures, {} in ocr/",
            plural(ocr.read, "page"),
            plural(ocr.pages, "page")
        ));
        for (reason, pages) in &ocr.failed {
            output::data(&format!("  not read: {reason} {pages}"));
        }
    }
    Ok(0)
}

pub(crate) fn citations(global: &Global, args: &CitationsArgs) -> Outcome {
    let settings = Settings::of(&args.extractor)?;
    let lake = super::open_lake(global, OpenMode::ReadWrite)?;
    apply_removals(&lake)?;
    let progress = progress(global);
    // The structure tells judgments' own citations, which others are resolved by.
    let structure = read_structure(&lake, settings.jobs(), &progress)?;
    let report = find_citations(&lake, settings.jobs(), &progress)?;
    progress.clear();
    if global.json {
        output::json(&json!({ "structure": structure, "citations": report }));
        return Ok(0);
    }
    output::data(&format!(
        "{} searched",
        plural(report.documents, "document")
    ));
    output::data(&format!("citations: {}", citations_line(&report)));
    Ok(0)
}

/// What the citations of a lake come to.
pub(super) fn citations_line(report: &CitationsReport) -> String {
    let line = format!(
        "{} found; {} from judgment to judgment of the lake, {} that lead to none",
        count(report.citations),
        plural(report.graph.edges, "edge"),
        plural(report.graph.dangling, "key")
    );
    if report.cut == 0 {
        return line;
    }
    let cut = plural(report.cut, "document");
    format!("{line}; {cut} with more citations than are taken")
}

pub(crate) fn index(global: &Global) -> Outcome {
    let lake = super::open_lake(global, OpenMode::ReadWrite)?;
    apply_removals(&lake)?;
    let progress = progress(global);
    let report = build_index(&lake, &progress)?;
    progress.clear();
    if global.json {
        output::json(&report);
        return Ok(0);
    }
    if let Some(old) = &report.set_aside {
        output::talk(&format!(
            "the old index could not be used ({}); it was moved to {}",
            old.why,
            old.path.display()
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
