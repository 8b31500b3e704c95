//! A rule that is open for change, with what its form needs. Who may not change it is refused here.

use domain::id::RuleId;
use policy::Vocabulary;
use service::Error;
use service::rules::{self, RuleDetail, RuleDraft};

use super::detail::may_edit;
use crate::features::assignments::technical;
use crate::fields::Fields;
use crate::state::App;
use crate::visit::Visit;

/// What the fields of the form are called beside each other.
pub(super) const FIELDS: Fields = &[
    ("name", "Name"),
    ("description", "What it is for"),
    ("condition", "Condition"),
    ("what", "Gives"),
    ("hand_over_days", "Days of hand-over"),
    ("owner", "Owner"),
];

/// A rule that the visitor may change, with what its form needs.
pub(super) struct Open {
    /// The record.
    pub(super) detail: RuleDetail,
    /// What it gives, as the form takes it.
    pub(super) what: String,
    /// What its condition may speak of.
    pub(super) vocabulary: Vocabulary,
}

/// The rule as it is now, if the visitor may change it.
pub(super) async fn editable(app: &App, visit: &Visit, id: &str) -> Result<RuleDetail, Error> {
    let id: RuleId = id.parse().map_err(|_| Error::NotFound)?;
    let detail = rules::read(&app.service, &visit.cx(), id).await?;
    if !may_edit(&detail) {
        // An edit of this version with nothing in it is refused in the service's words, and in the log.
        let (version, nothing) = (detail.rule.recorded_from, RuleDraft::default());
        rules::edit(&app.service, &visit.cx(), id, version, &nothing, "").await?;
    }
    Ok(detail)
}

impl Open {
    /// The rule as it is now.
    pub(super) async fn read(app: &App, visit: &Visit, id: &str) -> Result<Self, Error> {
        let detail = editable(app, visit, id).await?;
        Ok(Self {
            what: technical(app, visit, detail.rule.content.gives).await,
            vocabulary: rules::vocabulary(&app.service, &visit.cx()).await?,
            detail,
        })
    }

    /// What is recorded, as the form has it.
    pub(super) fn fields(&self) -> Vec<(&'static str, String)> {
        let content = &self.detail.rule.content;
        let owner = self.detail.owner.as_ref();
        let days = match content.hand_over_days {
            0 => String::new(),
            days => days.to_string(),
        };
        vec![
            ("name", content.name.clone()),
            ("description", content.description.clone()),
            ("condition", content.condition.clone()),
            ("what", self.what.clone()),
            ("hand_over_days", days),
            (
                "owner",
                owner
                    .map(|owner| owner.username.clone())
                    .unwrap_or_default(),
            ),
        ]
    }
}
