//! A change by which many people lose something is made only by who typed how many: nobody empties a role of ten thousand
//! people by a click.

use domain::field::FieldErrors;

use super::Plan;

/// From so many lost grants on the number of people is typed.
pub const MANY: u64 = 1_000;

/// What comes with a change that was planned.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Why; required.
    pub reason: String,
    /// Of the plan that was seen.
    pub hash: String,
    /// The number of people whom it touches, typed, when many lose something.
    pub confirm: String,
}

impl Plan {
    /// Whether the number of people has to be typed.
    pub const fn needs_number(&self) -> bool {
        self.losses >= MANY
    }

    /// Adds a problem at `confirm` when the number has to be typed and is not.
    pub(crate) fn confirmed(&self, typed: &str, errors: &mut FieldErrors) {
        let people = self.people.to_string();
        if self.needs_number() && typed.trim() != people {
            errors.add(
                "confirm",
                format!(
                    "This takes {} grants away. Type {people}, the number of people it touches, to confirm.",
                    self.losses
                ),
            );
        }
    }
}
