//! The opened file: its parts by name, and what the list says of them.

use crate::hash::{leaf_hash, sha256};
use crate::pack::error::PackError;
use crate::pack::list::{FORMAT, ListedPart, PartList, VERSION};
use crate::pack::part::{Part, places};
use crate::pack::zip::{Archive, Member, Method};

use super::lines::Sums;

use serde::Deserialize;

/// What all parts of a pack unpack to, at most: beyond it a file is not looked at, however small it is.
pub const MAX_UNPACKED: u64 = 1 << 32;

/// The list is read whole; it has some kilobytes.
const MAX_LIST: usize = 1 << 16;

/// A pack whose frame is in order.
#[derive(Debug)]
pub(super) struct Contents<'a> {
    archive: Archive<'a>,
    pub(super) list: PartList,
    /// Whether the list is the one that the entry about the export binds; until the seal is proven, it is not.
    pub(super) exported: bool,
}

impl<'a> Contents<'a> {
    pub(super) fn open(file: &'a [u8]) -> Result<Self, PackError> {
        let archive = Archive::read(file, &places())?;
        let unpacked = archive.unpacked();
        if unpacked > MAX_UNPACKED {
            return Err(PackError::whole(format!(
                "The file says that it unpacks to {unpacked} bytes. No pack has more than {MAX_UNPACKED}, so nothing of it was read."
            )));
        }
        let list = read_list(archive.member(Part::List.name()).data)?;
        Ok(Self {
            archive,
            list,
            exported: false,
        })
    }

    /// A part as it stands in the file.
    pub(super) fn member(&self, part: Part) -> Member<'a> {
        self.archive.member(part.name())
    }

    /// The hashes of a part's lines, `N` bytes each.
    pub(super) fn hashes<const N: usize>(
        &self,
        part: Part,
    ) -> Result<(&'static str, &'a [[u8; N]]), PackError> {
        let name = part.hashes();
        let name = name.expect("invariant: only parts of many lines are compared line by line");
        let (hashes, rest) = self.archive.member(name).data.as_chunks();
        if rest.is_empty() {
            Ok((name, hashes))
        } else {
            Err(PackError::of(
                name,
                format!("{name} does not consist of hashes of {N} bytes: it was changed."),
            ))
        }
    }

    /// Compares a part that stands in the file as it is with the list.
    pub(super) fn check_stored(&self, name: &'static str) -> Result<(), PackError> {
        let data = self.archive.member(name).data;
        let listed = self.listed(name);
        if listed.bytes == data.len() as u64 && listed.sha256 == sha256(data) {
            Ok(())
        } else {
            Err(self.unlike_the_list(name))
        }
    }

    /// Compares what a part unpacked to with the list and with the archive. `proven` says that its lines cannot be other
    /// ones, so that what does not fit is the list.
    pub(super) fn check_unpacked(
        &self,
        part: Part,
        sums: Sums,
        proven: bool,
    ) -> Result<(), PackError> {
        let (name, member) = (part.name(), self.member(part));
        let listed = self.listed(name);
        let same = self.is_as_listed(part, &sums);
        if !same && proven {
            return Err(PackError::of(
                Part::List.name(),
                format!(
                    "pack.json does not describe {name}, although each line of it is proven: pack.json was changed."
                ),
            ));
        }
        if !same {
            return Err(self.unlike_the_list(name));
        }
        if sums.crc != member.crc || sums.bytes != u64::from(member.size) {
            return Err(PackError::of(
                name,
                format!(
                    "The size or checksum of {name} in the archive was changed; its content was not."
                ),
            ));
        }
        let packed = listed.packed.as_ref();
        if packed.is_some_and(|packed| {
            packed.bytes == member.data.len() as u64 && packed.sha256 == sha256(member.data)
        }) {
            return Ok(());
        }
        Err(PackError::of(
            name,
            format!(
                "The packed bytes of {name} are not those in pack.json, although they unpack to the same: {name} was packed anew."
            ),
        ))
    }

    /// Whether a part unpacked to what the list says.
    pub(super) fn is_as_listed(&self, part: Part, sums: &Sums) -> bool {
        let listed = self.listed(part.name());
        (listed.bytes, listed.sha256, listed.lines) == (sums.bytes, sums.sha256, Some(sums.lines))
    }

    /// The hash that the entry about the export must bind.
    pub(super) fn list_hash(&self) -> crate::Hash {
        leaf_hash(self.member(Part::List).data)
    }

    fn listed(&self, name: &str) -> &ListedPart {
        let found = self.list.parts.iter().find(|listed| listed.name == name);
        found.expect("invariant: the list has all parts, or it was not read")
    }

    fn unlike_the_list(&self, name: &'static str) -> PackError {
        let sentence = if self.exported {
            format!("{name} is not the one that was exported: it was changed.")
        } else {
            format!(
                "{name} is not the one that pack.json lists: {name} was changed, or pack.json was."
            )
        };
        PackError::of(name, sentence)
    }
}

/// The members that every version has.
#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

fn read_list(bytes: &[u8]) -> Result<PartList, PackError> {
    let name = Part::List.name();
    let wrong = |why: &str| PackError::of(name, format!("pack.json is no list of parts: {why}."));
    if bytes.len() > MAX_LIST {
        return Err(wrong("it is too long"));
    }
    let head: Head = serde_json::from_slice(bytes).map_err(|error| wrong(&error.to_string()))?;
    if head.format != FORMAT {
        return Err(wrong("it is of another format"));
    }
    if head.version != u64::from(VERSION) {
        return Err(PackError::of(
            name,
            format!(
                "The pack is of format {}, and this version reads format {VERSION}: verify it with a newer version.",
                head.version
            ),
        ));
    }
    let list = PartList::parse(bytes).map_err(|why| wrong(&why))?;
    let listed = |part: &ListedPart| (part.name.clone(), part.packed.is_some());
    let before_list = places().into_iter().take(places().len() - 2);
    let expected =
        before_list.map(|place| (place.name.to_owned(), place.method == Method::Deflated));
    if list.parts.iter().map(listed).eq(expected) {
        Ok(list)
    } else {
        Err(wrong("it does not list the parts of a pack in their order"))
    }
}
