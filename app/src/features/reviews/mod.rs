//! Access reviews: what is reviewed, the campaigns, and deciding in them.

mod decide;
mod fields;
mod list;
mod new;

use domain::id::CampaignId;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::REVIEWS, list::page)
        .get(routes::REVIEWS_NEW, new::page)
        .post(routes::REVIEWS_NEW, new::send)
        .get("/reviews/definitions/{id}", list::definition)
        .post("/reviews/definitions/{id}", list::launch)
        .get("/reviews/{id}/decide", decide::page::page)
        .post("/reviews/{id}/decide", decide::act::act)
        .get("/reviews/{id}/submit", decide::submit::page)
        .post("/reviews/{id}/submit", decide::submit::carry_out)
        .get("/reviews/{id}/receipt/{seq}", decide::submit::receipt)
}

/// The campaign that a path names.
fn id(text: &str) -> service::Result<CampaignId> {
    text.parse().map_err(|_| service::Error::NotFound)
}
