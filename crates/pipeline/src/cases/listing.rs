//! The listing of the Supreme Court's mobile application, from a file into the lake.

use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use nirnay_model::{CaseView, Sha256};
use nirnay_parse::sci::mobile_listing;
use nirnay_store::{CaseSighting, Lake, SeenCase, SightingCounts};

use super::publish_cases;
use crate::error::{PipelineError, config_error};

/// India is five and a half hours ahead.
const INDIA: SignedDuration = SignedDuration::from_mins(330);

/// Takes the cases of a listing (`{"data":[…]}`) into the lake and publishes its tables. The same file again changes
/// nothing.
///
/// # Errors
/// [`PipelineError::Config`] where the file is no listing, with the row; those of the lake.
pub fn import_listing(
    lake: &Lake,
    path: &Path,
    now: Timestamp,
) -> Result<SightingCounts, PipelineError> {
    let bytes = std::fs::read(path).map_err(|source| PipelineError::Io {
        path: path.to_owned(),
        source,
    })?;
    let there = now.saturating_add(INDIA).unwrap_or(now);
    let today = there.to_zoned(TimeZone::UTC).date();
    let cases = mobile_listing(&bytes, today)
        .into_result()
        .map_err(|refusal| config_error(path, refusal.to_string()))?;
    let digest = Sha256::of(&bytes);
    let run = lake.ledger().begin_run("import-listing", digest, now)?;
    let seen = |case| SeenCase {
        case,
        view: CaseView::Page,
    };
    let counts = lake.see_cases(&CaseSighting {
        run_started: run.started_at,
        capture_id: None,
        cases: cases.into_iter().map(seen).collect(),
        list: None,
    })?;
    publish_cases(lake)?;
    lake.ledger().finish_run(run.id, "complete", now)?;
    Ok(counts)
}
