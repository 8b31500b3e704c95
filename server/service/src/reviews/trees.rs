//! The rows of a campaign against the leaves that are kept of them, and both against what the log bound.
//!
//! Rows and leaves lie in different tables, and the root in a third place that is signed: so what was changed is told from
//! what was not, and is named.

use std::collections::{HashMap, VecDeque};

use domain::id::{CampaignId, ObjectKind};
use domain::review::{Excluded, Facts};
use proof::Frontier;
use proof::hash::{Hash, leaf_hash};
use storage::ReadTx;
use storage::reviews::{
    ActRecord, PopulationPlace, PopulationReader, PopulationRow, Subject, row_id,
};

/// Rows read at a time.
const PART: i64 = 2_000;
/// Pieces of leaves read at a time; each has some thousand.
const PIECES: i64 = 8;
/// The number of a population's tree.
pub(crate) const POPULATION: i64 = 0;

/// Why rows are no evidence.
#[derive(Debug)]
pub(crate) enum Broken {
    /// A sentence that names what does not hold.
    Found(String),
    /// It was asked to stop.
    Stopped,
    /// The database does not answer.
    Failed(crate::Error),
}

impl<E: Into<crate::Error>> From<E> for Broken {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

pub(crate) fn found<T>(what: impl Into<String>) -> Result<T, Broken> {
    Err(Broken::Found(what.into()))
}

/// What the log says of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bound {
    /// The number of the entry.
    pub(crate) seq: i64,
    /// The root that it binds.
    pub(crate) root: Hash,
    /// How many records it says there are.
    pub(crate) records: u64,
}

/// A tree whose rows are read.
#[derive(Debug)]
struct TreeWalk {
    campaign: CampaignId,
    tree: i64,
    ahead: VecDeque<Hash>,
    rows: Frontier,
    kept: Frontier,
    /// The first row whose leaf is another, as a sentence names it.
    first: Option<String>,
}

impl TreeWalk {
    fn new(campaign: CampaignId, tree: i64) -> Self {
        Self {
            campaign,
            tree,
            ahead: VecDeque::new(),
            rows: Frontier::new(),
            kept: Frontier::new(),
            first: None,
        }
    }

    fn name(&self) -> String {
        match self.tree {
            POPULATION => format!("the population of campaign {}", self.campaign),
            tree => format!("act {tree} of campaign {}", self.campaign),
        }
    }

    /// Takes the next row; `named` is what it is called, and `place` where its column says that it stands.
    async fn push(
        &mut self,
        tx: &mut ReadTx,
        place: i64,
        content: &str,
        named: impl Fn() -> String,
    ) -> Result<(), Broken> {
        let next = i64::try_from(self.rows.size()).unwrap_or(i64::MAX);
        if place != next {
            return found(format!(
                "{} stands at leaf {place}, and leaf {next} of {} is next: a row before it was taken out or put in, or one of them got another place.",
                named(),
                self.name()
            ));
        }
        let hash = leaf_hash(content.as_bytes());
        self.rows.push(hash);
        if self.ahead.is_empty() {
            self.read_leaves(tx, next).await?;
        }
        let kept = self.ahead.pop_front();
        if let Some(kept) = kept {
            self.kept.push(kept);
        }
        if kept != Some(hash) && self.first.is_none() {
            self.first = Some(named());
        }
        Ok(())
    }

    async fn read_leaves(&mut self, tx: &mut ReadTx, from: i64) -> Result<(), Broken> {
        let mut next = from;
        for (first, hashes) in tx
            .tree_leaves(self.campaign, self.tree, from, PIECES)
            .await?
        {
            let (whole, rest) = hashes.as_chunks::<32>();
            if first != next || !rest.is_empty() {
                return found(format!(
                    "review_leaves: the piece of {} from leaf {next} on is missing or is not whole.",
                    self.name()
                ));
            }
            self.ahead.extend(whole.iter().copied().map(Hash));
            next += i64::try_from(whole.len()).unwrap_or(0);
        }
        Ok(())
    }

