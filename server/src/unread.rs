//! The rest of a request that was answered before all of it had been read.
//!
//! A form that is too large, or that its sender may not send, is refused without reading it. To close the connection then
//! would reset it, and the refusal could be lost on its way (RFC 9112, section 9.6): whoever sent it would see a broken
//! connection in place of the sentence that says what is wrong. So what is still coming is read and thrown away, up to a
//! limit.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Error;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Frame, SizeHint};
use tokio::sync::oneshot;

/// What is thrown away at most, in bytes: as much as a browser sends within [`PATIENCE`] over a usual line.
const MOST: u64 = 32 * 1024 * 1024;
/// How long it is read at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// Reads what the answer left unread. Beyond the limits the connection is closed, and the answer says so.
pub(crate) async fn read(request: Request, next: Next) -> Response {
    // Whoever asks first whether to send (RFC 9110, section 10.1.1) has its answer and does not send.
    let asks = request.headers().contains_key(header::EXPECT);
    let (back, left) = oneshot::channel();
    let request = request.map(|body| {
        Body::new(Returned {
            body,
            back: Some(back),
        })
    });
    let mut response = next.run(request).await;
    let Ok(rest) = left.await else {
        return response;
    };
    if asks || !read_out(rest).await {
        response
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// Whether the end was reached.
async fn read_out(mut rest: Body) -> bool {
    let mut most = MOST;
    let end = async {
        while let Some(frame) = std::future::poll_fn(|cx| Pin::new(&mut rest).poll_frame(cx)).await
        {
            let read = frame.ok().and_then(|frame| frame.into_data().ok());
            let Some(left) = read.and_then(|data| most.checked_sub(data.len() as u64)) else {
                return false;
            };
            most = left;
        }
        true
    };
    tokio::time::timeout(PATIENCE, end).await.unwrap_or(false)
}

/// A body that comes back when it is dropped before its end.
struct Returned {
    body: Body,
    back: Option<oneshot::Sender<Body>>,
}

impl HttpBody for Returned {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if matches!(polled, Poll::Ready(None | Some(Err(_)))) {
            self.back = None;
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Returned {
    fn drop(&mut self) {
        if self.body.is_end_stream() {
            return;
        }
        if let Some(back) = self.back.take() {
            // Nobody waits when the connection is gone.
            let _gone = back.send(std::mem::take(&mut self.body));
        }
    }
}
