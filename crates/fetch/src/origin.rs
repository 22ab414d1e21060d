//! The one origin (scheme, host, port) that may be contacted.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use crate::ConfigError;
use crate::transport::is_public;

/// Scheme, host and port of a portal. Every address sent to is built here from a checked path.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    base: Url,
    port: u16,
    loopback: bool,
}

impl Origin {
    /// The origin of `base`, which must be a bare `https://host[:port]/`; plain http and non-public
    /// addresses only on loopback.
    pub(crate) fn of(base: &Url) -> Result<Self, ConfigError> {
        let bad = |why| ConfigError::BaseUrl {
            url: base.to_string(),
            why,
        };
        if !base.username().is_empty() || base.password().is_some() {
            return Err(bad("it must not hold a user name"));
        }
        if !matches!(base.path(), "" | "/") || base.query().is_some() || base.fragment().is_some() {
            return Err(bad("it must be scheme, host and port only"));
        }
        let (loopback, literal) = match base.host() {
            Some(Host::Domain(name)) => (name == "localhost", None),
            Some(Host::Ipv4(ip)) => (ip.is_loopback(), Some(IpAddr::V4(ip))),
            Some(Host::Ipv6(ip)) => (ip.is_loopback(), Some(IpAddr::V6(ip))),
            None => return Err(bad("it names no host")),
        };
        if !(base.scheme() == "https" || base.scheme() == "http" && loopback) {
            return Err(bad("it must be https (http only on loopback)"));
        }
        if literal.is_some_and(|ip| !loopback && !is_public(ip)) {
            return Err(bad("it is a private address"));
        }
        let port = base
            .port_or_known_default()
            .ok_or_else(|| bad("it names no port"))?;
        Ok(Self {
            base: base.clone(),
            port,
            loopback,
        })
    }

    /// `host:port`, the key of the host's state.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.base.host_str().unwrap_or(""), self.port)
    }

    /// Whether it is this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// Whether `url` lies on this origin.
    pub(crate) fn holds(&self, url: &Url) -> bool {
        if planted() {
            return true;
        }
        url.scheme() == self.base.scheme()
            && url.host() == self.base.host()
            && url.port_or_known_default() == Some(self.port)
            && url.username().is_empty()
            && url.password().is_none()
    }

    /// The address of `path` (with query) on this origin; `None` unless it begins with one slash and
    /// holds printable ASCII only, no backslash, no fragment and no dot segments.
    pub(crate) fn join(&self, path: &str) -> Option<Url> {
        let plain = path
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'#');
        let dots = path
            .split(['/', '?'])
            .any(|part| part == "." || part == "..");
        if !plain || dots || !path.starts_with('/') || path.starts_with("//") {
            return None;
        }
        self.base.join(path).ok().filter(|url| self.holds(url))
    }
}

/// True when the bug "addresses are not checked against the portal's" is switched on (test builds only).
fn planted() -> bool {
    fail::fail_point!("plant-host-check-skipped", |_| true);
    false
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Origin({})", self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Result<Origin, ConfigError> {
        Origin::of(&Url::parse(text).unwrap())
    }

    #[test]
    fn bases_that_are_refused() {
        for bad in [
            "http://judgments.ecourts.gov.in",
            "ftp://127.0.0.1",
            "https://user@scr.sci.gov.in",
            "https://scr.sci.gov.in/scrsearch/",
            "https://scr.sci.gov.in/?a=b",
            "https://10.0.0.1/",
            "https://169.254.169.254/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "http://localhost.evil.example/",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
        for good in [
            "https://scr.sci.gov.in",
            "http://127.0.0.1:8080/",
            "http://localhost:1",
            "http://[::1]:9/",
        ] {
            assert!(origin(good).is_ok(), "{good}");
        }
        assert_eq!(
            origin("https://scr.sci.gov.in").unwrap().key(),
            "scr.sci.gov.in:443"
        );
    }

    #[test]
    fn paths_cannot_leave_the_origin() {
        let origin = origin("https://scr.sci.gov.in").unwrap();
        assert_eq!(
            origin.join("/a/b.pdf?c=d").unwrap().as_str(),
            "https://scr.sci.gov.in/a/b.pdf?c=d"
        );
        for bad in [
            "",
            "a",
            "//evil.example/x",
            "/\\evil.example",
            "/a#b",
            "/a b",
            "/a\u{0}b",
            "/../x",
            "/a/../b",
            "https://evil.example/",
            "@evil.example/",
            ".evil.example/",
            "/a\r\nHost: x",
            "/é",
        ] {
            assert!(origin.join(bad).is_none(), "{bad:?}");
        }
        for foreign in [
            "http://scr.sci.gov.in/",
            "https://scr.sci.gov.in:444/",
            "https://x@scr.sci.gov.in/",
        ] {
            assert!(!origin.holds(&Url::parse(foreign).unwrap()), "{foreign}");
        }
    }
}