    /// There are no more rows: compares them, and the leaves, with what the log bound; before it bound anything, with each
    /// other.
    async fn finish(mut self, tx: &mut ReadTx, bound: Option<Bound>) -> Result<Frontier, Broken> {
        let next = i64::try_from(self.kept.size()).unwrap_or(i64::MAX);
        if self.ahead.is_empty() {
            self.read_leaves(tx, next).await?;
        }
        if !self.ahead.is_empty() {
            return found(format!(
                "{} has {} rows, and leaves beyond them: the rows from leaf {} on were taken out.",
                self.name(),
                self.rows.size(),
                self.rows.size()
            ));
        }
        let Some(bound) = bound else {
            return match self.first {
                None => Ok(self.rows),
                Some(first) => found(format!("{first} is not what was recorded with its leaf.")),
            };
        };
        let is_bound = |edge: &Frontier| edge.root() == bound.root && edge.size() == bound.records;
        let (rows, kept) = (is_bound(&self.rows), is_bound(&self.kept));
        let Some(first) = &self.first else {
            if rows {
                return Ok(self.rows);
            }
            return found(format!(
                "The rows of {} fit their leaves, and not entry {}, which binds {} records with the root {}: rows and leaves were changed together.",
                self.name(),
                bound.seq,
                bound.records,
                bound.root
            ));
        };
        if rows {
            return found(format!(
                "review_leaves: the leaf of {first} was changed; its row is what entry {} bound.",
                bound.seq
            ));
        }
        let was = match self.tree {
            POPULATION => "is not what it was launched with",
            _ => "is not what was recorded",
        };
        let doubt = if kept {
            ""
        } else {
            " (and other leaves of it were changed, too)"
        };
        found(format!(
            "{first} {was}: its row differs from what entry {} bound{doubt}.",
            bound.seq
        ))
    }
}

/// A line of a population.
#[derive(Debug)]
pub(crate) enum Line {
    /// A person or thing.
    Subject(Box<Subject>),
    /// An item.
    Item(Box<Facts>),
    /// What is left out.
    Excluded(Excluded),
}

/// A population that is read and compared.
#[derive(Debug)]
pub(crate) struct PopulationWalk {
    campaign: CampaignId,
    reader: PopulationReader,
    tree: TreeWalk,
    /// The application of each entitlement that was told of.
    applications: HashMap<i64, i64>,
    /// The first row with a column that does not fit; said only when nothing that is signed was changed.
    column: Option<String>,
}

impl PopulationWalk {
    /// Before the first row.
    pub(crate) fn new(campaign: CampaignId) -> Self {
        Self {
            campaign,
            reader: PopulationReader::new(campaign),
            tree: TreeWalk::new(campaign, POPULATION),
            applications: HashMap::new(),
            column: None,
        }
    }

    /// The next rows; none after the last.
    pub(crate) async fn part(&mut self, tx: &mut ReadTx) -> Result<Vec<Line>, Broken> {
        let rows = tx.population_rows(&mut self.reader, PART).await?;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let campaign = self.campaign;
            self.tree
                .push(tx, row.leaf, &row.content, || named(campaign, &row.place))
                .await?;
            match line(&row) {
                Some(line) => {
                    if self.column.is_none() {
                        self.column = self.misfit(&row, &line);
                    }
                    lines.push(line);
                }
                None => {
                    self.tree
                        .first
                        .get_or_insert_with(|| named(campaign, &row.place));
                }
            }
        }
        Ok(lines)
    }

    /// Compares what was read with what the log bound.
    pub(crate) async fn finish(
        self,
        tx: &mut ReadTx,
        bound: Option<Bound>,
    ) -> Result<Frontier, Broken> {
        let frontier = self.tree.finish(tx, bound).await?;
        match self.column {
            Some(what) => found(what),
            None => Ok(frontier),
        }
    }

    /// What a column says that its content does not.
    fn misfit(&mut self, row: &PopulationRow, line: &Line) -> Option<String> {
        let column = match (&row.place, line) {
            (PopulationPlace::Subject(kind, object), Line::Subject(subject)) => {
                if let (ObjectKind::Entitlement, Some(application)) =
                    (subject.id.kind, subject.application)
                {
                    self.applications.insert(*object, application.raw());
                }
                let same = kind == subject.id.kind.name() && *object == subject.id.raw;
                (!same).then_some("object_id")
            }
            (PopulationPlace::Item(columns), Line::Item(facts)) => {
                let application = match facts.what.kind {
                    ObjectKind::Entitlement => self.applications.get(&facts.what.raw),
                    _ => None,
                };
                let fits = application.is_none_or(|known| *known == columns.application_id);
                let misfit = columns.misfit(self.campaign, facts);
                misfit.or_else(|| (!fits).then_some("application_id"))
            }
            (PopulationPlace::Excluded(id), Line::Excluded(excluded)) => {
                (*id != row_id(self.campaign, excluded.number)).then_some("id")
            }
            _ => None,
        }?;
        Some(format!(
            "{}: the column {column} differs from what was frozen.",
            named(self.campaign, &row.place)
        ))
    }
}

