//! A lake on a local web page, as a JSON API and as tools for agents.
//!
//! Everything here only reads: the ledger, the published layers, the documents and the index. Pages are made
//! on the server and work without scripts; what a search shows stands in its address. The server listens on
//! loopback, answers nobody who calls it by another name, and changes nothing, so there is nothing to forge.
//!
//! ```no_run
//! use nirnay_serve::{ServeConfig, Server};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::bind(ServeConfig::new("data/lake".into())).await?;
//! eprintln!("http://{}/", server.address());
//! server.run(async { tokio::signal::ctrl_c().await.unwrap_or_default() }).await;
//! # Ok(())
//! # }
//! ```
//!
//! Agents get the same by [`serve_tools`]: four tools over a pair of streams.

mod api;
mod ask;
mod cite;
mod config;
mod coverage;
mod error;
mod graph;
mod library;
mod mcp;
mod page;
mod problem;
mod record;
mod script;
mod styles;
mod web;

pub use config::{DEFAULT_PORT, ServeConfig};
pub use error::ServeError;
pub use mcp::{TOOL_NAMES, serve_tools};
pub use web::Server;
