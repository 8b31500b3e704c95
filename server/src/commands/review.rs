//! `bailiwick review`: a campaign from a definition in a file, how far it is, and its close.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use domain::id::CampaignId;
use domain::permission::Actor;
use domain::review::{Campaign, CampaignState};
use serde_json::json;
use service::reviews::{self, Closed, ReviewForm};
use service::{Cx, Service, jobs};

use super::access::with;
use crate::config::Data;

/// Time between two looks at what a server is at.
const WAIT: Duration = Duration::from_millis(200);

/// Acts on reviews.
#[derive(Debug, Subcommand)]
pub(crate) enum Review {
    /// Define a review as a file says, and launch a campaign of it.
    Launch(Launch),
    /// Say how far a campaign is.
    Status(Status),
    /// Close a campaign: nothing more is decided, and what was revoked ends when its grace window is over.
    Close(Close),
}

/// Flags of `review launch`.
#[derive(Debug, Args)]
pub(crate) struct Launch {
    /// The definition: name, owner, [scope], [[stage]], unanswered … as docs/reviews.md says. A review of the same name is
    /// changed to it.
    #[arg(value_name = "DEFINITION.toml")]
    definition: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

/// Flags of `review status`.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// The campaign's id.
    id: CampaignId,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

/// Flags of `review close`.
#[derive(Debug, Args)]
pub(crate) struct Close {
    /// The campaign's id.
    id: CampaignId,
    /// Why; stays in the log.
    #[arg(long, default_value = "Closed at the command line.")]
    reason: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

pub(crate) async fn review(act: Review) -> Result<()> {
    match act {
        Review::Launch(arguments) => {
            let text = std::fs::read_to_string(&arguments.definition)
                .with_context(|| format!("{} cannot be read", arguments.definition.display()))?;
            let form: ReviewForm = toml::from_str(&text)
                .with_context(|| format!("{} is no definition", arguments.definition.display()))?;
            with(&arguments.data, async |service: &Arc<Service>, cx: &Cx| {
                let campaign = launch(service, cx, &form).await?;
                told(&campaign, arguments.json);
                if campaign.content.state == CampaignState::Cancelled {
                    bail!("nothing could be reviewed; the campaign was called off");
                }
                Ok(())
            })
            .await
        }
        Review::Status(arguments) => {
            with(&arguments.data, async |service: &Arc<Service>, cx: &Cx| {
                let campaign = reviews::campaign(service, cx, arguments.id).await?;
                told(&campaign, arguments.json);
                Ok(())
            })
            .await
        }
        Review::Close(arguments) => {
            with(&arguments.data, async |service: &Arc<Service>, cx: &Cx| {
                let done = reviews::close(service, cx, arguments.id, &arguments.reason).await?;
                if let Closed::Escalated(items) = done {
                    bail!(
                        "{items} items that nobody answered went to the owner of the review, who decides before it is closed"
                    );
                }
                work(service).await?;
                let campaign = reviews::campaign(service, cx, arguments.id).await?;
                told(&campaign, arguments.json);
                Ok(())
            })
            .await
        }
    }
}

/// Carries out what is due here, as far as no server does.
async fn work(service: &Arc<Service>) -> Result<()> {
    let handlers = jobs::handlers();
    while let Some(work) = jobs::claim(service, &handlers).await? {
        let ended = handlers.run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await?;
    }
    Ok(())
}

/// Launches, and carries the launch out here when no server does.
async fn launch(service: &Arc<Service>, cx: &Cx, form: &ReviewForm) -> Result<Campaign> {
    let review = reviews::define_or_change(service, cx, form).await?;
    let launched = reviews::launch(service, cx, review).await?;
    loop {
        let campaign = reviews::campaign(service, cx, launched.campaign).await?;
        if campaign.content.state != CampaignState::Launching {
            return Ok(campaign);
        }
        let view = jobs::read(service, &Cx::of(Actor::CommandLine), launched.job).await?;
        if view.job.state.is_over() {
            bail!(
                "the launch failed: {}",
                view.job.failure.unwrap_or_default()
            );
        }
        let handlers = jobs::handlers();
        match jobs::claim(service, &handlers).await? {
            Some(work) => {
                let ended = handlers.run(Arc::clone(service), Arc::clone(&work)).await;
                jobs::settle(service, &work, ended).await?;
            }
            // A server has it.
            None => tokio::time::sleep(WAIT).await,
        }
    }
}

fn told(campaign: &Campaign, as_json: bool) {
    let content = &campaign.content;
    let counts = content.population;
    if as_json {
        say!(
            "{:#}",
            json!({
                "campaign": campaign.id,
                "name": content.name,
                "state": content.state,
                "due": content.due.to_string(),
                "ended": content.ended.map(|at| at.to_string()),
                "effective": content.effective.map(|at| at.to_string()),
                "population": counts.all,
                "included": counts.included,
                "excluded": counts.excluded,
                "holders": counts.holders,
                "reviewers": counts.reviewers,
            })
        );
        return;
    }
    say!(
        "{}  {}  {}",
        campaign.id,
        content.name,
        content.state.label()
    );
    say!(
        "{} in scope: {} to decide by {} reviewers, {} left out; due {}",
        counts.all,
        counts.included,
        counts.reviewers,
        counts.excluded,
        content.due
    );
    match content.effective {
        Some(at) => say!("What was revoked ends {at}; until then it can be restored."),
        None => say!("{}", content.terms.unanswered.sentence()),
    }
}
