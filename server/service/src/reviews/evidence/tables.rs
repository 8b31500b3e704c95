//! The tables of a pack: a row an item, and a row a decision, with the names of the moment in which the campaign began.

use std::collections::{BTreeSet, HashMap};

use domain::id::{ObjectKind, ObjectRef};
use domain::review::{Decision, Facts};
use domain::time::Instant;
use storage::reviews::{ActRecord, PopulationPlace, PopulationReader};

use super::out::{Out, Pack, text};
use super::source::{Names, Source};
use crate::reviews::trees::{ActWalk, Broken};
use crate::{Service, csv_export};

/// Rows read at a time.
const PART: i64 = 2_000;

const ITEMS: &[&str] = &[
    "item",
    "kind",
    "holder",
    "holder_technical",
    "holder_detail",
    "what",
    "what_technical",
    "application",
    "how",
    "because",
    "risk",
    "flags",
    "since",
    "until",
    "granted_by",
    "granted_because",
    "last_used",
    "first_reviewer",
    "why_they",
    "decision",
    "decided_by",
    "on_behalf_of",
    "decided_at",
    "reason",
    "decided_together",
    "remediation",
    "remediation_by",
    "access_remains",
];

const DECISIONS: &[&str] = &[
    "entry",
    "item",
    "stage",
    "holder",
    "holder_technical",
    "what",
    "what_technical",
    "decision",
    "reason",
    "until",
    "smaller",
    "passed_to",
    "remedy",
    "decided_by",
    "on_behalf_of",
    "decided_at",
    "decided_together",
    "next_reviewer",
    "next_because",
];

fn moment(at: Option<Instant>) -> String {
    at.map(|at| at.to_string()).unwrap_or_default()
}

