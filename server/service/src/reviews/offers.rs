//! Smaller reviews, for when somebody would have more to decide than anybody does with care: a part of it, or a sample.

use std::collections::BTreeMap;

use domain::id::ApplicationId;
use domain::review::{Flag, Scope, Subjects};
use domain::search::Term;

use super::form::ReviewForm;
use super::preview::TOO_MANY;
use crate::{Result, Service};

/// Parts of each kind that are offered.
const OFFERED: usize = 5;

/// A smaller review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// How the form says it, for [`ReviewForm::take`].
    pub word: String,
    /// What it is, for a button.
    pub label: String,
    /// How many items it would have; for a sample about.
    pub items: u64,
}

/// How many items the parts of a population have.
#[derive(Debug, Default)]
pub(super) struct Parts {
    applications: BTreeMap<ApplicationId, u64>,
    all: u64,
    pub(super) departments: Vec<(String, u64)>,
}

impl Parts {
    pub(super) fn count(&mut self, application: Option<ApplicationId>) {
        self.all += 1;
        if let Some(application) = application {
            *self.applications.entry(application).or_default() += 1;
        }
    }

    /// What is offered when somebody has so many, and so many items have these flags.
    pub(super) async fn offers(
        &self,
        service: &Service,
        scope: &Scope,
        (most, flags): (u64, &BTreeMap<Flag, u64>),
    ) -> Result<Vec<Offer>> {
        let mut offers = Vec::new();
        // One of several parts is smaller than all; the only one is not.
        if self.applications.len() > 1 && scope.subjects != Subjects::Roles {
            offers.extend(self.by_application(service).await?);
        }
        if self.departments.len() > 1 && scope.subjects.of_people() {
            let mut parts: Vec<&(String, u64)> = self.departments.iter().collect();
            parts.sort_by_key(|(name, items)| (std::cmp::Reverse(*items), name.clone()));
            let parts = parts.into_iter().filter(|(name, _)| !name.is_empty());
            offers.extend(parts.take(OFFERED).map(|(name, items)| Offer {
                word: format!("department={name}"),
                label: format!("Only people in {name}"),
                items: *items,
            }));
        }
        let of = |flag: Flag| flags.get(&flag).copied().filter(|items| *items < self.all);
        if let Some(items) = of(Flag::Privileged).filter(|_| scope.risk.is_none()) {
            offers.push(Offer {
                word: "risk=high".to_owned(),
                label: "Only high and critical risk".to_owned(),
                items,
            });
        }
        if let Some(items) = of(Flag::Unused).filter(|_| scope.unused_days.is_none()) {
            offers.push(Offer {
                word: "unused=".to_owned(),
                label: "Only what is not used".to_owned(),
                items,
            });
        }
        let every = most.div_ceil(TOO_MANY).max(2) * u64::from(scope.sample.unwrap_or(1));
        offers.push(Offer {
            word: format!("sample={every}"),
            label: format!("Draw a sample: one in {every}"),
            items: self.all * u64::from(scope.sample.unwrap_or(1)) / every,
        });
        Ok(offers)
    }

    async fn by_application(&self, service: &Service) -> Result<Vec<Offer>> {
        let mut parts: Vec<(ApplicationId, u64)> = self
            .applications
            .iter()
            .map(|(id, items)| (*id, *items))
            .collect();
        parts.sort_by_key(|(id, items)| (std::cmp::Reverse(*items), *id));
        parts.truncate(OFFERED);
        let ids: Vec<ApplicationId> = parts.iter().map(|one| one.0).collect();
        let known = service.store.read().await?.applications_with(&ids).await?;
        let offer = |(id, items): (ApplicationId, u64)| {
            let one = known.iter().find(|one| one.id == id)?;
            Some(Offer {
                word: format!("application={}", one.content.name),
                label: format!("Only {}", one.content.display_name),
                items,
            })
        };
        Ok(parts.into_iter().filter_map(offer).collect())
    }
}

impl ReviewForm {
    /// Makes the review smaller as an offer says; what was done, in a sentence, or nothing when the word says nothing.
    pub fn take(&mut self, word: &str) -> Option<String> {
        let (kind, value) = word.split_once('=')?;
        let add = |field: &mut String, key: &str| {
            let token = Term::is(key, value).to_string();
            if !field.trim().is_empty() {
                field.push(' ');
            }
            field.push_str(&token);
        };
        Some(match kind {
            "application" => {
                add(&mut self.scope.things, "application");
                self.part(value);
                format!(
                    "Now it is only about the application “{value}”. Define a review of its own for each of the others."
                )
            }
            "department" => {
                add(&mut self.scope.people, "department");
                self.part(value);
                format!(
                    "Now it is only about people in “{value}”. Define a review of its own for each of the others."
                )
            }
            "risk" => {
                value.clone_into(&mut self.scope.risk);
                "Now it is only about access of high and critical risk.".to_owned()
            }
            "unused" => {
                let days = self.unused_after.trim();
                let days = if days.is_empty() { "90" } else { days };
                days.clone_into(&mut self.scope.unused_days);
                format!("Now it is only about what was not used for {days} days.")
            }
            "sample" => {
                value.clone_into(&mut self.scope.sample);
                format!(
                    "Now one item in {value} is drawn, by a seed that is recorded. The others are listed as not in the sample."
                )
            }
            _ => return None,
        })
    }

    /// A review of a part has a name of its own: two reviews cannot share one.
    fn part(&mut self, name: &str) {
        if !self.name.trim().is_empty() && !self.name.contains(name) {
            self.name = format!("{}, {name}", self.name.trim());
        }
    }
}
