//! A browser without scripts: signs in, opens pages, sends forms and files, and follows nothing by itself.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{Method, Request, StatusCode, header};
use service::Service;
use service::jobs::{self, handlers};
use testkit::PASSWORD;
use tower::ServiceExt as _;

/// The line between the parts of a form with files.
const BOUNDARY: &str = "----part";

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub body: String,
}

impl Answer {
    /// The page that a form led to.
    pub(crate) fn leads(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        &self.location
    }

    /// The first link that begins like this.
    pub(crate) fn link(&self, begins: &str) -> String {
        let start = format!("href=\"{begins}");
        let at = self
            .body
            .find(&start)
            .unwrap_or_else(|| panic!("no link to {begins} in {}", self.body));
        let rest = &self.body[at + "href=\"".len()..];
        rest.split('"')
            .next()
            .unwrap_or_default()
            .replace("&amp;", "&")
    }

    /// What a reader sees: the text between the tags, with one space between words.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        for part in self.body.split('<') {
            let (tag, words) = part.split_once('>').unwrap_or(("", part));
            // Markup inside a word, such as a thin space, does not part it.
            if !matches!(tag, "!>" | "!----") {
                text.push(' ');
            }
            text.push_str(words);
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// Somebody who is signed in, or nobody.
pub(crate) struct Browser {
    router: Router,
    cookie: Option<String>,
}

impl Browser {
    /// Nobody.
    pub(crate) fn new(service: &Arc<Service>) -> Self {
        let config = edge::Config {
            public_url: "https://bailiwick.example.com".into(),
            trusted_proxies: Vec::new(),
        };
        Self {
            router: edge::router(Arc::clone(service), &config),
            cookie: None,
        }
    }

    /// Somebody with the password of the tests.
    pub(crate) async fn signed_in(service: &Arc<Service>, username: &str) -> Self {
        let mut browser = Self::new(service);
        let body = format!("username={username}&password={PASSWORD}");
        let request = browser
            .request(&Method::POST, "/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let request = request.body(Body::from(body)).expect("a request");
        let answer = browser
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter();
        let mut cookies = cookies
            .filter_map(|value| value.to_str().ok())
            .filter_map(|cookie| cookie.split(';').next());
        let session = cookies.find(|cookie| cookie.contains("session="));
        browser.cookie = Some(session.expect("a session").to_owned());
        browser
    }

    fn request(&self, method: &Method, path: &str) -> http::request::Builder {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "bailiwick.example.com");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        request
    }

    async fn send(&self, request: Request<Body>) -> Answer {
        let answer = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let status = answer.status();
        let location = answer.headers().get(header::LOCATION);
        let location = location
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned();
        let body = to_bytes(answer.into_body(), 4 << 20).await.expect("a body");
        Answer {
            status,
            location,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    /// Opens a page.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        let request = self.request(&Method::GET, path).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    /// Sends a form.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body: Vec<String> = fields
            .iter()
            .map(|(name, value)| {
                format!(
                    "{name}={}",
                    value
                        .replace('%', "%25")
                        .replace('&', "%26")
                        .replace('+', "%2B")
                        .replace(' ', "+")
                )
            })
            .collect();
        let request = self
            .request(&Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body.join("&")));
        self.send(request.expect("a request")).await
    }

    /// Sends files: the name of the field, the name of the file, and what is in it.
    pub(crate) async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        files: &[(&str, &str, &str)],
    ) -> Answer {
        let mut body = String::new();
        for (name, value) in fields {
            let _ = write!(
                body,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
        }
        for (name, file, text) in files {
            let _ = write!(
                body,
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: text/csv\r\n\r\n{text}\r\n"
            );
        }
        let _ = write!(body, "--{BOUNDARY}--\r\n");
        let request = self
            .request(&Method::POST, path)
            .header(
                header::CONTENT_TYPE,
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }
}

/// Does what the worker would do, until no job waits.
pub(crate) async fn work(service: &Arc<Service>) {
    let handlers = handlers();
    while let Some(work) = jobs::claim(service, &handlers).await.expect("claims") {
        let ended = handlers.run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await.expect("settles");
    }
}
