//! Giving to many: the plan is what happens, nothing happens twice, and what cannot be given does not hold the rest up.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::id::{EntitlementId, IdentityId};
use domain::job::JobState;
use domain::permission::ConsoleRight;
use domain::time::DAY;
use proptest::prelude::*;
use service::Did;
use service::assignments::{
    Agreed, ExclusionDraft, Forecast, GaveMany, GiveDraft, GiveMany, GivenItem, PlannedGifts,
    exclude, give, give_many, plan_many,
};
use service::effective::access_of;
use service::jobs::{self, Stop, handlers};
use service::people::{End, end, suspend};
use service::{Cx, Error};
use testkit::{TestApp, both_apps, property_of_apps};

use crate::kit::{Kit, set};

type Grants = BTreeSet<(IdentityId, EntitlementId)>;

pub(crate) fn asking(people: &[IdentityId], what: &[&str]) -> GiveMany {
    GiveMany {
        people: people.to_vec(),
        what: what.iter().map(|one| (*one).to_owned()).collect(),
        reason: "A new task".to_owned(),
        ..GiveMany::default()
    }
}

pub(crate) async fn planned(kit: &Kit<'_>, ask: &GiveMany) -> PlannedGifts {
    let planned = plan_many(kit.app.service(), &kit.cx, ask).await;
    planned.expect("a plan")
}

/// Sends the form under a key.
pub(crate) async fn sent(kit: &Kit<'_>, ask: &GiveMany, hash: &str, key: &str) -> GaveMany {
    let cx = Cx {
        once: Some(key.to_owned()),
        ..kit.cx.clone()
    };
    let agreed = Agreed {
        hash: hash.to_owned(),
        ..Agreed::default()
    };
    let gave = give_many(kit.app.service(), &cx, ask, &agreed).await;
    kit.later();
    gave.expect("an answer")
}

pub(crate) fn items(gave: GaveMany) -> Vec<GivenItem> {
    match gave {
        GaveMany::Each(items) => items,
        other => panic!("not one after the other: {other:?}"),
    }
}

pub(crate) fn done(items: &[GivenItem]) -> Vec<Option<Did>> {
    let items = items.iter();
    items
        .map(|item| item.result.as_ref().ok().copied())
        .collect()
}

async fn grants(kit: &Kit<'_>, people: &[IdentityId]) -> Grants {
    let mut all = Grants::new();
    for person in people {
        let access = access_of(kit.app.service(), &kit.cx, *person, None).await;
        let (_, access) = access.expect("the access");
        all.extend(
            access
                .lines
                .iter()
                .map(|line| (*person, line.entitlement.id)),
        );
    }
    all
}

/// How many assignments of a person are in force.
async fn held(kit: &Kit<'_>, person: IdentityId) -> usize {
    let access = access_of(kit.app.service(), &kit.cx, person, None).await;
    access.expect("the access").1.held.len()
}

pub(crate) async fn excluded(kit: &Kit<'_>, person: IdentityId, what: &str) {
    let draft = ExclusionDraft {
        what: what.to_owned(),
        reason: "Conflict of interest.".to_owned(),
        ..ExclusionDraft::default()
    };
    let excluded = exclude(kit.app.service(), &kit.cx, person, &draft).await;
    excluded.expect("excluded");
    kit.later();
}

