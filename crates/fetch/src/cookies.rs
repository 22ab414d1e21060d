//! The cookies of one session.

use std::fmt;

use crate::Secret;

/// More cookies than any portal sets, and more bytes than any needs: of one, and of all together.
const MOST_COOKIES: usize = 32;
const MOST_BYTES: usize = 4_096;
const MOST_BYTES_IN_ALL: usize = 8_192;

/// Name and value of each cookie, the latest value of a name only. Of the attributes, `Domain` and
/// `Max-Age` are looked at: the jar belongs to one session on one origin and dies with it. Values are
/// never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CookieJar {
    cookies: Vec<(String, Secret)>,
}

impl CookieJar {
    /// The cookies of a request, as its `Cookie` header sends them.
    pub(crate) fn sent(headers: &[(String, String)]) -> Self {
        let mut jar = Self::default();
        let lines = headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        for pair in lines.flat_map(|(_, value)| value.split(';')) {
            if let Some(cookie) = Cookie::read(pair.trim()) {
                jar.take(&cookie);
            }
        }
        jar
    }

    /// Takes every `Set-Cookie` of a reply of `host`; an empty value, `deleted` or `Max-Age=0` removes the
    /// name. A cookie for another host, or one that cannot be sent back or is too much, is dropped.
    pub fn absorb(&mut self, host: &str, headers: &[(String, String)]) {
        for (_, line) in headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        {
            if let Some(cookie) = Cookie::read(line).filter(|cookie| cookie.is_for(host)) {
                self.take(&cookie);
            }
        }
    }

    fn take(&mut self, cookie: &Cookie<'_>) {
        let kept = |known: &(String, Secret)| known.0 != cookie.name;
        let size = |known: &(String, Secret)| known.0.len() + known.1.len() + 3;
        let others = self.cookies.iter().filter(|known| kept(known));
        let bytes = others.map(size).sum::<usize>() + cookie.name.len() + cookie.value.len();
        self.cookies.retain(kept);
        if !cookie.removes && self.cookies.len() < MOST_COOKIES && bytes <= MOST_BYTES_IN_ALL {
            self.cookies
                .push((cookie.name.to_owned(), Secret::new(cookie.value)));
        }
    }

    /// The `Cookie` header; `None` while there is none.
    pub fn header(&self) -> Option<Secret> {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={}", value.expose()))
            .collect();
        (!pairs.is_empty()).then(|| Secret::new(pairs.join("; ")))
    }

    /// The values, for masking.
    pub(crate) fn values(&self) -> impl Iterator<Item = &Secret> {
        self.cookies.iter().map(|(_, value)| value)
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.cookies.clear();
    }
}

/// A `Set-Cookie` line that can be sent back.
struct Cookie<'a> {
    name: &'a str,
    value: &'a str,
    domain: Option<&'a str>,
    removes: bool,
}

impl<'a> Cookie<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let mut parts = line.split(';');
        let pair = parts.next().filter(|pair| pair.len() <= MOST_BYTES)?;
        let (name, value) = pair.split_once('=')?;
        let (name, value) = (name.trim(), value.trim());
        let sendable = |text: &str| {
            text.bytes()
                .all(|b| b.is_ascii_graphic() && !matches!(b, b';' | b','))
        };
        if name.is_empty() || !sendable(name) || !sendable(value) {
            return None;
        }
        let mut cookie = Self {
            name,
            value,
            domain: None,
            removes: value.is_empty() || value == "deleted",
        };
        for attribute in parts.take(32) {
            let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            let (key, value) = (key.trim(), value.trim());
            if key.eq_ignore_ascii_case("domain") {
                cookie.domain = Some(value.trim_start_matches('.')).filter(|text| !text.is_empty());
            } else if key.eq_ignore_ascii_case("max-age") {
                cookie.removes |= value == "0" || value.starts_with('-');
            }
        }
        Some(cookie)
    }

    /// Whether it is for `host`: it names no domain, the host itself, or a domain above it.
    fn is_for(&self, host: &str) -> bool {
        let Some(domain) = self.domain else {
            return true;
        };
        if host.eq_ignore_ascii_case(domain) {
            return true;
        }
        let address = host.parse::<std::net::IpAddr>().is_ok() || host.starts_with('[');
        let above = host.len().checked_sub(domain.len() + 1).is_some_and(|dot| {
            host.get(dot..).is_some_and(|end| {
                end.strip_prefix('.')
                    .is_some_and(|end| end.eq_ignore_ascii_case(domain))
            })
        });
        above && !address && domain.contains('.')
    }
}

impl fmt::Debug for CookieJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.cookies.iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(jar: &mut CookieJar, value: &str) {
        jar.absorb(
            "scr.sci.gov.in",
            &[("Set-Cookie".to_owned(), value.to_owned())],
        );
    }

    #[test]
    fn the_latest_value_of_a_name_is_sent() {
        let mut jar = CookieJar::default();
        set(&mut jar, "JUDGEMENTSSEARCH_SESSID=first; path=/; HttpOnly");
        set(&mut jar, "JSESSION=12345678");
        set(&mut jar, "JUDGEMENTSSEARCH_SESSID=second; secure");
        assert_eq!(
            jar.header().unwrap().expose(),
            "JSESSION=12345678; JUDGEMENTSSEARCH_SESSID=second"
        );
        set(
            &mut jar,
            "JSESSION=deleted; expires=Thu, 01 Jan 1970 00:00:00 GMT",
        );
        assert_eq!(
            jar.header().unwrap().expose(),
            "JUDGEMENTSSEARCH_SESSID=second"
        );
        assert!(!format!("{jar:?}").contains("second"));
    }

    #[test]
    fn what_cannot_be_sent_back_is_dropped() {
        let mut jar = CookieJar::default();
        for bad in [
            "",
            "novalue",
            "=x",
            "a b=c",
            "a=b\u{7}",
            &format!("a={}", "x".repeat(5_000)),
        ] {
            set(&mut jar, bad);
        }
        assert_eq!(jar.header(), None);
        for n in 0..100 {
            set(&mut jar, &format!("c{n}=v"));
        }
        assert_eq!(jar.cookies.len(), MOST_COOKIES);
        for n in 0..100 {
            set(&mut jar, &format!("c{n}={}", "x".repeat(4_000)));
        }
        assert!(jar.header().unwrap().len() <= MOST_BYTES_IN_ALL);
    }

    #[test]
    fn cookies_of_other_hosts_are_refused() {
        for (attributes, taken) in [
            ("", true),
            ("; Domain=scr.sci.gov.in", true),
            ("; domain=.SCI.gov.in; path=/", true),
            ("; Domain=", true),
            ("; Domain=in", false),
            ("; Domain=evil.example", false),
            ("; Domain=r.sci.gov.in", false),
            ("; Domain=a.scr.sci.gov.in", false),
            ("; Domain=scr.sci.gov.in.evil.example", false),
            ("; Max-Age=0", false),
            ("; Max-Age=-1", false),
            ("; Max-Age=60", true),
        ] {
            let mut jar = CookieJar::default();
            set(&mut jar, &format!("a=b{attributes}"));
            assert_eq!(jar.header().is_some(), taken, "{attributes}");
        }
        let mut jar = CookieJar::default();
        let headers = [("set-cookie".to_owned(), "a=b; Domain=0.0.1".to_owned())];
        jar.absorb("127.0.0.1", &headers);
        assert_eq!(jar.header(), None);
    }
}
