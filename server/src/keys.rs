//! The key that signs the log's checkpoints: `keys/audit.key` (0600) in the data directory, or from the environment.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result};
use domain::context::Entropy;
use proof::checkpoint::{SigningKey, VerifyingKey};

use crate::config::Data;

const FILE: &str = "keys/audit.key";
const PUBLIC_FILE: &str = "keys/audit.pub";

/// The signing key; made on the first start. Its name is the log's origin.
pub(crate) fn signing(data: &Data, entropy: &dyn Entropy) -> Result<SigningKey> {
    if let Some(text) = &data.audit_key {
        return text
            .trim()
            .parse()
            .map_err(|e| anyhow::anyhow!("BAILIWICK_AUDIT_KEY is no signing key: {e}"));
    }
    let file = data.data_dir.join(FILE);
    if file.exists() {
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        return text
            .trim()
            .parse()
            .map_err(|e| anyhow::anyhow!("{} is no signing key: {e}", file.display()));
    }
    let mut seed = [0; 32];
    entropy.fill(&mut seed);
    let mut name = [0; 4];
    entropy.fill(&mut name);
    let name = domain::text::hex(&name);
    let key = SigningKey::from_seed(&format!("bailiwick-{name}"), &seed)
        .map_err(|e| anyhow::anyhow!("a signing key could not be made: {e}"))?;
    write_private(&file, key.encode_private().as_str())?;
    let public = data.data_dir.join(PUBLIC_FILE);
    fs::write(&public, format!("{}\n", key.verifying_key()))
        .with_context(|| format!("cannot write {}", public.display()))?;
    Ok(key)
}

/// The key that checks checkpoints; needs no right to read the signing key.
pub(crate) fn verifying(data: &Data) -> Result<VerifyingKey> {
    if let Some(text) = &data.audit_key {
        let key: SigningKey = text
            .trim()
            .parse()
            .map_err(|e| anyhow::anyhow!("BAILIWICK_AUDIT_KEY is no signing key: {e}"))?;
        return Ok(key.verifying_key().clone());
    }
    let file = data.data_dir.join(PUBLIC_FILE);
    let text = fs::read_to_string(&file)
        .with_context(|| format!("cannot read {}; name the key with --key", file.display()))?;
    text.trim()
        .parse()
        .map_err(|e| anyhow::anyhow!("{} is no verifying key: {e}", file.display()))
}

/// Written beside and renamed, readable by the owner only, and on the disk before anything is signed with it.
fn write_private(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().context("a key file lies in a folder")?;
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let beside = file.with_extension("new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        options.mode(0o600);
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
            .with_context(|| format!("cannot protect {}", folder.display()))?;
    }
    let mut out = options
        .open(&beside)
        .with_context(|| format!("cannot write {}", beside.display()))?;
    writeln!(out, "{text}")?;
    out.sync_all()?;
    fs::rename(&beside, file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(())
}
