//! Deciding in a review: the pile in groups, the forms of its items, and what is submitted.

pub(super) mod act;
mod item;
pub(super) mod page;
pub(super) mod smaller;
pub(super) mod submit;
pub(super) mod words;

use domain::id::CampaignId;
use service::reviews::Grouping;

use crate::routes;

/// Items of a page.
const ITEMS: u32 = 50;

/// The part of a pile that a page shows, as it stands in its address and in its forms.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default)]
pub(super) struct Place {
    by: String,
    group: String,
    after: String,
}

impl Place {
    fn by(&self) -> Grouping {
        Grouping::from_word(&self.by).unwrap_or(Grouping::Person)
    }

    fn group(&self) -> Option<i64> {
        self.group.parse().ok()
    }

    fn after(&self) -> u64 {
        self.after.parse().unwrap_or(0)
    }

    /// The address of this part.
    fn href(&self, campaign: CampaignId) -> String {
        self.with(&path(campaign, "decide"))
    }

    /// Another page that leads back to this part.
    fn with(&self, path: &str) -> String {
        let parts = [
            ("by", self.by.as_str()),
            ("group", self.group.as_str()),
            ("after", self.after.as_str()),
        ];
        routes::with_query(path, &parts)
    }
}

/// A page of a campaign.
fn path(campaign: CampaignId, page: &str) -> String {
    format!("{}/{campaign}/{page}", routes::REVIEWS)
}
