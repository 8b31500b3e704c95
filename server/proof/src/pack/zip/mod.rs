//! The few records of a ZIP archive that a pack consists of (PKWARE APPNOTE 6.3, sections 4.3.7 to 4.3.16).
//!
//! Written by hand and not taken from a crate, because every byte must be accounted for: names, order, flags and dates of
//! a pack are fixed, so a reader builds each header again from three numbers a member and compares it with what is there.
//! A library would read past a changed date, a comment or bytes between two members. There is no ZIP64: a pack stays
//! below 4 GiB.

mod read;
mod write;

pub(super) use read::{Archive, Member};
pub(super) use write::ZipWriter;

/// How the bytes of a member stand in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// As they are; sizes and checksum stand before them.
    Stored,
    /// Deflated (RFC 1951) as they came; sizes and checksum stand behind them (APPNOTE 4.3.9).
    Deflated,
}

/// A member that stands in every pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) method: Method,
}

/// What differs from one archive to the next: three numbers a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sizes {
    pub(super) crc: u32,
    /// Bytes in the file.
    pub(super) packed: u32,
    /// Bytes when unpacked.
    pub(super) size: u32,
}

const LOCAL: u32 = 0x0403_4b50;
const DESCRIPTOR: u32 = 0x0807_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;

/// Version 2.0 knows everything that is used here.
const NEEDED: u16 = 20;
/// 1 January 1980, midnight: the first moment ZIP knows. When a pack was made stands in its summary, signed.
const TIME: u16 = 0;
const DATE: u16 = 0x0021;

const CENTRAL_SIZE: usize = 46;
const END_SIZE: usize = 22;

impl Place {
    fn flags(self) -> u16 {
        match self.method {
            Method::Stored => 0,
            Method::Deflated => 1 << 3,
        }
    }

    fn method(self) -> u16 {
        match self.method {
            Method::Stored => 0,
            Method::Deflated => 8,
        }
    }

    /// Version to version needed, flags, method, time and date: what the local and the central header share.
    fn common(self, to: &mut Vec<u8>) {
        for half in [NEEDED, self.flags(), self.method(), TIME, DATE] {
            to.extend_from_slice(&half.to_le_bytes());
        }
    }

    fn name_length(self) -> [u8; 2] {
        let length = u16::try_from(self.name.len());
        let length = length.expect("invariant: the name of a part has some bytes");
        length.to_le_bytes()
    }

    /// The header in front of the member's bytes.
    fn local(self, sizes: Sizes) -> Vec<u8> {
        let mut to = LOCAL.to_le_bytes().to_vec();
        self.common(&mut to);
        match self.method {
            Method::Stored => sizes.append(&mut to),
            Method::Deflated => to.extend_from_slice(&[0; 12]),
        }
        to.extend_from_slice(&self.name_length());
        to.extend_from_slice(&[0; 2]);
        to.extend_from_slice(self.name.as_bytes());
        to
    }

    /// What follows the member's bytes, if anything does.
    fn descriptor(self, sizes: Sizes) -> Vec<u8> {
        match self.method {
            Method::Stored => Vec::new(),
            Method::Deflated => {
                let mut to = DESCRIPTOR.to_le_bytes().to_vec();
                sizes.append(&mut to);
                to
            }
        }
    }

    /// The member in the directory; its local header stands at byte `at`.
    fn central(self, sizes: Sizes, at: u32) -> Vec<u8> {
        let mut to = CENTRAL.to_le_bytes().to_vec();
        to.extend_from_slice(&NEEDED.to_le_bytes());
        self.common(&mut to);
        sizes.append(&mut to);
        to.extend_from_slice(&self.name_length());
        // Extra field, comment, disk, internal and external attributes: none.
        to.extend_from_slice(&[0; 12]);
        to.extend_from_slice(&at.to_le_bytes());
        to.extend_from_slice(self.name.as_bytes());
        to
    }
}

impl Sizes {
    fn append(self, to: &mut Vec<u8>) {
        for number in [self.crc, self.packed, self.size] {
            to.extend_from_slice(&number.to_le_bytes());
        }
    }
}

/// The record that ends the file.
fn end(members: u16, directory: u32, at: u32) -> Vec<u8> {
    let members = members.to_le_bytes();
    let mut to = END.to_le_bytes().to_vec();
    to.extend_from_slice(&[0; 4]);
    to.extend_from_slice(&members);
    to.extend_from_slice(&members);
    to.extend_from_slice(&directory.to_le_bytes());
    to.extend_from_slice(&at.to_le_bytes());
    to.extend_from_slice(&[0; 2]);
    to
}
