//! Looking into a campaign as an auditor does: samples, the life of an item, and links for auditors from outside.

mod life;
mod links;
mod outside;
mod sample;

use domain::id::CampaignId;

use crate::pages::Pages;
use crate::routes::{REVIEWS, below, with_query};

/// The pages of this part.
pub(super) fn router() -> Pages {
    Pages::new()
        .get("/reviews/{id}/sample", sample::page)
        .post("/reviews/{id}/sample", sample::draw)
        .get("/reviews/{id}/sample/export.csv", sample::export)
        .get("/reviews/{id}/items/{number}", life::page)
        .get("/reviews/{id}/auditors", links::page)
        .post("/reviews/{id}/auditors", links::make)
        .post("/reviews/{id}/auditors/{link}/revoke", links::revoke)
        .get("/auditor/{token}", outside::summary)
        .get("/auditor/{token}/sample/{seed}/{size}", outside::sample)
        .get("/auditor/{token}/items/{number}", outside::item)
}

/// From where something is looked at: what can be opened from there, and where that lies.
#[derive(Debug, Clone)]
enum Viewpoint {
    /// The console.
    Inside(CampaignId),
    /// A link of an auditor; nothing else of the console can be opened.
    Outside(String),
}

impl Viewpoint {
    fn item(&self, number: u64) -> String {
        match self {
            Self::Inside(id) => below(REVIEWS, id, &format!("items/{number}")),
            Self::Outside(token) => format!("/auditor/{token}/items/{number}"),
        }
    }

    fn sample(&self, seed: u32, size: u32) -> String {
        match self {
            Self::Inside(id) => with_query(
                &below(REVIEWS, id, "sample"),
                &[("seed", &seed.to_string()), ("size", &size.to_string())],
            ),
            Self::Outside(token) => format!("/auditor/{token}/sample/{seed}/{size}"),
        }
    }

    const fn is_inside(&self) -> bool {
        matches!(self, Self::Inside(_))
    }
}
