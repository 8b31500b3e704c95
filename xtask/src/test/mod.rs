//! `cargo xtask test`: everything that must hold, cheapest first, until the first step that fails.
//!
//! A skipped or ignored test counts as a failure: what does not run proves nothing. Plain `cargo test`
//! everywhere, so that everybody sees the same result.

mod end2end;
mod rust;
mod tally;

use std::time::{Duration, Instant};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use crate::{
    browser,
    debian::{self, Tool},
    postgres::Postgres,
    process, report, site, tidy,
};
use tally::Tally;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only this step, and what it cannot do without
    #[arg(long, value_enum, value_name = "STEP")]
    only: Option<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum Step {
    Format,
    Tidy,
    Build,
    Clippy,
    Binary,
    Tests,
    End2end,
}

const ALL: [Step; 7] = [
    Step::Format,
    Step::Tidy,
    Step::Build,
    Step::Clippy,
    Step::Binary,
    Step::Tests,
    Step::End2end,
];

/// What steps share: one database server for all, started when first asked for, and the counts.
#[derive(Debug, Default)]
struct Run {
    postgres: Option<Postgres>,
    tally: Tally,
}

impl Run {
    fn postgres_url(&mut self) -> anyhow::Result<String> {
        let server = match self.postgres.take() {
            Some(server) => server,
            None => Postgres::start()?,
        };
        Ok(self.postgres.insert(server).url())
    }
}

pub(crate) fn run(options: &Options) -> anyhow::Result<()> {
    let steps = steps(options.only);
    debian::ensure(&tools(&steps))?;
    let (mut run, mut times) = (Run::default(), Vec::new());
    let mut result = Ok(());
    for step in steps {
        println!("\n== {}: {}", step.name(), step.what());
        let began = Instant::now();
        result = step
            .run(&mut run)
            .with_context(|| format!("step `{}` failed", step.name()));
        times.push((step, began.elapsed()));
        if result.is_err() {
            break;
        }
    }
    summary(&times, result.is_ok(), run.tally);
    result
}

fn steps(only: Option<Step>) -> Vec<Step> {
    let Some(only) = only else {
        return ALL.to_vec();
    };
    let needs = if only == Step::End2end {
        &[Step::Build, Step::Binary][..]
    } else {
        &[]
    };
    needs.iter().copied().chain([only]).collect()
}

fn tools(steps: &[Step]) -> Vec<Tool> {
    let mut tools = Vec::new();
    if steps.contains(&Step::Tests) || steps.contains(&Step::End2end) {
        tools.push(Tool::Postgres);
    }
    if steps.contains(&Step::End2end) {
        tools.extend(browser::TOOLS);
    }
    tools
}

impl Step {
    fn name(self) -> &'static str {
        match self {
            Self::Format => "format",
            Self::Tidy => "tidy",
            Self::Build => "build",
            Self::Clippy => "clippy",
            Self::Binary => "binary",
            Self::Tests => "tests",
            Self::End2end => "end2end",
        }
    }

    fn what(self) -> &'static str {
        match self {
            Self::Format => "rustfmt has nothing to change",
            Self::Tidy => "the house rules that no compiler checks",
            Self::Build => "islands, styles and icons for the browser",
            Self::Clippy => "no warning anywhere",
            Self::Binary => "the server and all tests, compiled for development",
            Self::Tests => "unit, property and contract tests, on SQLite and PostgreSQL",
            Self::End2end => "a browser walks through the console",
        }
    }

    fn run(self, run: &mut Run) -> anyhow::Result<()> {
        match self {
            Self::Format => process::run(&mut process::cargo(["fmt", "--all", "--check"])),
            Self::Tidy => tidy::run(),
            Self::Build => site::build().map(drop),
            Self::Clippy => process::run(&mut process::cargo([
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ])),
            Self::Binary => rust::compile(),
            Self::Tests => rust::test(run),
            Self::End2end => end2end::test(run),
        }
    }
}

fn summary(times: &[(Step, Duration)], success: bool, tally: Tally) {
    println!("\n== summary");
    for (index, (step, time)) in times.iter().enumerate() {
        let failed = !success && index + 1 == times.len();
        let result = if failed { "FAILED" } else { "passed" };
        println!("  {:<8} {result}  {}", step.name(), report::seconds(*time));
    }
    let total = times.iter().map(|(_, time)| *time).sum();
    println!("  {:<8} {:<6}  {}", "all", "", report::seconds(total));
    println!("{tally}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_brings_what_it_needs() {
        assert_eq!(steps(Some(Step::Format)), [Step::Format]);
        assert_eq!(
            steps(Some(Step::End2end)),
            [Step::Build, Step::Binary, Step::End2end]
        );
        assert_eq!(steps(None), ALL);
    }

    #[test]
    fn only_what_is_used_is_installed() {
        assert_eq!(tools(&[Step::Clippy]), []);
        assert_eq!(tools(&[Step::Tests]), [Tool::Postgres]);
        assert_eq!(tools(&ALL).len(), 4);
    }
}
