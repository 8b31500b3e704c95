//! What a check keeps with its run, and whether it is still true when the run is to be applied.

use std::collections::BTreeMap;

use domain::id::SourceRunId;
use domain::source::{FileKind, Mapping, RunFile, RunState, SourceRun};
use domain::text;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use storage::ReadTx;

use super::engine::{Change, Shrink};
use super::finish::json;
use super::foreseen::KeptPlan;
use crate::{Error, Result};

/// A snapshot may end one in so many rows of a kind without a reason.
const SHRINK: u64 = 10;

/// What the check found beside totals and problems; kept with the run.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) changes: Vec<Change>,
    pub(super) shrink: Vec<Shrink>,
    pub(super) problems: u64,
    /// The last run of the source that was applied when this one was checked.
    pub(super) after: Option<SourceRunId>,
    /// The fingerprint of what it read, and by which columns.
    pub(super) read: String,
    /// Who would gain and lose what; none in what an older version checked.
    #[serde(default)]
    pub(super) plan: Option<KeptPlan>,
}

impl Kept {
    /// Kinds of which more than a tenth would end.
    pub(super) fn too_much(&self) -> Vec<Shrink> {
        self.shrink
            .iter()
            .copied()
            .filter(|shrink| shrink.ended.saturating_mul(SHRINK) > shrink.live)
            .collect()
    }
}

/// Why a checked run cannot be applied now.
pub(super) async fn stale_or_shrinking(
    tx: &mut ReadTx,
    run: &SourceRun,
    reason: Option<&str>,
) -> Result<Option<String>> {
    if run.state != RunState::Checked {
        return Err(Error::Refused(format!(
            "This import is {}. Check it before it is applied.",
            run.state.label().to_lowercase()
        )));
    }
    let too_much = still_true(tx, run).await?.too_much();
    if too_much.is_empty() || reason.is_some() {
        return Ok(None);
    }
    Ok(Some(shrink_sentence(&too_much)))
}

/// What the check of a run found, unless it would find something else now.
pub(super) async fn still_true(tx: &mut ReadTx, run: &SourceRun) -> Result<Kept> {
    let kept = read_kept(tx, run.id).await?;
    let last = tx.last_applied_run(run.source).await?.map(|run| run.id);
    if last != kept.after {
        return Err(Error::Refused(
            "Another import of this source was applied since this one was checked. Check it again."
                .to_owned(),
        ));
    }
    let source = tx.source(run.source).await?.ok_or(Error::NotFound)?;
    let files = tx.run_files(run.id).await?;
    if fingerprint(&files, &source.content.mapping)? != kept.read {
        return Err(Error::Refused(
            "The files or the columns of this source were changed since this import was checked. Check it again."
                .to_owned(),
        ));
    }
    Ok(kept)
}

/// A fingerprint of files and of the columns by which they are read.
pub(super) fn fingerprint<'f>(
    files: impl IntoIterator<Item = &'f RunFile>,
    mapping: &Mapping,
) -> Result<String> {
    let parts: BTreeMap<FileKind, _> = files
        .into_iter()
        .map(|file| {
            let columns = mapping.get(&file.kind);
            (file.kind, (text::hex(&file.sha256), columns))
        })
        .collect();
    let hash = Sha256::digest(json(&parts)?.to_string());
    Ok(text::hex(&hash))
}

/// The sentence about a snapshot that lost much.
pub(super) fn shrink_sentence(too_much: &[Shrink]) -> String {
    let parts: Vec<String> = too_much
        .iter()
        .map(|shrink| {
            format!(
                "{} of {} {}",
                shrink.ended,
                shrink.live,
                shrink.kind.label().to_lowercase()
            )
        })
        .collect();
    format!(
        "This snapshot would end {}, which is more than a tenth. If the files are complete, allow it and say why (--allow-shrink REASON); otherwise send complete files, or import in mode delta.",
        parts.join(" and ")
    )
}

pub(super) async fn read_kept(tx: &mut ReadTx, run: SourceRunId) -> Result<Kept> {
    let kept = tx.run_sample(run).await?;
    Ok(kept
        .map(serde_json::from_value)
        .transpose()
        .map_err(|error| Error::Internal(format!("what a check kept cannot be read: {error}")))?
        .unwrap_or_default())
}
