//! Access reviews: what is reviewed, and the campaigns.

mod fields;
mod list;
mod new;

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
}
