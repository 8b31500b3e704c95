//! Static files: `target/site` inside the binary, served compressed, under names that carry a hash.
//!
//! All files are read once, at the first use; a debug build reads them from disk at that moment. Nothing is
//! compressed while serving, and only what the manifest's build wrote to `assets/` can be asked for.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use axum::{
    body::{Body, Bytes},
    extract::Path,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

use crate::headers::WORKER_POLICY;

/// Cargo cannot see the folder appear. In a release build this makes it compile the crate again when the
/// build announces another site; a debug build reads from disk and must not be bound to it.
#[cfg(not(debug_assertions))]
const _: Option<&str> = option_env!("BAILIWICK_SITE");

#[derive(RustEmbed)]
#[folder = "../../target/site"]
#[allow_missing = true]
struct Site;

/// What the file is called that runs as a worker; what a worker may do, the answer with its script says.
const WORKER: &str = "verify.";

static SHARED: LazyLock<Assets> = LazyLock::new(|| {
    let files = Site::iter().filter_map(|name| Some((name.to_string(), Site::get(&name)?.data)));
    let assets = Assets::from_files(files);
    if assets.manifest.is_empty() {
        tracing::warn!("no styles or scripts in this build; run `cargo xtask build`");
    }
    assets
});

/// The site's manifest and files.
#[derive(Debug, Default)]
pub struct Assets {
    manifest: BTreeMap<String, String>,
    files: HashMap<String, File>,
}

/// One file with its compressed copies.
#[derive(Debug, Default)]
struct File {
    plain: Option<Variant>,
    gzip: Option<Variant>,
    brotli: Option<Variant>,
}

#[derive(Debug)]
struct Variant {
    bytes: Bytes,
    etag: HeaderValue,
}

impl Assets {
    /// The assets of this build.
    pub fn shared() -> &'static Self {
        &SHARED
    }

    /// The served path of a logical name such as `style.css`, or for `bailiwick` the common stem of script
    /// and module. Where nothing was built, a path that answers 404, so that pages still render.
    pub fn path(&self, name: &str) -> &str {
        self.manifest
            .get(name)
            .map_or("/assets/not-built", String::as_str)
    }

    fn from_files(all: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let mut assets = Self::default();
        for (path, data) in all {
            if path == "manifest.json" {
                assets.manifest = serde_json::from_slice(&data).unwrap_or_default();
            } else if let Some(name) = path.strip_prefix("assets/") {
                assets.add(name, data);
            }
        }
        assets
    }

    fn add(&mut self, name: &str, data: Cow<'static, [u8]>) {
        let (name, coding) = match name.rsplit_once('.') {
            Some((name, "br")) => (name, "br"),
            Some((name, "gz")) => (name, "gzip"),
            _ => (name, ""),
        };
        let bytes = match data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        // The name carries a hash of the content, so name and coding identify the bytes.
        let etag = HeaderValue::try_from(format!("\"{name}{coding}\""));
        let Ok(etag) = etag else { return };
        let file = self.files.entry(name.to_owned()).or_default();
        let variant = Some(Variant { bytes, etag });
        match coding {
            "br" => file.brotli = variant,
            "gzip" => file.gzip = variant,
            _ => file.plain = variant,
        }
    }

    fn answer(&self, name: &str, headers: &HeaderMap) -> Response {
        let accepted = Accepted::of(headers);
        match self.files.get(name).and_then(|file| file.choose(accepted)) {
            Some((variant, coding)) => found(name, variant, coding, headers),
            None => (StatusCode::NOT_FOUND, "There is no such file.\n").into_response(),
        }
    }
}

impl File {
    fn choose(&self, accepted: Accepted) -> Option<(&Variant, Option<&'static str>)> {
        let brotli = self.brotli.as_ref().filter(|_| accepted.brotli);
        let gzip = self.gzip.as_ref().filter(|_| accepted.gzip);
        brotli
            .map(|variant| (variant, Some("br")))
            .or_else(|| gzip.map(|variant| (variant, Some("gzip"))))
            .or_else(|| self.plain.as_ref().map(|variant| (variant, None)))
    }
}

/// `GET` and `HEAD` of `/assets/{*path}`.
pub async fn serve(Path(path): Path<String>, headers: HeaderMap) -> Response {
    Assets::shared().answer(&path, &headers)
}

fn found(name: &str, file: &Variant, coding: Option<&'static str>, asked: &HeaderMap) -> Response {
    let mut headers = HeaderMap::new();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.insert(name, HeaderValue::from_static(value));
    };
    set(header::CONTENT_TYPE, content_type(name));
    set(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    set(header::VARY, "Accept-Encoding");
    if let Some(coding) = coding {
        set(header::CONTENT_ENCODING, coding);
    }
    if name.starts_with(WORKER) {
        set(header::CONTENT_SECURITY_POLICY, WORKER_POLICY);
    }
    headers.insert(header::ETAG, file.etag.clone());
    if knows(asked, &file.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, Body::from(file.bytes.clone())).into_response()
}

/// Whether the browser has these bytes already (RFC 9110, section 13.1.2: weak comparison).
fn knows(asked: &HeaderMap, etag: &HeaderValue) -> bool {
    let lists = asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|list| list.to_str().ok());
    let tags = lists.flat_map(|list| list.split(',')).map(str::trim);
    tags.map(|tag| tag.strip_prefix("W/").unwrap_or(tag))
        .any(|tag| tag == "*" || tag.as_bytes() == etag.as_bytes())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// The codings a browser takes (RFC 9110, section 12.5.3); `q=0` refuses one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Accepted {
    brotli: bool,
    gzip: bool,
}

