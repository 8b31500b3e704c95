//! What a browser loads at the first visit, in the form in which the server sends it to a browser that takes brotli.
//!
//! Every file of the site counts, although a browser may not need each of them at once.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};

use crate::data::Data;
use crate::http::{Answer, Connection, Request};
use crate::report::{Limit, Row};
use crate::server::Server;

const MANIFEST: &str = "target/site/manifest.json";
/// What a proxy in front would use for a page: quick rather than small.
const PAGE_QUALITY: i32 = 5;

pub(crate) async fn measure() -> Result<Vec<Row>> {
    let data = Data::new().await?.close().await?;
    let server = Server::start(&data).await?;
    let mut connection = server.connect().await?;
    let page = fetch(&mut connection, "/sign-in").await?;
    let on_the_wire = kilobytes(page.body.len());
    let sent_plain = page.header("content-encoding").is_none();
    let html = if sent_plain {
        kilobytes(compressed(&page.body)?)
    } else {
        on_the_wire
    };
    let (mut all, mut wasm, mut css) = (html, 0.0, 0.0);
    for path in files()? {
        let file = fetch(&mut connection, &path).await?;
        let kind = path.rsplit_once('.').map(|(_, kind)| kind);
        // Fonts are compressed in themselves.
        let small = kind == Some("woff2") || file.header("content-encoding") == Some("br");
        ensure!(small, "{path} was not sent as brotli");
        let size = kilobytes(file.body.len());
        all += size;
        match kind {
            Some("wasm") => wasm += size,
            Some("css") => css += size,
            _ => {}
        }
    }
    let row = |what: &str, size, limit| Row::new("first_load", what, "kB", size, limit);
    let how = if sent_plain {
        "as sent, without compression"
    } else {
        "as sent"
    };
    Ok(vec![
        row(
            "everything, brotli (fonts as they are)",
            all,
            Limit::AtMost(350.0),
        ),
        row("of that, WebAssembly", wasm, Limit::AtMost(160.0)),
        row("of that, CSS", css, Limit::AtMost(25.0)),
        row(
            &format!("of that, the sign-in page at brotli quality {PAGE_QUALITY}"),
            html,
            Limit::None,
        ),
        row(&format!("the sign-in page {how}"), on_the_wire, Limit::None),
    ])
}

/// The served paths of all files, each once.
fn files() -> Result<Vec<String>> {
    let text =
        std::fs::read(MANIFEST).with_context(|| format!("{MANIFEST}; run `cargo xtask bench`"))?;
    let manifest: BTreeMap<String, String> = serde_json::from_slice(&text)?;
    // An entry without a path is the common stem of two that have one.
    let mut paths: Vec<String> = manifest
        .into_values()
        .filter(|path| path.starts_with('/'))
        .collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

async fn fetch(connection: &mut Connection, path: &str) -> Result<Answer> {
    connection
        .send(&Request::get(path, &[("accept-encoding", "br")]))
        .await
}

fn compressed(bytes: &[u8]) -> Result<usize> {
    let quality = brotli::enc::BrotliEncoderParams {
        quality: PAGE_QUALITY,
        ..Default::default()
    };
    let mut small = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut small, &quality)?;
    Ok(small.len())
}

fn kilobytes(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::INFINITY, f64::from) / 1_000.0
}
