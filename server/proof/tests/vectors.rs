//! The crate against the files in `vectors/`, which were computed by another implementation in another language.

use std::path::Path;

use proof::canonical::{self, NotCanonical};
use proof::checkpoint::{self, note};
use proof::hash::{leaf_hash, sha256};
use proof::tree::{
    consistency_proof, inclusion_proof, root_of, verify_consistency, verify_inclusion,
};
use proof::{
    Checkpoint, Envelope, EnvelopeRef, Frontier, Hash, LogProof, Salt, SigningKey, VerifyingKey,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

fn read<T: DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(name);
    let text = std::fs::read_to_string(path).expect("the file of vectors is there");
    serde_json::from_str(&text).expect("the file of vectors has the known form")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("the vector is JSON")
}

#[test]
fn canonical_json() {
    #[derive(Deserialize)]
    struct File {
        cases: Vec<Case>,
        refused: Vec<Other>,
        other_form: Vec<Other>,
    }
    #[derive(Deserialize)]
    struct Case {
        name: String,
        input: String,
        canonical: String,
        sha256: Hash,
    }
    #[derive(Deserialize)]
    struct Other {
        name: String,
        input: String,
        #[serde(default)]
        byte: usize,
    }
    let file: File = read("canonical.json");
    for Case {
        name,
        input,
        canonical,
        sha256: hash,
    } in &file.cases
    {
        let bytes = canonical::to_vec(&json(input));
        assert_eq!(bytes.as_deref(), Ok(canonical.as_bytes()), "{name}");
        assert_eq!(
            canonical::check(canonical.as_bytes()),
            Ok(json(input)),
            "{name}"
        );
        assert_eq!(sha256(canonical.as_bytes()), *hash, "{name}");
    }
    for Other { name, input, .. } in &file.refused {
        assert!(canonical::to_vec(&json(input)).is_err(), "{name}");
    }
    for Other { name, input, byte } in &file.other_form {
        let expected = Err(NotCanonical::OtherForm(*byte));
        assert_eq!(canonical::check(input.as_bytes()), expected, "{name}");
    }
}

#[test]
fn merkle_tree() {
    #[derive(Deserialize)]
    struct File {
        leaves: Vec<Leaf>,
        roots: Vec<Hash>,
        inclusion: Vec<Inclusion>,
        consistency: Vec<Consistency>,
    }
    #[derive(Deserialize)]
    struct Leaf {
        data: String,
        hash: Hash,
    }
    #[derive(Deserialize)]
    struct Inclusion {
        index: u64,
        size: u64,
        path: Vec<Hash>,
    }
    #[derive(Deserialize)]
    struct Consistency {
        old: u64,
        new: u64,
        path: Vec<Hash>,
    }
    let file: File = read("tree.json");
    let mut nodes = std::collections::HashMap::new();
    let mut frontier = Frontier::new();
    let mut leaves = Vec::new();
    for (leaf, root) in file.leaves.iter().zip(&file.roots) {
        assert_eq!(frontier.root(), *root);
        assert_eq!(leaf_hash(&bytes_of(&leaf.data)), leaf.hash);
        frontier.push_with(leaf.hash, |level, index, hash| {
            nodes.insert((level, index), hash);
        });
        leaves.push(leaf.hash);
    }
    assert_eq!(Some(&frontier.root()), file.roots.last());
    assert_eq!(root_of(&leaves), frontier.root());
    let mut node = |level, index| nodes.get(&(level, index)).copied().ok_or("no such node");
    let root = |size: u64| &file.roots[usize::try_from(size).expect("a small tree")];
    for Inclusion { index, size, path } in &file.inclusion {
        assert_eq!(inclusion_proof(*index, *size, &mut node).as_ref(), Ok(path));
        let leaf = &leaves[usize::try_from(*index).expect("a small tree")];
        assert_eq!(
            verify_inclusion(*index, *size, leaf, path, root(*size)),
            Ok(())
        );
    }
    for Consistency { old, new, path } in &file.consistency {
        assert_eq!(consistency_proof(*old, *new, &mut node).as_ref(), Ok(path));
        assert_eq!(
            verify_consistency(*old, *new, root(*old), root(*new), path),
            Ok(())
        );
    }
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal digits");
    (0..hex.len()).step_by(2).map(digits).collect()
}

