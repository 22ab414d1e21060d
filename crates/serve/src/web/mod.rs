//! HTTP: who may ask, what may be asked, and how answers leave.

pub(crate) mod address;
mod asset;
mod desk;
pub(crate) mod export;
mod guard;
mod handlers;
pub(crate) mod reply;
pub(crate) mod router;
mod server;

pub(crate) use asset::{SCRIPT, STYLE};
pub(crate) use desk::Desk;
pub use server::Server;
