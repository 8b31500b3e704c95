//! What the decisions on an item come to: derived from them in their order, and from nothing else.

use serde::{Deserialize, Serialize};

use super::{Choice, Decision, StageRule};
use crate::id::IdentityId;

/// Where an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Somebody has to decide.
    Open {
        /// In which stage, from 0.
        stage: u8,
        /// Who, when it was passed on in this stage.
        by: Option<IdentityId>,
    },
    /// It is decided, with the decision's place among those on the item.
    Decided {
        /// What was decided.
        choice: Choice,
        /// By which decision.
        decision: usize,
    },
}

/// What decisions on an item come to. One that was made when the item was decided, or in another stage than the one that
/// waits, is passed over: it changes nothing.
pub fn derive(stages: u8, rule: StageRule, decisions: &[Decision]) -> Outcome {
    let mut stage = 0;
    let mut by = None;
    for (place, decision) in decisions.iter().enumerate() {
        if decision.stage != stage {
            continue;
        }
        let choice = decision.choice;
        if choice == Choice::NotSure {
            by = decision.to;
            continue;
        }
        let last = stage + 1 >= stages;
        let enough = rule == StageRule::RevokeIsEnough && choice == Choice::Revoke;
        if last || enough {
            return Outcome::Decided {
                choice,
                decision: place,
            };
        }
        stage += 1;
        by = None;
    }
    Outcome::Open { stage, by }
}
