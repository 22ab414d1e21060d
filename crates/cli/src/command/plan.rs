//! The plan of a crawl, for `--dry-run`.

use nirnay_model::courts;
use nirnay_pipeline::{PipelineConfig, Plan};

use crate::output::{self, count, duration, plural};

pub(super) fn print(config: &PipelineConfig, plan: &Plan) {
    output::data(&format!("{}: {}", plan.pipeline, config.about));
    output::data(&format!("basis for access: {}", config.basis));
    output::data("");
    output::data(&format!(
        "{:<12} {:<13} {:>9} {:>11} {:>11}  dates still to walk",
        "source", "court", "rows", "PDFs", "requests"
    ));
    for line in &plan.lines {
        let mut dates: Vec<String> = line.windows.iter().map(ToString::to_string).collect();
        if line.open > 0 {
            dates.push(format!(
                "{} open from earlier runs",
                plural(line.open, "window")
            ));
        }
        if line.again > 0 {
            dates.push(format!("{} to walk again", plural(line.again, "window")));
        }
        if line.counts > 0 {
            dates.push(format!("{} to count", plural(line.counts, "window")));
        }
        if dates.is_empty() {
            dates.push(if line.source == nirnay_model::SourceId::SciFeed {
                "the feed as it stands".to_owned()
            } else {
                "nothing".to_owned()
            });
        }
        output::data(&format!(
            "{:<12} {:<13} {:>9} {:>11} {:>11}  {}",
            line.source.name(),
            slug(line.court.as_str()),
            count(line.rows),
            count(line.documents),
            count(line.requests),
            dates.join(", ")
        ));
    }
    output::data("");
    let runs = plan.requests.div_ceil(plan.budget.max(1));
    output::data(&format!(
        "about {} (rows are estimated from counts of 2026-05; the portal's own totals decide)",
        plural(plan.requests, "request")
    ));
    output::data(&format!(
        "budget {} a run: {}; about {} at the configured pace",
        plural(plan.budget, "request"),
        plural(runs, "run"),
        duration(plan.seconds)
    ));
    output::data("nothing was sent");
}

/// The court's name for people.
fn slug(code: &str) -> &str {
    courts()
        .find(code)
        .map_or(code, |court| court.slug.as_str())
}
