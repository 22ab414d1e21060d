//! Published files, as recorded after they became durable.

use nirnay_model::Sha256;
use rusqlite::{Connection, Row};

use super::Ledger;
use super::values::{Digest, Named};
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
}

impl Layer {
    /// All layers.
    pub const ALL: [Self; 3] = [Self::Judgments, Self::Revisions, Self::Text];

    /// The folder of the layer, which is also its name in the ledger.
    pub fn name(self) -> &'static str {
        match self {
            Self::Judgments => "judgments",
            Self::Revisions => "revisions",
            Self::Text => "text",
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
            tx.prepare_cached("DELETE FROM artifacts WHERE path = ?1")?
                .execute([path])?;
            Ok(())
        })
    }
}

pub(super) fn record(connection: &Connection, artifact: &Artifact) -> Result<(), StoreError> {
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
    Ok(())
}
