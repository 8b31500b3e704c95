//! What somebody is about to ask for. It lies on the server, so it is there on every machine and without scripts; it is
//! nobody else's business until it is sent.

use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::request::{CartLine, MOST_ITEMS};
use domain::role::Grantable;

use super::catalogue::{Offered, Offering, Situation, Standing, beneficiary, describe};
use super::detail::Named;
use super::{check, inbox::things};
use crate::{Cx, Error, Result, Service, boxed};

/// Why these commits carry no entry.
const BASKET: &str = "what lies in a cart is nobody's business until it is asked for";

/// A line as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartItem {
    /// What lies there.
    pub line: CartLine,
    /// Its name.
    pub name: String,
    /// What it is; none when it cannot be asked for any more.
    pub offered: Option<Offered>,
    /// Why it cannot be sent as it is.
    pub problem: Option<String>,
}

/// What lies in the cart for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartGroup {
    /// For whom.
    pub person: Named,
    /// Whether that is oneself.
    pub oneself: bool,
    /// The lines.
    pub items: Vec<CartItem>,
}

/// How a line shall be, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CartEntry {
    /// The id of what it is.
    pub what: String,
    /// For how many days; empty is without an end.
    pub days: String,
    /// Why; empty is the reason of the whole request.
    pub reason: String,
}

/// How many lines the actor's cart has.
#[boxed]
pub async fn cart_count(service: &Service, cx: &Cx) -> Result<u64> {
    match cx.me() {
        Some(me) => Ok(service.store.read().await?.cart_count(me).await?),
        None => Ok(0),
    }
}

/// The actor's cart, themselves first.
#[boxed]
pub async fn cart(service: &Service, cx: &Cx) -> Result<Vec<CartGroup>> {
    let me = me(cx)?;
    let now = service.now();
    let mut tx = service.store.read().await?;
    let lines = tx.cart(me).await?;
    let mut people: Vec<IdentityId> = lines.iter().map(|line| line.beneficiary).collect();
    people.sort_by_key(|id| (*id != me, *id));
    people.dedup();
    let mut groups = Vec::with_capacity(people.len());
    for id in people {
        let mine: Vec<CartLine> = lines
            .iter()
            .filter(|line| line.beneficiary == id)
            .cloned()
            .collect();
        let whats: Vec<Grantable> = mine.iter().map(|line| line.what).collect();
        let names = things(&mut tx, &whats).await?;
        let (person, offered) = match beneficiary(&mut tx, cx, Some(id), now).await {
            Ok(person) => {
                let offering = Offering::of(&mut tx, &person).await?;
                let situation = Situation::of(&mut tx, cx, &person, now).await?;
                let offered = describe(&mut tx, (&offering, &situation), &whats).await?;
                (person.content.display_name, offered)
            }
            // They report to somebody else by now.
            Err(Error::Denied { .. } | Error::NotFound) => (id.to_string(), Vec::new()),
            Err(error) => return Err(error),
        };
        let items = mine.into_iter().map(|line| {
            let offered = offered.iter().find(|one| one.what == line.what).cloned();
            CartItem {
                name: names
                    .get(&line.what)
                    .map_or_else(String::new, |(name, _)| name.clone()),
                problem: problem(&line, offered.as_ref()),
                offered,
                line,
            }
        });
        groups.push(CartGroup {
            oneself: id == me,
            items: items.collect(),
            person: Named { id, name: person },
        });
    }
    Ok(groups)
}

/// Why a line cannot be sent as it is.
fn problem(line: &CartLine, offered: Option<&Offered>) -> Option<String> {
    let Some(offered) = offered else {
        return Some("This cannot be asked for any more. Remove it.".to_owned());
    };
    match &offered.standing {
        Standing::Has(_) => {
            return Some("This is there already. Remove it.".to_owned());
        }
        Standing::Eligible => {
            return Some("This can be activated already. Remove it.".to_owned());
        }
        Standing::Waiting { .. } => {
            return Some("This was asked for already and waits. Remove it.".to_owned());
        }
        Standing::Excluded(reason) => {
            let reason = reason.trim().trim_end_matches('.');
            return Some(format!(
                "This is excluded for this person (“{reason}”). Remove it."
            ));
        }
        Standing::Open | Standing::InCart => {}
    }
    let most = offered.longest_days?;
    line.days.is_none_or(|days| days > most).then(|| {
        format!("This is given for at most {most} days. Enter how many days it is needed.")
    })
}

