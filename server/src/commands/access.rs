//! `bailiwick explain`, `access` and `holders`: who has what, and why, at any moment. They only read.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::Args;
use domain::permission::Actor;
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;
use serde::Serialize;
use service::effective::{self, AccessLine, Explained, Way};
use service::{Cx, Service};

use crate::config::Data;
use crate::home;

/// Flags of `explain`.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Username or id of the person.
    person: String,
    /// The entitlement, as APPLICATION/ENTITLEMENT with the technical names, or its id.
    entitlement: String,
    #[command(flatten)]
    moment: Moment,
    #[command(flatten)]
    data: Data,
}

/// Flags of `access`.
#[derive(Debug, Args)]
pub(crate) struct Access {
    /// Username or id of the person.
    person: String,
    #[command(flatten)]
    moment: Moment,
    #[command(flatten)]
    data: Data,
}

/// Flags of `holders`.
#[derive(Debug, Args)]
pub(crate) struct Holders {
    /// The entitlement, as APPLICATION/ENTITLEMENT with the technical names, or its id.
    entitlement: String,
    #[command(flatten)]
    moment: Moment,
    #[command(flatten)]
    data: Data,
}

/// When, and how it is printed.
#[derive(Debug, Args)]
struct Moment {
    /// What was valid then, as it was known then: 2026-03-31 (the end of that day) or 2026-03-31T12:00:00Z. A moment to
    /// come shows what is scheduled.
    #[arg(long, value_name = "T")]
    as_of: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl Moment {
    async fn at(&self, service: &Service) -> Result<Option<Instant>> {
        let Some(text) = &self.as_of else {
            return Ok(None);
        };
        if let Ok(day) = text.parse::<Date>() {
            let zone = match service.organisation().await? {
                Some(organisation) => organisation.time_zone(),
                None => TimeZone::UTC,
            };
            return Ok(Some(day.end(&zone).plus(-1)));
        }
        let at = text.parse().with_context(|| {
            format!("--as-of {text} is no moment; write 2026-03-31 or 2026-03-31T12:00:00Z")
        })?;
        Ok(Some(at))
    }
}

#[derive(Debug, Serialize)]
struct AccessJson<'a> {
    application: &'a str,
    entitlement: &'a str,
    how: &'static str,
}

#[derive(Debug, Serialize)]
struct HolderJson<'a> {
    username: &'a str,
    display_name: &'a str,
    how: &'static str,
}

#[derive(Debug, Serialize)]
struct WayJson<'a> {
    how: &'static str,
    agent: &'static str,
    reason: &'a str,
    granted_by: Option<&'a str>,
    rule: Option<&'a str>,
    source: Option<&'a str>,
    roles: Vec<&'a str>,
    since: String,
    until: Option<String>,
}

#[derive(Debug, Serialize)]
struct ExplainJson<'a> {
    person: &'a str,
    application: &'a str,
    entitlement: &'a str,
    has: bool,
    /// Whether the person was recorded at that moment.
    recorded: bool,
    sentence: &'a str,
    ways: Vec<WayJson<'a>>,
    must_end: Vec<&'a str>,
    would_also_lose: Vec<String>,
    excluded: Vec<&'a str>,
}

/// A service on the data, for as long as `act` takes.
pub(super) async fn with<T>(
    data: &Data,
    act: impl AsyncFnOnce(&Arc<Service>, &Cx) -> Result<T>,
) -> Result<T> {
    let url = home::remembered_url(&data.data_dir);
    let service = home::open(data, url).await?;
    let done = act(&service, &Cx::of(Actor::CommandLine)).await;
    service.store().close().await;
    done
}

pub(crate) async fn access(arguments: Access) -> Result<()> {
    with(&arguments.data, async |service, cx| {
        let at = arguments.moment.at(service).await?;
        let found = effective::access_by_username(service, cx, &arguments.person, at).await?;
        let lines = &found.1.lines;
        if !found.1.recorded {
            let name = &found.0.identity.content.display_name;
            eprintln!("{name} was not recorded here then, and so had no access.");
        }
        if arguments.moment.json {
            let rows: Vec<AccessJson<'_>> = lines
                .iter()
                .map(|line| AccessJson {
                    application: &line.entitlement.application_name,
                    entitlement: &line.entitlement.name,
                    how: line.line.how().word(),
                })
                .collect();
            say!("{}", serde_json::to_string_pretty(&rows)?);
            return Ok(());
        }
        for line in lines {
            say!(
                "{}/{}\t{}",
                line.entitlement.application_name,
                line.entitlement.name,
                because(&line.line)
            );
        }
        eprintln!("{} in all.", lines.len());
        Ok(())
    })
    .await
}

