//! One changed byte anywhere in the file, or a file that is cut off or added to.

use flate2::Compression;
use proof::pack::verify;

use crate::archive::{Opened, members};
use crate::campaign::{Campaign, usual};

/// As small as a campaign can be with everything in it.
fn small() -> Campaign {
    let mut campaign = Campaign::of(2, 1).act(&[(1, "keep"), (2, "revoke")]);
    campaign.decisions = [("keep".to_owned(), 1), ("revoke".to_owned(), 1)].into();
    campaign
}

#[test]
fn every_changed_byte_is_found_and_its_part_is_named() {
    let campaign = small();
    let keys = [campaign.public()];
    let mut file = campaign.pack();
    assert!(verify(&file, &keys).is_ok());
    let places = members(&file);
    for at in 0..file.len() {
        // All eight bits in turn, and every byte of the file.
        let bit = 1 << (at % 8);
        file[at] ^= bit;
        let own = verify(&file, &[]);
        let error = verify(&file, &keys);
        file[at] ^= bit;
        assert!(own.is_err(), "byte {at} was changed");
        let error = error.expect_err(&format!("byte {at} was changed"));
        if let Some((name, _, _)) = places.iter().find(|(_, _, data)| data.contains(&at)) {
            let part = error
                .part
                .unwrap_or_else(|| panic!("byte {at} of {name}: {error}"));
            assert_eq!(part, name, "byte {at}: {error}");
            assert!(error.sentence.contains(part), "{error}");
        }
    }
}

#[test]
fn other_headers_and_bytes_in_between_are_found() {
    let campaign = usual();
    let file = campaign.pack();
    let keys = [campaign.public()];
    for cut in (0..file.len())
        .step_by(97)
        .chain(file.len() - 40..file.len())
    {
        let error = verify(&file[..cut], &keys).expect_err("a file that was cut off");
        assert_eq!(error.part, None, "{error}");
    }
    for at in [0, 1, 500, file.len() - 22, file.len()] {
        let mut longer = file.clone();
        longer.insert(at, b'P');
        assert!(verify(&longer, &keys).is_err(), "a byte more at {at}");
    }
    let mut swapped = Opened::of(&file);
    swapped.0.swap(2, 4);
    assert!(swapped.refused(&campaign).part.is_some());
    let mut fewer = Opened::of(&file);
    fewer.0.remove(4);
    assert_eq!(fewer.refused(&campaign).part, None);
    let mut more = Opened::of(&file);
    more.0.push(("notes.txt".to_owned(), b"also".to_vec()));
    assert_eq!(more.refused(&campaign).part, None);
}

#[test]
fn what_was_packed_anew_is_found_although_it_says_the_same() {
    let campaign = usual();
    let keys = [campaign.public()];
    let file = campaign.pack();
    let opened = Opened::of(&file);
    assert_eq!(opened.file(), file, "two writers make one file");
    let packed_anew = opened.packed(Compression::none());
    let error = verify(&packed_anew, &keys).expect_err("other bytes");
    assert!(error.sentence.contains("packed anew"), "{error}");
}
