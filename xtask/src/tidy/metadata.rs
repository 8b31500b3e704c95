//! What cargo knows about our packages and everybody else's, reduced to what the checks ask.

use anyhow::Context as _;
use serde::Deserialize;

use crate::process;

#[derive(Debug, Deserialize)]
pub(super) struct Metadata {
    pub(super) packages: Vec<Package>,
    workspace_members: Vec<String>,
}

/// A package of a test: its name, and its dependencies with their kinds.
#[cfg(test)]
pub(super) type Member<'a> = (&'a str, &'a [(&'a str, Option<&'a str>)]);

#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) license: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Dependency {
    pub(super) name: String,
    /// None for a plain dependency, else `dev` or `build`.
    pub(super) kind: Option<String>,
}

impl Metadata {
    pub(super) fn read() -> anyhow::Result<Self> {
        let text = process::read(&mut process::cargo(["metadata", "--format-version", "1"]))?;
        serde_json::from_str(&text).context("cargo metadata")
    }

    pub(super) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    pub(super) fn is_member(&self, name: &str) -> bool {
        self.members().any(|package| package.name == name)
    }

    #[cfg(test)]
    pub(super) fn of(members: &[Member<'_>]) -> Self {
        let packages = members.iter().map(|(name, dependencies)| Package {
            id: (*name).to_owned(),
            name: (*name).to_owned(),
            version: "0.1.0".to_owned(),
            license: Some("Apache-2.0".to_owned()),
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| Dependency {
                    name: (*name).to_owned(),
                    kind: kind.map(str::to_owned),
                })
                .collect(),
        });
        let workspace_members = members.iter().map(|(name, _)| (*name).to_owned()).collect();
        Self {
            packages: packages.collect(),
            workspace_members,
        }
    }
}
