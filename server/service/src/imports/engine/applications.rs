//! Applications: applications.csv.

use std::collections::HashMap;

use domain::application::{Application, ApplicationContent, ApplicationDraft, CONSOLE};
use domain::field::FieldErrors;
use domain::id::{ApplicationId, ObjectKind};
use domain::lifecycle::Lifecycle;
use domain::source::{FileKind, RowChange};

use super::cells::Wrong;
use super::names::{Known, Meaning, Name, Numbers, key};
use super::tally::{FieldChange, Shrink, differs};
use super::{BATCH, Engine, Result, SCAN, about};
use crate::imports::file::Row;

const KIND: FileKind = FileKind::Applications;

/// A row that reads well.
struct Item {
    line: u64,
    key: String,
    draft: ApplicationDraft,
}

impl Engine<'_> {
    /// Compares applications, and writes what differs.
    pub(super) async fn applications(&mut self) -> Result<()> {
        let Some(mut reader) = self.reader(KIND) else {
            return Ok(());
        };
        let (mut seen, mut doubled) = (Numbers::default(), HashMap::new());
        let mut batch = Vec::new();
        let mut named = 0;
        while let Some(row) = reader.next().await? {
            if self.broken(KIND, row) {
                self.protect_application(row, &mut seen).await?;
                continue;
            }
            let name = key(row.cell("application"));
            if let Some(first) = doubled.insert(Name::of(&name), row.line()) {
                self.tally.reject(
                    KIND,
                    row.line(),
                    "application",
                    format!("Line {first} names this application already. Keep one of the lines."),
                );
                continue;
            }
            batch.push(Item {
                line: row.line(),
                key: name,
                draft: draft(&row),
            });
            if batch.len() == BATCH {
                named += self.settle_applications(&mut batch, &mut seen).await?;
                self.pause(KIND, reader.position()).await?;
            }
        }
        named += self.settle_applications(&mut batch, &mut seen).await?;
        self.read_to_end(KIND, &reader);
        self.named.insert(KIND, named);
        self.end_applications(&seen).await
    }

    async fn protect_application(&mut self, row: Row<'_>, seen: &mut Numbers) -> Result<()> {
        let name = row.cell("application").to_owned();
        // A shifted line may seem to name another application.
        if row.certain("application").is_none() {
            self.uncertain.insert(KIND);
        }
        self.learn_applications().await?;
        if let Some(id) = self.applications.object(Name::of(&key(&name))) {
            seen.insert(id);
        }
        Ok(())
    }

    /// Learns what the names of all applications mean, once.
    pub(super) async fn learn_applications(&mut self) -> Result<()> {
        if !self.learnt.insert(KIND) {
            return Ok(());
        }
        // The console's own rights are never given by a file.
        for application in self.service.store.read().await?.application_keys().await? {
            if application.content.built_in {
                continue;
            }
            let name = Name::of(&key(&application.content.name));
            self.applications.learn(name, Some(application.id.raw()));
        }
        Ok(())
    }

    async fn settle_applications(
        &mut self,
        batch: &mut Vec<Item>,
        seen: &mut Numbers,
    ) -> Result<u64> {
        let items = std::mem::take(batch);
        if items.is_empty() {
            return Ok(0);
        }
        self.learn_people(items.iter().map(|item| item.draft.owner.as_str()))
            .await?;
        self.learn_applications().await?;
        let ids: Vec<ApplicationId> = items
            .iter()
            .filter_map(|item| self.applications.object(Name::of(&item.key)))
            .map(ApplicationId::from_raw)
            .collect();
        let known = self
            .service
            .store
            .read()
            .await?
            .applications_with(&ids)
            .await?;
        let known: HashMap<i64, Application> = known
            .into_iter()
            .map(|known| (known.id.raw(), known))
            .collect();
        let (mut new, mut changed, mut named) = (Vec::new(), Vec::new(), 0);
        for item in items {
            let before = self
                .applications
                .object(Name::of(&item.key))
                .and_then(|id| known.get(&id));
            if let Some(before) = before {
                seen.insert(before.id.raw());
            }
            if item.key == CONSOLE {
                self.tally.reject(
                    KIND,
                    item.line,
                    "application",
                    "This is the console's own application. Its rights are given in the console.",
                );
                continue;
            }
            let owner = self
                .owner(KIND, item.line, "owner", &item.draft.owner)
                .map(domain::id::IdentityId::from_raw);
            let mut errors = FieldErrors::new();
            let mut content =
                item.draft
                    .check(before.map(|before| &before.content), owner, &mut errors);
            if !errors.is_empty() {
                self.reject(KIND, item.line, wrong(&errors, "application"));
                continue;
            }
            match before {
                None => {
                    content.source = Some(self.source.id);
                    new.push((item.line, item.key, content));
                }
                Some(before)
                    if before.content.source == Some(self.source.id)
                        && content != before.content =>
                {
                    changed.push((item.line, before.clone(), content));
                }
                Some(_) => {}
            }
            named += 1;
        }
        if self.dry {
            self.foresee_applications(new, changed);
        } else {
            self.write_applications(new, changed, seen).await?;
        }
        Ok(named)
    }

    fn foresee_applications(
        &mut self,
        new: Vec<(u64, String, ApplicationContent)>,
        changed: Vec<(u64, Application, ApplicationContent)>,
    ) {
        for (line, key, content) in new {
            let id = self.provisional();
            self.applications.learn(Name::of(&key), Some(id));
            self.tally.count(KIND, RowChange::Added);
            if self.tally.wants(KIND, RowChange::Added) {
                self.tally.show(
                    KIND,
                    line,
                    RowChange::Added,
                    &content.display_name,
                    fields(None, &content),
                );
            }
        }
        for (line, before, content) in changed {
            self.tally.count(KIND, RowChange::Changed);
            if self.tally.wants(KIND, RowChange::Changed) {
                self.tally.show(
                    KIND,
                    line,
                    RowChange::Changed,
                    &content.display_name,
                    fields(Some(&before.content), &content),
                );
            }
        }
    }

    async fn write_applications(
        &mut self,
        new: Vec<(u64, String, ApplicationContent)>,
        changed: Vec<(u64, Application, ApplicationContent)>,
        seen: &mut Numbers,
    ) -> Result<()> {
        if new.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let mut records = Vec::with_capacity(new.len() + changed.len());
        if !changed.is_empty() {
            let lines: Vec<u64> = changed.iter().map(|(line, _, _)| *line).collect();
            let versions: Vec<_> = changed
                .into_iter()
                .map(|(_, before, content)| (before.id, before.recorded_from, content))
                .collect();
            let marks = tx.replace_applications(&versions).await?;
            records.extend(lines.iter().zip(marks).map(|(line, mark)| {
                about(RowChange::Changed, KIND, *line, mark.object, mark.content)
            }));
        }
        let mut learnt = Vec::with_capacity(new.len());
        if !new.is_empty() {
            let first = tx
                .next_ids(
                    ObjectKind::Application,
                    i64::try_from(new.len()).unwrap_or(i64::MAX),
                )
                .await?;
            let mut contents = Vec::with_capacity(new.len());
            for (id, (line, key, content)) in (first..).zip(new) {
                learnt.push((line, Name::of(&key), id));
                contents.push((ApplicationId::from_raw(id), content));
            }
            let marks = tx.insert_applications(&contents).await?;
            records.extend(learnt.iter().zip(marks).map(|((line, _, _), mark)| {
                about(RowChange::Added, KIND, *line, mark.object, mark.content)
            }));
        }
        self.commit(tx, &records).await?;
        for (_, name, id) in learnt {
            self.applications.learn(name, Some(id));
            seen.insert(id);
        }
        Ok(())
    }

    async fn end_applications(&mut self, seen: &Numbers) -> Result<()> {
        let missing = self.missing(KIND, seen).await?;
        for part in missing.chunks(BATCH) {
            let ids: Vec<ApplicationId> =
                part.iter().copied().map(ApplicationId::from_raw).collect();
            let gone = self
                .service
                .store
                .read()
                .await?
                .applications_with(&ids)
                .await?;
            if self.dry {
                for application in gone {
                    self.foresee_end(KIND, &application.content.display_name);
                }
                continue;
            }
            let versions: Vec<_> = gone
                .into_iter()
                .map(|gone| {
                    let content = ApplicationContent {
                        status: Lifecycle::Ended,
                        ..gone.content
                    };
                    (gone.id, gone.recorded_from, content)
                })
                .collect();
            let mut tx = self.begin().await?;
            let marks = tx.replace_applications(&versions).await?;
            let records: Vec<_> = marks
                .iter()
                .map(|mark| about(RowChange::Ended, KIND, 0, mark.object, mark.content))
                .collect();
            self.commit(tx, &records).await?;
        }
        Ok(())
    }

    /// Objects of this source that the file no longer names.
    pub(super) async fn missing(&mut self, kind: FileKind, seen: &Numbers) -> Result<Vec<i64>> {
        let ends = self.ends_what_is_missing(kind);
        let (mut missing, mut live, mut after) = (Vec::new(), 0, 0);
        loop {
            if !ends {
                break;
            }
            let page = self
                .service
                .store
                .read()
                .await?
                .live_ids(self.source.id, kind, after, SCAN)
                .await?;
            let Some(last) = page.last() else { break };
            after = *last;
            live += page.len() as u64;
            missing.extend(page.into_iter().filter(|id| !seen.has(*id)));
        }
        self.shrinks(kind, live, missing.len() as u64);
        Ok(missing)
    }

    /// Notes how much of a kind would end.
    pub(super) fn shrinks(&mut self, kind: FileKind, live: u64, ended: u64) {
        if ended > 0 {
            self.tally.shrink.push(Shrink { kind, live, ended });
        }
    }

    /// Counts an end that a dry run foresees.
    pub(super) fn foresee_end(&mut self, kind: FileKind, name: &str) {
        self.tally.count(kind, RowChange::Ended);
        if self.tally.wants(kind, RowChange::Ended) {
            self.tally.show(kind, 0, RowChange::Ended, name, Vec::new());
        }
    }
}

