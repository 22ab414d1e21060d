//! Damaged inputs through every reader of this crate: nothing panics, nothing takes long, and what is
//! accepted keeps its promises.
//!
//! 3,000 inputs a reader, `NIRNAY_INPUTS=100000` for more; `NIRNAY_SEED=7` starts elsewhere. A failure names
//! both.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use nirnay_model::CaptureKind;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::boot::follow_clock;
use crate::gate::{heal, verdict_of};
use crate::mask::mask_body;
use crate::origin::Origin;
use crate::retry_after::retry_after;
use crate::robots::RobotsTxt;
use crate::session::Routes;
use crate::{
    CookieJar, Counts, HostState, HttpReply, Politeness, PortalConfig, RobotsRecord, Secret,
    SinceBoot, StandingStop, StopCause, stage,
};

/// No input may take longer.
const LONGEST: Duration = Duration::from_secs(1);

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Runs `check` over damaged copies of `seeds`, with pieces of `words` put in.
fn for_damaged(seeds: &[&[u8]], words: &[&str], mut check: impl FnMut(&[u8])) {
    let first = number("NIRNAY_SEED", 1);
    for seed in first..first + number("NIRNAY_INPUTS", 3_000) {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let mut input = seeds.choose(&mut dice).unwrap().to_vec();
        for _ in 0..dice.random_range(0..6) {
            damage(&mut input, seeds, words, &mut dice);
        }
        let began = Instant::now();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| check(&input)));
        let shown = String::from_utf8_lossy(&input[..input.len().min(400)]).into_owned();
        assert!(outcome.is_ok(), "NIRNAY_SEED={seed}: {shown:?}");
        assert!(
            began.elapsed() < LONGEST,
            "NIRNAY_SEED={seed} took long: {shown:?}"
        );
    }
}

