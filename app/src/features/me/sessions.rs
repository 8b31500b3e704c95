//! My open sessions: where I am signed in, and signing out elsewhere.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;
use service::Error;
use service::sessions::{self, OwnSession, SignedIn};

use super::{browser, head, me};
use crate::format::{ago_view, time_view};
use crate::page::done;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, ActionCell, Button, Card, Cell, Column, Hidden, Icon, NameCell, Pill, Slot, Table, Tone,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match read(&app, &visit).await {
        Ok((user, open)) => app.page(&visit, super::page("Sessions"), || {
            show(&visit, user, open, app.form_key())
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read<'a>(app: &App, visit: &'a Visit) -> Result<(&'a SignedIn, Vec<OwnSession>), Error> {
    let user = me(visit)?;
    Ok((
        user,
        sessions::list(&app.service, &visit.cx(), &visit.session).await?,
    ))
}

/// Ends the session whose button was pressed, or all others.
pub(super) async fn end(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    if let Err(error) = me(&visit) {
        return app.refuse(&visit, error);
    }
    let handle = posted.get("end");
    let result = if handle.is_empty() {
        sessions::end_others(&app.service, &visit.cx_once(posted.once()), &visit.session)
            .await
            .map(drop)
    } else {
        sessions::end_one(&app.service, &visit.cx(), handle).await
    };
    match result {
        // A session that is gone already is what was asked for.
        Ok(()) | Err(Error::NotFound | Error::AlreadyDone(_)) => {
            done(routes::ME_SESSIONS, "signed-out-elsewhere")
        }
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(visit: &Visit, user: &SignedIn, open: Vec<OwnSession>, key: String) -> AnyView {
    let count = open.len();
    let others = (count > 1)
        .then(|| view! { <Button label="Sign out everywhere else" name="others" value="all" /> });
    let actions = others.map(Slot::from).unwrap_or_default();
    let columns = vec![
        Column::new("Browser"),
        Column::new("Address"),
        Column::new("Signed in"),
        Column::new("Last used"),
        Column::new("Sign out").hidden(),
    ];
    let rows = open
        .into_iter()
        .map(|session| row(visit, session))
        .collect_view();
    view! {
        {head(user, routes::ME_SESSIONS)}
        <form method="post" action=routes::ME_SESSIONS>
            <Hidden name="idem" value=key />
            <Card title="Open sessions" count=count.to_string() actions=actions flush=true>
                <Table caption="Open sessions, the latest used first" columns=columns framed=false>{rows}</Table>
            </Card>
        </form>
        <p class="hint">"A session ends by itself after an hour without use, and after twelve hours in any case. If you do not know one of these, sign it out and change your password."</p>
    }
    .into_any()
}

fn row(visit: &Visit, session: OwnSession) -> AnyView {
    let OwnSession {
        handle,
        current,
        created,
        last_seen,
        address,
        user_agent,
    } = session;
    let address = if address.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        address.into_any()
    };
    let used = if current {
        "now".into_any()
    } else {
        ago_view(last_seen, visit)
    };
    let act = if current {
        view! { <Pill text="This session" tone=Tone::Good /> }.into_any()
    } else {
        view! { <Button label="Sign out" name="end" value=handle /> }.into_any()
    };
    let began = time_view(created, visit);
    view! {
        <tr>
            <NameCell column="Browser" name=browser::words(&user_agent) icon=Icon::Monitor />
            <Cell column="Address" mono=true>{address}</Cell>
            <Cell column="Signed in">{began}</Cell>
            <Cell column="Last used">{used}</Cell>
            <ActionCell>{act}</ActionCell>
        </tr>
    }
    .into_any()
}