/// Problems of a draft, with the file's name of the column that is called `name` in forms.
pub(super) fn wrong(errors: &FieldErrors, name: &str) -> Wrong {
    errors
        .iter()
        .map(|error| {
            (
                if error.field == "name" {
                    name
                } else {
                    error.field
                }
                .to_owned(),
                error.message.clone(),
            )
        })
        .collect()
}

/// The id of a name that a row needs, or why there is none.
pub(super) fn needed(
    known: &Known,
    name: Name,
    shown: &str,
    what: &str,
    file: FileKind,
) -> std::result::Result<i64, String> {
    match known.meaning(name) {
        Meaning::Object(id) => Ok(id),
        _ => Err(format!(
            "No {what} has the name “{}”. Correct it, or add it to {}.",
            super::cells::shown(shown),
            file.file_name()
        )),
    }
}

fn draft(row: &Row<'_>) -> ApplicationDraft {
    let name = row.cell("application").to_owned();
    let display_name = match row.cell("display_name") {
        "" => name.clone(),
        given => given.to_owned(),
    };
    ApplicationDraft {
        name,
        display_name,
        description: row.cell("description").to_owned(),
        owner: row.cell("owner").to_owned(),
        criticality: row.cell("criticality").to_lowercase(),
    }
}

fn fields(before: Option<&ApplicationContent>, after: &ApplicationContent) -> Vec<FieldChange> {
    let text =
        |of: fn(&ApplicationContent) -> String| (before.map(of).unwrap_or_default(), of(after));
    let level = |content: &ApplicationContent| {
        content
            .criticality
            .map(|level| level.word().to_owned())
            .unwrap_or_default()
    };
    let owner = |content: &ApplicationContent| {
        content
            .owner
            .filter(|id| id.raw() > 0)
            .map(|id| id.to_string())
            .unwrap_or_default()
    };
    [
        ("application", text(|content| content.name.clone())),
        ("display_name", text(|content| content.display_name.clone())),
        ("description", text(|content| content.description.clone())),
        ("owner", text(owner)),
        ("criticality", text(level)),
    ]
    .into_iter()
    .filter_map(|(field, (before, after))| differs(field, &before, &after))
    .collect()
}
