//! Settings that cannot be used.

/// A setting that cannot be used, with what to change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No way for a portal's people to reach the crawler's operator.
    #[error(
        "politeness.contact is {given:?}; give a mailto: address or an https:// page where the operator can be reached"
    )]
    Contact {
        /// What was given.
        given: String,
    },
    /// A politeness value outside what this host may be given.
    #[error("politeness.{field} for {host}: {why}")]
    Politeness {
        /// The field.
        field: &'static str,
        /// `host:port`.
        host: String,
        /// What is wrong and what is allowed.
        why: String,
    },
    /// A base URL that cannot be the root of a portal.
    #[error("base URL {url:?}: {why}")]
    BaseUrl {
        /// What was given.
        url: String,
        /// The rule it breaks.
        why: &'static str,
    },
    /// A client that was given another host's gate or another portal's source.
    #[error("{what} cannot be used here: expected {expected}, got {got}")]
    Mismatch {
        /// Gate or source.
        what: &'static str,
        /// What fits.
        expected: String,
        /// What was given.
        got: String,
    },
    /// The HTTP library could not be set up.
    #[error("the HTTP client could not be set up: {why}")]
    Transport {
        /// Its own words.
        why: String,
    },
}
