//! The file of a list: at once when the list is short, offered as a job when it is long.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::page::COUNT_CAP;
use leptos::prelude::*;
use service::Error;
use service::exports::{self, ExportAsk, ExportList};

use crate::download;
use crate::format::number;
use crate::listing::Params;
use crate::page::{Page, see_other};
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::{Button, Confirm, Crumb, Hidden, Icon};
use crate::visit::Visit;

/// The button above a list of `total` rows: the file itself at `path`, or the page that offers to make it.
pub fn export_button(params: &Params, list: ExportList, path: &str, total: u64) -> AnyView {
    if total > COUNT_CAP {
        let href = params.at_path(&offer_path(list));
        view! { <Button label="Export" href=href icon=Icon::Download /> }.into_any()
    } else {
        let href = params.at_path(path);
        view! { <Button label="Export" href=href icon=Icon::Download download=true /> }.into_any()
    }
}

/// The answer to who asked for the file of a list: the file, or the page that offers to make it when the list is long.
pub fn export_answer(
    app: &App,
    visit: &Visit,
    params: &Params,
    list: ExportList,
    file: service::Result<Vec<u8>>,
) -> Response {
    match file {
        Ok(file) => download::csv(visit, list.word(), file),
        Err(Error::TooMany { .. }) => see_other(&params.at_path(&offer_path(list))),
        Err(error) => app.refuse(visit, error),
    }
}

/// The page that offers to make the file of a list.
fn offer_path(list: ExportList) -> String {
    format!("{}/{}", routes::EXPORTS, list.word())
}

/// Offers to make the file.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(list): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let found = match ExportList::from_word(&list) {
        Some(list) => exports::allowed(&app.service, &visit.cx(), list)
            .await
            .map(|()| list),
        None => Err(Error::NotFound),
    };
    let list = match found {
        Ok(list) => list,
        Err(error) => return app.refuse(&visit, error),
    };
    let asked: Vec<(String, String)> =
        serde_urlencoded::from_str(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let place = place(list);
    let page = Page {
        crumbs: vec![Crumb::here("Export")],
        ..Page::new(format!("Export {}", list.label()), place)
    };
    let page = page.under(&[(list.label(), place)]).text();
    let back = match query.as_deref() {
        Some(query) if !query.is_empty() => format!("{place}?{query}"),
        _ => place.to_owned(),
    };
    app.page(&visit, page, || {
        let hidden = asked
            .into_iter()
            .map(|(name, value)| view! { <Hidden name=name value=value /> })
            .collect_view();
        let text = format!(
            "This list has more than {} rows. The file is made in the background, with the filter, the order and the columns of the list, as it is at that moment. You find it on the page of the job, for seven days; only you can download it.",
            number(COUNT_CAP)
        );
        view! {
            <Confirm title=format!("Export {}?", list.label()) verb="Make the file" idem=app.form_key() cancel=back>
                <p>{text}</p>
                {hidden}
            </Confirm>
        }
        .into_any()
    })
}

/// Makes the file, as a job.
pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path(list): Path<String>,
    posted: Posted,
) -> Response {
    let columns = posted
        .get("cols")
        .split(',')
        .filter(|name| !name.is_empty());
    let ask = ExportAsk {
        list,
        search: posted.text("q"),
        sort: posted.text("sort"),
        columns: columns.map(str::to_owned).collect(),
        view: posted.text("view"),
        zone: visit.zone().iana_name().unwrap_or("UTC").to_owned(),
    };
    match exports::ask(&app.service, &visit.cx_once(posted.once()), &ask).await {
        Ok(id) => see_other(&routes::job(id)),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Where a list is.
const fn place(list: ExportList) -> &'static str {
    match list {
        ExportList::People => routes::PEOPLE,
        ExportList::Applications => routes::APPLICATIONS,
        ExportList::Entitlements => routes::ENTITLEMENTS,
        ExportList::Audit => routes::AUDIT,
    }
}
