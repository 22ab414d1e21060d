//! Whether fetched bytes are a row's document.

use std::sync::Arc;

use bytes::Bytes;
use jiff::civil::Date;
use nirnay_extract::identity::{Verdict, check};
use nirnay_extract::structure::decided;
use nirnay_model::{DocumentState, Judgment, MissingReason, Sha256, Verification};
use nirnay_parse::pdf::BadPdf;
use nirnay_store::{PendingDocument, SHARED_DOCUMENT, SHARED_SCAN, SHARED_SCAN_AGAIN};

use super::Batch;
use crate::context::Context;
use crate::error::PipelineError;
use crate::stop::Stop;
use crate::text::TextExtractor;

/// Why a document is not taken for that of its row.
const THEIRS: &str = "the text names the case of another row, which holds the same bytes";
pub(crate) const UNNAMED: &str = "the text names neither the case nor its parties";

/// Why a row is asked for a second time, and for a third, when the text is dated as another order of the case.
const DATED: &str = "the text is dated as another order of the case";
const DATED_AGAIN: &str = "the text, served twice, is dated as another order of the case";

pub(crate) const FOREIGN: &str =
    "the text is headed by another court and names neither the case nor its parties";

/// Whether a document is asked for again only because its own servings have to speak for it.
pub(crate) fn is_doubt(why: &str) -> bool {
    [
        SHARED_DOCUMENT,
        SHARED_SCAN,
        SHARED_SCAN_AGAIN,
        DATED,
        DATED_AGAIN,
    ]
    .contains(&why)
}

/// Holders of the same bytes that are looked at.
const MOST_HOLDERS: usize = 32;

/// What a fetched body turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Judged {
    Keep(Verification),
    Again {
        why: String,
        give_up_as: MissingReason,
    },
}

/// What was served, by its hashes. A portal that sets a byte order mark before a file, now and then, serves the same
/// document under two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Served {
    sha256: Sha256,
    /// The same file with the mark, or without the one that it has.
    twin: Sha256,
}

/// UTF-8's byte order mark.
const MARK: &[u8] = b"\xEF\xBB\xBF";

impl Served {
    pub(crate) fn of(bytes: &[u8], sha256: Sha256) -> Self {
        let twin = match bytes.strip_prefix(MARK) {
            Some(bare) => Sha256::of(bare),
            None => Sha256::of(&[MARK, bytes].concat()),
        };
        Self { sha256, twin }
    }

    /// Whether both are one document.
    pub(crate) fn is_same(self, other: Self) -> bool {
        self.both().contains(&other.sha256)
    }

    fn both(self) -> [Sha256; 2] {
        [self.sha256, self.twin]
    }
}

/// The other rows that were served the same bytes: those that hold them, and those that were asked for again
/// because of them. A scan that a portal gives to three rows in one session would otherwise stay with the third.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holders {
    None,
    /// There are some, and the text names the case of none of them.
    Unnamed,
    /// One of them waits for a second serving, as nothing in the text speaks against it.
    Claimants,
    /// The text names the case of one of them.
    Named,
}

/// What the text of `bytes` says about the document's row and the `others` that may have been served in its
/// place; the text is kept.
pub(crate) async fn verdict(
    context: &Context,
    document: &PendingDocument,
    bytes: Bytes,
    sha256: Sha256,
    others: &[&Judgment],
) -> Result<Verdict, Stop> {
    let extractor: Arc<dyn TextExtractor> = Arc::clone(&context.extractor);
    let version = extractor.version().to_owned();
    let own = &document.judgment;
    let dated = own.decision_date.is_some() && own.cnr.is_some() && !planted();
    let read = move || {
        let extracted = extractor.extract(&bytes);
        let days = match &extracted {
            Ok(extraction) if dated => decided(&extraction.pages),
            _ => Vec::new(),
        };
        (extracted, days)
    };
    let (extracted, days) = tokio::task::spawn_blocking(read)
        .await
        .map_err(|error| Stop::Broken(PipelineError::Internal(error.to_string())))?;
    let made_by = (context.run.id, version.as_str());
    crate::extract::keep(&context.lake, made_by, &sha256, &extracted)?;
    let Ok(extraction) = extracted else {
        return Ok(Verdict::NoText);
    };
    let found = check(own, others, &extraction.pages);
    if found == Verdict::Matched && is_another_order(context, own, &days)? {
        return Ok(Verdict::AnotherOrder);
    }
    Ok(found)
}

