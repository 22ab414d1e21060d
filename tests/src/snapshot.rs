//! A lake's layers as hashes, for comparison byte for byte.

use std::collections::BTreeMap;
use std::path::Path;

use nirnay_model::Sha256;
use nirnay_store::Layer;

/// The published files and documents of a lake, by path, with their hashes.
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Snapshot {
    /// `judgments/`, `revisions/`, `text/` and what is made from it.
    pub tables: BTreeMap<String, Sha256>,
    /// `documents/`.
    pub documents: BTreeMap<String, Sha256>,
}

impl Snapshot {
    /// The names of the files that `other` lacks, has besides or holds with other bytes.
    pub fn difference(&self, other: &Self) -> String {
        let layers = [
            (&self.tables, &other.tables),
            (&self.documents, &other.documents),
        ];
        let mut lines = Vec::new();
        for (expected, found) in layers {
            for (path, hash) in expected {
                match found.get(path) {
                    None => lines.push(format!("  missing: {path}")),
                    Some(other) if other != hash => lines.push(format!("  other bytes: {path}")),
                    Some(_) => {}
                }
            }
            for path in found.keys().filter(|path| !expected.contains_key(*path)) {
                lines.push(format!("  too many: {path}"));
            }
        }
        lines.join("\n")
    }
}

/// Hashes the layers of the lake in `dir`. Captures differ in order and time, the ledger in layout, the
/// index in segments; they are compared by other means.
pub fn snapshot(dir: &Path) -> Snapshot {
    let mut tables = BTreeMap::new();
    for layer in Layer::ALL {
        collect(dir, &dir.join(layer.name()), ".parquet", &mut tables);
    }
    let mut documents = BTreeMap::new();
    collect(dir, &dir.join("documents"), ".pdf", &mut documents);
    Snapshot { tables, documents }
}

fn collect(root: &Path, dir: &Path, ending: &str, out: &mut BTreeMap<String, Sha256>) {
    let Ok(entries) = std::fs::read_dir(dir) else {
        return;
    };
    for entry in entries {
        let path = entry.expect("a directory entry").path();
        if path.is_dir() {
            collect(root, &path, ending, out);
        } else if path.to_string_lossy().ends_with(ending) {
            let name = path
                .strip_prefix(root)
                .expect("below the root")
                .to_string_lossy()
                .into_owned();
            out.insert(
                name,
                Sha256::of(&std::fs::read(&path).expect("a readable file")),
            );
        }
    }
}
