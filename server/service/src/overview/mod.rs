//! The first page of whoever looks after access: how much there is, what is wrong with it, and what came in last.

use std::collections::HashMap;

use domain::id::SourceId;
use domain::permission::{Action, Facts};
use domain::source::SourceRun;
use storage::overview::Counts;

use crate::findings::{Findings, counted};
use crate::{Cx, Result, Service};

/// Runs shown on the overview.
const RUNS: i64 = 5;

/// What the overview shows.
#[derive(Debug, Clone)]
pub struct Overview {
    /// How much there is.
    pub counts: Counts,
    /// What is wrong with it.
    pub findings: Findings,
    /// The latest runs of all sources.
    pub runs: Vec<SourceRun>,
    /// Names of the sources, also of those without a run.
    pub sources: HashMap<SourceId, String>,
    /// Keys of sources that could mean several people.
    pub waiting: u64,
    /// Whether the reader may bring files in.
    pub may_import: bool,
    /// Whether the reader may look at sources.
    pub may_see_sources: bool,
}

/// The overview, for those who see all access.
pub async fn read(service: &Service, cx: &Cx) -> Result<Overview> {
    let result = carry_out(service, cx).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx) -> Result<Overview> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let may = |action| cx.decide(action, None, Facts::default()).is_ok();
    let may_see_sources = may(Action::ReadSource);
    let mut tx = service.store.read().await?;
    let (runs, sources, waiting) = if may_see_sources {
        (
            tx.latest_runs(None, None, RUNS).await?,
            tx.sources().await?,
            tx.waiting_count().await?,
        )
    } else {
        (Vec::new(), Vec::new(), 0)
    };
    Ok(Overview {
        counts: tx.overview_counts().await?,
        findings: counted(service, cx, &mut tx).await?,
        runs,
        sources: sources
            .into_iter()
            .map(|source| (source.id, source.content.name))
            .collect(),
        waiting,
        may_import: may(Action::RunImport),
        may_see_sources,
    })
}
