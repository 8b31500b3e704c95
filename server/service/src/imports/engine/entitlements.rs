//! Entitlements: entitlements.csv.

use std::collections::HashMap;

use domain::entitlement::{Entitlement, EntitlementContent, EntitlementDraft, EntitlementKind};
use domain::field::FieldErrors;
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind};
use domain::lifecycle::Lifecycle;
use domain::source::{FileKind, RowChange};

use super::applications::{needed, wrong};
use super::cells::Wrong;
use super::names::{Name, Numbers, key};
use super::tally::{FieldChange, differs};
use super::{BATCH, Engine, Result, SCAN, about};
use crate::imports::file::Row;

const KIND: FileKind = FileKind::Entitlements;

/// A row that reads well; problems of its cells are kept until it is known which entitlement they are about.
struct Item {
    line: u64,
    application: String,
    key: String,
    draft: EntitlementDraft,
    wrong: Wrong,
}

type New = (u64, Name, EntitlementContent);
type Changed = (u64, Entitlement, EntitlementContent);

impl Engine<'_> {
    /// Compares entitlements, and writes what differs.
    pub(super) async fn entitlements(&mut self) -> Result<()> {
        let Some(mut reader) = self.reader(KIND) else {
            return Ok(());
        };
        let (mut seen, mut doubled) = (Numbers::default(), HashMap::new());
        let mut batch = Vec::new();
        let mut named = 0;
        while let Some(row) = reader.next().await? {
            if self.broken(KIND, row) {
                self.protect_entitlement(row, &mut seen).await?;
                continue;
            }
            let item = read(&row);
            if item.key.is_empty() {
                self.tally.reject(
                    KIND,
                    item.line,
                    "entitlement",
                    "The entitlement is missing. Enter its technical name.",
                );
                continue;
            }
            batch.push(item);
            if batch.len() == BATCH {
                named += self
                    .settle_entitlements(&mut batch, &mut seen, &mut doubled)
                    .await?;
                self.pause(KIND, reader.position()).await?;
            }
        }
        named += self
            .settle_entitlements(&mut batch, &mut seen, &mut doubled)
            .await?;
        self.read_to_end(KIND, &reader);
        self.named.insert(KIND, named);
        self.end_entitlements(&seen).await
    }

    async fn protect_entitlement(&mut self, row: Row<'_>, seen: &mut Numbers) -> Result<()> {
        let (application, name) = (
            row.cell("application").to_owned(),
            row.cell("entitlement").to_owned(),
        );
        // A shifted line may seem to name another entitlement.
        if row.certain("application").is_none() || row.certain("entitlement").is_none() {
            self.uncertain.insert(KIND);
        }
        self.learn_entitlements().await?;
        if let Ok(id) = self.entitlement(&application, &name) {
            seen.insert(id);
        }
        Ok(())
    }

    /// Learns what the names of all applications and entitlements mean, once.
    pub(super) async fn learn_entitlements(&mut self) -> Result<()> {
        self.learn_applications().await?;
        if !self.learnt.insert(KIND) {
            return Ok(());
        }
        let mut tx = self.service.store.read().await?;
        let mut after = 0;
        loop {
            let page = tx.entitlement_keys(after, SCAN).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.id.raw();
            for known in page {
                let name = Name::within(known.application.raw(), &known.name_key);
                self.entitlements.learn(name, Some(known.id.raw()));
            }
        }
    }

    /// The entitlement of an application; both were learnt before. Otherwise the column that is wrong, and why.
    pub(super) fn entitlement(
        &self,
        application: &str,
        name: &str,
    ) -> std::result::Result<i64, (&'static str, String)> {
        let id = needed(
            &self.applications,
            Name::of(&key(application)),
            application,
            "application",
            FileKind::Applications,
        )
        .map_err(|why| ("application", why))?;
        needed(
            &self.entitlements,
            Name::within(id, &key(name)),
            name,
            "entitlement of this application",
            KIND,
        )
        .map_err(|why| ("entitlement", why))
    }

    async fn settle_entitlements(
        &mut self,
        batch: &mut Vec<Item>,
        seen: &mut Numbers,
        doubled: &mut HashMap<Name, u64>,
    ) -> Result<u64> {
        let items = std::mem::take(batch);
        if items.is_empty() {
            return Ok(0);
        }
        self.learn_entitlements().await?;
        self.learn_people(items.iter().map(|item| item.draft.owner.as_str()))
            .await?;
        let ids: Vec<EntitlementId> = items
            .iter()
            .filter_map(|item| {
                let application = self
                    .applications
                    .object(Name::of(&key(&item.application)))?;
                self.entitlements
                    .object(Name::within(application, &item.key))
            })
            .map(EntitlementId::from_raw)
            .collect();
        let known = self
            .service
            .store
            .read()
            .await?
            .entitlements_with(&ids)
            .await?;
        let known: HashMap<i64, Entitlement> = known
            .into_iter()
            .map(|known| (known.id.raw(), known))
            .collect();
        let (mut new, mut changed, mut named) = (Vec::new(), Vec::new(), 0);
        for mut item in items {
            let application = match needed(
                &self.applications,
                Name::of(&key(&item.application)),
                &item.application,
                "application",
                FileKind::Applications,
            ) {
                Ok(id) => id,
                Err(why) => {
                    self.tally.reject(KIND, item.line, "application", why);
                    continue;
                }
            };
            let name = Name::within(application, &item.key);
            if let Some(first) = doubled.insert(name, item.line) {
                self.tally.reject(
                    KIND,
                    item.line,
                    "entitlement",
                    format!("Line {first} names this entitlement already. Keep one of the lines."),
                );
                continue;
            }
            let before = self.entitlements.object(name).and_then(|id| known.get(&id));
            if let Some(before) = before {
                seen.insert(before.id.raw());
            }
            let owner = self
                .owner(KIND, item.line, "owner", &item.draft.owner)
                .map(IdentityId::from_raw);
            let mut errors = FieldErrors::new();
            let mut content = item.draft.check(
                before.map(|before| &before.content),
                ApplicationId::from_raw(application),
                owner,
                &mut errors,
            );
            item.wrong.extend(wrong(&errors, "entitlement"));
            if !item.wrong.is_empty() {
                self.reject(KIND, item.line, item.wrong);
                continue;
            }
            match before {
                None => {
                    content.source = Some(self.source.id);
                    new.push((item.line, name, content));
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
            self.foresee_entitlements(new, changed);
        } else {
            self.write_entitlements(new, changed, seen).await?;
        }
        Ok(named)
    }

    fn foresee_entitlements(&mut self, new: Vec<New>, changed: Vec<Changed>) {
        for (line, name, content) in new {
            let id = self.provisional();
            self.entitlements.learn(name, Some(id));
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

    async fn write_entitlements(
        &mut self,
        new: Vec<New>,
        changed: Vec<Changed>,
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
            let marks = tx.replace_entitlements(&versions).await?;
            records.extend(lines.iter().zip(marks).map(|(line, mark)| {
                about(RowChange::Changed, KIND, *line, mark.object, mark.content)
            }));
        }
        let mut learnt = Vec::with_capacity(new.len());
        if !new.is_empty() {
            let first = tx
                .next_ids(
                    ObjectKind::Entitlement,
                    i64::try_from(new.len()).unwrap_or(i64::MAX),
                )
                .await?;
            let mut contents = Vec::with_capacity(new.len());
            for (id, (line, name, content)) in (first..).zip(new) {
                learnt.push((line, name, id));
                contents.push((EntitlementId::from_raw(id), content));
            }
            let marks = tx.insert_entitlements(&contents).await?;
            records.extend(learnt.iter().zip(marks).map(|((line, _, _), mark)| {
                about(RowChange::Added, KIND, *line, mark.object, mark.content)
            }));
        }
        self.commit(tx, &records).await?;
        for (_, name, id) in learnt {
            self.entitlements.learn(name, Some(id));
            seen.insert(id);
        }
        Ok(())
    }

    async fn end_entitlements(&mut self, seen: &Numbers) -> Result<()> {
        let missing = self.missing(KIND, seen).await?;
        for part in missing.chunks(BATCH) {
            let ids: Vec<EntitlementId> =
                part.iter().copied().map(EntitlementId::from_raw).collect();
            let gone = self
                .service
                .store
                .read()
                .await?
                .entitlements_with(&ids)
                .await?;
            if self.dry {
                for entitlement in gone {
                    self.foresee_end(KIND, &entitlement.content.display_name);
                }
                continue;
            }
            let versions: Vec<_> = gone
                .into_iter()
                .map(|gone| {
                    let content = EntitlementContent {
                        status: Lifecycle::Ended,
                        ..gone.content
                    };
                    (gone.id, gone.recorded_from, content)
                })
                .collect();
            let mut tx = self.begin().await?;
            let marks = tx.replace_entitlements(&versions).await?;
            let records: Vec<_> = marks
                .iter()
                .map(|mark| about(RowChange::Ended, KIND, 0, mark.object, mark.content))
                .collect();
            self.commit(tx, &records).await?;
        }
        Ok(())
    }
}

fn read(row: &Row<'_>) -> Item {
    let mut wrong = Wrong::new();
    let name = row.cell("entitlement").to_owned();
    let kind = match row.cell("kind") {
        "" => Some(EntitlementKind::Permission),
        given => EntitlementKind::from_file(given),
    };
    if kind.is_none() {
        wrong.push(("kind".to_owned(), format!("The kind “{}” is not known here. Use account, group, permission, licence or feature.", super::cells::shown(row.cell("kind")))));
    }
    let requestable = super::cells::word(
        "requestable",
        row.cell("requestable"),
        false,
        |word| match word {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        "true or false",
        &mut wrong,
    );
    let display_name = match row.cell("display_name") {
        "" => name.clone(),
        given => given.to_owned(),
    };
    Item {
        line: row.line(),
        application: row.cell("application").to_owned(),
        key: key(&name),
        draft: EntitlementDraft {
            application: String::new(),
            name,
            display_name,
            description: row.cell("description").to_owned(),
            kind: kind
                .unwrap_or(EntitlementKind::Permission)
                .word()
                .to_owned(),
            actions: row.cell("actions").to_owned(),
            resource_type: row.cell("resource_type").to_owned(),
            resource_id: row.cell("resource_id").to_owned(),
            risk: row.cell("risk").to_lowercase(),
            owner: row.cell("owner").to_owned(),
            requestable,
        },
        wrong,
    }
}

fn fields(before: Option<&EntitlementContent>, after: &EntitlementContent) -> Vec<FieldChange> {
    let text =
        |of: fn(&EntitlementContent) -> String| (before.map(of).unwrap_or_default(), of(after));
    [
        ("entitlement", text(|content| content.name.clone())),
        ("display_name", text(|content| content.display_name.clone())),
        ("description", text(|content| content.description.clone())),
        ("kind", text(|content| content.kind.word().to_owned())),
        ("actions", text(|content| content.actions.join("; "))),
        (
            "resource_type",
            text(|content| content.resource_type.clone()),
        ),
        ("resource_id", text(|content| content.resource_id.clone())),
        (
            "risk",
            text(|content| {
                content
                    .risk
                    .map(|level| level.word().to_owned())
                    .unwrap_or_default()
            }),
        ),
        (
            "owner",
            text(|content| {
                content
                    .owner
                    .filter(|id| id.raw() > 0)
                    .map(|id| id.to_string())
                    .unwrap_or_default()
            }),
        ),
        (
            "requestable",
            text(|content| content.requestable.to_string()),
        ),
    ]
    .into_iter()
    .filter_map(|(field, (before, after))| differs(field, &before, &after))
    .collect()
}
