//! Where a portal's name may lead: ten thousand answers of a hostile resolver, and no connection.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails the test by panicking"
)]

#[allow(dead_code, reason = "each test uses its part of it")]
mod wire;

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use nirnay_fetch::{HttpTransport, Resolver, Transport as _, TransportOptions, TransportProblem};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use wire::{Server, request};

/// Says what it is told to.
#[derive(Default)]
struct Liar(Mutex<Option<Vec<IpAddr>>>);

#[async_trait]
impl Resolver for Liar {
    async fn addresses(&self, _: &str) -> io::Result<Vec<IpAddr>> {
        let said = self.0.lock().unwrap().clone();
        said.ok_or_else(|| io::Error::other("no such name"))
    }
}

/// Address blocks that are not the public internet (IANA's registries of special addresses).
const SPECIAL_V4: [(&str, u32); 17] = [
    ("0.0.0.0", 8),
    ("10.0.0.0", 8),
    ("100.64.0.0", 10),
    ("127.0.0.0", 8),
    ("169.254.0.0", 16),
    ("169.254.169.254", 32),
    ("172.16.0.0", 12),
    ("192.0.0.0", 24),
    ("192.0.2.0", 24),
    ("192.88.99.0", 24),
    ("192.168.0.0", 16),
    ("198.18.0.0", 15),
    ("198.51.100.0", 24),
    ("203.0.113.0", 24),
    ("224.0.0.0", 4),
    ("240.0.0.0", 4),
    ("255.255.255.255", 32),
];
const SPECIAL_V6: [(&str, u32); 12] = [
    ("::", 128),
    ("::1", 128),
    ("64:ff9b::", 96),
    ("64:ff9b:1::", 48),
    ("100::", 64),
    ("2001::", 32),
    ("2001:db8::", 32),
    ("2002::", 16),
    ("3fff::", 20),
    ("5f00::", 16),
    ("fc00::", 7),
    ("fe80::", 10),
];

fn within_v4(dice: &mut ChaCha8Rng) -> Ipv4Addr {
    let (base, bits) = SPECIAL_V4[dice.random_range(0..SPECIAL_V4.len())];
    let base = u32::from(base.parse::<Ipv4Addr>().unwrap());
    let free = u32::MAX.checked_shr(bits).unwrap_or(0);
    Ipv4Addr::from(base | (dice.random::<u32>() & free))
}

fn within_v6(dice: &mut ChaCha8Rng) -> Ipv6Addr {
    let (base, bits) = SPECIAL_V6[dice.random_range(0..SPECIAL_V6.len())];
    let base = u128::from(base.parse::<Ipv6Addr>().unwrap());
    let free = u128::MAX.checked_shr(bits).unwrap_or(0);
    Ipv6Addr::from(base | (dice.random::<u128>() & free))
}

/// An IPv4 address in the clothes of an IPv6 one.
fn dressed(ip: Ipv4Addr, dice: &mut ChaCha8Rng) -> Ipv6Addr {
    let [a, b, c, d] = ip.octets().map(u16::from);
    let (high, low) = (a << 8 | b, c << 8 | d);
    match dice.random_range(0..4) {
        0 => ip.to_ipv6_mapped(),
        1 => Ipv6Addr::new(0, 0, 0, 0, 0, 0, high, low),
        2 => Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
        _ => Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
    }
}

#[tokio::test]
async fn ten_thousand_addresses_and_no_connection() {
    // If the filter failed, whatever leads to this machine would be accepted here.
    let here = Server::start(|stream| async move { drop(stream) }).await;
    let base = format!("https://judgments.portal.example:{}", here.port);
    let liar = Arc::new(Liar::default());
    let transport = HttpTransport::with_resolver(
        &base.parse().unwrap(),
        TransportOptions::default(),
        Arc::clone(&liar) as _,
    )
    .unwrap();
    let mut dice = ChaCha8Rng::seed_from_u64(25);
    for case in 0..10_000 {
        let count = dice.random_range(1..4);
        let said: Vec<IpAddr> = (0..count)
            .map(|_| match dice.random_range(0..4) {
                0 | 1 => within_v4(&mut dice).into(),
                2 => within_v6(&mut dice).into(),
                _ => {
                    let ip = within_v4(&mut dice);
                    dressed(ip, &mut dice).into()
                }
            })
            .collect();
        *liar.0.lock().unwrap() = Some(said.clone());
        let url = format!("{base}/pdfsearch/");
        let error = transport.send(request(&url, 1_000)).await.unwrap_err();
        assert_eq!(
            error.problem,
            TransportProblem::Resolve,
            "case {case}: {said:?} gave {error}"
        );
    }
    assert_eq!(here.seen(), 0);
}

#[tokio::test]
async fn a_loopback_portal_is_found_on_loopback_only() {
    let here = Server::answering(wire::answer("Content-Length: 2", b"ok")).await;
    let base = format!("http://localhost:{}", here.port);
    let liar = Arc::new(Liar::default());
    let transport = HttpTransport::with_resolver(
        &base.parse().unwrap(),
        TransportOptions::default(),
        Arc::clone(&liar) as _,
    )
    .unwrap();
    let url = format!("{base}/");
    for (said, expected) in [
        (Some(vec!["164.100.1.1"]), Err(TransportProblem::Resolve)),
        (
            Some(vec!["10.0.0.1", "169.254.169.254"]),
            Err(TransportProblem::Resolve),
        ),
        (Some(vec![]), Err(TransportProblem::Resolve)),
        (None, Err(TransportProblem::Resolve)),
        (Some(vec!["10.0.0.1", "127.0.0.1"]), Ok(200)),
    ] {
        *liar.0.lock().unwrap() =
            said.map(|list| list.iter().map(|ip| ip.parse().unwrap()).collect());
        let got = transport.send(request(&url, 1_000)).await;
        let got = got.map(|reply| reply.status).map_err(|error| error.problem);
        assert_eq!(got, expected);
    }
}

#[test]
fn addresses_in_place_of_names_are_refused() {
    let mut dice = ChaCha8Rng::seed_from_u64(26);
    for _ in 0..10_000 {
        let ip = within_v4(&mut dice);
        let dressed = dressed(ip, &mut dice);
        let number = u32::from(ip);
        for host in [
            ip.to_string(),
            number.to_string(),
            format!("{number:#x}"),
            format!("[{}]", within_v6(&mut dice)),
            format!("[{dressed}]"),
        ] {
            let base = format!("https://{host}:8443");
            let Ok(url) = base.parse() else { continue };
            let made = HttpTransport::new(&url, TransportOptions::default());
            // This machine may be named; only then is it contacted.
            let loopback = url.host_str().is_some_and(|host| {
                host.trim_matches(['[', ']'])
                    .parse::<IpAddr>()
                    .is_ok_and(|ip| ip.is_loopback())
            });
            assert_eq!(made.is_ok(), loopback, "{base}");
        }
    }
}
