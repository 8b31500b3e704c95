//! One served file: its hashed name, its bytes and its compressed copies.

use std::{fs, io::Write as _, path::Path};

use sha2::{Digest as _, Sha256};

/// A file on its way to `target/site/assets`.
#[derive(Debug)]
pub(crate) struct Asset {
    /// The name pages ask for, such as `style.css`.
    pub(crate) logical: String,
    /// The file's name, hash included.
    pub(crate) file: String,
    pub(crate) bytes: Vec<u8>,
    /// Fonts are compressed already.
    pub(crate) compress: bool,
    /// One more manifest entry that is no path (the islands' common stem).
    pub(crate) alias: Option<(String, String)>,
}

impl Asset {
    /// `stem.<hash of the bytes>.extension`.
    pub(crate) fn hashed(logical: &str, stem: &str, extension: &str, bytes: Vec<u8>) -> Self {
        let hash = short_hash([bytes.as_slice()]);
        Self {
            logical: logical.to_owned(),
            file: format!("{stem}.{hash}.{extension}"),
            bytes,
            compress: extension != "woff2",
            alias: None,
        }
    }

    /// The path a browser asks for.
    pub(crate) fn served(&self) -> String {
        format!("/assets/{}", self.file)
    }

    /// Writes the file and its copies; returns the bytes a current browser transfers.
    pub(crate) fn write(&self, folder: &Path) -> anyhow::Result<u64> {
        fs::write(folder.join(&self.file), &self.bytes)?;
        if !self.compress {
            return Ok(self.bytes.len() as u64);
        }
        let small = brotli(&self.bytes)?;
        fs::write(folder.join(format!("{}.gz", self.file)), gzip(&self.bytes)?)?;
        fs::write(folder.join(format!("{}.br", self.file)), &small)?;
        Ok(small.len() as u64)
    }
}

fn brotli(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let best = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &best)?;
    Ok(small)
}

fn gzip(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Twelve hexadecimal digits: enough that no two builds of one file ever meet in a cache.
/// Parts are separated by their lengths, so that moving a byte between two parts changes the result.
pub(crate) fn short_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let digest = hasher.finalize();
    let digits = digest
        .iter()
        .take(6)
        .flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn name_follows_content() {
        let first = Asset::hashed("style.css", "style", "css", b"a{}".to_vec());
        let second = Asset::hashed("style.css", "style", "css", b"b{}".to_vec());
        assert_ne!(first.file, second.file);
        assert!(first.served().starts_with("/assets/style."));
    }

    #[test]
    fn copies_unpack_to_the_original() {
        let bytes = b"Access, proven. ".repeat(200);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &brotli(&bytes).unwrap()[..], &mut unpacked).unwrap();
        assert_eq!(unpacked, bytes);
        unpacked.clear();
        let packed = gzip(&bytes).unwrap();
        flate2::read::GzDecoder::new(&packed[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, bytes);
    }

    #[test]
    fn hash_keeps_parts_apart() {
        assert_ne!(
            short_hash([&b"ab"[..], b"c"]),
            short_hash([&b"a"[..], b"bc"])
        );
    }
}
