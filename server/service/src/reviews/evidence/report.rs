//! The report of a pack: one page of HTML that needs nothing else, without scripts, that prints well.
//!
//! Everything in it is counted from what was compared with the log. Whatever somebody once typed is escaped.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use domain::approval::Approver;
use domain::id::ObjectRef;
use domain::review::{CampaignContent, Choice, How, Scope};
use domain::time::Instant;

use super::source::{Names, Source};
use super::tally::Tally;
use crate::Cx;
use crate::reviews::trees::Broken;

const STYLE: &str = include_str!("report.css");

/// Text that stands in HTML for itself.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A page in the making.
struct Page(String);

impl Page {
    fn title(&mut self, text: &str) {
        self.push(&["<h2>", &escaped(text), "</h2>\n"]);
    }

    fn say(&mut self, text: &str) {
        self.push(&["<p>", &escaped(text), "</p>\n"]);
    }

    fn push(&mut self, parts: &[&str]) {
        for part in parts {
            self.0.push_str(part);
        }
    }

    /// A table whose first cell of a row is its head; cells of the columns that `numbers` names stand to the right.
    fn table(&mut self, head: &[&str], numbers: &[usize], rows: &[Vec<String>]) {
        self.0.push_str("<table>\n<thead><tr>");
        let side = |at: usize| {
            if numbers.contains(&at) {
                " class=\"n\""
            } else {
                ""
            }
        };
        for (at, cell) in head.iter().enumerate() {
            self.push(&["<th scope=\"col\"", side(at), ">", &escaped(cell), "</th>"]);
        }
        self.0.push_str("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.0.push_str("<tr>");
            for (at, cell) in row.iter().enumerate() {
                let (tag, end) = if at == 0 {
                    ("<th scope=\"row\"", "</th>")
                } else {
                    ("<td", "</td>")
                };
                self.push(&[tag, side(at), ">", &escaped(cell), end]);
            }
            self.0.push_str("</tr>\n");
        }
        self.0.push_str("</tbody>\n</table>\n");
    }
}

/// A number with its thousands apart.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

/// The whole page. `key` is the public key of the log.
pub(super) async fn page(
    source: &mut Source,
    tally: &Tally,
    (cx, made, key): (&Cx, Instant, &str),
) -> Result<String, Broken> {
    let content = source.campaign.content.clone();
    let mut people = tally.people();
    let others = [content.launched_by, content.signed_by, cx.me()];
    people.extend(others.into_iter().flatten().map(ObjectRef::from));
    people.insert(content.terms.owner.into());
    people.extend(approvers(&content));
    let mut names = Names::default();
    for part in parts(people) {
        names.add(source.names(part).await?);
    }
    let at = |moment: Instant| {
        let moment = moment.zoned(&source.zone);
        moment.strftime("%Y-%m-%d %H:%M %Z").to_string()
    };
    let mut page = Page(String::new());
    let name = escaped(&content.name);
    page.push(&[
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>Evidence: ",
        &name,
        "</title>\n<style>\n",
        STYLE,
        "</style>\n</head>\n<body>\n<main>\n<h1>",
        &name,
        "</h1>\n",
    ]);
    let by = cx.me().map_or_else(
        || "at the command line".to_owned(),
        |me| format!("by {}", names.name(me)),
    );
    page.say(&format!(
        "Evidence of the access review campaign {}. Made {} {by}.",
        source.id(),
        at(made)
    ));
    campaign(&mut page, &content, &names, &at);
    totals(&mut page, tally);
    terms(&mut page, &content, &names);
    outcome(&mut page, tally);
    reviewers(&mut page, tally, &names);
    remediation(&mut page, tally);
    signed(&mut page, &content, &names, &at);
    verifying(&mut page, source, key);
    page.push(&["</main>\n</body>\n</html>\n"]);
    Ok(page.0)
}

/// Ids in parts that one question can ask for.
fn parts(all: BTreeSet<ObjectRef>) -> Vec<BTreeSet<ObjectRef>> {
    let all: Vec<ObjectRef> = all.into_iter().collect();
    let parts = all.chunks(2_000);
    parts.map(|part| part.iter().copied().collect()).collect()
}

/// People and roles that the terms name.
fn approvers(content: &CampaignContent) -> BTreeSet<ObjectRef> {
    let stages = content.terms.stages.iter();
    let asked = stages.flat_map(|stage| [Some(&stage.reviewer), stage.fallback.as_ref()]);
    let mut all = BTreeSet::new();
    for one in asked.flatten() {
        match one {
            Approver::People { people } => all.extend(people.iter().copied().map(ObjectRef::from)),
            Approver::Role { role, .. } => {
                all.insert((*role).into());
            }
            _ => {}
        }
    }
    all
}