#[derive(Deserialize)]
struct NoteFile {
    notes: Vec<Note>,
    refused: Vec<Refused>,
    log_proof: Proven,
}
#[derive(Deserialize)]
struct Note {
    name: String,
    private_key: String,
    public_key: String,
    text: String,
    checkpoint: Option<Described>,
    signed: String,
}
#[derive(Deserialize)]
struct Described {
    origin: String,
    size: u64,
    root: Hash,
}
#[derive(Deserialize)]
struct Refused {
    name: String,
    signed: String,
}
#[derive(Deserialize)]
struct Proven {
    entry: String,
    text: String,
}

#[test]
fn notes_and_checkpoints() {
    let file: NoteFile = read("note.json");
    let mut keys: Vec<VerifyingKey> = Vec::new();
    for note in &file.notes {
        let name = &note.name;
        let key: SigningKey = note.private_key.parse().expect("a private key");
        assert_eq!(key.verifying_key().to_string(), note.public_key, "{name}");
        assert_eq!(note::sign(&note.text, &key), note.signed, "{name}");
        keys.push(note.public_key.parse().expect("a public key"));
        assert_eq!(
            note::open(&note.signed, &keys),
            Ok(note.text.as_str()),
            "{name}"
        );
        if let Some(Described { origin, size, root }) = &note.checkpoint {
            let origin = origin.parse().expect("an origin");
            let expected = Checkpoint {
                origin,
                size: *size,
                root: *root,
            };
            assert_eq!(
                checkpoint::open(&note.signed, &keys).as_ref(),
                Ok(&expected),
                "{name}"
            );
            assert_eq!(checkpoint::sign(&expected, &key), note.signed, "{name}");
        }
    }
    for Refused { name, signed } in &file.refused {
        assert!(note::open(signed, &keys).is_err(), "{name}");
    }
    let proof: LogProof = file.log_proof.text.parse().expect("a proof");
    assert_eq!(proof.to_string(), file.log_proof.text);
    let origin = "bailiwick.example/log".parse().expect("an origin");
    let proven = proof.verify(file.log_proof.entry.as_bytes(), &origin, &keys);
    assert_eq!(proven.map(|checkpoint| checkpoint.size), Ok(3));
}

#[test]
fn entries() {
    #[derive(Deserialize)]
    struct File {
        entries: Vec<Entry>,
        root: Hash,
        details: Vec<Erasable>,
        manifest: Manifest,
    }
    #[derive(Deserialize)]
    struct Entry {
        name: String,
        envelope: Envelope,
        leaf: String,
        leaf_hash: Hash,
    }
    #[derive(Deserialize)]
    struct Erasable {
        salt: Salt,
        details: Value,
        canonical: String,
        hash: Hash,
    }
    #[derive(Deserialize)]
    struct Manifest {
        rows: Vec<Value>,
        row_hashes: Vec<Hash>,
        root: Hash,
    }
    let file: File = read("entry.json");
    let mut frontier = Frontier::new();
    for Entry {
        name,
        envelope,
        leaf,
        leaf_hash: hash,
    } in &file.entries
    {
        assert_eq!(envelope.leaf().as_deref(), Ok(leaf.as_bytes()), "{name}");
        let read = EnvelopeRef::parse(leaf.as_bytes()).map(|entry| entry.to_envelope());
        assert_eq!(read.as_ref(), Ok(envelope), "{name}");
        assert_eq!(leaf_hash(leaf.as_bytes()), *hash, "{name}");
        frontier.push(*hash);
    }
    assert_eq!(frontier.root(), file.root);
    for Erasable {
        salt,
        details,
        canonical,
        hash,
    } in &file.details
    {
        assert_eq!(
            canonical::to_vec(details).as_deref(),
            Ok(canonical.as_bytes())
        );
        assert_eq!(
            proof::entry::details_hash(salt, canonical.as_bytes()),
            *hash
        );
    }
    let hashes: Result<Vec<_>, _> = file
        .manifest
        .rows
        .iter()
        .map(proof::manifest::row)
        .collect();
    assert_eq!(hashes.as_ref(), Ok(&file.manifest.row_hashes));
    assert_eq!(
        proof::manifest::root(file.manifest.row_hashes.into_iter()),
        file.manifest.root
    );
}
