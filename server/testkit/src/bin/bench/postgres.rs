//! A database of our own on the PostgreSQL server that `BAILIWICK_BENCH_POSTGRES` names.

use std::str::FromStr as _;
use std::thread;

use anyhow::{Context as _, Result};
use domain::context::Entropy as _;
use service::clock::SystemEntropy;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// Names the server that databases may be made on.
const VARIABLE: &str = "BAILIWICK_BENCH_POSTGRES";

/// The server's address, when there is one to measure on.
pub(crate) fn server() -> Option<String> {
    std::env::var(VARIABLE).ok().filter(|url| !url.is_empty())
}

/// What must be known of the server beside its figures.
pub(crate) async fn about() -> Result<Option<String>> {
    let Some(server) = server() else {
        return Ok(None);
    };
    let mut connection = PgConnectOptions::from_str(&server)?.connect().await?;
    let text = "SELECT current_setting('server_version'), current_setting('fsync'), \
                current_setting('synchronous_commit'), current_setting('shared_buffers')";
    let (version, fsync, synchronous, buffers): (String, String, String, String) =
        sqlx::query_as(text).fetch_one(&mut connection).await?;
    connection.close().await?;
    Ok(Some(format!(
        "PostgreSQL {version}, fsync {fsync}, synchronous_commit {synchronous}, shared_buffers {buffers}"
    )))
}

/// A database that is gone with this value.
#[derive(Debug)]
pub(crate) struct Database {
    server: PgConnectOptions,
    name: String,
}

impl Database {
    pub(crate) async fn create() -> Result<Self> {
        let server = server().with_context(|| format!("{VARIABLE} names no server"))?;
        let server = PgConnectOptions::from_str(&server)?;
        let random: [u8; 8] = SystemEntropy.bytes();
        let name = format!("bw_bench_{:016x}", u64::from_be_bytes(random));
        run(
            &server,
            format!("CREATE DATABASE {name} TEMPLATE template0"),
        )
        .await?;
        Ok(Self { server, name })
    }

    pub(crate) fn url(&self) -> String {
        self.server
            .clone()
            .database(&self.name)
            .to_url_lossy()
            .to_string()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A thread of its own: this one is in the middle of a runtime, which cannot wait here.
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(run(
                &server,
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
            ))
        });
        if !matches!(dropped.join(), Ok(Ok(()))) {
            eprintln!("bench: the database {} is still there", self.name);
        }
    }
}

/// Runs a statement that takes no parameters; its names are made in this file.
async fn run(server: &PgConnectOptions, text: String) -> Result<()> {
    let mut connection = server.connect().await?;
    sqlx::raw_sql(AssertSqlSafe(text))
        .execute(&mut connection)
        .await?;
    Ok(connection.close().await?)
}
