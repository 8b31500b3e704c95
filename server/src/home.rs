//! The data directory: its lock, its database, and the service on top.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use domain::context::Entropy;
use fd_lock::RwLock;
use service::clock::{SystemClock, SystemEntropy};
use service::notifications::Post;
use service::{Parts, Service, Store};

use crate::config::{Data, LISTEN};
use crate::keys;

/// The embedded database's file in the data directory.
pub(crate) const DATABASE: &str = "bailiwick.db";

/// Makes the data directory, readable by its owner only.
pub(crate) fn prepare(folder: &Path) -> Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // Password hashes and personal data: for the owner only.
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder
        .create(folder)
        .with_context(|| format!("cannot make the data directory {}", folder.display()))
}

/// Holds how the server on this data was last reached, for links that are made at the command line.
const PUBLIC_URL: &str = "public-url";

/// Remembers how people reach this server.
pub(crate) fn remember_url(folder: &Path, url: &str) -> Result<()> {
    let file = folder.join(PUBLIC_URL);
    fs::write(&file, format!("{url}\n")).with_context(|| format!("cannot write {}", file.display()))
}

/// How people reached the last server on this data; its own default when there was none.
pub(crate) fn remembered_url(folder: &Path) -> String {
    fs::read_to_string(folder.join(PUBLIC_URL)).map_or_else(
        |_| format!("http://{LISTEN}"),
        |text| text.trim().to_owned(),
    )
}

/// A lock that only one server on a data directory can hold; given up when it is dropped or the process ends.
pub(crate) fn lock(folder: &Path) -> Result<RwLock<fs::File>> {
    let file = folder.join("lock");
    let open = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&file);
    Ok(RwLock::new(open.with_context(|| {
        format!("cannot open {}", file.display())
    })?))
}

/// A lock that only one import from the command line on a data directory can hold, and the name of whoever holds it: it
/// stands in the folder, so that the next one can go on at once with what this one leaves behind when it is killed.
pub(crate) fn import_lock(
    folder: &Path,
    entropy: &dyn Entropy,
) -> Result<(RwLock<fs::File>, String)> {
    let file = folder.join("import");
    let failed = || format!("cannot use {}", file.display());
    let known = fs::read_to_string(&file).unwrap_or_default();
    let open = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&file)
        .with_context(failed)?;
    let name = known.trim();
    if !name.is_empty() {
        return Ok((RwLock::new(open), name.to_owned()));
    }
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    let name = format!("command line {}", domain::text::hex(&bytes));
    fs::write(&file, &name).with_context(failed)?;
    Ok((RwLock::new(open), name))
}

/// Opens the database and brings it up to date.
pub(crate) async fn store(data: &Data) -> Result<Store> {
    match &data.database_url {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Store::open_postgres(url)
                .await
                .context("cannot open the PostgreSQL database")
        }
        Some(_) => bail!(
            "DATABASE_URL must begin with postgres://; without it the embedded SQLite is used"
        ),
        None => {
            let file = data.data_dir.join(DATABASE);
            Store::open_sqlite(&file)
                .await
                .with_context(|| format!("cannot open {}", file.display()))
        }
    }
}

/// The use cases on this data.
pub(crate) async fn open(data: &Data, public_url: String) -> Result<Arc<Service>> {
    open_posting(data, public_url, None).await
}

/// The use cases on this data, with a way to send mail.
pub(crate) async fn open_posting(
    data: &Data,
    public_url: String,
    post: Option<Arc<dyn Post>>,
) -> Result<Arc<Service>> {
    prepare(&data.data_dir)?;
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let signer = keys::signing(data, &*entropy)?;
    let store = store(data).await?;
    Ok(Arc::new(Service::new(Parts {
        store,
        clock: Arc::new(SystemClock),
        entropy,
        signer,
        public_url,
        hashing_threads: hashing_threads(),
        post,
    })))
}

/// Half of the cores hash passwords, so that a flood of sign-ins leaves the others to the pages.
fn hashing_threads() -> usize {
    std::thread::available_parallelism()
        .map_or(1, usize::from)
        .div_ceil(2)
}
