//! Properties of reviews: what was decided stays decided, nobody decides on themselves, populations add up, and only a later
//! reading verifies.

use proptest::prelude::*;

use super::*;
use crate::id::{IdentityId, ObjectKind, ObjectRef};
use crate::lifecycle::Level;
use crate::time::{DAY, Date, Instant};

fn person(n: i64) -> IdentityId {
    IdentityId::from_raw(n)
}

fn facts(flags: Vec<Flag>) -> Facts {
    Facts {
        number: 1,
        item: ItemKind::Access,
        holder: person(1).into(),
        what: ObjectRef {
            kind: ObjectKind::Entitlement,
            raw: 7,
        },
        how: How::Direct,
        because: None,
        ways: 1,
        assignment: None,
        since: None,
        until: None,
        granted_by: None,
        reason: String::new(),
        used: None,
        use_known: false,
        peers: None,
        risk: None,
        flags,
        last: None,
        changed: false,
        reviewer: person(2),
        why: Why::Manager,
    }
}

fn choice() -> impl Strategy<Value = Choice> {
    prop::sample::select(Choice::ALL)
}

fn decision() -> impl Strategy<Value = Decision> {
    (choice(), 0_u8..4, 1_i64..6).prop_map(|(choice, stage, to)| {
        let staged = Staged {
            to: Some(person(to)),
            ..Staged::of(choice)
        };
        Decision::submitted(
            1,
            stage,
            staged,
            (Some(person(2)), None),
            Instant::from_micros(0),
        )
    })
}

fn rule() -> impl Strategy<Value = StageRule> {
    prop::sample::select(StageRule::ALL)
}

