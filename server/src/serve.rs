//! `bailiwick serve`: start, answer, stop without losing anything.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use service::Service;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::{Data, LISTEN, Mail, Reach};
use crate::publish::Publisher;
use crate::telemetry::{self, Format};
use crate::{connections, home};

/// How long requests that are being answered may take after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// Flags of `serve`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) data: Data,

    #[command(flatten)]
    pub(crate) reach: Reach,

    #[command(flatten)]
    pub(crate) mail: Mail,

    /// Address and port to listen at.
    #[arg(long, value_name = "ADDR", default_value = LISTEN, env = "BAILIWICK_LISTEN")]
    pub(crate) listen: String,

    /// A proxy whose X-Forwarded-For is believed; may be given several times.
    #[arg(
        long = "trusted-proxy",
        value_name = "IP",
        env = "BAILIWICK_TRUSTED_PROXIES",
        value_delimiter = ','
    )]
    pub(crate) trusted_proxies: Vec<IpAddr>,

    /// How log lines look.
    #[arg(long, value_enum, default_value_t = Format::Text, env = "BAILIWICK_LOG")]
    pub(crate) log: Format,
}

/// Serves until SIGINT or SIGTERM.
pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    telemetry::start(arguments.log);
    let post = arguments.mail.post()?;
    home::prepare(&arguments.data.data_dir)?;
    let mut lock = home::lock(&arguments.data.data_dir)?;
    let _held = lock.try_write().map_err(|_| {
        anyhow::anyhow!(
            "another bailiwick serves {} already. Stop it, or use another --data-dir.",
            arguments.data.data_dir.display()
        )
    })?;
    let listener = listen(&arguments.listen).await?;
    let address = listener.local_addr()?;
    let public_url = arguments.reach.url(&address.to_string())?;
    home::remember_url(&arguments.data.data_dir, &public_url)?;
    let service = home::open_posting(&arguments.data, public_url.clone(), post).await?;
    service::notifications::announce(&service).await?;
    let publisher = Publisher::new(&arguments.data.data_dir);
    let (stop, stopped) = watch::channel(false);
    let publish = {
        let publisher = publisher.clone();
        move |checkpoint: &_| publisher.publish(checkpoint)
    };
    let worker = tokio::spawn(worker::run(
        Arc::clone(&service),
        service::jobs::handlers(),
        stopped.clone(),
        publish,
    ));
    let config = edge::Config {
        public_url: public_url.clone(),
        trusted_proxies: arguments.trusted_proxies,
    };
    let router = edge::router(Arc::clone(&service), &config);
    let told = told_to_stop()?;
    tracing::info!(%address, public_url, engine = service.store().engine(), "ready");
    println!("Bailiwick is ready at {public_url}");
    let mut server = tokio::spawn(connections::serve(
        listener,
        router,
        connections::HEAD,
        stopped.clone(),
    ));
    tokio::select! {
        () = told => tracing::info!("told to stop; answering what has begun"),
        ended = &mut server => ended.context("the server stopped")?,
    }
    stop.send_replace(true);
    if tokio::time::timeout(DRAIN, &mut server).await.is_err() {
        tracing::warn!(
            "some requests took too long and were cut off; what they began is rolled back"
        );
        server.abort();
    }
    worker.await?;
    finish(&service, &publisher).await;
    Ok(())
}

async fn listen(address: &str) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen at {address}. Is something else there? Choose another with --listen."
        )
    })
}

/// What must not be left for the next start: sums in memory and the last checkpoint.
async fn finish(service: &Service, publisher: &Publisher) {
    if let Err(error) = service::audit::flush_denials(service).await {
        tracing::error!(%error, "sums of denials could not be written");
    }
    match service::audit::checkpoint(service).await {
        Ok(Some(checkpoint)) => publisher.publish(&checkpoint),
        Ok(None) => {}
        Err(error) => tracing::error!(%error, "the last checkpoint could not be signed"),
    }
    service.store().close().await;
    tracing::info!("stopped");
}

/// Waits for SIGINT or SIGTERM, and hears them from the moment of the call: whoever was told that the server is ready may
/// tell it to stop at once.
#[cfg(unix)]
fn told_to_stop() -> Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let hear = |kind| signal(kind).context("signals to stop cannot be heard");
    let mut interrupt = hear(SignalKind::interrupt())?;
    let mut terminate = hear(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
#[cfg(windows)]
fn told_to_stop() -> Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c().context("Ctrl-C cannot be heard")?;
    Ok(async move {
        interrupt.recv().await;
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::told_to_stop;

    #[tokio::test]
    async fn a_signal_that_comes_before_anybody_waits_for_it_is_heard() {
        let stop = told_to_stop().expect("signals");
        let kill = format!("kill -TERM {}", std::process::id());
        let sent = std::process::Command::new("sh")
            .args(["-c", &kill])
            .status();
        assert!(sent.expect("a shell").success());
        stop.await;
    }
}
