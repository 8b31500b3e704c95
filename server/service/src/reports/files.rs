//! The tables behind the pictures, as files.

use domain::audit::{AuditAction, Detail};
use domain::report::{File, Measure};

use super::{Proof, Reports, carry_out};
use crate::{Cx, Result, Service, boxed, csv_export};

/// Campaigns of a file, the newest.
const CAMPAIGNS: usize = 500;

/// The header and the rows of a table.
type Table = (Vec<&'static str>, Vec<Vec<String>>);

/// A table as CSV, for those who see all access. Recorded in the log.
#[boxed]
pub async fn file(service: &Service, cx: &Cx, which: File) -> Result<Vec<u8>> {
    let result = carry_out(service, cx, CAMPAIGNS).await;
    let reports = service.noted(cx, result).await?;
    let (header, rows) = match which {
        File::Access => access(&reports),
        File::Reviews => campaigns(&reports),
        File::Requests => requests(&reports),
        File::Controls => controls(&reports),
    };
    let mut event = cx.event(AuditAction::Exported);
    // Beside lists of the same words, such as that of access.
    let list = format!("reports/{}", which.word());
    event.details = vec![Detail {
        note: Some(serde_json::json!({ "list": list, "rows": rows.len() })),
        address: cx.origin.address.clone(),
        user_agent: cx.origin.user_agent.clone(),
        ..Detail::default()
    }];
    let tx = service.begin(cx).await?;
    tx.commit(event, Vec::new()).await?;
    csv_export::write(&header, rows)
}

fn access(reports: &Reports) -> Table {
    let mut header = vec!["day"];
    header.extend(Measure::ALL.iter().map(|one| one.word()));
    let rows = reports.days.iter().map(|one| {
        let mut row = vec![one.day.to_string()];
        let counts = Measure::ALL.iter().map(|measure| one.get(*measure));
        row.extend(counts.map(|count| count.map(|n| n.to_string()).unwrap_or_default()));
        row
    });
    (header, rows.collect())
}

fn campaigns(reports: &Reports) -> Table {
    let header = vec![
        "campaign",
        "name",
        "state",
        "begun",
        "due",
        "ended",
        "population",
        "reviewed",
        "kept",
        "revoked",
        "changed",
        "not_answered",
        "revocations",
        "really_gone",
        "median_hours",
    ];
    let rows = reports.campaigns.iter().map(|one| {
        let content = &one.campaign.content;
        vec![
            one.campaign.id.to_string(),
            content.name.clone(),
            content.state.word().to_owned(),
            content.frozen.to_string(),
            content.due.to_string(),
            content.ended.map(|at| at.to_string()).unwrap_or_default(),
            content.population.all.to_string(),
            content.population.included.to_string(),
            one.kept.to_string(),
            one.revoked.to_string(),
            one.changed.to_string(),
            one.open.to_string(),
            one.revocations.to_string(),
            one.gone.to_string(),
            one.median_hours
                .map(|hours| hours.to_string())
                .unwrap_or_default(),
        ]
    });
    (header, rows.collect())
}

fn requests(reports: &Reports) -> Table {
    let rows = reports.requests.iter().map(|one| {
        vec![
            one.month.clone(),
            one.count.to_string(),
            one.median_minutes.to_string(),
        ]
    });
    (vec!["month", "requests", "median_minutes"], rows.collect())
}

fn controls(reports: &Reports) -> Table {
    let header = vec![
        "framework",
        "control",
        "asks",
        "check",
        "met",
        "done",
        "all",
        "against",
    ];
    let rows = reports.controls.iter().map(|one| {
        let (done, all, against) = match one.proof {
            Proof::Share { done, all } => (done.to_string(), all.to_string(), String::new()),
            Proof::Against(count) => (String::new(), String::new(), count.to_string()),
            Proof::Signed(size) => (size.to_string(), String::new(), String::new()),
            Proof::Unknown => Default::default(),
        };
        let met = match one.proof.met() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let control = one.control;
        vec![
            control.framework.label().to_owned(),
            control.clause.to_owned(),
            control.asks.to_owned(),
            control.check.label().to_owned(),
            met.to_owned(),
            done,
            all,
            against,
        ]
    });
    (header, rows.collect())
}
