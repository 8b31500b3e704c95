//! From where a request really comes.

use std::net::IpAddr;

use http::HeaderMap;

/// The address of the peer, or what a trusted proxy says of it: the last address in `X-Forwarded-For` that is not
/// itself a trusted proxy. What others write into that header is not believed.
pub fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.to_canonical();
    if !trusted.contains(&peer) {
        return peer;
    }
    let listed: Vec<IpAddr> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map_while(|part| part.trim().parse().ok())
        .collect();
    listed
        .into_iter()
        .rev()
        .map(|address| address.to_canonical())
        .find(|address| !trusted.contains(address))
        .unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_are_believed() {
        let address = |text: &str| text.parse::<IpAddr>().expect("address");
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            "198.51.100.7, 203.0.113.9, 10.0.0.2"
                .parse()
                .expect("header"),
        );
        let trusted = [address("10.0.0.1"), address("10.0.0.2")];
        assert_eq!(
            client(address("10.0.0.1"), &headers, &trusted),
            address("203.0.113.9")
        );
        assert_eq!(
            client(address("192.0.2.1"), &headers, &trusted),
            address("192.0.2.1")
        );
        assert_eq!(
            client(address("10.0.0.1"), &HeaderMap::new(), &trusted),
            address("10.0.0.1")
        );
    }
}
