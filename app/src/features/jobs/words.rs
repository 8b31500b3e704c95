//! How this feature calls things: states, and how far a job is in a line.

use domain::job::{Job, JobKind, JobState, Pace};
use domain::time::{HOUR, MINUTE, SECOND};
use leptos::prelude::*;

use crate::format::number;
use crate::ui::{Icon, Pill, Tone};

/// What a token's key and a value of it are called.
pub(super) fn token_words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "state" => "State",
        "kind" => "Kind",
        "by" => "Asked by",
        other => other,
    };
    let label = match (key, value) {
        ("state", "open") => Some("Not over"),
        ("state", _) => JobState::from_word(value).map(JobState::label),
        ("kind", _) => JobKind::from_word(value).map(JobKind::label),
        ("by", "me") => Some("me"),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

/// The state in one word; what was asked of a running job comes before what it still does.
pub(super) fn state(job: &Job) -> &'static str {
    match (job.state, job.wish) {
        (JobState::Running, Some(wish)) => wish.label(),
        (state, _) => state.label(),
    }
}

/// The state as a pill.
pub(super) fn state_pill(job: &Job) -> AnyView {
    let tone = match job.state {
        JobState::Failed => Tone::Bad,
        JobState::Paused => Tone::Warn,
        JobState::Done => Tone::Good,
        JobState::Queued | JobState::Running | JobState::Cancelled => Tone::Plain,
    };
    view! { <Pill text=state(job) tone=tone /> }.into_any()
}

/// The icon of a kind.
pub(super) const fn icon(kind: JobKind) -> Icon {
    match kind {
        JobKind::Export | JobKind::ExportEvidence => Icon::Download,
        JobKind::CheckImport | JobKind::LearnProposals | JobKind::LaunchReview => Icon::ListChecks,
        JobKind::ApplyImport => Icon::Upload,
        JobKind::WatchFolder => Icon::Clock,
        JobKind::ApplyRule | JobKind::BulkAssignments | JobKind::CarryOutReview => Icon::KeyRound,
        JobKind::LookForOutliers => Icon::ShieldAlert,
        JobKind::BulkPeople => Icon::Users,
        JobKind::BulkGive => Icon::UserPlus,
        JobKind::SendMail => Icon::Mail,
        JobKind::DiscoverRoles => Icon::Layers,
    }
}

/// `12 000 of 100 000 · 3 problems · 6 000 a minute · about 2 min left`.
pub(super) fn line(job: &Job, pace: Option<Pace>) -> String {
    let progress = &job.progress;
    let mut parts = Vec::new();
    match progress.total {
        Some(total) if job.state != JobState::Done || total != progress.done => {
            parts.push(format!("{} of {}", number(progress.done), number(total)));
        }
        _ if progress.done > 0 => parts.push(number(progress.done)),
        _ => {}
    }
    match progress.problems {
        0 => {}
        1 => parts.push("1 problem".to_owned()),
        n => parts.push(format!("{} problems", number(n))),
    }
    if let Some(pace) = pace {
        parts.push(format!("{} a minute", number(pace.per_minute)));
        parts.extend(pace.left.map(left));
    }
    parts.join(" · ")
}

/// `about 2 min left`.
fn left(micros: i64) -> String {
    let about = |n: i64, unit: &str| format!("about {n} {unit} left");
    match micros {
        left if left < 10 * SECOND => "a few seconds left".to_owned(),
        left if left < 90 * SECOND => about((left + 5 * SECOND) / (10 * SECOND) * 10, "s"),
        left if left < 90 * MINUTE => about((left + MINUTE / 2) / MINUTE, "min"),
        left => about((left + HOUR / 2) / HOUR, "h"),
    }
}

/// A size as people read it.
pub(super) fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} B"),
        KIB..1_048_576 => format!("{} KiB", bytes / KIB),
        _ => format!("{} MiB", number(bytes / KIB / KIB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_told_as_roughly_as_it_is_known() {
        for (micros, text) in [
            (3 * SECOND, "a few seconds left"),
            (44 * SECOND, "about 40 s left"),
            (100 * SECOND, "about 2 min left"),
            (3 * HOUR, "about 3 h left"),
        ] {
            assert_eq!(left(micros), text);
        }
    }

    #[test]
    fn sizes_are_round() {
        assert_eq!(size(12), "12 B");
        assert_eq!(size(300_000), "292 KiB");
        assert_eq!(size(200_000_000), "190 MiB");
    }
}
