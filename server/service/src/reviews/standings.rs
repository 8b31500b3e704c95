//! Where items are, against what was recorded of them: who decides, in which stage, and what was decided are columns that
//! follow from the records, and nothing that is signed has them by themselves.

use std::collections::HashMap;

use domain::id::{CampaignId, IdentityId};
use domain::review::{Choice, Standing};
use serde::Deserialize;
use storage::ReadTx;
use storage::reviews::{ActRecord, StandingRow};

use super::trees::{Broken, found};

/// Items read at a time.
const PART: i64 = 2_000;

/// Who was asked first, of what was frozen.
#[derive(Deserialize)]
struct Asked {
    reviewer: IdentityId,
}

/// Compares the columns of all items of a campaign with its records, which were compared with the log before.
pub(crate) async fn check(tx: &mut ReadTx, id: CampaignId) -> Result<(), Broken> {
    // A campaign without a version is found by whoever compares versions.
    let Some(campaign) = tx.campaign(id).await? else {
        return Ok(());
    };
    let terms = &campaign.content.terms;
    let stages = u8::try_from(terms.stages.len()).unwrap_or(u8::MAX);
    let mut after = 0;
    loop {
        let rows = tx.item_standings(id, after, PART).await?;
        let Some(last) = rows.last() else {
            return Ok(());
        };
        after = last.number();
        let numbers: Vec<u64> = rows.iter().map(StandingRow::number).collect();
        let mut records: HashMap<u64, Vec<ActRecord>> = HashMap::new();
        for written in tx.review_records(id, &numbers).await? {
            let record = written.record;
            records.entry(record.item()).or_default().push(record);
        }
        for row in &rows {
            let number = row.number();
            let Ok(asked) = serde_json::from_str::<Asked>(&row.content) else {
                return found(format!("Item {number} of campaign {id} cannot be read."));
            };
            let first = Standing::first(asked.reviewer);
            let recorded = records.remove(&number).unwrap_or_default();
            let standing = recorded.iter().fold(first, |at, record| match record {
                ActRecord::Decision(decision) => at.decided(stages, terms.rule, decision),
                ActRecord::Passed { to, .. } => at.passed(*to),
                ActRecord::Remedy { .. } => at,
            });
            if let Some(what) = misfit(row, &standing) {
                return found(format!("Item {number} of campaign {id}: {what}"));
            }
        }
    }
}

/// The first column that does not say what the records say.
fn misfit(row: &StandingRow, standing: &Standing) -> Option<String> {
    let differs = |column: &str, kept: &str, said: &str| {
        format!("the column {column} is {kept}, and by what was recorded it is {said}.")
    };
    if row.reviewer_id != standing.reviewer.raw() {
        let kept = IdentityId::from_raw(row.reviewer_id).to_string();
        return Some(differs(
            "reviewer_id",
            &kept,
            &standing.reviewer.to_string(),
        ));
    }
    if row.stage != i64::from(standing.stage) {
        let [kept, said] = [row.stage, i64::from(standing.stage)].map(|one| one.to_string());
        return Some(differs("stage", &kept, &said));
    }
    if row.open != standing.open {
        let [kept, said] = [row.open, standing.open].map(|one| one.to_string());
        return Some(differs("open", &kept, &said));
    }
    let said = standing.choice.map(Choice::word);
    if row.choice.as_deref() != said {
        let quoted = |word: Option<&str>| word.map_or("empty".to_owned(), |one| format!("“{one}”"));
        let kept = quoted(row.choice.as_deref());
        return Some(differs("choice", &kept, &quoted(said)));
    }
    None
}
