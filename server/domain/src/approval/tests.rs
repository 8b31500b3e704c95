//! Random lives of an item: decisions in any order, time-outs, delegations, withdrawals.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::id::{IdentityId, RequestItemId, RoleId};
use crate::request::{Length, Parties};
use crate::time::{HOUR, Instant};

const PARTIES: Parties = Parties {
    requester: IdentityId::from_raw(1),
    beneficiary: IdentityId::from_raw(2),
};

fn person(raw: u8) -> IdentityId {
    IdentityId::from_raw(i64::from(raw))
}

fn at(n: usize) -> Instant {
    Instant::from_micros(i64::try_from(n).expect("small") * HOUR)
}

fn flow(stages: &[Vec<u16>]) -> FlowContent {
    let step = |quorum: &u16| {
        Step::by(Approver::Role {
            role: RoleId::from_raw(1),
            quorum: *quorum,
        })
    };
    FlowContent {
        stages: stages
            .iter()
            .map(|stage| stage.iter().map(step).collect())
            .collect(),
        ..FlowContent::standard()
    }
}

fn any_flow() -> impl Strategy<Value = FlowContent> {
    prop::collection::vec(prop::collection::vec(1_u16..3, 1..3), 1..4)
        .prop_map(|stages| flow(&stages))
}

fn happened(step: u16, a: u8, b: u8, kind: u8, set: BTreeSet<u8>) -> Happened {
    let approvers = set.into_iter().map(person).collect();
    match kind {
        0..=2 => Happened::Opened {
            step,
            approvers,
            because: String::new(),
            due: at(9_999),
            carried: (kind == 2).then(|| person(a)),
        },
        3..=7 => Happened::Decided {
            step,
            vote: Vote::Approve,
            shorter: (kind == 7).then_some(Length::Days(u32::from(a))),
            note: String::new(),
        },
        8 => Happened::Decided {
            step,
            vote: Vote::Reject,
            shorter: None,
            note: String::new(),
        },
        9 => Happened::HandedOn {
            step,
            from: person(a),
            to: person(b),
            reason: String::new(),
        },
        10 => Happened::Escalated {
            step,
            to: approvers,
        },
        11 => Happened::TimedOut { step },
        12 => Happened::Withdrawn {
            reason: String::new(),
        },
        13 => Happened::Asked {
            step,
            question: String::new(),
        },
        _ => Happened::Commented {
            text: String::new(),
        },
    }
}

/// Mostly openings and votes, so that many lives come to an approval.
fn any_life() -> impl Strategy<Value = Vec<RequestEvent>> {
    let kind = prop_oneof![4 => 0_u8..3, 8 => 3_u8..8, 1 => 8_u8..15];
    let event = (
        0_u16..6,
        1_u8..9,
        1_u8..9,
        kind,
        prop::collection::btree_set(1_u8..9, 0..5),
        any::<bool>(),
    );
    prop::collection::vec(event, 0..60).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(n, (step, a, b, kind, set, stands_in))| RequestEvent {
                item: RequestItemId::from_raw(1),
                at: at(n),
                by: Some(person(a)),
                on_behalf_of: stands_in.then(|| person(b)),
                what: happened(step, a, b, kind, set),
            })
            .collect()
    })
}

fn state(flow: &FlowContent, events: &[RequestEvent]) -> Derived {
    derive(flow, Length::Days(30), PARTIES, events)
}

