//! Access reviews.

mod decide;

use domain::id::CampaignId;

use crate::pages::Pages;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get("/reviews/{id}/decide", decide::page::page)
        .post("/reviews/{id}/decide", decide::act::act)
        .get("/reviews/{id}/submit", decide::submit::page)
        .post("/reviews/{id}/submit", decide::submit::carry_out)
        .get("/reviews/{id}/receipt/{entry}", decide::submit::receipt)
}

/// The campaign that a path names.
fn id(text: &str) -> service::Result<CampaignId> {
    text.parse().map_err(|_| service::Error::NotFound)
}
