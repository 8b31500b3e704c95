//! How well proposals tell what will be approved, on decisions that they never saw, beside two simple ways to guess.
//!
//! The decisions are given as a folder of files to import, because no organisation's are made up here. A fifth of them is
//! held back and taken out of the access, too; the rest is imported into a fresh database by the command, and proposed is
//! by the command.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail, ensure};
use domain::proposal::{area_under_curve, pair_hash, value_hash};

use crate::home::{Engine, Home};
use crate::report::{Limit, Row};

/// Names the folder with `decisions.csv` and the files that go with it.
const FOLDER: &str = "BAILIWICK_BENCH_DECISIONS";
const SEEDS: [i64; 3] = [1, 2, 3];
/// One in so many decisions is held back.
const HELD_BACK: u64 = 5;
/// Files that are imported as they are.
const WHOLE: [&str; 6] = [
    "identities.csv",
    "applications.csv",
    "entitlements.csv",
    "accounts.csv",
    "roles.csv",
    "role_members.csv",
];

/// Who, and `application,entitlement`.
type Pair = (String, String);

/// A file in memory: its header and its rows. Cells have no quotes in the files that this is for.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// What proposals reached with one seed.
struct Reached {
    ours: f64,
    department: f64,
    manager: f64,
    seconds: f64,
    held: usize,
}

pub(crate) async fn measure() -> Result<Vec<Row>> {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        bail!(
            "set {FOLDER} to a folder with decisions.csv, identities.csv, applications.csv, entitlements.csv and access.csv"
        );
    };
    let mut reached = Vec::new();
    for seed in SEEDS {
        eprintln!("  seed {seed} ...");
        let one = with_seed(&folder, seed).await?;
        eprintln!(
            "  {} held back: {:.4}; department {:.4}, manager {:.4}; {:.1} s",
            one.held, one.ours, one.department, one.manager, one.seconds
        );
        reached.push(one);
    }
    let mean = |of: fn(&Reached) -> f64| reached.iter().map(of).sum::<f64>() / 3.0;
    let area = |what: &str, figure, limit| {
        let what = format!("area under the ROC curve, mean of three seeds: {what}");
        Row::new("recommend", what, "", figure, limit)
    };
    let lowest = reached.iter().map(|one| one.ours).fold(1.0, f64::min);
    Ok(vec![
        area("proposals", mean(|one| one.ours), Limit::AtLeast(0.87)),
        area(
            "share of department peers that have it",
            mean(|one| one.department),
            Limit::None,
        ),
        area(
            "approval rate of the manager",
            mean(|one| one.manager),
            Limit::None,
        ),
        Row::new(
            "recommend",
            "proposals, the lowest of the seeds",
            "",
            lowest,
            Limit::None,
        ),
        Row::new(
            "recommend",
            "learning and proposing on what was held back: whole command",
            "s",
            mean(|one| one.seconds),
            Limit::None,
        ),
    ])
}

async fn with_seed(folder: &Path, seed: i64) -> Result<Reached> {
    let decisions = Table::read(&folder.join("decisions.csv"))?;
    let (who, what, verdict) = (decisions.pair()?, decisions.column("decision")?, "approved");
    let all: Vec<(Pair, bool)> = decisions
        .rows
        .iter()
        .map(|row| (who(row), row[what] == verdict))
        .collect();
    let held: HashSet<Pair> = all
        .iter()
        .map(|(pair, _)| pair)
        .filter(|pair| is_held(seed, pair))
        .cloned()
        .collect();
    let home = Home::new(Engine::Sqlite).await?;
    let files = home.beside("files");
    fs::create_dir(&files)?;
    for name in WHOLE.iter().filter(|name| folder.join(name).is_file()) {
        fs::copy(folder.join(name), files.join(name))?;
    }
    let access = Table::read(&folder.join("access.csv"))?;
    let of = access.pair()?;
    let kept: HashSet<Pair> = access
        .rows
        .iter()
        .map(&of)
        .filter(|pair| !held.contains(pair))
        .collect();
    access.write(&files.join("access.csv"), |row| kept.contains(&of(row)))?;
    decisions.write(&files.join("decisions.csv"), |row| {
        !held.contains(&who(row))
    })?;
    let (asked, rest): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(pair, _)| held.contains(pair));
    let people = people(folder)?;
    let pairs = home.beside("pairs.csv");
    let lines = asked
        .iter()
        .map(|((who, what), _)| format!("{who},{what}\n"));
    fs::write(
        &pairs,
        format!(
            "username,application,entitlement\n{}",
            lines.collect::<String>()
        ),
    )?;
    run(&home, &["import", text(&files)?, "--json"])?;
    let begun = Instant::now();
    let said = run(&home, &["propose", text(&pairs)?, "--json"])?;
    let seconds = begun.elapsed().as_secs_f64();
    let found = scores(&said)?;
    ensure!(
        found.len() == asked.len(),
        "{} of {} pairs were scored",
        found.len(),
        asked.len()
    );
    let area = |guesses: Vec<f64>| {
        let verdicts = asked.iter().map(|(_, approved)| *approved);
        let with_verdicts: Vec<(f64, bool)> = guesses.into_iter().zip(verdicts).collect();
        area_under_curve(&with_verdicts).context("both verdicts are among what is held back")
    };
    Ok(Reached {
        ours: area(found)?,
        department: area(by_department(&asked, &kept, &people))?,
        manager: area(by_manager(&asked, &rest, &people))?,
        seconds,
        held: asked.len(),
    })
}

