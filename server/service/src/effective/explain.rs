//! Why a person has something: one sentence, every way, what would really end it and what else would go; or why not.

use domain::id::{EntitlementId, IdentityId};
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;

use super::load::{People, Whole, load};
use super::named::{NamedEntitlement, Names, Wanted, names_of};
use super::person::{AccessLine, Excluded, line, person_id};
use super::words::{given_name, sentence, want, wanted_of_given};
use super::{AsOf, How};
use crate::people::{self, Person};
use crate::{Cx, Error, Result, Service, boxed};

/// Something that must end so that the access ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MustEnd {
    /// What was given, by name.
    pub what: (Grantable, String),
    /// How it was given.
    pub how: How,
    /// Where it comes from.
    pub reason: super::Reason,
}

/// Why somebody has, or does not have, an entitlement.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The moment.
    pub moment: AsOf,
    /// What.
    pub entitlement: NamedEntitlement,
    /// One sentence.
    pub sentence: String,
    /// How, when they have it.
    pub line: Option<AccessLine>,
    /// What must end, all of it, so that they do not have it any more (the minimal cut).
    pub must_end: Vec<MustEnd>,
    /// What else they would lose with that.
    pub also: Vec<NamedEntitlement>,
    /// What stands in the way, when they would have it otherwise.
    pub excluded: Vec<Excluded>,
    /// What a source sees although nothing gives it.
    pub left_over: Option<LeftOver>,
    /// Whether the person was recorded at that moment.
    pub recorded: bool,
}

/// Access that is there although nothing gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOver {
    /// Who sees it.
    pub source: String,
    /// Since when.
    pub first_seen: Instant,
}

/// Explains an access of a person at a moment.
#[boxed]
pub async fn explain(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    entitlement: EntitlementId,
    as_of: Option<Instant>,
) -> Result<(Person, Explained)> {
    let person = people::read(service, cx, id).await?;
    let moment = AsOf::of(as_of, service.now());
    let mut tx = service.store.read().await?;
    let people = load(&mut tx, &[id], moment).await?;
    let explained = match people.by_id.get(&id) {
        Some(whole) => of(&mut tx, &people, whole, entitlement).await?,
        None => before_all(&mut tx, &person, moment, entitlement).await?,
    };
    Ok((person, explained))
}

/// Nothing was known of the person at that moment.
async fn before_all(
    tx: &mut ReadTx,
    person: &Person,
    moment: super::AsOf,
    entitlement: EntitlementId,
) -> Result<Explained> {
    let named = names_of(tx, &[entitlement]).await?.remove(&entitlement);
    let what = named.ok_or(Error::NotFound)?;
    let name = &person.identity.content.display_name;
    let (thing, place) = (&what.display_name, &what.application_display);
    Ok(Explained {
        moment,
        sentence: format!(
            "{name} was not recorded here then, and so did not have {thing} in {place}."
        ),
        line: None,
        must_end: Vec::new(),
        also: Vec::new(),
        excluded: Vec::new(),
        left_over: None,
        recorded: false,
        entitlement: what,
    })
}

/// The same by username and `APPLICATION/ENTITLEMENT`, for the command line.
#[boxed]
pub async fn explain_by_names(
    service: &Service,
    cx: &Cx,
    person: &str,
    entitlement: &str,
    as_of: Option<Instant>,
) -> Result<(Person, Explained)> {
    let id = person_id(service, cx, person).await?;
    let entitlement = entitlement_by_names(service, cx, entitlement).await?;
    explain(service, cx, id, entitlement, as_of).await
}

/// An entitlement by `APPLICATION/ENTITLEMENT` or id; what is unknown is named.
#[boxed]
pub async fn entitlement_by_names(
    service: &Service,
    cx: &Cx,
    typed: &str,
) -> Result<EntitlementId> {
    cx.decide(
        domain::permission::Action::ReadAccess,
        None,
        domain::permission::Facts::default(),
    )?;
    if let Ok(id) = typed.parse() {
        return Ok(id);
    }
    let mut tx = service.store.read().await?;
    // Names of either may hold a slash.
    for (index, _) in typed.match_indices('/') {
        let (application, name) = (&typed[..index], &typed[index + 1..]);
        let Some(application) = tx.application_by_name(application).await? else {
            continue;
        };
        if let Some(found) = tx.entitlement_by_name(application.id, name).await? {
            return Ok(found.id);
        }
    }
    Err(Error::Refused(format!(
        "There is no entitlement “{typed}”. Write it as APPLICATION/ENTITLEMENT with the technical names, or as an id."
    )))
}

