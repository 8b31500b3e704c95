//! The page on which a reviewer decides: how far they are, the groups, and the items of the open one.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::review::{CampaignState, swept};
use frontend::Sitting;
use http::StatusCode;
use leptos::prelude::*;
use maud::{Markup, html};
use service::reviews::{self, Asked, Grouping, Pile, PileGroup};

use super::item::{Back, items};
use super::words::effort;
use super::{ITEMS, Place, path};
use crate::format::{number, time_view};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::{leaf, within};
use crate::ui::{Banner, Button, ButtonKind, Empty, EmptyKind, Icon, PageHeader, Tone};
use crate::visit::Visit;

pub(in crate::features::reviews) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(place): Query<Place>,
) -> Response {
    show(&app, &visit, &id, place, &Back::default()).await
}

/// The page, perhaps with the form of an item that came back.
pub(super) async fn show(
    app: &App,
    visit: &Visit,
    id: &str,
    mut place: Place,
    back: &Back,
) -> Response {
    let asked = Asked {
        by: place.by(),
        group: place.group(),
        after: place.after(),
        most: ITEMS,
    };
    let found = match super::super::id(id) {
        Ok(id) => reviews::pile(&app.service, &visit.cx(), id, asked).await,
        Err(error) => Err(error),
    };
    let pile = match found {
        Ok(pile) => pile,
        Err(error) => return app.refuse(visit, error),
    };
    let by = asked.by.fitting(pile.campaign.content.terms.scope.subjects);
    by.word().clone_into(&mut place.by);
    place.group = pile
        .group
        .map(|group| group.to_string())
        .unwrap_or_default();
    let status = if back.why.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = Page::new(pile.campaign.content.name.clone(), routes::REVIEWS).status(status);
    let key = app.form_key();
    app.page(visit, page, || content(visit, &place, &pile, back, &key))
}

fn content(visit: &Visit, place: &Place, pile: &Pile, back: &Back, key: &str) -> AnyView {
    let id = pile.campaign.id;
    let content = &pile.campaign.content;
    let terms = &content.terms;
    let is_open = content.state == CampaignState::Open;
    let staged = pile.counted.staged;
    let submit = is_open.then(|| {
        let href = path(id, "submit");
        leaf(html! {
            a.btn data-kind="primary" id="sitting-submit" href=(href) data-empty=[(staged == 0).then_some("")] {
                "Submit " span data-count="staged" { (number(staged)) } " staged" kbd.kbd aria-hidden="true" { "Ctrl ↵" }
            }
        })
    });
    let detail = terms.unanswered.sentence();
    let closed = (!is_open).then(|| {
        let title = match content.state {
            CampaignState::Launching => "This review is still being prepared",
            CampaignState::Cancelled => "This review was called off",
            _ => "This review is closed",
        };
        view! { <Banner tone=Tone::Warn title=title /> }
    });
    let instructions = (!terms.instructions.is_empty()).then(|| {
        leaf(html! { details.review-how { summary { "Instructions" } p dir="auto" { (terms.instructions) } } })
    });
    let body = if pile.items.is_empty() && pile.groups.is_empty() {
        view! {
            <Empty kind=EmptyKind::Nothing title="Nothing is left for you here" text="Everything of this review that came to you is decided, or went to somebody else.">
                <Button label="To the inbox" href=routes::INBOX icon=Icon::Inbox />
            </Empty>
        }
        .into_any()
    } else {
        let list = items(visit, id, place, &pile.items, back);
        let head = leaf(group_head(place, pile, is_open, key));
        let foot = leaf(foot(place, pile));
        let rail = leaf(rail(place, pile));
        view! {
            <div class="review" data-flat=(place.by() == Grouping::Flat).then_some("")>
                {rail}
                <section class="review-list" aria-label="What to decide">{head} {list} {foot}</section>
            </div>
        }
        .into_any()
    };
    let own = own(pile);
    let progress = leaf(progress(visit, pile));
    let ways = leaf(ways(place, pile));
    let name = content.name.clone();
    view! {
        <PageHeader title=name detail=detail actions=submit.into_any() />
        {closed}
        {progress}
        {instructions}
        {own}
        {ways}
        <div data-decide="" data-sitting="">{body}</div>
        <Sitting />
    }
    .into_any()
}

/// What is about the reader is not shown; a line says who decides on it.
fn own(pile: &Pile) -> Option<AnyView> {
    if !pile.about_me {
        return None;
    }
    let mut text: Vec<String> = pile
        .own
        .iter()
        .map(|(who, count)| match count {
            1 => format!("1 item about yourself is not shown: {who} decides on it."),
            _ => format!(
                "{} items about yourself are not shown: {who} decides on them.",
                number(*count)
            ),
        })
        .collect();
    if text.is_empty() {
        text.push("What this review has about yourself is decided by somebody else.".to_owned());
    }
    Some(leaf(
        html! { p.review-note dir="auto" { (text.join(" ")) } },
    ))
}

