//! One moment of a campaign: what the log says of it, and a checkpoint that covers all of that.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::{CampaignId, EntitlementId, IdentityId, ObjectKind, ObjectRef};
use domain::review::{Campaign, CampaignState};
use jiff::tz::TimeZone;
use proof::entry::EnvelopeRef;
use proof::pack::{CAMPAIGN_ACTIONS, LAUNCHED};
use storage::ReadTx;
use storage::audit::StoredCheckpoint;
use storage::reviews::Subject;

use crate::audit::checkpoint;
use crate::reviews::trees::{Bound, Broken, found};
use crate::{Error, Service};

/// Entries read at a time.
const ENTRIES: i64 = 500;
/// How often a moment is looked for in which nothing happens between the checkpoint and the reading.
const ATTEMPTS: usize = 8;

/// A campaign as it is evidenced.
#[derive(Debug)]
pub(super) struct Source {
    /// Sees one moment; all is read in it.
    pub(super) tx: ReadTx,
    pub(super) campaign: Campaign,
    pub(super) zone: TimeZone,
    /// Covers every entry about the campaign that this moment has.
    pub(super) checkpoint: StoredCheckpoint,
    pub(super) launch: Bound,
    /// Trees of acts with what the log says of them, in the order of the log.
    pub(super) acts: Vec<(i64, Bound)>,
    /// Entries about the campaign.
    pub(super) entries: u64,
}

impl Source {
    /// Signs the log as it is, and reads the campaign in a moment that has no later entry about it.
    pub(super) async fn open(service: &Service, id: CampaignId) -> Result<Self, Broken> {
        for _ in 0..ATTEMPTS {
            checkpoint(service).await?;
            let mut tx = service.store.read().await?;
            let campaign = tx.campaign(id).await?.ok_or(Error::NotFound)?;
            let latest = tx.latest_checkpoint().await?;
            let Some(latest) = latest else { continue };
            let logged = Logged::read(&mut tx, id).await?;
            if logged.last > latest.size {
                continue;
            }
            let Some(launch) = logged.launch else {
                return Err(Error::Refused(not_launched(&campaign)).into());
            };
            let count = logged.count;
            let acts = logged.trees(&mut tx, id).await?;
            return Ok(Self {
                zone: crate::reviews::zone(&mut tx).await?,
                tx,
                campaign,
                checkpoint: latest,
                launch,
                acts,
                entries: count,
            });
        }
        Err(Error::Busy.into())
    }

    /// The id of the campaign.
    pub(super) const fn id(&self) -> CampaignId {
        self.campaign.id
    }

    /// People and things as they were when the campaign began; people who were no part of it, such as reviewers, with
    /// their present names.
    pub(super) async fn names(&mut self, objects: BTreeSet<ObjectRef>) -> Result<Names, Broken> {
        let mut by_kind: HashMap<ObjectKind, Vec<i64>> = HashMap::new();
        for object in &objects {
            by_kind.entry(object.kind).or_default().push(object.raw);
        }
        let mut names = Names::default();
        let id = self.id();
        for (kind, ids) in by_kind {
            let subjects = self.tx.review_subjects(id, kind, &ids).await?;
            names
                .0
                .extend(subjects.into_iter().map(|one| (one.id, one)));
        }
        let unknown: Vec<IdentityId> = objects
            .iter()
            .filter(|object| !names.0.contains_key(object))
            .filter_map(|object| object.identity())
            .collect();
        for person in self.tx.identity_names(&unknown).await? {
            let id = ObjectRef::from(person.id);
            let subject = Subject {
                id,
                name: person.display_name,
                technical: person.username,
                detail: String::new(),
                application: None,
            };
            names.0.insert(id, subject);
        }
        // What somebody was given instead need not have been in the population.
        let unknown: Vec<EntitlementId> = objects
            .iter()
            .filter(|one| one.kind == ObjectKind::Entitlement && !names.0.contains_key(one))
            .map(|one| EntitlementId::from_raw(one.raw))
            .collect();
        for one in self.tx.entitlements_with(&unknown).await? {
            let id = ObjectRef::from(one.id);
            let subject = Subject {
                id,
                name: one.content.display_name,
                technical: one.content.name,
                detail: one.content.description,
                application: None,
            };
            names.0.insert(id, subject);
        }
        Ok(names)
    }
}

