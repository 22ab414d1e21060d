//! Arguments of `nirnay serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args as ClapArgs;

#[derive(Debug, Clone, ClapArgs)]
pub(crate) struct ServeArgs {
    /// Where to listen; port 0 takes a free one. An address that is not loopback needs --name and --token-file
    #[arg(long, value_name = "ADDRESS:PORT", default_value_t = SocketAddr::from(([127, 0, 0, 1], nirnay_serve::DEFAULT_PORT)))]
    pub(crate) listen: SocketAddr,
    /// Another name by which browsers call the server, as it stands in their address bar (may be repeated)
    #[arg(long, value_name = "NAME[:PORT]")]
    pub(crate) name: Vec<String>,
    /// File whose first line every caller must know: as the password the browser asks for, or as a Bearer token
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
}
