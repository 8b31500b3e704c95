//! All active rules, ready to be asked for a person; made anew when a rule or the vocabulary changed.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};

use domain::id::{IdentityId, RuleId};
use domain::identity::Identity;
use domain::rule::{Rule, RuleState};
use domain::time::Instant;
use policy::{Condition, Facts, RuleSet, Vocabulary};
use storage::ReadTx;

use crate::{Error, Result, Service};

/// The rules of one state of the model.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) rules: BTreeMap<RuleId, Rule>,
    pub(crate) set: RuleSet<RuleId>,
}

/// The rules that were compiled last.
#[derive(Debug, Default)]
pub(crate) struct LastRules(Mutex<Option<(Instant, Arc<Compiled>)>>);

/// What conditions may speak of.
pub(crate) async fn vocabulary_of(tx: &mut ReadTx) -> Result<Vocabulary> {
    Ok(Vocabulary::new(tx.attribute_names().await?))
}

impl Compiled {
    /// The active rules as a transaction sees them.
    pub(crate) async fn of(service: &Service, tx: &mut ReadTx) -> Result<Arc<Self>> {
        let state = tx.model_state().await?.rules;
        let last = service.rules.0.lock().ok().and_then(|last| last.clone());
        if let Some((at, compiled)) = last
            && at == state
        {
            return Ok(compiled);
        }
        let compiled = Arc::new(Self::read(tx).await?);
        if let Ok(mut last) = service.rules.0.lock()
            && last.as_ref().is_none_or(|(at, _)| *at < state)
        {
            *last = Some((state, Arc::clone(&compiled)));
        }
        Ok(compiled)
    }

    /// The same, without what was kept: for a transaction that changes rules itself.
    pub(super) async fn read(tx: &mut ReadTx) -> Result<Self> {
        let vocabulary = vocabulary_of(tx).await?;
        let live = tx.live_rules().await?.into_iter();
        let rules: BTreeMap<RuleId, Rule> = live
            .filter(|rule| rule.content.state == RuleState::Active)
            .map(|rule| (rule.id, rule))
            .collect();
        let mut conditions = Vec::with_capacity(rules.len());
        for rule in rules.values() {
            match Condition::parse(&rule.content.condition, &vocabulary) {
                Ok(condition) => conditions.push((rule.id, condition)),
                // It was checked when it was written, and attributes are never forgotten.
                Err(problems) => {
                    let problem = problems.first().map(ToString::to_string);
                    return Err(Error::Internal(format!(
                        "the rule {} cannot be read: {}",
                        rule.id,
                        problem.unwrap_or_default()
                    )));
                }
            }
        }
        Ok(Self {
            set: RuleSet::new(conditions),
            rules,
        })
    }
}

/// What conditions see of people; managers are named only when a condition asks for them.
pub(crate) async fn facts_of(
    tx: &mut ReadTx,
    people: &[&Identity],
    with_managers: bool,
) -> Result<Vec<Facts>> {
    let mut names: HashMap<IdentityId, String> = HashMap::new();
    if with_managers {
        let managers = people.iter().filter_map(|person| person.content.manager);
        names = crate::people::usernames(tx, managers).await?;
    }
    let facts = people.iter().map(|person| {
        let manager = person.content.manager.and_then(|id| names.get(&id));
        Facts::of(&person.content, manager.map(String::as_str))
    });
    Ok(facts.collect())
}
