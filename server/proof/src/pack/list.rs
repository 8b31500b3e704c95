//! `pack.json`: what is in the pack, so that one hash binds all of it.

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::hash::Hash;

/// The word in `format` by which a pack is known.
pub const FORMAT: &str = "bailiwick-evidence-pack";

/// The version of the format that this code writes and reads.
pub const VERSION: u8 = 1;

/// The content of `pack.json`. The RFC 6962 leaf hash of its bytes is the root that the entry about the export binds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartList {
    /// The id of the campaign.
    pub campaign: String,
    /// [`FORMAT`].
    pub format: String,
    /// All parts that stand before the list, in their order.
    pub parts: Vec<ListedPart>,
    /// [`VERSION`].
    pub version: u8,
}

/// A part as the list describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListedPart {
    /// Its length, unpacked.
    pub bytes: u64,
    /// Its lines; none for parts of bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<u64>,
    /// Its name in the archive.
    pub name: String,
    /// Its deflated form in the archive, if it is deflated there: with it no byte of the file is free to change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
    /// SHA-256 of the part, unpacked: what `sha256sum` prints of the extracted file.
    pub sha256: Hash,
}

/// Deflated bytes as they stand in the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Packed {
    /// How many.
    pub bytes: u64,
    /// SHA-256 of them.
    pub sha256: Hash,
}

impl PartList {
    /// Reads the list, which must be in canonical form.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let list: Self = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let form = canonical::to_vec(&list).map_err(|error| error.to_string())?;
        canonical::same(bytes, &form).map_err(|error| error.to_string())?;
        Ok(list)
    }
}
