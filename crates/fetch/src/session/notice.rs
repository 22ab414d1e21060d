//! Words of law addressed to a crawler: the clearest way a portal can say no.

/// Longer bodies are no message.
const LONGEST: usize = 32 << 10;

/// Phrases of such messages. Judgments speak of legal notices all day, so those words alone are not
/// among them.
const PHRASES: [&str; 12] = [
    "cease and desist",
    "automated access",
    "automated quer",
    "automated request",
    "automated tool",
    "web scraping",
    "data scraping",
    "scraping of this",
    "bots are not permitted",
    "information technology act",
    "unauthorised access to this",
    "unauthorized access to this",
];

/// Whether `body`, which is nothing that was asked for, is such a message.
pub(crate) fn legal_notice(body: &[u8]) -> bool {
    if body.len() > LONGEST {
        return false;
    }
    let lower = String::from_utf8_lossy(body).to_ascii_lowercase();
    PHRASES.iter().any(|phrase| lower.contains(phrase))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_portal_that_speaks_of_law_is_heard() {
        assert!(legal_notice(
            b"<html><h1>Notice</h1><p>Automated access to this site is an offence.</p></html>"
        ));
        assert!(legal_notice(
            b"Offenders will be dealt with under the Information Technology Act, 2000"
        ));
        for honest in [
            "<p>The legal notice under section 138 was returned unserved.</p>",
            "{\"reportrow\":{\"aaData\":[]}}",
            "",
        ] {
            assert!(!legal_notice(honest.as_bytes()), "{honest}");
        }
        assert!(!legal_notice(&b"cease and desist ".repeat(4_000)));
    }
}
