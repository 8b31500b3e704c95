//! Conditions about people in one language, Cedar: who gets a role, who approves, what is never allowed.
//!
//! A text is checked once ([`Condition::parse`]), then asked for many people ([`Condition::holds`], [`RuleSet`]), shown
//! as a form ([`form`]) and in words ([`words`]). There is no database here, no clock and no decision about resources:
//! a condition sees the attributes of one person and nothing else; one about a request ([`RequestCondition`]) sees what is
//! asked for, too.

#[cfg(test)]
mod agreement;
mod cedar;
mod check;
mod condition;
mod explain;
mod facts;
pub mod form;
mod literal;
mod pattern;
mod place;
mod problem;
mod reason;
mod request;
mod rules;
mod stack;
mod term;
mod token;
mod types;
mod vocabulary;
mod wording;
pub mod words;

pub use cedar::EvaluationError;
pub use condition::{Condition, MAX_BYTES};
pub use facts::Facts;
pub use form::{Comparison, Form, Operator};
pub use problem::Problem;
pub use request::{RequestCondition, RequestFacts};
pub use rules::{Matches, RuleSet};
pub use vocabulary::{BUILT_IN, Vocabulary};
