//! The evidence pack of a campaign: asking for it, how far it is, downloading it, and how to check it.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::job::JobState;
use frontend::api::JobNow;
use frontend::copy::CopyButton;
use http::{HeaderValue, header};
use leptos::prelude::*;
use service::reviews::evidence::{self, KeptPack, Packs};
use service::reviews::{self, SignOff};

use super::about;
use crate::features::jobs;
use crate::format::{bytes, time_view};
use crate::page::done;
use crate::posted::Posted;
use crate::refuse::json_refusal;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Empty, EmptyKind, Fact, Facts, Form, FormActions, Icon, Id,
    PageHeader, Stack, Tone,
};
use crate::visit::Visit;

/// Seconds between two looks of a page without scripts.
const REFRESH: u32 = 5;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    match read(&app, &visit, &id).await {
        Ok((packs, signed)) => {
            let title = format!("Evidence pack · {}", packs.campaign.content.name);
            let page = about(&packs.campaign, title, "Evidence pack")
                .text()
                .refresh(packs.is_making().then_some(REFRESH));
            let key = app.form_key();
            app.page(&visit, page, || content(&visit, &packs, &signed, key))
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn read(app: &App, visit: &Visit, id: &str) -> service::Result<(Packs, SignOff)> {
    let id = super::id(id)?;
    let packs = evidence::packs(&app.service, &visit.cx(), id).await?;
    let signed = reviews::sign_off(&app.service, &visit.cx(), id).await?;
    Ok((packs, signed))
}

/// Asks for the pack; while one is being made, that one is meant.
pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let asked = match super::id(&id) {
        Ok(id) => evidence::export(&app.service, &visit.cx_once(posted.once()), id)
            .await
            .map(|_| id),
        Err(error) => Err(error),
    };
    match asked {
        Ok(id) => done(&below(routes::REVIEWS, id, "evidence"), "evidence-asked"),
        Err(error) => app.refuse(&visit, error),
    }
}

/// The file, piece by piece.
pub(super) async fn file(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let found = match super::id(&id) {
        Ok(id) => evidence::fetch(&app.service, &visit.cx(), id).await,
        Err(error) => Err(error),
    };
    let pack = match found {
        Ok(pack) => pack,
        Err(error) => return app.refuse(&visit, error),
    };
    // The name is made of letters, digits, dashes and a dot.
    let name = format!("attachment; filename=\"{}\"", pack.file.name);
    (
        [
            (header::CONTENT_TYPE, "application/zip".to_owned()),
            (header::CONTENT_LENGTH, pack.file.bytes.to_string()),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        jobs::pieces(app.service, pack.job),
    )
        .into_response()
}

/// What the page asks each second while a pack is being made.
pub(super) async fn api(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let found = match super::id(&id) {
        Ok(id) => evidence::packs(&app.service, &visit.cx(), id).await,
        Err(error) => Err(error),
    };
    let mut response = match found {
        Ok(packs) => {
            // What is no longer being made is done; the page is loaded anew and shows it.
            let now = packs.making.as_ref().map_or_else(
                || JobNow {
                    state: JobState::Done.word().to_owned(),
                    label: JobState::Done.label().to_owned(),
                    over: true,
                    ..JobNow::default()
                },
                jobs::now,
            );
            Json(now).into_response()
        }
        Err(error) => json_refusal(&error),
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn content(visit: &Visit, packs: &Packs, signed: &SignOff, key: String) -> AnyView {
    let name = packs.campaign.content.name.clone();
    let detail = format!("{name}: one file that proves the whole campaign, offline and for years");
    if let Some(why) = packs.hindrance {
        return view! {
            <PageHeader title="Evidence pack" detail=detail />
            <Empty kind=EmptyKind::Nothing title="There is no evidence" text=why>""</Empty>
        }
        .into_any();
    }
    let kept = packs
        .kept
        .as_ref()
        .map(|kept| kept_card(visit, packs, kept));
    let making = making(packs);
    let ask = (!packs.is_making()).then(|| ask_card(packs, key));
    let signed = sign_card(visit, signed);
    let check = check_card(packs);
    view! {
        <PageHeader title="Evidence pack" detail=detail />
        <Stack>
            {making}
            {kept}
            {ask}
            {signed}
            {check}
        </Stack>
    }
    .into_any()
}

/// How far the one is that is being made, or why there is none.
fn making(packs: &Packs) -> Option<AnyView> {
    let view = packs.making.as_ref()?;
    let failure = view.job.failure.clone().map(|why| {
        let (title, tone) = match view.job.state {
            JobState::Failed => ("The evidence pack could not be made", Tone::Bad),
            _ => ("The last attempt failed; it is tried again", Tone::Warn),
        };
        view! { <Banner tone=tone title=title>{why}</Banner> }
    });
    let job = packs.sees_job.then(|| {
        view! { <Button label="The job" href=routes::job(view.job.id) icon=Icon::Activity /> }
    });
    let bar = packs.is_making().then(|| {
        let endpoint = format!("/api/reviews/{}/evidence", packs.campaign.id);
        let bar = jobs::progress_at(view, endpoint);
        view! { <Card title="It is being made" actions=view! { {job} }>{bar}</Card> }
    });
    Some(view! { {failure} {bar} }.into_any())
}

fn kept_card(visit: &Visit, packs: &Packs, kept: &KeptPack) -> AnyView {
    let href = below(routes::REVIEWS, packs.campaign.id, "evidence/file");
    let made = time_view(kept.made, visit);
    let expires = time_view(kept.file.expires, visit);
    let by = kept
        .by
        .clone()
        .map(|by| view! { <Fact term="Asked for by">{by}</Fact> });
    let size = bytes(kept.file.bytes);
    let hash = kept.sha256.clone();
    let outdated = kept.outdated.then(|| {
        view! {
            <Banner tone=Tone::Warn title="Something happened since">
                "What was decided, signed or verified after it was made is not in it. Make it again to have that, too."
            </Banner>
        }
    });
    let copy = view! { <CopyButton value=hash.clone() label="Copy the SHA-256">{Icon::Copy.view()}</CopyButton> };
    view! {
        {outdated}
        <Card title="The evidence pack">
            <Facts>
                <Fact term="Made">{made}</Fact>
                {by}
                <Fact term="Size">{size}</Fact>
                <Fact term="SHA-256"><Id value=hash>{copy}</Id></Fact>
                <Fact term="Kept until">{expires}</Fact>
            </Facts>
            <FormActions>
                <Button label="Download" href=href icon=Icon::Download kind=ButtonKind::Primary download=true />
                <Button label="Verify a pack" href=routes::EVIDENCE_VERIFY icon=Icon::ShieldCheck />
            </FormActions>
            <p class="hint">"Every download is in the audit log."</p>
        </Card>
    }
    .into_any()
}

fn ask_card(packs: &Packs, key: String) -> AnyView {
    let (title, label, kind) = if packs.kept.is_some() {
        ("Make it again", "Make it again", ButtonKind::Default)
    } else {
        (
            "Make the evidence pack",
            "Make the evidence pack",
            ButtonKind::Primary,
        )
    };
    view! {
        <Card title=title>
            <Form idem=key guard=false>
                <p>
                    "Everything about the campaign is compared with the audit log first; nothing is made of a database that was \
                     changed behind its back. The file is kept for a week."
                </p>
                <FormActions>
                    <Button label=label icon=Icon::Archive kind=kind />
                </FormActions>
            </Form>
        </Card>
    }
    .into_any()
}

fn sign_card(visit: &Visit, signed: &SignOff) -> AnyView {
    let content = &signed.campaign.content;
    if let Some(by) = &signed.signed_by {
        let said = format!("{by} signed it off:");
        let statement = content.sign_off.clone();
        return view! {
            <Card title="Sign-off">
                <p>{said}</p>
                <blockquote class="said" dir="auto">{statement}</blockquote>
            </Card>
        }
        .into_any();
    }
    let href = below(routes::REVIEWS, signed.campaign.id, "sign-off");
    let act = signed
        .may_sign
        .then(|| view! { <FormActions><Button label="Sign off…" href=href icon=Icon::Check /></FormActions> });
    let owner = signed.owner.clone();
    let text = match content.ended {
        Some(at) => {
            let at = time_view(at, visit);
            view! { <p>"It ended " {at} " and " <span dir="auto">{owner}</span> " has not signed it off. A pack that is made now says so."</p> }.into_any()
        }
        None => {
            view! { <p>"When it is closed, " <span dir="auto">{owner}</span> " signs it off."</p> }
                .into_any()
        }
    };
    view! { <Card title="Sign-off">{text} {act}</Card> }.into_any()
}

fn check_card(packs: &Packs) -> AnyView {
    let command = format!("bailiwick evidence verify FILE --key {}", packs.key);
    let copy = view! { <CopyButton value=command.clone() label="Copy the command">{Icon::Copy.view()}</CopyButton> };
    view! {
        <Card title="What is in it, and how it is checked">
            <ul class="contents">
                <li>"A report that prints well, and tables of items and decisions to open in a spreadsheet."</li>
                <li>"Whose access was in scope, what was left out and why, who decided and why they, every decision with the facts that they saw, what became of it, and the sign-off."</li>
                <li>"The proof: each line is bound by an entry of the audit log, the entries by a signed checkpoint. One changed byte is found and named."</li>
            </ul>
            <p>"Whoever has the file checks it without this console and without its database:"</p>
            <p class="command"><code>{command}</code> {copy}</p>
        </Card>
    }
    .into_any()
}
