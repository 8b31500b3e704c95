//! The server on a data directory as the end-to-end tests need it: with a clock that they move.
//!
//! Each line `advance SECONDS` on its input moves the clock, runs one round of housekeeping, and is answered with
//! `now RFC3339`. A line `review OWNER NAME` launches a review of everything that people have, by their managers, and is answered
//! with `campaign ID`. It stops when its input ends. Sends no mail, knows no proxy, and is never shipped: a clock that anybody
//! can move makes every end of access worth nothing.

mod clock;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Parser;
use domain::context::{Clock as _, Entropy as _};
use domain::id::CampaignId;
use domain::permission::Actor;
use domain::review::ReviewContent;
use proof::checkpoint::SigningKey;
use service::clock::SystemEntropy;
use service::{Cx, Parts, Service, Store, housekeeping, people, reviews};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::clock::MovedClock;

/// The files of the shipped server, so that its other commands work on the same data.
const DATABASE: &str = "bailiwick.db";
const KEY: &str = "keys/audit.key";
const PUBLIC_KEY: &str = "keys/audit.pub";
const PUBLIC_URL: &str = "public-url";

/// A server for tests, with a clock that can be moved.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where the data lie.
    #[arg(long)]
    data_dir: PathBuf,

    /// A PostgreSQL database instead of the embedded one.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,

    /// Address and port to listen at.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let folder = &arguments.data_dir;
    fs::create_dir_all(folder).context("the data directory")?;
    let listener = TcpListener::bind(&arguments.listen).await?;
    let url = format!("http://{}", listener.local_addr()?);
    fs::write(folder.join(PUBLIC_URL), format!("{url}\n"))?;
    let clock = Arc::new(MovedClock::default());
    let store = match &arguments.database_url {
        Some(address) => Store::open_postgres(address).await?,
        None => Store::open_sqlite(&folder.join(DATABASE)).await?,
    };
    let service = Arc::new(Service::new(Parts {
        store,
        clock: Arc::clone(&clock) as Arc<_>,
        entropy: Arc::new(SystemEntropy),
        signer: key(folder)?,
        public_url: url.clone(),
        hashing_threads: 1,
        post: None,
    }));
    service::notifications::announce(&service).await?;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(worker::run(
        Arc::clone(&service),
        service::jobs::handlers(),
        stopped.clone(),
        |_| (),
    ));
    let server = tokio::spawn(serve(listener, Arc::clone(&service), url.clone(), stopped));
    println!("Bailiwick is ready at {url}");
    obey(&service, &clock).await?;
    stop.send_replace(true);
    server.await??;
    worker.await?;
    service::audit::flush_denials(&service).await?;
    service::audit::checkpoint(&service).await?;
    service.store().close().await;
    Ok(())
}

async fn serve(
    listener: TcpListener,
    service: Arc<Service>,
    public_url: String,
    mut stopped: watch::Receiver<bool>,
) -> Result<()> {
    let config = edge::Config {
        public_url,
        trusted_proxies: Vec::new(),
    };
    let router = edge::router(service, &config).into_make_service_with_connect_info::<SocketAddr>();
    let told = async move {
        stopped.changed().await.ok();
    };
    axum::serve(listener, router)
        .with_graceful_shutdown(told)
        .await
        .context("the server stopped")
}

/// Does what the lines of the input say, until it ends.
async fn obey(service: &Service, clock: &MovedClock) -> Result<()> {
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while let Some(line) = lines.next_line().await? {
        if let Some(name) = line.trim().strip_prefix("review ") {
            println!("campaign {}", launch(service, name).await?);
            continue;
        }
        let seconds = line.trim().strip_prefix("advance ");
        let seconds = seconds.with_context(|| {
            format!("`{line}` is neither `advance SECONDS` nor `review OWNER NAME`")
        })?;
        clock.advance(seconds.parse().context("a number of seconds")?);
        housekeeping::round(service).await;
        println!("now {}", clock.now());
    }
    Ok(())
}

/// Launches a review: who answers for it, and its name.
async fn launch(service: &Service, line: &str) -> Result<CampaignId> {
    let (owner, name) = line.split_once(' ').context("`review OWNER NAME`")?;
    let operator = Cx::of(Actor::CommandLine);
    let owner = people::by_username(service, &operator, owner).await?;
    let content = ReviewContent {
        name: name.to_owned(),
        ..ReviewContent::draft(owner.context("somebody with this username")?)
    };
    let review = reviews::create(service, &operator, content).await?;
    Ok(reviews::launch(service, &operator, review).await?.campaign)
}

/// The key of the data directory; made where there is none.
fn key(folder: &Path) -> Result<SigningKey> {
    let file = folder.join(KEY);
    if let Ok(text) = fs::read_to_string(&file) {
        return text
            .trim()
            .parse()
            .map_err(|error| anyhow::anyhow!("{}: {error}", file.display()));
    }
    let key = SigningKey::from_seed("bailiwick-test", &SystemEntropy.bytes())
        .map_err(|error| anyhow::anyhow!("a signing key could not be made: {error}"))?;
    fs::create_dir_all(folder.join("keys"))?;
    fs::write(&file, format!("{}\n", key.encode_private().as_str()))?;
    fs::write(
        folder.join(PUBLIC_KEY),
        format!("{}\n", key.verifying_key()),
    )?;
    Ok(key)
}