/// Puts things into the actor's cart: all of them, or none. Those that are there already stay as they are.
#[boxed]
pub async fn put_in_cart(
    service: &Service,
    cx: &Cx,
    person: Option<IdentityId>,
    whats: &[Grantable],
) -> Result<()> {
    let result = carry_out_put(service, cx, person, whats).await;
    service.noted(cx, result).await
}

async fn carry_out_put(
    service: &Service,
    cx: &Cx,
    person: Option<IdentityId>,
    whats: &[Grantable],
) -> Result<()> {
    let me = me(cx)?;
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let person = beneficiary(&mut tx, cx, person, now).await?;
    check::present(&person)?;
    let offering = Offering::of(&mut tx, &person).await?;
    let situation = Situation::of(&mut tx, cx, &person, now).await?;
    let offered = describe(&mut tx, (&offering, &situation), whats).await?;
    if offered.len() < whats.len() {
        return Err(Error::NotFound);
    }
    let present = tx.cart(me).await?;
    let lines = present
        .iter()
        .filter(|line| line.beneficiary == person.id)
        .count();
    let new: Vec<Offered> = offered
        .into_iter()
        .filter(|one| one.standing != Standing::InCart)
        .collect();
    if lines + new.len() > MOST_ITEMS {
        return Err(Error::Refused(format!(
            "At most {MOST_ITEMS} things can be asked for at once. Send what is in the cart first."
        )));
    }
    for one in new {
        let line = CartLine {
            beneficiary: person.id,
            what: one.what,
            days: one.longest_days,
            reason: String::new(),
            added: now,
        };
        if one.standing != Standing::Open {
            let why = problem(&line, Some(&one)).unwrap_or_default();
            let why = why.trim_end_matches(" Remove it.");
            return Err(Error::Refused(format!("{}: {why}", one.name)));
        }
        tx.put_in_cart(me, &line).await?;
    }
    tx.commit_unaudited(BASKET).await?;
    Ok(())
}

/// Keeps how the lines for a person shall be. What is wrong with the days of line N goes to `days-N`.
#[boxed]
pub async fn keep_cart(
    service: &Service,
    cx: &Cx,
    person: IdentityId,
    entries: &[CartEntry],
) -> Result<()> {
    let me = me(cx)?;
    let mut errors = FieldErrors::new();
    let mut tx = service
        .begin(&Cx {
            once: None,
            ..cx.clone()
        })
        .await?;
    let lines = tx.cart(me).await?;
    let lines = lines.into_iter().filter(|line| line.beneficiary == person);
    for mut line in lines {
        let what = line.what.object().to_string();
        let Some(entry) = entries.iter().find(|entry| entry.what == what) else {
            continue;
        };
        let typed = entry.days.trim();
        line.days = match (typed, typed.parse::<u32>()) {
            ("", _) => None,
            (_, Ok(days)) if (1..=3_660).contains(&days) => Some(days),
            _ => {
                errors.add(
                    "days",
                    format!("“{typed}” is no number of days from 1 to 3660."),
                );
                continue;
            }
        };
        line.reason = errors.text("reason", "The reason", &entry.reason, 500);
        tx.put_in_cart(me, &line).await?;
    }
    errors.or(())?;
    tx.commit_unaudited(BASKET).await?;
    Ok(())
}

/// Takes a line out of the actor's cart. One that is not there is out already.
#[boxed]
pub async fn take_from_cart(
    service: &Service,
    cx: &Cx,
    person: IdentityId,
    what: Grantable,
) -> Result<()> {
    let me = me(cx)?;
    let mut tx = service.begin(cx).await?;
    tx.take_from_cart(me, person, what).await?;
    tx.commit_unaudited(BASKET).await?;
    Ok(())
}

fn me(cx: &Cx) -> Result<IdentityId> {
    use domain::permission::{Action, Denied};
    cx.me().ok_or(Error::Denied {
        denied: Denied::SignIn,
        action: Action::AskAccess,
        object: None,
    })
}
