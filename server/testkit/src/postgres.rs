//! A fresh PostgreSQL database for every test: a copy of a template that has been migrated once.
//!
//! The template's name says which migrations it has, so that test programs of one run share it and an old one is never
//! mistaken for a new one.

use std::fmt::Write as _;
use std::str::FromStr;
use std::thread;

use sha2::{Digest, Sha256};
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use storage::Store;

/// Names the server that tests may make databases on.
const VARIABLE: &str = "BAILIWICK_TEST_POSTGRES";
/// Any number that nobody else locks on such a server.
const LOCK: i64 = 0x0062_6169_6c69;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/postgres");

/// A database that is gone with this value.
#[derive(Debug)]
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    pub(crate) async fn create() -> Self {
        let Ok(server) = std::env::var(VARIABLE) else {
            panic!(
                "This test needs a PostgreSQL server, and {VARIABLE} names none. Run the tests with `cargo xtask test`, \
                 which starts one, or set it to a URL like postgres://app@127.0.0.1:5432/app whose user may create \
                 databases."
            );
        };
        let template = template(&server).await;
        let mut random = [0; 8];
        getrandom::fill(&mut random).expect("randomness for a database's name");
        let name = format!("bw_test_{}", hex(&random));
        let mut connection = connect(&server).await;
        run(
            &mut connection,
            format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        Self { server, name }
    }

    pub(crate) fn url(&self) -> String {
        url(&self.server, &self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A thread of its own: this one may be in the middle of a runtime, which cannot wait here.
        let dropped = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async {
                let mut connection = options(&server).connect().await?;
                let text = AssertSqlSafe(format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
                sqlx::raw_sql(text).execute(&mut connection).await?;
                connection.close().await
            })?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        });
        // Best effort: the server is a throw-away one.
        drop(dropped.join());
    }
}

/// Makes the template unless it is there. One program at a time, hence the lock.
async fn template(server: &str) -> String {
    let mut all = Sha256::new();
    for migration in MIGRATIONS.iter() {
        all.update(&migration.checksum);
    }
    let template = format!("bw_template_{}", hex(&all.finalize()[..8]));
    let mut connection = connect(server).await;
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(LOCK)
        .execute(&mut connection)
        .await
        .expect("the lock of the template");
    let there: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(&template)
            .fetch_one(&mut connection)
            .await
            .expect("the list of databases");
    if !there {
        let making = format!("{template}_making");
        run(
            &mut connection,
            format!("DROP DATABASE IF EXISTS {making} WITH (FORCE)"),
        )
        .await;
        run(
            &mut connection,
            format!("CREATE DATABASE {making} TEMPLATE template0"),
        )
        .await;
        Store::open_postgres(&url(server, &making))
            .await
            .expect("the migrations on PostgreSQL")
            .close()
            .await;
        run(
            &mut connection,
            format!("ALTER DATABASE {making} RENAME TO {template}"),
        )
        .await;
    }
    connection
        .close()
        .await
        .expect("the connection ends, and the lock with it");
    template
}

fn options(server: &str) -> PgConnectOptions {
    PgConnectOptions::from_str(server)
        .unwrap_or_else(|error| panic!("{VARIABLE} is no URL: {error}"))
}

fn url(server: &str, database: &str) -> String {
    options(server)
        .database(database)
        .to_url_lossy()
        .to_string()
}

async fn connect(server: &str) -> PgConnection {
    let connection = options(server).connect().await;
    connection.unwrap_or_else(|error| {
        panic!("The server that {VARIABLE} names cannot be reached: {error}")
    })
}

/// Runs a statement that takes no parameters; its names are made in this file.
async fn run(connection: &mut PgConnection, text: String) {
    let done = sqlx::raw_sql(AssertSqlSafe(text.clone()))
        .execute(connection)
        .await;
    done.unwrap_or_else(|error| panic!("PostgreSQL refused “{text}”: {error}"));
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}
