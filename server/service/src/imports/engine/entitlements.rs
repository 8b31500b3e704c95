//! Entitlements: entitlements.csv.

use domain::entitlement::{EntitlementContent, EntitlementDraft, EntitlementKind};
use domain::field::FieldErrors;
use domain::id::{ApplicationId, IdentityId, SourceId};
use domain::source::FileKind;

use super::cells::Wrong;
use super::names::{Name, key};
use super::objects::{Item, Object, Place, needed};
use super::{Engine, Result, SCAN};
use crate::imports::file::Row;

impl Engine<'_> {
    /// Learns what the names of all applications and entitlements mean, once.
    pub(super) async fn learn_entitlements(&mut self) -> Result<()> {
        self.learn_applications().await?;
        if !self.learnt.insert(FileKind::Entitlements) {
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
        let id = self
            .application(application)
            .map_err(|why| ("application", why))?;
        needed(
            &self.entitlements,
            Name::within(id, &key(name)),
            name,
            "entitlement of this application",
            FileKind::Entitlements,
        )
        .map_err(|why| ("entitlement", why))
    }
}

impl Object for EntitlementContent {
    type Draft = EntitlementDraft;
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

    fn place(
        engine: &Engine<'_>,
        item: &Item<EntitlementDraft>,
    ) -> std::result::Result<Place, String> {
        let application = engine.application(&item.within)?;
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

    fn source(&self) -> Option<SourceId> {
        self.source
    }

    fn brought_by(self, source: SourceId) -> Self {
        Self {
            source: Some(source),
            ..self
        }
    }
}