fn because(line: &AccessLine) -> String {
    line.ways.first().map(Way::because).unwrap_or_default()
}

pub(crate) async fn holders(arguments: Holders) -> Result<()> {
    with(&arguments.data, async |service, cx| {
        let at = arguments.moment.at(service).await?;
        let id = effective::entitlement_by_names(service, cx, &arguments.entitlement).await?;
        let mut all = Vec::new();
        let mut each = |holder| all.push(holder);
        effective::every_holder(service, cx, id, at, &mut each).await?;
        if arguments.moment.json {
            let rows: Vec<HolderJson<'_>> = all
                .iter()
                .map(|holder| HolderJson {
                    username: &holder.username,
                    display_name: &holder.display_name,
                    how: holder.line.how().word(),
                })
                .collect();
            say!("{}", serde_json::to_string_pretty(&rows)?);
            return Ok(());
        }
        for holder in &all {
            say!("{}\t{}", holder.username, because(&holder.line));
        }
        eprintln!("{} in all.", all.len());
        Ok(())
    })
    .await
}

pub(crate) async fn explain(arguments: Explain) -> Result<()> {
    with(&arguments.data, async |service, cx| {
        let at = arguments.moment.at(service).await?;
        let (person, explained) =
            effective::explain_by_names(service, cx, &arguments.person, &arguments.entitlement, at)
                .await?;
        if arguments.moment.json {
            let username = &person.identity.content.username;
            say!(
                "{}",
                serde_json::to_string_pretty(&json(username, &explained))?
            );
        } else {
            print(&explained);
        }
        Ok(())
    })
    .await
}

fn json<'a>(person: &'a str, explained: &'a Explained) -> ExplainJson<'a> {
    let ways = explained.line.as_ref().map_or(&[][..], |line| &line.ways);
    let also = explained.also.iter();
    ExplainJson {
        person,
        application: &explained.entitlement.application_name,
        entitlement: &explained.entitlement.name,
        has: explained.line.is_some(),
        recorded: explained.recorded,
        sentence: &explained.sentence,
        ways: ways.iter().map(way).collect(),
        must_end: explained
            .must_end
            .iter()
            .map(|one| one.what.1.as_str())
            .collect(),
        would_also_lose: also
            .map(|named| format!("{}/{}", named.application_name, named.name))
            .collect(),
        excluded: explained
            .excluded
            .iter()
            .map(|one| one.what.1.as_str())
            .collect(),
    }
}

fn way(way: &Way) -> WayJson<'_> {
    let reason = &way.reason;
    WayJson {
        how: way.how.word(),
        agent: reason.agent.word(),
        reason: &reason.reason,
        granted_by: reason.granted_by.as_ref().map(|(_, name)| name.as_str()),
        rule: reason.rule.as_ref().map(|(_, name)| name.as_str()),
        source: reason.source.as_deref(),
        roles: way
            .roles
            .iter()
            .map(|role| role.display_name.as_str())
            .collect(),
        since: way.since.to_string(),
        until: way.until.map(|at| at.to_string()),
    }
}

fn print(explained: &Explained) {
    say!("{}", explained.sentence);
    for way in explained.line.iter().flat_map(|line| &line.ways) {
        let reason = match way.reason.reason.as_str() {
            "" => String::new(),
            reason => format!(" ({reason})"),
        };
        say!("- {}{reason}, since {}", way.because(), way.since);
    }
    if !explained.must_end.is_empty() {
        let names: Vec<&str> = explained
            .must_end
            .iter()
            .map(|one| one.what.1.as_str())
            .collect();
        say!(
            "To really end it, all of this must end: {}.",
            names.join(", ")
        );
        let also: Vec<&str> = explained
            .also
            .iter()
            .map(|one| one.display_name.as_str())
            .collect();
        if also.is_empty() {
            say!("Nothing else would go with it.");
        } else {
            say!("With that would also go: {}.", also.join(", "));
        }
    }
}
