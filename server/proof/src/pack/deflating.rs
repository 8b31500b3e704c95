//! A deflated part while it is written: counted, hashed and handed on piece by piece.

use std::io::{self, Write};

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use sha2::{Digest, Sha256};

use super::line_hash::LineHashes;
use super::list::{ListedPart, Packed};
use super::part::Part;
use super::zip::ZipWriter;
use crate::hash::Hash;

/// Deflated bytes that are kept before they are handed on.
const PIECE: usize = 1 << 16;

/// A part that is being written, with the hashes of its lines so far.
#[derive(Debug)]
pub(super) struct Deflating {
    part: Part,
    encoder: DeflateEncoder<Vec<u8>>,
    content: Sha256,
    crc: Crc,
    packed: Sha256,
    packed_bytes: u64,
    bytes: u64,
    lines: u64,
    short: LineHashes,
    hashes: Vec<u8>,
}

impl Deflating {
    pub(super) fn begin<W: Write>(part: Part, zip: &mut ZipWriter<W>) -> io::Result<Self> {
        zip.begin(part.place())?;
        Ok(Self {
            part,
            encoder: DeflateEncoder::new(Vec::with_capacity(2 * PIECE), Compression::default()),
            content: Sha256::new(),
            crc: Crc::new(),
            packed: Sha256::new(),
            packed_bytes: 0,
            bytes: 0,
            lines: 0,
            short: LineHashes::default(),
            hashes: Vec::new(),
        })
    }

    pub(super) fn part(&self) -> Part {
        self.part
    }

    /// Bytes of a text; each line gets its short hash.
    pub(super) fn text<W: Write>(
        &mut self,
        bytes: &[u8],
        zip: &mut ZipWriter<W>,
    ) -> io::Result<()> {
        let (hashes, lines) = (&mut self.hashes, &mut self.lines);
        self.short.feed(bytes, |short| {
            hashes.extend_from_slice(&short);
            *lines += 1;
        });
        self.append(bytes, zip)
    }

    /// A line, which gets the given leaf hash, or none if it is in no tree.
    pub(super) fn line<W: Write>(
        &mut self,
        line: &[u8],
        leaf: Option<Hash>,
        zip: &mut ZipWriter<W>,
    ) -> io::Result<()> {
        if let Some(leaf) = leaf {
            self.hashes.extend_from_slice(&leaf.0);
        }
        self.lines += 1;
        self.append(line, zip)?;
        self.append(b"\n", zip)
    }

    fn append<W: Write>(&mut self, bytes: &[u8], zip: &mut ZipWriter<W>) -> io::Result<()> {
        self.content.update(bytes);
        self.crc.update(bytes);
        self.bytes += bytes.len() as u64;
        self.encoder.write_all(bytes)?;
        if self.encoder.get_ref().len() >= PIECE {
            let piece = std::mem::take(self.encoder.get_mut());
            self.hand_on(&piece, zip)?;
        }
        Ok(())
    }

    fn hand_on<W: Write>(&mut self, piece: &[u8], zip: &mut ZipWriter<W>) -> io::Result<()> {
        self.packed.update(piece);
        self.packed_bytes += piece.len() as u64;
        zip.bytes(piece)
    }

    /// Ends the part; answers what the list says of it, and the hashes of its lines.
    pub(super) fn end<W: Write>(
        mut self,
        zip: &mut ZipWriter<W>,
    ) -> io::Result<(ListedPart, Vec<u8>)> {
        if let Some(short) = self.short.last() {
            self.hashes.extend_from_slice(&short);
            self.lines += 1;
        }
        self.encoder.try_finish()?;
        let piece = std::mem::take(self.encoder.get_mut());
        self.hand_on(&piece, zip)?;
        zip.end(
            self.part.place(),
            self.crc.sum(),
            self.packed_bytes,
            self.bytes,
        )?;
        let listed = ListedPart {
            bytes: self.bytes,
            lines: Some(self.lines),
            name: self.part.name().to_owned(),
            packed: Some(Packed {
                bytes: self.packed_bytes,
                sha256: Hash(self.packed.finalize().into()),
            }),
            sha256: Hash(self.content.finalize().into()),
        };
        Ok((listed, self.hashes))
    }
}
