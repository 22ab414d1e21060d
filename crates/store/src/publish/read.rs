//! Judgments in publication order, for readers of the ledger.

use std::collections::VecDeque;

use nirnay_model::{BenchCode, CourtCode, DateWindow, PublishedJudgment, SourceId};
use rusqlite::Connection;

use super::Shard;
use super::judgments::scan;
use crate::ledger::{Partition, RowScan, judgment_of, partitions};
use crate::{Ledger, StoreError};

/// Which judgments to read. The default is all.
#[derive(Debug, Clone, Default)]
pub struct JudgmentFilter {
    /// One source.
    pub source: Option<SourceId>,
    /// One court.
    pub court: Option<CourtCode>,
    /// One bench.
    pub bench: Option<BenchCode>,
    /// One year of decision (0: rows without a decision date).
    pub year: Option<i16>,
    /// Decision dates.
    pub decided: Option<DateWindow>,
}

impl JudgmentFilter {
    fn wants_partition(&self, partition: &Partition) -> bool {
        self.court
            .as_ref()
            .is_none_or(|court| *court == partition.court)
            && self
                .bench
                .as_ref()
                .is_none_or(|bench| *bench == partition.bench)
            && self.year.is_none_or(|year| year == partition.year)
            && self.decided.is_none_or(|days| {
                (days.from().year()..=days.to().year()).contains(&partition.year)
            })
    }
}

/// An iterator over judgments in partition order (year, court, bench, decision date, CNR, order
/// number, key), on a snapshot of the ledger. After an error it ends.
#[derive(Debug)]
pub struct PublishedJudgments {
    connection: Connection,
    filter: JudgmentFilter,
    partitions: VecDeque<(Partition, u64)>,
    scan: Option<RowScan>,
}

impl PublishedJudgments {
    pub(crate) fn new(ledger: &Ledger, filter: JudgmentFilter) -> Result<Self, StoreError> {
        let connection = ledger.snapshot()?;
        let partitions = partitions(&connection)?
            .into_iter()
            .filter(|(partition, _)| filter.wants_partition(partition))
            .collect();
        Ok(Self {
            connection,
            filter,
            partitions,
            scan: None,
        })
    }

    /// The judgments of one shard.
    pub(crate) fn of_shard(ledger: &Ledger, shard: &Shard) -> Result<Self, StoreError> {
        Ok(Self {
            connection: ledger.snapshot()?,
            filter: JudgmentFilter::default(),
            partitions: VecDeque::new(),
            scan: Some(scan(shard)),
        })
    }

    fn advance(&mut self) -> Result<Option<PublishedJudgment>, StoreError> {
        loop {
            let Some(scan) = &mut self.scan else {
                let Some((partition, rows)) = self.partitions.pop_front() else {
                    return Ok(None);
                };
                self.scan = Some(RowScan::new(partition, 0, rows));
                continue;
            };
            let Some(row) = scan.next(&self.connection)? else {
                self.scan = None;
                continue;
            };
            let wanted = self.filter.source.is_none_or(|source| source == row.source)
                && self
                    .filter
                    .decided
                    .is_none_or(|days| row.decision_date.is_some_and(|day| days.contains(day)));
            if wanted {
                let judgment = judgment_of(&self.connection, row.id)?;
                return Ok(Some(row.publish(judgment)));
            }
        }
    }
}

impl Iterator for PublishedJudgments {
    type Item = Result<PublishedJudgment, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.advance();
        if next.is_err() {
            self.partitions.clear();
            self.scan = None;
        }
        next.transpose()
    }
}
