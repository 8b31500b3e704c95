//! What people are told: kinds of notices, and how each of them reaches somebody.
//!
//! The bell of the console has every notice. Mail is only a second way to it and never decides anything: it says what
//! happened and where the page is. Nobody is told of what they did themselves.

use crate::time::{DAY, HOUR, Instant, MINUTE};
use crate::words;
use jiff::tz::TimeZone;

words! {
    /// What a notice is about.
    NoticeKind {
        /// A request waits for one's decision.
        ApprovalWaiting = "approval_waiting", "A decision waits for you";
        /// A request still waits for one's decision.
        ApprovalReminder = "approval_reminder", "A decision still waits for you";
        /// A request came to somebody because others did not decide.
        Escalated = "escalated", "A request was passed on to you";
        /// What one asked for was decided.
        RequestDecided = "request_decided", "Your request was decided";
        /// Somebody asks something about one's request.
        QuestionAsked = "question_asked", "Somebody asks you something";
        /// Somebody answered what one asked.
        QuestionAnswered = "question_answered", "Your question was answered";
        /// Access will end soon.
        AccessEnding = "access_ending", "Your access ends soon";
        /// Something is to be set up or taken away by hand.
        TaskAssigned = "task_assigned", "A task waits for you";
        /// Somebody used emergency access.
        EmergencyUsed = "emergency_used", "Emergency access was used";
        /// Somebody else's decisions come to one for a while.
        DelegationReceived = "delegation_received", "You decide for somebody else";
        /// Items of a review wait for one's decision.
        ReviewReminder = "review_reminder", "A review still waits for you";
        /// Items of a review came from somebody else.
        ReviewPassed = "review_passed", "Items of a review came to you";
        /// A review revoked something that only whoever answers for it can change.
        ChangeAsked = "change_asked", "A review asks you for a change";
        /// A review waits for one's decisions.
        ReviewWaiting = "review_waiting", "An access review waits for you";
        /// A review that one answers for is late, was closed by time, or cannot begin.
        ReviewOwned = "review_owned", "A review you answer for";
        /// A review ends, or shortens, something that one has.
        AccessReviewed = "access_reviewed", "A review ends access of yours";
        /// Somebody wanted to see whether messages arrive.
        Test = "test", "A test message";
    }
}

words! {
    /// How a notice reaches somebody besides the bell.
    Delivery {
        /// A mail for each, at once.
        Now = "now", "Mail at once";
        /// One mail a day, with what is unread.
        Digest = "digest", "Daily summary";
        /// No mail.
        App = "app", "Only here";
    }
}

impl NoticeKind {
    /// When somebody gets one of these, in plain words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::ApprovalWaiting => "A request needs you to approve or reject it.",
            Self::ApprovalReminder => "A request has waited for you and is due soon, or overdue.",
            Self::Escalated => "Nobody decided in time, so the request has come to you.",
            Self::RequestDecided => {
                "What you asked for, or what was asked for you, was approved or rejected."
            }
            Self::QuestionAsked => "Somebody needs to know more before they decide.",
            Self::QuestionAnswered => "You asked back about a request, and there is an answer.",
            Self::AccessEnding => "Something you have ends within days, unless it is extended.",
            Self::TaskAssigned => {
                "Access was approved that you have to set up or take away by hand."
            }
            Self::EmergencyUsed => {
                "Somebody took access at once that you answer for, and it is to be looked at."
            }
            Self::ReviewWaiting => "You are to decide what access others keep.",
            Self::DelegationReceived => "Somebody hands their decisions to you for some days.",
            Self::ReviewReminder => "Items of an access review wait for your decision.",
            Self::ReviewPassed => "Somebody else’s items of an access review are yours to decide.",
            Self::ChangeAsked => {
                "A review revoked something that comes from a role, rule or application you own."
            }
            Self::ReviewOwned => {
                "An access review you answer for is late, was closed because its time was over, or could not begin."
            }
            Self::AccessReviewed => {
                "An access review did not keep something you have. Until the day it says, it can be restored."
            }
            Self::Test => "You asked for one, to see whether mail arrives.",
        }
    }

    /// How it reaches somebody who chose nothing: what waits for somebody comes by mail.
    pub const fn usual(self) -> Delivery {
        Delivery::Now
    }

    /// Whether people choose how it reaches them. A test message is sent to see whether mail arrives.
    pub const fn can_be_chosen(self) -> bool {
        !matches!(self, Self::Test)
    }

    /// The kinds that people choose a delivery for.
    pub fn chosen() -> impl Iterator<Item = Self> {
        Self::ALL
            .iter()
            .copied()
            .filter(|kind| kind.can_be_chosen())
    }
}