#[tokio::test]
async fn the_plan_is_what_happens_and_the_same_form_twice_happens_once() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        kit.role("clerk", "sap/read\nsap/post").await;
        let mut people = Vec::new();
        for name in ["Ana Silva", "Ben Ode", "Cy Tran", "Dan Roe"] {
            people.push(kit.person(name).await);
        }
        let [ana, ben, cy, dan] = people[..] else {
            panic!("four people");
        };
        kit.give(ben, "sap/read").await;
        kit.give(cy, "role:clerk").await;
        excluded(&kit, dan, "sap/post").await;
        // A person and a thing count once, however often they are named.
        let ask = asking(&[dan, ana, ben, cy, ana], &["role:clerk", " role:clerk"]);
        let plan = planned(&kit, &ask).await;
        assert_eq!((plan.given, plan.unchanged, plan.refused), (3, 1, 0));
        let said = plan.plan.lines.iter().map(|line| {
            assert!(line.gains, "giving takes nothing away");
            (line.person, line.entitlement.id)
        });
        let said: Grants = said.collect();
        let remarks: Vec<_> = plan
            .remarks
            .iter()
            .map(|one| (one.person, one.forecast))
            .collect();
        assert_eq!(remarks, [(cy, Forecast::Unchanged), (dan, Forecast::Given)]);
        assert!(plan.remarks[1].text.contains("Excluded from The post"));
        let before = grants(&kit, &people).await;
        let first = items(sent(&kit, &ask, &plan.plan.hash, "form").await);
        let all = [Did::Done, Did::Done, Did::Unchanged, Did::Done].map(Some);
        assert_eq!(done(&first), all);
        let after = grants(&kit, &people).await;
        let happened: Grants = after.difference(&before).copied().collect();
        assert_eq!(said, happened, "the plan said something else");
        assert!(before.is_subset(&after));
        // The browser sends it again: the plan is another one now, and still it is the same form.
        let again = items(sent(&kit, &ask, &plan.plan.hash, "form").await);
        assert_eq!(done(&again), all);
        assert_eq!((held(&kit, ana).await, held(&kit, ben).await), (1, 2));
        // Another form, or this one with something else in it, is not.
        let other = sent(&kit, &ask, &plan.plan.hash, "other").await;
        assert!(matches!(other, GaveMany::Different(_)), "{other:?}");
        let read = sent(
            &kit,
            &asking(&[ana], &["sap/read"]),
            &plan.plan.hash,
            "form",
        )
        .await;
        assert!(matches!(read, GaveMany::Different(_)), "{read:?}");
        assert_eq!(held(&kit, ana).await, 1);
    })
    .await;
}

#[tokio::test]
async fn what_changed_meanwhile_is_shown_and_nothing_is_given() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let role = kit.role("clerk", "sap/read").await;
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        let ask = asking(&[ana, ben], &["role:clerk"]);
        let plan = planned(&kit, &ask).await;
        kit.contents(role, &[], "sap/post").await;
        let GaveMany::Different(now) = sent(&kit, &ask, &plan.plan.hash, "form").await else {
            panic!("the role gives more than was shown");
        };
        assert_eq!((plan.plan.gains, now.plan.gains), (2, 4));
        assert!(grants(&kit, &[ana, ben]).await.is_empty());
        // Nobody gains more or less, but with one of them it is not done any more.
        suspend(app.service(), &kit.cx, ben, "On leave")
            .await
            .expect("suspended");
        let shown = planned(&kit, &ask).await;
        let left = End {
            reason: "Left".to_owned(),
            last_day: None,
        };
        end(app.service(), &kit.cx, ben, &left)
            .await
            .expect("ended");
        kit.later();
        let late = sent(&kit, &ask, &shown.plan.hash, "form").await;
        let GaveMany::Different(now) = late else {
            panic!("one of them has left since: {late:?}");
        };
        assert_eq!((shown.plan.gains, now.plan.gains), (2, 2));
        assert!(grants(&kit, &[ana]).await.is_empty());
        let gave = items(sent(&kit, &ask, &now.plan.hash, "form").await);
        assert_eq!(done(&gave), [Some(Did::Done), None]);
        assert_eq!(
            kit.has(ana, None).await,
            set(&[("post", "role"), ("read", "role")])
        );
    })
    .await;
}

