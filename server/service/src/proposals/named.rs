//! Pairs in a file: `username,application,entitlement`, in any order of columns.

use std::collections::HashMap;

use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::permission::{Action, Facts};
use domain::text;

use crate::{Cx, Error, Result, Service, boxed};

/// Usernames that are looked up in one statement.
const PART: usize = 1_000;
/// Problems that are named.
const SHOWN: usize = 10;

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPair {
    /// The line it begins in; the header's is 1.
    pub line: u64,
    /// Whose access.
    pub username: String,
    /// Technical name of the application.
    pub application: String,
    /// Technical name of the entitlement.
    pub entitlement: String,
}

/// The pairs of a file.
pub fn pairs(bytes: &[u8]) -> Result<Vec<NamedPair>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let failed = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Error::Refused(format!(
            "Line {line} cannot be read as CSV in UTF-8: {error}."
        ))
    };
    let header = reader.headers().map_err(failed)?.clone();
    let place = |name: &str| {
        let found = header.iter().position(|cell| text::fold(cell) == name);
        found.ok_or_else(|| {
            Error::Refused(format!(
                "The file has no column “{name}”. It needs the columns username, application and entitlement."
            ))
        })
    };
    let (username, application, entitlement) = (
        place("username")?,
        place("application")?,
        place("entitlement")?,
    );
    let mut found = Vec::new();
    for record in reader.into_records() {
        let record = record.map_err(failed)?;
        let cell = |place: usize| record.get(place).unwrap_or("").to_owned();
        found.push(NamedPair {
            line: record.position().map_or(0, csv::Position::line),
            username: cell(username),
            application: cell(application),
            entitlement: cell(entitlement),
        });
    }
    Ok(found)
}

/// Who and what these are. Refused with the lines of what is unknown.
#[boxed]
pub async fn known(
    service: &Service,
    cx: &Cx,
    pairs: &[NamedPair],
) -> Result<Vec<(IdentityId, EntitlementId)>> {
    let permitted = cx.decide(Action::ReadAccess, None, Facts::default());
    service.noted(cx, permitted.map(drop)).await?;
    let mut tx = service.store.read().await?;
    let mut people: HashMap<String, IdentityId> = HashMap::new();
    let usernames: Vec<String> = pairs.iter().map(|pair| text::key(&pair.username)).collect();
    for some in usernames.chunks(PART) {
        people.extend(tx.identities_by_keys(some).await?);
    }
    let mut applications: HashMap<String, Option<ApplicationId>> = HashMap::new();
    let mut rights: HashMap<(ApplicationId, String), Option<EntitlementId>> = HashMap::new();
    let (mut found, mut unknown) = (Vec::with_capacity(pairs.len()), Vec::new());
    for pair in pairs {
        let name = text::key(&pair.application);
        let application = match applications.get(&name) {
            Some(known) => *known,
            None => tx
                .application_by_name(&pair.application)
                .await?
                .map(|one| one.id),
        };
        applications.insert(name, application);
        let right = match application {
            None => None,
            Some(id) => {
                let name = (id, text::key(&pair.entitlement));
                let known = match rights.get(&name) {
                    Some(known) => *known,
                    None => tx
                        .entitlement_by_name(id, &pair.entitlement)
                        .await?
                        .map(|one| one.id),
                };
                rights.insert(name, known);
                known
            }
        };
        match (people.get(&text::key(&pair.username)), right) {
            (Some(person), Some(right)) => found.push((*person, right)),
            (person, _) => unknown.push(problem(pair, person.is_some(), application.is_some())),
        }
    }
    if unknown.is_empty() {
        return Ok(found);
    }
    let more = unknown.len().saturating_sub(SHOWN);
    unknown.truncate(SHOWN);
    if more > 0 {
        unknown.push(format!("{more} more lines name what is unknown."));
    }
    Err(Error::Refused(unknown.join(" ")))
}

fn problem(pair: &NamedPair, person: bool, application: bool) -> String {
    let line = pair.line;
    if !person {
        format!(
            "Line {line}: nobody here has the username “{}”.",
            pair.username
        )
    } else if application {
        let (of, name) = (&pair.application, &pair.entitlement);
        format!("Line {line}: the application “{of}” has no entitlement “{name}”.")
    } else {
        format!(
            "Line {line}: there is no application “{}”.",
            pair.application
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_in_any_order_and_a_byte_order_mark_is_no_name() {
        let file =
            "\u{feff}entitlement,other,Username,application\nread,x,ana,sap\n\"a,b\",y, ben ,crm\n";
        let found = pairs(file.as_bytes()).unwrap();
        let pair = |line, username: &str, application: &str, entitlement: &str| NamedPair {
            line,
            username: username.to_owned(),
            application: application.to_owned(),
            entitlement: entitlement.to_owned(),
        };
        assert_eq!(
            found,
            [pair(2, "ana", "sap", "read"), pair(3, "ben", "crm", "a,b")]
        );
    }

    #[test]
    fn what_cannot_be_read_is_said_with_its_line() {
        let said = |file: &[u8]| pairs(file).unwrap_err().to_string();
        assert!(said(b"username,application\n").contains("no column"));
        assert!(said(b"username,application,entitlement\nana,sap\n").contains("Line 2"));
        assert!(said(b"username,application,entitlement\na,b,c\n\xff,b,c\n").contains("Line 3"));
        assert_eq!(pairs(b"username,application,entitlement\n").unwrap(), []);
    }
}
