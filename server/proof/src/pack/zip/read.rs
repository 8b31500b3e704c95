//! Reads an archive of known members, and makes sure that nothing else is in the file.

use flate2::Crc;

use super::{CENTRAL_SIZE, END_SIZE, LOCAL, Method, Place, Sizes, end};
use crate::pack::error::PackError;

/// A member with its bytes as they stand in the file. Only its frame was looked at so far.
#[derive(Debug, Clone, Copy)]
pub(in crate::pack) struct Member<'a> {
    pub(in crate::pack) name: &'static str,
    pub(in crate::pack) data: &'a [u8],
    pub(in crate::pack) crc: u32,
    pub(in crate::pack) size: u32,
}

/// The members of a file in the order of `places`, each where it must be, with nothing between, before and behind them.
#[derive(Debug)]
pub(in crate::pack) struct Archive<'a>(Vec<Member<'a>>);

impl<'a> Archive<'a> {
    pub(in crate::pack) fn read(file: &'a [u8], places: &[Place]) -> Result<Self, PackError> {
        if !file.starts_with(&LOCAL.to_le_bytes()) {
            return Err(PackError::whole(
                "This is no evidence pack, or its beginning was changed. Take the file that was exported from the campaign.",
            ));
        }
        let names: usize = places.iter().map(|place| place.name.len()).sum();
        let length = names + CENTRAL_SIZE * places.len();
        let at = file
            .len()
            .checked_sub(length + END_SIZE)
            .ok_or_else(incomplete)?;
        let (body, directory) = file.split_at(at);
        let (mut directory, last) = directory.split_at(length);
        let short = |number: usize| u32::try_from(number).map_err(|_| incomplete());
        let members = u16::try_from(places.len()).map_err(|_| incomplete())?;
        if last != end(members, short(length)?, short(at)?) {
            return Err(incomplete());
        }
        let mut members = Vec::with_capacity(places.len());
        let mut from = 0;
        for place in places {
            let (entry, rest) = directory.split_at(CENTRAL_SIZE + place.name.len());
            let (member, next) = place.read(body, from, entry)?;
            members.push(member);
            (directory, from) = (rest, next);
        }
        if from < body.len() {
            return Err(PackError::whole(
                "There are bytes in the file that belong to no part: something was added behind the last one.",
            ));
        }
        Ok(Self(members))
    }

    /// A member by its name, which must be one of the `places`.
    pub(in crate::pack) fn member(&self, name: &str) -> Member<'a> {
        let found = self.0.iter().find(|member| member.name == name);
        *found.expect("invariant: an archive has all its places")
    }

    /// The bytes that all members have together when they are unpacked.
    pub(in crate::pack) fn unpacked(&self) -> u64 {
        self.0.iter().map(|member| u64::from(member.size)).sum()
    }
}

impl Place {
    /// The member whose local header stands at `from`, as the directory describes it, and where the next one begins.
    fn read<'a>(
        self,
        body: &'a [u8],
        from: usize,
        entry: &[u8],
    ) -> Result<(Member<'a>, usize), PackError> {
        let sizes = Sizes {
            crc: number(entry, 16),
            packed: number(entry, 20),
            size: number(entry, 24),
        };
        let at = u32::try_from(from);
        let at = at.expect("invariant: the directory begins below 4 GiB, and members before it");
        if entry != self.central(sizes, at) {
            return Err(self.damaged("in the directory at the end of the file was changed"));
        }
        let mut next = from;
        let mut take = |length: usize| {
            let bytes = body.get(next..next.checked_add(length)?)?;
            next += length;
            Some(bytes)
        };
        let local = self.local(sizes);
        let behind = self.descriptor(sizes);
        let (Some(header), Some(data), Some(descriptor)) = (
            take(local.len()),
            take(sizes.packed as usize),
            take(behind.len()),
        ) else {
            return Err(self.damaged("says more bytes than the file has"));
        };
        if header != local || descriptor != behind {
            return Err(self.damaged("does not fit the directory at the end of the file"));
        }
        let member = Member {
            name: self.name,
            data,
            crc: sizes.crc,
            size: sizes.size,
        };
        // Stored bytes are there already, so their checksum is looked at before anything is made of them.
        if self.method == Method::Stored {
            let mut crc = Crc::new();
            crc.update(data);
            if crc.sum() != sizes.crc {
                return Err(PackError::of(
                    self.name,
                    format!("{} was changed: its checksum does not fit.", self.name),
                ));
            }
        }
        Ok((member, next))
    }

    fn damaged(self, how: &str) -> PackError {
        let name = self.name;
        PackError::of(name, format!("The file's header of {name} {how}."))
    }
}

fn incomplete() -> PackError {
    PackError::whole(
        "The file does not end as an evidence pack does: it was cut off, or its end was changed. Fetch it again from where it came from.",
    )
}

/// A little-endian number of a header.
fn number(header: &[u8], at: usize) -> u32 {
    let mut bytes = [0; 4];
    bytes.copy_from_slice(&header[at..at + 4]);
    u32::from_le_bytes(bytes)
}
