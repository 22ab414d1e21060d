//! Why a lake cannot be served.

use std::net::SocketAddr;
use std::path::PathBuf;

use nirnay_index::IndexError;
use nirnay_store::StoreError;

/// What ends a server before it answers anybody.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is nothing to search.
    #[error("there is no index in {}; build it with `nirnay index`, or name another lake with --lake", dir.display())]
    NoIndex {
        /// The folder of the index.
        dir: PathBuf,
    },
    /// The index cannot be used.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The lake cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address is taken, or not this machine's.
    #[error(
        "cannot listen on {listen}: {source}; choose another with --listen, 127.0.0.1:0 takes a free port"
    )]
    Listen {
        /// The address.
        listen: SocketAddr,
        /// The cause.
        source: std::io::Error,
    },
    /// Others could reach the lake unasked.
    #[error(
        "{listen} can be reached from other machines: give a token with --token-file, or listen on 127.0.0.1"
    )]
    NoToken {
        /// The address.
        listen: SocketAddr,
    },
    /// No name would be answered to.
    #[error(
        "on {listen} the server is called by a name that it must know: give it with --name, as it stands in the browser's address bar"
    )]
    NoName {
        /// The address.
        listen: SocketAddr,
    },
    /// The token can be guessed.
    #[error("the token is too short: use at least {chars} random characters")]
    ShortToken {
        /// The fewest characters.
        chars: usize,
    },
    /// The streams of the tools failed.
    #[error("the tools' streams failed: {0}")]
    Tools(String),
}
