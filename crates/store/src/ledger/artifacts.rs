//! Published files, as recorded after they became durable.

use nirnay_model::Sha256;
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::values::{Digest, Named};
use super::{Derived, Ledger, partitions};
use crate::StoreError;

/// A published layer.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Layer {
    /// `judgments/`
    Judgments,
    /// `revisions/`
    Revisions,
    /// `text/`
    Text,
    /// `ocr/`
    Ocr,
    /// `structure/`
    Structure,
    /// `citations/`
    Citations,
    /// `cites/`
    Cites,
    /// `degrees/`
    Degrees,
    /// `dangling/`
    Dangling,
    /// `cases/`
    Cases,
    /// `hearings/`
    Hearings,
    /// `orders/`
    Orders,
    /// `cause_lists/`
    CauseLists,
}

impl Layer {
    /// All layers.
    pub const ALL: [Self; 13] = [
        Self::Judgments,
        Self::Revisions,
        Self::Text,
        Self::Ocr,
        Self::Structure,
        Self::Citations,
        Self::Cites,
        Self::Degrees,
        Self::Dangling,
        Self::Cases,
        Self::Hearings,
        Self::Orders,
        Self::CauseLists,
    ];

    /// The layers of cases.
    pub const OF_CASES: [Self; 4] = [Self::Cases, Self::Hearings, Self::Orders, Self::CauseLists];

    /// The folder of the layer, which is also its name in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Judgments => "judgments",
            Self::Revisions => "revisions",
            Self::Text => "text",
            Self::Ocr => "ocr",
            Self::Structure => "structure",
            Self::Citations => "citations",
            Self::Cites => "cites",
            Self::Degrees => "degrees",
            Self::Dangling => "dangling",
            Self::Cases => "cases",
            Self::Hearings => "hearings",
            Self::Orders => "orders",
            Self::CauseLists => "cause_lists",
        }
    }

    /// The stage that makes it again from the layers to its left; `None` for tables, which the store itself
    /// writes from the ledger.
    pub(crate) fn stage(self) -> Option<Derived> {
        match self {
            Self::Judgments
            | Self::Revisions
            | Self::Cases
            | Self::Hearings
            | Self::Orders
            | Self::CauseLists => None,
            Self::Text => Some(Derived::Text),
            Self::Ocr => Some(Derived::Ocr),
            Self::Structure => Some(Derived::Structure),
            Self::Citations | Self::Cites | Self::Degrees | Self::Dangling => {
                Some(Derived::Citations)
            }
        }
    }
}

/// A published file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Artifact {
    /// The path below the lake, with `/`.
    pub path: String,
    /// The layer it belongs to.
    pub layer: Layer,
    /// The hash of the file.
    pub sha256: Sha256,
    /// Its rows.
    pub rows: u64,
    /// Its size in bytes.
    pub bytes: u64,
    /// The hash of what it was made from: equal input is not written again.
    #[serde(skip, default = "nothing")]
    pub(crate) input: Sha256,
}

const SELECT: &str = "SELECT path, layer, sha256, rows, bytes, input FROM artifacts";

fn read_artifact(row: &Row<'_>) -> rusqlite::Result<Artifact> {
    Ok(Artifact {
        path: row.get(0)?,
        layer: row.get::<_, Named<Layer>>(1)?.0,
        sha256: row.get::<_, Digest>(2)?.0,
        rows: row.get(3)?,
        bytes: row.get(4)?,
        input: row.get::<_, Digest>(5)?.0,
    })
}

fn nothing() -> Sha256 {
    Sha256::from_bytes([0; 32])
}

impl Ledger {
    /// The published files (of one layer), by path.
    pub fn artifacts(&self, layer: Option<Layer>) -> Result<Vec<Artifact>, StoreError> {
        self.read("listing published files", |connection| {
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE ?1 IS NULL OR layer = ?1 ORDER BY path"
            ))?;
            let rows = statement.query_map([layer.map(Layer::name)], read_artifact)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Rows and bytes of each layer that has any.
    pub fn layer_sums(&self) -> Result<Vec<(Layer, u64, u64)>, StoreError> {
        self.read("summing up published files", |connection| {
            let mut statement = connection.prepare_cached(
                "SELECT layer, sum(rows), sum(bytes) FROM artifacts GROUP BY layer",
            )?;
            let sums = statement.query_map([], |row| {
                Ok((row.get::<_, Named<Layer>>(0)?.0, row.get(1)?, row.get(2)?))
            })?;
            let mut sums: Vec<_> = sums.collect::<Result<_, _>>()?;
            sums.sort_unstable_by_key(|(layer, _, _)| *layer);
            Ok(sums)
        })
    }

    /// The published file at `path`, below the lake.
    pub(crate) fn artifact(&self, path: &str) -> Result<Option<Artifact>, StoreError> {
        self.read("looking for a published file", |connection| {
            Ok(connection
                .prepare_cached(&format!("{SELECT} WHERE path = ?1"))?
                .query_row([path], read_artifact)
                .optional()?)
        })
    }

    /// The published files in `folder`, below the lake, by path.
    pub(crate) fn artifacts_in(&self, folder: &str) -> Result<Vec<Artifact>, StoreError> {
        self.read("listing published files of a folder", |connection| {
            // All that begin with the folder and a slash, whose next character is 0.
            let mut statement = connection.prepare_cached(&format!(
                "{SELECT} WHERE path > ?1 || '/' AND path < ?1 || '0' ORDER BY path"
            ))?;
            let rows = statement.query_map([folder], read_artifact)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// Forgets a published file; it is gone, or not to be trusted.
    pub(crate) fn forget_artifact(&self, path: &str) -> Result<(), StoreError> {
        self.write("forgetting a published file", |tx| {
            let known = tx
                .prepare_cached("DELETE FROM artifacts WHERE path = ?1")?
                .execute([path])?;
            if known > 0 {
                partitions::look_again(tx, path)?;
            }
            Ok(())
        })
    }
}

/// Records a published file. Where its bytes are new, the layers that are made from it look at its partition again.
pub(super) fn record(connection: &Connection, artifact: &Artifact) -> Result<(), StoreError> {
    let is_known = connection
        .prepare_cached("SELECT 1 FROM artifacts WHERE path = ?1 AND sha256 = ?2")?
        .exists((&artifact.path, Digest(artifact.sha256)))?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO artifacts (path, layer, sha256, rows, bytes, input) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            &artifact.path,
            artifact.layer.name(),
            Digest(artifact.sha256),
            artifact.rows,
            artifact.bytes,
            Digest(artifact.input),
        ))?;
    connection
        .prepare_cached("DELETE FROM meta WHERE key = 'naming:' || ?1")?
        .execute([&artifact.path])?;
    if is_known {
        return Ok(());
    }
    partitions::look_again(connection, &artifact.path)
}
