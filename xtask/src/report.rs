//! What the build says while it works: one line when a step begins, one when it is done, with its time.
//!
//! Plain text for terminals and logs alike; no colours, no progress bars.

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

/// Runs one step, prints what it does and how long it took, and hands its result on.
///
/// The step returns its value and a remark such as `unchanged` or a size.
pub(crate) fn step<T>(
    name: &str,
    what: &str,
    work: impl FnOnce() -> anyhow::Result<(T, String)>,
) -> anyhow::Result<T> {
    println!("> {name:<9} {what}");
    let began = Instant::now();
    let (value, remark) = work()?;
    println!("  {name:<9} {remark}, {}", seconds(began.elapsed()));
    Ok(value)
}

/// `0.3 s`, `71 s`, `4 min 31 s`: as exact as a reader needs.
pub(crate) fn seconds(time: Duration) -> impl Display {
    let whole = time.as_secs();
    match whole {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..120 => format!("{whole} s"),
        _ => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

/// Bytes as `118.3 kB` (1 kB = 1000 bytes, as in the limits).
pub(crate) fn kilobytes(bytes: u64) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_short() {
        assert_eq!(seconds(Duration::from_millis(340)).to_string(), "0.3 s");
        assert_eq!(seconds(Duration::from_secs(71)).to_string(), "71 s");
        assert_eq!(seconds(Duration::from_secs(271)).to_string(), "4 min 31 s");
    }

    #[test]
    fn sizes_are_decimal() {
        assert_eq!(kilobytes(118_349), "118.3 kB");
        assert_eq!(kilobytes(999), "0.9 kB");
    }
}
