//! Taking revocations back before they take effect.

use domain::audit::AuditAction;
use domain::id::CampaignId;
use domain::permission::Action;
use domain::review::RemedyStep;
use storage::reviews::{ActRecord, RemedyRow};

use super::ask::checked;
use super::{act, permitted, record};
use crate::{Cx, Error, Result, Service, boxed};

/// Restores some items, by their numbers: what they are about does not end. All of them, or none when one has taken effect.
#[boxed]
pub async fn restore(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    items: &[u64],
    reason: &str,
) -> Result<()> {
    let result = carry_out(service, cx, id, items, reason).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    items: &[u64],
    reason: &str,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    permitted(&mut tx, cx, id, Action::RunReview).await?;
    let reason = checked(reason)?;
    let mut rows = tx.remedies_of(id, items).await?;
    if rows.is_empty() {
        return Err(Error::Refused(
            "Nothing of this is about to end. The list shows what can be restored.".to_owned(),
        ));
    }
    let mut records: Vec<ActRecord> = Vec::with_capacity(rows.len());
    for row in &mut rows {
        *row = RemedyRow {
            state: row.state.step(RemedyStep::Restore)?,
            ..row.clone()
        };
        records.push(record(row, String::new()));
    }
    tx.write_remedies(&rows).await?;
    let about = (id, AuditAction::CampaignRestored, reason.as_str());
    let event = act(&mut tx, cx, about, &records).await?;
    service.commit(cx, tx, id, event, Vec::new()).await
}
