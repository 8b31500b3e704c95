//! What an idle server holds after it was used.

use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::data::{ADMINISTRATOR, Data};
use crate::http::Request;
use crate::machine::megabytes;
use crate::report::{Limit, Row};
use crate::server::Server;

const PEOPLE: usize = 400;
const VIEWS: usize = 100;
const PAGES: [&str; 5] = ["/people", "/applications", "/entitlements", "/audit", "/me"];
const IDLE: Duration = Duration::from_secs(5);

pub(crate) async fn measure() -> Result<Vec<Row>> {
    let data = Data::new().await?;
    data.add_people(PEOPLE).await?;
    let data = data.close().await?;
    let server = Server::start(&data).await?;
    let cookie = server.sign_in(ADMINISTRATOR).await?;
    let mut connection = server.connect().await?;
    for page in PAGES.iter().cycle().take(VIEWS) {
        connection
            .send(&Request::get(page, &[("cookie", &cookie)]))
            .await?;
    }
    tokio::time::sleep(IDLE).await;
    let status = server.status()?;
    let read =
        |key| megabytes(&status, key).with_context(|| format!("the kernel does not tell {key}"));
    let what = format!(
        "resident, {} s after a sign-in and {VIEWS} pages",
        IDLE.as_secs()
    );
    Ok(vec![
        Row::new("memory", what, "MB", read("VmRSS")?, Limit::AtMost(60.0)),
        Row::new(
            "memory",
            "the most it held, with one password hashed",
            "MB",
            read("VmHWM")?,
            Limit::None,
        ),
    ])
}
