//! `bailiwick link`: a one-time link with which a person sets their password.

use anyhow::{Result, bail};
use clap::Args;
use domain::permission::Actor;
use service::{Cx, people};

use crate::config::{Data, LISTEN, Reach};
use crate::home;

/// Flags of `link`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The username of the person.
    #[arg(long = "for", value_name = "NAME")]
    name: String,

    #[command(flatten)]
    reach: Reach,

    #[command(flatten)]
    data: Data,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let url = match &arguments.reach.public_url {
        Some(_) => arguments.reach.url(LISTEN)?,
        None => home::remembered_url(&arguments.data.data_dir),
    };
    let service = home::open(&arguments.data, url).await?;
    let made = make(&service, &arguments.name).await;
    service.store().close().await;
    let made = made?;
    println!("{}", made.url);
    eprintln!(
        "Works once, until {}. Links made before for this person no longer work.",
        made.expires
    );
    Ok(())
}

async fn make(service: &service::Service, name: &str) -> Result<people::NewLink> {
    let cx = Cx::of(Actor::CommandLine);
    let Some(id) = people::by_username(service, &cx, name).await? else {
        bail!("nobody has the username {name}");
    };
    Ok(people::link(service, &cx, id).await?)
}
