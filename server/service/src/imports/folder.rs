//! Files of a folder: what the command line and a watched folder bring in.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use domain::id::{SourceId, SourceRunId};
use domain::source::{FileKind, ImportMode};
use sha2::{Digest as _, Sha256};

use super::kind::kind_of;
use super::stage::{Upload, begin};
use crate::boxed;
use crate::{Cx, Error, Result, Service};

/// Bytes that are read at once.
const BUFFER: usize = 1 << 20;

/// What tells whether a file was written to.
type Look = (u64, Option<SystemTime>);

/// The files of a folder by kind; two of the same kind are refused.
pub fn files(folder: &Path) -> Result<Vec<(FileKind, PathBuf)>> {
    let unreadable = |error: std::io::Error| {
        Error::Refused(format!(
            "The folder {} cannot be read: {error}.",
            folder.display()
        ))
    };
    let mut found: Vec<(FileKind, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let kind = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(kind_of);
        if let Some(kind) = kind.filter(|_| path.is_file()) {
            if let Some((_, other)) = found.iter().find(|(known, _)| *known == kind) {
                return Err(Error::Refused(format!(
                    "{} and {} are both files of {}. Leave one of them in the folder.",
                    other.display(),
                    path.display(),
                    kind.word()
                )));
            }
            found.push((kind, path));
        }
    }
    if found.is_empty() {
        return Err(Error::Refused(format!(
            "The folder {} has no file to import. It needs at least one of {}.",
            folder.display(),
            FileKind::ALL
                .iter()
                .map(|kind| kind.file_name())
                .collect::<Vec<_>>()
                .join(", ")
        )));
    }
    found.sort();
    Ok(found)
}

/// SHA-256 of the files of a folder, by kind.
pub(super) fn hashes(folder: &Path) -> Result<Vec<(FileKind, [u8; 32])>> {
    let mut buffer = vec![0; BUFFER];
    files(folder)?
        .into_iter()
        .map(|(kind, path)| {
            let hash = again(&path, &mut buffer).map_err(|error| unreadable(&path, &error))?;
            Ok((kind, hash))
        })
        .collect()
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    Error::Refused(format!(
        "The file {} cannot be read: {error}.",
        path.display()
    ))
}

/// Brings all files of a folder in as a run. A file that somebody writes to meanwhile is refused.
#[boxed]
pub async fn folder(
    service: &Service,
    cx: &Cx,
    source: SourceId,
    mode: ImportMode,
    path: &Path,
) -> Result<SourceRunId> {
    let files = files(path)?;
    let run = begin(service, cx, source, mode).await?;
    for (kind, file) in files {
        if let Err(error) = bring(service, cx, run, kind, &file).await {
            super::run::drop_run(service, cx, run, &error).await?;
            return Err(error);
        }
    }
    Ok(run)
}

async fn bring(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    kind: FileKind,
    path: &Path,
) -> Result<()> {
    let unreadable = |error: std::io::Error| unreadable(path, &error);
    let before = look(path).map_err(unreadable)?;
    let mut upload = Upload::begin(service, cx, run, kind, &path.to_string_lossy()).await?;
    let mut file = std::fs::File::open(path).map_err(unreadable)?;
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = file.read(&mut buffer).map_err(unreadable)?;
        if read == 0 {
            break;
        }
        upload.push(service, &buffer[..read]).await?;
    }
    let (bytes, hash) = upload.seen();
    if before != look(path).map_err(unreadable)?
        || before.0 != bytes
        || again(path, &mut buffer).map_err(unreadable)? != hash
    {
        return Err(Error::Refused(format!(
            "The file {} changed while it was read. Try again when it is complete; nothing was imported.",
            path.display()
        )));
    }
    upload.finish(service).await?;
    Ok(())
}

fn look(path: &Path) -> std::io::Result<Look> {
    let found = std::fs::metadata(path)?;
    Ok((found.len(), found.modified().ok()))
}

/// SHA-256 of a file. Of one that was read before, too: some changes leave size and time as they were.
fn again(path: &Path, buffer: &mut [u8]) -> std::io::Result<[u8; 32]> {
    let mut hash = Sha256::new();
    let mut file = std::fs::File::open(path)?;
    loop {
        let read = file.read(buffer)?;
        if read == 0 {
            return Ok(hash.finalize().into());
        }
        hash.update(&buffer[..read]);
    }
}
