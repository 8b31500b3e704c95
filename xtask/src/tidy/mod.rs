//! `cargo xtask tidy`: the house rules that no compiler checks. Every finding says where, why and what to do.
//!
//! A check is a plain function from texts to findings, with a test that shows it can fail.

mod colours;
mod forbidden;
mod imports;
mod length;
mod licences;
mod metadata;
mod migrations;
mod primitives;
mod sources;
mod storage;
mod words;

use std::fmt;

use anyhow::bail;

use metadata::Metadata;
use sources::Sources;

/// One place where the house is not in order.
#[derive(Debug, PartialEq)]
struct Finding {
    file: String,
    /// From 1.
    line: usize,
    /// What is there, why it must not be, what to do: one or two sentences.
    text: String,
}

impl Finding {
    fn new(file: &str, line: usize, text: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line,
            text: text.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}:{}: {}", self.file, self.line, self.text)
    }
}

pub(crate) fn run() -> anyhow::Result<()> {
    let sources = Sources::read()?;
    let metadata = Metadata::read()?;
    let mut findings = [
        imports::check(&sources, &metadata),
        licences::check(&sources, &metadata),
        colours::check(&sources),
        primitives::check(&sources),
        storage::check(&sources),
        length::check(&sources),
        forbidden::check(&sources),
        migrations::check(&sources),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>();
    findings.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
    for finding in &findings {
        println!("{finding}");
    }
    println!(
        "tidy: {} files, {} places with engine-specific SQL (`sql!`)",
        sources.len(),
        storage::dialects(&sources)
    );
    match findings.len() {
        0 => Ok(()),
        1 => bail!("tidy found one thing to put right"),
        count => bail!("tidy found {count} things to put right"),
    }
}
