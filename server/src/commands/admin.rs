//! `bailiwick admin create`: an administrator without a browser.

use std::io::Read as _;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use service::{Error, welcome};

use crate::config::{Data, LISTEN};
use crate::home;

/// What can be done to administrators.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Create an administrator; the first one sets an empty database up.
    Create(Create),
}

/// Flags of `admin create`.
#[derive(Debug, Args)]
pub(crate) struct Create {
    /// The name to sign in with.
    #[arg(long, value_name = "NAME")]
    username: String,

    /// Read the password from standard input (one line), so that it is in no process list and no shell history.
    #[arg(long, required = true)]
    password_stdin: bool,

    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(command: Command) -> Result<()> {
    let Command::Create(create) = command;
    let mut password = String::new();
    std::io::stdin()
        .take(4096)
        .read_to_string(&mut password)
        .context("cannot read the password from standard input")?;
    let password = password.trim_end_matches(['\r', '\n']);
    let service = home::open(&create.data, format!("http://{LISTEN}")).await?;
    let result = welcome::create_administrator(&service, &create.username, password).await;
    service.store().close().await;
    match result {
        Ok(id) => {
            println!("Created administrator {} ({id}).", create.username);
            Ok(())
        }
        Err(Error::Invalid(errors)) => bail!("{errors}"),
        Err(error) => Err(error.into()),
    }
}
