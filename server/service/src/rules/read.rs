//! Rules as their pages show them.

use domain::id::RuleId;
use domain::page::{Facet, ListQuery, Page};
use domain::permission::{Action, visible_access};
use domain::rule::{Rule, RuleState};
use policy::Condition;
use storage::identities::IdentityName;
use storage::rules::{RuleRow, TOKENS};

use super::compiled::vocabulary_of;
use super::{facts, target};
use crate::audit::WithLatest;
use crate::people::{Timeline, latest_of, list_guard, timeline_of};
use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Result, Service, boxed};

/// A page of the list.
#[derive(Debug, Clone)]
pub struct RulesPage {
    /// The rows.
    pub page: Page<RuleRow>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// A rule as its page shows it.
#[derive(Debug, Clone)]
pub struct RuleDetail {
    /// The record.
    pub rule: Rule,
    /// The condition in words; the text itself when it cannot be said otherwise.
    pub words: String,
    /// Name of what it gives.
    pub gives: String,
    /// What to do about it, when that has ended.
    pub gives_ended: Option<String>,
    /// Who answers for it.
    pub owner: Option<IdentityName>,
    /// To how many people it gives something now.
    pub people: u64,
    /// What the reader may do here, for buttons.
    pub may: Vec<Action>,
}

/// A page of the rules the actor may see.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, query: &ListQuery) -> Result<RulesPage> {
    list_guard(cx)?;
    let visibility = visible_access(cx.actor);
    let mut tx = service.store.read().await?;
    Ok(RulesPage {
        page: tx.rules(visibility, cx.me(), query).await?,
        facets: wanted_facets(query, tx.rule_facets(visibility, cx.me(), &query.search)).await?,
        unknown: unknown_tokens(&query.search, TOKENS),
    })
}

/// One rule; an auditor's look is recorded.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: RuleId) -> Result<RuleDetail> {
    let result = carry_out(service, cx, id).await;
    let detail = service.noted(cx, result).await?;
    service.note_view(cx, id).await?;
    Ok(detail)
}

/// The rule with a name or id; what is unknown is named.
#[boxed]
pub async fn by_name(service: &Service, cx: &Cx, name: &str) -> Result<RuleDetail> {
    let found = if let Ok(id) = name.parse::<RuleId>() {
        Some(id)
    } else {
        let rule = service.store.read().await?.rule_by_name(name).await?;
        rule.map(|rule| rule.id)
    };
    let unknown =
        || crate::Error::Refused(format!("There is no rule “{name}”. Write its name or id."));
    read(service, cx, found.ok_or_else(unknown)?).await
}

/// The same with the latest entries about it.
#[boxed]
pub async fn overview(service: &Service, cx: &Cx, id: RuleId) -> Result<WithLatest<RuleDetail>> {
    let object = read(service, cx, id).await?;
    let latest = latest_of(service, id.into()).await?;
    Ok(WithLatest { object, latest })
}

/// What happened to a rule, with before and after.
#[boxed]
pub async fn timeline(
    service: &Service,
    cx: &Cx,
    id: RuleId,
    below: Option<i64>,
) -> Result<(RuleDetail, Timeline)> {
    let detail = read(service, cx, id).await?;
    let timeline = timeline_of(service, id.into(), below).await?;
    Ok((detail, timeline))
}

async fn carry_out(service: &Service, cx: &Cx, id: RuleId) -> Result<RuleDetail> {
    let mut tx = service.store.read().await?;
    let (rule, facts) = facts(&mut tx, cx, id).await?;
    cx.decide(Action::ReadAccess, Some(id.into()), facts)?;
    let owner = match rule.content.owner {
        Some(owner) => tx.identity_names(&[owner]).await?.pop(),
        None => None,
    };
    let vocabulary = vocabulary_of(&mut tx).await?;
    let words = Condition::parse(&rule.content.condition, &vocabulary).map_or_else(
        |_| rule.content.condition.clone(),
        |condition| condition.in_words(),
    );
    let may = Action::ALL
        .iter()
        .copied()
        .filter(|action| cx.decide(*action, Some(id.into()), facts).is_ok())
        .collect();
    let gives_ended = match rule.content.state {
        RuleState::Ended => None,
        _ => target::ended(&mut tx, rule.content.gives).await?,
    };
    let gives_ended = gives_ended.map(|name| target::sentence(&name));
    Ok(RuleDetail {
        words,
        gives: crate::assignments::name(&mut tx, rule.content.gives).await?,
        gives_ended,
        owner,
        people: tx.people_of_rule(id).await?.len() as u64,
        rule,
        may,
    })
}