/// Whether the days on which a text says that it was decided are not the row's own, and an order of the same case from
/// one of them is listed, or some row about the case could not be read.
fn is_another_order(context: &Context, own: &Judgment, days: &[Date]) -> Result<bool, Stop> {
    if days.is_empty()
        || own
            .decision_date
            .is_none_or(|listed| days.contains(&listed))
    {
        return Ok(false);
    }
    let ledger = context.lake.ledger();
    for day in days {
        if ledger.has_order_of_day(own, *day)? {
            return Ok(true);
        }
    }
    Ok(ledger.is_in_quarantine(own)?)
}

/// True when the bug "a text that names the case passes for every order of it" is switched on (test builds only).
fn planted() -> bool {
    fail::fail_point!("plant-any-order-of-the-case", |_| true);
    false
}

/// What to do with bytes on which the text gave that `verdict`.
///
/// Another row may hold them already. It happens rightly (one judgment for several cases) and wrongly (one
/// row was given the other's document, perhaps another order of the same case, which few texts tell apart),
/// so every row that holds them is asked for once more.
pub(crate) fn judged(
    context: &Context,
    batch: &mut Batch<'_>,
    document: &PendingDocument,
    served: Served,
    verdict: Verdict,
) -> Result<Judged, Stop> {
    let holders = holders(context, batch, document, served)?;
    let is_known = |last| served.both().contains(&last);
    let seen = match document.last_error.as_deref() {
        _ if !document.last_sha256.is_some_and(is_known) => Seen::Never,
        Some(SHARED_SCAN_AGAIN) => Seen::Thrice,
        Some(SHARED_SCAN | DATED_AGAIN) => Seen::Twice,
        _ => Seen::Once,
    };
    // Bytes that name their holder's case and not this one's, or its day, say nothing against the holder.
    let theirs = holders == Holders::Named
        && matches!(
            verdict,
            Verdict::Unconfirmed
                | Verdict::AnotherCase { .. }
                | Verdict::AnotherOrder
                | Verdict::AnotherCourt
                | Verdict::Other { .. }
        );
    if holders != Holders::None && seen == Seen::Never && !theirs {
        for sha256 in served.both() {
            let ledger = context.lake.ledger();
            // What the text names has a better claim than what it does not, however often that was served.
            let named = verdict == Verdict::Matched;
            ledger.doubt_document(&sha256, &document.row_key, named)?;
        }
    }
    Ok(decide(verdict, seen, holders))
}

/// How often this row was served these bytes before, in other sessions and in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Never,
    Once,
    Twice,
    Thrice,
}

fn decide(verdict: Verdict, seen: Seen, holders: Holders) -> Judged {
    let seen_before = seen != Seen::Never;
    let again = |why: String| Judged::Again {
        why,
        give_up_as: MissingReason::WrongDocument,
    };
    match verdict {
        Verdict::Matched | Verdict::NoText if holders != Holders::None && !seen_before => {
            again(SHARED_DOCUMENT.to_owned())
        }
        // A scan has nothing but its servings to speak for it.
        Verdict::NoText if holders != Holders::None && seen == Seen::Once => {
            again(SHARED_SCAN.to_owned())
        }
        Verdict::NoText if holders != Holders::None && seen == Seen::Twice => {
            again(SHARED_SCAN_AGAIN.to_owned())
        }
        // Portals list an order under a wrong day too: three servings alike are believed.
        Verdict::AnotherOrder if seen >= Seen::Twice => Judged::Keep(Verification::Unconfirmed),
        Verdict::AnotherOrder if seen == Seen::Once => again(DATED_AGAIN.to_owned()),
        Verdict::AnotherOrder => again(DATED.to_owned()),
        Verdict::Matched => Judged::Keep(Verification::Matched),
        Verdict::NoText => Judged::Keep(Verification::NoText),
        Verdict::Other { row_key } => again(format!("the text is that of {row_key}")),
        Verdict::AnotherCourt => again(FOREIGN.to_owned()),
        // However often they come, they are that row's.
        Verdict::Unconfirmed | Verdict::AnotherCase { .. } if holders == Holders::Named => {
            again(THEIRS.to_owned())
        }
        // Another row has the better claim, and is about to be asked for again.
        Verdict::Unconfirmed | Verdict::AnotherCase { .. } if holders == Holders::Claimants => {
            again(SHARED_DOCUMENT.to_owned())
        }
        // Nothing in the text speaks for or against it: the same bytes from a second fresh session are
        // the best proof there is. A document of a row that is on another page and not stored yet can
        // pass so; when that row's turn comes, the two share their bytes and are asked for again.
        Verdict::Unconfirmed | Verdict::AnotherCase { .. } if seen_before => {
            Judged::Keep(Verification::Unconfirmed)
        }
        Verdict::AnotherCase { cnr } => again(format!("the text names the case {cnr}")),
        Verdict::Unconfirmed => again(UNNAMED.to_owned()),
    }
}

