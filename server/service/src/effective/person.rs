//! What one person has at a moment: every line with how, since, until, by whom, why, last used, and how many peers have it.

use std::collections::BTreeSet;

use domain::assignment::AssignmentState;
use domain::id::{AssignmentId, EntitlementId, ExclusionId, IdentityId};
use domain::resolution::Access;
use domain::role::Grantable;
use domain::time::{Date, Instant};
use storage::ReadTx;

use super::load::{People, Whole, load};
use super::named::{NamedEntitlement, Names, Wanted};
use super::side::Side;
use super::words::{Way, want, way};
use super::{AsOf, How};
use crate::people::{self, Person};
use crate::{Cx, Error, Result, Service, boxed};

/// Peers that are looked at; more are counted as so many.
pub(crate) const MOST_PEERS: i64 = 200;

/// What is shown of an access, whosever it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// The ways, the most direct first. Never empty.
    pub ways: Vec<Way>,
    /// Since when.
    pub since: Option<Instant>,
    /// Until when; none without an end.
    pub until: Option<Instant>,
    /// The last day a source saw it used.
    pub last_used: Option<Date>,
    /// Whether a source sees it in the application.
    pub seen: bool,
}

impl AccessLine {
    /// Whether one of the ways is of this sort.
    pub fn comes_by(&self, how: How) -> bool {
        self.ways.iter().any(|way| way.how == how)
    }

    /// How, by the most direct way.
    pub fn how(&self) -> How {
        self.ways.first().map_or(How::Direct, |way| way.how)
    }
}

/// Something a person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What.
    pub entitlement: NamedEntitlement,
    /// How, since when, until when.
    pub line: AccessLine,
    /// How many of the peers have it, and how many peers there are; none for past moments.
    pub peers: Option<(usize, usize)>,
}

/// Something that gives nothing now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resting {
    /// The assignment.
    pub id: AssignmentId,
    /// What it would give, by name.
    pub what: (Grantable, String),
    /// Where it is in its life; active ones have not begun yet.
    pub state: AssignmentState,
    /// From when.
    pub from: Instant,
    /// Until when.
    pub until: Option<Instant>,
    /// Why.
    pub reason: String,
}

/// An assignment that is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The assignment.
    pub id: AssignmentId,
    /// What was given, by name.
    pub what: (Grantable, String),
    /// Until when.
    pub until: Option<Instant>,
    /// Where it comes from.
    pub reason: super::Reason,
}

/// An exclusion with names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excluded {
    /// Which.
    pub id: ExclusionId,
    /// From what, by name.
    pub what: (Grantable, String),
    /// Why.
    pub reason: String,
    /// Since when.
    pub from: Instant,
    /// Until when.
    pub until: Option<Instant>,
}

/// Everything about a person's access at a moment.
#[derive(Debug, Clone)]
pub struct PersonAccess {
    /// The moment.
    pub moment: AsOf,
    /// What they have, by application and name.
    pub lines: Vec<Line>,
    /// What was given to them and is in force.
    pub held: Vec<Held>,
    /// What was given and gives nothing now.
    pub resting: Vec<Resting>,
    /// What they shall not get.
    pub exclusions: Vec<Excluded>,
    /// What a source still sees although nothing gives it.
    pub left_over: Vec<NamedEntitlement>,
    /// Whether the person was recorded at that moment; otherwise there is nothing.
    pub recorded: bool,
}

/// What a person has at a moment; none asked for is now.
#[boxed]
pub async fn access_of(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    as_of: Option<Instant>,
) -> Result<(Person, PersonAccess)> {
    let person = people::read(service, cx, id).await?;
    let moment = AsOf::of(as_of, service.now());
    let mut tx = service.store.read().await?;
    let people = load(&mut tx, &[id], moment).await?;
    let access = match people.by_id.get(&id) {
        Some(whole) => shown(&mut tx, &people, whole).await?,
        // Nobody was there yet.
        None => PersonAccess {
            moment,
            lines: Vec::new(),
            held: Vec::new(),
            resting: Vec::new(),
            exclusions: Vec::new(),
            left_over: Vec::new(),
            recorded: false,
        },
    };
    Ok((person, access))
}

/// The same by username or id, for the command line.
#[boxed]
pub async fn access_by_username(
    service: &Service,
    cx: &Cx,
    person: &str,
    as_of: Option<Instant>,
) -> Result<(Person, PersonAccess)> {
    let id = person_id(service, cx, person).await?;
    access_of(service, cx, id, as_of).await
}

/// A person by username or id; who is unknown is named.
pub(super) async fn person_id(service: &Service, cx: &Cx, typed: &str) -> Result<IdentityId> {
    if let Ok(id) = typed.parse() {
        return Ok(id);
    }
    let found = people::by_username(service, cx, typed).await?;
    found.ok_or_else(|| {
        Error::Refused(format!(
            "Nobody here has the username or id “{typed}”. Names of people who have left are found by their id."
        ))
    })
}

