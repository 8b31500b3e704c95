//! `bailiwick propose`: how likely an approval of some access is, by what was decided before, and why. It only reads.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::Args;
use serde::Serialize;
use service::proposals::{self, NamedPair, Proposal};

use super::access::with;
use crate::config::Data;

/// Flags of `propose`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A CSV file with the columns username, application and entitlement, in any order.
    #[arg(value_name = "PAIRS.csv")]
    file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Serialize)]
struct ProposalJson<'a> {
    username: &'a str,
    application: &'a str,
    entitlement: &'a str,
    score: f64,
    reasons: &'a [String],
}

impl<'a> ProposalJson<'a> {
    fn of((pair, proposal): (&'a NamedPair, &'a Proposal)) -> Self {
        Self {
            username: &pair.username,
            application: &pair.application,
            entitlement: &pair.entitlement,
            score: proposal.score,
            reasons: &proposal.reasons,
        }
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let file = &arguments.file;
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let named = proposals::pairs(&bytes).with_context(|| file.display().to_string())?;
    with(&arguments.data, async |service, cx| {
        let pairs = proposals::known(service, cx, &named).await;
        let pairs = pairs.with_context(|| file.display().to_string())?;
        // What is stored may be older than the last import.
        let found = proposals::propose_anew(service, cx, &pairs).await?;
        let rows = named.iter().zip(&found);
        if arguments.json {
            let rows: Vec<ProposalJson<'_>> = rows.map(ProposalJson::of).collect();
            say!("{}", serde_json::to_string_pretty(&rows)?);
            return Ok(());
        }
        for (pair, proposal) in rows {
            say!(
                "{}\t{}/{}\t{:.3}\t{}\t{}",
                pair.username,
                pair.application,
                pair.entitlement,
                proposal.score,
                proposal.lean.label(),
                proposal.reasons.join(" ")
            );
        }
        eprintln!("{} in all.", found.len());
        Ok(())
    })
    .await
}
