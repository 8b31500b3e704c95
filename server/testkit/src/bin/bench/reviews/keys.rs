//! Keys in a browser: how long until what is decided stands in the page.

use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, io::Write as _};

use anyhow::{Context as _, Result, ensure};
use domain::id::CampaignId;

use super::acts::Rows;
use crate::load::Latencies;
use crate::report::{Limit, Row};
use crate::server::Server;

/// Where Chromium is; `cargo xtask bench` says it.
const CHROMIUM: &str = "BAILIWICK_CHROMIUM";
const SCRIPT: &str = "end2end/measure/keys.mjs";
/// Keys that each reviewer presses; a page has more rows.
const EACH: usize = 40;

/// A page is 16 ms long at 60 a second, which nobody notices.
const FRAME: f64 = 16.0;

/// Fails at the beginning rather than after everything else.
pub(super) fn can() -> Result<()> {
    ensure!(
        env::var_os(CHROMIUM).is_some(),
        "{CHROMIUM} is not set: the keys of a reviewer are pressed in it"
    );
    Ok(())
}

/// Reviewers press keys in turn, with time to look between them.
pub(super) async fn measure(
    server: &Server,
    campaign: CampaignId,
    managers: &[String],
    row: Rows<'_>,
) -> Result<Vec<Row>> {
    eprintln!("  keys of reviewers ...");
    let mut taken = Latencies::default();
    for name in managers {
        let cookie = server.sign_in(name).await?;
        let url = format!("http://{}", server.address());
        let path = format!("/reviews/{campaign}/decide?by=flat");
        let told = tokio::task::spawn_blocking(move || pressed(&url, &path, &cookie)).await??;
        for line in told.lines() {
            let milliseconds: f64 = line.parse().context("a time of a key")?;
            taken.push(Duration::from_secs_f64(milliseconds / 1_000.0));
        }
    }
    let figure = |of_hundred, limit| {
        row(
            format!(
                "p{of_hundred} of {} keys of a reviewer in Chromium, until the decision is staged and laid out",
                taken.len()
            ),
            "ms",
            taken.percentile(of_hundred),
            limit,
        )
    };
    Ok(vec![
        figure(50, Limit::None),
        figure(99, Limit::AtMost(FRAME)),
    ])
}

fn pressed(url: &str, path: &str, cookie: &str) -> Result<String> {
    let mut node = Command::new("node")
        .args([SCRIPT, url, path, &EACH.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("node")?;
    let mut input = node.stdin.take().context("its input")?;
    input.write_all(cookie.as_bytes())?;
    drop(input);
    let output = node.wait_with_output()?;
    ensure!(output.status.success(), "{SCRIPT} failed");
    Ok(String::from_utf8(output.stdout)?)
}
