//! Files whose rows are objects of their own: applications and entitlements. What is different between the two is said by
//! [`Object`], everything else is here.

use std::collections::HashMap;

use domain::field::FieldErrors;
use domain::id::{IdentityId, SourceId};
use domain::source::FileKind;

use super::cells::{self, Wrong};
use super::names::{Known, Meaning, Name, Numbers};
use super::recorded::{Chunk, Recorded, Version};
use super::{BATCH, Engine, Result};
use crate::imports::file::Row;

/// A row that reads well; problems of its cells are kept until it is known which object they are about.
pub(super) struct Item<D> {
    pub(super) line: u64,
    /// The key of its name.
    pub(super) key: String,
    /// What it is in, as the file names it; empty when it is in nothing.
    pub(super) within: String,
    pub(super) owner: String,
    pub(super) draft: D,
    pub(super) wrong: Wrong,
}

/// Where a row stands: the number of what it is in, and its name there.
pub(super) type Place = (i64, Name);

/// The content of an object to which one row of a file leads.
pub(super) trait Object: Recorded + PartialEq {
    /// What a row says of it.
    type Draft: Send + Sync;
    /// The column of its name, which is also what it is called in sentences.
    const COLUMN: &'static str;

    /// Reads a row, or says why its name cannot be used.
    fn read(row: &Row<'_>) -> std::result::Result<Item<Self::Draft>, &'static str>;

    /// Learns what the names of all of them mean, once.
    fn learn(engine: &mut Engine<'_>) -> impl Future<Output = Result<()>> + Send;

    /// Where a row stands, or why what it is in is not known.
    fn place(engine: &Engine<'_>, item: &Item<Self::Draft>) -> std::result::Result<Place, String>;

    /// Why a row is not for a file although it reads well.
    fn refused(_item: &Item<Self::Draft>) -> Option<&'static str> {
        None
    }

    /// The content that a row leads to.
    fn check(
        draft: &Self::Draft,
        before: Option<&Self>,
        within: i64,
        owner: Option<IdentityId>,
        errors: &mut FieldErrors,
    ) -> Self;

    /// Which source brought it; none when a person made it.
    fn source(&self) -> Option<SourceId>;

    /// The same, brought by a source.
    fn brought_by(self, source: SourceId) -> Self;
}

impl Engine<'_> {
    /// Compares the objects of a file, and writes what differs.
    pub(super) async fn objects<T: Object>(&mut self) -> Result<()> {
        let Some(mut reader) = self.reader(T::KIND) else {
            return Ok(());
        };
        let (mut seen, mut doubled) = (Numbers::default(), HashMap::new());
        let mut batch: Vec<Item<T::Draft>> = Vec::new();
        let mut named = 0;
        while let Some(row) = reader.next().await? {
            let item = T::read(&row);
            if self.broken(T::KIND, row) {
                // A shifted line may seem to name another object.
                if row.certain("application").is_none() || row.certain(T::COLUMN).is_none() {
                    self.uncertain.insert(T::KIND);
                }
                T::learn(self).await?;
                if let Ok(item) = &item
                    && let Ok((_, name)) = T::place(self, item)
                    && let Some(id) = T::names(self).object(name)
                {
                    seen.insert(id);
                }
                continue;
            }
            match item {
                Ok(item) => batch.push(item),
                Err(why) => {
                    self.tally.reject(T::KIND, row.line(), T::COLUMN, why);
                    continue;
                }
            }
            if batch.len() == BATCH {
                let items = std::mem::take(&mut batch);
                named += self
                    .settle_objects::<T>(items, &mut seen, &mut doubled)
                    .await?;
                self.pause(T::KIND, reader.position()).await?;
            }
        }
        named += self
            .settle_objects::<T>(batch, &mut seen, &mut doubled)
            .await?;
        self.read_to_end(T::KIND, &reader);
        self.named.insert(T::KIND, named);
        self.end_missing::<T>(&seen).await
    }

    async fn settle_objects<T: Object>(
        &mut self,
        items: Vec<Item<T::Draft>>,
        seen: &mut Numbers,
        doubled: &mut HashMap<Name, u64>,
    ) -> Result<u64> {
        if items.is_empty() {
            return Ok(0);
        }
        T::learn(self).await?;
        self.learn_people(items.iter().map(|item| item.owner.as_str()))
            .await?;
        let mut ids = Vec::new();
        for item in &items {
            if let Ok((_, name)) = T::place(self, item) {
                ids.extend(T::names(self).object(name).map(T::id));
            }
        }
        let mut tx = self.service.store.read().await?;
        let known = T::with(&mut tx, &ids).await?;
        drop(tx);
        let known: HashMap<T::Id, Version<T>> =
            known.into_iter().map(|known| (known.0, known)).collect();
        let (mut chunk, mut named) = (Chunk::new(), 0);
        for mut item in items {
            let (within, name) = match T::place(self, &item) {
                Ok(place) => place,
                Err(why) => {
                    self.tally.reject(T::KIND, item.line, "application", why);
                    continue;
                }
            };
            if let Some(first) = doubled.insert(name, item.line) {
                let what = T::COLUMN;
                let why = format!("Line {first} names this {what} already. Keep one of the lines.");
                self.tally.reject(T::KIND, item.line, what, why);
                continue;
            }
            let number = T::names(self).object(name);
            let before = number.and_then(|number| known.get(&T::id(number)));
            if before.is_some() {
                seen.insert(number.unwrap_or_default());
            }
            if let Some(why) = T::refused(&item) {
                self.tally.reject(T::KIND, item.line, T::COLUMN, why);
                continue;
            }
            let owner = self
                .owner(T::KIND, item.line, "owner", &item.owner)
                .map(IdentityId::from_raw);
            let mut errors = FieldErrors::new();
            let known = before.map(|(_, _, content)| content);
            let content = T::check(&item.draft, known, within, owner, &mut errors);
            item.wrong
                .extend(cells::wrong(&errors).into_iter().map(|(field, why)| {
                    // Forms call it so.
                    match field.as_str() {
                        "name" => (T::COLUMN.to_owned(), why),
                        _ => (field, why),
                    }
                }));
            if !item.wrong.is_empty() {
                self.reject(T::KIND, item.line, item.wrong);
                continue;
            }
            let ours = self.source.id;
            match before {
                None => chunk.new.push((item.line, name, content.brought_by(ours))),
                Some(before) => {
                    let (_, _, known) = before;
                    if known.source() == Some(ours) && content != *known {
                        chunk.changed.push((item.line, before.clone(), content));
                    }
                }
            }
            named += 1;
        }
        self.settle_chunk(chunk, seen).await?;
        Ok(named)
    }
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
            cells::shown(shown),
            file.file_name()
        )),
    }
}
