//! Many conditions for one person at a time, with an index.
//!
//! A condition that needs an attribute to have one of certain values is only evaluated for people who have one; all
//! others always are. The answers are those of asking each condition by itself. What follows from them is not known here.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use crate::cedar::{EvaluationError, Question};
use crate::condition::Condition;
use crate::facts::Facts;
use crate::vocabulary::Attribute;

/// Conditions by key. A key given twice holds when one of its conditions does.
#[derive(Debug, Clone)]
pub struct RuleSet<K> {
    rules: Vec<(K, Condition)>,
    /// Rules to look at for a value of an attribute.
    index: Vec<(Attribute, HashMap<String, Vec<usize>>)>,
    /// Rules to look at for everybody.
    always: Vec<usize>,
    reads: BTreeSet<String>,
    /// What the rules read that only Cedar can answer.
    asked: BTreeSet<String>,
}

/// The rules that hold for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches<K> {
    /// The keys of the conditions that hold, sorted, each once.
    pub holding: Vec<K>,
    /// The keys of the conditions that could not be evaluated, sorted, and why. They do not hold.
    pub failed: Vec<(K, EvaluationError)>,
}

impl<K: Copy + Ord> RuleSet<K> {
    /// Indexes the conditions.
    pub fn new(rules: impl IntoIterator<Item = (K, Condition)>) -> Self {
        let rules: Vec<(K, Condition)> = rules.into_iter().collect();
        let mut index: HashMap<&Attribute, HashMap<String, Vec<usize>>> = HashMap::new();
        let mut always = Vec::new();
        let (mut reads, mut asked) = (BTreeSet::new(), BTreeSet::new());
        for (at, (_, condition)) in rules.iter().enumerate() {
            reads.extend(condition.reads().iter().cloned());
            if !condition.term().is_native() {
                asked.extend(condition.reads().iter().cloned());
            }
            match condition.term().needs() {
                Some((attribute, values)) => {
                    let by_value = index.entry(attribute).or_default();
                    for value in values.into_iter().collect::<BTreeSet<_>>() {
                        by_value.entry(value.to_owned()).or_default().push(at);
                    }
                }
                None => always.push(at),
            }
        }
        let index = index
            .into_iter()
            .map(|(attribute, by_value)| (attribute.clone(), by_value))
            .collect();
        Self {
            rules,
            index,
            always,
            reads,
            asked,
        }
    }

    /// The rules that hold for a person.
    pub fn matching(&self, facts: &Facts) -> Matches<K> {
        let mut matches = Matches {
            holding: Vec::new(),
            failed: Vec::new(),
        };
        // Made at most once a person, and only when a rule asks Cedar.
        let question = OnceCell::new();
        let found = self
            .index
            .iter()
            .filter_map(|(attribute, by_value)| by_value.get(facts.read(attribute)))
            .flatten();
        for at in found.chain(&self.always) {
            let (key, condition) = &self.rules[*at];
            let answer = match condition.term().holds(facts) {
                Some(holds) => Ok(holds),
                None => question
                    .get_or_init(|| Question::about(facts, &self.asked))
                    .as_ref()
                    .map_err(Clone::clone)
                    .and_then(|question| condition.holds_by_cedar(question)),
            };
            match answer {
                Ok(true) => matches.holding.push(*key),
                Ok(false) => {}
                Err(error) => matches.failed.push((*key, error)),
            }
        }
        matches.holding.sort_unstable();
        matches.holding.dedup();
        matches.failed.sort_by_key(|(key, _)| *key);
        matches
    }

    /// Whether a rule reads the attribute: a change of one that is not watched changes no answer.
    pub fn watched(&self, attribute: &str) -> bool {
        self.reads.contains(attribute)
    }

    /// All attributes that are read.
    pub fn reads(&self) -> &BTreeSet<String> {
        &self.reads
    }

    /// The condition of a key, the first one when it was given twice.
    pub fn condition(&self, key: K) -> Option<&Condition> {
        self.rules
            .iter()
            .find(|(other, _)| *other == key)
            .map(|(_, condition)| condition)
    }

    /// How many conditions there are.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// How many conditions are looked at for everybody: the cost of a person who matches nothing.
    pub fn unindexed(&self) -> usize {
        self.always.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Vocabulary;

    fn rules(texts: &[&str]) -> RuleSet<usize> {
        let vocabulary = Vocabulary::new(["cost center".to_owned()]);
        RuleSet::new(texts.iter().enumerate().map(|(key, text)| {
            let condition = Condition::parse(text, &vocabulary).expect("the text is right");
            (key, condition)
        }))
    }

    #[test]
    fn rules_are_found_by_value_and_the_others_always_asked() {
        let set = rules(&[
            r#"principal.title like "*lyst" && principal.department == "Finance""#,
            r#"["Lisbon", "Porto", "Lisbon"].contains(principal.location)"#,
            r#"principal["cost center"] == "42""#,
            r#"principal.title != """#,
            r#"principal.department == """#,
        ]);
        assert_eq!((set.len(), set.unindexed(), set.is_empty()), (5, 1, false));
        let ana = Facts::default()
            .with("department", "Finance")
            .with("title", "Analyst")
            .with("location", "Lisbon");
        assert_eq!(set.matching(&ana).holding, [0, 1, 3]);
        assert_eq!(set.matching(&Facts::default()).holding, [4]);
        assert_eq!(
            set.matching(&ana.with("cost center", "42")).holding,
            [0, 1, 2, 3]
        );
        assert!(set.watched("cost center") && !set.watched("email"));
        assert_eq!(set.reads().len(), 4);
        assert!(set.condition(3).is_some_and(|c| c.text().contains("!=")));
    }

    #[test]
    fn a_rule_that_fails_does_not_hold_and_is_named() {
        let set = rules(&[
            "9223372036854775807 + 1 > 0 || principal.title == \"A\"",
            "principal.title == \"A\" || 9223372036854775807 + 1 > 0",
            "principal.title == \"A\" && 1 + 1 == 2",
        ]);
        let found = set.matching(&Facts::default().with("title", "A"));
        assert_eq!(found.holding, [1, 2]);
        let failed: Vec<usize> = found.failed.iter().map(|(key, _)| *key).collect();
        assert_eq!(failed, [0]);
        assert!(found.failed[0].1.to_string().contains("overflow"));
    }

    #[test]
    fn a_key_given_twice_holds_when_one_of_its_conditions_does() {
        let vocabulary = Vocabulary::default();
        let condition = |text| Condition::parse(text, &vocabulary).expect("the text is right");
        let set = RuleSet::new([
            (7, condition("true")),
            (7, condition("true")),
            (7, condition("false")),
        ]);
        assert_eq!(set.matching(&Facts::default()).holding, [7]);
    }
}
