//! Pages of who has what, and why, now and at a moment that has passed.

use std::time::Duration;

use anyhow::Result;

use super::fill::Filled;
use crate::data::ADMINISTRATOR;
use crate::dice::Dice;
use crate::home::Engine;
use crate::http::Request;
use crate::load::at_rate;
use crate::report::{Limit, Row};
use crate::server::Server;

const RATE: u32 = 50;
const DIFFERENT: usize = 100;
const WARM: Duration = Duration::from_secs(2);
const LASTING: Duration = Duration::from_secs(8);

pub(super) async fn measure(
    engine: Engine,
    server: &Server,
    filled: &Filled,
    cores: &str,
) -> Result<Vec<Row>> {
    let cookie = server.sign_in(ADMINISTRATOR).await?;
    let mut dice = Dice::new(5, 0);
    // Those behind the ones whose rules were ended for the measurement before.
    let last = filled.people.len();
    let first = last.saturating_sub(last / 2);
    let person = |dice: &mut Dice| filled.people[first + dice.below(last - first)];
    let thing = |dice: &mut Dice| filled.entitlements[dice.below(1_200) * 7];
    let then = filled.before.to_string().replace(':', "%3A");
    let mut kinds: Vec<(&str, f64, Vec<String>)> = Vec::new();
    let mut kind = |name, most, path: &mut dyn FnMut(&mut Dice) -> String| {
        let paths = (0..DIFFERENT).map(|_| path(&mut dice)).collect();
        kinds.push((name, most, paths));
    };
    kind("what a person has", 20.0, &mut |dice| {
        format!("/people/{}/access", person(dice))
    });
    kind("who has an entitlement", 20.0, &mut |dice| {
        format!("/entitlements/{}/holders", thing(dice))
    });
    kind("who holds a role", 20.0, &mut |dice| {
        format!("/roles/{}/holders", filled.roles[dice.below(2_000)])
    });
    kind("why a person has something", 10.0, &mut |dice| {
        format!(
            "/people/{}/why/{}",
            person(dice),
            filled.entitlements[1_399 * 7]
        )
    });
    kind("what a person had then", 200.0, &mut |dice| {
        format!("/people/{}/access?as_of={then}", person(dice))
    });
    kind("who had an entitlement then", 200.0, &mut |dice| {
        format!("/entitlements/{}/holders?as_of={then}", thing(dice))
    });
    let mut rows = Vec::new();
    for (name, most, paths) in kinds {
        eprintln!("  {name} ...");
        let requests: Vec<Request> = paths
            .iter()
            .map(|path| Request::get(path, &[("cookie", &cookie)]))
            .collect();
        at_rate(server.address(), &requests, RATE, WARM).await?;
        let taken = at_rate(server.address(), &requests, RATE, LASTING).await?;
        let about = if rows.is_empty() {
            format!(" ({} people, {cores}, {RATE}/s)", filled.people.len())
        } else {
            String::new()
        };
        let what = format!("{}: p99 of {name}{about}", engine.name());
        rows.push(Row::new(
            "model",
            what,
            "ms",
            taken.percentile(99),
            Limit::AtMost(most),
        ));
        let what = format!("{}: p50 of that", engine.name());
        rows.push(Row::new(
            "model",
            what,
            "ms",
            taken.percentile(50),
            Limit::None,
        ));
    }
    Ok(rows)
}