proptest! {
    /// Invariant 4: whatever is appended later, what was decided stays.
    #[test]
    fn a_decided_item_stays_decided(
        stages in 1_u8..=3,
        rule in rule(),
        decisions in prop::collection::vec(decision(), 0..12),
        more in prop::collection::vec(decision(), 0..6),
    ) {
        let before = derive(stages, rule, &decisions);
        let all: Vec<Decision> = decisions.iter().cloned().chain(more).collect();
        let after = derive(stages, rule, &all);
        match before {
            Outcome::Decided { .. } => prop_assert_eq!(before, after),
            Outcome::Open { stage, .. } => if let Outcome::Open { stage: later, .. } = after {
                prop_assert!(later >= stage);
            },
        }
    }

    /// What moved an item step by step comes to what its decisions come to.
    #[test]
    fn an_item_stands_where_its_decisions_come_to(
        stages in 1_u8..=3,
        rule in rule(),
        decisions in prop::collection::vec(decision(), 0..12),
    ) {
        let first = Standing::first(person(9));
        let standing = decisions.iter().fold(first, |at, one| at.decided(stages, rule, one));
        match derive(stages, rule, &decisions) {
            Outcome::Decided { choice, .. } => {
                prop_assert_eq!((standing.open, standing.choice), (false, Some(choice)));
            }
            Outcome::Open { stage, by } => {
                prop_assert_eq!((standing.open, standing.stage), (true, stage));
                prop_assert!(by.is_none_or(|by| by == standing.reviewer));
            }
        }
    }

    /// Time speaks for the stage that waits and for those after it; who was asked last stays.
    #[test]
    fn time_ends_an_item(stages in 1_u8..=3, rule in rule(), from in 0_u8..3) {
        let at = Standing { stage: from.min(stages - 1), ..Standing::first(person(9)) };
        let last = if rule == StageRule::RevokeIsEnough { at.stage + 1 } else { stages };
        let by_time = |stage| {
            let staged = Staged::of(Choice::Revoke);
            Decision::submitted(1, stage, staged, (None, None), Instant::from_micros(0))
        };
        let after = (at.stage..last).map(by_time).fold(at, |at, one| at.decided(stages, rule, &one));
        prop_assert_eq!(after, Standing { open: false, choice: Some(Choice::Revoke), ..at });
    }

    /// Nothing but a decision decides, "not sure" never does, and the outcome is one that somebody chose.
    #[test]
    fn silence_and_doubt_never_keep(
        stages in 1_u8..=3,
        rule in rule(),
        decisions in prop::collection::vec(decision(), 0..12),
    ) {
        let unsure: Vec<Decision> = decisions
            .iter()
            .cloned()
            .map(|one| Decision { choice: Choice::NotSure, ..one })
            .collect();
        let open = matches!(derive(stages, rule, &unsure), Outcome::Open { stage: 0, .. });
        prop_assert!(open);
        if let Outcome::Decided { choice, decision } = derive(stages, rule, &decisions) {
            prop_assert_ne!(choice, Choice::NotSure);
            prop_assert_eq!(decisions[decision].choice, choice);
            let last = decisions[decision].stage + 1 == stages;
            prop_assert!(last || (rule == StageRule::RevokeIsEnough && choice == Choice::Revoke));
        }
    }

    /// Invariant 5: whoever is asked for, nobody decides on themselves or, where that is set, on what they gave.
    #[test]
    fn nobody_decides_on_themselves(
        groups in prop::collection::vec(prop::collection::vec(1_i64..6, 0..5), 0..4),
        holder in prop::option::of(1_i64..6),
        grantor in prop::option::of(1_i64..6),
        share: u64,
    ) {
        let groups: Vec<Candidates> = groups
            .into_iter()
            .map(|group| Candidates { people: group.into_iter().map(|one| (person(one), Why::Named)).collect() })
            .collect();
        let parts = Parts { holder: holder.map(person), grantor: grantor.map(person) };
        match choose(&groups, parts, share) {
            Some((who, _)) => {
                prop_assert!(!parts.are(who));
                // It is one of the first group in which anybody may.
                let first = groups.iter().find(|group| group.people.iter().any(|(one, _)| !parts.are(*one)));
                prop_assert!(first.is_some_and(|group| group.people.iter().any(|(one, _)| *one == who)));
            }
            None => prop_assert!(groups.iter().all(|group| group.people.iter().all(|(one, _)| parts.are(*one)))),
        }
    }

    /// A later stage goes to somebody who did not decide before, as long as there is anybody.
    #[test]
    fn a_later_stage_is_somebody_elses(
        groups in prop::collection::vec(prop::collection::vec(1_i64..6, 0..5), 0..4),
        holder in prop::option::of(1_i64..6),
        earlier in prop::collection::vec(1_i64..6, 0..3),
        share: u64,
    ) {
        let groups: Vec<Candidates> = groups
            .into_iter()
            .map(|group| Candidates { people: group.into_iter().map(|one| (person(one), Why::Named)).collect() })
            .collect();
        let parts = Parts { holder: holder.map(person), grantor: None };
        let earlier: Vec<IdentityId> = earlier.into_iter().map(person).collect();
        if let Some((who, _)) = choose_apart(&groups, parts, &earlier, share) {
            prop_assert!(!parts.are(who) && !earlier.contains(&who));
        } else {
            let left = choose(&groups, parts, share);
            prop_assert!(left.is_none_or(|(who, _)| earlier.contains(&who)));
        }
    }

    /// The same person's items go to one reviewer, and people are spread over all who share the work.
    #[test]
    fn work_is_shared_by_person(count in 1_usize..6) {
        let group = Candidates { people: (1..=count).map(|n| (person(i64::try_from(n).unwrap()), Why::Role)).collect() };
        let parts = Parts { holder: None, grantor: None };
        let chosen: std::collections::BTreeSet<_> =
            (0..count as u64).filter_map(|share| choose([&group], parts, share)).collect();
        prop_assert_eq!(chosen.len(), count);
        prop_assert_eq!(choose([&group], parts, 7), choose([&group], parts, 7));
    }

    /// "Not sure" never goes back to whoever is not sure, nor to the person it is about.
    #[test]
    fn doubt_goes_to_somebody_else(to in prop::option::of(1_i64..5), by in 1_i64..5) {
        let staged = Staged { to: to.map(person), ..Staged::of(Choice::NotSure) };
        let result = check(&facts(Vec::new()), &staged, person(by), Instant::from_micros(0));
        prop_assert_eq!(result.is_ok(), to.is_some_and(|to| to != by && to != 1));
    }

    /// A flagged item is kept with a reason or not at all, and never in bulk.
    #[test]
    fn flagged_items_are_kept_with_a_reason(flag in prop::sample::select(Flag::ALL), reason in "[ a-z]{0,5}") {
        let flagged = facts(vec![flag]);
        prop_assert!(!swept(&flagged));
        let staged = Staged { reason: reason.clone(), ..Staged::of(Choice::Keep) };
        let result = check(&flagged, &staged, person(2), Instant::from_micros(0));
        prop_assert_eq!(result.is_ok(), !reason.trim().is_empty());
    }

    /// A change makes access shorter, and never ends in the past.
    #[test]
    fn a_change_shortens(now in 0_i64..100, until in 0_i64..100, end in prop::option::of(0_i64..100)) {
        let whole = Facts { until: end.map(Instant::from_micros), ..facts(Vec::new()) };
        let staged = Staged { until: Some(Instant::from_micros(until)), ..Staged::of(Choice::Change) };
        let result = check(&whole, &staged, person(2), Instant::from_micros(now));
        prop_assert_eq!(result.is_ok(), until > now && end.is_none_or(|end| until <= end));
    }

    /// Invariant 7: only a reading that began later and does not show the access verifies.
    #[test]
    fn only_a_later_reading_verifies(sent in 0_i64..50, began in 0_i64..50, shows: bool) {
        let read = Read { began: Instant::from_micros(began), shows };
        prop_assert_eq!(verifies(Instant::from_micros(sent), read), began > sent && !shows);
    }

    /// What is over stays over, and nothing is verified that was not sent.
    #[test]
    fn remedies_go_forward(steps in prop::collection::vec(0_usize..7, 0..20)) {
        const STEPS: [RemedyStep; 7] = [
            RemedyStep::Restore, RemedyStep::Send, RemedyStep::Vanish, RemedyStep::Fail,
            RemedyStep::Acknowledge, RemedyStep::Verify, RemedyStep::Reopen,
        ];
        let (mut state, mut sent) = (RemedyState::Decided, false);
        for step in steps {
            let before = state;
            if let Ok(next) = state.step(STEPS[step]) {
                prop_assert!(!before.is_over());
                sent |= next == RemedyState::Sent;
                state = next;
            }
        }
        prop_assert!(sent || !matches!(state, RemedyState::Verified | RemedyState::Acknowledged));
    }

    /// The days of a repeated review go forward, and the next one is the first that is not over.
    #[test]
    fn repeats_go_forward(every in prop::sample::select(Every::ALL), year in 2000_i16..2100, month in 1_i8..=12, after in 0_i32..2000) {
        let from = Date::new(jiff::civil::Date::new(year, month, 28).unwrap());
        let repeats = Repeats { every, from };
        let some: Vec<Date> = repeats.days().take(30).collect();
        prop_assert!(some.windows(2).all(|pair| pair[0] < pair[1]));
        let day = from.plus_days(after);
        let next = repeats.next(day).unwrap();
        prop_assert!(next >= day);
        prop_assert!(repeats.days().take_while(|one| *one < next).all(|one| one < day));
    }
}

