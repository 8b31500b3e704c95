//! Who decides for me while I am away, and for whom I decide.

use axum::extract::State;
use axum::response::Response;
use domain::field::FieldErrors;
use leptos::prelude::*;
use service::Error;
use service::delegations::{self, DelegationDraft, Delegations, ShownDelegation};
use service::sessions::SignedIn;

use super::{head, me};
use crate::access::Picker;
use crate::format::time_view;
use crate::page::done;
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    ActionCell, Button, ButtonKind, Card, Cell, Column, FieldRow, Form, FormActions, FormSection,
    Hidden, InputKind, NameCell, Pill, Table, TextArea, TextField, Tone,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    show(&app, &visit, &posted, &FieldErrors::new()).await
}

/// Adds a delegation, or ends the one whose button was pressed.
pub(super) async fn save(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let user = match me(&visit) {
        Ok(user) => user,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    if !posted.get("end").is_empty() {
        let result = match posted.get("end").parse() {
            Ok(id) => delegations::end(&app.service, &cx, id).await,
            Err(_) => Err(Error::NotFound),
        };
        return match result {
            Ok(()) => done(routes::DELEGATIONS, "delegation-ended"),
            Err(error) => app.refuse(&visit, error),
        };
    }
    let draft = DelegationDraft {
        delegate: posted.text("delegate"),
        from: posted.text("from"),
        until: posted.text("until"),
        reason: posted.text("reason"),
    };
    match delegations::create(&app.service, &cx, user.id, &draft).await {
        Ok(_) => done(routes::DELEGATIONS, "delegated"),
        Err(Error::Invalid(errors)) => show(&app, &visit, &posted, &errors).await,
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read<'a>(app: &App, visit: &'a Visit) -> Result<(&'a SignedIn, Delegations), Error> {
    let user = me(visit)?;
    Ok((user, delegations::own(&app.service, &visit.cx()).await?))
}

async fn show(app: &App, visit: &Visit, posted: &Posted, errors: &FieldErrors) -> Response {
    match read(app, visit).await {
        Ok((user, found)) => app.page(visit, super::page("Delegations").after(errors), || {
            content(visit, (user, &found), (posted, errors), app.form_key())
        }),
        Err(error) => app.refuse(visit, error),
    }
}

fn content(
    visit: &Visit,
    (user, found): (&SignedIn, &Delegations),
    (posted, errors): (&Posted, &FieldErrors),
    key: String,
) -> AnyView {
    let given = table(visit, found, true, key);
    let received = table(visit, found, false, String::new());
    let form = form(posted, errors);
    view! {
        {head(user, routes::DELEGATIONS)}
        {form}
        {given}
        {received}
        <p class="hint">"Whoever stands in for you decides what waits for you; both names are recorded. Nobody decides what is for themselves, not in this way either, and whoever stands in cannot pass it on."</p>
    }
    .into_any()
}

fn form(posted: &Posted, errors: &FieldErrors) -> AnyView {
    let delegate = Picker {
        name: "delegate",
        label: "Who decides",
        hint: "Username or id of somebody who is there meanwhile.",
        endpoint: routes::API_PICK_PEOPLE,
        chosen: String::new(),
        required: true,
    }
    .view(posted, errors);
    let value = |name: &str| posted.text(name);
    let (from, until) = (value("from"), value("until"));
    let (wrong_from, wrong_until) = (error(errors, "from"), error(errors, "until"));
    let wrong_reason = error(errors, "reason");
    let (problems, summary) = (problems(errors), summary(errors));
    let (reason, key) = (value("reason"), posted.once().to_owned());
    view! {
        <Form idem=key problems=problems summary=summary>
            <FormSection title="Let somebody decide for me">
                {delegate}
                <FieldRow>
                    <TextField name="from" label="First day" kind=InputKind::Date value=from error=wrong_from hint="Empty: from now on." />
                    <TextField name="until" label="Last day" kind=InputKind::Date value=until error=wrong_until required=true hint="To its end; at most a year." />
                </FieldRow>
                <TextArea name="reason" label="Reason" value=reason error=wrong_reason required=true maxlength=500 rows=2 hint="Both of you see it; it stays in the log." />
            </FormSection>
            <FormActions>
                <Button label="Delegate" kind=ButtonKind::Primary />
            </FormActions>
        </Form>
    }
    .into_any()
}

/// Those from me, which I can end, or those to me.
fn table(visit: &Visit, found: &Delegations, mine: bool, key: String) -> AnyView {
    let (list, title, nobody) = if mine {
        (
            &found.given,
            "Who decides for me",
            "Nobody decides for you.",
        )
    } else {
        (
            &found.received,
            "For whom I decide",
            "You decide for nobody else.",
        )
    };
    if list.is_empty() {
        return view! { <Card title=title><p class="soft">{nobody}</p></Card> }.into_any();
    }
    let mut columns: Vec<Column> = ["Person", "From", "Until", "Reason", "State"]
        .into_iter()
        .map(Column::new)
        .collect();
    if mine {
        columns.push(Column::new("End").hidden());
    }
    let rows = list
        .iter()
        .map(|one| row(visit, found, one, mine))
        .collect_view();
    let table = view! { <Table caption=title columns=columns framed=false>{rows}</Table> };
    let card = view! { <Card title=title count=list.len().to_string() flush=true>{table}</Card> };
    if !mine {
        return card.into_any();
    }
    view! {
        <form method="post" action=routes::DELEGATIONS>
            <Hidden name="idem" value=key />
            {card}
        </form>
    }
    .into_any()
}

fn row(visit: &Visit, found: &Delegations, one: &ShownDelegation, mine: bool) -> AnyView {
    let other = if mine { &one.delegate } else { &one.delegator };
    let content = &one.delegation.content;
    let (from, until) = (
        time_view(content.valid_from, visit),
        time_view(content.valid_until, visit),
    );
    let reason = content.reason.clone();
    let when = one.when(found.now);
    let tone = if when == "In force" {
        Tone::Good
    } else {
        Tone::Plain
    };
    let end = (mine && one.can_end(found.now)).then(|| {
        let id = one.delegation.id.to_string();
        view! { <Button label=format!("End for {}", other.display_name) name="end" value=id /> }
    });
    let end = mine.then(|| view! { <ActionCell>{end}</ActionCell> });
    view! {
        <tr>
            <NameCell column="Person" name=other.display_name.clone() detail=other.username.clone() />
            <Cell column="From">{from}</Cell>
            <Cell column="Until">{until}</Cell>
            <Cell column="Reason"><span dir="auto">{reason}</span></Cell>
            <Cell column="State"><Pill text=when tone=tone /></Cell>
            {end}
        </tr>
    }
    .into_any()
}
