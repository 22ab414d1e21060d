//! The cookies of one session.

use std::fmt;

use crate::Secret;

/// More cookies than any portal sets, and more bytes than any needs.
const MOST_COOKIES: usize = 32;
const MOST_BYTES: usize = 4_096;

/// Name and value of each cookie, the latest value of a name only. Attributes are not looked at: the
/// jar belongs to one session on one origin and dies with it. Values are never shown.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct CookieJar {
    cookies: Vec<(String, Secret)>,
}

impl CookieJar {
    /// Takes every `Set-Cookie` of a reply's headers; an empty value or `deleted` removes the name.
    pub fn absorb(&mut self, headers: &[(String, String)]) {
        for (_, value) in headers
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"))
        {
            let pair = value.split(';').next().unwrap_or("");
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            let (name, value) = (name.trim(), value.trim());
            let sendable = |text: &str| {
                text.bytes()
                    .all(|b| b.is_ascii_graphic() && !matches!(b, b';' | b','))
            };
            if name.is_empty() || pair.len() > MOST_BYTES || !sendable(name) || !sendable(value) {
                continue;
            }
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() && value != "deleted" && self.cookies.len() < MOST_COOKIES {
                self.cookies.push((name.to_owned(), Secret::new(value)));
            }
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
        jar.absorb(&[("Set-Cookie".to_owned(), value.to_owned())]);
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
    }
}