fn holders(
    context: &Context,
    batch: &mut Batch<'_>,
    document: &PendingDocument,
    served: Served,
) -> Result<Holders, Stop> {
    let both = served.both();
    if both
        .iter()
        .any(|sha256| batch.holds_other(*sha256, &document.row_key))
    {
        batch.flush()?;
    }
    let ledger = context.lake.ledger();
    let mut holders = Holders::None;
    let mut keys = ledger.rows_served(&served.sha256)?;
    keys.extend(ledger.rows_served(&served.twin)?);
    let others = keys.iter().filter(|key| **key != document.row_key);
    for key in others.take(MOST_HOLDERS) {
        holders = Holders::Unnamed;
        if let DocumentState::Stored(facts) = ledger.document_state(key)?
            && facts.check == Verification::Matched
        {
            return Ok(Holders::Named);
        }
    }
    for sha256 in &both {
        if holders == Holders::Unnamed && ledger.is_document_claimed(sha256, &document.row_key)? {
            return Ok(Holders::Claimants);
        }
    }
    Ok(holders)
}

pub(crate) fn missing_reason(bad: &BadPdf) -> MissingReason {
    match bad {
        BadPdf::Empty => MissingReason::EmptyBody,
        BadPdf::TooSmall | BadPdf::NotAPdf { .. } => MissingReason::NotAPdf,
        BadPdf::Truncated { .. } => MissingReason::Truncated,
    }
}

#[cfg(test)]
mod tests {
    use nirnay_model::RowKey;

    use super::*;

    #[test]
    fn bytes_that_name_another_rows_case_are_never_kept() {
        let kept = |verdict: Verdict, seen, holders| match decide(verdict, seen, holders) {
            Judged::Keep(check) => Some(check),
            Judged::Again { .. } => None,
        };
        let other = || Verdict::Other {
            row_key: RowKey::from_stored("another".to_owned()),
        };
        for holders in [
            Holders::None,
            Holders::Unnamed,
            Holders::Claimants,
            Holders::Named,
        ] {
            assert_eq!(kept(other(), Seen::Once, holders), None);
            assert_eq!(kept(Verdict::AnotherCourt, Seen::Twice, holders), None);
            assert_eq!(kept(Verdict::Unconfirmed, Seen::Never, holders), None);
            let another = || Verdict::AnotherCase {
                cnr: "KLHC010000992024".to_owned(),
            };
            assert_eq!(kept(another(), Seen::Never, holders), None);
            assert_eq!(
                kept(another(), Seen::Once, holders),
                kept(Verdict::Unconfirmed, Seen::Once, holders)
            );
            assert_eq!(
                kept(Verdict::Matched, Seen::Once, holders),
                Some(Verification::Matched)
            );
            let alone = holders == Holders::None;
            assert_eq!(
                kept(Verdict::Matched, Seen::Never, holders).is_some(),
                alone
            );
            assert_eq!(kept(Verdict::NoText, Seen::Never, holders).is_some(), alone);
            assert_eq!(kept(Verdict::NoText, Seen::Once, holders).is_some(), alone);
            let third = kept(Verdict::NoText, Seen::Twice, holders);
            assert_eq!(third.is_some(), alone);
            let fourth = kept(Verdict::NoText, Seen::Thrice, holders);
            assert_eq!(fourth, Some(Verification::NoText));
            let order = |seen| kept(Verdict::AnotherOrder, seen, holders);
            assert_eq!(order(Seen::Once), None);
            assert_eq!(order(Seen::Twice), Some(Verification::Unconfirmed));
            assert_eq!(
                kept(Verdict::Unconfirmed, Seen::Once, holders).is_some(),
                matches!(holders, Holders::None | Holders::Unnamed)
            );
        }
    }

    #[test]
    fn a_file_with_a_mark_and_without_is_one_document() {
        let (bare, marked) = (b"%PDF-1.4".as_slice(), b"\xEF\xBB\xBF%PDF-1.4".as_slice());
        let served = |bytes: &[u8]| Served::of(bytes, Sha256::of(bytes));
        let (one, other) = (served(bare), served(marked));
        assert_eq!((one.sha256, one.twin), (other.twin, other.sha256));
        assert_ne!(one.sha256, one.twin);
    }
}
