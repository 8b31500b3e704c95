//! Adding, changing and ending sources.

use std::collections::BTreeMap;

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{SourceId, SourceRunId};
use domain::lifecycle::Step;
use domain::permission::{Action, Facts};
use domain::source::{FileKind, RunState, Source, SourceContent, SourceDraft};
use domain::time::Instant;
use storage::WriteTx;

use crate::boxed;
use crate::people::Edited;
use crate::{Cx, Error, Result, Service, imports};

/// Whether the actor may add and change sources; a refusal is recorded.
#[boxed]
pub async fn may_manage(service: &Service, cx: &Cx) -> Result<()> {
    let decided = cx.decide(Action::ManageSource, None, Facts::default());
    service.noted(cx, decided.map(drop)).await
}

/// Adds a source and answers the id.
#[boxed]
pub async fn create(service: &Service, cx: &Cx, draft: &SourceDraft) -> Result<SourceId> {
    let result = carry_out_create(service, cx, draft).await;
    service.noted(cx, result).await
}

/// The source with a name; added when there is none.
#[boxed]
pub async fn or_create(service: &Service, cx: &Cx, name: &str) -> Result<SourceId> {
    if let Some(id) = super::by_name(service, cx, name).await? {
        return Ok(id);
    }
    let draft = SourceDraft {
        name: name.to_owned(),
        mode: "snapshot".to_owned(),
        ..SourceDraft::default()
    };
    create(service, cx, &draft).await
}

