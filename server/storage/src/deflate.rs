//! Deflated bytes (RFC 1951) for the large texts that are kept: raw files of runs and manifests.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use crate::{Error, Result};

/// Fast rather than small: rows of access repeat themselves so much that more effort saves little.
const EFFORT: u32 = 1;

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(
        Vec::with_capacity(bytes.len() / 4),
        Compression::new(EFFORT),
    );
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("invariant: writing to memory does not fail")
}

pub(crate) fn inflate(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut all = Vec::with_capacity(bytes.len() * 4);
    DeflateDecoder::new(bytes)
        .read_to_end(&mut all)
        .map_err(|_| Error::damaged("deflated bytes that cannot be inflated"))?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bytes_come_back(bytes: Vec<u8>) {
            prop_assert_eq!(inflate(&deflate(&bytes)).ok(), Some(bytes));
        }
    }

    #[test]
    fn damaged_bytes_are_an_error() {
        assert!(inflate(&[0xff; 9]).is_err());
    }
}
