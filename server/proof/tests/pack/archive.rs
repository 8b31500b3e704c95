//! The tools of somebody who changes packs: a second, careless ZIP, and the list made anew. Only signing is beyond them.

use std::io::{Read, Write};

use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use proof::hash::{leaf_hash, sha256};
use proof::pack::{PackError, Packed, PartList, verify};

use crate::campaign::Campaign;

/// A pack taken apart: names and contents, in their order.
#[derive(Debug, Clone)]
pub(crate) struct Opened(pub(crate) Vec<(String, Vec<u8>)>);

/// A number of a header.
fn number(file: &[u8], at: usize, bytes: usize) -> usize {
    let bytes = file[at..at + bytes].iter().rev();
    bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
}

/// Name, method, and where the member's data stands.
pub(crate) fn members(file: &[u8]) -> Vec<(String, usize, std::ops::Range<usize>)> {
    let mut at = number(file, file.len() - 6, 4);
    let mut members = Vec::new();
    while file[at..].starts_with(b"PK\x01\x02") {
        let name = number(file, at + 28, 2);
        let from = number(file, at + 42, 4) + 30 + name;
        members.push((
            String::from_utf8(file[at + 46..at + 46 + name].to_vec()).expect("names are ASCII"),
            number(file, at + 10, 2),
            from..from + number(file, at + 20, 4),
        ));
        at += 46 + name;
    }
    members
}

fn deflated(bytes: &[u8], effort: Compression) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), effort);
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// Whether a part is deflated.
fn is_text(name: &str) -> bool {
    !name.starts_with("hashes/")
        && [".html", ".csv", ".jsonl"]
            .iter()
            .any(|end| name.ends_with(end))
}

impl Opened {
    pub(crate) fn of(file: &[u8]) -> Self {
        let members = members(file).into_iter();
        Self(
            members
                .map(|(name, method, range)| {
                    let mut content = Vec::new();
                    match method {
                        0 => content.extend_from_slice(&file[range]),
                        _ => drop(
                            DeflateDecoder::new(&file[range])
                                .read_to_end(&mut content)
                                .expect("what was deflated inflates"),
                        ),
                    }
                    (name, content)
                })
                .collect(),
        )
    }

    pub(crate) fn part(&mut self, name: &str) -> &mut Vec<u8> {
        let found = self.0.iter_mut().find(|(own, _)| own == name);
        &mut found.expect("the pack has the part").1
    }

    /// Changes the lines of a part.
    pub(crate) fn lines(mut self, name: &str, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Self {
        let part = self.part(name);
        let lines = part.split_inclusive(|byte| *byte == b'\n');
        let mut lines: Vec<_> = lines.map(<[u8]>::to_vec).collect();
        change(&mut lines);
        *part = lines.concat();
        self
    }

    /// Hashes the records of the population anew.
    pub(crate) fn rehash(mut self, name: &str) -> Self {
        let lines = self.part(name).clone();
        let lines = lines.split_inclusive(|byte| *byte == b'\n');
        let hashes = match name {
            "population.jsonl" => lines
                .flat_map(|line| leaf_hash(&line[..line.len() - 1]).0)
                .collect(),
            "acts.jsonl" => lines
                .filter(|line| !line.starts_with(b"{\"entry\":"))
                .flat_map(|line| leaf_hash(&line[..line.len() - 1]).0)
                .collect(),
            _ => lines
                .flat_map(|line| sha256(line).0[..8].to_vec())
                .collect(),
        };
        *self.part(&format!("hashes/{name}.bin")) = hashes;
        self
    }

    /// Makes the list fit what is in the pack now.
    pub(crate) fn relist(mut self) -> Self {
        let mut list: PartList = serde_json::from_slice(self.part("pack.json")).expect("a list");
        for part in &mut list.parts {
            let content = self.part(&part.name);
            let lines = content.split_inclusive(|byte| *byte == b'\n').count();
            part.bytes = content.len() as u64;
            part.sha256 = sha256(content);
            part.lines = part.lines.map(|_| lines as u64);
            part.packed = part.packed.as_ref().map(|_| {
                let packed = deflated(content, Compression::default());
                Packed {
                    bytes: packed.len() as u64,
                    sha256: sha256(&packed),
                }
            });
        }
        *self.part("pack.json") = proof::canonical::to_vec(&list).expect("a list is canonical");
        self
    }

    /// The file, with every size and checksum in order. What was not changed has the bytes it had.
    pub(crate) fn file(&self) -> Vec<u8> {
        self.packed(Compression::default())
    }

    /// The file, deflated with another effort.
    pub(crate) fn packed(&self, effort: Compression) -> Vec<u8> {
        let (mut file, mut directory) = (Vec::new(), Vec::new());
        for (name, content) in &self.0 {
            let text = is_text(name);
            let data = if text {
                deflated(content, effort)
            } else {
                content.clone()
            };
            let mut crc = Crc::new();
            crc.update(content);
            let sizes = [crc.sum(), short(data.len()), short(content.len())];
            let sizes = sizes.map(u32::to_le_bytes).concat();
            let (flag, method) = if text { (8, 8) } else { (0, 0) };
            let before = [20, 0, flag, 0, method, 0, 0, 0, 0x21, 0];
            let behind = [u8::try_from(name.len()).expect("names are short"), 0];
            let at = short(file.len()).to_le_bytes();

            file.extend(b"PK\x03\x04");
            file.extend(before);
            file.extend(if text { &[0; 12] } else { &sizes[..] });
            file.extend(behind);
            file.extend([0; 2]);
            file.extend(name.as_bytes());
            file.extend(data);
            if text {
                file.extend(b"PK\x07\x08");
                file.extend(&sizes);
            }
            directory.extend(b"PK\x01\x02\x14\0");
            directory.extend(before);
            directory.extend(sizes);
            directory.extend(behind);
            directory.extend([0; 12]);
            directory.extend(at);
            directory.extend(name.as_bytes());
        }
        let count = u16::try_from(self.0.len())
            .expect("some parts")
            .to_le_bytes();
        let (at, size) = (short(file.len()), short(directory.len()));
        file.extend(directory);
        file.extend(b"PK\x05\x06\0\0\0\0");
        file.extend([count, count].concat());
        file.extend([size, at].map(u32::to_le_bytes).concat());
        file.extend([0; 2]);
        file
    }

    /// What the verifier says of the file.
    pub(crate) fn refused(&self, campaign: &Campaign) -> PackError {
        verify(&self.file(), &[campaign.public()]).expect_err("a changed pack is found")
    }
}

fn short(length: usize) -> u32 {
    u32::try_from(length).expect("small files")
}
