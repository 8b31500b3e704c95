//! Numbers that stand for values and for combinations of them. They are stored, so they never change.

/// A step of `SplitMix64` of Steele, Lea and Flood.
pub(super) const fn mix(state: u64, more: u64) -> u64 {
    let mut mixed = state ^ more.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// What stands for a value; 0 for one that nobody knows.
pub fn value_hash(text: &str) -> u64 {
    if text.is_empty() {
        return 0;
    }
    let hashed = text.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    mix(hashed, text.len() as u64).max(1)
}

/// Decides by chance, the same in every run, which pairs of a person and an entitlement are taken.
pub const fn pair_hash(person: i64, entitlement: i64) -> u64 {
    mix(
        mix(0x6261_696c, person.cast_unsigned()),
        entitlement.cast_unsigned(),
    )
}
