//! Verifies an evidence pack in the browser: the file stays where it is, and nothing is asked of the server.
//!
//! A module of its own, beside the islands, because only one page loads it. It has one function and keeps nothing
//! between two calls; reading the dropped file and showing the answer are the page's. It takes about a second for a
//! hundred thousand items, so a page that stays usable calls it in a worker.

use proof::VerifyingKey;
use proof::pack::{PackError, Verified};
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// What the page shows.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    /// Everything holds.
    Verified(Box<Verified>),
    /// The first thing that does not.
    Refused(PackError),
    /// A line that was given as a key is none.
    NoKey(String),
}

/// Verifies the bytes of a pack against the organisation's public keys, one a line; without any, the pack's own are
/// taken and the answer warns of it.
///
/// The answer is JSON with one member: `verified` as in `proof::pack::Verified`, `refused` as in `proof::pack::PackError`,
/// or `no_key` with the line that is no key.
#[wasm_bindgen]
pub fn verify(pack: &[u8], keys: &str) -> String {
    answer(pack, keys).json()
}

impl Answer {
    fn json(&self) -> String {
        serde_json::to_string(self).expect("invariant: the keys of all maps are texts")
    }
}

fn answer(pack: &[u8], keys: &str) -> Answer {
    let mut trusted: Vec<VerifyingKey> = Vec::new();
    for line in keys.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match line.parse() {
            Ok(key) => trusted.push(key),
            Err(_) => return Answer::NoKey(line.to_owned()),
        }
    }
    match proof::pack::verify(pack, &trusted) {
        Ok(verified) => Answer::Verified(Box::new(verified)),
        Err(refused) => Answer::Refused(refused),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const PACK: &[u8] = include_bytes!("../../../server/proof/vectors/pack.zip");
    const KEY: &str = "bailiwick.example/log+9f721020+ARl/ayPhbIUyxqvIOPrNXqeJvgx2spIDNAOb+os9No1h";

    fn answered(pack: &[u8], keys: &str) -> Value {
        serde_json::from_str(&verify(pack, keys)).unwrap()
    }

    #[test]
    fn a_pack_is_verified_with_and_without_a_key() {
        let with = answered(PACK, &format!("\n {KEY}\r\n"));
        assert_eq!(with["verified"]["lines"], 10);
        assert_eq!(with["verified"]["keys"][0]["from_pack"], false);
        let without = answered(PACK, "");
        assert_eq!(without["verified"]["keys"][0]["key"], KEY);
        assert_eq!(without["verified"]["warnings"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let mut changed = PACK.to_vec();
        changed[60] ^= 1;
        let refused = answered(&changed, KEY);
        assert_eq!(refused["refused"]["part"], "report.html");
        assert_eq!(answered(PACK, "not a key")["no_key"], "not a key");
    }
}
