//! Applications: applications.csv.

use domain::application::{ApplicationContent, ApplicationDraft, CONSOLE};
use domain::audit::Target;
use domain::field::FieldErrors;
use domain::id::{ApplicationId, IdentityId, ObjectKind, SourceId};
use domain::lifecycle::Lifecycle;
use domain::source::FileKind;
use storage::{ReadTx, WriteTx};

use super::names::{Known, Name, key};
use super::objects::{Item, Object, Place, Version};
use super::tally::{FieldChange, differs};
use super::{Engine, Result};
use crate::imports::file::Row;

impl Engine<'_> {
    /// Learns what the names of all applications mean, once.
    pub(super) async fn learn_applications(&mut self) -> Result<()> {
        if !self.learnt.insert(FileKind::Applications) {
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
}

impl Object for ApplicationContent {
    type Draft = ApplicationDraft;
    const KIND: FileKind = FileKind::Applications;
    const COUNTED: ObjectKind = ObjectKind::Application;
    const COLUMN: &'static str = "application";

    fn read(row: &Row<'_>) -> std::result::Result<Item<ApplicationDraft>, &'static str> {
        let name = row.cell("application").to_owned();
        let display_name = match row.cell("display_name") {
            "" => name.clone(),
            given => given.to_owned(),
        };
        Ok(Item {
            line: row.line(),
            key: key(&name),
            within: String::new(),
            owner: row.cell("owner").to_owned(),
            draft: ApplicationDraft {
                name,
                display_name,
                description: row.cell("description").to_owned(),
                owner: row.cell("owner").to_owned(),
                criticality: row.cell("criticality").to_lowercase(),
            },
            wrong: Vec::new(),
        })
    }

    async fn learn(engine: &mut Engine<'_>) -> Result<()> {
        engine.learn_applications().await
    }

    fn names<'e>(engine: &'e mut Engine<'_>) -> &'e mut Known {
        &mut engine.applications
    }

    fn place(_: &Engine<'_>, item: &Item<ApplicationDraft>) -> std::result::Result<Place, String> {
        Ok((0, Name::of(&item.key)))
    }

    fn refused(item: &Item<ApplicationDraft>) -> Option<&'static str> {
        (item.key == CONSOLE).then_some(
            "This is the console's own application. Its rights are given in the console.",
        )
    }

    fn check(
        draft: &ApplicationDraft,
        before: Option<&Self>,
        _within: i64,
        owner: Option<IdentityId>,
        errors: &mut FieldErrors,
    ) -> Self {
        draft.check(before, owner, errors)
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

    async fn with(tx: &mut ReadTx, ids: &[i64]) -> storage::Result<Vec<Version<Self>>> {
        let ids: Vec<_> = ids.iter().copied().map(ApplicationId::from_raw).collect();
        let found = tx.applications_with(&ids).await?.into_iter();
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
            .map(|(id, content)| (ApplicationId::from_raw(id), content));
        tx.insert_applications(&contents.collect::<Vec<_>>()).await
    }

    async fn replace(
        tx: &mut WriteTx,
        versions: Vec<Version<Self>>,
    ) -> storage::Result<Vec<Target>> {
        let versions = versions.into_iter().map(|version| {
            let id = ApplicationId::from_raw(version.id);
            (id, version.recorded_from, version.content)
        });
        tx.replace_applications(&versions.collect::<Vec<_>>()).await
    }
}