words! {
    /// What has become of a mail.
    MailState {
        /// It is sent as soon as the mail server takes it.
        Waiting = "waiting", "Waiting";
        /// The mail server has taken it.
        Sent = "sent", "Sent";
        /// It could not be sent and is not tried again by itself.
        Failed = "failed", "Failed";
    }
}

/// A mail that no mail server took for so long is given up.
pub const GIVEN_UP_AFTER: i64 = 3 * DAY;
/// The hour of the day at which summaries are sent, in the organisation's time zone.
pub const DIGEST_HOUR: i8 = 7;

/// How long a mail waits after so many attempts: 1, 2, 4 … minutes, at most an hour.
pub fn mail_back_off(attempts: i64) -> i64 {
    let doubled = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    (MINUTE << doubled).min(HOUR)
}

/// The moment of the last round of summaries, at or before `now`.
pub fn last_digest(now: Instant, zone: &TimeZone) -> Instant {
    let of = |at: Instant| {
        // Counted on the clock of the wall: seven is seven also on the days on which clocks change.
        let seven = at.day(zone).civil().at(DIGEST_HOUR, 0, 0, 0);
        zone.to_timestamp(seven)
            .map_or(Instant::from_micros(i64::MIN), |at| {
                Instant::from_micros(at.as_microsecond())
            })
    };
    let today = of(now);
    if today <= now {
        today
    } else {
        // A day before a moment of today, whatever the clocks did, is yesterday or today at an earlier hour than seven.
        let noon_before = now.day(zone).plus_days(-1).start(zone).plus(12 * HOUR);
        of(noon_before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_mail_waits_longer_each_time_and_never_longer_than_an_hour() {
        assert_eq!(mail_back_off(1), MINUTE);
        assert_eq!(mail_back_off(4), 8 * MINUTE);
        assert_eq!(mail_back_off(7), HOUR);
        assert_eq!(mail_back_off(i64::MAX), HOUR);
    }

    #[test]
    fn summaries_go_out_at_seven_where_the_organisation_is() {
        let zone = TimeZone::get("Europe/Lisbon").expect("bundled zone");
        for (now, last) in [
            ("2026-11-23T06:59:59Z", "2026-11-22T07:00:00Z"),
            ("2026-11-23T07:00:00Z", "2026-11-23T07:00:00Z"),
            ("2026-07-01T05:59:59Z", "2026-06-30T06:00:00Z"),
            ("2026-07-01T23:30:00Z", "2026-07-01T06:00:00Z"),
            // Clocks went back in the night to the 25th of October, and forward in that to the 29th of March.
            ("2026-10-25T06:30:00Z", "2026-10-24T06:00:00Z"),
            ("2026-10-25T07:00:00Z", "2026-10-25T07:00:00Z"),
            ("2026-03-29T05:59:00Z", "2026-03-28T07:00:00Z"),
            ("2026-03-29T06:00:00Z", "2026-03-29T06:00:00Z"),
        ] {
            assert_eq!(last_digest(at(now), &zone), at(last), "at {now}");
        }
    }

    #[test]
    fn words_are_unlike_each_other_and_each_kind_says_when_it_comes() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::from_word(kind.word()), Some(*kind));
            assert!(kind.description().ends_with('.'));
        }
        assert_eq!(NoticeKind::chosen().count(), NoticeKind::ALL.len() - 1);
    }
}
