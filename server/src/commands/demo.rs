//! `bailiwick demo`: a sample company to look at, with two years of history, in a data directory of its own.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use demo::{Account, Accounts};
use domain::context::Clock as _;
use service::clock::{SystemClock, SystemEntropy};

use crate::{home, keys, serve};

/// Lies in the data directory while the company is being made: what was half made can be thrown away.
const BUILDING: &str = "demo-is-being-made";
/// The four accounts with their passwords, readable by the owner only: nothing in it is worth protecting more.
const ACCOUNTS: &str = "demo-accounts.txt";

/// Flags of `demo`.
#[derive(Debug, Args)]
#[group(skip)]
pub(crate) struct Arguments {
    #[command(flatten)]
    serve: serve::Arguments,
}

/// Makes the company if the data directory is empty, says who can sign in, and serves.
pub(crate) async fn run(mut arguments: Arguments) -> Result<()> {
    // Never in the folder that `serve` uses when nothing is said.
    if arguments.serve.data.data_dir == Path::new("data") {
        arguments.serve.data.data_dir = "data-demo".into();
    }
    let folder = arguments.serve.data.data_dir.clone();
    home::prepare(&folder)?;
    let mut lock = home::lock(&folder)?;
    let held = lock
        .try_write()
        .map_err(|_| anyhow::anyhow!("another bailiwick uses {} already", folder.display()))?;
    let accounts = folder.join(ACCOUNTS);
    if !accounts.exists() {
        let text = make(&arguments).await?;
        write_private(&accounts, &text)?;
        remove(&folder.join(BUILDING))?;
    }
    drop(held);
    print!(
        "{}",
        fs::read_to_string(&accounts)
            .with_context(|| format!("cannot read {}", accounts.display()))?
    );
    serve::run(arguments.serve).await
}

async fn make(arguments: &Arguments) -> Result<String> {
    let data = &arguments.serve.data;
    let building = data.data_dir.join(BUILDING);
    if data.database_url.is_none() {
        let database = data.data_dir.join(home::DATABASE);
        if building.exists() {
            // Half a company, made by an earlier start that was interrupted, and nothing else.
            for end in ["", "-wal", "-shm"] {
                remove(&database.with_file_name(format!("{}{end}", home::DATABASE)))?;
            }
        } else if database.exists() {
            bail!(
                "{} holds a database that is not the sample company. Choose another --data-dir.",
                data.data_dir.display()
            );
        }
    }
    if data.database_url.is_none() {
        fs::write(&building, "").with_context(|| format!("cannot write {}", building.display()))?;
    }
    let signer = keys::signing(data, &SystemEntropy)?;
    let store = home::store(data).await?;
    eprintln!("Making the sample company: two years of history, written one act at a time.");
    let url = arguments.serve.reach.url(&arguments.serve.listen)?;
    let made = demo::build(store.clone(), signer, &url, SystemClock.now(), |step| {
        eprintln!("  {step}");
    })
    .await;
    store.close().await;
    Ok(words(&made.context(
        "the sample company could not be made; an empty database is needed",
    )?))
}

fn words(accounts: &Accounts) -> String {
    let line = |role: &str, account: &Account| {
        format!(
            "  {role:<14} {:<24} {}\n",
            account.username, account.password
        )
    };
    let mut text = "The sample company. Sign in as\n".to_owned();
    text.push_str(&line("administrator", &accounts.administrator));
    text.push_str(&line("manager", &accounts.manager));
    text.push_str(&line("employee", &accounts.employee));
    text.push_str(&line("auditor", &accounts.auditor));
    text
}

fn remove(file: &Path) -> Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", file.display()))
        }
        _ => Ok(()),
    }
}

fn write_private(file: &Path, text: &str) -> Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut out = options
        .open(file)
        .with_context(|| format!("cannot write {}", file.display()))?;
    std::io::Write::write_all(&mut out, text.as_bytes())?;
    Ok(())
}
