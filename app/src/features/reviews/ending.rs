//! Ending a review: no campaign of it begins any more.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::ReviewId;
use domain::review::Review;
use leptos::prelude::*;
use service::people::Edited;
use service::{Error, reviews};

use crate::page::{Page, done};
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::Confirm;
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    match known(&app, &visit, &id).await {
        Ok(review) => show(&app, &visit, &review),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let ended = async {
        let review = known(&app, &visit, &id).await?;
        let cx = visit.cx_once(posted.once());
        reviews::end(&app.service, &cx, review.id, posted.version()).await
    };
    match ended.await {
        Ok(Edited::Changed | Edited::Same) => done(routes::REVIEWS, "review-ended"),
        Err(error) => app.refuse(&visit, error),
    }
}

/// The review, for whoever may end it.
async fn known(app: &App, visit: &Visit, id: &str) -> service::Result<Review> {
    let id: ReviewId = id.parse().map_err(|_| Error::NotFound)?;
    let (review, _) = reviews::form_of(&app.service, &visit.cx(), id).await?;
    Ok(review)
}

fn show(app: &App, visit: &Visit, review: &Review) -> Response {
    let name = review.content.name.clone();
    let back = format!("{}/definitions/{}", routes::REVIEWS, review.id);
    let page = Page::new(format!("End {name}"), routes::REVIEWS)
        .called("End")
        .under(&[("Reviews", routes::REVIEWS), (&name, &back)])
        .text();
    app.page(visit, page, || {
        let title = format!("End the review {name}?");
        let version = review.recorded_from.micros().to_string();
        view! {
            <Confirm title=title verb="End review" danger=true idem=app.form_key() version=version cancel=back.clone()>
                <p>"No campaign of it begins any more, neither by hand nor by itself. A campaign that is under way goes on, and all that was decided stays."</p>
            </Confirm>
        }
        .into_any()
    })
}
