//! Files whose rows are objects of their own: applications and entitlements. What is different between the two is said by
//! [`Object`], everything else is here.

use std::collections::HashMap;

use domain::audit::Target;
use domain::field::FieldErrors;
use domain::id::{IdentityId, ObjectKind, SourceId};
use domain::source::{FileKind, RowChange};
use domain::time::Instant;
use storage::{ReadTx, WriteTx};

use super::cells::Wrong;
use super::names::{Known, Meaning, Name, Numbers};
use super::tally::{FieldChange, Shrink};
use super::{BATCH, Engine, Result, SCAN, about};
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

/// An object as it is recorded.
#[derive(Clone)]
pub(super) struct Version<T> {
    pub(super) id: i64,
    pub(super) recorded_from: Instant,
    pub(super) content: T,
}

/// Where a row stands: the number of what it is in, and its name there.
pub(super) type Place = (i64, Name);

/// The content of an object that a file brings.
pub(super) trait Object: Clone + PartialEq + Send + Sync + Sized {
    /// What a row says of it.
    type Draft: Send + Sync;
    /// The file.
    const KIND: FileKind;
    /// What its numbers count.
    const COUNTED: ObjectKind;
    /// The column of its name, which is also what it is called in sentences.
    const COLUMN: &'static str;

    /// Reads a row, or says why its name cannot be used.
    fn read(row: &Row<'_>) -> std::result::Result<Item<Self::Draft>, &'static str>;

    /// Learns what the names of all of them mean, once.
    fn learn(engine: &mut Engine<'_>) -> impl Future<Output = Result<()>> + Send;

    /// What their names mean.
    fn names<'e>(engine: &'e mut Engine<'_>) -> &'e mut Known;

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

    /// Its name for people.
    fn display_name(&self) -> &str;

    /// Which source brought it.
    fn source(&mut self) -> &mut Option<SourceId>;

    /// It has ended.
    fn ended(self) -> Self;

    /// What is different from before.
    fn fields(before: Option<&Self>, after: &Self) -> Vec<FieldChange>;

    /// Those with some numbers. In no order.
    fn with(
        tx: &mut ReadTx,
        ids: &[i64],
    ) -> impl Future<Output = storage::Result<Vec<Version<Self>>>> + Send;

    /// Adds some.
    fn insert(
        tx: &mut WriteTx,
        contents: Vec<(i64, Self)>,
    ) -> impl Future<Output = storage::Result<Vec<Target>>> + Send;

    /// Replaces versions.
    fn replace(
        tx: &mut WriteTx,
        versions: Vec<Version<Self>>,
    ) -> impl Future<Output = storage::Result<Vec<Target>>> + Send;
}

type New<T> = (u64, Name, T);
type Changed<T> = (u64, Version<T>, T);

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
        self.end_objects::<T>(&seen).await
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
                ids.extend(T::names(self).object(name));
            }
        }
        let mut tx = self.service.store.read().await?;
        let known = T::with(&mut tx, &ids).await?;
        drop(tx);
        let known: HashMap<i64, Version<T>> =
            known.into_iter().map(|known| (known.id, known)).collect();
        let (mut new, mut changed, mut named) = (Vec::new(), Vec::new(), 0);
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
            let before = T::names(self).object(name).and_then(|id| known.get(&id));
            if let Some(before) = before {
                seen.insert(before.id);
            }
            if let Some(why) = T::refused(&item) {
                self.tally.reject(T::KIND, item.line, T::COLUMN, why);
                continue;
            }
            let owner = self
                .owner(T::KIND, item.line, "owner", &item.owner)
                .map(IdentityId::from_raw);
            let mut errors = FieldErrors::new();
            let known = before.map(|before| &before.content);
            let mut content = T::check(&item.draft, known, within, owner, &mut errors);
            item.wrong.extend(wrong(&errors, T::COLUMN));
            if !item.wrong.is_empty() {
                self.reject(T::KIND, item.line, item.wrong);
                continue;
            }
            let ours = Some(self.source.id);
            match before {
                None => {
                    *content.source() = ours;
                    new.push((item.line, name, content));
                }
                Some(before) => {
                    let mut before = before.clone();
                    if *before.content.source() == ours && content != before.content {
                        changed.push((item.line, before, content));
                    }
                }
            }
            named += 1;
        }
        if self.dry {
            self.foresee_objects(new, changed);
        } else {
            self.write_objects(new, changed, seen).await?;
        }
        Ok(named)
    }

    fn foresee_objects<T: Object>(&mut self, new: Vec<New<T>>, changed: Vec<Changed<T>>) {
        for (line, name, content) in new {
            let id = self.provisional();
            T::names(self).learn(name, Some(id));
            self.foresee_object(line, RowChange::Added, None, &content);
        }
        for (line, before, content) in changed {
            self.foresee_object(line, RowChange::Changed, Some(&before.content), &content);
        }
    }

    fn foresee_object<T: Object>(
        &mut self,
        line: u64,
        change: RowChange,
        before: Option<&T>,
        after: &T,
    ) {
        self.tally.count(T::KIND, change);
        if self.tally.wants(T::KIND, change) {
            let fields = T::fields(before, after);
            self.tally
                .show(T::KIND, line, change, after.display_name(), fields);
        }
    }

    async fn write_objects<T: Object>(
        &mut self,
        new: Vec<New<T>>,
        changed: Vec<Changed<T>>,
        seen: &mut Numbers,
    ) -> Result<()> {
        if new.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let mut records = Vec::with_capacity(new.len() + changed.len());
        if !changed.is_empty() {
            let lines: Vec<u64> = changed.iter().map(|(line, _, _)| *line).collect();
            let versions = changed
                .into_iter()
                .map(|(_, before, content)| Version { content, ..before });
            let marks = T::replace(&mut tx, versions.collect()).await?;
            records.extend(lines.iter().zip(marks).map(|(line, mark)| {
                about(
                    RowChange::Changed,
                    T::KIND,
                    *line,
                    mark.object,
                    mark.content,
                )
            }));
        }
        let mut learnt = Vec::with_capacity(new.len());
        if !new.is_empty() {
            let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
            let first = tx.next_ids(T::COUNTED, count).await?;
            let mut contents = Vec::with_capacity(new.len());
            for (id, (line, name, content)) in (first..).zip(new) {
                learnt.push((line, name, id));
                contents.push((id, content));
            }
            let marks = T::insert(&mut tx, contents).await?;
            records.extend(learnt.iter().zip(marks).map(|((line, _, _), mark)| {
                about(RowChange::Added, T::KIND, *line, mark.object, mark.content)
            }));
        }
        self.commit(tx, &records).await?;
        for (_, name, id) in learnt {
            T::names(self).learn(name, Some(id));
            seen.insert(id);
        }
        Ok(())
    }

    async fn end_objects<T: Object>(&mut self, seen: &Numbers) -> Result<()> {
        let missing = self.missing(T::KIND, seen).await?;
        for part in missing.chunks(BATCH) {
            let mut tx = self.service.store.read().await?;
            let gone = T::with(&mut tx, part).await?;
            drop(tx);
            if self.dry {
                for gone in gone {
                    self.foresee_end(T::KIND, gone.content.display_name());
                }
                continue;
            }
            let ended = gone.into_iter().map(|gone| Version {
                content: gone.content.ended(),
                ..gone
            });
            let ended = ended.collect();
            let mut tx = self.begin().await?;
            let marks = T::replace(&mut tx, ended).await?;
            let records: Vec<_> = marks
                .iter()
                .map(|mark| about(RowChange::Ended, T::KIND, 0, mark.object, mark.content))
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
