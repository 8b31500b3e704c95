//! Licences and banned packages: what deny.toml says, checked against everything cargo would compile.
//!
//! Reads the part of cargo-deny's format that is used here, so that no tool needs installing.

use serde::Deserialize;

use super::{
    Finding,
    metadata::{Metadata, Package},
    sources::Sources,
};

const FILE: &str = "deny.toml";

#[derive(Debug, Deserialize)]
struct Rules {
    licenses: Licences,
    #[serde(default)]
    bans: Bans,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Bans {
    #[serde(default)]
    deny: Vec<Banned>,
}

#[derive(Debug, Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

pub(super) fn check(sources: &Sources, metadata: &Metadata) -> Vec<Finding> {
    let text = sources
        .get(FILE)
        .map(|source| source.text.as_str())
        .unwrap_or_default();
    match toml::from_str::<Rules>(text) {
        Ok(rules) => metadata
            .packages
            .iter()
            .flat_map(|package| judge(&rules, package))
            .collect(),
        Err(error) => vec![Finding::new(
            FILE,
            1,
            format!("cannot be read: {}", error.message()),
        )],
    }
}

fn judge(rules: &Rules, package: &Package) -> Vec<Finding> {
    let named = format!("{} {}", package.name, package.version);
    let mut findings = Vec::new();
    let mut find = |text: String| findings.push(Finding::new(FILE, 1, text));
    let listed = rules
        .bans
        .deny
        .iter()
        .any(|banned| banned.name == package.name);
    // It only knows where systems keep their certificates, for rustls; OpenSSL is not in it.
    let probe = package.name == "openssl-probe";
    if listed || (package.name.starts_with("openssl") && !probe) || package.name == "native-tls" {
        find(format!(
            "{named} is banned: TLS is rustls here. Find who brings it with `cargo tree -i {}`.",
            package.name
        ));
    }
    match package.license.as_deref() {
        None => find(format!("{named} states no licence. Use another package.")),
        Some(licence) if !is_allowed(licence, &rules.licenses.allow) => find(format!(
            "{named} is under `{licence}`, which is not allowed. Use another package, or allow it after reading it."
        )),
        Some(_) => {}
    }
    findings
}

/// Whether the expression can be met with allowed licences alone.
fn is_allowed(licence: &str, allowed: &[String]) -> bool {
    let expression = spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX);
    expression.is_ok_and(|expression| {
        expression.evaluate(|required| allowed.contains(&required.to_string()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = "[licenses]\nallow = [\"MIT\", \"Apache-2.0\", \"Apache-2.0 WITH LLVM-exception\"]\n\
        [bans]\ndeny = [{ crate = \"left-pad\" }]\n";

    fn found(name: &str, licence: Option<&str>) -> Vec<String> {
        let mut metadata = Metadata::of(&[(name, &[])]);
        metadata.packages[0].license = licence.map(str::to_owned);
        let findings = check(&Sources::of(&[(FILE, RULES)]), &metadata);
        findings.into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn expressions_are_understood() {
        for good in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/Apache-2.0",
            "(GPL-2.0-only OR MIT) AND Apache-2.0",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert_eq!(found("a", Some(good)), [""; 0], "{good}");
        }
        for bad in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "Nonsense", "Zlib"] {
            assert_eq!(found("a", Some(bad)).len(), 1, "{bad}");
        }
        assert_eq!(found("a", None).len(), 1);
    }

    #[test]
    fn banned_packages_are_found() {
        for name in ["openssl-sys", "openssl", "native-tls", "left-pad"] {
            assert!(found(name, Some("MIT"))[0].contains("banned"), "{name}");
        }
        assert_eq!(found("rustls", Some("MIT")), [""; 0]);
        assert_eq!(found("openssl-probe", Some("MIT")), [""; 0]);
    }

    #[test]
    fn unreadable_rules_are_found() {
        assert_eq!(check(&Sources::of(&[]), &Metadata::of(&[])).len(), 1);
    }
}
