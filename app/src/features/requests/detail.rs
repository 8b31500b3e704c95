//! The page of a request: what was asked for, where each thing stands, whom it waits for and why they, what came of it,
//! and everything that was said and done. It stays for good.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::RequestId;
use domain::request::{ItemState, REMIND_AFTER, RequestAct};
use http::StatusCode;
use leptos::prelude::*;
use service::requests::{self, ItemDetail, RequestDetail};

use super::acts::Back;
use super::course::course;
use super::events::events;
use super::words::{asked, kind, state_pill};
use crate::features::inbox::acts::comment;
use crate::features::inbox::facts::facts;
use crate::features::inbox::said::Said;
use crate::format::time_view;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Disclosure, Fact, Facts, Form, FormActions, Hidden, Icon, Id,
    PageHeader, Split, TextField,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let id = match super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    show(&app, &visit, id, Back::default(), StatusCode::OK).await
}

/// The page, also with a form that came back.
pub(super) async fn show(
    app: &App,
    visit: &Visit,
    id: RequestId,
    back: Back,
    status: StatusCode,
) -> Response {
    match requests::read(&app.service, &visit.cx(), id).await {
        Ok(found) => {
            let page = Page::new(title(&found), routes::INBOX)
                .called("Request")
                .under(&[("Requests", routes::REQUESTS)])
                .status(status);
            let key = app.form_key();
            app.page(visit, page, || content(visit, &found, &back, &key))
        }
        Err(error) => app.refuse(visit, error),
    }
}

/// What was asked for in one line.
fn title(found: &RequestDetail) -> String {
    match found.items.as_slice() {
        [only] => asked(only),
        all => {
            let whom = if found.requester.id == found.beneficiary.id {
                String::new()
            } else {
                format!(" for {}", found.beneficiary.name)
            };
            format!(
                "{} asks for {} things{whom}",
                found.requester.name,
                all.len()
            )
        }
    }
}

fn content(visit: &Visit, found: &RequestDetail, back: &Back, key: &str) -> AnyView {
    let id = found.request.id.to_string();
    let pill = match found.items.as_slice() {
        [only] => state_pill(only.item.content.state),
        _ => ().into_any(),
    };
    let rail = rail(visit, found);
    let none = Said::default();
    let items = found.items.iter().map(|item| {
        let said = if back.item == Some(item.item.id) {
            &back.said
        } else {
            &none
        };
        one(visit, found, item, said, key)
    });
    let items = items.collect_view();
    let copy = view! { <Id value=id /> };
    view! {
        <PageHeader title=title(found) status=pill id=copy />
        <Split rail=rail>{items}</Split>
    }
    .into_any()
}

fn rail(visit: &Visit, found: &RequestDetail) -> AnyView {
    let asked = time_view(found.request.content.created, visit);
    let count = |state: ItemState| {
        let n = found
            .items
            .iter()
            .filter(|one| one.item.content.state == state)
            .count();
        (n > 0).then(|| format!("{n} {}", state.label().to_lowercase()))
    };
    let states: Vec<String> = ItemState::ALL
        .iter()
        .filter_map(|state| count(*state))
        .collect();
    let hidden = usize::try_from(found.request.content.items)
        .unwrap_or(0)
        .saturating_sub(found.items.len());
    let hidden = (hidden > 0).then(|| view! { <Fact term="Not shown">{format!("{hidden} of its things are not yours to see")}</Fact> });
    let (requester, beneficiary) = (found.requester.name.clone(), found.beneficiary.name.clone());
    let states = states.join(", ");
    view! {
        <Facts title="Facts">
            <Fact term="Asked by">{requester}</Fact>
            <Fact term="For">{beneficiary}</Fact>
            <Fact term="Asked">{asked}</Fact>
            <Fact term="Where it stands">{states}</Fact>
            {hidden}
        </Facts>
    }
    .into_any()
}

/// One of its things.
fn one(visit: &Visit, found: &RequestDetail, item: &ItemDetail, said: &Said, key: &str) -> AnyView {
    let content = &item.item.content;
    let (_, word) = kind(content.kind);
    let title = item.thing.name.clone();
    let note = word.to_owned();
    let pill = state_pill(content.state);
    let question = item.question.clone().map(|(asker, text)| {
        view! { <Banner title=format!("{} asks", asker.name)>{text}</Banner> }
    });
    let decide = item.acts.contains(&RequestAct::Approve).then(|| {
        let href = format!("{}/{}", routes::INBOX, item.item.id);
        view! { <Button label="Decide" href=href icon=Icon::Inbox /> }
    });
    let facts = facts(visit, item);
    let course = course(visit, item);
    let acts = acts(visit, found, item, said, key);
    let happened = events(visit, item);
    let field = format!("comment-{}", content.number);
    let action = format!("{}/{}", routes::REQUESTS, found.request.id);
    let say = comment(
        item,
        action,
        said,
        &format!("{key}-{}", content.number),
        &field,
    );
    let count = item.events.len().to_string();
    let actions = view! { {pill} {decide} };
    view! {
        <Card title=title count=note actions=actions>
            {question}
            {course}
            {acts}
            <Disclosure title="What was asked for" open=true>{facts}</Disclosure>
            <Disclosure title="Everything that happened" note=count open=true>{happened}</Disclosure>
            {say}
        </Card>
    }
    .into_any()
}

/// Take back and remind; when reminding is possible again, where it is not yet.
fn acts(
    visit: &Visit,
    found: &RequestDetail,
    item: &ItemDetail,
    said: &Said,
    key: &str,
) -> Option<AnyView> {
    if !item.acts.contains(&RequestAct::Withdraw) {
        return None;
    }
    let action = format!("{}/{}", routes::REQUESTS, found.request.id);
    let number = item.item.content.number;
    let hidden = |act: RequestAct| {
        let (item, word) = (item.item.id.to_string(), act.word());
        view! {
            <Hidden name="act" value=word />
            <Hidden name="item" value=item />
        }
    };
    let remind = if item.acts.contains(&RequestAct::Remind) {
        let hidden = hidden(RequestAct::Remind);
        let once = format!("{key}-{number}-remind");
        view! {
            <form method="post" action=action.clone() class="act">
                <Hidden name="idem" value=once />
                {hidden}
                <Button label="Remind" icon=Icon::Bell />
            </form>
        }
        .into_any()
    } else {
        let since = item
            .state
            .open()
            .filter_map(|step| step.reminded.or(step.opened))
            .min();
        let again = since.map(|since| time_view(since.plus(REMIND_AFTER), visit));
        again.map_or_else(
            || ().into_any(),
            |at| view! { <p class="hint">"You can remind them from " {at} " on."</p> }.into_any(),
        )
    };
    let act = RequestAct::Withdraw;
    let hidden = hidden(act);
    let (problems, summary) = (said.problems(act), said.summary());
    let name = format!("withdraw_reason-{number}");
    let (value, error) = (said.value(act, "reason"), said.error(act, "reason"));
    let open = said.is(act);
    Some(
        view! {
            <div class="acts-more">
                {remind}
                <details class="act" open=open>
                    <summary class="btn">{Icon::Undo2.view()}<span>"Withdraw"</span></summary>
                    <div class="act-body">
                        <Form action=action idem=format!("{key}-{number}-withdraw") problems=problems summary=summary>
                            {hidden}
                            <Hidden name="field" value=name.clone() />
                            <TextField name=name label="Reason" value=value error=error maxlength=500 />
                            <FormActions><Button label="Withdraw" kind=ButtonKind::Danger /></FormActions>
                        </Form>
                    </div>
                </details>
            </div>
        }
        .into_any(),
    )
}
