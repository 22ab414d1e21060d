//! What changed since each derived layer was made: partitions with the versions the layers know.

use nirnay_model::{BenchCode, CourtCode, SourceId};
use rusqlite::{Connection, OptionalExtension as _, Transaction};

use super::Ledger;
use super::values::Text;
use crate::StoreError;
use crate::publish::may_hold;

/// A derived layer that is made partition by partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derived {
    /// `judgments/` and `revisions/`
    Tables,
    /// `text/`
    Text,
    /// `index/`
    Index,
    /// `ocr/`
    Ocr,
    /// `structure/`
    Structure,
    /// `citations/` and the graph made from it
    Citations,
}

impl Derived {
    /// All of them.
    pub(crate) const ALL: [Self; 6] = [
        Self::Tables,
        Self::Text,
        Self::Index,
        Self::Ocr,
        Self::Structure,
        Self::Citations,
    ];

    fn column(self) -> &'static str {
        match self {
            Self::Tables => "published",
            Self::Text => "extracted",
            Self::Index => "indexed",
            Self::Ocr => "recognised",
            Self::Structure => "structured",
            Self::Citations => "cited",
        }
    }
}

/// A partition of the published tables and the version of its rows, which grows with every change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartitionVersion {
    /// Year of decision; 0 where rows have none.
    pub year: i16,
    /// The court.
    pub court: CourtCode,
    /// The bench.
    pub bench: BenchCode,
    /// The version.
    pub version: i64,
}

impl PartitionVersion {
    /// Whether rows of `source` lie in such a partition.
    pub fn may_hold(&self, source: SourceId) -> bool {
        may_hold(&self.court, &self.bench, source)
    }
}

fn made(
    tx: &Transaction<'_>,
    layer: Derived,
    partitions: &[PartitionVersion],
) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(&format!(
        "UPDATE partitions SET {} = ?4 WHERE year = ?1 AND court = ?2 AND bench = ?3",
        layer.column()
    ))?;
    for partition in partitions {
        statement.execute((
            partition.year,
            partition.court.as_str(),
            partition.bench.as_str(),
            partition.version,
        ))?;
    }
    Ok(())
}

/// Layers that are made from the file at `path`, below the lake, look at its partition again, whether or not a row
/// of it changed. Said together with the record of the file, so that no crash comes in between.
pub(super) fn look_again(connection: &Connection, path: &str) -> Result<(), StoreError> {
    let Some((layer, rest)) = path.split_once('/') else {
        return Ok(());
    };
    let columns = match layer {
        "text" => "recognised = -1, structured = -1, cited = -1, indexed = -1",
        "ocr" => "structured = -1, cited = -1",
        // What judgments call themselves is what citations are resolved by.
        "structure" => "cited = -1",
        _ => return Ok(()),
    };
    let folder = rest.rsplit_once('/').map_or(rest, |(folder, _)| folder);
    connection
        .prepare_cached(&format!(
            "UPDATE partitions SET {columns}
             WHERE ?1 = 'year=' || year || '/court=' || court || '/bench=' || bench"
        ))?
        .execute([folder])?;
    Ok(())
}

impl Ledger {
    /// The partitions whose rows changed since `layer` was last made from them, in order. The cost grows with
    /// the partitions, not with the rows.
    pub fn changed_partitions(&self, layer: Derived) -> Result<Vec<PartitionVersion>, StoreError> {
        self.read("looking for changes", |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "SELECT year, court, bench, version FROM partitions WHERE {} <> version ORDER BY year, court, bench",
                layer.column()
            ))?;
            let rows = statement.query_map([], |row| {
                Ok(PartitionVersion {
                    year: row.get(0)?,
                    court: row.get::<_, Text<CourtCode>>(1)?.0,
                    bench: row.get::<_, Text<BenchCode>>(2)?.0,
                    version: row.get(3)?,
                })
            })?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Records that `layer` was made from these versions. Call it when the layer is durable.
    pub fn layer_made(
        &self,
        layer: Derived,
        partitions: &[PartitionVersion],
    ) -> Result<(), StoreError> {
        if partitions.is_empty() {
            return Ok(());
        }
        self.write("recording a layer", |tx| made(tx, layer, partitions))
    }

    /// The watermark of the index that [`Ledger::layer_made`] speaks of; `None` before the first.
    pub fn index_mark(&self) -> Result<Option<String>, StoreError> {
        self.read("reading the index's mark", |connection| {
            Ok(connection
                .prepare_cached("SELECT value FROM meta WHERE key = 'index_mark'")?
                .query_row([], |row| row.get(0))
                .optional()?)
        })
    }

    /// Records the watermark of the index, with what it was made from. Call it when the index is durable.
    pub fn index_made(
        &self,
        watermark: &str,
        partitions: &[PartitionVersion],
    ) -> Result<(), StoreError> {
        self.write("recording the index", |tx| {
            tx.execute(
                "INSERT INTO meta (key, value) VALUES ('index_mark', ?1)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [watermark],
            )?;
            made(tx, Derived::Index, partitions)
        })
    }

    /// Whether the ledger knows a row with this key.
    pub fn has_row(&self, key: &str) -> Result<bool, StoreError> {
        self.read("looking for a row", |connection| {
            Ok(connection
                .prepare_cached("SELECT 1 FROM judgments WHERE key = ?1")?
                .exists([key])?)
        })
    }

    /// Forgets what layers were made from if they were written in another form than `format`: what nobody touched
    /// since is then made again too.
    pub(crate) fn expect_format(&self, format: &str) -> Result<(), StoreError> {
        let known = self.read("reading the form of the tables", |connection| {
            Ok(connection
                .prepare_cached("SELECT value FROM meta WHERE key = 'format'")?
                .query_row([], |row| row.get::<_, String>(0))
                .optional()?)
        })?;
        if known.as_deref() == Some(format) {
            return Ok(());
        }
        self.write("noting the form of the tables", |tx| {
            tx.execute(
                "UPDATE partitions SET published = -1, extracted = -1, indexed = -1, recognised = -1, structured = -1,
                 cited = -1",
                [],
            )?;
            tx.execute(
                "INSERT INTO meta (key, value) VALUES ('format', ?1)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [format],
            )?;
            Ok(())
        })
    }

    /// Forgets what `layer` was made from if something else than `version` made it: a newer engine or other
    /// settings see all of it again.
    pub fn expect_version(&self, layer: Derived, version: &str) -> Result<(), StoreError> {
        let key = format!("version:{}", layer.column());
        let known = self.read("reading the version of a layer", |connection| {
            Ok(connection
                .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
                .query_row([&key], |row| row.get::<_, String>(0))
                .optional()?)
        })?;
        if known.as_deref() == Some(version) {
            return Ok(());
        }
        self.write("noting the version of a layer", |tx| {
            tx.execute(
                &format!("UPDATE partitions SET {} = -1", layer.column()),
                [],
            )?;
            tx.execute(
                "INSERT INTO meta (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (&key, version),
            )?;
            Ok(())
        })
    }

    /// Forgets what `layer` was made from: all of it is to be looked at again.
    pub fn layer_lost(&self, layer: Derived) -> Result<(), StoreError> {
        self.write("forgetting a layer", |tx| {
            tx.execute(
                &format!("UPDATE partitions SET {} = -1", layer.column()),
                [],
            )?;
            Ok(())
        })
    }
}
