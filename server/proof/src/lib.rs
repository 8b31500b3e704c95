//! What makes the audit log provable: canonical JSON, the Merkle tree, signed checkpoints, entries and manifests.
//!
//! Pure functions over bytes. The crate reads no file, no clock, no database and no source of randomness: seeds, salts
//! and tree nodes come in from the caller, so the same code proves on the server and verifies in a browser.
//! It says whether bytes belong to a log, not whether what they tell is true, and it keeps no state between calls.

pub mod canonical;
pub mod checkpoint;
pub mod entry;
pub mod hash;
pub mod log_proof;
pub mod manifest;
pub mod pack;
pub mod tile;
pub mod tree;

pub use canonical::NotCanonical;
pub use checkpoint::{Checkpoint, NoteError, Origin, SigningKey, VerifyingKey};
pub use entry::{Bulk, DetailMark, Envelope, EnvelopeRef, TargetMark};
pub use hash::{Hash, Salt};
pub use log_proof::LogProof;
pub use tree::Frontier;
