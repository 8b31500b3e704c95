//! A campaign: one carrying out of a review over a frozen population.

use jiff::tz::TimeZone;
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

words! {
    /// Something that time does once.
    Timed {
        /// Reviewers of a stage are reminded.
        Reminded = "reminded", "Reminded";
        /// The owner hears that a stage is over and not decided.
        Overdue = "overdue", "Overdue";
        /// The owner hears that a turn waits for the end of the campaign before.
        Waiting = "waiting", "Waiting";
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
    /// When what nobody answered in time went to the owner of the review, where it says so.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub escalated: Option<Instant>,
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

impl CampaignContent {
    /// Whether it was called off before its population was complete: nothing binds what was frozen of it.
    pub const fn is_unbound(&self) -> bool {
        matches!(self.state, CampaignState::Cancelled) && self.population.included == 0
    }

    /// Whether its population is complete, so that its items can be looked at.
    pub const fn is_frozen(&self) -> bool {
        match self.state {
            CampaignState::Launching => false,
            CampaignState::Open | CampaignState::Closed => true,
            CampaignState::Cancelled => self.population.included > 0,
        }
    }

    /// A campaign that begins: nothing is in it yet.
    pub fn launching(
        (name, review): (String, Option<ReviewId>),
        terms: ReviewContent,
        launched_by: Option<IdentityId>,
        (frozen, due): (Instant, Instant),
        seed: u32,
    ) -> Self {
        Self {
            name,
            review,
            terms,
            state: CampaignState::Launching,
            launched_by,
            frozen,
            due,
            escalated: None,
            seed,
            population: Population::default(),
            ended: None,
            effective: None,
            signed_by: None,
            sign_off: String::new(),
        }
    }
}

impl CampaignContent {
    /// When a stage ends: the last one when the campaign is due, each other by the days of those after it earlier. More time
    /// for the campaign is more time for all.
    pub fn stage_end(&self, stage: usize, zone: &TimeZone) -> Instant {
        let later = self.terms.stages.iter().skip(stage + 1);
        let days: i32 = later.map(|stage| i32::from(stage.days)).sum();
        if days == 0 {
            return self.due;
        }
        // A moment before it lies on the last day, also where it is the first one after that.
        self.due.last_day(zone).plus_days(-days).end(zone)
    }

    /// When the reviewers of a stage are reminded; never where the stage says so, or is too short for it.
    pub fn reminded_at(&self, stage: usize, zone: &TimeZone) -> Option<Instant> {
        let terms = self.terms.stages.get(stage)?;
        let days = terms.remind_days.filter(|days| *days < terms.days)?;
        let last = self.stage_end(stage, zone).last_day(zone);
        Some(last.plus_days(-i32::from(days)).end(zone))
    }
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