/// What an item came to.
#[derive(Debug, Default)]
struct Came {
    decision: Option<Decision>,
    remedy: Option<(&'static str, String, bool)>,
}

/// Writes the rows of items.
pub(super) async fn items(
    service: &Service,
    source: &mut Source,
    pack: &mut Pack,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    text(pack, &csv_export::write(ITEMS, [])?)?;
    let mut reader = PopulationReader::new(source.id());
    loop {
        let rows = source.tx.population_rows(&mut reader, PART).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let items = rows
            .iter()
            .filter(|row| matches!(row.place, PopulationPlace::Item(_)));
        let items: Vec<Facts> = items
            .filter_map(|row| serde_json::from_str(&row.content).ok())
            .collect();
        let came = came(source, &items).await?;
        let names = names(source, &items, &came).await?;
        let rows = items
            .iter()
            .map(|facts| row(facts, came.get(&facts.number), &names));
        text(pack, &csv_export::write(&[], rows)?)?;
        out.drain(service, pack.get_mut()).await?;
    }
}

async fn came(source: &mut Source, items: &[Facts]) -> Result<HashMap<u64, Came>, Broken> {
    let numbers: Vec<u64> = items.iter().map(|facts| facts.number).collect();
    let mut all: HashMap<u64, Came> = HashMap::new();
    let id = source.id();
    for written in source.tx.review_records(id, &numbers).await? {
        let one = all.entry(written.record.item()).or_default();
        match written.record {
            ActRecord::Decision(decision) => one.decision = Some(decision),
            ActRecord::Remedy {
                state, remains, by, ..
            } => one.remedy = Some((state.label(), by, remains)),
            ActRecord::Passed { .. } => {}
        }
    }
    Ok(all)
}

async fn names(
    source: &mut Source,
    items: &[Facts],
    came: &HashMap<u64, Came>,
) -> Result<Names, Broken> {
    let mut objects: BTreeSet<ObjectRef> = items
        .iter()
        .flat_map(|facts| {
            let people = [Some(facts.reviewer), facts.granted_by];
            let people = people.into_iter().flatten().map(ObjectRef::from);
            let things = [Some(facts.holder), Some(facts.what), facts.because];
            people.chain(things.into_iter().flatten())
        })
        .collect();
    let decisions = came.values().filter_map(|one| one.decision.as_ref());
    for decision in decisions {
        let people = [decision.by, decision.on_behalf_of];
        objects.extend(people.into_iter().flatten().map(ObjectRef::from));
    }
    let names = source.names(objects.clone()).await?;
    let applications = objects
        .iter()
        .filter(|one| one.kind == ObjectKind::Entitlement)
        .filter_map(|one| names.get(*one)?.application.map(ObjectRef::from));
    let applications: BTreeSet<ObjectRef> = applications.collect();
    objects.extend(applications);
    source.names(objects).await
}

fn row(facts: &Facts, came: Option<&Came>, names: &Names) -> Vec<String> {
    let name = |object: Option<ObjectRef>| object.map(|one| names.name(one)).unwrap_or_default();
    let (holder, what) = (names.get(facts.holder), names.get(facts.what));
    let technical = |one: Option<&storage::reviews::Subject>| {
        one.map(|one| one.technical.clone()).unwrap_or_default()
    };
    let application = match facts.what.kind {
        ObjectKind::Application => Some(facts.what),
        _ => what.and_then(|one| one.application).map(Into::into),
    };
    let flags: Vec<&str> = facts.flags.iter().map(|flag| flag.label()).collect();
    let decision = came.and_then(|one| one.decision.as_ref());
    let remedy = came.and_then(|one| one.remedy.as_ref());
    let mut row = vec![
        facts.number.to_string(),
        facts.item.label().to_owned(),
        names.name(facts.holder),
        technical(holder),
        holder.map(|one| one.detail.clone()).unwrap_or_default(),
        names.name(facts.what),
        technical(what),
        name(application),
        facts.how.label().to_owned(),
        name(facts.because),
        facts
            .risk
            .map(|risk| risk.label().to_owned())
            .unwrap_or_default(),
        flags.join("; "),
        moment(facts.since),
        moment(facts.until),
        name(facts.granted_by.map(Into::into)),
        facts.reason.clone(),
        facts.used.map(|day| day.to_string()).unwrap_or_default(),
        names.name(facts.reviewer),
        facts.why.label().to_owned(),
    ];
    row.extend(match decision {
        None => std::array::from_fn(|_| String::new()),
        Some(one) => [
            one.choice.label().to_owned(),
            by(one, names),
            name(one.on_behalf_of.map(Into::into)),
            one.at.to_string(),
            one.reason.clone(),
            one.together.to_string(),
        ],
    });
    row.extend(match remedy {
        None => std::array::from_fn(|_| String::new()),
        Some((state, by, remains)) => [
            (*state).to_owned(),
            by.clone(),
            if *remains { "yes" } else { "no" }.to_owned(),
        ],
    });
    row
}

fn by(decision: &Decision, names: &Names) -> String {
    decision
        .by
        .map_or_else(|| "nobody in time".to_owned(), |by| names.name(by))
}

/// Writes the rows of decisions, in the order of the log.
pub(super) async fn decisions(
    service: &Service,
    source: &mut Source,
    pack: &mut Pack,
    out: &mut Out<'_>,
) -> Result<(), Broken> {
    text(pack, &csv_export::write(DECISIONS, [])?)?;
    let id = source.id();
    for (tree, bound) in source.acts.clone() {
        let mut walk = ActWalk::new(id, tree, bound.seq);
        loop {
            let records = walk.part(&mut source.tx).await?;
            if records.is_empty() {
                break;
            }
            let decisions = records.into_iter().filter_map(|record| match record {
                ActRecord::Decision(decision) => Some(decision),
                ActRecord::Passed { .. } | ActRecord::Remedy { .. } => None,
            });
            let decisions: Vec<Decision> = decisions.collect();
            let numbers: Vec<u64> = decisions.iter().map(|one| one.item).collect();
            let items = source.tx.review_items(id, &numbers).await?;
            let items: HashMap<u64, Facts> = items
                .into_iter()
                .map(|item| (item.facts.number, item.facts))
                .collect();
            let names = source.names(spoken_of(&decisions, &items)).await?;
            let rows = decisions
                .iter()
                .map(|one| decision_row(one, items.get(&one.item), &names, bound.seq));
            text(pack, &csv_export::write(&[], rows)?)?;
            out.drain(service, pack.get_mut()).await?;
        }
    }
    Ok(())
}

fn spoken_of(decisions: &[Decision], items: &HashMap<u64, Facts>) -> BTreeSet<ObjectRef> {
    let mut objects = BTreeSet::new();
    for one in decisions {
        let next = one.next.map(|next| next.reviewer);
        let people = [one.by, one.on_behalf_of, one.to, next];
        objects.extend(people.into_iter().flatten().map(ObjectRef::from));
        objects.extend(one.smaller.map(ObjectRef::from));
        if let Some(facts) = items.get(&one.item) {
            objects.extend([facts.holder, facts.what]);
        }
    }
    objects
}

fn decision_row(one: &Decision, facts: Option<&Facts>, names: &Names, seq: i64) -> Vec<String> {
    let name = |object: Option<ObjectRef>| object.map(|one| names.name(one)).unwrap_or_default();
    let technical = |object: Option<ObjectRef>| {
        let known = object.and_then(|one| names.get(one));
        known.map(|one| one.technical.clone()).unwrap_or_default()
    };
    let (holder, what) = (
        facts.map(|facts| facts.holder),
        facts.map(|facts| facts.what),
    );
    vec![
        seq.to_string(),
        one.item.to_string(),
        (one.stage + 1).to_string(),
        name(holder),
        technical(holder),
        name(what),
        technical(what),
        one.choice.label().to_owned(),
        one.reason.clone(),
        moment(one.until),
        name(one.smaller.map(Into::into)),
        name(one.to.map(Into::into)),
        one.remedy
            .map(|remedy| remedy.label().to_owned())
            .unwrap_or_default(),
        by(one, names),
        name(one.on_behalf_of.map(Into::into)),
        one.at.to_string(),
        one.together.to_string(),
        name(one.next.map(|next| next.reviewer.into())),
        one.next
            .map(|next| next.why.label().to_owned())
            .unwrap_or_default(),
    ]
}