fn is_held(seed: i64, (who, what): &Pair) -> bool {
    let pair = pair_hash(
        value_hash(who).cast_signed(),
        value_hash(what).cast_signed(),
    );
    pair_hash(seed, pair.cast_signed()).is_multiple_of(HELD_BACK)
}

/// The department and the manager of everybody.
fn people(folder: &Path) -> Result<HashMap<String, (String, String)>> {
    let table = Table::read(&folder.join("identities.csv"))?;
    let (name, department, manager) = (
        table.column("username")?,
        table.column("department")?,
        table.column("manager")?,
    );
    let rows = table.rows.iter();
    Ok(rows
        .map(|row| {
            (
                row[name].clone(),
                (row[department].clone(), row[manager].clone()),
            )
        })
        .collect())
}

/// What share of the department has it.
fn by_department(
    asked: &[(Pair, bool)],
    kept: &HashSet<Pair>,
    people: &HashMap<String, (String, String)>,
) -> Vec<f64> {
    let department = |who: &str| people.get(who).map_or("", |one| one.0.as_str());
    let mut sizes: HashMap<&str, f64> = HashMap::new();
    for (of, _) in people.values() {
        *sizes.entry(of).or_default() += 1.0;
    }
    let mut having: HashMap<(&str, &str), f64> = HashMap::new();
    for (who, what) in kept {
        *having.entry((department(who), what)).or_default() += 1.0;
    }
    let share = |(who, what): &Pair| {
        let of = department(who);
        having.get(&(of, what.as_str())).copied().unwrap_or(0.0)
            / sizes.get(of).copied().unwrap_or(1.0)
    };
    asked.iter().map(|(pair, _)| share(pair)).collect()
}

/// How often the manager's people were approved, as if there were some average decisions more: one denial says little.
fn by_manager(
    asked: &[(Pair, bool)],
    rest: &[(Pair, bool)],
    people: &HashMap<String, (String, String)>,
) -> Vec<f64> {
    /// So many.
    const PRIOR: f64 = 5.0;
    let manager = |who: &str| people.get(who).map_or("", |one| one.1.as_str());
    let mut tallies: HashMap<&str, (f64, f64)> = HashMap::new();
    let mut all = (0.0, 0.0);
    for ((who, _), approved) in rest {
        let tally = tallies.entry(manager(who)).or_default();
        let one = f64::from(u8::from(*approved));
        *tally = (tally.0 + one, tally.1 + 1.0);
        all = (all.0 + one, all.1 + 1.0);
    }
    let rate = |(who, _): &Pair| {
        let (approved, of) = tallies.get(manager(who)).copied().unwrap_or((0.0, 0.0));
        (approved + PRIOR * all.0 / all.1) / (of + PRIOR)
    };
    asked.iter().map(|(pair, _)| rate(pair)).collect()
}

impl Table {
    fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        ensure!(
            !text.contains('"'),
            "{} has quotes, which this does not read",
            path.display()
        );
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<String>>();
        let mut lines = text.trim_start_matches('\u{feff}').lines();
        let header = cells(lines.next().context("a file has a header")?);
        let rows: Vec<Vec<String>> = lines.map(cells).collect();
        let ragged = rows.iter().any(|row| row.len() != header.len());
        ensure!(!ragged, "{} has lines of other lengths", path.display());
        Ok(Self { header, rows })
    }

    fn column(&self, name: &str) -> Result<usize> {
        let found = self.header.iter().position(|known| known == name);
        found.with_context(|| format!("a column {name} is missing"))
    }

    fn pair(&self) -> Result<impl Fn(&Vec<String>) -> Pair + use<>> {
        let (who, of, what) = (
            self.column("username")?,
            self.column("application")?,
            self.column("entitlement")?,
        );
        Ok(move |row: &Vec<String>| (row[who].clone(), format!("{},{}", row[of], row[what])))
    }

    fn write(&self, path: &Path, keep: impl Fn(&Vec<String>) -> bool) -> Result<()> {
        let rows = std::iter::once(&self.header).chain(self.rows.iter().filter(|row| keep(row)));
        let text: String = rows.map(|row| row.join(",") + "\n").collect();
        Ok(fs::write(path, text)?)
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("the folder's name is text")
}

/// What a command printed; anything but success is an error.
fn run(home: &Home, arguments: &[&str]) -> Result<Vec<u8>> {
    let done = home.command(None, arguments)?.output()?;
    let said = String::from_utf8_lossy(&done.stderr);
    ensure!(
        done.status.success(),
        "{arguments:?} ended with {}: {said}",
        done.status
    );
    Ok(done.stdout)
}

fn scores(said: &[u8]) -> Result<Vec<f64>> {
    let rows: Vec<serde_json::Value> = serde_json::from_slice(said)?;
    let scores = rows
        .iter()
        .map(|row| row["score"].as_f64().context("a proposal has a score"));
    scores.collect()
}
