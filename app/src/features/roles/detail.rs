//! A role's page: what it is for, what it gives, who answers for it; and the frame that all its tabs share.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::RoleId;
use domain::lifecycle::Lifecycle;
use domain::permission::Action;
use frontend::copy::CopyButton;
use leptos::prelude::*;
use service::audit::WithLatest;
use service::roles::{self, NamedPart, RoleDetail};

use super::discover;
use super::moment::{Moment, missing};
use super::parts::{applications, role_links};
use super::words::{counted, things};
use crate::access::{description_card, no_owner, owner_fact, status_pill};
use crate::as_of::NAME;
use crate::format::time_view;
use crate::history;
use crate::page::Page;
use crate::routes::{self, below, with_query};
use crate::state::App;
use crate::step;
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Fact, Facts, Icon, IconTile, Id, PageHeader, Slot, Split,
    Stack, Tabs, Tone,
};
use crate::visit::Visit;

/// A part of a role's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Contents,
    Holders,
    Versions,
    Timeline,
}

impl Tab {
    const ALL: [Self; 5] = [
        Self::Overview,
        Self::Contents,
        Self::Holders,
        Self::Versions,
        Self::Timeline,
    ];

    const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Contents => "Contents",
            Self::Holders => "Holders",
            Self::Versions => "Versions",
            Self::Timeline => "Timeline",
        }
    }

    /// Its address.
    pub(super) fn path(self, id: RoleId) -> String {
        match self {
            Self::Overview => format!("{}/{id}", routes::ROLES),
            other => below(routes::ROLES, id, &other.label().to_lowercase()),
        }
    }

    /// Whether it shows one moment.
    const fn has_moment(self) -> bool {
        matches!(self, Self::Overview | Self::Contents | Self::Holders)
    }
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(moment): Query<Moment>,
) -> Response {
    let Ok(id) = id.parse::<RoleId>() else {
        return app.nothing_here(&visit);
    };
    let asked = moment.asked(&visit);
    let shown = match roles::overview(&app.service, &visit.cx(), id, asked.at()).await {
        Ok(shown) => shown,
        Err(error) => return missing(&app, &visit, id, &asked, Tab::Overview, error).await,
    };
    framed(
        &app,
        &visit,
        &shown.object,
        Tab::Overview,
        &asked.word(),
        || {
            let control = asked.control(&visit, &Tab::Overview.path(id), &[]);
            let overview = overview(&visit, &shown);
            view! { {control} {overview} }.into_any()
        },
    )
}

/// A page of a role: its head and its tabs around what `body` makes. `as_of` is the moment that tabs keep.
pub(super) fn framed(
    app: &App,
    visit: &Visit,
    detail: &RoleDetail,
    tab: Tab,
    as_of: &str,
    body: impl FnOnce() -> AnyView,
) -> Response {
    let name = detail.role.content.display_name.clone();
    let title = match tab {
        Tab::Overview => format!("{name} · Roles"),
        tab => format!("{} of {name} · Roles", tab.label()),
    };
    let page = Page::new(title, routes::ROLES)
        .called(name)
        .under(&[("Roles", routes::ROLES)]);
    app.page(visit, page, || {
        let (header, tabs) = (header(detail, tab), tabs(detail.role.id, tab, as_of));
        let body = body();
        view! { {header} {tabs} {body} }.into_any()
    })
}

/// What there is to know of a role at first: on its page, and in the panel of the list.
pub(super) fn overview(visit: &Visit, shown: &WithLatest<RoleDetail>) -> AnyView {
    let detail = &shown.object;
    let description = description_card(
        "What it is for",
        &detail.role.content.description,
        "Nobody has said in plain words what it is for.",
    );
    let facts = facts(visit, detail);
    let latest = history::latest(visit, &shown.latest, Tab::Timeline.path(detail.role.id));
    view! {
        {note(detail)}
        {discover::banner(detail)}
        <Split rail=Slot::from(facts)>
            <Stack>
                {description}
                {latest}
            </Stack>
        </Split>
    }
    .into_any()
}

/// The one line under a role's name.
pub(super) fn detail_line(detail: &RoleDetail) -> String {
    let holds = format!("Role with {}", direct(detail));
    match &detail.owner {
        Some(owner) => format!("{holds}, owned by {}", owner.display_name),
        None => holds,
    }
}

/// Whether the visitor may change this role. A past moment is only looked at.
pub(super) fn may_edit(detail: &RoleDetail) -> bool {
    detail.moment.present && detail.may.contains(&Action::EditAccess)
}

