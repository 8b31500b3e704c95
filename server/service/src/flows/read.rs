//! Flows as their pages show them.

use domain::approval::Flow;
use domain::field::FieldErrors;
use domain::id::ApprovalFlowId;
use domain::lifecycle::Lifecycle;
use domain::permission::{Action, Facts};
use domain::text;
use domain::time::Instant;

use super::covering::MOST_FLOWS;
use super::form::FlowForm;
use super::resolve::conditions;
use super::words::FlowNames;
use crate::audit::{EntryView, views};
use crate::people::{Timeline, timeline_of};
use crate::{Cx, Error, Result, Service, boxed};

/// Versions that are shown.
const MOST_VERSIONS: i64 = 200;
/// Entries that are looked at for who made the versions.
const MOST_ENTRIES: i64 = 400;

/// The flows of a list, with the names of what they name.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The flows by name; the standard one is the last.
    pub flows: Vec<Flow>,
    /// How what they name is called.
    pub names: FlowNames,
    /// Whether the reader may add flows.
    pub may_create: bool,
}

/// A version of a flow.
#[derive(Debug, Clone)]
pub struct FlowVersion {
    /// The version.
    pub flow: Flow,
    /// The entry that says who made it, what they did, and why.
    pub entry: Option<EntryView>,
}

/// A flow as its page shows it.
#[derive(Debug, Clone)]
pub struct FlowDetail {
    /// The present version.
    pub flow: Flow,
    /// All versions, the newest first.
    pub versions: Vec<FlowVersion>,
    /// How what they name is called.
    pub names: FlowNames,
    /// Whether the reader may change it.
    pub may_edit: bool,
}

/// All flows that have not ended, or those that have part of a name in theirs; the standard one is the last.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, search: &str) -> Result<Listed> {
    let result = carry_out_list(service, cx, search).await;
    service.noted(cx, result).await
}

/// One flow; an auditor's look is recorded.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: ApprovalFlowId) -> Result<FlowDetail> {
    let result = carry_out(service, cx, id).await;
    let detail = service.noted(cx, result).await?;
    service.note_view(cx, id).await?;
    Ok(detail)
}

/// What happened to a flow, with before and after.
#[boxed]
pub async fn timeline(
    service: &Service,
    cx: &Cx,
    id: ApprovalFlowId,
    below: Option<i64>,
) -> Result<(FlowDetail, Timeline)> {
    let detail = read(service, cx, id).await?;
    let timeline = timeline_of(service, id.into(), below).await?;
    Ok((detail, timeline))
}

/// The flow that has a name and has not ended.
#[boxed]
pub async fn by_name(service: &Service, cx: &Cx, name: &str) -> Result<Option<ApprovalFlowId>> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    Ok(service.store.read().await?.flow_named(name).await?)
}

/// The form that says what a flow says.
pub fn form_of(detail: &FlowDetail) -> FlowForm {
    FlowForm::of(&detail.flow.content, &detail.names)
}

/// What is wrong with the two conditions of a form.
#[boxed]
pub async fn check_conditions(service: &Service, cx: &Cx, form: &FlowForm) -> Result<FieldErrors> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let mut errors = FieldErrors::new();
    conditions(&mut service.store.read().await?, form, &mut errors).await?;
    Ok(errors)
}

async fn carry_out_list(service: &Service, cx: &Cx, search: &str) -> Result<Listed> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    let mut flows = tx.flows(MOST_FLOWS).await?;
    flows.push(Flow::standard());
    let wanted = text::fold(search.trim());
    flows.retain(|flow| text::fold(&flow.content.name).contains(&wanted));
    let contents: Vec<_> = flows.iter().map(|flow| &flow.content).collect();
    let names = FlowNames::of(&mut tx, &contents).await?;
    Ok(Listed {
        flows,
        names,
        may_create: cx
            .decide(Action::CreateAccess, None, Facts::default())
            .is_ok(),
    })
}

async fn carry_out(service: &Service, cx: &Cx, id: ApprovalFlowId) -> Result<FlowDetail> {
    let object = Some(id.into());
    cx.decide(Action::ReadAccess, object, Facts::default())?;
    let mut tx = service.store.read().await?;
    let flow = tx.flow(id).await?.ok_or(Error::NotFound)?;
    let all = tx.flow_versions(id, MOST_VERSIONS).await?;
    let contents: Vec<_> = all.iter().map(|flow| &flow.content).collect();
    let names = FlowNames::of(&mut tx, &contents).await?;
    let entries = tx.audit_of(id.into(), None, MOST_ENTRIES).await?;
    let entries = views(&mut tx, entries).await?;
    let made = |at: Instant| {
        entries
            .iter()
            .find(|view| view.entry.recorded == at)
            .cloned()
    };
    let versions = all.into_iter().map(|flow| FlowVersion {
        entry: made(flow.recorded_from),
        flow,
    });
    let may = cx
        .decide(Action::EditAccess, object, Facts::default())
        .is_ok();
    Ok(FlowDetail {
        versions: versions.collect(),
        names,
        may_edit: may && flow.content.status != Lifecycle::Ended,
        flow,
    })
}