impl Accepted {
    fn of(headers: &HeaderMap) -> Self {
        let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
        let (mut brotli, mut gzip, mut any) = (None, None, None);
        for item in lists
            .filter_map(|list| list.to_str().ok())
            .flat_map(|list| list.split(','))
        {
            let (coding, parameters) = item.split_once(';').unwrap_or((item, ""));
            let taken = !is_zero(parameters);
            match coding.trim().to_ascii_lowercase().as_str() {
                "br" => brotli = Some(taken),
                "gzip" | "x-gzip" => gzip = Some(taken),
                "*" => any = Some(taken),
                _ => {}
            }
        }
        let or_any = |coding: Option<bool>| coding.or(any).unwrap_or(false);
        Self {
            brotli: or_any(brotli),
            gzip: or_any(gzip),
        }
    }
}

fn is_zero(parameters: &str) -> bool {
    let quality = parameters.trim().to_ascii_lowercase();
    quality
        .strip_prefix("q=")
        .is_some_and(|value| value.trim().parse() == Ok(0.0_f32))
}

#[cfg(test)]
mod tests {
    use axum::{Router, http::Request, routing::get};
    use tower::ServiceExt as _;

    use super::*;

    fn assets() -> Assets {
        let file = |name: &str, text: &'static str| (name.to_owned(), Cow::from(text.as_bytes()));
        Assets::from_files([
            file(
                "manifest.json",
                r#"{"style.css":"/assets/style.1.css","bailiwick":"bailiwick.1"}"#,
            ),
            file("assets/style.1.css", "plain"),
            file("assets/style.1.css.br", "brotli"),
            file("assets/style.1.css.gz", "gzip"),
            file("assets/geist.1.woff2", "font"),
        ])
    }

    fn asked(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    fn coding(accept: &'static str) -> Option<String> {
        let answer = assets().answer("style.1.css", &asked(header::ACCEPT_ENCODING, accept));
        assert_eq!(answer.headers()[header::VARY], "Accept-Encoding");
        Some(
            answer
                .headers()
                .get(header::CONTENT_ENCODING)?
                .to_str()
                .unwrap()
                .to_owned(),
        )
    }

    #[test]
    fn the_best_accepted_coding_is_served() {
        for (accept, expected) in [
            ("gzip, deflate, br, zstd", Some("br")),
            ("gzip;q=1.0, BR;q=0.5", Some("br")),
            ("gzip, deflate", Some("gzip")),
            ("br;q=0, gzip", Some("gzip")),
            ("br;q=0.000, *", Some("gzip")),
            ("*", Some("br")),
            ("*;q=0", None),
            ("identity", None),
            ("", None),
        ] {
            assert_eq!(coding(accept).as_deref(), expected, "{accept:?}");
        }
        let none = assets().answer("style.1.css", &HeaderMap::new());
        assert!(!none.headers().contains_key(header::CONTENT_ENCODING));
    }

    #[test]
    fn headers_say_type_and_keep_for_ever() {
        let font = assets().answer("geist.1.woff2", &asked(header::ACCEPT_ENCODING, "br"));
        assert_eq!(font.status(), StatusCode::OK);
        assert_eq!(font.headers()[header::CONTENT_TYPE], "font/woff2");
        assert_eq!(
            font.headers()[header::CACHE_CONTROL],
            "public, max-age=31536000, immutable"
        );
        assert_eq!(content_type("bailiwick.1.wasm"), "application/wasm");
        assert_eq!(
            content_type("bailiwick.1.js"),
            "text/javascript; charset=utf-8"
        );
    }

    #[test]
    fn known_bytes_are_not_sent_again() {
        let first = assets().answer("style.1.css", &HeaderMap::new());
        assert_eq!(first.headers()[header::ETAG], "\"style.1.css\"");
        for tag in ["\"style.1.css\"", "\"x\", W/\"style.1.css\"", "*"] {
            let again = assets().answer("style.1.css", &asked(header::IF_NONE_MATCH, tag));
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{tag}");
        }
        let other = assets().answer(
            "style.1.css",
            &asked(header::IF_NONE_MATCH, "\"style.0.css\""),
        );
        assert_eq!(other.status(), StatusCode::OK);
    }

    #[test]
    fn only_assets_are_found() {
        let copies = ["style.1.css.br", "style.1.css.gz"];
        for name in copies
            .into_iter()
            .chain(["manifest.json", "../manifest.json", "", "style.css"])
        {
            let answer = assets().answer(name, &HeaderMap::new());
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{name:?}");
        }
    }

    #[test]
    fn the_manifest_names_paths() {
        assert_eq!(assets().path("style.css"), "/assets/style.1.css");
        assert_eq!(assets().path("bailiwick"), "bailiwick.1");
        assert_eq!(Assets::default().path("style.css"), "/assets/not-built");
    }

    #[tokio::test]
    async fn head_has_the_length_and_no_body() {
        let site = Router::new().route(
            "/assets/{*path}",
            get(|Path(path): Path<String>, headers: HeaderMap| async move {
                assets().answer(&path, &headers)
            }),
        );
        let request = Request::head("/assets/style.1.css")
            .body(Body::empty())
            .unwrap();
        let answer = site.oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()[header::CONTENT_LENGTH], "5");
        let body = axum::body::to_bytes(answer.into_body(), 10).await.unwrap();
        assert!(body.is_empty());
    }
}
