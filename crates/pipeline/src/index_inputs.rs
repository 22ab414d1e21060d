//! What the partitions in the index were made from, kept beside it.
//!
//! The ledger notes a partition that changed. The layers made from text can change without it: a judgment of another
//! partition cites this one, or a newer reader read the same text again.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use nirnay_model::Sha256;
use nirnay_store::{Lake, Layer, Shard};

use crate::error::PipelineError;

/// Part of every digest: another feed sees all partitions again.
const FEED: &str = "nirnay-index-feed 1";
/// The layers that the index is fed from, besides the rows.
const LAYERS: [Layer; 5] = [
    Layer::Text,
    Layer::Ocr,
    Layer::Structure,
    Layer::Citations,
    Layer::Degrees,
];

/// Digests of the files that the partitions were indexed from, by folder of the shard.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Inputs {
    digests: BTreeMap<String, String>,
}

fn file(lake: &Lake) -> PathBuf {
    // Its name begins with a dot, as those of the engine's own notes: without an index it means nothing.
    lake.dir().join("index").join(".inputs.json")
}

impl Inputs {
    /// Those that the index was made from; none if that is not known.
    pub(crate) fn read(lake: &Lake) -> Result<Self, PipelineError> {
        let path = file(lake);
        match fs::read(&path) {
            Ok(bytes) => Ok(Self {
                // A file that cannot be read makes the partitions be looked at again, nothing worse.
                digests: serde_json::from_slice(&bytes).unwrap_or_default(),
            }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Self::default()),
            Err(source) => Err(PipelineError::Io { path, source }),
        }
    }

    /// Those of the lake as it is.
    pub(crate) fn of(lake: &Lake, shards: &[Shard]) -> Result<Self, PipelineError> {
        let mut digests = BTreeMap::new();
        for shard in shards {
            let mut parts = vec![FEED.as_bytes().to_vec()];
            for layer in LAYERS {
                let hash = lake.part_hash(layer, shard)?;
                parts.push(hash.map_or_else(Vec::new, |hash| hash.as_bytes().to_vec()));
            }
            let digest = Sha256::of_parts(parts.iter().map(Vec::as_slice)).to_hex();
            digests.insert(name(shard), digest);
        }
        Ok(Self { digests })
    }

    /// Whether a shard was indexed from other files than `now` has.
    pub(crate) fn differ(&self, now: &Self, shard: &Shard) -> bool {
        let name = name(shard);
        self.digests.get(&name) != now.digests.get(&name)
    }

    /// Notes of a shard what an earlier index was made from.
    pub(crate) fn keep(&mut self, before: &Self, shard: &Shard) {
        let name = name(shard);
        match before.digests.get(&name) {
            Some(digest) => self.digests.insert(name, digest.clone()),
            None => self.digests.remove(&name),
        };
    }

    /// Writes them beside the index. Call it when the index is durable.
    pub(crate) fn write(&self, lake: &Lake) -> Result<(), PipelineError> {
        let path = file(lake);
        let failed = |path: &Path, source| PipelineError::Io {
            path: path.to_owned(),
            source,
        };
        let json = serde_json::to_vec(&self.digests).unwrap_or_default();
        let draft = path.with_extension("json.new");
        fs::write(&draft, json).map_err(|source| failed(&draft, source))?;
        fs::rename(&draft, &path).map_err(|source| failed(&path, source))
    }
}

fn name(shard: &Shard) -> String {
    format!(
        "{}/{}/{}/{}",
        shard.year, shard.court, shard.bench, shard.part
    )
}
