//! Lines that were set aside, listed in the lake.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::error::PipelineError;

/// How much of a line is shown, in characters.
const SHOWN: usize = 200;

/// The list of one file's lines. It replaces that of an earlier import when it is finished.
pub(super) struct Quarantine {
    path: PathBuf,
    unfinished: PathBuf,
    out: Option<BufWriter<File>>,
}

impl Quarantine {
    pub(super) fn new(lake: &Path, name: &str) -> Result<Self, PipelineError> {
        let dir = lake.join("imports");
        std::fs::create_dir_all(&dir).map_err(at(&dir))?;
        Ok(Self {
            path: dir.join(format!("{name}.quarantine.jsonl")),
            unfinished: dir.join(format!("{name}.quarantine.jsonl.part")),
            out: None,
        })
    }

    pub(super) fn add(
        &mut self,
        line: u64,
        reason: &str,
        beginning: &str,
    ) -> Result<(), PipelineError> {
        let path = &self.unfinished;
        let out = match &mut self.out {
            Some(out) => out,
            None => self
                .out
                .insert(BufWriter::new(File::create(path).map_err(at(path))?)),
        };
        let entry = json!({ "line": line, "reason": reason, "beginning": beginning });
        writeln!(out, "{entry}").map_err(at(path))
    }

    /// The list under its name; `None`, and no list from earlier, if nothing was set aside.
    pub(super) fn finish(self) -> Result<Option<PathBuf>, PipelineError> {
        let Some(out) = self.out else {
            return match std::fs::remove_file(&self.path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(at(&self.path)(error))
                }
                _ => Ok(None),
            };
        };
        let file = out
            .into_inner()
            .map_err(|error| at(&self.unfinished)(error.into_error()))?;
        file.sync_all().map_err(at(&self.unfinished))?;
        std::fs::rename(&self.unfinished, &self.path).map_err(at(&self.path))?;
        Ok(Some(self.path))
    }
}

/// The beginning of a line, for a reader to know it by.
pub(super) fn beginning(bytes: &[u8]) -> String {
    let some = bytes.get(..bytes.len().min(4 * SHOWN)).unwrap_or(bytes);
    String::from_utf8_lossy(some).chars().take(SHOWN).collect()
}

fn at(path: &Path) -> impl Fn(std::io::Error) -> PipelineError + use<> {
    let path = path.to_owned();
    move |source| PipelineError::Io {
        path: path.clone(),
        source,
    }
}
