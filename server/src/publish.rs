//! Checkpoints leave the database: into `checkpoints/` and the log, so that a copy exists elsewhere.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use service::audit::StoredCheckpoint;

/// Where checkpoints are written.
#[derive(Debug, Clone)]
pub(crate) struct Publisher {
    folder: PathBuf,
}

impl Publisher {
    pub(crate) fn new(data_dir: &std::path::Path) -> Self {
        Self {
            folder: data_dir.join("checkpoints"),
        }
    }

    /// Writes one; a failure is logged, because the checkpoint is in the database already.
    pub(crate) fn publish(&self, checkpoint: &StoredCheckpoint) {
        let root = domain::text::hex(&checkpoint.root);
        tracing::info!(size = checkpoint.size, root, "checkpoint signed");
        if let Err(error) = self.write(checkpoint) {
            tracing::error!(
                error = format!("{error:#}"),
                "a checkpoint could not be written beside the database"
            );
        }
    }

    fn write(&self, checkpoint: &StoredCheckpoint) -> Result<()> {
        fs::create_dir_all(&self.folder)
            .with_context(|| format!("cannot make {}", self.folder.display()))?;
        for name in [checkpoint.size.to_string(), "latest".to_owned()] {
            let file = self.folder.join(name);
            let beside = file.with_extension("new");
            fs::write(&beside, &checkpoint.note)
                .with_context(|| format!("cannot write {}", beside.display()))?;
            fs::rename(&beside, &file)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }
}
