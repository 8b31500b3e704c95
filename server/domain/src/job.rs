//! Long work: the life of a job, how fast it goes, and when a failed attempt is made again.
//!
//! Pure rules; leases and rows are in storage, what a job does is its payload type in the service.

use crate::id::{IdentityId, JobId, ObjectRef};
use crate::lifecycle::InvalidTransition;
use crate::time::{Instant, MINUTE, SECOND};
use crate::words;

words! {
    /// What a job does.
    JobKind {
        /// Makes a file of a long list.
        Export = "export", "Export";
        /// Reads the files of an import and says what it would change.
        CheckImport = "check_import", "Check an import";
        /// Carries out an import.
        ApplyImport = "apply_import", "Apply an import";
        /// Looks into the folder of a source from time to time.
        WatchFolder = "watch_folder", "Watch a folder";
        /// Suspends, resumes or ends many people.
        BulkPeople = "bulk_people", "Change many people";
        /// Ends, extends, suspends or restores many assignments.
        BulkAssignments = "bulk_assignments", "Change many assignments";
        /// Brings everybody's access in line with a changed rule.
        ApplyRule = "apply_rule", "Apply a rule";
        /// Gives access to many people.
        BulkGive = "bulk_give", "Give access to many";
        /// Looks for access that few peers have.
        LookForOutliers = "look_for_outliers", "Look for outliers";
        /// Sends mail to people who are to know something.
        SendMail = "send_mail", "Send mail";
        /// Looks for roles in what people have.
        DiscoverRoles = "discover_roles", "Find roles in present access";
        /// Learns from past decisions what to propose.
        LearnProposals = "learn_proposals", "Learn from past decisions";
        /// Freezes the population of a campaign.
        LaunchReview = "launch_review", "Start an access review";
        /// Ends what campaigns revoked, when its time has come.
        CarryOutReview = "carry_out_review", "End what a review revoked";
        /// Makes the evidence pack of a campaign.
        ExportEvidence = "export_evidence", "Make an evidence pack";
    }
}

words! {
    /// Where a job is in its life.
    JobState {
        /// Waits for a worker, or for its time.
        Queued = "queued", "Waiting";
        /// A worker is at it.
        Running = "running", "Running";
        /// Somebody stopped it; it can go on.
        Paused = "paused", "Paused";
        /// It came to its end.
        Done = "done", "Done";
        /// It could not come to its end.
        Failed = "failed", "Failed";
        /// Somebody called it off.
        Cancelled = "cancelled", "Cancelled";
    }
}

words! {
    /// What somebody asked of a running job.
    JobWish {
        /// Stop at the next safe point, to go on later.
        Pause = "pause", "Pausing";
        /// Stop at the next safe point, for good.
        Cancel = "cancel", "Cancelling";
    }
}

/// What can happen to a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobStep {
    /// A worker takes it, also from a worker whose lease ran out.
    Claim,
    /// The worker is through.
    Finish,
    /// The worker gives up.
    Fail,
    /// The worker puts it back: it stops, tries again later, or the job is a timer.
    GiveBack,
    /// It stops, to go on later.
    Pause,
    /// It goes on, also after it failed.
    Resume,
    /// It is called off.
    Cancel,
}

impl JobStep {
    /// All steps.
    pub const ALL: &[Self] = &[
        Self::Claim,
        Self::Finish,
        Self::Fail,
        Self::GiveBack,
        Self::Pause,
        Self::Resume,
        Self::Cancel,
    ];

    const fn attempted(self) -> &'static str {
        match self {
            Self::Claim => "started",
            Self::Finish => "finished",
            Self::Fail => "given up",
            Self::GiveBack => "put back",
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Cancel => "cancelled",
        }
    }
}

impl JobState {
    /// Whether nothing more happens by itself.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }

    /// Takes a step, or says why it cannot be taken.
    pub const fn step(self, step: JobStep) -> Result<Self, InvalidTransition> {
        match (self, step) {
            (Self::Queued | Self::Running, JobStep::Claim) => Ok(Self::Running),
            (Self::Running, JobStep::Finish) => Ok(Self::Done),
            (Self::Running, JobStep::Fail) => Ok(Self::Failed),
            (Self::Running, JobStep::GiveBack) | (Self::Paused | Self::Failed, JobStep::Resume) => {
                Ok(Self::Queued)
            }
            (Self::Queued | Self::Running, JobStep::Pause) => Ok(Self::Paused),
            (Self::Queued | Self::Running | Self::Paused, JobStep::Cancel) => Ok(Self::Cancelled),
            (from, step) => Err(InvalidTransition {
                from: from.word(),
                attempted: step.attempted(),
            }),
        }
    }
}

/// How far a job is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JobProgress {
    /// Items that are through.
    pub done: u64,
    /// Items in all, once that is known.
    pub total: Option<u64>,
    /// Items with a problem.
    pub problems: u64,
    /// What is being done, in a few words.
    pub note: String,
    /// How items ended, by name.
    pub counts: Vec<(String, u64)>,
}

