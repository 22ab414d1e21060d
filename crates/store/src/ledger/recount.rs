//! The kept sums, counted anew.

use super::Ledger;
use crate::StoreError;

/// Versions only grow, so that every layer looks at every partition again.
const RECOUNT: &str = "
    UPDATE partitions SET version = version + 1, rows = (SELECT count(*) FROM judgments
        WHERE judgments.year = partitions.year AND judgments.court = partitions.court
        AND judgments.bench = partitions.bench AND removed = 0);
    INSERT INTO partitions (year, court, bench, rows, version)
        SELECT year, court, bench, count(*), 1 FROM judgments WHERE removed = 0 GROUP BY year, court, bench
        ON CONFLICT DO NOTHING;
    DELETE FROM listed_days;
    INSERT INTO listed_days
        SELECT source, court, decision_date, count(*) FROM judgments WHERE decision_date <> ''
        GROUP BY source, court, decision_date;
    DELETE FROM document_sums;
    INSERT INTO document_sums
        SELECT source, court, doc_state, coalesce(doc_reason, ''), count(*) FROM judgments
        GROUP BY source, court, doc_state, coalesce(doc_reason, '');";

impl Ledger {
    /// Counts rows by partition and day and documents by outcome anew.
    pub(crate) fn recount(&self) -> Result<(), StoreError> {
        self.write("counting again", |tx| Ok(tx.execute_batch(RECOUNT)?))
    }
}
