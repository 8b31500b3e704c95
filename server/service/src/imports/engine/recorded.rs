//! Objects of which every version is kept, as a file leads to them: applications, entitlements and roles. What is
//! different between them is said by [`Recorded`]; comparing the rows of a file with them is done elsewhere.

use std::hash::Hash;

use domain::application::ApplicationContent;
use domain::audit::Target;
use domain::entitlement::EntitlementContent;
use domain::id::{ApplicationId, EntitlementId, ObjectKind, RoleId};
use domain::lifecycle::Lifecycle;
use domain::role::RoleContent;
use domain::source::{FileKind, RowChange};
use domain::time::Instant;
use storage::{ReadTx, WriteTx};

use super::names::{Known, Name, Numbers};
use super::tally::{Field, Shrink, differences, level_text, person_text};
use super::{BATCH, Engine, Result, SCAN, about};
use crate::imports::foreseen::Foreseen;

/// The content of an object, as it is recorded.
pub(super) trait Recorded: Clone + Send + Sync + Sized + 'static {
    /// What tells one from another.
    type Id: Copy + Eq + Hash + Send + Sync;
    /// The file.
    const KIND: FileKind;
    /// What its numbers count.
    const COUNTED: ObjectKind;
    /// What is shown of it when it changes, in the order of the file.
    const FIELDS: &'static [Field<Self>];

    /// The id with a number.
    fn id(number: i64) -> Self::Id;

    /// What the names of all of them mean.
    fn names<'e>(engine: &'e mut Engine<'_>) -> &'e mut Known;

    /// Its name for people.
    fn display_name(&self) -> &str;

    /// It has ended.
    fn ended(self) -> Self;

    /// Notes what it is afterwards.
    fn foresee(&self, id: Self::Id, foreseen: &mut Foreseen);

    /// Those with some ids. In no order.
    fn with(
        tx: &mut ReadTx,
        ids: &[Self::Id],
    ) -> impl Future<Output = storage::Result<Vec<Version<Self>>>> + Send;

    /// Adds some.
    fn insert(
        tx: &mut WriteTx,
        contents: &[(Self::Id, Self)],
    ) -> impl Future<Output = storage::Result<Vec<Target>>> + Send;

    /// Replaces versions.
    fn replace(
        tx: &mut WriteTx,
        versions: &[Version<Self>],
    ) -> impl Future<Output = storage::Result<Vec<Target>>> + Send;
}

/// Writes [`Recorded`] for the content of a kind: the kinds differ in the names of what they call, and in their fields.
macro_rules! recorded {
    ($content:ty {
        id: $id:ty,
        file: $file:ident,
        counted: $counted:ident,
        names: $names:ident,
        with: $with:ident,
        insert: $insert:ident,
        replace: $replace:ident,
        foreseen: $foreseen:ident,
        fields: $fields:expr,
    }) => {
        impl Recorded for $content {
            type Id = $id;
            const KIND: FileKind = FileKind::$file;
            const COUNTED: ObjectKind = ObjectKind::$counted;
            const FIELDS: &'static [Field<Self>] = &$fields;

            fn id(number: i64) -> $id {
                <$id>::from_raw(number)
            }

            fn names<'e>(engine: &'e mut Engine<'_>) -> &'e mut Known {
                &mut engine.$names
            }

            fn display_name(&self) -> &str {
                &self.display_name
            }

            fn ended(self) -> Self {
                Self {
                    status: Lifecycle::Ended,
                    ..self
                }
            }

            fn foresee(&self, id: $id, foreseen: &mut Foreseen) {
                foreseen.$foreseen(id, self);
            }

            async fn with(tx: &mut ReadTx, ids: &[$id]) -> storage::Result<Vec<Version<Self>>> {
                let found = tx.$with(ids).await?.into_iter();
                Ok(found
                    .map(|found| (found.id, found.recorded_from, found.content))
                    .collect())
            }

            async fn insert(
                tx: &mut WriteTx,
                contents: &[($id, Self)],
            ) -> storage::Result<Vec<Target>> {
                tx.$insert(contents).await
            }

            async fn replace(
                tx: &mut WriteTx,
                versions: &[Version<Self>],
            ) -> storage::Result<Vec<Target>> {
                tx.$replace(versions).await
            }
        }
    };
}

