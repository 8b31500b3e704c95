//! Applications: applications.csv.

use domain::application::{ApplicationContent, ApplicationDraft, CONSOLE};
use domain::field::FieldErrors;
use domain::id::{IdentityId, SourceId};
use domain::source::FileKind;

use super::names::{Name, key};
use super::objects::{Item, Object, Place, needed};
use super::{Engine, Result};
use crate::imports::file::Row;

impl Engine<'_> {
    /// The application with a name, which was learnt before; otherwise why there is none.
    pub(super) fn application(&self, name: &str) -> std::result::Result<i64, String> {
        needed(
            &self.applications,
            Name::of(&key(name)),
            name,
            "application",
            FileKind::Applications,
        )
    }

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