/// How far somebody is, as a bar and in words.
fn progress(visit: &Visit, pile: &Pile) -> Markup {
    let counted = pile.counted;
    let share = |part: u64| {
        (part * 600)
            .checked_div(counted.all())
            .unwrap_or(0)
            .to_string()
    };
    let label = format!(
        "{} submitted, {} staged, {} left",
        counted.submitted, counted.staged, counted.left
    );
    html! {
        div.review-progress {
            svg viewBox="0 0 600 8" preserveAspectRatio="none" role="img" aria-label=(label) data-all=(counted.all()) {
                rect.base width="600" height="8" {}
                rect.done width=(share(counted.submitted)) height="8" {}
                rect.staged x=(share(counted.submitted)) width=(share(counted.staged)) height="8" {}
            }
            p {
                span { (number(counted.submitted)) " submitted" } " · "
                span { span data-count="staged" { (number(counted.staged)) } " staged" } " · "
                span { span data-count="left" { (number(counted.left)) } " left" } " · "
                span data-effort { (effort(counted)) } " · "
                span { "due " (within(time_view(pile.campaign.content.due, visit))) }
            }
        }
    }
}

/// The ways to group.
fn ways(place: &Place, pile: &Pile) -> Markup {
    let subjects = pile.campaign.content.terms.scope.subjects;
    html! {
        nav.review-by aria-label="Grouping" {
            @for by in Grouping::ways(subjects) {
                @let to = Place { by: by.word().to_owned(), ..Place::default() };
                a href=(to.href(pile.campaign.id)) aria-current=[(place.by() == *by).then_some("true")] { (by.called(subjects)) }
            }
        }
    }
}

/// The groups with what is left in each.
fn rail(place: &Place, pile: &Pile) -> Markup {
    html! {
        @if !pile.groups.is_empty() {
            nav.review-rail aria-label="Groups" {
                @for group in &pile.groups { (entry(place, pile, group)) }
                @if pile.more_groups { p.review-note { "There are more; they come when these are decided." } }
            }
        }
    }
}

fn entry(place: &Place, pile: &Pile, group: &PileGroup) -> Markup {
    let to = Place {
        group: group.object.to_string(),
        after: String::new(),
        ..place.clone()
    };
    let here = pile.group == Some(group.object);
    html! {
        a href=(to.href(pile.campaign.id)) aria-current=[here.then_some("page")] data-group[here] {
            @if group.left == 0 { (Icon::Check.markup()) }
            span.review-name dir="auto" { (group.name) }
            span.review-count {
                @if group.left > 0 { span data-left { (number(group.left)) } " left" } @else { span.unseen { "nothing left" } }
                @if group.flagged > 0 { " · " (number(group.flagged)) " flagged" }
            }
        }
    }
}

/// The name of the open group, and keeping what is not flagged in it.
fn group_head(place: &Place, pile: &Pile, is_open: bool, key: &str) -> Markup {
    let group = pile
        .groups
        .iter()
        .find(|one| pile.group == Some(one.object));
    let first = pile.items.first();
    let detail = first
        .filter(|_| place.by() == Grouping::Person)
        .map(|one| one.holder_detail.as_str())
        .unwrap_or_default();
    let plain = pile
        .items
        .iter()
        .any(|one| one.staged.is_none() && one.hindrance.is_none() && swept(&one.item.facts));
    html! {
        header.review-head {
            div {
                h2 id="pane-title" tabindex="-1" dir="auto" {
                    @match group { Some(group) => (group.name), None => "Everything" }
                }
                @if !detail.is_empty() { p dir="auto" { (detail) } }
            }
            @if let (Some(group), true, true) = (group, plain, is_open) {
                form method="post" action=(path(pile.campaign.id, "decide")) data-key="A" {
                    input type="hidden" name="idem" value=(key);
                    input type="hidden" name="by" value=(place.by);
                    input type="hidden" name="group" value=(group.object);
                    button.btn name="act" value="keep_unflagged" { "Keep all unflagged" kbd.kbd aria-hidden="true" { "⇧ A" } }
                }
            }
        }
    }
}

/// Where it goes on.
fn foot(place: &Place, pile: &Pile) -> Markup {
    let further = pile.next.map(|after| Place {
        after: after.to_string(),
        ..place.clone()
    });
    let at = pile
        .groups
        .iter()
        .position(|one| pile.group == Some(one.object));
    let following = at.and_then(|at| {
        let (before, after) = pile.groups.split_at(at);
        let mut others = after.iter().skip(1).chain(before);
        others.find(|one| one.left > 0)
    });
    let next = following.map(|group| {
        let to = Place {
            group: group.object.to_string(),
            after: String::new(),
            ..place.clone()
        };
        (to, group.name.as_str())
    });
    html! {
        footer.review-foot {
            @if let Some(further) = further {
                a.btn data-next="" href=(further.href(pile.campaign.id)) { "More of this group" (Icon::ChevronRight.markup()) }
            } @else if let Some((to, name)) = next {
                a.btn data-next="" href=(to.href(pile.campaign.id)) { "Next: " span dir="auto" { (name) } (Icon::ChevronRight.markup()) }
            }
        }
    }
}

/// A link back from the pages around it.
pub(super) fn back_link(campaign: domain::id::CampaignId, label: &'static str) -> AnyView {
    view! { <Button label=label href=path(campaign, "decide") kind=ButtonKind::Plain icon=Icon::ArrowLeft /> }
        .into_any()
}
