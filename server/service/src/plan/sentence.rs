//! A plan in one sentence, for pages and for the command line.

use std::collections::BTreeSet;

use super::Plan;

impl Plan {
    /// `3 people gain, 1 loses; 5 grants in 2 applications.` How numbers are written is the reader's business.
    pub fn sentence(&self, number: impl Fn(u64) -> String) -> String {
        let applications: BTreeSet<_> = self
            .effects
            .iter()
            .map(|effect| effect.entitlement.application)
            .collect();
        self.sentence_of(applications.len() as u64, number)
    }

    /// The same where not every entitlement is named, with the number of applications.
    pub(crate) fn sentence_of(&self, applications: u64, number: impl Fn(u64) -> String) -> String {
        if self.is_empty() {
            return "Nobody gains or loses anything.".to_owned();
        }
        let counted = |n: u64, word: &str| {
            let plural = if n == 1 { "" } else { "s" };
            format!("{} {word}{plural}", number(n))
        };
        let people = |n: u64| match n {
            1 => "1 person".to_owned(),
            n => format!("{} people", number(n)),
        };
        let mut who = Vec::new();
        if self.gaining > 0 {
            let verb = if self.gaining == 1 { "gains" } else { "gain" };
            who.push(format!("{} {verb}", people(self.gaining)));
        }
        if self.losing > 0 {
            let verb = if self.losing == 1 { "loses" } else { "lose" };
            let count = if who.is_empty() {
                people(self.losing)
            } else {
                number(self.losing)
            };
            who.push(format!("{count} {verb}"));
        }
        let grants = counted(self.gains + self.losses, "grant");
        let applications = counted(applications, "application");
        format!("{}; {grants} in {applications}.", who.join(", "))
    }
}
