//! What can go wrong with an index, and with a query.

use std::path::PathBuf;

/// An index that cannot be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// There is no index in the directory.
    #[error("no index in {}: build it first", dir.display())]
    Missing {
        /// The directory.
        dir: PathBuf,
    },
    /// What lies in the directory cannot be used: damaged, incomplete, or of another schema.
    #[error("the index in {} cannot be used ({why}): set it aside and build it again", dir.display())]
    Unusable {
        /// The directory.
        dir: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// Another writer, in this or another process, has the index open.
    #[error("the index in {} is being written by another process: wait until it has finished", dir.display())]
    Locked {
        /// The directory.
        dir: PathBuf,
    },
    /// A file or directory operation failed.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// The operation, as a verb: `create`, `rename`, `sync`.
        doing: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// The engine failed while indexing or committing; the last committed state is still there.
    #[error("the index engine failed to {doing}: the last commit is kept, open the index again")]
    Engine {
        /// The operation, as a verb: `add a document`, `commit`.
        doing: &'static str,
        /// The cause.
        source: tantivy::TantivyError,
    },
}

impl IndexError {
    /// Whether setting the directory aside and building the index again is the way out.
    pub fn wants_rebuild(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::Unusable { .. })
    }

    pub(crate) fn engine(doing: &'static str) -> impl FnOnce(tantivy::TantivyError) -> Self {
        move |source| Self::Engine { doing, source }
    }
}

/// A query that cannot be answered, with the place and a way out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// Where in the query, counted in characters from 0. `None` when it is not about one place.
    pub position: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// What to type instead.
    pub hint: String,
}

impl QueryError {
    pub(crate) fn at(position: usize, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            position: Some(position),
            message: message.into(),
            hint: hint.into(),
        }
    }

    pub(crate) fn general(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            position: None,
            message: message.into(),
            hint: hint.into(),
        }
    }

    pub(crate) fn unreadable(cause: impl std::fmt::Display) -> Self {
        Self::general(
            format!("the index cannot be read: {cause}"),
            "verify the index, and build it again if it is damaged",
        )
    }
}
