//! Which addresses a host name may lead to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Resolves names and drops what must not be contacted: for a public host every private, loopback,
/// link-local or otherwise special address; for a loopback host everything else.
#[derive(Debug, Clone, Copy)]
pub(super) struct FilteredResolver {
    pub(super) loopback: bool,
}

/// No usable address.
#[derive(Debug, thiserror::Error)]
#[error("{host} has no address that may be contacted ({refused} refused)")]
pub(super) struct NoAddress {
    host: String,
    refused: usize,
}

impl Resolve for FilteredResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let loopback = self.loopback;
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let all = found.len();
            let usable = usable(found, loopback);
            if usable.is_empty() {
                let error = NoAddress {
                    host: name.as_str().to_owned(),
                    refused: all,
                };
                return Err(error.into());
            }
            let addresses: Addrs = Box::new(usable.into_iter());
            Ok(addresses)
        })
    }
}

fn usable(found: Vec<SocketAddr>, loopback: bool) -> Vec<SocketAddr> {
    let allowed = |ip: IpAddr| {
        if loopback {
            ip.to_canonical().is_loopback()
        } else {
            is_public(ip)
        }
    };
    found
        .into_iter()
        .filter(|address| allowed(address.ip()))
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
        let found: Vec<SocketAddr> = ["127.0.0.1:0", "10.0.0.1:0", "164.100.1.1:0", "[::1]:0"]
            .iter()
            .map(|a| a.parse().unwrap())
            .collect();
        assert_eq!(
            usable(found.clone(), false),
            ["164.100.1.1:0".parse().unwrap()]
        );
        assert_eq!(usable(found, true).len(), 2);
    }
}