fn line(row: &PopulationRow) -> Option<Line> {
    let text = &row.content;
    match row.place {
        PopulationPlace::Subject(..) => serde_json::from_str(text).ok().map(Line::Subject),
        PopulationPlace::Item(_) => serde_json::from_str(text).ok().map(Line::Item),
        PopulationPlace::Excluded(_) => serde_json::from_str(text).ok().map(Line::Excluded),
    }
}

fn named(campaign: CampaignId, place: &PopulationPlace) -> String {
    let number = place.number().unwrap_or_default();
    match place {
        PopulationPlace::Subject(kind, object) => {
            format!("The {kind} {object} in the population of campaign {campaign}")
        }
        PopulationPlace::Item(_) => format!("Item {number} of campaign {campaign}"),
        PopulationPlace::Excluded(_) => {
            format!("Number {number}, which campaign {campaign} leaves out,")
        }
    }
}

/// An act that is read and compared.
#[derive(Debug)]
pub(crate) struct ActWalk {
    campaign: CampaignId,
    seq: i64,
    after: i64,
    tree: TreeWalk,
    column: Option<String>,
}

impl ActWalk {
    /// Before the first record of a tree that an entry binds.
    pub(crate) fn new(campaign: CampaignId, tree: i64, seq: i64) -> Self {
        Self {
            campaign,
            seq,
            after: i64::MIN,
            tree: TreeWalk::new(campaign, tree),
            column: None,
        }
    }

    /// The next records; none after the last.
    pub(crate) async fn part(&mut self, tx: &mut ReadTx) -> Result<Vec<ActRecord>, Broken> {
        let (campaign, seq, tree) = (self.campaign, self.seq, self.tree.tree);
        let rows = tx.act_records(campaign, tree, self.after, PART).await?;
        let mut records = Vec::with_capacity(rows.len());
        for (place, item, content) in rows {
            self.after = place;
            let named = || {
                let number = item & i64::from(u32::MAX);
                format!(
                    "The record on item {number} of campaign {campaign} in entry {seq} (place {place})"
                )
            };
            self.tree.push(tx, place, &content, named).await?;
            match serde_json::from_str::<ActRecord>(&content) {
                Ok(record) => {
                    if item != row_id(campaign, record.item()) && self.column.is_none() {
                        self.column = Some(format!(
                            "{}: the column item_id differs from the record.",
                            named()
                        ));
                    }
                    records.push(record);
                }
                Err(_) => {
                    self.tree.first.get_or_insert_with(named);
                }
            }
        }
        Ok(records)
    }

    /// Compares what was read with what the log bound.
    pub(crate) async fn finish(self, tx: &mut ReadTx, bound: Bound) -> Result<Frontier, Broken> {
        let frontier = self.tree.finish(tx, Some(bound)).await?;
        match self.column {
            Some(what) => found(what),
            None => Ok(frontier),
        }
    }
}
