//! The server that is measured: `bailiwick serve` beside this program, in its own process.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::home::Home;
use crate::http::{Connection, Request};

/// The optimised program that was built before.
pub(crate) fn program() -> Result<PathBuf> {
    let program = std::env::current_exe()?.with_file_name("bailiwick");
    if !program.is_file() {
        bail!(
            "there is no {}; run `cargo xtask bench`, which builds it",
            program.display()
        );
    }
    Ok(program)
}

/// A running server; stopped when dropped.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    // Kept open: the server may print more.
    _output: BufReader<ChildStdout>,
}

impl Server {
    /// Starts it, at a free port, and waits until it is ready to work.
    pub(crate) async fn start(home: &Home) -> Result<Self> {
        Self::start_on(home, None).await
    }

    /// Starts it on one core.
    pub(crate) async fn start_on(home: &Home, core: Option<usize>) -> Result<Self> {
        let log = home.beside("server.log");
        let mut child = home
            .command(core, &["serve", "--listen", "127.0.0.1:0"])?
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .spawn()?;
        let output = child.stdout.take().context("standard output was piped")?;
        let mut output = BufReader::new(output);
        let mut line = String::new();
        output.read_line(&mut line)?;
        let address = line
            .trim()
            .rsplit_once("http://")
            .and_then(|(_, address)| address.parse().ok());
        let Some(address) = address else {
            child.kill()?;
            child.wait()?;
            bail!(
                "the server did not start: {}",
                std::fs::read_to_string(&log)?
            );
        };
        let server = Self {
            child,
            address,
            _output: output,
        };
        server
            .connect()
            .await?
            .send(&Request::get("/readyz", &[]))
            .await?;
        Ok(server)
    }

    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) async fn connect(&self) -> Result<Connection> {
        Connection::open(self.address).await
    }

    /// Signs somebody in and answers the cookie to send.
    pub(crate) async fn sign_in(&self, username: &str) -> Result<String> {
        let answer = self.connect().await?.send(&sign_in(username)).await?;
        let cookie = answer
            .header("set-cookie")
            .and_then(|cookie| cookie.split(';').next());
        Ok(cookie.context("signing in set no cookie")?.to_owned())
    }

    /// What the kernel says about its memory.
    pub(crate) fn status(&self) -> Result<String> {
        let file = format!("/proc/{}/status", self.child.id());
        std::fs::read_to_string(&file).context(file)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that is gone already is stopped, too.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The form with which somebody signs in; both words are plain enough to stand in it as they are.
pub(crate) fn sign_in(username: &str) -> Request {
    Request::form(
        "/sign-in",
        &format!("username={username}&password={}", testkit::PASSWORD),
    )
}
