//! What ends the work of a source, or of everything.

use nirnay_fetch::{ErrorClass, FetchError};
use nirnay_model::{QuarantineReason, QuarantinedRow};

use crate::error::PipelineError;
use crate::exit;

/// How a source's work ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// Everything that could be done was done.
    Done,
    /// It stopped early; the next run goes on. Why, and the exit code for it.
    Stopped { why: String, exit_code: u8 },
}

/// Rows on a page that may be unreadable before the page as a whole is taken for one in a new layout.
const DAMAGED_ROWS: u64 = 5;

/// A page of which more than a twentieth cannot be read is no page with a few damaged rows: the portal has
/// changed, and nothing of it is published. The capture is kept.
pub(crate) fn refuse_drift<'a>(
    rows: u64,
    set_aside: impl Iterator<Item = &'a QuarantinedRow>,
) -> Result<(), Stop> {
    let unreadable = set_aside
        .filter(|row| {
            matches!(
                row.reason,
                QuarantineReason::Unreadable
                    | QuarantineReason::TooComplex
                    | QuarantineReason::NoDocumentLink
                    | QuarantineReason::StrangePath
                    | QuarantineReason::UnknownCourt
            )
        })
        .collect::<Vec<_>>();
    let count = unreadable.len() as u64;
    if count < DAMAGED_ROWS || count * 20 <= rows {
        return Ok(());
    }
    let example = unreadable.first().map_or("", |row| row.detail.as_str());
    Err(Stop::Drift(format!(
        "{count} of {rows} rows on the page could not be read (for example: {example}); the portal's layout has changed"
    )))
}

/// What ends a window's attempt early.
pub(crate) enum Stop {
    /// A portal error; whether it stops the source depends on its class.
    Source(FetchError),
    /// The portal's replies are no longer understood: the source stops.
    Drift(String),
    /// The lake is in trouble: everything stops.
    Broken(PipelineError),
}

impl Stop {
    /// The end of the source's work, or of everything.
    pub(crate) fn into_ended(self) -> Result<Ended, PipelineError> {
        match self {
            Self::Source(error) => Ok(Ended::Stopped {
                exit_code: exit::of_fetch(&error),
                why: error.to_string(),
            }),
            Self::Drift(why) => Ok(Ended::Stopped {
                exit_code: exit::DRIFT,
                why,
            }),
            Self::Broken(error) => Err(error),
        }
    }
}

impl From<nirnay_store::StoreError> for Stop {
    fn from(error: nirnay_store::StoreError) -> Self {
        Self::Broken(error.into())
    }
}

/// Whether an error ends the source's work for this run. Drift and bugs do too: what is not
/// understood must not be asked for again and again.
pub(crate) fn stops_source(error: &FetchError) -> bool {
    match error.class() {
        ErrorClass::Transient | ErrorClass::Expired | ErrorClass::Permanent(_) => false,
        ErrorClass::Throttled { .. }
        | ErrorClass::Blocked
        | ErrorClass::Stopped(_)
        | ErrorClass::CaptchaCap
        | ErrorClass::Drift
        | ErrorClass::Local
        | ErrorClass::Bug => true,
    }
}

#[cfg(test)]
mod tests {
    use nirnay_model::Sha256;

    use super::*;

    fn is_drift(rows: u64, set_aside: usize, reason: QuarantineReason) -> bool {
        let row = QuarantinedRow {
            key: Sha256::of(b"row"),
            reason,
            detail: "no button and no details".to_owned(),
            html: String::new(),
        };
        let list = vec![row; set_aside];
        matches!(refuse_drift(rows, list.iter()), Err(Stop::Drift(_)))
    }

    #[test]
    fn a_page_that_cannot_be_read_is_drift_and_a_few_damaged_rows_are_not() {
        for (rows, set_aside, reason, expected) in [
            (1_000, 1_000, QuarantineReason::Unreadable, true),
            (100, 6, QuarantineReason::StrangePath, true),
            (100, 5, QuarantineReason::Unreadable, false),
            (10, 4, QuarantineReason::Unreadable, false),
            (50, 50, QuarantineReason::ImpossibleDate, false),
            (0, 0, QuarantineReason::Unreadable, false),
        ] {
            assert_eq!(
                is_drift(rows, set_aside, reason),
                expected,
                "{set_aside} of {rows}: {reason:?}"
            );
        }
    }
}
