//! Access reviews: what is reviewed, the campaigns, deciding in them, watching one, and what its owner does with it.

mod acts;
mod burndown;
mod decide;
mod ending;
mod evidence;
mod fields;
mod foreseen;
mod inspect;
mod items;
mod list;
mod new;
mod person;
mod progress;
mod sign;
mod tables;
mod verify;

use domain::id::CampaignId;
use domain::review::Campaign;

use crate::page::Page;
use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::REVIEWS, list::page)
        .get(routes::REVIEWS_NEW, new::page)
        .post(routes::REVIEWS_NEW, new::send)
        .get("/people/{id}/reviews", person::page)
        .get("/people/{id}/review", person::ask)
        .post("/people/{id}/review", person::begin)
        .get("/reviews/definitions/{id}", list::definition)
        .post("/reviews/definitions/{id}", list::launch)
        .get("/reviews/definitions/{id}/edit", new::edit_page)
        .post("/reviews/definitions/{id}/edit", new::edit)
        .get("/reviews/definitions/{id}/end", ending::page)
        .post("/reviews/definitions/{id}/end", ending::end)
        .get("/reviews/{id}/decide", decide::page::page)
        .post("/reviews/{id}/decide", decide::act::act)
        .get("/reviews/{id}/smaller/{number}", decide::smaller::page)
        .get("/reviews/{id}/submit", decide::submit::page)
        .post("/reviews/{id}/submit", decide::submit::carry_out)
        .get("/reviews/{id}/receipt/{entry}", decide::submit::receipt)
        .get("/reviews/{id}", progress::page)
        .get("/reviews/{id}/evidence", evidence::page)
        .post("/reviews/{id}/evidence", evidence::ask)
        .get("/reviews/{id}/evidence/file", evidence::file)
        .get("/api/reviews/{id}/evidence", evidence::api)
        .get("/reviews/{id}/sign-off", sign::page)
        .post("/reviews/{id}/sign-off", sign::send)
        .get(routes::EVIDENCE_VERIFY, verify::page)
        .upload(routes::EVIDENCE_VERIFY, verify::receive)
        .get("/reviews/{id}/items", items::page)
        .get("/reviews/{id}/close", acts::close_page)
        .post("/reviews/{id}/close", acts::close)
        .get("/reviews/{id}/cancel", acts::cancel_page)
        .post("/reviews/{id}/cancel", acts::cancel)
        .get("/reviews/{id}/extend", acts::extend_page)
        .post("/reviews/{id}/extend", acts::extend)
        .get("/reviews/{id}/reassign", acts::reassign_page)
        .post("/reviews/{id}/reassign", acts::reassign)
        .get("/reviews/{id}/restore", acts::restore_page)
        .post("/reviews/{id}/restore", acts::restore)
        .post("/reviews/{id}/remind", acts::remind)
        .merge(inspect::router())
}

/// The campaign that a path names.
fn id(text: &str) -> service::Result<CampaignId> {
    text.parse().map_err(|_| service::Error::NotFound)
}

/// A page about a campaign, below that of the campaign.
fn about(campaign: &Campaign, title: String, called: &str) -> Page {
    let own = format!("{}/{}", routes::REVIEWS, campaign.id);
    let parents = [
        ("Reviews", routes::REVIEWS),
        (campaign.content.name.as_str(), own.as_str()),
    ];
    Page::new(title, routes::REVIEWS)
        .called(called)
        .under(&parents)
}
