//! Notes against the vector of Go's `sumdb/note`, checkpoints against their text, and both against tampering.

use proptest::prelude::*;

use super::*;
use crate::hash::sha256;

const PRIVATE: &str =
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PUBLIC: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const LINE: &str = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn key(name: &str, seed: u8) -> SigningKey {
    SigningKey::from_seed(name, &[seed; 32]).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint {
        origin: "bailiwick.example/log".parse().unwrap(),
        size: 20_852_163,
        root: sha256(b"root"),
    }
}

#[test]
fn the_vector_of_go_holds_both_ways() {
    let key: SigningKey = PRIVATE.parse().unwrap();
    assert_eq!(key.encode_private().as_str(), PRIVATE);
    assert_eq!(key.verifying_key().to_string(), PUBLIC);
    let signed = note::sign(TEXT, &key);
    assert_eq!(signed, format!("{TEXT}\n{LINE}"));
    assert_eq!(note::open(&signed, &[PUBLIC.parse().unwrap()]), Ok(TEXT));
}

#[test]
fn debug_text_holds_no_secret() {
    let key: SigningKey = PRIVATE.parse().unwrap();
    let debug = format!("{key:?} {key:#?}");
    assert!(debug.contains("PeterNeumann") && debug.contains("c74f20a3"));
    assert!(
        !debug.contains("AYEKFALV") && !debug.contains("129, 10, 20") && !debug.contains("PRIVATE")
    );
}

#[test]
fn keys_that_do_not_belong_together_are_refused() {
    for (text, error) in [
        (PUBLIC.replace("c74f20a3", "c74f20a4"), KeyError::Mismatch),
        (PUBLIC.replace("PeterNeumann", "Peter"), KeyError::Mismatch),
        (PUBLIC.replace("c74f20a3", "C74F20A3"), KeyError::Format),
        (
            PUBLIC.replace("PeterNeumann", "Peter Neumann"),
            KeyError::Name,
        ),
        (PUBLIC.replace("+ARpc", "+AhpcAA"), KeyError::Format),
        (PRIVATE.to_owned(), KeyError::Format),
        (String::new(), KeyError::Format),
    ] {
        assert_eq!(text.parse::<VerifyingKey>(), Err(error), "{text}");
    }
    assert_eq!(PUBLIC.parse::<SigningKey>().err(), Some(KeyError::Format));
    let renamed = PRIVATE.replace("PeterNeumann", "Peter");
    assert_eq!(
        renamed.parse::<SigningKey>().err(),
        Some(KeyError::Mismatch)
    );
    for name in ["", "a b", "a+b", "a\u{a0}b", "a\nb", "a\u{2003}b"] {
        assert_eq!(
            SigningKey::from_seed(name, &[0; 32]).err(),
            Some(KeyError::Name)
        );
    }
}

#[test]
fn a_checkpoint_comes_back_from_its_note() {
    let ours = key("bailiwick.example/log", 7);
    let signed = sign(&checkpoint(), &ours);
    assert!(signed.starts_with("bailiwick.example/log\n20852163\n"));
    assert_eq!(
        open(&signed, &[ours.verifying_key().clone()]),
        Ok(checkpoint())
    );
}

#[test]
fn a_note_needs_a_known_key_and_no_wrong_signature() {
    let (ours, other) = (key("bailiwick.example/log", 1), key("witness.example", 2));
    let namesake = key("bailiwick.example/log", 3);
    let public = |key: &SigningKey| key.verifying_key().clone();
    let signed = sign(&checkpoint(), &ours);
    assert_eq!(open(&signed, &[]), Err(NoteError::Unsigned));
    assert_eq!(
        open(&signed, &[public(&other), public(&namesake)]),
        Err(NoteError::Unsigned)
    );
    let both = note::add_signature(&signed, &other).unwrap();
    assert_eq!(open(&both, &[public(&other)]), Ok(checkpoint()));
    assert_eq!(
        open(&both, &[public(&ours), public(&namesake)]),
        Ok(checkpoint())
    );
    let changed = both.replace("20852163", "20852164");
    assert_eq!(
        open(&changed, &[public(&other)]),
        Err(NoteError::WrongSignature("witness.example".into()))
    );
}

#[test]
fn what_is_no_note_is_refused() {
    let keys = [PUBLIC.parse().unwrap()];
    let signed = format!("{TEXT}\n{LINE}");
    for bad in [
        String::new(),
        TEXT.to_owned(),
        format!("{TEXT}\n"),
        signed.trim_end().to_owned(),
        signed.replace("— ", "- "),
        signed.replace("If you", "If\tyou"),
        signed.replace("AM=\n", "AM\n"),
        signed.replace("AM=\n", "AN=\n"),
        format!("{signed}— PeterNeumann AAAA\n"),
        format!("{signed}— Peter+Neumann x08go/ZJ\n"),
        format!("{signed}trailing\n"),
        format!("{signed}{}", "— other.example AAAAAAAA\n".repeat(100)),
    ] {
        assert_eq!(note::open(&bad, &keys), Err(NoteError::NotANote), "{bad}");
    }
    let many = format!("{signed}{}", "— other.example AAAAAAAA\n".repeat(15));
    assert_eq!(note::open(&many, &keys), Ok(TEXT));
}

#[test]
fn what_is_no_checkpoint_is_refused() {
    let good = checkpoint().to_string();
    assert_eq!(good.parse(), Ok(checkpoint()));
    for bad in [
        good.trim_end().to_owned(),
        format!("{good}\n"),
        format!("{good}extension\n"),
        good.replace("20852163", "020852163"),
        good.replace("20852163", "+20852163"),
        good.replace("20852163", "-1"),
        good.replace("20852163", ""),
        good.replace("20852163", "18446744073709551616"),
        good.replace("bailiwick.example/log", ""),
        good.replace('=', ""),
    ] {
        assert_eq!(
            bad.parse::<Checkpoint>(),
            Err(NoteError::NotACheckpoint),
            "{bad}"
        );
    }
    let signer = key("k", 1);
    let other_text = note::sign("hello\n", &signer);
    assert_eq!(
        open(&other_text, &[signer.verifying_key().clone()]),
        Err(NoteError::NotACheckpoint)
    );
    assert!("two\nlines".parse::<Origin>().is_err() && "".parse::<Origin>().is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_checkpoint_comes_back(origin in "[^\\p{Cc}]{1,40}", size: u64, root: [u8; 32], seed: [u8; 32]) {
        let checkpoint = Checkpoint { origin: origin.parse().unwrap(), size, root: Hash(root) };
        let key = SigningKey::from_seed("log.example", &seed).unwrap();
        let stored: SigningKey = key.encode_private().parse().unwrap();
        let public: VerifyingKey = key.verifying_key().to_string().parse().unwrap();
        let signed = sign(&checkpoint, &stored);
        prop_assert_eq!(open(&signed, &[public]), Ok(checkpoint));
    }

    #[test]
    fn no_changed_byte_goes_unseen(at: prop::sample::Index, bit in 0_u8..7) {
        let key = key("log.example", 5);
        let mut bytes = sign(&checkpoint(), &key).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(changed) = String::from_utf8(bytes) {
            prop_assert!(open(&changed, &[key.verifying_key().clone()]).is_err());
        }
    }
}
