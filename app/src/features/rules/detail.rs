//! A rule's page: whom it gives what, in one sentence and as its text; and the frame that all its tabs share.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::RuleId;
use domain::permission::Action;
use domain::role::Grantable;
use domain::rule::RuleState;
use frontend::copy::CopyButton;
use leptos::prelude::*;
use maud::html;
use service::audit::WithLatest;
use service::rules::{self, RuleDetail};

use super::life;
use super::words::{hand_over, lead, meaning, state_pill};
use crate::access::{description_card, no_owner, owner_fact, sees_all};
use crate::format::{number, time_view};
use crate::history;
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Card, Fact, Facts, Icon, IconTile, Id, Menu, MenuLink,
    PageHeader, Slot, Split, Stack, Tabs, Tone,
};
use crate::visit::Visit;

/// A part of a rule's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tab {
    Overview,
    Who,
    Timeline,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Overview, Self::Who, Self::Timeline];

    const fn label(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Who => "Who",
            Self::Timeline => "Timeline",
        }
    }

    /// Its address.
    pub(super) fn path(self, id: RuleId) -> String {
        match self {
            Self::Overview => format!("{}/{id}", routes::RULES),
            other => below(routes::RULES, id, &other.label().to_lowercase()),
        }
    }
}

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<RuleId>() else {
        return app.nothing_here(&visit);
    };
    match rules::overview(&app.service, &visit.cx(), id).await {
        Ok(shown) => framed(&app, &visit, &shown.object, Tab::Overview, || {
            overview(&visit, &shown)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

/// A page of a rule: its head and its tabs around what `body` makes.
pub(super) fn framed(
    app: &App,
    visit: &Visit,
    detail: &RuleDetail,
    tab: Tab,
    body: impl FnOnce() -> AnyView,
) -> Response {
    let name = detail.rule.content.name.clone();
    let title = match tab {
        Tab::Overview => format!("{name} · Rules"),
        Tab::Who => format!("Who gets something by {name} · Rules"),
        Tab::Timeline => format!("Timeline of {name} · Rules"),
    };
    let page = Page::new(title, routes::RULES)
        .called(name)
        .under(&[("Rules", routes::RULES)]);
    app.page(visit, page, || {
        let (header, tabs) = (header(detail), tabs(detail.rule.id, tab));
        let body = body();
        view! { {header} {tabs} {body} }.into_any()
    })
}

/// What there is to know of a rule at first: on its page, and in the panel of the list.
pub(super) fn overview(visit: &Visit, shown: &WithLatest<RuleDetail>) -> AnyView {
    let detail = &shown.object;
    let content = &detail.rule.content;
    let sentence = lead(&detail.words, &content.condition, &detail.gives);
    let meaning = meaning(content.state, detail.people);
    let condition = content.condition.clone();
    let copy = view! { <CopyButton value=condition.clone() label="Copy the condition">{Icon::Copy.view()}</CopyButton> };
    let description = description_card(
        "What it is for",
        &content.description,
        "Nobody has said in plain words what it is for.",
    );
    let latest = history::latest(visit, &shown.latest, Tab::Timeline.path(detail.rule.id));
    let ended = gives_ended(detail);
    view! {
        {ended}
        <Split rail=Slot::from(facts(visit, detail))>
            <Stack>
                <Card>
                    <p class="rule-sentence" dir="auto">{sentence}</p>
                    <p class="soft">{meaning}</p>
                </Card>
                <Card title="Condition" actions=copy>
                    <pre class="rule-text" dir="auto"><code>{condition}</code></pre>
                </Card>
                {description}
                {latest}
            </Stack>
        </Split>
    }
    .into_any()
}

/// The one line under a rule's name.
pub(super) fn detail_line(detail: &RuleDetail) -> String {
    let gives = format!("Rule that gives {}", detail.gives);
    match &detail.owner {
        Some(owner) => format!("{gives}, owned by {}", owner.display_name),
        None => gives,
    }
}

/// Says what to do about a rule that gives something that has ended.
pub(super) fn gives_ended(detail: &RuleDetail) -> Option<AnyView> {
    let text = detail.gives_ended.clone()?;
    let id = detail.rule.id;
    let ways = may_edit(detail).then(|| {
        let (edit, end) = (
            format!("{}#f-what", below(routes::RULES, id, "edit")),
            below(routes::RULES, id, life::word(RuleState::Ended)),
        );
        view! { <p><a href=edit>"Choose what it gives"</a>" · "<a href=end>"End the rule"</a></p> }
    });
    let banner = view! {
        <Banner tone=Tone::Warn title="What this rule gives has ended">
            <p>{text}</p>
            {ways}
        </Banner>
    };
    Some(banner.into_any())
}

/// Whether the visitor may change this rule; one that has ended stays as it is.
pub(super) fn may_edit(detail: &RuleDetail) -> bool {
    detail.rule.content.state != RuleState::Ended && detail.may.contains(&Action::EditAccess)
}

/// What a rule gives, as a link for those who see the access model.
pub(super) fn gives_view(visit: &Visit, what: Grantable, name: &str) -> AnyView {
    if !sees_all(visit) {
        return name.to_owned().into_any();
    }
    let href = match what {
        Grantable::Entitlement(id) => format!("{}/{id}", routes::ENTITLEMENTS),
        Grantable::Role(id) => format!("{}/{id}", routes::ROLES),
    };
    leaf(html! { a href=(href) dir="auto" { (name) } })
}

/// The head. The next step of its life is the primary button, the others are in the menu.
fn header(detail: &RuleDetail) -> AnyView {
    let content = &detail.rule.content;
    let id = detail.rule.id;
    let may = may_edit(detail);
    let next = life::usual(content.state).filter(|_| may && detail.gives_ended.is_none());
    let edit_kind = if next.is_some() {
        ButtonKind::Default
    } else {
        ButtonKind::Primary
    };
    let edit = may.then(|| {
        view! { <Button label="Edit" href=below(routes::RULES, id, "edit") icon=Icon::Pencil kind=edit_kind /> }
    });
    let next = next.map(|next| {
        let href = below(routes::RULES, id, life::word(next));
        view! { <Button label=life::verb(next) href=href icon=life::icon(next) kind=ButtonKind::Primary /> }
    });
    let menu = may.then(|| {
        let links = life::others(content.state).map(|next| {
            let href = below(routes::RULES, id, life::word(next));
            let (label, danger) = (format!("{}…", life::verb(next)), next == RuleState::Ended);
            view! { <MenuLink href=href label=label icon=life::icon(next) danger=danger /> }
        });
        let links = links.collect_view();
        view! { <Menu label=format!("More for {}", content.name)>{links}</Menu> }
    });
    let ended = content.state == RuleState::Ended;
    let owner = (detail.owner.is_none() && !ended).then(no_owner);
    let copy =
        view! { <CopyButton value=id.to_string() label="Copy id">{Icon::Copy.view()}</CopyButton> };
    view! {
        <PageHeader
            title=content.name.clone()
            detail=detail_line(detail)
            lead=view! { <IconTile icon=Icon::ListChecks large=true /> }
            status=view! { {state_pill(content.state)} {owner} }
            id=view! { <Id value=id.to_string()>{copy}</Id> }
            actions=view! { {menu} {edit} {next} }
        />
    }
    .into_any()
}

fn tabs(id: RuleId, current: Tab) -> AnyView {
    let tab = |tab: Tab| crate::ui::Tab {
        label: tab.label().to_owned(),
        href: tab.path(id),
        count: String::new(),
        current: tab == current,
    };
    let items = Tab::ALL.into_iter().map(tab).collect();
    view! { <Tabs label="About this rule" items=items /> }.into_any()
}

fn facts(visit: &Visit, detail: &RuleDetail) -> AnyView {
    let content = &detail.rule.content;
    let id = detail.rule.id;
    let assign = may_edit(detail).then(|| format!("{}#f-owner", below(routes::RULES, id, "edit")));
    let owner = detail.owner.as_ref();
    let owner = owner.map(|owner| (owner.id, owner.display_name.as_str(), owner.title.as_str()));
    let owner = owner_fact(visit, owner, assign);
    let state = state_pill(content.state);
    let gives = gives_view(visit, content.gives, &detail.gives);
    let people = match detail.people {
        0 => view! { <Absent /> }.into_any(),
        n => leaf(html! { a href=(Tab::Who.path(id)) { (number(n)) } }),
    };
    let hand_over = hand_over(content.hand_over_days);
    let since = time_view(detail.rule.recorded_from, visit);
    view! {
        <Facts title="Facts">
            <Fact term="State">{state}</Fact>
            <Fact term="Gives">{gives}</Fact>
            <Fact term="People now">{people}</Fact>
            <Fact term="Hand-over">{hand_over}</Fact>
            <Fact term="Owner">{owner}</Fact>
            <Fact term="Recorded since">{since}</Fact>
        </Facts>
    }
    .into_any()
}
