//! Where a pack is written: the file of a job, or a file at the command line; and reading it back.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use proof::pack::{PackWriter, WriteError};
use storage::WriteTx;

use crate::jobs::{FILE_PIECE, Work};
use crate::reviews::trees::Broken;
use crate::{Error, Result, Service};

/// A pack that is written to memory, from where it is taken piece by piece.
pub(super) type Pack = PackWriter<Vec<u8>>;

/// Why a pack is not written, as a failure of a use case.
pub(super) fn failed(error: WriteError) -> Error {
    Error::Internal(format!("the evidence pack cannot be written: {error}"))
}

/// Writes text of a part for people.
pub(super) fn text(pack: &mut Pack, bytes: &[u8]) -> Result<()> {
    pack.write_all(bytes).map_err(unwritten)
}

fn unwritten(error: std::io::Error) -> Error {
    Error::Internal(format!("the evidence pack cannot be written: {error}"))
}

/// Where a pack is written.
#[derive(Debug)]
pub(super) enum Out<'a> {
    /// The file of a job.
    Job {
        /// The job.
        work: &'a Work,
        /// Pieces so far.
        pieces: i64,
        /// Bytes so far.
        bytes: u64,
    },
    /// A file.
    File(&'a mut File),
}

impl Out<'_> {
    /// Takes what is there when it fills a piece. [`Broken::Stopped`] when the job was asked to stop.
    pub(super) async fn drain(
        &mut self,
        service: &Service,
        pack: &mut Vec<u8>,
    ) -> std::result::Result<(), Broken> {
        if let Self::Job { work, .. } = self
            && work.stopping().is_some()
        {
            return Err(Broken::Stopped);
        }
        while pack.len() >= FILE_PIECE {
            let rest = pack.split_off(FILE_PIECE);
            let piece = std::mem::replace(pack, rest);
            self.piece(service, &piece).await?;
        }
        Ok(())
    }

    /// Takes all that is left.
    pub(super) async fn rest(&mut self, service: &Service, pack: &mut Vec<u8>) -> Result<()> {
        while !pack.is_empty() {
            let rest = pack.split_off(FILE_PIECE.min(pack.len()));
            let piece = std::mem::replace(pack, rest);
            self.piece(service, &piece).await?;
        }
        Ok(())
    }

    async fn piece(&mut self, service: &Service, piece: &[u8]) -> Result<()> {
        match self {
            Self::File(file) => file.write_all(piece).map_err(unwritten),
            Self::Job {
                work,
                pieces,
                bytes,
            } => {
                let mut tx = unaudited(service).await?;
                work.keep(&mut tx).await?;
                tx.add_job_file_chunk(work.job(), *pieces, piece).await?;
                tx.commit_unaudited("a piece of an evidence pack that is not whole yet")
                    .await?;
                *pieces += 1;
                *bytes += piece.len() as u64;
                Ok(())
            }
        }
    }

    /// All that was written.
    pub(super) async fn read_back(&mut self, service: &Service) -> Result<Vec<u8>> {
        match self {
            Self::File(file) => {
                let mut all = Vec::new();
                file.seek(SeekFrom::Start(0)).map_err(unwritten)?;
                file.read_to_end(&mut all).map_err(unwritten)?;
                Ok(all)
            }
            Self::Job {
                work,
                pieces,
                bytes,
            } => {
                let mut all = Vec::with_capacity(usize::try_from(*bytes).unwrap_or(0));
                let mut tx = service.store.read().await?;
                for ordinal in 0..*pieces {
                    let piece = tx.job_file_chunk(work.job(), ordinal).await?;
                    all.extend(piece.ok_or(Error::NotFound)?);
                }
                Ok(all)
            }
        }
    }
}

/// A transaction for what is not whole yet.
pub(super) async fn unaudited(service: &Service) -> Result<WriteTx> {
    Ok(service
        .store
        .write(service.now(), service.entropy.clone())
        .await?)
}