fn damage(input: &mut Vec<u8>, seeds: &[&[u8]], words: &[&str], dice: &mut ChaCha8Rng) {
    let at = dice.random_range(0..=input.len());
    let end = (at + dice.random_range(0..40)).min(input.len());
    let word = words.choose(dice).copied().unwrap_or("");
    match dice.random_range(0..9) {
        0 => input.truncate(at),
        1 => drop(input.drain(at..end)),
        2 => {
            let again = input[at..end].to_vec();
            input.splice(at..at, again);
        }
        3 if at < input.len() => input[at] = dice.random(),
        4 if at < input.len() => input[at] ^= 1 << dice.random_range(0..8),
        5 => {
            let other = seeds.choose(dice).unwrap();
            let from = dice.random_range(0..=other.len());
            let to = (from + dice.random_range(0..200)).min(other.len());
            input.splice(at..end, other[from..to].iter().copied());
        }
        6 => {
            let times = dice.random_range(1..200);
            input.splice(at..at, word.repeat(times).into_bytes());
        }
        7 => {
            let digits = dice.random::<u64>().to_string();
            input.splice(at..end, digits.into_bytes());
        }
        _ => drop(input.splice(at..end, word.bytes())),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn now() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn headers(name: &str, value: &str) -> HttpReply {
    stage::with_header(stage::reply(429, "later"), name, value)
}

#[test]
fn retry_after_is_a_pause_or_nothing() {
    let seeds: [&[u8]; 6] = [
        b"120",
        b"1000000000",
        b"Sun, 01 Mar 2026 12:10:00 GMT",
        b"Sunday, 01-Mar-26 12:10:00 GMT",
        b"Sun Mar  1 12:10:00 2026",
        b"-5",
    ];
    let words = [
        "GMT", "+0530", "Mar", "0", "9999", ":", ",", "-", " ", "\u{660}",
    ];
    for_damaged(&seeds, &words, |input| {
        let value = text(input);
        let trimmed = value.trim().to_owned();
        let pause = retry_after(&headers("Retry-After", &value), now());
        let digits = !trimmed.is_empty() && trimmed.bytes().all(|b| b.is_ascii_digit());
        if digits {
            let expected = trimmed.parse().unwrap_or(u64::MAX);
            assert_eq!(pause, Some(Duration::from_secs(expected)));
        }
        let date = stage::with_header(headers("Retry-After", "120"), "Date", &value);
        assert_eq!(retry_after(&date, now()), Some(Duration::from_mins(2)));
    });
}

#[test]
fn a_cookie_jar_holds_only_what_can_be_sent() {
    let seeds: [&[u8]; 5] = [
        b"JUDGEMENTSSEARCH_SESSID=abcdefghij; path=/; HttpOnly",
        b"JSESSION=12345678; Domain=scr.sci.gov.in; Max-Age=60; Secure",
        b"a=deleted; expires=Thu, 01 Jan 1970 00:00:00 GMT",
        b"__Host-x=\"quoted\"; Domain=.gov.in",
        b"x=y; Domain=evil.example",
    ];
    let words = [
        ";",
        "=",
        "Domain=",
        "evil.example",
        "\r\n",
        "\0",
        ",",
        "\u{e9}",
        "a=b",
    ];
    let mut jar = CookieJar::default();
    for_damaged(&seeds, &words, |input| {
        let lines: Vec<(String, String)> = text(input)
            .split('\n')
            .map(|line| ("Set-Cookie".to_owned(), line.to_owned()))
            .collect();
        jar.absorb("scr.sci.gov.in", &lines);
        if let Some(header) = jar.header() {
            let header = header.expose();
            assert!(header.len() <= 8_192 && header.split("; ").count() <= 32);
            assert!(header.bytes().all(|b| b.is_ascii_graphic() || b == b' '));
        }
    });
}

#[test]
fn robots_are_read_the_same_twice() {
    let seeds: [&[u8]; 5] = [
        b"User-agent: *\nDisallow: /wp-admin/\nAllow: /wp-admin/admin-ajax.php\nSitemap: https://x/y\n",
        b"User-agent: nirnay\nCrawl-delay: 7.5\nRequest-rate: 1/10s 0900-1700\nVisit-time: 0200-0430\nDisallow: /*.pdf$\n",
        b"\xef\xbb\xbfuser-agent:a\ruser-agent:NIRNAY/2\r\ndisallow:/%61%2f*x*\n",
        b"Disallow: /\n",
        b"<html><body>404</body></html>",
    ];
    let words = [
        "User-agent: *\n",
        "Disallow: /",
        "*",
        "$",
        "%",
        "%2",
        "\n",
        "#",
        ":",
        "Crawl-delay: 1e9",
        "Visit-time: 2300-0100\n",
        "\u{905}",
        "\0",
    ];
    let urls = [
        "/",
        "/wp-admin/admin-ajax.php",
        "/pdfsearch/?p=pdf_search/home",
        "/a%2Fx/y.pdf",
    ]
    .map(|path| format!("https://scr.sci.gov.in{path}").parse().unwrap());
    for_damaged(&seeds, &words, |input| {
        let read = RobotsTxt::read(&text(input), "nirnay");
        assert!(read.limits().delay <= Duration::from_hours(24));
        let stored = read.condensed().expect("a short file is short");
        let again = RobotsTxt::read(&stored, "nirnay");
        assert_eq!(again.condensed(), read.condensed());
        assert_eq!(again.limits(), read.limits());
        for url in &urls {
            assert_eq!(again.allows(url), read.allows(url), "{url}");
        }
        read.limits().opens_at(now());
    });
}

#[test]
fn no_address_leaves_the_portal() {
    let seeds: [&[u8]; 9] = [
        b"/pdfsearch/tmp/0123456789abcdef1767225600.pdf",
        b"https://evil.example/x.pdf",
        b"//evil.example/x.pdf",
        b"/\\evil.example",
        b"@evil.example/x",
        b"https://scr.sci.gov.in@evil.example/",
        b"https://scr.sci.gov.in:8443/x",
        b"http://scr.sci.gov.in/",
        b"https:evil.example",
    ];
    let words = [
        "/",
        "//",
        "\\",
        "@",
        ":",
        "..",
        "%2e",
        "%2F",
        "#",
        "?",
        "\t",
        "\n",
        "[::1]",
        "\u{ff0f}",
        "https:",
        "scr.sci.gov.in",
        ".",
    ];
    let base: url::Url = "https://scr.sci.gov.in".parse().unwrap();
    let origin = Origin::of(&base).unwrap();
    let portal = PortalConfig::public(nirnay_model::SourceId::Scr).unwrap();
    let routes = Routes::new(&portal, "nirnay/0".to_owned());
    let here = |url: &url::Url| {
        assert_eq!(
            (url.scheme(), url.host_str()),
            ("https", Some("scr.sci.gov.in"))
        );
        assert_eq!(url.port_or_known_default(), Some(443));
        assert!(url.username().is_empty() && url.password().is_none());
    };
    for_damaged(&seeds, &words, |input| {
        let shape = text(input);
        if let Some(url) = origin.join(&shape) {
            here(&url);
            assert!(!url.path().split('/').any(|part| part == ".."), "{url}");
        }
        let start = routes.start(CaptureKind::Start);
        if let Some(moved) = routes.moved(&start, &shape) {
            here(&moved.url);
        }
        if let Ok(url) = url::Url::parse(&shape) {
            // Whatever base address is accepted is a bare one, and not a private one.
            if let Ok(origin) = Origin::of(&url) {
                assert!(url.scheme() == "https" || origin.is_loopback(), "{url}");
            }
        }
    });
}

fn rich_state() -> HostState {
    let mut state = HostState {
        last_request_end: Some(now()),
        delay_ms: 1_500,
        robots: Some(RobotsRecord {
            fetched: now(),
            rules: Some("User-agent: *\nDisallow: /x\n".to_owned()),
        }),
        ..HostState::default()
    };
    let counts = Counts {
        requests: 900,
        bytes: 1 << 30,
        captchas: 12,
    };
    state.tally.add(now(), counts);
    state.health.latest = "..x.".repeat(40);
    state.captchas.recent = vec![true, false, true];
    state.captchas.pending = Some("0123456789abcdef".to_owned());
    state.breaker.opened = vec![now()];
    state.add_stop(StandingStop::new(
        StopCause::Refused,
        "403",
        now(),
        Duration::from_hours(24),
    ));
    let since = SinceBoot {
        boot: "a".to_owned(),
        elapsed: Duration::from_secs(50),
    };
    follow_clock(&mut state, now(), Some(&since));
    state
}

#[test]
fn a_stored_state_is_whole_or_damaged() {
    let state = rich_state();
    let stored = state.encode();
    let bare = serde_json::to_vec(&state).unwrap();
    for cut in 0..stored.len() {
        assert!(HostState::decode(&stored[..cut]).is_err(), "cut at {cut}");
    }
    for cut in 0..bare.len() {
        assert!(HostState::decode(&bare[..cut]).is_err(), "cut at {cut}");
    }
    let words = [
        "{",
        "}",
        "[",
        "\"",
        ":",
        ",",
        "null",
        "-1",
        "1e999",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "\"tally\":{}",
        "true",
        "\0",
        "2026-03-01T12:00:00Z",
        "-009999-01-02T00:00:00Z",
        "9999-12-30T22:00:00Z",
    ];
    let politeness = Politeness::default();
    for_damaged(&[&stored], &words, |input| {
        if let Ok(read) = HostState::decode(input) {
            assert_eq!(read, state, "what passes the checksum is what was written");
        }
    });
    // Without a checksum, whatever can be read at all must at least be harmless.
    for_damaged(&[&bare, b"{}"], &words, |input| {
        let Ok(mut read) = HostState::decode(input) else {
            return;
        };
        let later = now()
            .checked_add(jiff::SignedDuration::from_hours(7))
            .unwrap();
        for (at, elapsed) in [(now(), 60), (later, 61), (Timestamp::UNIX_EPOCH, 62)] {
            let since = SinceBoot {
                boot: "a".to_owned(),
                elapsed: Duration::from_secs(elapsed),
            };
            follow_clock(&mut read, at, Some(&since));
            heal(&mut read, &politeness, at);
            verdict_of(&read, &politeness, at);
            read.tally.add(at, Counts::bytes(u64::MAX));
            read.tally.last_day(at);
        }
        assert_eq!(HostState::decode(&read.encode()).as_ref(), Ok(&read));
    });
}

#[test]
fn masks_keep_every_length() {
    let secret = "q1w2e3r4t5y6u7i8o9p0zxcv";
    let known = [Secret::new(secret), Secret::new("ab12cd")];
    let seeds: [&[u8]; 4] = [
        b"{\"app_token\":\"q1w2e3r4t5y6u7i8o9p0zxcv\",\"captcha\":\"ab12cd\"}",
        b"<input name='app_token' value='q1w2e3r4t5y6u7i8o9p0zxcv'> %71%31%77%32%65%33%72%34",
        b"/pdfsearch/tmp/q1w2e3r4t5y6u7i8o9p0zxcv.pdf #####q1w2e3r4t5y6u7i8o9p0zxcv",
        b"q1w2e3r4t5y6\r\nu7i8o9p0zxcv \\u0071",
    ];
    let words = [
        "%",
        "%25",
        "&#",
        ";",
        "\\u00",
        "\\",
        "<",
        ">",
        "app_token",
        "/tmp/",
        "\n",
        "q1w2e3r4t5y6u7i8o9p0zxcv",
    ];
    for_damaged(&seeds, &words, |input| {
        let masked = mask_body(input, &known);
        assert_eq!(masked.len(), input.len());
        assert!(!text(&masked).contains(secret));
    });
}
