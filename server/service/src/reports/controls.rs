//! What is there for each control.

use domain::report::{CONTROLS, Check, Control, Measure};
use storage::audit::StoredCheckpoint;
use storage::reports::Revocations;

use super::Counted;

/// What was counted for a control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// So many of so many.
    Share {
        /// How many are as they should be.
        done: u64,
        /// All of them.
        all: u64,
    },
    /// So many that should not be there.
    Against(u64),
    /// Signed up to this entry.
    Signed(i64),
    /// Nothing was counted yet.
    Unknown,
}

impl Proof {
    /// Whether it is as asked for; none while nobody knows, or nothing is there that could be.
    pub const fn met(self) -> Option<bool> {
        match self {
            Self::Share { done, all } if all > 0 => Some(done >= all),
            Self::Against(count) => Some(count == 0),
            Self::Signed(_) => Some(true),
            Self::Share { .. } | Self::Unknown => None,
        }
    }

    /// Whether it was counted, and there was nothing to count: that shows neither that it is as asked for nor a gap.
    pub const fn is_nothing_yet(self) -> bool {
        matches!(self, Self::Share { all: 0, .. })
    }
}

/// A control with what was counted for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The control.
    pub control: Control,
    /// What was counted.
    pub proof: Proof,
}

pub(super) fn lines(
    latest: Option<&Counted>,
    revoked: Revocations,
    signed: Option<&StoredCheckpoint>,
) -> Vec<Line> {
    let line = |control: &Control| Line {
        control: *control,
        proof: proof(control.check, latest, revoked, signed),
    };
    CONTROLS.iter().map(line).collect()
}

fn proof(
    check: Check,
    latest: Option<&Counted>,
    revoked: Revocations,
    signed: Option<&StoredCheckpoint>,
) -> Proof {
    let count = |measure| latest.and_then(|counted| counted.get(measure));
    let share = |done, all| match (count(done), count(all)) {
        (Some(done), Some(all)) => Proof::Share { done, all },
        _ => Proof::Unknown,
    };
    let against = |measure| count(measure).map_or(Proof::Unknown, Proof::Against);
    match check {
        Check::ReviewedQuarter => share(Measure::ReviewedQuarter, Measure::Held),
        Check::ReviewedHalf => share(Measure::ReviewedHalf, Measure::Held),
        Check::ReviewedYear => share(Measure::ReviewedYear, Measure::Held),
        Check::PrivilegedReviewed => share(Measure::PrivilegedReviewed, Measure::Privileged),
        Check::NoLeavers => against(Measure::Leavers),
        Check::NoOrphans => against(Measure::Orphans),
        Check::NoDormant => against(Measure::Dormant),
        Check::RevokedGone => Proof::Share {
            done: revoked.gone,
            all: revoked.all,
        },
        Check::Logged => signed.map_or(Proof::Unknown, |one| Proof::Signed(one.size)),
    }
}

#[cfg(test)]
mod tests {
    use super::Proof;

    #[test]
    fn nothing_of_nothing_is_neither_as_asked_for_nor_a_gap() {
        let none = Proof::Share { done: 0, all: 0 };
        assert_eq!((none.met(), none.is_nothing_yet()), (None, true));
        for (proof, met) in [
            (Proof::Share { done: 2, all: 2 }, Some(true)),
            (Proof::Share { done: 1, all: 2 }, Some(false)),
            (Proof::Against(0), Some(true)),
            (Proof::Signed(7), Some(true)),
            (Proof::Unknown, None),
        ] {
            assert_eq!((proof.met(), proof.is_nothing_yet()), (met, false));
        }
    }
}
