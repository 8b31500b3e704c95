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
        Self::post(
            path,
            "",
            "application/x-www-form-urlencoded",
            fields.as_bytes(),
        )
    }

    /// Sends a form of somebody who has signed in.
    pub(crate) fn form_of(path: &str, cookie: &str, fields: &str) -> Self {
        Self::post(
            path,
            cookie,
            "application/x-www-form-urlencoded",
            fields.as_bytes(),
        )
    }

    /// Sends a form with files, each with its name.
    pub(crate) fn files(
        path: &str,
        cookie: &str,
        values: &[(&str, &str)],
        files: &[(String, Vec<u8>)],
    ) -> Self {
        const BETWEEN: &str = "between-the-parts-of-a-form";
        let mut body = Vec::new();
        for (name, value) in values {
            let part = format!(
                "--{BETWEEN}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            );
            body.extend(part.into_bytes());
        }
        for (name, content) in files {
            let part = format!(
                "--{BETWEEN}\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
                 content-type: text/csv\r\n\r\n"
            );
            body.extend(part.into_bytes());
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend(format!("--{BETWEEN}--\r\n").into_bytes());
        Self::post(
            path,
            cookie,
            &format!("multipart/form-data; boundary={BETWEEN}"),
            &body,
        )
    }

    fn post(path: &str, cookie: &str, kind: &str, body: &[u8]) -> Self {
        let length = body.len().to_string();
        let mut headers = vec![("content-type", kind), ("content-length", &length)];
        if !cookie.is_empty() {
            headers.push(("cookie", cookie));
        }
        let mut bytes = head("POST", path, &headers).into_bytes();
        bytes.extend_from_slice(body);
        Self {
            bytes,
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
    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The first header of this name, given in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The value of the first field of this name in a page.
pub(crate) fn field<'a>(page: &'a str, name: &str) -> Option<&'a str> {
    attribute(page, &format!("name=\"{name}\""), "value")
}

/// The value of an attribute of the first tag in which `mark` stands; a character reference in it stays as it is.
pub(crate) fn attribute<'a>(page: &'a str, mark: &str, name: &str) -> Option<&'a str> {
    let at = page.find(mark)?;
    let begin = page[..at].rfind('<')?;
    let tag = &page[begin..at + page[at..].find('>')?];
    let (_, value) = tag.split_once(&format!(" {name}=\""))?;
    value.split('"').next()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_found_whatever_their_order() {
        let page = r#"<a href="/x">1</a><input value="7" name="idem"><a class="b" rel="next" href="/n?a=1&amp;b=2">"#;
        assert_eq!(field(page, "idem"), Some("7"));
        assert_eq!(
            attribute(page, "rel=\"next\"", "href"),
            Some("/n?a=1&amp;b=2")
        );
        assert_eq!(field(page, "version"), None);
    }
}
