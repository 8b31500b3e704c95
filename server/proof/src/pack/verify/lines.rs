//! Reads a deflated part in pieces: what it unpacks to is counted and hashed on the way, and nothing of it is kept.

use std::io::{self, BufRead, BufReader, Read};

use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use sha2::{Digest, Sha256};

use crate::hash::Hash;
use crate::pack::error::PackError;
use crate::pack::write::MAX_LINE;
use crate::pack::zip::Member;

/// What is unpacked at once: after damage at most so much is lost of what stood before it.
const PIECE: usize = 1 << 14;

/// What a part unpacked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sums {
    pub(super) bytes: u64,
    pub(super) lines: u64,
    pub(super) sha256: Hash,
    pub(super) crc: u32,
}

/// The bytes of a deflated member. It stops where the member is longer than the archive says, so that no small file
/// unpacks without end.
struct Unpacked<'a> {
    inflate: DeflateDecoder<&'a [u8]>,
    content: Sha256,
    crc: Crc,
    bytes: u64,
    size: u64,
}

impl Read for Unpacked<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let count = self.inflate.read(to)?;
        self.content.update(&to[..count]);
        self.crc.update(&to[..count]);
        self.bytes += count as u64;
        if self.bytes > self.size {
            return Err(io::Error::other("longer than the archive says"));
        }
        Ok(count)
    }
}

/// A deflated part that is read line by line, or piece by piece.
pub(super) struct Lines<'a> {
    name: &'static str,
    reader: BufReader<Unpacked<'a>>,
    line: Vec<u8>,
    number: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn open(member: Member<'a>) -> Self {
        let unpacked = Unpacked {
            inflate: DeflateDecoder::new(member.data),
            content: Sha256::new(),
            crc: Crc::new(),
            bytes: 0,
            size: member.size.into(),
        };
        Self {
            name: member.name,
            reader: BufReader::with_capacity(PIECE, unpacked),
            line: Vec::with_capacity(1 << 10),
            number: 0,
        }
    }

    /// Goes to the next line; false behind the last one.
    pub(super) fn advance(&mut self) -> Result<bool, PackError> {
        self.line.clear();
        self.number += 1;
        let mut limited = (&mut self.reader).take(MAX_LINE as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.line);
        let read = read.map_err(|error| {
            let what = format!("is the first that cannot be unpacked, or near it: {error}");
            PackError::line(self.name, self.number, None, what)
        })?;
        if read == 0 {
            self.number -= 1;
            return Ok(false);
        }
        match self.line.pop() {
            Some(b'\n') => Ok(true),
            _ => Err(PackError::line(
                self.name,
                self.number,
                None,
                "does not end as a line does: it is cut off, or longer than any record",
            )),
        }
    }

    /// The line without its line feed.
    pub(super) fn line(&self) -> &[u8] {
        &self.line
    }

    /// Its number, from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next bytes, for parts whose lines are of any length; none at the end.
    pub(super) fn piece(&mut self, then: impl FnOnce(&[u8])) -> Result<bool, PackError> {
        let piece = self.reader.fill_buf();
        let piece = piece.map_err(|error| unpackable(self.name, &error))?;
        let length = piece.len();
        then(piece);
        self.reader.consume(length);
        Ok(length > 0)
    }

    /// What was read; `lines` is for the caller to say where it read pieces.
    pub(super) fn finish(self) -> Sums {
        let unpacked = self.reader.into_inner();
        Sums {
            bytes: unpacked.bytes,
            lines: self.number,
            sha256: Hash(unpacked.content.finalize().into()),
            crc: unpacked.crc.sum(),
        }
    }
}

fn unpackable(name: &'static str, error: &io::Error) -> PackError {
    PackError::of(name, format!("{name} cannot be unpacked: {error}."))
}
