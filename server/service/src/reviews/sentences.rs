//! What a review says, in sentences that a reader needs no form for.

use domain::approval::Approver;
use domain::lifecycle::Level;
use domain::review::{How, ReviewContent, Scope};

/// Who decides, at the beginning of a sentence.
const fn who(approver: &Approver) -> &'static str {
    match approver {
        Approver::Manager => "Managers",
        Approver::ManagersManager => "The managers of managers",
        Approver::Owner => "Owners",
        Approver::ApplicationOwner => "Owners of applications",
        Approver::People { .. } => "The named people",
        Approver::Role { .. } => "Those who hold the role",
        Approver::Administrators => "Administrators",
    }
}

/// What is looked at, behind what kind of thing it is.
fn narrowed(scope: &Scope) -> String {
    let mut parts = Vec::new();
    if let Some(least) = scope.risk {
        parts.push(match least {
            Level::Critical => "of critical risk".to_owned(),
            other => format!("of {} risk or more", other.label().to_lowercase()),
        });
    }
    let [people, things] = [scope.people.trim(), scope.things.trim()];
    if !things.is_empty() {
        parts.push(format!("found by “{things}”"));
    }
    if !people.is_empty() {
        parts.push(format!("of people found by “{people}”"));
    }
    if scope.person.is_some() {
        parts.push("of one person".to_owned());
    }
    if let Some(days) = scope.moved_days {
        parts.push(format!(
            "of people who moved in the last {days} days or leave in the next"
        ));
    }
    if let Some(days) = scope.unused_days {
        parts.push(format!("not used for {days} days"));
    }
    if !scope.how.is_empty() {
        let how: Vec<String> = scope.how.iter().map(|one| in_words(*one)).collect();
        parts.push(how.join(" or "));
    }
    if scope.changed {
        parts.push("unless it was kept before and has not changed since".to_owned());
    }
    if let Some(every) = scope.sample {
        parts.push(format!("of which one in {every} is drawn"));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(", {}", parts.join(", "))
    }
}

fn in_words(how: How) -> String {
    how.label().to_lowercase()
}

/// What a review says.
pub fn sentences(content: &ReviewContent) -> Vec<String> {
    let first = content.stages.first();
    let narrowed = narrowed(&content.scope);
    let comma = if narrowed.is_empty() { "" } else { "," };
    let mut all = vec![format!(
        "{} {}{narrowed}{comma} within {} days.",
        first.map_or("Nobody", |stage| who(&stage.reviewer)),
        content.scope.subjects.decided_on(),
        content.days(),
    )];
    if content.stages.len() > 1 {
        let stages: Vec<&str> = content
            .stages
            .iter()
            .map(|one| who(&one.reviewer))
            .collect();
        all.push(format!(
            "There are {} stages, {}: {}.",
            stages.len(),
            stages.join(", then ").to_lowercase(),
            content.rule.label().to_lowercase()
        ));
    }
    all.push(content.unanswered.sentence().to_owned());
    all.push(match content.grace_hours {
        0 => "What is revoked ends when the campaign is closed.".to_owned(),
        hours => format!("What is revoked ends {hours} hours after the campaign is closed; until then it can be restored."),
    });
    if content.each_mover {
        all.push(format!(
            "Whoever changes department, title or manager is reviewed by themselves as soon as that is known; {} decide.",
            first.map_or("nobody", |stage| who(&stage.reviewer)).to_lowercase()
        ));
    }
    if let Some(repeats) = content.repeats {
        let next: Vec<String> = repeats.days().take(3).map(|day| day.to_string()).collect();
        all.push(format!(
            "It repeats: {}: {} …",
            repeats.every.label().to_lowercase(),
            next.join(", ")
        ));
    }
    all
}
