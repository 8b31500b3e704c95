//! Writes members one behind the other, and the directory at the end; it never goes back in the file.

use std::io::{self, Write};

use flate2::Crc;

use super::{Place, Sizes, end};

/// A ZIP archive that is being written.
#[derive(Debug)]
pub(in crate::pack) struct ZipWriter<W> {
    to: W,
    at: u64,
    directory: Vec<u8>,
    members: u16,
    /// Where the member that is open began.
    open: u32,
}

impl<W: Write> ZipWriter<W> {
    pub(in crate::pack) fn new(to: W) -> Self {
        Self {
            to,
            at: 0,
            directory: Vec::new(),
            members: 0,
            open: 0,
        }
    }

    pub(in crate::pack) fn get_mut(&mut self) -> &mut W {
        &mut self.to
    }

    /// A whole member, as it is.
    pub(in crate::pack) fn stored(&mut self, place: Place, bytes: &[u8]) -> io::Result<()> {
        let mut crc = Crc::new();
        crc.update(bytes);
        let size = short(bytes.len() as u64)?;
        let sizes = Sizes {
            crc: crc.sum(),
            packed: size,
            size,
        };
        self.open(place, sizes)?;
        self.bytes(bytes)?;
        self.close(place, sizes)
    }

    /// Begins a deflated member; its bytes follow by [`ZipWriter::bytes`].
    pub(in crate::pack) fn begin(&mut self, place: Place) -> io::Result<()> {
        let unknown = Sizes {
            crc: 0,
            packed: 0,
            size: 0,
        };
        self.open(place, unknown)
    }

    /// Bytes of the open member, as they shall stand in the file.
    pub(in crate::pack) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.at += bytes.len() as u64;
        self.to.write_all(bytes)
    }

    /// Ends a deflated member.
    pub(in crate::pack) fn end(
        &mut self,
        place: Place,
        crc: u32,
        packed: u64,
        size: u64,
    ) -> io::Result<()> {
        let sizes = Sizes {
            crc,
            packed: short(packed)?,
            size: short(size)?,
        };
        self.close(place, sizes)
    }

    /// Writes the directory and gives back what was written to.
    pub(in crate::pack) fn finish(mut self) -> io::Result<W> {
        let at = short(self.at)?;
        let directory = std::mem::take(&mut self.directory);
        let size = short(directory.len() as u64)?;
        self.bytes(&directory)?;
        self.bytes(&end(self.members, size, at))?;
        // The last byte, too, must lie below 4 GiB.
        short(self.at)?;
        self.to.flush()?;
        Ok(self.to)
    }

    fn open(&mut self, place: Place, sizes: Sizes) -> io::Result<()> {
        self.open = short(self.at)?;
        self.bytes(&place.local(sizes))
    }

    fn close(&mut self, place: Place, sizes: Sizes) -> io::Result<()> {
        self.bytes(&place.descriptor(sizes))?;
        self.directory
            .extend_from_slice(&place.central(sizes, self.open));
        self.members += 1;
        Ok(())
    }
}

/// A size or place as ZIP writes it without its 64-bit extension.
fn short(number: u64) -> io::Result<u32> {
    u32::try_from(number).map_err(|_| {
        io::Error::new(
            io::ErrorKind::FileTooLarge,
            "an evidence pack stays below 4 GiB: review fewer items in one campaign",
        )
    })
}