/// A job as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// What it does.
    pub kind: JobKind,
    /// What it works on, as its payload type wrote it.
    pub payload: serde_json::Value,
    /// What it is about, when that has a page.
    pub subject: Option<ObjectRef>,
    /// What it does, in a sentence.
    pub title: String,
    /// Where it is in its life.
    pub state: JobState,
    /// What was asked of it and has not happened yet.
    pub wish: Option<JobWish>,
    /// Whether it can still be called off.
    pub cancellable: bool,
    /// Not before this.
    pub run_at: Instant,
    /// How often a worker began.
    pub attempts: i64,
    /// How far it is.
    pub progress: JobProgress,
    /// What came out, as its payload type wrote it.
    pub result: Option<serde_json::Value>,
    /// Why the last attempt failed, in a sentence.
    pub failure: Option<String>,
    /// When it was asked for.
    pub created: Instant,
    /// By whom; nobody when the console did by itself.
    pub created_by: Option<IdentityId>,
    /// When it first began.
    pub started: Option<Instant>,
    /// When the present attempt began.
    pub attempt_started: Option<Instant>,
    /// How much was done when the present attempt began.
    pub attempt_from: u64,
    /// When its progress was last written.
    pub updated: Instant,
    /// When it ended.
    pub finished: Option<Instant>,
}

/// How fast a job goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Items in a minute.
    pub per_minute: u64,
    /// Microseconds until the end, when the end is known.
    pub left: Option<i64>,
}

/// Shorter than this says nothing about the rest.
const TELLING: i64 = 2 * SECOND;

impl Job {
    /// How fast the present attempt goes; nothing while that cannot be told.
    pub fn pace(&self) -> Option<Pace> {
        let took = self.updated.since(self.attempt_started?);
        let made = self.progress.done.saturating_sub(self.attempt_from);
        if self.state != JobState::Running || took < TELLING || made == 0 {
            return None;
        }
        let (took, made) = (i128::from(took), i128::from(made));
        let narrow = |wide: i128| u64::try_from(wide).unwrap_or(u64::MAX);
        let left = self.progress.total.map(|total| {
            let open = i128::from(total.saturating_sub(self.progress.done));
            i64::try_from(open * took / made).unwrap_or(i64::MAX)
        });
        Some(Pace {
            per_minute: narrow(made * i128::from(MINUTE) / took),
            left,
        })
    }
}

/// After so many attempts a job is not begun again. More than ten, because an import that is killed again and again must
/// still come to its end.
pub const MOST_ATTEMPTS: i64 = 25;

/// How long a worker waits after a failed attempt: 1 s, 2 s, 4 s … at most five minutes.
pub fn back_off(attempts: i64) -> i64 {
    let doubled = u32::try_from(attempts.clamp(1, 20) - 1).unwrap_or(0);
    (SECOND << doubled).min(5 * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    proptest! {
        #[test]
        fn whatever_happens_a_job_that_is_over_stays_so_unless_it_failed(steps in proptest::collection::vec(select(JobStep::ALL), 0..40)) {
            let mut state = JobState::Queued;
            for step in steps {
                let before = state;
                match state.step(step) {
                    Ok(next) => state = next,
                    Err(refused) => prop_assert_eq!(refused.from, before.word()),
                }
                if before.is_over() && before != state {
                    prop_assert_eq!((before, state, step), (JobState::Failed, JobState::Queued, JobStep::Resume));
                }
                // Only a worker ends a job well or badly, and only one it holds.
                if matches!(state, JobState::Done | JobState::Failed) && before != state {
                    prop_assert_eq!(before, JobState::Running);
                }
            }
        }

        #[test]
        fn whatever_is_not_over_can_come_to_an_end(state in select(JobState::ALL)) {
            prop_assert_eq!(state.is_over(), state.step(JobStep::Cancel).is_err());
        }

        #[test]
        fn waiting_grows_and_stops_growing(attempts in 1_i64..200) {
            prop_assert!(back_off(attempts) <= back_off(attempts + 1));
            prop_assert!((SECOND..=5 * MINUTE).contains(&back_off(attempts)));
        }
    }

    fn running(done: u64, total: Option<u64>, seconds: i64) -> Job {
        let start = Instant::from_micros(0);
        Job {
            id: JobId::from_raw(1),
            kind: JobKind::Export,
            payload: serde_json::Value::Null,
            subject: None,
            title: String::new(),
            state: JobState::Running,
            wish: None,
            cancellable: true,
            run_at: start,
            attempts: 1,
            progress: JobProgress {
                done,
                total,
                ..JobProgress::default()
            },
            result: None,
            failure: None,
            created: start,
            created_by: None,
            started: Some(start),
            attempt_started: Some(start),
            attempt_from: 100,
            updated: start.plus(seconds * SECOND),
            finished: None,
        }
    }

    #[test]
    fn the_pace_is_that_of_the_present_attempt() {
        let pace = |per_minute, left| Some(Pace { per_minute, left });
        assert_eq!(
            running(700, Some(1_000), 60).pace(),
            pace(600, Some(30 * SECOND))
        );
        assert_eq!(running(700, None, 60).pace(), pace(600, None));
        assert_eq!(running(700, Some(700), 60).pace(), pace(600, Some(0)));
        assert_eq!(running(700, Some(1_000), 1).pace(), None);
        assert_eq!(running(100, Some(1_000), 60).pace(), None);
    }
}
