//! Whether the last grants of an import were written as quickly as the first: from when the chunks of its manifest
//! were recorded.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use service::Store;

/// Chunks that are read at once.
const CHUNKS: i64 = 200;
/// What a record of a grant says of its file.
const GRANT: &str = r#""file":"access""#;

/// A chunk with grants: how many grants came before it, and when it was begun, in microseconds.
type Chunk = (u64, i64);

/// With fewer chunks a tenth would be one or two of them.
const ENOUGH: usize = 20;

/// Time of a grant in the last tenth, divided by that of one in the first; none when there were too few to tell.
pub(super) async fn last_to_first(store: &Store) -> Result<Option<f64>> {
    let mut tx = store.read().await?;
    let (mut chunks, mut grants) = (Vec::new(), 0);
    let mut after = (0, -1);
    loop {
        let read = tx.manifest_chunks(after, CHUNKS).await?;
        let Some(last) = read.last() else { break };
        after = (last.run.raw(), last.ordinal);
        for chunk in read {
            let held = chunk.lines().filter(|line| line.contains(GRANT)).count() as u64;
            if held > 0 {
                chunks.push((grants, chunk.recorded.micros()));
                grants += held;
            }
        }
    }
    (chunks.len() >= ENOUGH)
        .then(|| ratio(&chunks, grants))
        .transpose()
}

fn ratio(chunks: &[Chunk], grants: u64) -> Result<f64> {
    let at = |grant: u64| chunks.iter().rfind(|(before, _)| *before <= grant);
    let (first, last) = chunks
        .first()
        .zip(chunks.last())
        .context("there are chunks")?;
    let early = at(grants / 10).context("there is a first tenth")?;
    let late = at(grants - grants / 10).context("there is a last tenth")?;
    Ok(pace(late, last)? / pace(first, early)?)
}

/// Seconds of a grant between two chunks.
fn pace(from: &Chunk, to: &Chunk) -> Result<f64> {
    let micros = u64::try_from(to.1 - from.1)?;
    let grants = u32::try_from(to.0 - from.0)?;
    ensure!(grants > 0, "a tenth is less than a chunk");
    Ok(Duration::from_micros(micros).as_secs_f64() / f64::from(grants))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slower_end_is_seen() {
        let chunks: Vec<Chunk> = (0..100_i64)
            .map(|n| {
                (
                    n.unsigned_abs() * 50,
                    if n <= 80 { n * 10 } else { 800 + (n - 80) * 30 },
                )
            })
            .collect();
        assert!((ratio(&chunks, 5_000).unwrap() - 3.0).abs() < 1e-9);
    }
}
