//! Runs as pages show them: totals, problems, changes, and the rows of the manifest.

use std::collections::{BTreeSet, HashMap};

use domain::id::{ObjectRef, SourceRunId};
use domain::permission::{Action, Facts};
use domain::source::{FileKind, RowChange, RowSubject, RunProblem, RunState, Source, SourceRun};
use serde::Serialize;

use super::engine::{Change, Shrink};
use super::foreseen::{Foretold, KeptPlan};
use super::kept::read_kept;
use super::stage::{StagedFile, read_staged};
use crate::boxed;
use crate::{Cx, Error, Result, Service, csv_export};

/// Rows on a page.
const PAGE: i64 = 100;

/// Rows of a manifest on a page.
const ROWS: usize = 100;

/// What may be done with a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RunMay {
    /// Check it, and change its files.
    pub check: bool,
    /// Apply it.
    pub apply: bool,
    /// Call it off.
    pub cancel: bool,
}

/// A run.
#[derive(Debug, Clone)]
pub struct RunView {
    /// The run.
    pub run: SourceRun,
    /// Its source.
    pub source: Source,
    /// Its files.
    pub files: Vec<StagedFile>,
    /// How many problems were found; not all of them are kept.
    pub problems: u64,
    /// What may be done.
    pub may: RunMay,
    /// Of what more than a tenth would end, so that a reason is needed.
    pub shrink: Vec<Shrink>,
    /// The name of who brought it, by actor text.
    pub names: HashMap<String, String>,
    /// Who would gain and lose what; of a checked run.
    pub plan: Option<Foretold>,
}

/// A problem with its place in the order.
#[derive(Debug, Clone)]
pub struct RunProblemRow {
    /// Counted from 1.
    pub ordinal: i64,
    /// The problem.
    pub problem: RunProblem,
}

/// A page of problems.
#[derive(Debug, Clone)]
pub struct ProblemsPage {
    /// The problems.
    pub rows: Vec<RunProblemRow>,
    /// Continue after this, when there are more.
    pub after: Option<i64>,
    /// How many are kept.
    pub total: u64,
}

/// What a run did to one row.
#[derive(Debug, Clone)]
pub struct RunRow {
    /// Its place in the manifest, from 0.
    pub leaf: u64,
    /// Which file it came from.
    pub kind: FileKind,
    /// The line; none for what was missing.
    pub line: Option<u64>,
    /// What happened.
    pub change: RowChange,
    /// The object, or for access the person, the entitlement and the account.
    pub parts: Vec<ObjectRef>,
}

/// A page of rows.
#[derive(Debug, Clone)]
pub struct RowsPage {
    /// The rows.
    pub rows: Vec<RunRow>,
    /// Continue from this leaf, when there are more.
    pub after: Option<u64>,
    /// How many there are in all.
    pub total: u64,
    /// Names of what stands in the rows, by id text.
    pub names: HashMap<String, String>,
}

/// The proof that a row is in the manifest whose root the log holds.
#[derive(Debug, Clone, Serialize)]
pub struct RowProof {
    /// The row's canonical JSON.
    pub record: String,
    /// Its place, from 0.
    pub leaf: u64,
    /// How many rows there are.
    pub size: u64,
    /// The root, in hexadecimal digits.
    pub root: String,
    /// The hashes beside the way from the row to the root.
    pub path: Vec<String>,
    /// The entry that holds the root.
    pub entry: Option<i64>,
}

/// A run with everything its page shows.
#[boxed]
pub async fn run(service: &Service, cx: &Cx, id: SourceRunId) -> Result<RunView> {
    let result = carry_out_run(service, cx, id).await;
    service.noted(cx, result).await
}

async fn carry_out_run(service: &Service, cx: &Cx, id: SourceRunId) -> Result<RunView> {
    let staged = read_staged(service, cx, id).await?;
    let mut tx = service.store.read().await?;
    let kept = read_kept(&mut tx, id).await?;
    let counted = tx.run_problem_count(id).await?;
    let may = cx
        .decide(Action::RunImport, Some(id.into()), Facts::default())
        .is_ok();
    let state = staged.run.state;
    let readable =
        !staged.files.is_empty() && staged.files.iter().all(|file| file.problems.is_empty());
    let mut names = HashMap::new();
    if let Ok(person) = staged.run.created_by.parse::<domain::id::IdentityId>() {
        names.extend(
            tx.identity_names(&[person])
                .await?
                .pop()
                .map(|name| (staged.run.created_by.clone(), name.display_name)),
        );
    }
    Ok(RunView {
        files: staged.files,
        source: staged.source,
        problems: counted.max(kept.problems),
        may: RunMay {
            check: may && readable && matches!(state, RunState::Staged | RunState::Checked),
            apply: may && state == RunState::Checked,
            cancel: may
                && matches!(
                    state,
                    RunState::Staged | RunState::Checking | RunState::Checked
                ),
        },
        shrink: if state == RunState::Checked {
            kept.too_much()
        } else {
            Vec::new()
        },
        plan: kept
            .plan
            .filter(|_| state == RunState::Checked)
            .map(KeptPlan::told),
        names,
        run: staged.run,
    })
}

