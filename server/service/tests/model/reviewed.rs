//! Random companies under review: the population is exactly what people have and the scope names, everything in it is there
//! once, reviewed or left out with a reason, and nobody decides on themselves (invariants 5 and 6).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::approval::Approver;
use domain::id::{CampaignId, IdentityId, ObjectRef};
use domain::identity::IdentityDraft;
use domain::review::{CampaignState, Excluded, ExcludedWhy, Facts, ReviewContent, Scope, Stage};
use proptest::prelude::*;
use service::assignments::{ExclusionDraft, exclude};
use service::effective::access_of;
use service::jobs::{self, handlers};
use service::{people, reviews};
use storage::reviews::{PopulationPlace, PopulationReader};
use testkit::{TestApp, property_of_apps};

use crate::kit::Kit;

const NAMES: [&str; 4] = ["read", "post", "pay", "close"];
const ROLES: [(&str, &str); 2] = [("clerk", "sap/read\nsap/post"), ("payer", "sap/pay")];
const PEOPLE: usize = 5;

/// Who leads whom, who has what, and what is looked at by whom.
#[derive(Debug, Clone)]
struct Case {
    /// Of each person the number of the manager; their own for none.
    managers: Vec<usize>,
    roles: Vec<(usize, usize)>,
    direct: Vec<(usize, usize)>,
    excluded: Vec<(usize, usize)>,
    things: &'static str,
    /// The people in scope: one of them, or everybody.
    only: Option<usize>,
    sample: Option<u32>,
    reviewer: usize,
    not_grantor: bool,
}

fn cases() -> impl Strategy<Value = Case> {
    let pairs = |most: usize| prop::collection::vec((0..PEOPLE, 0..most), 0..8);
    let things = prop::sample::select(vec!["", "application:sap", "pay"]);
    (
        prop::collection::vec(0..PEOPLE, PEOPLE),
        pairs(ROLES.len()),
        pairs(NAMES.len()),
        pairs(NAMES.len()),
        (things, prop::option::of(0..PEOPLE)),
        prop::option::of(2_u32..4),
        0..4_usize,
        any::<bool>(),
    )
        .prop_map(
            |(managers, roles, direct, excluded, (things, only), sample, reviewer, not_grantor)| {
                Case {
                    managers,
                    roles,
                    direct,
                    excluded,
                    things,
                    only,
                    sample,
                    reviewer,
                    not_grantor,
                }
            },
        )
}

#[test]
fn a_population_is_what_people_have_reviewed_or_left_out() {
    property_of_apps(6, cases(), async |app, case| walk(app, case).await);
}

async fn walk(app: &TestApp, case: &Case) {
    let kit = Kit::new(app, &NAMES).await;
    let everybody = company(&kit, case).await;
    let owner = kit.cx.me().expect("a person acts");
    let reviewer = match case.reviewer {
        0 => Approver::Manager,
        1 => Approver::ApplicationOwner,
        2 => Approver::Administrators,
        _ => Approver::People {
            people: everybody[..2].to_vec(),
        },
    };
    let content = ReviewContent {
        name: "Random".to_owned(),
        scope: Scope {
            people: case.only.map_or_else(String::new, |one| format!("p{one}")),
            things: case.things.to_owned(),
            sample: case.sample,
            ..Scope::everything()
        },
        stages: vec![Stage::by(reviewer)],
        not_grantor: case.not_grantor,
        ..ReviewContent::draft(owner)
    };
    let id = launched(&kit, content).await;
    let (items, excluded) = population(app, id).await;
    let counts = reviews::campaign(app.service(), &kit.cx, id)
        .await
        .expect("it")
        .content;
    let open = counts.state == CampaignState::Open;
    assert_eq!(open, !items.is_empty(), "{counts:?}");
    if !open {
        // With nothing to decide it is called off: it says how much there was, and leaves nothing.
        assert!(excluded.is_empty());
        let all = expected(&kit, case, &everybody).await.len() as u64;
        assert_eq!(
            (counts.population.all, counts.population.included),
            (all, 0)
        );
        return;
    }
    assert!(counts.population.adds_up());
    assert_eq!(counts.population.included, items.len() as u64);
    assert_eq!(counts.population.excluded, excluded.len() as u64);
    let numbers: Vec<u64> = items.keys().chain(excluded.keys()).copied().collect();
    let all: BTreeSet<u64> = numbers.iter().copied().collect();
    assert_eq!(all.len(), numbers.len(), "something is in it twice");
    assert_eq!(all, (1..=numbers.len() as u64).collect());
    let of_items = items.values().map(|one| (one.holder, one.what));
    let of_excluded = excluded.values().map(|one| (one.holder, one.what));
    let found: BTreeSet<(ObjectRef, ObjectRef)> = of_items.chain(of_excluded).collect();
    assert_eq!(found.len(), numbers.len(), "something has two numbers");
    assert_eq!(found, expected(&kit, case, &everybody).await);
    for facts in items.values() {
        assert_ne!(ObjectRef::from(facts.reviewer), facts.holder);
        if case.not_grantor {
            assert_ne!(Some(facts.reviewer), facts.granted_by);
        }
    }
    for one in excluded.values() {
        assert_ne!(one.excluded, ExcludedWhy::Unchanged, "nothing was decided");
        assert!(case.sample.is_some() || one.excluded == ExcludedWhy::NobodyElse);
    }
}

