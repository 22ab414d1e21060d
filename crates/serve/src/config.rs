//! What the server is told.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::ServeError;

/// The port of the web page.
pub const DEFAULT_PORT: u16 = 7474;

/// How to serve a lake.
#[derive(Debug, Clone)]
pub struct ServeConfig {
    /// The lake.
    pub lake: PathBuf,
    /// Where to listen. An address that is not loopback needs a token and a name.
    pub listen: SocketAddr,
    /// Names besides loopback's by which the server may be called, each `name` or `name:port` as a browser
    /// sends it.
    pub names: Vec<String>,
    /// What a caller must know: `Authorization: Bearer TOKEN`, or as the password of Basic authentication.
    pub token: Option<String>,
    /// The time a question may take.
    pub question_time: Duration,
    /// Questions worked on at the same time.
    pub questions: usize,
    /// Connections at the same time.
    pub connections: usize,
}

/// The fewest characters of a token.
const TOKEN_CHARS: usize = 16;

impl ServeConfig {
    /// The lake in `lake` on loopback's default port.
    pub fn new(lake: PathBuf) -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            lake,
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), DEFAULT_PORT),
            names: Vec::new(),
            token: None,
            question_time: Duration::from_secs(5),
            questions: (cores * 2).max(4),
            connections: 64,
        }
    }

    /// Fails where others could reach the lake unasked.
    pub(crate) fn check(&self) -> Result<(), ServeError> {
        if let Some(token) = &self.token
            && token.chars().count() < TOKEN_CHARS
        {
            return Err(ServeError::ShortToken { chars: TOKEN_CHARS });
        }
        if self.listen.ip().is_loopback() {
            return Ok(());
        }
        if self.token.is_none() {
            return Err(ServeError::NoToken {
                listen: self.listen,
            });
        }
        if self.names.is_empty() {
            return Err(ServeError::NoName {
                listen: self.listen,
            });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_open_to_everybody() {
        let mut config = ServeConfig::new("lake".into());
        assert!(config.check().is_ok());
        config.listen = "[::1]:80".parse().unwrap();
        assert!(config.check().is_ok());
        for outside in [
            "0.0.0.0:80",
            "[::]:80",
            "192.168.1.2:80",
            "[::ffff:127.0.0.1]:80",
        ] {
            config.listen = outside.parse().unwrap();
            config.token = None;
            config.names.clear();
            assert!(
                matches!(config.check(), Err(ServeError::NoToken { .. })),
                "{outside}"
            );
            config.token = Some("0123456789abcdef".to_owned());
            assert!(
                matches!(config.check(), Err(ServeError::NoName { .. })),
                "{outside}"
            );
            config.names.push("lake.example".to_owned());
            assert!(config.check().is_ok(), "{outside}");
        }
        config.token = Some("short".to_owned());
        assert!(matches!(config.check(), Err(ServeError::ShortToken { .. })));
    }
}
