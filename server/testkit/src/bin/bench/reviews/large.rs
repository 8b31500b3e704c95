//! The review of everything: others who work meanwhile, and the pages of its reviewers.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use domain::id::{CampaignId, IdentityId};
use domain::review::CampaignState;
use service::Store;

use super::acts::Rows;
use crate::data::Data;
use crate::http::Request;
use crate::load::at_rate;
use crate::organisation::{person, username};
use crate::report::{Limit, Row};
use crate::server::Server;

/// Reviewers whose pages are asked for, each with some hundred items.
const MANAGERS: usize = 10;
const RATE: u32 = 50;
const WARM: Duration = Duration::from_secs(2);
const LASTING: Duration = Duration::from_secs(10);
const STEP: Duration = Duration::from_millis(20);

/// Some managers of people who lead nobody, with passwords.
pub(super) async fn managers(data: &Data, people: &[IdentityId]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let first = people.len() / 20;
    // Whoever is on leave decides nothing.
    let there = |number: &usize| person(*number).status == "active";
    for number in (first..people.len())
        .step_by(7)
        .filter(there)
        .take(MANAGERS)
    {
        data.password_for(people[number]).await?;
        names.push(username(number));
    }
    Ok(names)
}

/// Waits until the campaign is open; how many items it has.
pub(super) async fn opened(store: &Store, id: CampaignId) -> Result<u64> {
    loop {
        let campaign = store.read().await?.campaign(id).await?;
        let content = campaign.context("the campaign was begun")?.content;
        match content.state {
            CampaignState::Launching => tokio::time::sleep(STEP).await,
            CampaignState::Open => return Ok(content.population.included),
            _ => bail!("the campaign was called off"),
        }
    }
}

/// Pages on which managers decide, in each grouping.
pub(super) async fn pages(
    server: &Server,
    campaign: CampaignId,
    managers: &[String],
    row: Rows<'_>,
) -> Result<Vec<Row>> {
    eprintln!("  pages of reviewers ...");
    let mut asked = Vec::new();
    for name in managers {
        let cookie = server.sign_in(name).await?;
        for by in ["person", "application", "access", "flat"] {
            let path = format!("/reviews/{campaign}/decide?by={by}");
            asked.push(Request::get(&path, &[("cookie", &cookie)]));
        }
    }
    at_rate(server.address(), &asked, RATE, WARM).await?;
    let taken = at_rate(server.address(), &asked, RATE, LASTING).await?;
    let figure = |of_hundred, limit| {
        row(
            format!(
                "p{of_hundred} of a reviewer's page, {} reviewers in turn, four groupings, {RATE}/s",
                managers.len()
            ),
            "ms",
            taken.percentile(of_hundred),
            limit,
        )
    };
    Ok(vec![
        figure(50, Limit::None),
        figure(99, Limit::AtMost(50.0)),
    ])
}