fn campaign(
    page: &mut Page,
    content: &CampaignContent,
    names: &Names,
    at: &impl Fn(Instant) -> String,
) {
    page.title("The campaign");
    let mut rows = vec![
        vec!["State".to_owned(), content.state.label().to_owned()],
        vec!["Owner".to_owned(), names.name(content.terms.owner)],
        vec![
            "Launched by".to_owned(),
            content.launched_by.map_or_else(
                || "the console, by its plan".to_owned(),
                |by| names.name(by),
            ),
        ],
        vec!["Facts as of".to_owned(), at(content.frozen)],
        vec!["Due".to_owned(), at(content.due)],
    ];
    if let Some(ended) = content.ended {
        rows.push(vec!["Ended".to_owned(), at(ended)]);
    }
    if let Some(effective) = content.effective {
        rows.push(vec!["What was revoked ends".to_owned(), at(effective)]);
    }
    page.table(&["", ""], &[], &rows);
}

fn totals(page: &mut Page, tally: &Tally) {
    page.title("Control totals");
    let (included, excluded, decided) = (tally.included, tally.left_out(), tally.decided());
    page.say(&format!(
        "{} things were in scope: {} reviewed and {} left out. Of those reviewed, {} are decided and {} are not.",
        count(included + excluded),
        count(included),
        count(excluded),
        count(decided),
        count(included.saturating_sub(decided)),
    ));
    let mut rows = vec![
        vec!["In scope".to_owned(), count(included + excluded)],
        vec!["Reviewed".to_owned(), count(included)],
        vec!["Left out".to_owned(), count(excluded)],
    ];
    let kinds = tally.kinds.iter();
    rows.extend(kinds.map(|(kind, items)| vec![format!("Reviewed: {kind}"), count(*items)]));
    let flags = tally.flags.iter();
    rows.extend(flags.map(|(flag, items)| vec![format!("Flagged: {flag}"), count(*items)]));
    page.table(&["", "Items"], &[1], &rows);
    page.title("What was left out, and why");
    if tally.excluded.is_empty() {
        page.say("Nothing was left out.");
        return;
    }
    let rows: Vec<Vec<String>> = tally
        .excluded
        .iter()
        .map(|(why, items)| vec![(*why).to_owned(), count(*items)])
        .collect();
    page.table(&["Reason", "Items"], &[1], &rows);
}

fn terms(page: &mut Page, content: &CampaignContent, names: &Names) {
    let terms = &content.terms;
    page.title("Terms");
    for sentence in scope(&terms.scope) {
        page.say(&sentence);
    }
    for (number, stage) in (1..).zip(&terms.stages) {
        let mut text = format!(
            "Stage {number}: {} decides, within {} days.",
            approver(&stage.reviewer, names),
            stage.days
        );
        if let Some(fallback) = &stage.fallback {
            let _ = write!(
                text,
                " Where there is nobody, {} does.",
                approver(fallback, names)
            );
        }
        page.say(&text);
    }
    if terms.stages.len() > 1 {
        page.say(&format!("{}.", terms.rule.label()));
    }
    page.say(terms.unanswered.sentence());
    page.say("Nobody decides on their own access.");
    if terms.not_grantor {
        page.say("Nobody decides on what they gave themselves.");
    }
    page.say(&format!(
        "Something counts as unused after {} days. What was revoked can be restored for {} hours after the close.",
        terms.unused_after, terms.grace_hours
    ));
    if !terms.instructions.is_empty() {
        page.say("Reviewers were told:");
        page.push(&[
            "<p class=\"said\">",
            &escaped(&terms.instructions),
            "</p>\n",
        ]);
    }
}

fn scope(scope: &Scope) -> Vec<String> {
    let mut all = vec![format!("Reviewed: {}.", scope.subjects.label())];
    let mut add = |holds: bool, text: String| {
        if holds {
            all.push(text);
        }
    };
    add(
        !scope.people.is_empty(),
        format!("Only people found by “{}”.", scope.people),
    );
    add(
        !scope.things.is_empty(),
        format!("Only what is found by “{}”.", scope.things),
    );
    let how: Vec<&str> = scope.how.iter().copied().map(How::label).collect();
    add(!how.is_empty(), format!("Only: {}.", how.join(", ")));
    add(
        scope.changed,
        "Without what has not changed since it was last kept.".to_owned(),
    );
    if let Some(risk) = scope.risk {
        add(
            true,
            format!("Only of the risk {} or higher.", risk.label()),
        );
    }
    if let Some(days) = scope.unused_days {
        add(true, format!("Only what was not used for {days} days."));
    }
    if let Some(every) = scope.sample {
        add(
            true,
            format!("A sample: one of {every}, drawn by a recorded seed."),
        );
    }
    all
}

fn approver(approver: &Approver, names: &Names) -> String {
    match approver {
        Approver::Manager => "the person’s manager".to_owned(),
        Approver::ManagersManager => "the manager’s manager".to_owned(),
        Approver::Owner => "the owner of what is reviewed".to_owned(),
        Approver::ApplicationOwner => "the owner of the application".to_owned(),
        Approver::People { people } => {
            let people: Vec<String> = people.iter().map(|one| names.name(*one)).collect();
            people.join(" or ")
        }
        Approver::Role { role, .. } => format!("whoever holds the role {}", names.name(*role)),
        Approver::Administrators => "an administrator".to_owned(),
    }
}