/// How many roles and entitlements are directly in it.
fn direct(detail: &RoleDetail) -> String {
    let roles = detail.parts.iter();
    let roles = roles
        .filter(|part| matches!(part, NamedPart::Role(..)))
        .count();
    things(roles, detail.parts.len() - roles)
}

/// The head; what a tab is for is its primary button.
fn header(detail: &RoleDetail, tab: Tab) -> AnyView {
    let content = &detail.role.content;
    let id = detail.role.id;
    let may = may_edit(detail);
    let contents = tab == Tab::Contents;
    let edit_kind = if contents {
        ButtonKind::Default
    } else {
        ButtonKind::Primary
    };
    let edit = may.then(|| {
        view! { <Button label="Edit" href=below(routes::ROLES, id, "edit") icon=Icon::Pencil kind=edit_kind /> }
    });
    let change = (may && contents).then(|| {
        view! { <Button label="Change contents" href=below(routes::ROLES, id, "contents/edit") icon=Icon::Layers kind=ButtonKind::Primary /> }
    });
    let menu = may
        .then(|| step::menu(routes::ROLES, id, &content.display_name, content.status))
        .flatten();
    let owner = (detail.owner.is_none() && content.status != Lifecycle::Ended).then(no_owner);
    let copy = |value: String, label: &'static str| view! { <CopyButton value=value label=label>{Icon::Copy.view()}</CopyButton> };
    let (copy_name, copy_id) = (
        copy(content.name.clone(), "Copy technical name"),
        copy(id.to_string(), "Copy id"),
    );
    let ids = view! {
        <span class="role-ids">
            <Id value=content.name.clone()>{copy_name}</Id>
            <Id value=id.to_string()>{copy_id}</Id>
        </span>
    };
    view! {
        <PageHeader
            title=content.display_name.clone()
            detail=detail_line(detail)
            lead=view! { <IconTile icon=Icon::Layers large=true /> }
            status=view! { {status_pill(content.status)} {owner} }
            id=ids
            actions=view! { {menu} {edit} {change} }
        />
    }
    .into_any()
}

fn tabs(id: RoleId, current: Tab, as_of: &str) -> AnyView {
    let tab = |tab: Tab| {
        let kept = if tab.has_moment() { as_of } else { "" };
        crate::ui::Tab {
            label: tab.label().to_owned(),
            href: with_query(&tab.path(id), &[(NAME, kept)]),
            count: String::new(),
            current: tab == current,
        }
    };
    let items = Tab::ALL.into_iter().map(tab).collect();
    view! { <Tabs label="About this role" items=items /> }.into_any()
}

/// What its state means for those who hold it.
fn note(detail: &RoleDetail) -> Option<AnyView> {
    let (title, text) = match detail.role.content.status {
        Lifecycle::Active => return None,
        Lifecycle::Suspended => (
            "This role is suspended",
            "It gives nothing to anybody until somebody resumes it. Who holds it keeps it.",
        ),
        Lifecycle::Ended => (
            "This role has ended",
            "It gives nothing to anybody and cannot be given any more. The record stays for the log.",
        ),
    };
    Some(view! { <Banner tone=Tone::Warn title=title>{text}</Banner> }.into_any())
}

fn facts(visit: &Visit, detail: &RoleDetail) -> AnyView {
    let content = &detail.role.content;
    let id = detail.role.id;
    let assign = may_edit(detail).then(|| format!("{}#f-owner", below(routes::ROLES, id, "edit")));
    let owner = detail.owner.as_ref();
    let owner = owner.map(|owner| (owner.id, owner.display_name.as_str(), owner.title.as_str()));
    let owner = owner_fact(visit, owner, assign);
    let gives = match detail.gives.len() {
        0 => view! { <Absent /> }.into_any(),
        n => format!(
            "{} in {}",
            counted(n, "entitlement"),
            counted(applications(&detail.gives), "application")
        )
        .into_any(),
    };
    let included = role_links(visit, &detail.included_in);
    let source = content
        .source
        .map(|_| view! { <Fact term="Comes from">"A source; an import may change it"</Fact> });
    let origin = discover::fact(detail);
    let direct = match detail.parts.len() {
        0 => view! { <Absent /> }.into_any(),
        _ => direct(detail).into_any(),
    };
    let since = time_view(detail.role.recorded_from, visit);
    let name = content.name.clone();
    view! {
        <Facts title="Facts">
            <Fact term="Owner">{owner}</Fact>
            <Fact term="Directly in it">{direct}</Fact>
            <Fact term="Gives in all">{gives}</Fact>
            <Fact term="Included in">{included}</Fact>
            <Fact term="Technical name"><code>{name}</code></Fact>
            {source}
            {origin}
            <Fact term="Recorded since">{since}</Fact>
        </Facts>
    }
    .into_any()
}