#[test]
fn the_last_of_a_month_stays_the_last() {
    let from = Date::new(jiff::civil::date(2026, 1, 31));
    let repeats = Repeats {
        every: Every::Month,
        from,
    };
    let days: Vec<String> = repeats.days().take(4).map(|day| day.to_string()).collect();
    assert_eq!(
        days,
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
    );
}

#[test]
fn what_is_not_as_it_should_be_is_marked() {
    let today = Date::new(jiff::civil::date(2026, 11, 23));
    let of = |facts: &Facts| flags(facts, 90, today, false);
    let plain = facts(Vec::new());
    assert_eq!(of(&plain), []);
    let risky = Facts {
        risk: Some(Level::High),
        use_known: true,
        ..plain.clone()
    };
    assert_eq!(of(&risky), [Flag::Privileged, Flag::Unused]);
    let used = Facts {
        use_known: true,
        used: Some(today.plus_days(-90)),
        peers: Some((0, 30)),
        ..plain.clone()
    };
    assert_eq!(of(&used), [Flag::Outlier]);
    assert_eq!(flags(&plain, 90, today, true), [Flag::Leaver]);
}

#[test]
fn a_review_says_all_that_is_wrong_at_once() {
    let draft = ReviewContent {
        stages: vec![Stage {
            days: 0,
            ..Stage::by(crate::approval::Approver::Manager)
        }],
        scope: Scope {
            sample: Some(1),
            ..Scope::everything()
        },
        ..ReviewContent::draft(person(1))
    };
    let errors = draft.check().unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field).collect();
    assert_eq!(fields, ["name", "stage_days-1", "sample"]);
    let good = ReviewContent {
        name: " Quarterly ".to_owned(),
        ..ReviewContent::draft(person(1))
    };
    assert_eq!(good.clone().check().unwrap().name, "Quarterly");
    assert_eq!(good.days(), 14);
    assert_eq!(Unanswered::ALL[0], Unanswered::Revoke);
    assert_eq!(DAY * i64::from(good.grace_hours) / 24, DAY);
}

