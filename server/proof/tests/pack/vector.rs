//! The pack in `vectors/`, which another implementation made in another language: packs of this format verify for ever.

use proof::pack::verify;

const KEY: &str = "bailiwick.example/log+9f721020+ARl/ayPhbIUyxqvIOPrNXqeJvgx2spIDNAOb+os9No1h";

#[test]
fn a_pack_of_another_implementation_verifies() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/pack.zip");
    let file = std::fs::read(path).unwrap();
    let verified = verify(&file, &[KEY.parse().unwrap()]).unwrap();
    assert_eq!(
        verified.sha256.to_string(),
        "0b98559d752ba47032d752c3fdfc99847f9946d75cd5d84a412dab91e097cd77"
    );
    assert_eq!(verified.campaign, "rvw_86Rf07xd4z");
    let population = verified.population;
    assert_eq!(
        (population.lines, population.included, population.excluded),
        (6, 3, 1)
    );
    assert_eq!(
        (verified.acts, verified.records, verified.lines),
        (3, 4, 10)
    );
    let decisions: Vec<_> = verified.decisions.into_iter().collect();
    assert_eq!(
        decisions,
        [("keep".to_owned(), 1), ("revoke".to_owned(), 1)]
    );
    assert_eq!((verified.undecided, verified.corrections), (1, 1));
    assert_eq!(verified.entries["review.submitted"], 2);
    assert_eq!((verified.checkpoint.size, verified.seal.size), (14, 17));
    assert_eq!(verified.keys[0].key, KEY);
    assert!(verified.warnings.is_empty());
}
