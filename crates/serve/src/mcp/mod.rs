//! Four tools for agents, by the Model Context Protocol.

mod arguments;
mod server;
mod tools;

pub use server::{TOOL_NAMES, serve_tools};
