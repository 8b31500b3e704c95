//! Links for auditors from outside: the list, making one, calling one back.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::AuditorLinkId;
use domain::review::CampaignState;
use frontend::copy::CopyButton;
use leptos::prelude::*;
use service::Error;
use service::reviews::inspect::{self, LinkRow, Links, MadeLink};

use crate::features::reviews::about;
use crate::format::{exact, number, time_view};
use crate::page::done;
use crate::posted::{Posted, error, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Absent, Banner, Button, ButtonKind, Card, Cell, Choice, Column, Empty, EmptyKind, FieldRow,
    Form, FormActions, Hidden, Icon, NameCell, PageHeader, Pill, Select, Stack, Table, TextField,
    Tone,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    show(&app, &visit, &id, (&posted, &FieldErrors::new()), None).await
}

/// Makes a link and shows it, this once.
pub(super) async fn make(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let known = match super::super::id(&id) {
        Ok(known) => known,
        Err(error) => return app.refuse(&visit, error),
    };
    let whom = (posted.get("auditor"), posted.get("purpose"));
    let what = (posted.get("days"), posted.get("sample"));
    let cx = visit.cx_once(posted.once());
    match inspect::make_link(&app.service, &cx, known, whom, what).await {
        Ok(link) => {
            let fresh = Posted::filled([("idem", app.form_key())]);
            show(
                &app,
                &visit,
                &id,
                (&fresh, &FieldErrors::new()),
                Some(&link),
            )
            .await
        }
        // It was made by the first press and cannot be shown again.
        Err(Error::AlreadyDone(_)) => done(&below(routes::REVIEWS, known, "auditors"), "link-made"),
        Err(Error::Invalid(errors)) => show(&app, &visit, &id, (&posted, &errors), None).await,
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn revoke(
    State(app): State<App>,
    visit: Visit,
    Path((id, link)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let (known, link) = match (super::super::id(&id), link.parse::<AuditorLinkId>()) {
        (Ok(known), Ok(link)) => (known, link),
        (Err(error), _) => return app.refuse(&visit, error),
        (_, Err(_)) => return app.refuse(&visit, Error::NotFound),
    };
    let cx = visit.cx_once(posted.once());
    match inspect::revoke_link(&app.service, &cx, known, link).await {
        Ok(()) | Err(Error::AlreadyDone(_)) => {
            done(&below(routes::REVIEWS, known, "auditors"), "link-revoked")
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    id: &str,
    said: (&Posted, &FieldErrors),
    made: Option<&MadeLink>,
) -> Response {
    let found = match super::super::id(id) {
        Ok(id) => inspect::links(&app.service, &visit.cx(), id).await,
        Err(error) => Err(error),
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(visit, error),
    };
    let title = format!("Auditor links · {}", found.campaign.content.name);
    let page = about(&found.campaign, title, "Auditor links").after(said.1);
    let key = app.form_key();
    app.page(visit, page, || content(visit, &found, said, (made, &key)))
}

fn content(
    visit: &Visit,
    found: &Links,
    said: (&Posted, &FieldErrors),
    (made, key): (Option<&MadeLink>, &str),
) -> AnyView {
    let made = made.map(|link| banner(visit, link));
    let starts = found.campaign.content.state == CampaignState::Launching;
    let form = found.may_share.then(|| {
        if starts {
            view! { <Banner title="The campaign is still starting">"Make links when it has begun."</Banner> }.into_any()
        } else {
            form(found, said)
        }
    });
    let list = list(visit, found, key);
    let detail = "With a link, an auditor from outside reads this campaign without an account: nothing else, nothing to change, and every view is in the audit log.";
    view! {
        <PageHeader title="Auditor links" detail=detail />
        <Stack>
            {made}
            {form}
            {list}
        </Stack>
    }
    .into_any()
}

fn banner(visit: &Visit, link: &MadeLink) -> AnyView {
    let copy = view! { <CopyButton value=link.url.clone() label="Copy link">{Icon::Copy.view()}</CopyButton> };
    let url = link.url.clone();
    let text = format!(
        "Send it to {} in a way that only they read. It works until {}, and can be called back below.",
        link.auditor,
        exact(link.expires, &visit.zone())
    );
    view! {
        <Banner tone=Tone::Warn title="Copy this link now: it is shown only once">
            <p class="id-line"><code class="id secret-link">{url}</code> {copy}</p>
            <p>{text}</p>
        </Banner>
    }
    .into_any()
}

fn form(found: &Links, (posted, errors): (&Posted, &FieldErrors)) -> AnyView {
    let (problems, summary) = (problems(errors), summary(errors));
    let value = |name: &str| (posted.text(name), error(errors, name));
    let ((auditor, a), (purpose, b)) = (value("auditor"), value("purpose"));
    let ((days, c), (sample, d)) = (value("days"), value("sample"));
    let days = if days.is_empty() {
        "30".to_owned()
    } else {
        days
    };
    let options = std::iter::once(Choice::new("", "The whole campaign"))
        .chain(found.samples.iter().map(|one| {
            let value = format!("{}-{}", one.seed, one.size);
            let label = format!("Only the sample of {} with seed {}", one.size, one.seed);
            Choice::new(value, label)
        }))
        .collect::<Vec<_>>();
    let idem = posted.once().to_owned();
    view! {
        <Card title="Make a link">
            <Form idem=idem problems=problems summary=summary>
                <FieldRow>
                    <TextField name="auditor" label="For whom" value=auditor error=a required=true maxlength=200 hint="Name and firm of the auditor." />
                    <TextField name="purpose" label="What for" value=purpose error=b required=true maxlength=500 hint="Such as: SOX 404, fiscal year 2026." />
                </FieldRow>
                <FieldRow>
                    <Select name="sample" label="What it opens" value=sample options=options error=d />
                    <TextField name="days" label="Days" value=days error=c required=true hint="At most 90." />
                </FieldRow>
                <FormActions>
                    <Button label="Make the link" icon=Icon::Link kind=ButtonKind::Primary />
                </FormActions>
            </Form>
        </Card>
    }
    .into_any()
}

fn list(visit: &Visit, found: &Links, key: &str) -> AnyView {
    if found.rows.is_empty() {
        return view! {
            <Empty kind=EmptyKind::Nothing title="No link was made" text="Whoever answers for the review, or an administrator, makes links for auditors who have no account here.">""</Empty>
        }
        .into_any();
    }
    let columns = vec![
        Column::new("For whom"),
        Column::new("What it opens"),
        Column::new("State"),
        Column::new("Made"),
        Column::new("Until"),
        Column::new("Views").numeric(),
        Column::new("Last view"),
        Column::new("Actions").hidden(),
    ];
    let rows = found
        .rows
        .iter()
        .map(|one| row(visit, found, one, key))
        .collect_view();
    view! { <Table caption="Links, the newest first" columns=columns>{rows}</Table> }.into_any()
}

fn row(visit: &Visit, found: &Links, one: &LinkRow, key: &str) -> AnyView {
    let link = &one.link;
    let (state, tone) = match (one.works, link.revoked) {
        (true, _) => ("Works", Tone::Good),
        (false, Some(_)) => ("Called back", Tone::Plain),
        (false, None) => ("Over", Tone::Plain),
    };
    let opens = link.sample.map_or_else(
        || "The whole campaign".to_owned(),
        |(seed, size)| format!("Sample of {size}, seed {seed}"),
    );
    let (made, until) = (
        time_view(link.created, visit),
        time_view(link.expires, visit),
    );
    let last = link.last_view.map_or_else(
        || view! { <Absent /> }.into_any(),
        |at| time_view(at, visit),
    );
    let act = (found.may_share && one.works).then(|| {
        let action = below(
            routes::REVIEWS,
            found.campaign.id,
            &format!("auditors/{}/revoke", link.id),
        );
        let idem = format!("{key}-{}", link.id);
        let which = format!("the link for {}", link.auditor);
        view! {
            <form method="post" action=action>
                <Hidden name="idem" value=idem />
                <Button label="Call back" about=which icon=Icon::Ban kind=ButtonKind::Plain />
            </form>
        }
    });
    let by = one.by.clone().map(|by| format!(" by {by}"));
    let views = number(link.views);
    view! {
        <tr>
            <NameCell column="For whom" name=link.auditor.clone() detail=link.purpose.clone() icon=Icon::Link />
            <Cell column="What it opens">{opens}</Cell>
            <Cell column="State"><Pill text=state tone=tone /></Cell>
            <Cell column="Made">{made} {by}</Cell>
            <Cell column="Until">{until}</Cell>
            <Cell column="Views" numeric=true>{views}</Cell>
            <Cell column="Last view">{last}</Cell>
            <Cell column="Actions">{act}</Cell>
        </tr>
    }
    .into_any()
}
