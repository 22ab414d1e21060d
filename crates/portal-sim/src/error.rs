//! The one error of this crate.

use std::path::PathBuf;

/// Why the simulator cannot be set up. Once it runs it has no errors of its own: whatever a client
/// sends gets a reply.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// A court that is not in the registry.
    #[error(
        "no High Court {name:?} in the registry; use a slug such as \"delhi\" or a code such as \"7_26\""
    )]
    UnknownCourt {
        /// The slug or code asked for.
        name: String,
    },
    /// A specification that cannot be met.
    #[error("docket specification: {why}")]
    Spec {
        /// What is wrong with it.
        why: String,
    },
    /// A file or folder of a docket that cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A docket file whose content has not the stated form.
    #[error("{}{}: {why}", path.display(), line.map(|n| format!(", line {n}")).unwrap_or_default())]
    Form {
        /// The file.
        path: PathBuf,
        /// The line, from 1, in files of lines.
        line: Option<usize>,
        /// What is wrong.
        why: String,
    },
    /// A fault script that cannot be used.
    #[error("fault script: {why}")]
    Script {
        /// What is wrong, and where.
        why: String,
    },
    /// A port that cannot be opened.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The log file cannot be opened.
    #[error("cannot write the log {}: {source}", path.display())]
    Log {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
