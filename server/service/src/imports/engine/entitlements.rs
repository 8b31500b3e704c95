//! Entitlements: entitlements.csv.

use domain::audit::Target;
use domain::entitlement::{EntitlementContent, EntitlementDraft, EntitlementKind};
use domain::field::FieldErrors;
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, SourceId};
use domain::lifecycle::Lifecycle;
use domain::source::FileKind;
use storage::{ReadTx, WriteTx};

use super::cells::Wrong;
use super::names::{Known, Name, key};
use super::objects::{Item, Object, Place, Version, needed};
use super::tally::{FieldChange, differs};
use super::{Engine, Result, SCAN};
use crate::imports::file::Row;

const KIND: FileKind = FileKind::Entitlements;

impl Engine<'_> {
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
}

impl Object for EntitlementContent {
    type Draft = EntitlementDraft;
    const KIND: FileKind = KIND;
    const COUNTED: ObjectKind = ObjectKind::Entitlement;
    const COLUMN: &'static str = "entitlement";

    fn read(row: &Row<'_>) -> std::result::Result<Item<EntitlementDraft>, &'static str> {
        let mut wrong = Wrong::new();
        let name = row.cell("entitlement").to_owned();
        if key(&name).is_empty() {
            return Err("The entitlement is missing. Enter its technical name.");
        }
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
        Ok(Item {
            line: row.line(),
            key: key(&name),
            within: row.cell("application").to_owned(),
            owner: row.cell("owner").to_owned(),
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
        })
    }

    async fn learn(engine: &mut Engine<'_>) -> Result<()> {
        engine.learn_entitlements().await
    }

    fn names<'e>(engine: &'e mut Engine<'_>) -> &'e mut Known {
        &mut engine.entitlements
    }

    fn place(
        engine: &Engine<'_>,
        item: &Item<EntitlementDraft>,
    ) -> std::result::Result<Place, String> {
        let application = needed(
            &engine.applications,
            Name::of(&key(&item.within)),
            &item.within,
            "application",
            FileKind::Applications,
        )?;
        Ok((application, Name::within(application, &item.key)))
    }

    fn check(
        draft: &EntitlementDraft,
        before: Option<&Self>,
        within: i64,
        owner: Option<IdentityId>,
        errors: &mut FieldErrors,
    ) -> Self {
        draft.check(before, ApplicationId::from_raw(within), owner, errors)
    }

    fn display_name(&self) -> &str {
        &self.display_name
    }

    fn source(&mut self) -> &mut Option<SourceId> {
        &mut self.source
    }

    fn ended(self) -> Self {
        Self {
            status: Lifecycle::Ended,
            ..self
        }
    }

    fn fields(before: Option<&Self>, after: &Self) -> Vec<FieldChange> {
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

    async fn with(tx: &mut ReadTx, ids: &[i64]) -> storage::Result<Vec<Version<Self>>> {
        let ids: Vec<_> = ids.iter().copied().map(EntitlementId::from_raw).collect();
        let found = tx.entitlements_with(&ids).await?.into_iter();
        Ok(found
            .map(|found| Version {
                id: found.id.raw(),
                recorded_from: found.recorded_from,
                content: found.content,
            })
            .collect())
    }

    async fn insert(tx: &mut WriteTx, contents: Vec<(i64, Self)>) -> storage::Result<Vec<Target>> {
        let contents = contents
            .into_iter()
            .map(|(id, content)| (EntitlementId::from_raw(id), content));
        tx.insert_entitlements(&contents.collect::<Vec<_>>()).await
    }

    async fn replace(
        tx: &mut WriteTx,
        versions: Vec<Version<Self>>,
    ) -> storage::Result<Vec<Target>> {
        let versions = versions.into_iter().map(|version| {
            let id = EntitlementId::from_raw(version.id);
            (id, version.recorded_from, version.content)
        });
        tx.replace_entitlements(&versions.collect::<Vec<_>>()).await
    }
}
