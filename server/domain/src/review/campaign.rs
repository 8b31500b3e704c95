//! A campaign: one carrying out of a review over a frozen population.

use serde::{Deserialize, Serialize};

use super::ReviewContent;
use crate::id::{CampaignId, IdentityId, ReviewId};
use crate::lifecycle::InvalidTransition;
use crate::time::{Instant, written, written_or_none};
use crate::words;

words! {
    /// Where a campaign is.
    CampaignState {
        /// Its population is being frozen.
        Launching = "launching", "Starting";
        /// Reviewers decide.
        Open = "open", "Open";
        /// It is closed: nothing more is decided, and what was revoked ends.
        Closed = "closed", "Closed";
        /// It was called off before it began, or before it was closed. Nothing ends.
        Cancelled = "cancelled", "Called off";
    }
}

/// What happens to a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignStep {
    /// Its population is complete.
    Open,
    /// Nothing more is decided.
    Close,
    /// It is called off.
    Cancel,
}

impl CampaignState {
    /// Takes a step, or says why it cannot be taken.
    pub const fn step(self, step: CampaignStep) -> Result<Self, InvalidTransition> {
        match (self, step) {
            (Self::Launching, CampaignStep::Open) => Ok(Self::Open),
            (Self::Open, CampaignStep::Close) => Ok(Self::Closed),
            (Self::Launching | Self::Open, CampaignStep::Cancel) => Ok(Self::Cancelled),
            (from, step) => Err(InvalidTransition {
                from: from.word(),
                attempted: match step {
                    CampaignStep::Open => "opened",
                    CampaignStep::Close => "closed",
                    CampaignStep::Cancel => "called off",
                },
            }),
        }
    }
}

/// How many there are. What is in scope is either reviewed or left out with a reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// In scope.
    pub all: u64,
    /// Reviewed.
    pub included: u64,
    /// Left out.
    pub excluded: u64,
    /// People, or other holders, in it.
    pub holders: u64,
    /// Reviewers.
    pub reviewers: u64,
}

impl Population {
    /// Whether nothing is missing and nothing counted twice.
    pub const fn adds_up(&self) -> bool {
        self.included + self.excluded == self.all
    }
}

/// What is recorded about a campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignContent {
    /// Its name: the review's, with the day when it repeats.
    pub name: String,
    /// The review it carries out; none when it is of one person only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewId>,
    /// The review as it was.
    pub terms: ReviewContent,
    /// Where it is.
    pub state: CampaignState,
    /// Who launched it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub launched_by: Option<IdentityId>,
    /// The moment of its facts.
    #[serde(with = "written")]
    pub frozen: Instant,
    /// When the last stage ends.
    #[serde(with = "written")]
    pub due: Instant,
    /// What a sample is drawn with, and whatever else needs chance.
    pub seed: u32,
    /// How many items; of a campaign that is still launching, none.
    pub population: Population,
    /// When it was closed or called off.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub ended: Option<Instant>,
    /// Until when what was revoked can be restored; then it ends.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub effective: Option<Instant>,
    /// Who signed it off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<IdentityId>,
    /// What they wrote.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub sign_off: String,
}

/// A campaign as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: CampaignContent,
}
