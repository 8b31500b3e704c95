//! Asks Cedar whether an expression holds for a person.
//!
//! Only for what the native tree does not know. Makes an entity of just the attributes that are read, and a request with
//! nothing else in it: no resources, no hierarchy, and no context but what a request says.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use cedar_policy::{
    Context, Entities, Entity, EntityUid, EvalResult, Expression, Request, RestrictedExpression,
    eval_expression,
};

use crate::facts::Facts;

/// Why a condition has no answer for a person, as when a calculation in it overflows. It does not hold then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("The condition could not be evaluated: {reason}")]
pub struct EvaluationError {
    reason: String,
}

impl EvaluationError {
    /// There was no room to evaluate it in.
    pub(crate) fn out_of_memory() -> Self {
        Self::new("the system is out of memory")
    }

    /// With a reason.
    pub(crate) fn new(reason: impl ToString) -> Self {
        Self {
            reason: reason.to_string(),
        }
    }
}

/// A person in the form Cedar asks for.
#[derive(Debug)]
pub(crate) struct Question {
    request: Request,
    entities: Entities,
}

impl Question {
    /// About a person of whom only these attributes are read.
    pub(crate) fn about(
        facts: &Facts,
        attributes: &BTreeSet<String>,
    ) -> Result<Self, EvaluationError> {
        Self::with(facts, attributes, Context::empty())
    }

    /// The same about a person in a context.
    pub(crate) fn with(
        facts: &Facts,
        attributes: &BTreeSet<String>,
        context: Context,
    ) -> Result<Self, EvaluationError> {
        static PERSON: LazyLock<EntityUid> = LazyLock::new(|| uid("Person::\"one\""));
        static ASK: LazyLock<EntityUid> = LazyLock::new(|| uid("Action::\"ask\""));
        static NOTHING: LazyLock<EntityUid> = LazyLock::new(|| uid("Nothing::\"here\""));
        let values: HashMap<String, RestrictedExpression> = attributes
            .iter()
            .map(|name| {
                let value = RestrictedExpression::new_string(facts.get(name).to_owned());
                (name.clone(), value)
            })
            .collect();
        let person =
            Entity::new(PERSON.clone(), values, HashSet::new()).map_err(EvaluationError::new)?;
        Ok(Self {
            request: Request::new(PERSON.clone(), ASK.clone(), NOTHING.clone(), context, None)
                .map_err(EvaluationError::new)?,
            entities: Entities::from_entities([person], None).map_err(EvaluationError::new)?,
        })
    }

    /// Cedar's answer.
    pub(crate) fn ask(&self, expression: &Expression) -> Result<bool, EvaluationError> {
        match eval_expression(&self.request, &self.entities, expression) {
            Ok(EvalResult::Bool(holds)) => Ok(holds),
            Ok(other) => Err(EvaluationError::new(format!("it gave {other}"))),
            Err(error) => Err(EvaluationError::new(error)),
        }
    }
}

fn uid(text: &str) -> EntityUid {
    text.parse().expect("a constant that is an entity's name")
}
