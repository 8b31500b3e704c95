//! The file of a list: at once when the list is short, offered as a job when it is long.

use std::str::FromStr;

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::page::COUNT_CAP;
use leptos::prelude::*;
use service::Error;
use service::exports::{self, ExportAsk, ExportList, Of};

use crate::download;
use crate::format::number;
use crate::listing::Params;
use crate::page::{Page, see_other};
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::{Button, Confirm, Hidden, Icon};
use crate::visit::Visit;

/// Which file: of which list, and of which object when the list stands on the page of one.
#[derive(Debug, Clone, Copy)]
pub struct FileOf<'a> {
    list: ExportList,
    of: &'a str,
}

impl<'a> FileOf<'a> {
    /// The file of a list on the page of an object.
    pub const fn object(list: ExportList, of: &'a str) -> Self {
        Self { list, of }
    }

    /// The page that offers to make it.
    fn offer(self) -> String {
        let (exports, list) = (routes::EXPORTS, self.list.word());
        if self.of.is_empty() {
            format!("{exports}/{list}")
        } else {
            format!("{exports}/{list}/{}", self.of)
        }
    }
}

impl From<ExportList> for FileOf<'static> {
    fn from(list: ExportList) -> Self {
        Self { list, of: "" }
    }
}

/// The button above a list of `total` rows: the file itself at `path`, or the page that offers to make it.
pub fn export_button<'a>(
    params: &Params,
    file: impl Into<FileOf<'a>>,
    path: &str,
    total: u64,
) -> AnyView {
    if total > COUNT_CAP {
        let href = params.at_path(&file.into().offer());
        view! { <Button label="Export" href=href icon=Icon::Download /> }.into_any()
    } else {
        let href = params.at_path(path);
        view! { <Button label="Export" href=href icon=Icon::Download download=true /> }.into_any()
    }
}

/// Answers with the file of a list, or with the page that offers to make it when the list is long.
pub async fn export<'a>(
    app: &App,
    visit: &Visit,
    params: &Params,
    file: impl Into<FileOf<'a>>,
) -> Response {
    let file = file.into();
    let ask = ExportAsk::of(file.list, &params.query(), &visit.zone()).about(file.of);
    match exports::file(&app.service, &visit.cx(), &ask).await {
        Ok(bytes) if file.of.is_empty() => download::csv(visit, file.list.word(), bytes),
        Ok(bytes) => download::csv(visit, &format!("{}-{}", file.list.word(), file.of), bytes),
        Err(Error::TooMany { .. }) => see_other(&params.at_path(&file.offer())),
        Err(error) => app.refuse(visit, error),
    }
}

/// The same for a list on the page of an object, whose id is of one kind.
pub async fn export_of<Id: FromStr>(
    app: &App,
    visit: &Visit,
    params: &Params,
    (list, of): (ExportList, &str),
) -> Response {
    match of.parse::<Id>() {
        Ok(_) => export(app, visit, params, FileOf::object(list, of)).await,
        Err(_) => app.nothing_here(visit),
    }
}

/// Offers to make the file of a list of its own.
pub(super) async fn page(
    state: State<App>,
    visit: Visit,
    Path(list): Path<String>,
    query: RawQuery,
) -> Response {
    offer(state, visit, list, String::new(), query).await
}

/// Offers to make the file of a list on the page of an object.
pub(super) async fn page_of(
    state: State<App>,
    visit: Visit,
    Path((list, of)): Path<(String, String)>,
    query: RawQuery,
) -> Response {
    offer(state, visit, list, of, query).await
}

async fn offer(
    State(app): State<App>,
    visit: Visit,
    list: String,
    of: String,
    RawQuery(query): RawQuery,
) -> Response {
    let found = match ExportList::from_word(&list) {
        Some(list) => exports::allowed(&app.service, &visit.cx(), list, &of)
            .await
            .map(|of| (list, of)),
        None => Err(Error::NotFound),
    };
    let (list, whose) = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let asked: Vec<(String, String)> =
        serde_urlencoded::from_str(query.as_deref().unwrap_or_default()).unwrap_or_default();
    let place = place(list);
    let page = Page::new(format!("Export {}", list.label()), place).called("Export");
    let page = page.under(&[(list.label(), place)]).text();
    let shown = shown(list, whose);
    let back = match query.as_deref() {
        // What narrows effective access is written otherwise on its page.
        Some(query) if !query.is_empty() && list != ExportList::Effective => {
            format!("{shown}?{query}")
        }
        _ => shown,
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

/// Makes the file of a list of its own, as a job.
pub(super) async fn ask(
    state: State<App>,
    visit: Visit,
    Path(list): Path<String>,
    posted: Posted,
) -> Response {
    make(state, visit, list, String::new(), posted).await
}

/// Makes the file of a list on the page of an object, as a job.
pub(super) async fn ask_of(
    state: State<App>,
    visit: Visit,
    Path((list, of)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    make(state, visit, list, of, posted).await
}

async fn make(
    State(app): State<App>,
    visit: Visit,
    list: String,
    of: String,
    posted: Posted,
) -> Response {
    let columns = posted
        .get("cols")
        .split(',')
        .filter(|name| !name.is_empty());
    let ask = ExportAsk {
        list,
        of,
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
        ExportList::People | ExportList::Effective => routes::PEOPLE,
        ExportList::Applications => routes::APPLICATIONS,
        ExportList::Entitlements => routes::ENTITLEMENTS,
        ExportList::Roles => routes::ROLES,
        ExportList::Rules => routes::RULES,
        ExportList::Assignments => routes::ASSIGNMENTS,
        ExportList::Accounts => routes::ACCOUNTS,
        ExportList::Access => routes::ACCESS,
        ExportList::Outliers => routes::OUTLIERS,
        ExportList::Audit => routes::AUDIT,
    }
}

/// The page that shows the list.
fn shown(list: ExportList, of: Of) -> String {
    match (list, of) {
        (ExportList::Accounts, Of::Person(id)) => routes::below(routes::PEOPLE, id, "accounts"),
        (ExportList::Accounts, Of::Application(id)) => {
            routes::below(routes::APPLICATIONS, id, "accounts")
        }
        (ExportList::Access, Of::Person(id)) => routes::below(routes::PEOPLE, id, "observed"),
        (ExportList::Access, Of::Entitlement(id)) => {
            routes::below(routes::ENTITLEMENTS, id, "observed")
        }
        (ExportList::Effective, Of::Person(id)) => routes::below(routes::PEOPLE, id, "access"),
        (ExportList::Effective, Of::Entitlement(id)) => {
            routes::below(routes::ENTITLEMENTS, id, "holders")
        }
        (ExportList::Effective, Of::Role(id)) => routes::below(routes::ROLES, id, "holders"),
        _ => place(list).to_owned(),
    }
}
