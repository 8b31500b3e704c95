//! The tables behind the pictures, as files.

use domain::permission::{Action, Facts};
use domain::report::{File, Measure};

use super::{Proof, Reports, read};
use crate::{Cx, Result, Service, csv_export};

/// A table as CSV, for those who see all access.
pub async fn file(service: &Service, cx: &Cx, which: File) -> Result<Vec<u8>> {
    let permitted = cx.decide(Action::ReadAccess, None, Facts::default());
    service.noted(cx, permitted.map(drop)).await?;
    let reports = read(service, cx).await?;
    match which {
        File::Access => access(&reports),
        File::Reviews => campaigns(&reports),
        File::Requests => requests(&reports),
        File::Controls => controls(&reports),
    }
}

fn access(reports: &Reports) -> Result<Vec<u8>> {
    let mut header = vec!["day"];
    header.extend(Measure::ALL.iter().map(|one| one.word()));
    let rows = reports.days.iter().map(|one| {
        let mut row = vec![one.day.to_string()];
        let counts = Measure::ALL.iter().map(|measure| one.get(*measure));
        row.extend(counts.map(|count| count.map(|n| n.to_string()).unwrap_or_default()));
        row
    });
    csv_export::write(&header, rows)
}

fn campaigns(reports: &Reports) -> Result<Vec<u8>> {
    let header = [
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
    csv_export::write(&header, rows)
}

fn requests(reports: &Reports) -> Result<Vec<u8>> {
    let rows = reports.requests.iter().map(|one| {
        vec![
            one.month.clone(),
            one.count.to_string(),
            one.median_minutes.to_string(),
        ]
    });
    csv_export::write(&["month", "requests", "median_minutes"], rows)
}

fn controls(reports: &Reports) -> Result<Vec<u8>> {
    let header = [
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
    csv_export::write(&header, rows)
}
