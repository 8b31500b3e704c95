//! Connections: accepts them, gives the head of a request a limited time to arrive, and lets what is being answered end.
//!
//! axum's own loop has no such limit, so that a few thousand connections that never finish a head could keep everybody
//! else out (CWE-400). Says nothing about TLS: that is a proxy's.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::middleware::from_fn;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tower::Layer as _;

use crate::unread;

/// How long the head of a request may take, also the wait for the next one on a kept connection.
pub(crate) const HEAD: Duration = Duration::from_secs(30);
/// Connections at a time; the next ones wait in the system's queue.
const CONNECTIONS: usize = 4_096;
/// After an error of accepting, such as too many open files: the others need time to close.
const BREATH: Duration = Duration::from_millis(100);

/// Serves until `stop` changes and what was being answered then is answered. Dropping it cuts the rest off.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    head: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let router = router.layer(from_fn(unread::read));
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut running = JoinSet::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(head);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            _ = stop.changed() => break,
        };
        let service = Extension(ConnectInfo(peer)).layer(router.clone());
        let connection =
            http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let connection = graceful.watch(connection);
        running.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
            drop(place);
        });
        while running.try_join_next().is_some() {}
    }
    drop(listener);
    graceful.shutdown().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Pages are written in one go; without this their last packet could wait for an acknowledgement.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, %peer, "TCP_NODELAY could not be set");
                }
                return (stream, peer);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::routing::{get, post};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn answer(request: &[u8], head: Duration) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route(
            "/",
            get(|peer: ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
        );
        let (stop, stopped) = watch::channel(false);
        let server = tokio::spawn(serve(listener, router, head, stopped));
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        stop.send_replace(true);
        server.await.unwrap();
        text
    }

    #[tokio::test]
    async fn a_page_knows_who_asks() {
        let text = answer(
            b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
            HEAD,
        )
        .await;
        assert!(text.starts_with("HTTP/1.1 200"), "{text}");
        assert!(text.ends_with("127.0.0.1"), "{text}");
    }

    /// Longer than what fits between the two on its way.
    #[tokio::test]
    async fn who_is_refused_while_they_send_hears_why() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let refuse = || async { (StatusCode::PAYLOAD_TOO_LARGE, "too large") };
        let router = Router::new().route("/", post(refuse));
        let (_stop, stopped) = watch::channel(false);
        tokio::spawn(serve(listener, router, HEAD, stopped));
        let mut stream = TcpStream::connect(address).await.unwrap();
        let part = vec![b'x'; 64 * 1024];
        for last in [false, true] {
            let close = if last { "connection: close\r\n" } else { "" };
            let head = format!(
                "POST / HTTP/1.1\r\nhost: a\r\n{close}content-length: {}\r\n\r\n",
                200 * part.len()
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            for _ in 0..200 {
                stream.write_all(&part).await.unwrap();
            }
        }
        let mut text = String::new();
        stream.read_to_string(&mut text).await.unwrap();
        assert_eq!(text.matches("HTTP/1.1 413").count(), 2, "{text}");
    }

    #[tokio::test]
    async fn a_head_that_never_ends_is_given_up() {
        let text = answer(b"GET / HTTP/1.1\r\nhost: a\r\n", Duration::from_millis(20)).await;
        assert!(
            text.is_empty() || text.starts_with("HTTP/1.1 408"),
            "{text}"
        );
    }
}
