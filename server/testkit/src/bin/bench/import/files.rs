//! The files of an import, from the organisation that is worked out from a seed.
//!
//! People do not stand below their managers: the rows are shuffled, as they are in what other systems write.

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Result;

use crate::organisation::{APPLICATIONS, EACH, application, entitlement, grants, person, username};

/// Steps through all numbers below any that it does not divide.
const STEP: usize = 7_919;
const LEVELS: [&str; 4] = ["low", "medium", "high", "critical"];

/// Writes the four files into a new folder.
pub(crate) fn write(folder: &Path, people: usize) -> Result<()> {
    fs::create_dir(folder)?;
    identities(&folder.join("identities.csv"), people)?;
    rights(folder)?;
    access(&folder.join("access.csv"), people)
}

fn shuffled(count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |place| place * STEP % count)
}

fn identities(path: &Path, people: usize) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(
        file,
        "username,external_id,display_name,email,department,title,location,manager,employment_type,status,start_date,end_date"
    )?;
    for number in shuffled(people) {
        let person = person(number);
        let manager = person.manager.map(username).unwrap_or_default();
        writeln!(
            file,
            "{name},E{number:07},{},{name}@example.com,{},{},{},{manager},{},{},{},{}",
            person.name,
            person.department,
            person.title,
            person.location,
            person.kind,
            person.status,
            person.start_date,
            person.end_date,
            name = person.username,
        )?;
    }
    Ok(file.flush()?)
}

fn rights(folder: &Path) -> Result<()> {
    let mut file = BufWriter::new(File::create(folder.join("applications.csv"))?);
    writeln!(
        file,
        "application,display_name,description,owner,criticality"
    )?;
    for number in 0..APPLICATIONS {
        let (name, owner, level) = (
            application(number),
            username(number),
            LEVELS[number % LEVELS.len()],
        );
        writeln!(
            file,
            "{name},Application {number},What department {number} works with,{owner},{level}"
        )?;
    }
    file.flush()?;
    let mut file = BufWriter::new(File::create(folder.join("entitlements.csv"))?);
    writeln!(
        file,
        "application,entitlement,kind,display_name,description,risk,requestable"
    )?;
    for number in 0..APPLICATIONS * EACH {
        let (of, name) = (application(number / EACH), entitlement(number));
        let (level, place) = (LEVELS[number % LEVELS.len()], number % EACH);
        writeln!(
            file,
            "{of},{name},group,Right {place} of {of},Lets people do thing {place} in {of},{level},true"
        )?;
    }
    Ok(file.flush()?)
}

fn access(path: &Path, people: usize) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "username,application,entitlement,last_used_at")?;
    for number in shuffled(people) {
        let name = username(number);
        for grant in grants(number) {
            let (of, right) = (
                application(grant.entitlement / EACH),
                entitlement(grant.entitlement),
            );
            writeln!(file, "{name},{of},{right},{}T08:15:00Z", grant.last_used)?;
        }
    }
    Ok(file.flush()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_written_once() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("files");
        write(&folder, 50).unwrap();
        let rows = |name: &str| {
            let text = fs::read_to_string(folder.join(name)).unwrap();
            let mut rows: Vec<String> = text.lines().map(str::to_owned).collect();
            rows.sort_unstable();
            rows.dedup();
            rows.len() - 1
        };
        assert_eq!((rows("identities.csv"), rows("access.csv")), (50, 500));
        assert_eq!(
            (rows("applications.csv"), rows("entitlements.csv")),
            (20, 5_000)
        );
    }
}
