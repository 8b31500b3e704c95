//! Mail that waits or did not get through, for administrators: to whom, why, and trying again.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;
use service::Error;
use service::notifications::{self, MailRow, Outgoing, SHOWN};

use crate::format::{capped, time_view};
use crate::page::{Page, done};
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, ActionCell, Banner, Button, Card, Cell, Column, Empty, EmptyKind, Hidden, Icon,
    NameCell, PageHeader, Table,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match notifications::outgoing(&app.service, &visit.cx()).await {
        Ok(found) => app.page(&visit, Page::new("Outgoing mail", routes::MAIL), || {
            content(&visit, &app.form_key(), found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Tries the mail again whose button was pressed.
pub(super) async fn again(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let cx = visit.cx_once(posted.once());
    let id = posted
        .get("again")
        .parse()
        .unwrap_or(domain::id::MailId::from_raw(0));
    match notifications::send_again(&app.service, &cx, id).await {
        Ok(()) => done(routes::MAIL, "mail-again"),
        Err(Error::AlreadyDone(_)) => done(routes::MAIL, "already"),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, key: &str, found: Outgoing) -> AnyView {
    let off = (!found.is_on).then(|| {
        view! {
            <Banner title="There is no mail server">
                "What people are told stays in the console. To send mail, start the server with --smtp-url and --mail-from."
            </Banner>
        }
    });
    let quiet = found.waiting.is_empty() && found.failed.is_empty();
    let empty = quiet.then(|| {
        view! { <Empty kind=EmptyKind::Nothing icon=Icon::Mail title="Nothing waits and nothing failed" text="Every mail so far was taken by the mail server." /> }
    });
    let failed = list(
        visit,
        "Could not be sent",
        "Given up",
        key,
        found.failed,
        found.failed_count,
    );
    let waiting = list(
        visit,
        "Waiting",
        "Tried again",
        key,
        found.waiting,
        found.waiting_count,
    );
    view! {
        <PageHeader title="Outgoing mail" detail="Mail that waits for the mail server, or that it refused." />
        {off}
        {failed}
        {waiting}
        {empty}
    }
    .into_any()
}

fn list(
    visit: &Visit,
    title: &'static str,
    when: &'static str,
    key: &str,
    rows: Vec<MailRow>,
    count: u64,
) -> Option<AnyView> {
    if rows.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Person"),
        Column::new("Subject"),
        Column::new("Reason"),
        Column::new("Asked for"),
        Column::new(when),
        Column::new("Try again").hidden(),
    ];
    let more = (rows.len() < usize::try_from(count).unwrap_or(usize::MAX))
        .then(|| view! { <p class="hint">{format!("The newest {SHOWN} are shown.")}</p> });
    let rows = rows
        .into_iter()
        .map(|mail| row(visit, when, mail))
        .collect_view();
    let key = key.to_owned();
    Some(
        view! {
            <form method="post" action=routes::MAIL>
                <Hidden name="idem" value=key />
                <Card title=title count=capped(count) flush=true>
                    <Table caption=title columns=columns framed=false>{rows}</Table>
                </Card>
                {more}
            </form>
        }
        .into_any(),
    )
}

fn row(visit: &Visit, when: &'static str, mail: MailRow) -> AnyView {
    let subject = match mail.notices {
        0 => "What it told is gone".to_owned(),
        1 => mail.title,
        many => format!("{}, and {} more", mail.title, many - 1),
    };
    let reason = match mail.failure {
        Some(reason) => reason.into_any(),
        None => view! { <Absent /> }.into_any(),
    };
    let asked = time_view(mail.created, visit);
    let then = time_view(mail.ended.unwrap_or(mail.next_at), visit);
    let again = mail
        .ended
        .map(|_| view! { <Button label="Try again" name="again" value=mail.id.to_string() /> });
    let href = format!("{}/{}", routes::PEOPLE, mail.identity);
    view! {
        <tr>
            <NameCell column="Person" name=mail.name detail=mail.address.unwrap_or_default() href=href />
            <Cell column="Subject" wrap=true>{subject}</Cell>
            <Cell column="Reason" wrap=true>{reason}</Cell>
            <Cell column="Asked for">{asked}</Cell>
            <Cell column=when>{then}</Cell>
            <ActionCell>{again}</ActionCell>
        </tr>
    }
    .into_any()
}