recorded!(ApplicationContent {
    id: ApplicationId,
    file: Applications,
    counted: Application,
    names: applications,
    with: applications_with,
    insert: insert_applications,
    replace: replace_applications,
    foreseen: application,
    fields: [
        ("application", |content| content.name.clone()),
        ("display_name", |content| content.display_name.clone()),
        ("description", |content| content.description.clone()),
        ("owner", |content| person_text(content.owner)),
        ("criticality", |content| level_text(content.criticality)),
    ],
});

recorded!(EntitlementContent {
    id: EntitlementId,
    file: Entitlements,
    counted: Entitlement,
    names: entitlements,
    with: entitlements_with,
    insert: insert_entitlements,
    replace: replace_entitlements,
    foreseen: entitlement,
    fields: [
        ("entitlement", |content| content.name.clone()),
        ("display_name", |content| content.display_name.clone()),
        ("description", |content| content.description.clone()),
        ("kind", |content| content.kind.word().to_owned()),
        ("actions", |content| content.actions.join("; ")),
        ("resource_type", |content| content.resource_type.clone()),
        ("resource_id", |content| content.resource_id.clone()),
        ("risk", |content| level_text(content.risk)),
        ("owner", |content| person_text(content.owner)),
        ("requestable", |content| content.requestable.to_string()),
    ],
});

recorded!(RoleContent {
    id: RoleId,
    file: Roles,
    counted: Role,
    names: roles,
    with: roles_with,
    insert: insert_roles,
    replace: replace_roles,
    foreseen: role,
    fields: [
        ("role", |content| content.name.clone()),
        ("display_name", |content| content.display_name.clone()),
        ("description", |content| content.description.clone()),
        ("owner", |content| person_text(content.owner)),
        ("parts", |content| content.parts.len().to_string()),
    ],
});

/// A version: whose it is, when it was recorded, and what it says.
pub(super) type Version<T> = (<T as Recorded>::Id, Instant, T);

/// What some rows lead to, each with its line.
pub(super) struct Chunk<T: Recorded> {
    /// Under which name something new is known from then on.
    pub(super) new: Vec<(u64, Name, T)>,
    /// What it was, and what it becomes.
    pub(super) changed: Vec<(u64, Version<T>, T)>,
}

impl<T: Recorded> Chunk<T> {
    /// Nothing yet.
    pub(super) const fn new() -> Self {
        Self {
            new: Vec::new(),
            changed: Vec::new(),
        }
    }
}