/// What somebody has, by application and name, without peers.
pub(super) async fn lines_of(tx: &mut ReadTx, people: &People, whole: &Whole) -> Result<Vec<Line>> {
    let side = Side::of(people, whole.identity.id);
    let all = side.entitlements();
    let mut wanted = Wanted::default();
    side.want(&mut wanted, &all);
    let names = Names::read(tx, wanted).await?;
    Ok(side.lines(&all, &names))
}

async fn shown(tx: &mut ReadTx, people: &People, whole: &Whole) -> Result<PersonAccess> {
    let moment = people.moment;
    let resolved = whole.resolve(&people.graph, moment);
    let has: BTreeSet<EntitlementId> = resolved.iter().map(|access| access.entitlement).collect();
    let mut wanted = Wanted::default();
    wanted.entitlements.extend(&has);
    wanted
        .entitlements
        .extend(whole.observed.iter().map(|seen| seen.key.entitlement));
    for chain in resolved.iter().flat_map(|access| &access.chains) {
        want(&mut wanted, whole, chain);
    }
    for one in &whole.resting {
        wanted.add(one.content.what);
    }
    for index in 0..whole.given.len() {
        super::words::wanted_of_given(&mut wanted, whole, index);
    }
    for one in &whole.exclusions {
        wanted.add(one.content.what);
    }
    let names = Names::read(tx, wanted).await?;
    let peers = if moment.present {
        super::peers::count(tx, whole, moment, &has).await?
    } else {
        None
    };
    let mut lines: Vec<Line> = resolved
        .iter()
        .filter_map(|access| {
            let entitlement = names.entitlements.get(&access.entitlement)?.clone();
            Some(Line {
                line: line(whole, access, &names),
                peers: peers
                    .as_ref()
                    .map(|(counts, all)| (counts.get(&entitlement.id).copied().unwrap_or(0), *all)),
                entitlement,
            })
        })
        .collect();
    lines.sort_by_cached_key(|line| {
        let what = &line.entitlement;
        let fold = domain::text::fold;
        (
            fold(&what.application_display),
            fold(&what.display_name),
            what.id,
        )
    });
    let mut left_over: Vec<NamedEntitlement> = whole
        .observed
        .iter()
        .map(|seen| seen.key.entitlement)
        .filter(|id| !has.contains(id))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .filter_map(|id| names.entitlements.get(&id).cloned())
        .collect();
    left_over.sort_by_cached_key(|named| domain::text::fold(&named.display_name));
    let (held, resting) = given(whole, &names, moment);
    let exclusions = whole.exclusions.iter().map(|one| Excluded {
        id: one.id,
        what: (one.content.what, names.of(one.content.what)),
        reason: one.content.reason.clone(),
        from: one.content.valid_from,
        until: one.content.valid_until,
    });
    Ok(PersonAccess {
        moment,
        lines,
        held,
        resting,
        exclusions: exclusions.collect(),
        left_over,
        recorded: true,
    })
}

/// What was given: what is in force, and what is not.
fn given(whole: &Whole, names: &Names, moment: AsOf) -> (Vec<Held>, Vec<Resting>) {
    let (mut held, mut resting) = (Vec::new(), Vec::new());
    let rest = |one: &storage::assignments::Assignment| Resting {
        id: one.id,
        what: (one.content.what, names.of(one.content.what)),
        state: one.content.state,
        from: one.content.valid_from,
        until: one.content.valid_until,
        reason: one.content.reason.clone(),
    };
    for (given, via) in whole.given.iter().zip(&whole.via) {
        let super::Via::Assigned(one) = via else {
            continue;
        };
        if given.holds(moment.at) {
            held.push(Held {
                id: one.id,
                what: (given.what, names.of(given.what)),
                until: given.until,
                reason: super::words::reason(via, names),
            });
        } else if given.from > moment.at {
            resting.push(rest(one));
        }
    }
    resting.extend(whole.resting.iter().map(rest));
    (held, resting)
}

/// How an access is shown.
pub(super) fn line(whole: &Whole, access: &Access, names: &Names) -> AccessLine {
    let mut ways: Vec<Way> = access
        .chains
        .iter()
        .map(|chain| way(whole, chain, names))
        .collect();
    ways.sort_by_key(|way| (way.how, way.roles.len()));
    let seen: Vec<_> = whole
        .observed
        .iter()
        .filter(|seen| seen.key.entitlement == access.entitlement)
        .collect();
    AccessLine {
        since: access.since(),
        until: access.until(),
        last_used: seen.iter().filter_map(|seen| seen.last_used).max(),
        seen: !seen.is_empty(),
        ways,
    }
}
