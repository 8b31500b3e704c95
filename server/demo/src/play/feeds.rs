//! Bringing in what the HR system and the directory send, as the page of an import does it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::id::{SourceId, SourceRunId};
use domain::identity::{IdentityContent, IdentityStatus};
use domain::source::{FileKind, ImportMode, RunState, SourceDraft};
use service::imports::{self, Outcome, Progress, Upload, Worker};
use service::{Cx, Error, Result, people, sources};

use super::Player;
use crate::plan::feeds::Delivery;

/// Cost centres of departments begin with this digit; since a reorganisation Logistics has another.
const COST_CENTRE: u32 = 4_100;

impl Player<'_> {
    pub(super) async fn add_people_feed(&mut self, cx: &Cx) -> Result<()> {
        let draft = SourceDraft {
            name: "HR feed".to_owned(),
            description: "Everybody on the payroll and all contractors, as the HR system has them."
                .to_owned(),
            mode: "snapshot".to_owned(),
            ..SourceDraft::default()
        };
        self.people_feed = Some(sources::create(&self.service, cx, &draft).await?);
        Ok(())
    }

    pub(super) async fn add_directory(&mut self, cx: &Cx) -> Result<()> {
        let draft = SourceDraft {
            name: "Directory export".to_owned(),
            description: "Accounts and access of all applications that sign in through the directory, with last use."
                .to_owned(),
            mode: "snapshot".to_owned(),
            ..SourceDraft::default()
        };
        self.directory = Some(sources::create(&self.service, cx, &draft).await?);
        Ok(())
    }

    /// The HR system agrees with the records of the day, and adds personnel numbers and cost centres.
    pub(super) async fn import_people(&mut self, cx: &Cx, nth: usize) -> Result<()> {
        let mut names = BTreeMap::new();
        let mut present = Vec::new();
        for (who, id) in self.people.iter().enumerate() {
            let Some(id) = *id else { continue };
            let content = people::read(&self.service, cx, id).await?.identity.content;
            names.insert(id, content.username.clone());
            let machine = matches!(content.kind.word(), "service" | "agent");
            if !machine && content.status != IdentityStatus::Ended {
                present.push((who, content));
            }
        }
        let mut file = String::from(
            "personnel_no,login,display_name,email,department,position,office,manager,employment_type,status,start_date,end_date,cost_centre\n",
        );
        for (who, content) in &present {
            let manager = content.manager.and_then(|id| names.get(&id));
            let _ = writeln!(file, "{}", line(*who, content, manager, nth));
        }
        let source = known(self.people_feed)?;
        let run = imports::begin(&self.service, cx, source, ImportMode::Snapshot).await?;
        self.bring(cx, run, FileKind::Identities, &file).await?;
        if nth == 0 {
            let columns = [
                ("external_id", "personnel_no"),
                ("username", "login"),
                ("title", "position"),
                ("location", "office"),
            ];
            self.map(cx, run, FileKind::Identities, &columns).await?;
        }
        self.carry_in(cx, run, None, RunState::Applied).await
    }

    pub(super) async fn import_directory(&mut self, cx: &Cx, delivery: &Delivery) -> Result<()> {
        let source = known(self.directory)?;
        let run = imports::begin(&self.service, cx, source, ImportMode::Snapshot).await?;
        self.bring(cx, run, FileKind::Identities, &delivery.people)
            .await?;
        self.bring(cx, run, FileKind::Accounts, &delivery.accounts)
            .await?;
        self.bring(cx, run, FileKind::Access, &delivery.access)
            .await?;
        if !self.directory_mapped {
            self.directory_mapped = true;
            let people = [
                ("external_id", "sid"),
                ("username", "login"),
                ("display_name", "name"),
                ("email", "mail"),
            ];
            let login = [("username", "login")];
            self.map(cx, run, FileKind::Identities, &people).await?;
            self.map(cx, run, FileKind::Accounts, &login).await?;
            self.map(cx, run, FileKind::Access, &login).await?;
        }
        let ends = if delivery.cut {
            RunState::Refused
        } else {
            RunState::Applied
        };
        self.carry_in(cx, run, delivery.allow_shrink, ends).await
    }

    async fn bring(&self, cx: &Cx, run: SourceRunId, kind: FileKind, file: &str) -> Result<()> {
        let mut upload = Upload::begin(&self.service, cx, run, kind, &kind.file_name()).await?;
        upload.push(&self.service, file.as_bytes()).await?;
        upload.finish(&self.service).await.map(drop)
    }

    async fn map(
        &self,
        cx: &Cx,
        run: SourceRunId,
        kind: FileKind,
        columns: &[(&str, &str)],
    ) -> Result<()> {
        let mapping = columns
            .iter()
            .map(|(ours, theirs)| ((*ours).to_owned(), (*theirs).to_owned()))
            .collect();
        imports::map(&self.service, cx, run, kind, mapping).await
    }

    /// Checks and applies; the run must end as the story says.
    async fn carry_in(
        &self,
        cx: &Cx,
        run: SourceRunId,
        allow_shrink: Option<&str>,
        ends: RunState,
    ) -> Result<()> {
        let progress = Progress::silent();
        imports::check(&self.service, cx, run, &progress).await?;
        let worker = Worker::named("the story");
        match imports::apply(&self.service, cx, run, allow_shrink, worker, &progress).await? {
            Outcome::Done(run) if run.state == ends => Ok(()),
            other => Err(Error::Internal(format!(
                "an import of the story ended otherwise than planned: {other:?}"
            ))),
        }
    }
}

fn known(source: Option<SourceId>) -> Result<SourceId> {
    source.ok_or_else(|| {
        Error::Internal("the story imports from a source that is not there yet".to_owned())
    })
}

/// Somebody as the HR system writes them.
fn line(who: usize, content: &IdentityContent, manager: Option<&String>, nth: usize) -> String {
    let day = |day: Option<domain::time::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let cells = [
        format!("P{}", 20_000 + 3 * who),
        content.username.clone(),
        content.display_name.clone(),
        content.email.clone(),
        content.department.clone(),
        content.title.clone(),
        content.location.clone(),
        manager.cloned().unwrap_or_default(),
        content.kind.word().to_owned(),
        content.status.word().to_owned(),
        day(content.start_date),
        day(content.end_date),
        cost_centre(&content.department, nth),
    ];
    cells.map(|cell| quoted(&cell)).join(",")
}

fn cost_centre(department: &str, nth: usize) -> String {
    let letters: u32 = department.bytes().map(u32::from).sum();
    let moved = if department == "Logistics" && nth >= 4 {
        5_000
    } else {
        0
    };
    (COST_CENTRE + moved + letters % 89).to_string()
}

/// A cell as RFC 4180 writes it.
fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