impl Engine<'_> {
    /// Writes a chunk in one transaction, or counts what a dry run foresees of it. What is new counts as seen.
    pub(super) async fn settle_chunk<T: Recorded>(
        &mut self,
        chunk: Chunk<T>,
        seen: &mut Numbers,
    ) -> Result<()> {
        if self.dry {
            self.foresee_chunk(chunk);
            Ok(())
        } else {
            self.write_chunk(chunk, seen).await
        }
    }

    fn foresee_chunk<T: Recorded>(&mut self, chunk: Chunk<T>) {
        for (line, name, content) in chunk.new {
            let id = self.provisional();
            T::names(self).learn(name, Some(id));
            if let Some(foreseen) = &mut self.foreseen {
                content.foresee(T::id(id), foreseen);
            }
            let shown = content.display_name();
            self.tally
                .foresee(T::KIND, line, RowChange::Added, shown, || {
                    differences(T::FIELDS, None, &content)
                });
        }
        for (line, (id, _, before), content) in chunk.changed {
            if let Some(foreseen) = &mut self.foreseen {
                content.foresee(id, foreseen);
            }
            let shown = content.display_name();
            self.tally
                .foresee(T::KIND, line, RowChange::Changed, shown, || {
                    differences(T::FIELDS, Some(&before), &content)
                });
        }
    }

    async fn write_chunk<T: Recorded>(
        &mut self,
        chunk: Chunk<T>,
        seen: &mut Numbers,
    ) -> Result<()> {
        let Chunk { new, changed } = chunk;
        if new.is_empty() && changed.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        let mut records = Vec::with_capacity(new.len() + changed.len());
        let mut record = |change, line, mark: Target| {
            records.push(about(change, T::KIND, line, mark.object, mark.content));
        };
        if !changed.is_empty() {
            let (lines, versions): (Vec<u64>, Vec<Version<T>>) = changed
                .into_iter()
                .map(|(line, (id, recorded_from, _), content)| (line, (id, recorded_from, content)))
                .unzip();
            let marks = T::replace(&mut tx, &versions).await?;
            for (line, mark) in lines.into_iter().zip(marks) {
                record(RowChange::Changed, line, mark);
            }
        }
        let mut learnt = Vec::with_capacity(new.len());
        if !new.is_empty() {
            let count = i64::try_from(new.len()).unwrap_or(i64::MAX);
            let first = tx.next_ids(T::COUNTED, count).await?;
            let mut contents = Vec::with_capacity(new.len());
            let mut lines = Vec::with_capacity(new.len());
            for (number, (line, name, content)) in (first..).zip(new) {
                lines.push(line);
                learnt.push((name, number));
                contents.push((T::id(number), content));
            }
            let marks = T::insert(&mut tx, &contents).await?;
            for (line, mark) in lines.into_iter().zip(marks) {
                record(RowChange::Added, line, mark);
            }
        }
        self.commit(tx, &records).await?;
        for (name, number) in learnt {
            T::names(self).learn(name, Some(number));
            seen.insert(number);
        }
        Ok(())
    }

    /// Ends what the source brought and its file no longer names.
    pub(super) async fn end_missing<T: Recorded>(&mut self, seen: &Numbers) -> Result<()> {
        let (live, missing) = self.missing(T::KIND, seen).await?;
        self.shrinks(T::KIND, live, missing.len() as u64);
        for part in missing.chunks(BATCH) {
            let ids: Vec<_> = part.iter().copied().map(T::id).collect();
            let mut tx = self.service.store.read().await?;
            let gone = T::with(&mut tx, &ids).await?;
            drop(tx);
            if self.dry {
                for (id, _, content) in gone {
                    self.foresee_end(T::KIND, content.display_name());
                    if let Some(foreseen) = &mut self.foreseen {
                        content.ended().foresee(id, foreseen);
                    }
                }
                continue;
            }
            let ended: Vec<Version<T>> = gone
                .into_iter()
                .map(|(id, recorded_from, content)| (id, recorded_from, content.ended()))
                .collect();
            let mut tx = self.begin().await?;
            let marks = T::replace(&mut tx, &ended).await?;
            let records: Vec<_> = marks
                .iter()
                .map(|mark| about(RowChange::Ended, T::KIND, 0, mark.object, mark.content))
                .collect();
            self.commit(tx, &records).await?;
        }
        Ok(())
    }

    /// How many objects this source has, and which of them the file no longer names; neither is looked up when what the
    /// file does not name stays.
    pub(super) async fn missing(
        &mut self,
        kind: FileKind,
        seen: &Numbers,
    ) -> Result<(u64, Vec<i64>)> {
        let (mut missing, mut live, mut after) = (Vec::new(), 0, 0);
        if !self.ends_what_is_missing(kind) {
            return Ok((live, missing));
        }
        loop {
            let page = self
                .service
                .store
                .read()
                .await?
                .live_ids(self.source.id, kind, after, SCAN)
                .await?;
            let Some(last) = page.last() else {
                return Ok((live, missing));
            };
            after = *last;
            live += page.len() as u64;
            missing.extend(page.into_iter().filter(|id| !seen.has(*id)));
        }
    }

    /// Notes how much of a kind would end.
    pub(super) fn shrinks(&mut self, kind: FileKind, live: u64, ended: u64) {
        if ended > 0 {
            self.tally.shrink.push(Shrink { kind, live, ended });
        }
    }

    /// Counts an end that a dry run foresees.
    pub(super) fn foresee_end(&mut self, kind: FileKind, name: &str) {
        self.tally
            .foresee(kind, 0, RowChange::Ended, name, Vec::new);
    }
}