fn outcome(page: &mut Page, tally: &Tally) {
    page.title("Decisions");
    let last = tally.last();
    let mut rows: Vec<Vec<String>> = Choice::ALL
        .iter()
        .map(|choice| {
            let items = last.get(choice).copied().unwrap_or(0);
            vec![choice.label().to_owned(), count(items)]
        })
        .collect();
    let open = tally.included.saturating_sub(tally.decided());
    rows.push(vec!["No decision".to_owned(), count(open)]);
    page.table(&["Last decision", "Items"], &[1], &rows);
    page.say(&format!(
        "{} decisions were recorded in all; {} of them were made together with others at one press, and {} by nobody, because the time was over. Each stands in decisions.csv.",
        count(tally.decisions),
        count(tally.together),
        count(tally.by_time),
    ));
}

fn reviewers(page: &mut Page, tally: &Tally, names: &Names) {
    page.title("Reviewers, and why they");
    let mut rows: Vec<Vec<String>> = tally
        .reviewers
        .iter()
        .map(|(id, one)| {
            let why: Vec<String> = one
                .why
                .iter()
                .map(|(why, items)| format!("{why} ({})", count(*items)))
                .collect();
            let technical = names.get(*id).map(|known| known.technical.clone());
            vec![
                names.name(*id),
                technical.unwrap_or_default(),
                why.join("; "),
                count(one.items),
                count(one.received),
                count(one.passed),
                count(one.decisions),
                count(one.for_others),
            ]
        })
        .collect();
    rows.sort();
    let head = [
        "Reviewer",
        "Username",
        "Why",
        "Items",
        "Passed to them",
        "Passed on",
        "Decisions",
        "Standing in",
    ];
    page.table(&head, &[3, 4, 5, 6, 7], &rows);
    page.title("Reassignments");
    if tally.passed.is_empty() {
        page.say("Nothing was passed to another reviewer.");
        return;
    }
    let mut rows: Vec<Vec<String>> = tally
        .passed
        .iter()
        .map(|((from, to), items)| vec![names.name(*from), names.name(*to), count(*items)])
        .collect();
    rows.sort();
    page.table(&["From", "To", "Items"], &[2], &rows);
}

fn remediation(page: &mut Page, tally: &Tally) {
    page.title("What became of revocations and changes");
    let states = tally.remedies();
    if states.is_empty() {
        page.say("Nothing was ended yet.");
        return;
    }
    page.say(
        "Something is really gone when a reading of its application, begun after it was ended here, does not show it. items.csv names for each item what ended or showed it.",
    );
    let rows: Vec<Vec<String>> = states
        .iter()
        .map(|(state, one)| {
            vec![
                (*state).to_owned(),
                count(one.items),
                count(one.proven),
                count(one.remains),
            ]
        })
        .collect();
    let head = ["State", "Items", "With proof", "Access remains another way"];
    page.table(&head, &[1, 2, 3], &rows);
}

fn signed(
    page: &mut Page,
    content: &CampaignContent,
    names: &Names,
    at: &impl Fn(Instant) -> String,
) {
    page.title("Sign-off");
    match (content.signed_by, content.ended) {
        (Some(by), ended) => {
            let when = ended.map(|ended| format!(", after it ended {}", at(ended)));
            page.say(&format!(
                "Signed off by {}{}.",
                names.name(by),
                when.unwrap_or_default()
            ));
            page.push(&["<p class=\"said\">", &escaped(&content.sign_off), "</p>\n"]);
        }
        (None, _) => page.say("It is not signed off."),
    }
}

fn verifying(page: &mut Page, source: &Source, key: &str) {
    page.title("How to verify this");
    page.say(
        "This page and the tables are for reading. What they say is proven by the other parts of the pack: every line of population and acts is bound by entries of the audit log, the entries by a signed checkpoint, and all of the pack by the entry about its export.",
    );
    page.push(&[
        "<p>Check the whole file, offline and without the database:</p>\n<p><code>bailiwick evidence verify FILE --key ",
        &escaped(key),
        "</code></p>\n",
    ]);
    page.say(
        "Compare the key with the one that the organisation publishes: a pack that was made by somebody else has another one.",
    );
    page.say(&format!(
        "The entries are proven against the checkpoint at {} entries of the log; {} of them are about this campaign.",
        count(u64::try_from(source.checkpoint.size).unwrap_or(0)),
        count(source.entries)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_was_typed_stays_text() {
        assert_eq!(
            escaped("<script>&\"'"),
            "&lt;script&gt;&amp;&quot;&#39;".to_owned()
        );
        let mut page = Page(String::new());
        page.table(&["<b>"], &[], &[vec!["</td>".to_owned()]]);
        assert!(
            !page.0.contains("<b>") && !page.0.contains("></td>"),
            "{}",
            page.0
        );
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1234), "1\u{202f}234");
        assert_eq!(count(1_234_567), "1\u{202f}234\u{202f}567");
    }
}
