//! Structured logs on standard error.

use clap::ValueEnum;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// What logs how much when nobody says so.
const QUIET: [(&str, LevelFilter); 3] = [
    ("sqlx", LevelFilter::WARN),
    ("tower_sessions", LevelFilter::ERROR),
    ("tower_sessions_core", LevelFilter::ERROR),
];

/// Begins to log; `RUST_LOG` chooses what, as levels by target (`info,sqlx=debug`).
pub(crate) fn start(format: Format) {
    let chosen = std::env::var("RUST_LOG").ok();
    let filter = chosen
        .and_then(|text| text.parse().ok())
        .unwrap_or_else(|| {
            Targets::new()
                .with_default(LevelFilter::INFO)
                .with_targets(QUIET)
        });
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let log = tracing_subscriber::registry().with(filter);
    match format {
        Format::Text => log.with(lines.with_target(false)).init(),
        Format::Json => log.with(lines.json().flatten_event(true)).init(),
    }
}
