//! Documents that are wanted: the order, waiting, giving up, wanting again.

use nirnay_model::{MissingReason, Sha256, SourceId};
use nirnay_store::StoreError;

use crate::ledger::on_both;
use crate::rows::{begin, judgment, page, row, spec, time};

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
