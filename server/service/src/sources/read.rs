//! Sources with their runs.

use domain::id::{SourceId, SourceRunId};
use domain::permission::{Action, Facts};
use domain::source::{FileKind, Source, SourceRun};
use domain::time::Instant;

use crate::boxed;
use crate::imports::held_back;
use crate::{Cx, Error, Result, Service};

/// Runs on a source's page.
const LATEST: i64 = 20;
/// Runs on a page of them.
const PAGE: i64 = 50;
/// Keys that wait are counted up to here.
const WAITING: i64 = 1000;

/// A source in the list.
#[derive(Debug, Clone)]
pub struct SourceSummary {
    /// The source.
    pub source: Source,
    /// Its last run.
    pub last: Option<SourceRun>,
    /// Keys that wait for a decision, at most 1,000.
    pub waiting: u64,
}

/// The list of sources.
#[derive(Debug, Clone)]
pub struct SourcesPage {
    /// By name; ended ones, too.
    pub sources: Vec<SourceSummary>,
    /// Whether the reader may add and change them.
    pub may_manage: bool,
}

/// A source as its page shows it.
#[derive(Debug, Clone)]
pub struct SourceView {
    /// The source.
    pub source: Source,
    /// The newest runs.
    pub runs: Vec<SourceRun>,
    /// Keys that wait for a decision, at most 1,000.
    pub waiting: u64,
    /// What it has now, by kind of file, counted up to [`COUNT_CAP`](domain::page::COUNT_CAP) + 1; without access and
    /// decisions, which would have to be counted one by one.
    pub live: Vec<(FileKind, u64)>,
    /// Whether the reader may change it.
    pub may_manage: bool,
    /// What hindered the last look into its folder, in a sentence.
    pub folder_problem: Option<String>,
    /// Until when the files in its folder are held back, because importing them failed; unless they change.
    pub held_back: Option<Instant>,
    /// Whether the reader may choose its folder.
    pub may_watch: bool,
}

/// Whether the actor may choose folders of sources.
pub fn may_watch(cx: &Cx) -> bool {
    cx.decide(Action::WatchFolder, None, Facts::default())
        .is_ok()
}

/// All sources.
#[boxed]
pub async fn list(service: &Service, cx: &Cx) -> Result<SourcesPage> {
    guard(service, cx, None).await?;
    let mut tx = service.store.read().await?;
    let mut sources = Vec::new();
    for source in tx.sources().await? {
        sources.push(SourceSummary {
            last: tx.latest_runs(Some(source.id), None, 1).await?.pop(),
            waiting: tx
                .waiting_links(Some(source.id), (0, ""), WAITING)
                .await?
                .len() as u64,
            source,
        });
    }
    Ok(SourcesPage {
        sources,
        may_manage: manages(cx),
    })
}

/// One source.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: SourceId) -> Result<SourceView> {
    guard(service, cx, Some(id)).await?;
    let mut tx = service.store.read().await?;
    let source = tx.source(id).await?.ok_or(Error::NotFound)?;
    let mut live = Vec::new();
    for kind in FileKind::ALL {
        if !matches!(kind, FileKind::Access | FileKind::Decisions) {
            live.push((*kind, tx.live_count(id, *kind).await?));
        }
    }
    Ok(SourceView {
        held_back: held_back(&mut tx, &source).await?,
        source,
        runs: tx.latest_runs(Some(id), None, LATEST).await?,
        waiting: tx.waiting_links(Some(id), (0, ""), WAITING).await?.len() as u64,
        live,
        may_manage: manages(cx),
        folder_problem: crate::jobs::hindered(&mut tx, id).await?,
        may_watch: may_watch(cx),
    })
}

/// Runs of a source, the newest first, below one.
#[boxed]
pub async fn runs(
    service: &Service,
    cx: &Cx,
    id: SourceId,
    below: Option<SourceRunId>,
) -> Result<Vec<SourceRun>> {
    guard(service, cx, Some(id)).await?;
    let mut tx = service.store.read().await?;
    Ok(tx.latest_runs(Some(id), below, PAGE).await?)
}

/// The source with a name.
#[boxed]
pub async fn by_name(service: &Service, cx: &Cx, name: &str) -> Result<Option<SourceId>> {
    guard(service, cx, None).await?;
    let mut tx = service.store.read().await?;
    Ok(tx.source_by_name(name).await?.map(|source| source.id))
}

async fn guard(service: &Service, cx: &Cx, id: Option<SourceId>) -> Result<()> {
    let decided = cx.decide(Action::ReadSource, id.map(Into::into), Facts::default());
    service.noted(cx, decided.map(drop)).await
}

fn manages(cx: &Cx) -> bool {
    cx.decide(Action::ManageSource, None, Facts::default())
        .is_ok()
}
