//! The list of removals of a lake: rows that are shown to nobody, by somebody's order.

use jiff::civil::Date;
use nirnay_store::{Lake, Removal, RemovalReport};
use serde::Deserialize;

use crate::error::{PipelineError, config_error};

/// The file in the lake's folder.
const FILE: &str = "removed.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    #[serde(default)]
    removal: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    what: String,
    reason: String,
    since: Date,
}

/// Applies `removed.toml` of the lake, if there is one (without one, and with removals in force, it fails with
/// [`PipelineError::Config`]): rows of the cases and keys it names leave tables,
/// revisions, text and index with their next publication, and their documents the disk at once. The ledger keeps the
/// fact, and the hash of the document; captures keep the lists as served.
///
/// ```toml
/// [[removal]]
/// what = "DLHC010001232024"        # a CNR, or a row_key
/// reason = "order of 2026-02-01 in W.P.(C) 12/2026: the names of the parties are to be masked"
/// since = "2026-02-03"
/// ```
pub fn apply_removals(lake: &Lake) -> Result<RemovalReport, PipelineError> {
    let path = lake.dir().join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            // A file that got lost must not show again what was ordered hidden.
            let in_force = lake.ledger().removals_in_force()?;
            if in_force > 0 {
                let what = format!(
                    "it is missing although {in_force} removals are in force; put it back, or write an empty one"
                );
                return Err(config_error(&path, what));
            }
            String::new()
        }
        Err(source) => return Err(PipelineError::Io { path, source }),
    };
    let list: List = toml::from_str(&text).map_err(|source| PipelineError::ConfigSyntax {
        path: path.clone(),
        source: Box::new(source),
    })?;
    let mut removals = Vec::with_capacity(list.removal.len());
    for entry in list.removal {
        if entry.what.trim().is_empty() || entry.reason.trim().is_empty() {
            let what = "each [[removal]] needs what = a CNR or row_key, and a reason".to_owned();
            return Err(config_error(&path, what));
        }
        // A CNR may be written as it is printed, with hyphens; a key never has the form of one.
        let cnr: Option<nirnay_model::Cnr> = entry.what.parse().ok();
        removals.push(Removal {
            what: cnr.map_or(entry.what, |cnr| cnr.to_string()),
            reason: entry.reason,
            since: entry.since,
        });
    }
    let report = lake.ledger().apply_removals(&removals)?;
    // Each time: a process may have died between the ledger and the files.
    for sha256 in lake.ledger().removed_documents()? {
        lake.forget_document(&sha256)?;
    }
    Ok(report)
}

#[cfg(test)]
mod tests {
    use nirnay_store::OpenMode;

    use super::*;

    #[test]
    fn a_list_that_is_lost_shows_nothing_again() {
        let dir = tempfile::tempdir().unwrap();
        let lake = Lake::open(dir.path(), OpenMode::ReadWrite).unwrap();
        apply_removals(&lake).unwrap();
        let file = dir.path().join(FILE);
        let order = "[[removal]]\nwhat = \"DLHC010001232024\"\nreason = \"sealed\"\nsince = \"2026-02-03\"\n";
        std::fs::write(&file, order).unwrap();
        apply_removals(&lake).unwrap();
        std::fs::remove_file(&file).unwrap();
        let refusal = apply_removals(&lake).unwrap_err().to_string();
        assert!(refusal.contains("missing although 1 removals"), "{refusal}");
        std::fs::write(&file, "").unwrap();
        apply_removals(&lake).unwrap();
        std::fs::remove_file(&file).unwrap();
        apply_removals(&lake).unwrap();
    }
}