async fn of(
    tx: &mut ReadTx,
    people: &People,
    whole: &Whole,
    entitlement: EntitlementId,
) -> Result<Explained> {
    let (graph, moment) = (&people.graph, people.moment);
    let access = whole
        .resolve(graph, moment)
        .into_iter()
        .find(|access| access.entitlement == entitlement);
    let cut = whole.cut(graph, moment, entitlement);
    let mut wanted = Wanted::default();
    wanted.entitlements.insert(entitlement);
    for chain in access.iter().flat_map(|access| &access.chains) {
        want(&mut wanted, whole, chain);
    }
    if let Some(cut) = &cut {
        wanted.entitlements.extend(&cut.also);
        for index in &cut.given {
            wanted_of_given(&mut wanted, whole, *index);
        }
    }
    for one in &whole.exclusions {
        wanted.add(one.content.what);
    }
    let seen = whole
        .observed
        .iter()
        .find(|seen| seen.key.entitlement == entitlement);
    wanted.sources.extend(seen.map(|seen| seen.source));
    let names = Names::read(tx, wanted).await?;
    let what = names
        .entitlements
        .get(&entitlement)
        .cloned()
        .ok_or(Error::NotFound)?;
    let line = access.as_ref().map(|access| line(whole, access, &names));
    let excluded = excluded(people, whole, entitlement, &names);
    let name = &whole.identity.content.display_name;
    let mut text = sentence(
        name,
        &what.display_name,
        &what.application_display,
        line.as_ref().map_or(&[], |line| &line.ways),
    );
    if line.is_none()
        && let Some(first) = excluded.first()
    {
        text = format!(
            "{text} {name} is excluded from {}: {}",
            first.what.1, first.reason
        );
    }
    if line.is_none() && !whole.subject.is_there(moment.at) {
        text = format!("{text} {name} is not active, and so has no access at all.");
    }
    let left_over = seen.filter(|_| line.is_none()).map(|seen| LeftOver {
        source: names.sources.get(&seen.source).cloned().unwrap_or_default(),
        first_seen: seen.first_seen,
    });
    let cut_given = cut.as_ref().map_or(&[][..], |cut| &cut.given);
    let must_end = cut_given.iter().map(|index| MustEnd {
        what: given_name(whole, *index, &names),
        how: super::words::how(
            &whole.via[*index],
            whole.given[*index].what.role().is_some(),
        ),
        reason: super::words::reason(&whole.via[*index], &names),
    });
    let also = cut.iter().flat_map(|cut| &cut.also);
    Ok(Explained {
        moment,
        sentence: text,
        line,
        must_end: must_end.collect(),
        also: also
            .filter_map(|id| names.entitlements.get(id).cloned())
            .collect(),
        excluded,
        left_over,
        recorded: true,
        entitlement: what,
    })
}

/// The exclusions in force that keep it from the person, or from one of the ways.
fn excluded(
    people: &People,
    whole: &Whole,
    entitlement: EntitlementId,
    names: &Names,
) -> Vec<Excluded> {
    let in_force = whole.exclusions.iter().filter(|one| {
        let content = &one.content;
        content.valid_from <= people.moment.at
            && content
                .valid_until
                .is_none_or(|until| until > people.moment.at)
    });
    in_force
        .filter(|one| match one.content.what {
            Grantable::Entitlement(id) => id == entitlement,
            Grantable::Role(role) => people.graph.reach(role).contains(&entitlement),
        })
        .map(|one| Excluded {
            id: one.id,
            what: (one.content.what, names.of(one.content.what)),
            reason: one.content.reason.clone(),
            from: one.content.valid_from,
            until: one.content.valid_until,
        })
        .collect()
}
