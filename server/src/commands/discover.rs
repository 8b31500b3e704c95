//! `bailiwick discover`: roles that could be made of what people have. It makes none.

use anyhow::Result;
use clap::Args;
use serde::Serialize;
use service::roles;

use super::access::with;
use crate::config::Data;

/// Flags of `discover`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Print JSON: roles with their entitlements and how many people would hold each.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Serialize)]
struct RoleJson {
    people: usize,
    entitlements: Vec<String>,
}

#[derive(Debug, Serialize)]
struct DiscoveredJson {
    grants: u64,
    /// Fewer roles are impossible.
    at_least: u64,
    roles: Vec<RoleJson>,
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    with(&arguments.data, async |service, cx| {
        let found = roles::discover(service, cx).await?;
        let roles = found.roles.iter().map(|role| RoleJson {
            people: role.people.len(),
            entitlements: role
                .entitlements
                .iter()
                .map(|named| format!("{}/{}", named.application_name, named.name))
                .collect(),
        });
        let found = DiscoveredJson {
            grants: found.grants,
            at_least: found.bound,
            roles: roles.collect(),
        };
        if arguments.json {
            say!("{}", serde_json::to_string_pretty(&found)?);
            return Ok(());
        }
        say!(
            "{} roles give exactly the {} grants that people have; fewer than {} are impossible.",
            found.roles.len(),
            found.grants,
            found.at_least
        );
        for (number, role) in found.roles.iter().enumerate() {
            say!(
                "{}\t{} people\t{} entitlements\t{}",
                number + 1,
                role.people,
                role.entitlements.len(),
                shortened(&role.entitlements)
            );
        }
        Ok(())
    })
    .await
}

/// The first of them, and how many more there are.
fn shortened(names: &[String]) -> String {
    const SHOWN: usize = 4;
    let first: Vec<&str> = names.iter().take(SHOWN).map(String::as_str).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