fn not_launched(campaign: &Campaign) -> String {
    let name = &campaign.content.name;
    match campaign.content.state {
        CampaignState::Launching => format!(
            "The campaign “{name}” is still starting. Make its evidence pack when it has begun."
        ),
        _ => {
            format!("The campaign “{name}” was called off before it began: there is no evidence.")
        }
    }
}

/// Names of people and things.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<ObjectRef, Subject>);

impl Names {
    /// With those of another part.
    pub(super) fn add(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    /// What is known of it.
    pub(super) fn get(&self, object: impl Into<ObjectRef>) -> Option<&Subject> {
        self.0.get(&object.into())
    }

    /// Its name, or its id where it has none any more.
    pub(super) fn name(&self, object: impl Into<ObjectRef>) -> String {
        let object = object.into();
        let known = self.0.get(&object).map(|one| one.name.clone());
        known.unwrap_or_else(|| object.to_string())
    }
}

/// What the log has about a campaign.
#[derive(Debug, Default)]
struct Logged {
    last: i64,
    count: u64,
    launch: Option<Bound>,
    acts: BTreeMap<i64, (String, Bound)>,
}

impl Logged {
    async fn read(tx: &mut ReadTx, id: CampaignId) -> Result<Self, Broken> {
        let mut logged = Self::default();
        loop {
            let entries = tx.entries_of(id.into(), logged.last, ENTRIES).await?;
            if entries.is_empty() {
                return Ok(logged);
            }
            for (seq, leaf) in entries {
                logged.take(seq, &leaf)?;
            }
        }
    }

    fn take(&mut self, seq: i64, leaf: &[u8]) -> Result<(), Broken> {
        self.last = seq;
        self.count += 1;
        let Ok(envelope) = EnvelopeRef::parse(leaf) else {
            return found(format!("audit_entry {seq}: its leaf is no entry."));
        };
        let Some(bulk) = &envelope.bulk else {
            return Ok(());
        };
        let bound = Bound {
            seq,
            root: bulk.manifest,
            records: bulk.rows,
        };
        if &*envelope.action == LAUNCHED {
            if self.launch.is_some() {
                return found(format!(
                    "audit_entry {seq}: the campaign was launched a second time."
                ));
            }
            self.launch = Some(bound);
        } else if envelope.action.starts_with(CAMPAIGN_ACTIONS) {
            self.acts.insert(seq, (envelope.action.to_string(), bound));
        }
        Ok(())
    }

    /// The tree of each act, in the order of the log.
    async fn trees(mut self, tx: &mut ReadTx, id: CampaignId) -> Result<Vec<(i64, Bound)>, Broken> {
        let mut all = Vec::with_capacity(self.acts.len());
        let mut trees = tx.tree_rows(id).await?;
        trees.retain(|tree| tree.tree != 0);
        trees.sort_by_key(|tree| tree.seq);
        for tree in trees {
            let bound = tree.seq.and_then(|seq| self.acts.remove(&seq));
            let Some((action, bound)) = bound else {
                return found(format!(
                    "review_tree: no entry binds act {} of campaign {id}.",
                    tree.tree
                ));
            };
            if action != tree.action {
                return found(format!(
                    "review_tree: act {} of campaign {id} is called {}, and entry {} is {action}.",
                    tree.tree, tree.action, bound.seq
                ));
            }
            all.push((tree.tree, bound));
        }
        match self.acts.first_key_value() {
            None => Ok(all),
            Some((seq, (action, bound))) => found(format!(
                "The records of entry {seq} ({action}) of campaign {id}, {} in all, are missing: no row of review_tree has it.",
                bound.records
            )),
        }
    }
}