async fn carry_out_create(service: &Service, cx: &Cx, draft: &SourceDraft) -> Result<SourceId> {
    let permit = cx.decide(Action::ManageSource, None, Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let mut errors = FieldErrors::new();
    let content = draft.check(None, &mut errors);
    watching(cx, None, &content, &mut errors)?;
    unique(&mut tx, None, &content, &mut errors).await?;
    let content = errors.or(content)?;
    let (id, target) = tx.insert_source(&content).await?;
    let event = cx.change(
        &permit,
        AuditAction::SourceCreated,
        target,
        None::<&SourceContent>,
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

/// Replaces the version `expected` of a source; [`Error::Conflict`] when there is a newer one.
#[boxed]
pub async fn edit(
    service: &Service,
    cx: &Cx,
    id: SourceId,
    expected: Instant,
    draft: &SourceDraft,
) -> Result<Edited> {
    let result = carry_out_edit(service, cx, id, expected, draft).await;
    service.noted(cx, result).await
}

async fn carry_out_edit(
    service: &Service,
    cx: &Cx,
    id: SourceId,
    expected: Instant,
    draft: &SourceDraft,
) -> Result<Edited> {
    let permit = cx.decide(Action::ManageSource, Some(id.into()), Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let before = tx.source(id).await?.ok_or(Error::NotFound)?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    let mut errors = FieldErrors::new();
    let content = draft.check(Some(&before.content), &mut errors);
    watching(cx, Some(&before), &content, &mut errors)?;
    unique(&mut tx, Some(id), &content, &mut errors).await?;
    let content = errors.or(content)?;
    if content == before.content {
        return Ok(Edited::Same);
    }
    let target = tx.replace_source(id, expected, &content).await?;
    let event = cx.change(
        &permit,
        AuditAction::SourceEdited,
        target,
        Some(&before.content),
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(Edited::Changed)
}

/// Ends a source: nothing more is imported from it. What it brought stays.
#[boxed]
pub async fn end(service: &Service, cx: &Cx, id: SourceId, reason: &str) -> Result<()> {
    let result = carry_out_end(service, cx, id, reason).await;
    service.noted(cx, result).await
}

async fn carry_out_end(service: &Service, cx: &Cx, id: SourceId, reason: &str) -> Result<()> {
    let permit = cx.decide(Action::ManageSource, Some(id.into()), Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let before = tx.source(id).await?.ok_or(Error::NotFound)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    let content = SourceContent {
        status: before.content.status.step(Step::End)?,
        ..before.content.clone()
    };
    let target = tx
        .replace_source(id, before.recorded_from, &content)
        .await?;
    let event = cx.change(
        &permit,
        AuditAction::SourceEnded,
        target,
        Some(&before.content),
        Some(&content),
        Some(&reason),
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await
}

/// Forgets which columns stand for ours in files of a kind.
#[boxed]
pub async fn forget_mapping(
    service: &Service,
    cx: &Cx,
    id: SourceId,
    kind: FileKind,
) -> Result<()> {
    let result = remember_mapping(service, cx, id, kind, None).await;
    service.noted(cx, result).await
}

/// Remembers which columns stand for ours in files of a kind, as somebody said for a run; or forgets it.
#[boxed]
pub(crate) async fn remember_mapping(
    service: &Service,
    cx: &Cx,
    id: SourceId,
    kind: FileKind,
    mapping: Option<(BTreeMap<String, String>, SourceRunId)>,
) -> Result<()> {
    let permit = cx.decide(Action::ManageSource, Some(id.into()), Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let before = tx.source(id).await?.ok_or(Error::NotFound)?;
    let run = mapping.as_ref().map(|(_, run)| *run);
    let mut content = before.content.clone();
    let known = |ours: &String| {
        kind.required()
            .iter()
            .chain(kind.optional())
            .any(|column| column == ours)
    };
    let mapping: BTreeMap<String, String> = mapping
        .map(|(mapping, _)| mapping)
        .unwrap_or_default()
        .into_iter()
        .filter(|(ours, theirs)| {
            let left_out = theirs.is_empty() && kind.optional().contains(&ours.as_str());
            known(ours)
                && (left_out || !theirs.trim().is_empty())
                && theirs.trim() != ours
                && theirs.len() <= 1000
        })
        .collect();
    if mapping.is_empty() {
        content.mapping.remove(&kind);
    } else {
        content.mapping.insert(kind, mapping);
    }
    if content == before.content {
        return Ok(());
    }
    if !content.folder.is_empty() && !super::may_watch(cx) {
        return Err(Error::Refused(
            "The folder of this source is watched, so only an administrator can change its columns. Ask one, or bring the files in under a source of their own."
                .to_owned(),
        ));
    }
    if let Some(run) = run {
        imports::reopen(&mut tx, run).await?;
    }
    // What has begun to write reads its files by these columns to the end, also after a crash.
    let applying = tx.runs_in(RunState::Applying).await?;
    if applying.iter().any(|run| run.source == id) {
        return Err(Error::Refused(
            "An import of this source is being applied. Wait until it is through, then change its columns."
                .to_owned(),
        ));
    }
    let target = tx
        .replace_source(id, before.recorded_from, &content)
        .await?;
    let event = cx.change(
        &permit,
        AuditAction::SourceEdited,
        target,
        Some(&before.content),
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await
}

/// What lies in a watched folder is imported by the console itself, with all rights: only an administrator may say which
/// folder that is, and what its files mean.
fn watching(
    cx: &Cx,
    before: Option<&Source>,
    content: &SourceContent,
    errors: &mut FieldErrors,
) -> Result<()> {
    let id = before.map(|source| source.id.into());
    let folder = before.map_or("", |source| &source.content.folder);
    if content.folder != folder {
        cx.decide(Action::WatchFolder, id, Facts::default())?;
    }
    let other = before.is_some_and(|source| source.content.mode != content.mode);
    if other && !folder.is_empty() && !super::may_watch(cx) {
        errors.add(
            "mode",
            "The folder of this source is watched, so only an administrator can change what its files are.",
        );
    }
    Ok(())
}

async fn unique(
    tx: &mut WriteTx,
    me: Option<SourceId>,
    content: &SourceContent,
    errors: &mut FieldErrors,
) -> Result<()> {
    if content.name.is_empty() || errors.of("name").is_some() {
        return Ok(());
    }
    if let Some(other) = tx.source_by_name(&content.name).await?
        && Some(other.id) != me
    {
        errors.add(
            "name",
            "Another source uses this name already. Choose another.",
        );
    }
    Ok(())
}
