//! A row of identities.csv as the content of a person.

use std::collections::BTreeMap;

use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::{IdentityContent, IdentityDraft, IdentityKind, IdentityStatus};
use domain::time::{Date, Instant};

use crate::imports::engine::cells::{self, Wrong, day, word};
use crate::imports::engine::names::key;
use crate::imports::file::Row;

/// Longest key of a source.
const EXTERNAL_MAX: usize = 200;

/// What a row says. The manager is still a username.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) content: IdentityContent,
    pub(super) manager: String,
}

/// The key of the source in a row; by default the username, which is the same in other letters.
pub(super) fn external(row: &Row<'_>) -> String {
    match row.cell("external_id") {
        "" => key(row.cell("username")),
        external => external.to_owned(),
    }
}

/// Reads a row; whoever's last day was before `today` has ended, whatever the status says.
pub(super) fn read(row: &Row<'_>, today: Date) -> Result<Said, Wrong> {
    let mut wrong = Wrong::new();
    let username = row.cell("username");
    let kind = word(
        "employment_type",
        row.cell("employment_type"),
        IdentityKind::Employee,
        IdentityKind::from_word,
        "employee, contractor, external, service or agent",
        &mut wrong,
    );
    let status = word(
        "status",
        row.cell("status"),
        IdentityStatus::Active,
        IdentityStatus::from_word,
        "active, on_leave, suspended or ended",
        &mut wrong,
    );
    let start = day("start_date", row.cell("start_date"), &mut wrong);
    let end = day("end_date", row.cell("end_date"), &mut wrong);
    let named = |cell: &str, otherwise: &str| {
        if cell.is_empty() {
            otherwise.to_owned()
        } else {
            cell.to_owned()
        }
    };
    let draft = IdentityDraft {
        username: username.to_owned(),
        display_name: named(row.cell("display_name"), username),
        email: row.cell("email").to_owned(),
        department: row.cell("department").to_owned(),
        title: row.cell("title").to_owned(),
        location: row.cell("location").to_owned(),
        manager: String::new(),
        kind: kind.word().to_owned(),
        status: String::new(),
        start_date: start.map(|day| day.to_string()).unwrap_or_default(),
        end_date: end.map(|day| day.to_string()).unwrap_or_default(),
    };
    let mut errors = FieldErrors::new();
    let external_id = errors.line(
        "external_id",
        "The external id",
        &external(row),
        EXTERNAL_MAX,
    );
    let checked = draft.check(None, None, &mut errors);
    wrong.extend(cells::wrong(&errors));
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let over = end.is_some_and(|end| end < today);
    Ok(Said {
        content: IdentityContent {
            external_id,
            status: if over { IdentityStatus::Ended } else { status },
            attributes: attributes(row),
            ..checked
        },
        manager: row.cell("manager").to_owned(),
    })
}

fn attributes(row: &Row<'_>) -> BTreeMap<String, String> {
    // A control character in a free text is no reason to lose a person: it becomes a space.
    let plain = |text: &str| {
        text.chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect()
    };
    row.others()
        .filter(|(name, cell)| !ours(name, cell))
        .map(|(name, cell)| (name.to_owned(), plain(cell)))
        .collect()
}

/// What the console's own file of people has besides their fields: no attributes when that file comes back.
fn ours(name: &str, cell: &str) -> bool {
    match name {
        "id" => cell.parse::<IdentityId>().is_ok(),
        "changed_at_utc" => cell.parse::<Instant>().is_ok(),
        _ => false,
    }
}

/// The status a person has now: what the source says, unless it only repeats itself and somebody decided otherwise
/// meanwhile. Whoever was ended here does not come back because of a file; whom the source itself ended does.
pub(super) fn status(
    said: IdentityStatus,
    stated: Option<&str>,
    now: Option<IdentityStatus>,
) -> IdentityStatus {
    use IdentityStatus::{Active, Ended};
    let Some(now) = now else {
        return said;
    };
    match stated {
        Some(word) if word == said.word() => now,
        Some("ended" | "gone") => said,
        _ if now == Ended => Ended,
        None if said == Active => now,
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use IdentityStatus::{Active, Ended, OnLeave, Suspended};

    #[test]
    fn a_file_that_repeats_itself_undoes_no_decision() {
        assert_eq!(status(Active, Some("active"), Some(Suspended)), Suspended);
        assert_eq!(status(Active, Some("active"), Some(Ended)), Ended);
        assert_eq!(status(OnLeave, Some("active"), Some(Ended)), Ended);
        assert_eq!(status(OnLeave, Some("active"), Some(Suspended)), OnLeave);
        assert_eq!(status(Active, Some("gone"), Some(Ended)), Active);
        assert_eq!(status(Active, Some("ended"), Some(Ended)), Active);
        assert_eq!(status(Active, None, Some(Suspended)), Suspended);
        assert_eq!(status(Ended, None, Some(Active)), Ended);
        assert_eq!(status(Suspended, None, None), Suspended);
    }
}