async fn company(kit: &Kit<'_>, case: &Case) -> Vec<IdentityId> {
    let mut everybody = Vec::new();
    for (number, manager) in case.managers.iter().enumerate() {
        let draft = IdentityDraft {
            username: format!("p{number}"),
            display_name: format!("P{number}"),
            department: "Finance".to_owned(),
            // Only who was there before can lead, so nobody leads themselves in a circle.
            manager: if *manager < number {
                format!("p{manager}")
            } else {
                String::new()
            },
            kind: "employee".to_owned(),
            ..IdentityDraft::default()
        };
        let id = people::create(kit.app.service(), &kit.cx, &draft).await;
        everybody.push(id.expect("a person"));
        kit.later();
    }
    let mut roles = Vec::new();
    for (name, parts) in ROLES {
        roles.push(kit.role(name, parts).await);
    }
    // What somebody has already is not given again.
    let once: BTreeSet<(usize, usize)> = case.roles.iter().copied().collect();
    for (person, role) in once {
        kit.give(everybody[person], &roles[role].to_string()).await;
    }
    let once: BTreeSet<(usize, usize)> = case.direct.iter().copied().collect();
    for (person, what) in once {
        kit.give(everybody[person], &format!("sap/{}", NAMES[what]))
            .await;
    }
    let once: BTreeSet<(usize, usize)> = case.excluded.iter().copied().collect();
    for (person, what) in once {
        let draft = ExclusionDraft {
            what: format!("sap/{}", NAMES[what]),
            reason: "Not you".to_owned(),
            ..ExclusionDraft::default()
        };
        exclude(kit.app.service(), &kit.cx, everybody[person], &draft)
            .await
            .expect("an exclusion");
        kit.later();
    }
    everybody
}

async fn launched(kit: &Kit<'_>, content: ReviewContent) -> CampaignId {
    let service = kit.app.service();
    let review = reviews::create(service, &kit.cx, content)
        .await
        .expect("a review");
    let launched = reviews::launch(service, &kit.cx, review)
        .await
        .expect("a campaign");
    while let Some(work) = jobs::claim(service, &handlers()).await.expect("the queue") {
        let ended = handlers()
            .run(Arc::clone(kit.app.service()), Arc::clone(&work))
            .await;
        jobs::settle(service, &work, ended)
            .await
            .expect("it is written down");
    }
    launched.campaign
}

async fn population(
    app: &TestApp,
    id: CampaignId,
) -> (BTreeMap<u64, Facts>, BTreeMap<u64, Excluded>) {
    let (mut items, mut excluded) = (BTreeMap::new(), BTreeMap::new());
    let mut reader = PopulationReader::new(id);
    let mut read = app.db().read().await;
    loop {
        let rows = read.population_rows(&mut reader, 100).await.expect("rows");
        if rows.is_empty() {
            return (items, excluded);
        }
        for row in rows {
            match row.place {
                PopulationPlace::Subject(..) => {}
                PopulationPlace::Item(_) => {
                    let facts: Facts = serde_json::from_str(&row.content).expect("facts");
                    items.insert(facts.number, facts);
                }
                PopulationPlace::Excluded(_) => {
                    let one: Excluded = serde_json::from_str(&row.content).expect("it");
                    excluded.insert(one.number, one);
                }
            }
        }
    }
}

/// What the pages of the people in scope say, as far as it is in scope.
async fn expected(
    kit: &Kit<'_>,
    case: &Case,
    everybody: &[IdentityId],
) -> BTreeSet<(ObjectRef, ObjectRef)> {
    let mut all = BTreeSet::new();
    let administrator = kit.cx.me().expect("a person acts");
    let mut people: Vec<IdentityId> = everybody.to_vec();
    people.push(administrator);
    for (number, person) in people.iter().enumerate() {
        if case.only.is_some_and(|only| only != number) {
            continue;
        }
        let (_, access) = access_of(kit.app.service(), &kit.cx, *person, None)
            .await
            .expect("the access");
        for line in &access.lines {
            let named = match case.things {
                "" => true,
                "pay" => line.entitlement.name == "pay",
                _ => line.entitlement.application_name == "sap",
            };
            if named {
                all.insert(((*person).into(), line.entitlement.id.into()));
            }
        }
    }
    all
}
