//! What is there for each control.

use domain::report::{CONTROLS, Check, Control, Measure};
use domain::review::CampaignState;
use storage::audit::StoredCheckpoint;

use super::{Came, Counted};

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
    /// Whether it is as asked for; none while nobody knows.
    pub const fn met(self) -> Option<bool> {
        match self {
            Self::Share { done, all } => Some(done >= all),
            Self::Against(count) => Some(count == 0),
            Self::Signed(_) => Some(true),
            Self::Unknown => None,
        }
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
    campaigns: &[Came],
    signed: Option<&StoredCheckpoint>,
) -> Vec<Line> {
    let line = |control: &Control| Line {
        control: *control,
        proof: proof(control.check, latest, campaigns, signed),
    };
    CONTROLS.iter().map(line).collect()
}

fn proof(
    check: Check,
    latest: Option<&Counted>,
    campaigns: &[Came],
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
        Check::RevokedGone => {
            let closed = || {
                let closed = |one: &&Came| one.campaign.content.state == CampaignState::Closed;
                campaigns.iter().filter(closed)
            };
            Proof::Share {
                done: closed().map(|one| one.gone).sum(),
                all: closed().map(|one| one.revocations).sum(),
            }
        }
        Check::Logged => signed.map_or(Proof::Unknown, |one| Proof::Signed(one.size)),
    }
}
