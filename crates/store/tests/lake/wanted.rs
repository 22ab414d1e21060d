//! Documents that are wanted: the order, waiting, giving up, wanting again.

use bytes::Bytes;
use nirnay_model::{DocumentState, MissingReason, RowKey, Sha256, SourceId, Verification};
use nirnay_store::{FetchedBlob, Lake, StoreError};

use crate::ledger::on_both;
use crate::rows::{begin, judgment, open, page, row, spec, take, time};

#[test]
fn documents_wait_fail_and_come_back() {
    on_both(|ledger, accept| {
        let now = time("2026-11-21T10:00:00Z");
        let run = begin(ledger, "2026-11-21T10:00:00Z");
        let id = ledger.plan_window(&spec("2024-01-01..2024-12-31")).unwrap();
        let mut all = page(id, run, 0, 5, 1..=4);
        all.rows.push({
            let mut unlisted = judgment(5);
            unlisted.document_path = None;
            row(unlisted, 4, 5)
        });
        accept(&all).unwrap();
        let court = "7_26".parse().unwrap();
        let wanted = |now| {
            ledger
                .pending_documents(SourceId::EcourtsHc, Some(&court), None, now, 10)
                .unwrap()
        };
        let mut keys: Vec<_> = wanted(now)
            .into_iter()
            .map(|p| (p.decision_date, p.row_key))
            .collect();
        assert_eq!(keys.len(), 4);
        assert!(keys.is_sorted());
        let later = time("2026-11-22T10:00:00Z");
        let (_, first) = keys.remove(0);
        ledger
            .document_retry(&first, "truncated", Some(Sha256::of(b"x")), Some(later))
            .unwrap();
        assert_eq!(wanted(now).len(), 3);
        let tried = wanted(later)
            .into_iter()
            .find(|p| p.row_key == first)
            .unwrap();
        assert_eq!(
            (tried.attempts, tried.last_sha256),
            (1, Some(Sha256::of(b"x")))
        );
        let (_, second) = keys.remove(0);
        ledger
            .document_missing(&second, MissingReason::EmptyBody, "", now)
            .unwrap();
        let counts = ledger.document_counts(None, None, now).unwrap();
        assert_eq!(
            (counts.listed, counts.stored, counts.pending, counts.waiting),
            (5, 0, 3, 1)
        );
        assert_eq!(
            (counts.missing["empty_body"], counts.missing["not_listed"]),
            (1, 1)
        );
        assert_eq!(
            ledger
                .requeue_missing(SourceId::EcourtsHc, None, later)
                .unwrap(),
            1
        );
        let days = ledger
            .rows_by_date(
                SourceId::EcourtsHc,
                &court,
                jiff::civil::date(2024, 1, 1),
                jiff::civil::date(2024, 12, 31),
            )
            .unwrap();
        assert_eq!(
            (
                days.iter().map(|d| d.rows).sum::<u64>(),
                days.iter().map(|d| d.pending).sum::<u64>()
            ),
            (5, 4)
        );
        let unknown = judgment(99).key();
        assert!(matches!(
            ledger.document_retry(&unknown, "", None, None),
            Err(StoreError::NotFound { .. })
        ));
    });
}

/// Stores the same bytes for rows 1 and 2.
fn store_shared(lake: &Lake, rows: &[u64]) {
    store_as(lake, rows, Verification::Matched);
}

fn store_as(lake: &Lake, rows: &[u64], check: Verification) {
    let blobs: Vec<FetchedBlob> = rows
        .iter()
        .map(|number| FetchedBlob {
            row_key: judgment(*number).key(),
            bytes: Bytes::from_static(b"%PDF-1.4 one judgment for two cases"),
            check,
            run: 1,
            at: time("2026-11-21T10:30:00Z"),
        })
        .collect();
    lake.store_documents(&blobs).unwrap();
}

fn is_stored(lake: &Lake, key: &RowKey) -> bool {
    matches!(
        lake.ledger().document_state(key).unwrap(),
        DocumentState::Stored(_)
    )
}

#[test]
fn a_document_two_rows_hold_is_doubted_until_a_second_fetch_confirms_it() {
    let dir = tempfile::tempdir().unwrap();
    let lake = open(dir.path());
    let run = begin(lake.ledger(), "2026-11-21T10:00:00Z");
    let id = lake
        .ledger()
        .plan_window(&spec("2024-01-01..2024-12-31"))
        .unwrap();
    take(&lake, &page(id, run, 0, 2, 1..=2));
    let (first, second) = (judgment(1).key(), judgment(2).key());
    store_shared(&lake, &[1, 2]);
    let bytes = Sha256::of(b"%PDF-1.4 one judgment for two cases");
    assert_eq!(
        lake.ledger()
            .doubt_document(&bytes, &second, false)
            .unwrap(),
        1
    );
    assert!(!is_stored(&lake, &first) && is_stored(&lake, &second));
    // A third row that is given the same bytes must not find itself alone with them.
    let served = lake.ledger().rows_served(&bytes).unwrap();
    assert!(served.contains(&first) && served.contains(&second));
    assert!(
        lake.documents().contains(&bytes),
        "the bytes stay where they are"
    );
    // The same bytes again, from another session: now it is believed for good.
    store_shared(&lake, &[1]);
    assert_eq!(
        lake.ledger()
            .doubt_document(&bytes, &second, false)
            .unwrap(),
        0
    );
    assert!(is_stored(&lake, &first));
    // Unless its text names the other row's case and not its own.
    let doubt = |named| lake.ledger().doubt_document(&bytes, &second, named);
    assert_eq!(doubt(true).unwrap(), 0);
    lake.ledger()
        .doubt_document(&bytes, &judgment(9).key(), false)
        .unwrap();
    store_as(&lake, &[1], Verification::Unconfirmed);
    assert_eq!((doubt(false).unwrap(), doubt(true).unwrap()), (0, 1));
}
