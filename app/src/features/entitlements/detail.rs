//! An entitlement's page: what it lets a person do, where, how risky it is, who has it.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::EntitlementId;
use domain::lifecycle::Lifecycle;
use domain::permission::Action;
use frontend::copy::CopyButton;
use leptos::prelude::*;
use service::audit::WithLatest;
use service::entitlements::{self, EntitlementDetail};

use crate::access::{description_card, level_view, owner_fact, person_href, status_pill};
use crate::format::{number, time_view};
use crate::history;
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::step;
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Card, Cell, Column, Fact, Facts, Icon, IconTile, Id,
    NameCell, PageHeader, Slot, Split, Stack, Tab, Table, Tabs, Tone,
};
use crate::visit::Visit;

/// As many holders as the service names.
const MOST_HOLDERS: usize = 200;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<EntitlementId>() else {
        return app.nothing_here(&visit);
    };
    match entitlements::overview(&app.service, &visit.cx(), id).await {
        Ok(detail) => show(&app, &visit, &detail),
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(app: &App, visit: &Visit, shown: &WithLatest<EntitlementDetail>) -> Response {
    let detail = &shown.object;
    let name = detail.entitlement.content.display_name.clone();
    let page =
        Page::new(format!("{name} · Entitlements"), routes::ENTITLEMENTS).called(name.clone());
    app.page(
        visit,
        page.under(&[("Entitlements", routes::ENTITLEMENTS)]),
        || {
            view! {
                {header(detail)}
                {tabs(detail, "")}
                {overview(visit, shown)}
            }
            .into_any()
        },
    )
}

/// What there is to know of an entitlement at first: on its page, and in the panel of the list.
pub(super) fn overview(visit: &Visit, shown: &WithLatest<EntitlementDetail>) -> AnyView {
    let detail = &shown.object;
    let description = description_card(
        "What it lets a person do",
        &detail.entitlement.content.description,
        "Nobody has said in plain words what it lets a person do.",
    );
    let facts = facts(visit, detail);
    let holders = holders(visit, detail);
    let latest = history::latest(
        visit,
        &shown.latest,
        below(routes::ENTITLEMENTS, detail.entitlement.id, "timeline"),
    );
    view! {
        {note(detail)}
        <Split rail=Slot::from(facts)>
            <Stack>
                {description}
                {holders}
                {latest}
            </Stack>
        </Split>
    }
    .into_any()
}

/// The one line under an entitlement's name.
pub(super) fn detail_line(detail: &EntitlementDetail) -> String {
    format!(
        "{} of {}",
        detail.entitlement.content.kind.label(),
        detail.application.content.display_name
    )
}

/// Whether the visitor may change this entitlement; the console's own rights are fixed for everybody.
pub(super) fn may_edit(detail: &EntitlementDetail) -> bool {
    detail.may.contains(&Action::EditAccess) && !detail.application.content.built_in
}

/// The head of every page of an entitlement.
pub(in crate::features) fn header(detail: &EntitlementDetail) -> AnyView {
    let content = &detail.entitlement.content;
    let id = detail.entitlement.id;
    let edit = may_edit(detail).then(|| {
        view! { <Button label="Edit" href=below(routes::ENTITLEMENTS, id, "edit") icon=Icon::Pencil kind=ButtonKind::Primary /> }
    });
    let menu = may_edit(detail)
        .then(|| {
            step::menu(
                routes::ENTITLEMENTS,
                id,
                &content.display_name,
                content.status,
            )
        })
        .flatten();
    let copy =
        view! { <CopyButton value=id.to_string() label="Copy id">{Icon::Copy.view()}</CopyButton> };
    view! {
        <PageHeader
            title=content.display_name.clone()
            detail=detail_line(detail)
            lead=view! { <IconTile icon=Icon::KeyRound large=true /> }
            status=status_pill(content.status)
            id=view! { <Id value=id.to_string()>{copy}</Id> }
            actions=view! { {menu} {edit} }
        />
    }
    .into_any()
}

/// The tabs of an entitlement.
pub(in crate::features) fn tabs(detail: &EntitlementDetail, current: &str) -> AnyView {
    let id = detail.entitlement.id;
    let tab = |label: &str, page: &str| Tab {
        label: label.to_owned(),
        href: if page.is_empty() {
            format!("{}/{id}", routes::ENTITLEMENTS)
        } else {
            below(routes::ENTITLEMENTS, id, page)
        },
        count: String::new(),
        current: page == current,
    };
    view! { <Tabs label="About this entitlement" items=vec![tab("Overview", ""), tab("Holders", "holders"), tab("Access changes", "changes"), tab("Observed", "observed"), tab("Timeline", "timeline")] /> }.into_any()
}

/// What about the application matters here.
fn note(detail: &EntitlementDetail) -> Option<AnyView> {
    let application = &detail.application.content;
    let own = detail.entitlement.content.status;
    let (tone, title, text) = if application.built_in {
        (
            Tone::Plain,
            "This is a right in this console".to_owned(),
            "It is given and ended on the page of a person; the record here is fixed.",
        )
    } else if application.status == Lifecycle::Ended && own != Lifecycle::Ended {
        (
            Tone::Warn,
            format!("{} has ended", application.display_name),
            "Nothing new is granted in it, so this entitlement is not granted to anybody new.",
        )
    } else if application.status == Lifecycle::Suspended && own == Lifecycle::Active {
        (
            Tone::Warn,
            format!("{} is suspended", application.display_name),
            "Nothing new is granted in it until somebody resumes it.",
        )
    } else {
        return None;
    };
    Some(view! { <Banner tone=tone title=title>{text}</Banner> }.into_any())
}

fn facts(visit: &Visit, detail: &EntitlementDetail) -> AnyView {
    let content = &detail.entitlement.content;
    let id = detail.entitlement.id;
    let application = detail.application.content.display_name.clone();
    let application_href = format!("{}/{}", routes::APPLICATIONS, detail.application.id);
    let assign =
        may_edit(detail).then(|| format!("{}#f-owner", below(routes::ENTITLEMENTS, id, "edit")));
    let owner = if detail.application.content.built_in && detail.owner.is_none() {
        "The administrators".into_any()
    } else {
        let inherited = content.owner.is_none();
        let detail_of = |title| {
            if inherited {
                "Owner of the application"
            } else {
                title
            }
        };
        owner_fact(
            visit,
            detail.owner.as_ref().map(|owner| {
                (
                    owner.id,
                    owner.display_name.as_str(),
                    detail_of(&owner.title),
                )
            }),
            assign,
        )
    };
    let text = |value: String| {
        if value.is_empty() {
            view! { <Absent /> }.into_any()
        } else {
            value.into_any()
        }
    };
    let code = |value: &str| {
        if value.is_empty() {
            view! { <Absent /> }.into_any()
        } else {
            view! { <code>{value.to_owned()}</code> }.into_any()
        }
    };
    let resource = match (content.resource_type.as_str(), content.resource_id.as_str()) {
        ("", _) => view! { <Absent /> }.into_any(),
        (kind, "") => view! { "All of " <code>{kind.to_owned()}</code> }.into_any(),
        (kind, one) => {
            view! { <code>{kind.to_owned()}</code> " " <code>{one.to_owned()}</code> }.into_any()
        }
    };
    let copy = view! { <CopyButton value=content.name.clone() label="Copy technical name">{Icon::Copy.view()}</CopyButton> };
    let rest = [
        ("Kind", content.kind.label().into_any()),
        ("Actions", text(content.actions.join(", "))),
        ("Resource", resource),
        (
            "Can be asked for",
            if content.requestable { "Yes" } else { "No" }.into_any(),
        ),
        (
            "Technical name",
            view! { <span class="id-line">{code(&content.name)} {copy}</span> }.into_any(),
        ),
        (
            "Recorded since",
            time_view(detail.entitlement.recorded_from, visit),
        ),
    ];
    let rest = rest
        .into_iter()
        .map(|(term, value)| view! { <Fact term=term>{value}</Fact> })
        .collect_view();
    let risk = level_view(content.risk);
    view! {
        <Facts title="Facts">
            <Fact term="Application"><a href=application_href>{application}</a></Fact>
            <Fact term="Risk">{risk}</Fact>
            <Fact term="Owner">{owner}</Fact>
            {rest}
        </Facts>
    }
    .into_any()
}

fn holders(visit: &Visit, detail: &EntitlementDetail) -> AnyView {
    if detail.holders.is_empty() {
        return view! { <Card title="Holders"><p class="soft">"Nobody holds it now."</p></Card> }
            .into_any();
    }
    let whole = detail.holders.len() < MOST_HOLDERS;
    let count = format!(
        "{}{}",
        number(detail.holders.len() as u64),
        if whole { "" } else { "+" }
    );
    let rows = detail.holders.iter().map(|holder| {
        let title = if holder.title.is_empty() { view! { <Absent /> }.into_any() } else { holder.title.clone().into_any() };
        view! {
            <tr>
                <NameCell column="Person" name=holder.display_name.clone() detail=holder.username.clone() href=person_href(visit, holder.id) />
                <Cell column="Title">{title}</Cell>
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect_view();
    let columns = vec![Column::new("Person"), Column::new("Title")];
    view! {
        <Card title="Holders" count=count flush=true>
            <Table caption="People who hold this entitlement" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}
