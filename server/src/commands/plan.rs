//! `bailiwick plan`: what a change of a role or a rule would do. It makes no change.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use domain::lifecycle::Step;
use domain::role::Grantable;
use domain::rule::RuleState;
use serde::{Deserialize, Serialize};
use service::plan::Plan;
use service::roles::ContentsDraft;
use service::rules::RuleDraft;
use service::{Cx, Service, roles, rules};

use super::access::with;
use crate::config::Data;

const CHANGES: &str = r#"The file says one of these changes:
  {"role": "clerk", "add": ["sap/post", "role:reader"], "remove": ["sap/read"]}
  {"role": "clerk", "step": "suspend"}      (or resume, end)
  {"rule": "Finance", "condition": "principal.department == \"Finance\""}
  {"rule": "Finance", "step": "activate"}   (or end)"#;

/// Flags of `plan`.
#[derive(Debug, Args)]
#[command(after_help = CHANGES)]
pub(crate) struct Arguments {
    /// A JSON file that says the change; see below.
    file: PathBuf,
    /// Print JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    role: Option<String>,
    rule: Option<String>,
    #[serde(default)]
    add: Vec<String>,
    #[serde(default)]
    remove: Vec<String>,
    step: Option<String>,
    condition: Option<String>,
}

#[derive(Debug, Serialize)]
struct EffectJson<'a> {
    application: &'a str,
    entitlement: &'a str,
    gains: u64,
    loses: u64,
}

#[derive(Debug, Serialize)]
struct PlanJson<'a> {
    hash: &'a str,
    people: u64,
    gains: u64,
    losses: u64,
    effects: Vec<EffectJson<'a>>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let file = &arguments.file;
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let change: Change = serde_json::from_str(&text).with_context(|| {
        format!(
            "{} is not a change; see bailiwick plan --help",
            file.display()
        )
    })?;
    with(&arguments.data, async |service, cx| {
        let plan = match (&change.role, &change.rule) {
            (Some(name), None) => of_role(service, cx, name, &change).await?,
            (None, Some(name)) => of_rule(service, cx, name, &change).await?,
            _ => bail!("name a role or a rule, and only one of the two"),
        };
        if arguments.json {
            say!("{}", serde_json::to_string_pretty(&json(&plan))?);
        } else {
            print(&plan);
        }
        Ok(())
    })
    .await
}

async fn of_role(service: &Service, cx: &Cx, name: &str, change: &Change) -> Result<Plan> {
    let id = roles::by_name(service, cx, name).await?;
    if let Some(step) = &change.step {
        let step = match step.as_str() {
            "suspend" => Step::Suspend,
            "resume" => Step::Resume,
            "end" => Step::End,
            other => bail!("a role is not “{other}”; write suspend, resume or end"),
        };
        return Ok(roles::plan_step(service, cx, id, step).await?);
    }
    let detail = roles::read(service, cx, id, None).await?;
    let mut out = change.remove.clone();
    let mut keep = Vec::new();
    for part in &detail.parts {
        let (id, names) = match part {
            roles::NamedPart::Entitlement(named) => (
                named.id.to_string(),
                vec![
                    format!("{}/{}", named.application_name, named.name),
                    named.id.to_string(),
                ],
            ),
            roles::NamedPart::Role(named, _) => {
                let role = roles::read(service, cx, named.id, None).await?.role;
                let name = role.content.name;
                (
                    named.id.to_string(),
                    vec![format!("role:{name}"), named.id.to_string()],
                )
            }
        };
        let before = out.len();
        out.retain(|typed| !names.iter().any(|name| name.eq_ignore_ascii_case(typed)));
        if out.len() == before {
            keep.push(id);
        }
    }
    if let Some(unknown) = out.first() {
        bail!("{unknown} is not directly in this role; nothing is planned");
    }
    let draft = ContentsDraft {
        keep,
        add: change.add.join("\n"),
        ..ContentsDraft::default()
    };
    Ok(roles::plan_contents(service, cx, id, &draft).await?.plan)
}

async fn of_rule(service: &Service, cx: &Cx, name: &str, change: &Change) -> Result<Plan> {
    let detail = rules::by_name(service, cx, name).await?;
    let (id, content) = (detail.rule.id, &detail.rule.content);
    match (change.step.as_deref(), &change.condition) {
        (Some("activate"), None) => Ok(rules::plan_step(service, cx, id, RuleState::Active).await?),
        (Some("end"), None) => Ok(rules::plan_step(service, cx, id, RuleState::Ended).await?),
        (Some(other), None) => bail!("a rule is not “{other}”; write activate or end"),
        (None, Some(condition)) => {
            let draft = RuleDraft {
                name: content.name.clone(),
                description: content.description.clone(),
                condition: condition.clone(),
                what: match content.gives {
                    Grantable::Entitlement(id) => id.to_string(),
                    Grantable::Role(id) => id.to_string(),
                },
                owner: content
                    .owner
                    .map(|owner| owner.to_string())
                    .unwrap_or_default(),
                hand_over_days: content.hand_over_days.to_string(),
                ..RuleDraft::default()
            };
            Ok(rules::plan_edit(service, cx, id, &draft).await?)
        }
        _ => bail!("write either a step or a condition for the rule"),
    }
}

fn json(plan: &Plan) -> PlanJson<'_> {
    let effects = plan.effects.iter().map(|effect| EffectJson {
        application: &effect.entitlement.application_name,
        entitlement: &effect.entitlement.name,
        gains: effect.gains,
        loses: effect.losses,
    });
    PlanJson {
        hash: &plan.hash,
        people: plan.people,
        gains: plan.gains,
        losses: plan.losses,
        effects: effects.collect(),
    }
}

fn print(plan: &Plan) {
    if plan.is_empty() {
        say!("Nobody would gain or lose anything.");
        return;
    }
    say!(
        "{} people: {} grants would begin, {} would end.",
        plan.people,
        plan.gains,
        plan.losses
    );
    for effect in &plan.effects {
        say!(
            "{}/{}\t+{}\t-{}",
            effect.entitlement.application_name,
            effect.entitlement.name,
            effect.gains,
            effect.losses
        );
    }
    let shown = plan.lines.len();
    for line in &plan.lines {
        let sign = if line.gains { "+" } else { "-" };
        say!("{sign} {}: {}", line.name, line.entitlement.display_name);
    }
    let all = plan.gains + plan.losses;
    if all > shown as u64 {
        say!("… and {} more.", all - shown as u64);
    }
    say!("hash {}", plan.hash);
}