proptest! {
    #[test]
    fn what_is_approved_was_agreed_to_by_enough_people_in_every_step(flow in any_flow(), events in any_life()) {
        let state = state(&flow, &events);
        if state.outcome == Outcome::Approved {
            for step in &state.steps {
                prop_assert_eq!(step.status, StepStatus::Approved);
                let voices: BTreeSet<_> = step.agreed.iter().map(|(by, behalf)| behalf.unwrap_or(*by)).collect();
                prop_assert!(voices.len() >= step.needed);
            }
        }
    }

    #[test]
    fn nobody_decides_on_what_is_theirs(flow in any_flow(), events in any_life()) {
        for step in state(&flow, &events).steps {
            for (by, behalf) in step.agreed {
                prop_assert!(!PARTIES.are(by) && behalf.is_none_or(|one| !PARTIES.are(one)));
            }
            prop_assert!(!step.approvers.iter().any(|one| PARTIES.are(*one)));
        }
    }

    #[test]
    fn one_person_is_one_voice_in_a_step(flow in any_flow(), events in any_life()) {
        for step in state(&flow, &events).steps {
            let mut spoke = BTreeSet::new();
            for (by, behalf) in step.agreed {
                let voice = behalf.unwrap_or(by);
                prop_assert!(spoke.insert(voice));
                prop_assert!(voice == by || spoke.insert(by));
            }
        }
    }

    #[test]
    fn what_has_ended_never_changes(flow in any_flow(), events in any_life(), cut in 0_usize..60) {
        let early = state(&flow, &events[..cut.min(events.len())]);
        if early.outcome != Outcome::Waiting {
            prop_assert_eq!(early, state(&flow, &events));
        }
    }

    #[test]
    fn what_does_not_count_when_cast_changes_nothing(flow in any_flow(), events in any_life(), step in 0_u16..6, by in 1_u8..9, behalf in prop::option::of(1_u8..9), yes: bool) {
        let before = state(&flow, &events);
        let (by, behalf) = (person(by), behalf.map(person));
        let vote = if yes { Vote::Approve } else { Vote::Reject };
        let mut more = events.clone();
        more.push(RequestEvent {
            item: RequestItemId::from_raw(1),
            at: at(1_000),
            by: Some(by),
            on_behalf_of: behalf,
            what: Happened::Decided { step, vote, shorter: None, note: String::new() },
        });
        let after = state(&flow, &more);
        if judge(&before, step, (by, behalf), PARTIES).is_err() {
            prop_assert_eq!(before, after);
        } else {
            prop_assert_ne!(before, after);
        }
    }

    #[test]
    fn a_stage_waits_for_the_one_before(flow in any_flow(), events in any_life()) {
        let state = state(&flow, &events);
        for step in state.steps.iter().filter(|step| step.opened.is_some()) {
            let earlier = state.steps.iter().filter(|other| other.stage < step.stage);
            prop_assert!(earlier.into_iter().all(|other| other.status == StepStatus::Approved));
        }
    }

    #[test]
    fn approvers_only_ever_shorten(flow in any_flow(), events in any_life()) {
        let length = state(&flow, &events).length;
        prop_assert_eq!(length.shorter(Length::Days(30)), length);
    }

    #[test]
    fn the_steps_that_wait_and_those_to_open_are_of_one_stage(flow in any_flow(), events in any_life()) {
        let state = state(&flow, &events);
        let stages: BTreeSet<usize> = state.open().map(|step| step.stage)
            .chain(state.to_open(&flow).iter().filter_map(|n| state.steps.get(usize::from(*n)).map(|step| step.stage)))
            .collect();
        prop_assert!(stages.len() <= 1);
        // Something always leads on: a step that waits, or one to open.
        prop_assert_eq!(state.outcome == Outcome::Waiting, !stages.is_empty());
    }

    #[test]
    fn a_flow_reads_back_as_it_was_written(flow in any_flow()) {
        let text = serde_json::to_string(&flow).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<FlowContent>(&text).expect("a flow"), flow);
    }

    #[test]
    fn an_event_reads_back_as_it_was_written(events in any_life()) {
        for event in events {
            let text = serde_json::to_string(&event).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<RequestEvent>(&text).expect("an event"), event);
        }
    }
}

#[test]
fn a_quorum_that_others_stand_in_for_can_be_reached() {
    let flow = flow(&[vec![2]]);
    let event = |n, by: u8, what| RequestEvent {
        item: RequestItemId::from_raw(1),
        at: at(n),
        by: Some(person(by)),
        on_behalf_of: None,
        what,
    };
    let opened = happened(0, 0, 0, 0, BTreeSet::from([5]));
    let agreed = happened(0, 0, 0, 3, BTreeSet::new());
    let state = state(&flow, &[event(0, 1, opened), event(1, 5, agreed)]);
    assert_eq!(state.outcome, Outcome::Approved);
}

#[test]
fn silence_never_approves() {
    let flow = FlowContent::standard();
    let state = state(&flow, &[]);
    assert_eq!(state.outcome, Outcome::Waiting);
    assert_eq!(state.to_open(&flow), [0]);
}
