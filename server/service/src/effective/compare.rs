//! Two people beside each other at a moment: what only one of them has, what both have, and how.

use std::collections::BTreeSet;

use domain::field::FieldErrors;
use domain::id::{EntitlementId, IdentityId};
use domain::identity::IdentityStatus;
use domain::permission::Action;
use domain::time::Instant;

use super::AsOf;
use super::load::load;
use super::named::{NamedEntitlement, Names, Wanted};
use super::offer::{Offers, offers};
use super::person::{AccessLine, Line, person_id};
use super::side::Side;
use crate::people::{self, Person};
use crate::{Cx, Result, Service, boxed};

/// Something that both of two people have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// What.
    pub entitlement: NamedEntitlement,
    /// How the first of them has it.
    pub one: AccessLine,
    /// How the other one has it.
    pub other: AccessLine,
}

/// The access of two people; each list by application and name.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The first of them.
    pub one: Person,
    /// The other one.
    pub other: Person,
    /// The moment.
    pub moment: AsOf,
    /// What only the first has.
    pub only_one: Vec<Line>,
    /// What both have.
    pub both: Vec<Shared>,
    /// What only the other has.
    pub only_other: Vec<Line>,
    /// How the first could be given what only the other has; none where whoever asks may not give, or only looks back.
    pub offers: Option<Offers>,
}

/// Compares two people at a moment; none asked for is now. Whoever asks must be allowed to see both.
#[boxed]
pub async fn compare(
    service: &Service,
    cx: &Cx,
    one: IdentityId,
    other: IdentityId,
    as_of: Option<Instant>,
) -> Result<Compared> {
    if one == other {
        let problem = "This is the same person. Choose somebody else.";
        return Err(FieldErrors::one("with", problem).into());
    }
    let persons = (
        people::read(service, cx, one).await?,
        people::read(service, cx, other).await?,
    );
    let moment = AsOf::of(as_of, service.now());
    let mut tx = service.store.read().await?;
    let people = load(&mut tx, &[one, other], moment).await?;
    let sides = (Side::of(&people, one), Side::of(&people, other));
    let (has, other_has) = (sides.0.entitlements(), sides.1.entitlements());
    let mut wanted = Wanted::default();
    sides.0.want(&mut wanted, &has);
    sides.1.want(&mut wanted, &other_has);
    let names = Names::read(&mut tx, wanted).await?;
    let common: BTreeSet<EntitlementId> = has.intersection(&other_has).copied().collect();
    let (mine, theirs) = (
        sides.0.lines(&common, &names),
        sides.1.lines(&common, &names),
    );
    // Both are in the same order.
    let both = mine.into_iter().zip(theirs).map(|(mine, theirs)| Shared {
        entitlement: mine.entitlement,
        one: mine.line,
        other: theirs.line,
    });
    let only_other = sides.1.lines(&(&other_has - &common), &names);
    let may = persons.0.may.contains(&Action::GiveAccess)
        && persons.0.identity.content.status != IdentityStatus::Ended;
    let offers = match people.by_id.get(&one).filter(|_| may && as_of.is_none()) {
        Some(whole) => Some(offers(&mut tx, &people.graph, whole, &only_other, moment).await?),
        None => None,
    };
    Ok(Compared {
        one: persons.0,
        other: persons.1,
        moment,
        only_one: sides.0.lines(&(&has - &common), &names),
        both: both.collect(),
        only_other,
        offers,
    })
}

/// The same with somebody who is named by username or id.
#[boxed]
pub async fn compare_with(
    service: &Service,
    cx: &Cx,
    one: IdentityId,
    other: &str,
    as_of: Option<Instant>,
) -> Result<Compared> {
    let other = person_id(service, cx, other).await?;
    compare(service, cx, one, other, as_of).await
}