#[test]
fn stages_end_one_after_the_other_and_more_time_is_for_all() {
    let zone = jiff::tz::TimeZone::get("Europe/Lisbon").expect("a zone");
    let day = |text: &str| text.parse::<Date>().expect("a day");
    let stage = |days, remind_days| Stage {
        days,
        remind_days,
        ..Stage::by(crate::approval::Approver::Manager)
    };
    let terms = ReviewContent {
        stages: vec![stage(14, Some(4)), stage(7, Some(7)), stage(3, None)],
        ..ReviewContent::draft(person(1))
    };
    // The clocks go forward on the 29th of March.
    let mut content = CampaignContent {
        name: "Spring".to_owned(),
        review: None,
        terms,
        state: CampaignState::Open,
        launched_by: None,
        frozen: day("2026-03-10").start(&zone),
        due: day("2026-04-03").end(&zone),
        escalated: None,
        seed: 7,
        population: Population::default(),
        ended: None,
        effective: None,
        signed_by: None,
        sign_off: String::new(),
    };
    let ends = |content: &CampaignContent| [0, 1, 2].map(|stage| content.stage_end(stage, &zone));
    let days = ["2026-03-24", "2026-03-31", "2026-04-03"];
    assert_eq!(ends(&content), days.map(|text| day(text).end(&zone)));
    let reminded = [0, 1, 2].map(|stage| content.reminded_at(stage, &zone));
    let fourth = day("2026-03-20").end(&zone);
    assert_eq!(
        reminded,
        [Some(fourth), None, None],
        "never before it began"
    );
    content.due = day("2026-04-10").end(&zone);
    assert_eq!(ends(&content)[0], day("2026-03-31").end(&zone));
}

#[test]
fn the_turn_of_a_day_is_the_last_one_before_it() {
    let day = |text: &str| text.parse::<Date>().expect("a day");
    let repeats = Repeats {
        every: Every::Month,
        from: day("2026-01-31"),
    };
    for (today, last) in [
        ("2026-01-30", None),
        ("2026-01-31", Some("2026-01-31")),
        ("2026-02-27", Some("2026-01-31")),
        ("2026-02-28", Some("2026-02-28")),
        ("2026-04-01", Some("2026-03-31")),
    ] {
        assert_eq!(repeats.last(day(today)), last.map(day), "{today}");
    }
}