#[tokio::test]
async fn who_cannot_be_given_it_is_refused_and_the_rest_is_done() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        let (cy, me) = (kit.person("Cy Tran").await, kit.cx.me().expect("Kim"));
        let left = End {
            reason: "Left".to_owned(),
            last_day: None,
        };
        end(app.service(), &kit.cx, ben, &left)
            .await
            .expect("ended");
        excluded(&kit, cy, "sap/read").await;
        let ask = asking(&[ana, ben, cy, me], &["sap/read"]);
        let plan = planned(&kit, &ask).await;
        assert_eq!((plan.given, plan.unchanged, plan.refused), (1, 0, 3));
        let text = |person| {
            let remark = plan.remarks.iter().find(|one| one.person == person);
            remark.map(|one| one.text.as_str()).unwrap_or_default()
        };
        assert!(text(ben).contains("has left"), "{}", text(ben));
        assert!(text(cy).contains("Conflict of interest"), "{}", text(cy));
        assert!(text(me).contains("themselves"), "{}", text(me));
        let gave = items(sent(&kit, &ask, &plan.plan.hash, "form").await);
        for item in &gave {
            let fine = match &item.result {
                Ok(gave) => item.person == ana && *gave == Did::Done,
                Err(Error::Refused(_)) => item.person == ben,
                Err(Error::Invalid(_)) => item.person == cy,
                Err(Error::Denied { .. }) => item.person == me,
                Err(_) => false,
            };
            assert!(fine, "{item:?}");
        }
        assert_eq!(grants(&kit, &[ana, ben, cy]).await.len(), 1);
        // Alone it is refused for the same reason.
        let alone = GiveDraft {
            what: "sap/read".to_owned(),
            reason: "Needed".to_owned(),
            ..GiveDraft::default()
        };
        let alone = give(app.service(), &kit.cx, cy, &alone).await;
        assert!(matches!(alone, Err(Error::Invalid(_))), "{alone:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_form_is_said_and_nothing_is_given() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let ana = kit.person("Ana Silva").await;
        let ask = asking(&[ana], &["sap/read"]);
        let hash = planned(&kit, &ask).await.plan.hash;
        let agreed = Agreed {
            hash,
            ..Agreed::default()
        };
        let wrong = GiveMany {
            reason: String::new(),
            until: "2001-01-01".to_owned(),
            ..ask.clone()
        };
        let refused = give_many(app.service(), &kit.cx, &wrong, &agreed).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("accepted: {refused:?}");
        };
        assert!(errors.of("reason").is_some() && errors.of("until").is_some());
        for what in ["", "sap/nothing", "bailiwick/administer"] {
            let nothing = plan_many(app.service(), &kit.cx, &asking(&[ana], &[what])).await;
            assert!(
                matches!(nothing, Err(Error::Invalid(_))),
                "{what}: {nothing:?}"
            );
        }
        // Who may not give may not even ask what it would do.
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let people = app
            .someone("Ida Desk", &[ConsoleRight::ManageIdentities])
            .await;
        for cx in [&auditor, &people] {
            let asked = plan_many(app.service(), cx, &ask).await;
            assert!(matches!(asked, Err(Error::Denied { .. })), "{asked:?}");
            let forged = give_many(app.service(), cx, &ask, &agreed).await;
            assert!(matches!(forged, Err(Error::Denied { .. })), "{forged:?}");
        }
        let nobody = app.someone("Eve Employee", &[]).await;
        let forged = give_many(app.service(), &nobody, &ask, &agreed).await;
        assert!(matches!(forged, Err(Error::NotFound)), "{forged:?}");
        assert!(grants(&kit, &[ana]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn many_are_a_job_that_goes_on_where_it_stopped() {
    both_apps(async |app| {
        let names: Vec<String> = (0..25).map(|n| format!("thing{n:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let kit = Kit::new(app, &names).await;
        let mut people = Vec::new();
        for n in 0..41 {
            people.push(kit.person(&format!("Crowd Person{n:02}")).await);
        }
        let what: Vec<String> = names.iter().map(|name| format!("sap/{name}")).collect();
        let what: Vec<&str> = what.iter().map(String::as_str).collect();
        let ask = asking(&people, &what);
        let plan = planned(&kit, &ask).await;
        assert_eq!(
            (plan.given, plan.plan.gains, plan.plan.gaining),
            (1025, 1025, 41)
        );
        let service = app.service();
        let mut agreed = Agreed {
            hash: plan.plan.hash,
            ..Agreed::default()
        };
        let cx = Cx {
            once: Some("form".to_owned()),
            ..kit.cx.clone()
        };
        let untyped = give_many(service, &cx, &ask, &agreed).await;
        let problem = |errors: &domain::field::FieldErrors| errors.of("confirm").is_some();
        assert!(
            matches!(&untyped, Err(Error::Invalid(errors)) if problem(errors)),
            "{untyped:?}"
        );
        agreed.confirm = "41".to_owned();
        let gave = give_many(service, &cx, &ask, &agreed).await.expect("a job");
        let GaveMany::Job(id) = gave else {
            panic!("nobody waits for so many: {gave:?}");
        };
        let again = give_many(service, &cx, &ask, &agreed)
            .await
            .expect("the same");
        assert!(
            matches!(again, GaveMany::Job(same) if same == id),
            "one form, one job"
        );
        // The program ends in the middle of it, and what was counted is lost with it.
        let work = jobs::claim(service, &handlers())
            .await
            .expect("read")
            .expect("waits");
        let running = tokio::spawn({
            let (service, work) = (Arc::clone(service), Arc::clone(&work));
            async move { handlers().run(service, work).await }
        });
        while work.how_far().done < 20 {
            tokio::task::yield_now().await;
        }
        work.stop(Stop::Shutdown);
        let ended = running.await.expect("it stops");
        jobs::settle(service, &work, ended).await.expect("written");
        kit.later();
        let some = grants(&kit, &people).await.len();
        assert!((20..1025).contains(&some), "{some} are given");
        app.clock().advance(DAY);
        let work = jobs::claim(service, &handlers())
            .await
            .expect("read")
            .expect("waits");
        let ended = handlers().run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await.expect("written");
        kit.later();
        let view = jobs::read(service, &kit.cx, id).await.expect("the job");
        assert_eq!(view.job.state, JobState::Done, "{:?}", view.job);
        let counts: Vec<_> = view.job.progress.counts.iter().map(|(_, n)| *n).collect();
        assert_eq!((counts, view.job.progress.problems), (vec![1025, 0], 0));
        assert_eq!(grants(&kit, &people).await.len(), 1025);
        for person in &people {
            assert_eq!(held(&kit, *person).await, 25, "nothing is given twice");
        }
    })
    .await;
}

const NAMES: [&str; 3] = ["read", "post", "pay"];
const THINGS: [&str; 5] = ["sap/read", "sap/post", "sap/pay", "role:one", "role:two"];
const PEOPLE: usize = 3;

/// What one of the people has before: given, or excluded from.
type Before = (usize, usize, bool);

/// Random people with something, random things for random people: the plan is what happens.
async fn comes_true(app: &TestApp, before: &[Before], people: &[usize], what: &[usize]) {
    let kit = Kit::new(app, &NAMES).await;
    kit.role("one", "sap/read\nsap/post").await;
    kit.role("two", "role:one\nsap/pay").await;
    let mut everybody = Vec::new();
    for name in ["Ana Silva", "Ben Ode", "Cy Tran"] {
        everybody.push(kit.person(name).await);
    }
    for (person, thing, gives) in before {
        let (person, thing) = (everybody[*person], THINGS[*thing].to_owned());
        // What is there already, or cannot be, stays as it is.
        if *gives {
            let draft = GiveDraft {
                what: thing,
                reason: "Before".to_owned(),
                ..GiveDraft::default()
            };
            let _ = give(app.service(), &kit.cx, person, &draft).await;
        } else {
            let draft = ExclusionDraft {
                what: thing,
                reason: "Not you".to_owned(),
                ..ExclusionDraft::default()
            };
            let _ = exclude(app.service(), &kit.cx, person, &draft).await;
        }
        kit.later();
    }
    let people: Vec<_> = people.iter().map(|person| everybody[*person]).collect();
    let what: Vec<_> = what.iter().map(|thing| THINGS[*thing]).collect();
    let ask = asking(&people, &what);
    let plan = planned(&kit, &ask).await;
    let had = grants(&kit, &everybody).await;
    let gave = items(sent(&kit, &ask, &plan.plan.hash, "form").await);
    let has = grants(&kit, &everybody).await;
    let lines = plan
        .plan
        .lines
        .iter()
        .map(|line| (line.person, line.entitlement.id));
    let said: Grants = lines.collect();
    let happened: Grants = has.difference(&had).copied().collect();
    assert_eq!(said, happened, "the plan said something else");
    assert!(had.is_subset(&has));
    let count = |wanted: Option<Did>| done(&gave).iter().filter(|one| **one == wanted).count();
    let counts = [Some(Did::Done), Some(Did::Unchanged), None].map(count);
    let planned = [plan.given, plan.unchanged, plan.refused];
    assert_eq!(counts.map(|n| n as u64), planned);
    let late = sent(&kit, &ask, &plan.plan.hash, "again").await;
    assert_eq!(plan.given > 0, matches!(late, GaveMany::Different(_)));
}

#[test]
fn what_is_given_to_many_is_what_was_planned() {
    let before = prop::collection::vec((0..PEOPLE, 0..THINGS.len(), any::<bool>()), 0..8);
    let people = prop::collection::vec(0..PEOPLE, 1..4);
    let what = prop::collection::vec(0..THINGS.len(), 1..4);
    property_of_apps(
        8,
        (before, people, what),
        async |app, (before, people, what)| {
            comes_true(app, before, people, what).await;
        },
    );
}