/// Changes that the check foresaw: a sample.
#[boxed]
pub async fn sample(service: &Service, cx: &Cx, id: SourceRunId) -> Result<Vec<Change>> {
    guard(service, cx, id).await?;
    let mut tx = service.store.read().await?;
    let mut changes = read_kept(&mut tx, id).await?.changes;
    changes.sort_by_key(|change| change.kind);
    Ok(changes)
}

/// Problems of a run, a page after an ordinal.
#[boxed]
pub async fn problems(
    service: &Service,
    cx: &Cx,
    id: SourceRunId,
    after: Option<i64>,
) -> Result<ProblemsPage> {
    guard(service, cx, id).await?;
    let mut tx = service.store.read().await?;
    let mut found = tx.run_problems(id, after.unwrap_or(0), PAGE + 1).await?;
    let more = i64::try_from(found.len()).is_ok_and(|count| count > PAGE);
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    Ok(ProblemsPage {
        after: found.last().filter(|_| more).map(|(ordinal, _)| *ordinal),
        rows: found
            .into_iter()
            .map(|(ordinal, problem)| RunProblemRow { ordinal, problem })
            .collect(),
        total: tx.run_problem_count(id).await?,
    })
}

/// All problems that are kept, as a CSV file.
#[boxed]
pub async fn problems_csv(service: &Service, cx: &Cx, id: SourceRunId) -> Result<Vec<u8>> {
    guard(service, cx, id).await?;
    let mut tx = service.store.read().await?;
    let found = tx.run_problems(id, 0, i64::MAX).await?;
    let rows = found.into_iter().map(|(_, problem)| {
        vec![
            problem.kind.file_name(),
            problem.line.to_string(),
            problem.column,
            problem.message,
        ]
    });
    csv_export::write(&["file", "line", "column", "problem"], rows)
}

/// What a run did, row by row, a page from a leaf on.
#[boxed]
pub async fn rows(
    service: &Service,
    cx: &Cx,
    id: SourceRunId,
    from: Option<u64>,
) -> Result<RowsPage> {
    guard(service, cx, id).await?;
    let mut tx = service.store.read().await?;
    let run = tx.run(id).await?.ok_or(Error::NotFound)?;
    let mut found = tx
        .manifest_page(id, (None, None), from.unwrap_or(0), ROWS + 1)
        .await?;
    let next = found.get(ROWS).map(|row| row.leaf);
    found.truncate(ROWS);
    let rows: Vec<RunRow> = found
        .into_iter()
        .map(|row| RunRow {
            leaf: row.leaf,
            kind: row.record.file,
            line: row.record.line,
            change: row.record.change,
            parts: match row.record.about {
                RowSubject::Object { target, .. } => vec![target],
                RowSubject::Access {
                    identity,
                    entitlement,
                    account,
                    ..
                } => {
                    let account = account.map(ObjectRef::from);
                    [Some(identity.into()), Some(entitlement.into()), account]
                        .into_iter()
                        .flatten()
                        .collect()
                }
            },
        })
        .collect();
    let mentioned: BTreeSet<ObjectRef> = rows
        .iter()
        .flat_map(|row| row.parts.iter().copied())
        .collect();
    let names = crate::audit::names(&mut tx, mentioned)
        .await?
        .into_iter()
        .map(|(object, name)| (object.to_string(), name))
        .collect();
    Ok(RowsPage {
        rows,
        after: next,
        total: run.records,
        names,
    })
}

/// The proof that a row is in the manifest of a run that is over.
#[boxed]
pub async fn prove_row(service: &Service, cx: &Cx, id: SourceRunId, leaf: u64) -> Result<RowProof> {
    guard(service, cx, id).await?;
    let mut tx = service.store.read().await?;
    let run = tx.run(id).await?.ok_or(Error::NotFound)?;
    let root = run.root.ok_or_else(|| {
        Error::Refused("The import is not over yet, so its manifest has no root.".to_owned())
    })?;
    let row = tx
        .manifest_page(id, (None, None), leaf, 1)
        .await?
        .pop()
        .filter(|row| row.leaf == leaf)
        .ok_or(Error::NotFound)?;
    let hashes = tx.manifest_leaf_hashes(id).await?;
    let path = proof::manifest::inclusion(leaf, &hashes)
        .map_err(|error| Error::Internal(format!("a row cannot be proven: {error}")))?;
    Ok(RowProof {
        record: row.canonical,
        leaf,
        size: run.records,
        root: domain::text::hex(&root),
        path: path.iter().map(|hash| domain::text::hex(&hash.0)).collect(),
        entry: run.finished_seq,
    })
}

async fn guard(service: &Service, cx: &Cx, id: SourceRunId) -> Result<()> {
    service
        .noted(
            cx,
            cx.decide(Action::ReadSource, Some(id.into()), Facts::default())
                .map(drop),
        )
        .await
}
