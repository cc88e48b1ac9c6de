//! Which addresses the servers that a unidade names may have, and a client that dials no others (threat 19).

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use reqwest::{Client, redirect};
use url::Url;

use crate::smtp::{Failure, Why};

/// Ports on which the public Internet is asked: nobody goes looking for others through the product.
const PORTS: [u16; 2] = [443, 8443];

/// Whether an address may stand in the public Internet: protected, on a port for that.
#[must_use]
pub fn is_public(url: &Url) -> bool {
    url.scheme() == "https" && url.port_or_known_default().is_some_and(|port| PORTS.contains(&port))
}

/// A client that goes where the address was found to lead, and nowhere else; it follows nobody elsewhere. `internal` lets it
/// lead anywhere, over any protocol of the web.
///
/// # Errors
/// As [`looked_up`]; [`Why::Broken`] for an address without a host.
pub async fn client(url: &Url, internal: bool, connect: Duration) -> Result<Client, Failure> {
    let broken = |answer: String| Failure { why: Why::Broken, answer };
    if !internal && !is_public(url) {
        return Err(Failure { why: Why::Internal, answer: String::new() });
    }
    let host = url.host_str().ok_or_else(|| broken("no host".to_owned()))?;
    let port = url.port_or_known_default().unwrap_or(443);
    let places = looked_up(host.trim_start_matches('[').trim_end_matches(']'), port, internal).await?;
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .user_agent(concat!("SRI/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect)
        .resolve_to_addrs(host, &places)
        .build()
        .map_err(|e| broken(e.to_string()))
}

/// What a request failed at. The address itself is not told: its path may be a secret.
#[must_use]
pub fn failed(error: &reqwest::Error) -> Failure {
    let mut answer = String::new();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        answer = inner.to_string();
        source = inner.source();
    }
    let why = if error.is_timeout() {
        Why::Slow
    } else if answer.contains("certificate") || answer.contains("TLS") || answer.contains("tls") {
        Why::Tls
    } else if error.is_builder() || error.is_request() && !error.is_connect() && answer.is_empty() {
        Why::Broken
    } else {
        Why::Unreachable
    };
    Failure { why, answer }
}

/// Resolves a name once and answers where it may be dialled; `internal` lets it stand anywhere.
///
/// # Errors
/// [`Why::Unresolved`]; [`Why::Internal`] when one of its addresses is not of the public Internet: a name that leads to both
/// kinds is a trick.
pub(crate) async fn looked_up(host: &str, port: u16, internal: bool) -> Result<Vec<SocketAddr>, Failure> {
    let unresolved = |answer: String| Failure { why: Why::Unresolved, answer };
    let found = tokio::net::lookup_host((host, port)).await;
    let found: Vec<SocketAddr> = found.map_err(|error| unresolved(error.to_string()))?.collect();
    if found.is_empty() {
        return Err(unresolved(String::new()));
    }
    if !internal && found.iter().any(|address| refused(address.ip())) {
        return Err(Failure { why: Why::Internal, answer: String::new() });
    }
    Ok(found)
}

/// Whether an address is of this machine, of a network behind the product, or of no network at all.
fn refused(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => refused_v4(ip),
        IpAddr::V6(ip) => refused_v6(ip),
    }
}

fn refused_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || first == 0
        // Shared by carriers (RFC 6598), for protocols (RFC 6890), for measuring (RFC 2544), reserved.
        || (first == 100 && (64..128).contains(&second))
        || [first, second, third] == [192, 0, 0]
        || (first == 198 && (18..20).contains(&second))
        || first >= 240
}

fn refused_v6(ip: Ipv6Addr) -> bool {
    let part = ip.segments();
    // An address of the old kind in the clothes of a new one, from this part on.
    let inside = |at: usize| {
        let [[one, two], [three, four]] = [part[at].to_be_bytes(), part[at + 1].to_be_bytes()];
        refused_v4(Ipv4Addr::new(one, two, three, four))
    };
    match part {
        // Mapped, and translated (RFC 6052).
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => inside(6),
        // 6to4.
        [0x2002, ..] => inside(1),
        // Documentation; Teredo carries an address that the sender chose.
        [0x2001, 0xdb8 | 0, ..] => true,
        // Only what is given out for the world.
        [first, ..] => !(0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_public_internet_are_dialled() {
        for inner in [
            "127.0.0.1",
            "127.8.8.8",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "203.0.113.7",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
        ] {
            assert!(refused(inner.parse().unwrap()), "{inner}");
        }
        for outer in [
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(!refused(outer.parse().unwrap()), "{outer}");
        }
    }
}
