//! As much of an HTTP/1.1 client as measuring needs: kept connections, bodies of a stated length.
//!
//! Not for anything but our own server: other forms of bodies are errors, redirects are not followed.

use std::fmt::Write as _;
use std::net::SocketAddr;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// A request that can be sent again and again, and the status that counts as success.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    bytes: Vec<u8>,
    expected: u16,
}

impl Request {
    /// Asks for a page or file.
    pub(crate) fn get(path: &str, headers: &[(&str, &str)]) -> Self {
        Self {
            bytes: head("GET", path, headers).into_bytes(),
            expected: 200,
        }
    }

    /// Sends a form that is answered with a redirect when all is well.
    pub(crate) fn form(path: &str, fields: &str) -> Self {
        let length = fields.len().to_string();
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("content-length", &length),
        ];
        let text = head("POST", path, &headers) + fields;
        Self {
            bytes: text.into_bytes(),
            expected: 303,
        }
    }
}

fn head(method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut text = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text + "\r\n"
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The first header of this name, given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A connection that is kept.
#[derive(Debug)]
pub(crate) struct Connection(BufReader<TcpStream>);

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .context("cannot connect")?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::with_capacity(64 * 1024, stream)))
    }

    /// Sends a request and reads the whole answer; another status than the expected one is an error.
    pub(crate) async fn send(&mut self, request: &Request) -> Result<Answer> {
        self.0.write_all(&request.bytes).await?;
        let answer = self.read().await?;
        if answer.status == request.expected {
            return Ok(answer);
        }
        let line = request
            .bytes
            .split(|byte| *byte == b'\r')
            .next()
            .unwrap_or_default();
        bail!(
            "{} was answered {}, not {}",
            String::from_utf8_lossy(line),
            answer.status,
            request.expected
        )
    }

    async fn read(&mut self) -> Result<Answer> {
        let line = self.line().await?;
        let status = line
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        let status = status.with_context(|| format!("no status line: {line:?}"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line
                .split_once(':')
                .with_context(|| format!("no header: {line:?}"))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        let length = answer
            .header("content-length")
            .context("a body without its length")?;
        answer.body = vec![0; length.parse()?];
        self.0.read_exact(&mut answer.body).await?;
        Ok(answer)
    }

    async fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line).await? == 0 {
            bail!("the server closed the connection");
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }
}
