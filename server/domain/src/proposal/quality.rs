//! How good scores are.

/// The chance that belongs to a logarithm of odds.
pub(super) fn chance(odds: f64) -> f64 {
    1.0 / (1.0 + (-odds).exp())
}

/// The area under the ROC curve: how often one that was approved has a higher score than one that was denied, ties half
/// (the rank sum of Mann and Whitney). None when one of the two is missing.
pub fn area_under_curve(scored: &[(f64, bool)]) -> Option<f64> {
    let mut sorted: Vec<(f64, bool)> = scored.to_vec();
    sorted.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (mut below, mut denied, mut approved, mut won) = (0.0_f64, 0.0_f64, 0.0_f64, 0.0_f64);
    for tied in sorted.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let yes = count(tied.iter().filter(|one| one.1).count());
        let no = count(tied.len()) - yes;
        won += yes * (below + no / 2.0);
        below += no;
        approved += yes;
        denied += no;
    }
    (approved > 0.0 && denied > 0.0).then(|| won / (approved * denied))
}

/// A count as a number to reckon with.
pub(super) fn count(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
