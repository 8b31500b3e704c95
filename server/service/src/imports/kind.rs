//! Which kind of file it is: by its name, by its columns, or as somebody says.

use domain::id::SourceRunId;
use domain::source::FileKind;

use super::file::{PIECE, plain};
use super::stage::{Upload, discard, open_run};
use crate::boxed;
use crate::{Cx, Error, Result, Service};

/// The kind of a file by its name: `identities.csv`, also with more behind it, as `identities-2026-11.csv`.
pub fn kind_of(file_name: &str) -> Option<FileKind> {
    let name = plain(file_name.rsplit(['/', '\\']).next()?);
    let name = name.strip_suffix(".csv")?;
    let longest_first = [FileKind::RoleMembers];
    longest_first
        .iter()
        .chain(FileKind::ALL)
        .copied()
        .find(|kind| {
            name.strip_prefix(kind.word())
                .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        })
}

/// The kind of a file by its columns, when its name does not say it: the kind of whose columns it has most.
pub fn kind_of_header(header: &[String]) -> Option<FileKind> {
    let names: Vec<String> = header.iter().map(|name| plain(name)).collect();
    let fits = |kind: &&FileKind| {
        kind.required()
            .iter()
            .all(|ours| names.iter().any(|name| name == ours))
    };
    let known = |kind: &FileKind| {
        kind.required()
            .iter()
            .chain(kind.optional())
            .filter(|ours| names.iter().any(|name| name == *ours))
            .count()
    };
    FileKind::ALL
        .iter()
        .filter(fits)
        .copied()
        .max_by_key(|kind| (known(kind), kind.required().len()))
}

/// Says that a staged file is of another kind; refused when there is one of that kind already.
#[boxed]
pub async fn change_kind(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    from: FileKind,
    to: FileKind,
) -> Result<()> {
    let result = carry_out_change_kind(service, cx, run, from, to).await;
    service.noted(cx, result).await
}

async fn carry_out_change_kind(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    from: FileKind,
    to: FileKind,
) -> Result<()> {
    open_run(service, cx, run).await?;
    let files = service.store.read().await?.run_files(run).await?;
    let file = files
        .iter()
        .find(|file| file.kind == from)
        .ok_or(Error::NotFound)?;
    if from == to {
        return Ok(());
    }
    if files.iter().any(|file| file.kind == to) {
        return Err(Error::Refused(format!(
            "There is a file of this kind already: {}. Take it out first.",
            to.label().to_lowercase()
        )));
    }
    let mut upload = Upload::begin(service, cx, run, to, &file.name).await?;
    for ordinal in 0..file.bytes.div_ceil(PIECE) {
        let ordinal = i64::try_from(ordinal).unwrap_or(i64::MAX);
        let mut tx = service.store.read().await?;
        let piece = tx.run_chunk(run, from, ordinal).await?;
        drop(tx);
        upload.push(service, &piece.unwrap_or_default()).await?;
    }
    if upload.seen() != (file.bytes, file.sha256) {
        return Err(super::file::mixed(&file.name));
    }
    upload.finish(service).await?;
    discard(service, cx, run, from).await
}
