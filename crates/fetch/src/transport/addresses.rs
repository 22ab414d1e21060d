//! Which addresses a host name may lead to.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Addresses of a host that are tried.
const MOST_ADDRESSES: usize = 16;

/// Finds the addresses of a host name.
#[async_trait]
pub trait Resolver: Send + Sync {
    /// Every address of `host`.
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The machine's own resolver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((host, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// Resolves names and drops what must not be contacted: for a public host every private, loopback,
/// link-local or otherwise special address; for a loopback host everything else.
#[derive(Clone)]
pub(super) struct FilteredResolver {
    pub(super) loopback: bool,
    pub(super) resolver: Arc<dyn Resolver>,
}

/// No usable address.
#[derive(Debug, thiserror::Error)]
#[error("{host} has no address that may be contacted ({refused} refused)")]
pub(super) struct NoAddress {
    host: String,
    refused: usize,
}

/// The name could not be looked up.
#[derive(Debug, thiserror::Error)]
#[error("dns lookup of {host} failed: {source}")]
pub(super) struct LookupFailed {
    host: String,
    source: io::Error,
}

impl Resolve for FilteredResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let Self { loopback, resolver } = self.clone();
        Box::pin(async move {
            let host = name.as_str();
            let found = match resolver.addresses(host).await {
                Ok(found) => found,
                Err(source) => {
                    let host = host.to_owned();
                    return Err(LookupFailed { host, source }.into());
                }
            };
            let refused = found.len();
            let usable = usable(found, loopback);
            if usable.is_empty() {
                let host = host.to_owned();
                return Err(NoAddress { host, refused }.into());
            }
            let addresses: Addrs = Box::new(usable.into_iter());
            Ok(addresses)
        })
    }
}

/// What of `found` may be contacted. The port is the caller's.
fn usable(found: Vec<IpAddr>, loopback: bool) -> Vec<SocketAddr> {
    let allowed = |ip: &IpAddr| {
        if loopback {
            ip.to_canonical().is_loopback()
        } else {
            is_public(*ip)
        }
    };
    found
        .into_iter()
        .filter(allowed)
        .take(MOST_ADDRESSES)
        .map(|ip| SocketAddr::new(ip, 0))
        .collect()
}

/// Whether `ip` is an ordinary address of the public internet.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_broadcast()
        || ip.is_documentation()
        || a == 0
        || a >= 240
        || a == 100 && (64..128).contains(&b)
        || a == 192 && b == 0 && c == 0
        || a == 192 && b == 88 && c == 99
        || a == 198 && (18..20).contains(&b);
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    // Global unicast is 2000::/3. Inside it: tunnels that can carry any IPv4 address, documentation.
    let tunnel = first == 0x2002 || first == 0x2001 && second < 0x0200;
    let documentation = first == 0x2001 && second == 0x0db8 || first == 0x3fff;
    (0x2000..0x4000).contains(&first) && !tunnel && !documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_addresses_are_not_public() {
        for special in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.1",
            "240.0.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ] {
            assert!(!is_public(special.parse().unwrap()), "{special}");
        }
        for public in [
            "164.100.1.1",
            "14.139.60.1",
            "2405:8a00::1",
            "::ffff:164.100.1.1",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn a_name_is_narrowed_to_what_its_host_may_be() {
        let found: Vec<IpAddr> = ["127.0.0.1", "10.0.0.1", "164.100.1.1", "::1"]
            .iter()
            .map(|a| a.parse().unwrap())
            .collect();
        assert_eq!(
            usable(found.clone(), false),
            ["164.100.1.1:0".parse().unwrap()]
        );
        assert_eq!(usable(found, true).len(), 2);
        let many = vec!["164.100.1.1".parse().unwrap(); 10_000];
        assert_eq!(usable(many, false).len(), MOST_ADDRESSES);
    }
}
