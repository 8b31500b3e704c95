//! Who holds a role at a moment, and how they came to it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::RoleId;
use service::effective::{HoldersPage, How};
use service::roles;

use super::detail::{Tab, framed};
use super::moment::missing;
use crate::as_of::Asked;
use crate::features::effective::holders::{Holders, Place};
use crate::routes::{self, below};
use crate::state::App;
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(at): Query<Place>,
) -> Response {
    let Ok(id) = id.parse::<RoleId>() else {
        return app.nothing_here(&visit);
    };
    let asked = Asked::read(&at.as_of, &visit.zone());
    let found = roles::holders(&app.service, &visit.cx(), id, asked.at(), at.after()).await;
    let (detail, found) = match found {
        Ok((detail, found)) => (detail, by_itself(found)),
        Err(error) => return missing(&app, &visit, id, &asked, Tab::Holders, error).await,
    };
    let base = below(routes::ROLES, id, "holders");
    framed(&app, &visit, &detail, Tab::Holders, &asked.word(), || {
        let of = id.to_string();
        let list = Holders {
            base: &base,
            of: &of,
            asked: &asked,
            at: &at,
            why: None,
        };
        list.view(&visit, &found)
    })
}

/// Every way to a role ends with the role. One that has nothing before it is no way through a role: it was given itself.
fn by_itself(mut found: HoldersPage) -> HoldersPage {
    let lines = found.rows.iter_mut().map(|holder| &mut holder.line);
    for way in lines.flat_map(|line| &mut line.ways) {
        if way.how == How::Role && way.roles.len() == 1 {
            way.how = How::Direct;
        }
    }
    found
}
