//! Verifying an evidence pack: in the browser, where the file stays; without scripts the server verifies what is sent.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::response::Response;
use domain::review::Choice;
use domain::time::Instant;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::reviews::evidence::{Checked, Incoming, LARGEST_PACK, PackError, Verified};

use super::decide::words::decided;
use crate::format::{bytes, exact, number};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, FileDrop, FormActions, Icon, PageHeader, Problem, Stack,
    TextArea, Tone,
};
use crate::visit::Visit;

/// Longest text of keys.
const LONGEST_KEYS: usize = 4_000;

const NO_FILE: &str = "Choose an evidence pack, then press Verify again.";
const BROKEN: &str = "The file did not arrive whole: the connection broke, or the browser sent something else than a form. Send it again.";

/// What came of a file that was sent.
#[derive(Debug)]
enum Answer {
    /// It was looked at; the name of the file with it.
    Checked(String, Checked),
    /// There was nothing to look at, in a sentence.
    Nothing(String),
}

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    if let Err(error) = Incoming::begin(&visit.cx()) {
        return app.refuse(&visit, error);
    }
    let keys = app.service.log_key();
    show(&app, &visit, &keys, None)
}

/// Takes the file of a browser without scripts.
pub(super) async fn receive(
    State(app): State<App>,
    visit: Visit,
    body: Result<Multipart, MultipartRejection>,
) -> Response {
    let incoming = match Incoming::begin(&visit.cx()) {
        Ok(incoming) => incoming,
        Err(error) => return app.refuse(&visit, error),
    };
    let mut keys = String::new();
    let answer = match body {
        Ok(body) => taken(body, incoming, &mut keys).await,
        Err(_) => Ok(Answer::Nothing(BROKEN.to_owned())),
    };
    match answer {
        Ok(answer) => show(&app, &visit, &keys, Some(answer)),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Reads the form: the keys come before the file, so they are known when it is there.
async fn taken(
    mut body: Multipart,
    mut incoming: Incoming,
    keys: &mut String,
) -> Result<Answer, Error> {
    let broken = || Ok(Answer::Nothing(BROKEN.to_owned()));
    loop {
        let mut field = match body.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(Answer::Nothing(NO_FILE.to_owned())),
            Err(_) => return broken(),
        };
        let Some(name) = field.file_name().map(plain_name) else {
            let mut value = Vec::new();
            let wanted = field.name() == Some("keys");
            while let Ok(Some(piece)) = field.chunk().await {
                let room = LONGEST_KEYS.saturating_sub(value.len());
                value.extend(piece.iter().take(room));
            }
            if wanted {
                *keys = String::from_utf8_lossy(&value).into_owned();
            }
            continue;
        };
        if name.is_empty() {
            continue;
        }
        loop {
            match field.chunk().await {
                Ok(Some(piece)) => {
                    if !incoming.push(&piece)? {
                        return Ok(Answer::Nothing(format!(
                            "{name} is larger than {}, which is the most that the server verifies. Open this page with scripts on, or use the command below: both take packs of any size.",
                            bytes(LARGEST_PACK)
                        )));
                    }
                }
                Ok(None) => break,
                Err(_) => return broken(),
            }
        }
        return Ok(Answer::Checked(name, incoming.check(keys).await?));
    }
}

/// The last part of a path, whichever system it comes from.
fn plain_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(200).collect()
}

fn show(app: &App, visit: &Visit, keys: &str, answer: Option<Answer>) -> Response {
    let status = match &answer {
        Some(Answer::Nothing(_) | Answer::Checked(_, Checked::NoKey(_))) => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
        _ => StatusCode::OK,
    };
    let page = Page::new("Verify an evidence pack", routes::EVIDENCE_VERIFY)
        .called("Verify evidence")
        .text()
        .status(status);
    let problems = match &answer {
        Some(Answer::Nothing(sentence)) => vec![Problem {
            field: "pack".to_owned(),
            message: sentence.clone(),
        }],
        Some(Answer::Checked(_, Checked::NoKey(line))) => vec![Problem {
            field: "keys".to_owned(),
            message: no_key(line),
        }],
        _ => Vec::new(),
    };
    let site = (
        app.site.verifier.clone(),
        app.site.verify.to_string(),
        visit.nonce.clone(),
    );
    app.page(visit, page, || {
        let result = answer.and_then(|answer| result(visit, answer));
        let form = form(keys, problems, &site);
        let command = command(keys);
        let script = view! { <script type="module" src=site.1 nonce=site.2></script> };
        view! {
            <PageHeader title="Verify an evidence pack" detail="Every line, every entry of the log, every signature and total of the file is checked." />
            <Stack>
                {form}
                <div id="verified" class="stack" tabindex="-1" role="region" aria-label="Result" aria-live="polite">{result}</div>
                {command}
            </Stack>
            {icons()}
            {script}
        }
        .into_any()
    })
}

fn no_key(line: &str) -> String {
    format!("“{line}” is no verifying key. Copy the whole line as the organisation publishes it.")
}

/// The form. The script takes it over where it runs.
fn form(
    keys: &str,
    problems: Vec<Problem>,
    (verifier, own, _): &(std::sync::Arc<str>, String, String),
) -> AnyView {
    let wrong = |field: &str| {
        let found = problems.iter().find(|one| one.field == field);
        found.map(|one| one.message.clone()).unwrap_or_default()
    };
    let (script, wasm) = (
        format!("/assets/{verifier}.js"),
        format!("/assets/{verifier}.wasm"),
    );
    let (key_wrong, pack_wrong) = (wrong("keys"), wrong("pack"));
    let (keys, own) = (keys.to_owned(), own.clone());
    let largest = bytes(LARGEST_PACK);
    let summary = problems.first().map(|_| {
        let items = problems
            .iter()
            .map(|one| {
                let href = format!("#f-{}", one.field);
                view! { <li><a href=href>{one.message.clone()}</a></li> }
            })
            .collect_view();
        view! {
            <div class="summary" role="alert" tabindex="-1" id="summary" autofocus=true>
                <h2>"Nothing was verified"</h2>
                <ul>{items}</ul>
            </div>
        }
    });
    view! {
        <Card>
            <form method="post" class="form" id="verify" enctype="multipart/form-data" novalidate=true data-script=script data-wasm=wasm data-self=own>
                {summary}
                <TextArea name="keys" label="Public keys of the log" value=keys error=key_wrong rows=2
                    hint="One a line, as the organisation publishes them; this console's own is there already. Without any, the pack's own is taken: that shows that it is whole, not whose it is." />
                <FileDrop name="pack" label="Drop an evidence pack here, or choose it" accept=".zip,application/zip" error=pack_wrong single=true />
                <p class="hint" data-scripts="on" hidden=true>"The file is verified here in your browser and never leaves it."</p>
                <p class="hint" data-scripts="off">{format!("Scripts do not run, so the file is sent to this server, verified, and not kept: at most {largest}.")}</p>
                <FormActions>
                    <Button label="Verify" icon=Icon::ShieldCheck kind=ButtonKind::Primary />
                </FormActions>
            </form>
        </Card>
    }
    .into_any()
}

/// Drawings that the script takes for its messages.
fn icons() -> AnyView {
    view! {
        <div hidden=true>
            <span data-icon="good">{Icon::CircleCheck.view()}</span>
            <span data-icon="warn">{Icon::TriangleAlert.view()}</span>
            <span data-icon="bad">{Icon::CircleAlert.view()}</span>
        </div>
    }
    .into_any()
}

fn command(keys: &str) -> AnyView {
    let key = keys.lines().map(str::trim).find(|line| !line.is_empty());
    let command = match key {
        Some(key) if !key.contains(char::is_whitespace) => {
            format!("bailiwick evidence verify FILE --key {key}")
        }
        _ => "bailiwick evidence verify FILE".to_owned(),
    };
    view! {
        <Card title="Without this console">
            <p>"The same check, offline and without a database:"</p>
            <p class="command"><code>{command}</code></p>
        </Card>
    }
    .into_any()
}

fn result(visit: &Visit, answer: Answer) -> Option<AnyView> {
    match answer {
        Answer::Checked(name, Checked::Holds(verified)) => Some(holds(visit, &name, &verified)),
        Answer::Checked(name, Checked::Refused(error)) => Some(refused(&name, &error)),
        Answer::Checked(_, Checked::NoKey(_)) | Answer::Nothing(_) => None,
    }
}

fn refused(name: &str, error: &PackError) -> AnyView {
    let title = format!("{name} does not hold");
    let text = format!(
        "{error} Nothing in it is proven; get the pack anew from the console that made it."
    );
    view! { <Banner tone=Tone::Bad title=title>{text}</Banner> }.into_any()
}

fn holds(visit: &Visit, name: &str, held: &Verified) -> AnyView {
    let title = format!("{name} holds");
    let warnings = held.warnings.iter().map(|text| {
        let text = text.clone();
        view! { <Banner tone=Tone::Warn title="Before you rely on it">{text}</Banner> }
    });
    let warnings = warnings.collect_view();
    let facts = facts(visit, held)
        .into_iter()
        .map(|(term, text)| view! { <div class="fact"><dt>{term}</dt><dd dir="auto">{text}</dd></div> })
        .collect_view();
    view! {
        <Banner tone=Tone::Good title=title>"Every byte is what was exported, and every line is what the log recorded."</Banner>
        {warnings}
        <dl class="verified">{facts}</dl>
    }
    .into_any()
}

/// The same facts as the script shows.
fn facts(visit: &Visit, held: &Verified) -> Vec<(&'static str, String)> {
    let moment = |micros: Option<i64>| {
        micros.map_or_else(
            || "unknown".to_owned(),
            |micros| exact(Instant::from_micros(micros), &visit.zone()),
        )
    };
    let population = held.population;
    let decisions: Vec<String> = held
        .decisions
        .iter()
        .map(|(word, items)| {
            let known = Choice::from_word(word).map(decided);
            format!("{} {}", number(*items), known.unwrap_or(word))
        })
        .chain([format!("{} without a decision", number(held.undecided))])
        .collect();
    let entries: u64 = held.entries.values().sum();
    let mut all = vec![
        ("Campaign", format!("{} ({})", held.name, held.campaign)),
        (
            "In scope",
            format!(
                "{}: {} to be reviewed, {} left out",
                number(population.included + population.excluded),
                number(population.included),
                number(population.excluded)
            ),
        ),
        ("Decisions", decisions.join(", ")),
        (
            "Proven",
            format!(
                "{} lines of the population, {} records of {} acts, {} entries of the log",
                number(population.lines),
                number(held.records),
                number(held.acts),
                number(entries)
            ),
        ),
        ("Launched", moment(held.launched_at)),
        (
            "Exported",
            format!("{}, by {}", moment(held.exported_at), held.exported_by),
        ),
        (
            "Checkpoint",
            format!(
                "{}, {} entries; sealed at {}",
                held.checkpoint.origin,
                number(held.checkpoint.size),
                number(held.seal.size)
            ),
        ),
    ];
    for key in &held.keys {
        let from = if key.from_pack {
            "known only from the pack itself"
        } else {
            "the key you gave"
        };
        all.push(("Signed with", format!("{} ({from})", key.key)));
    }
    all.push(("SHA-256 of the file", held.sha256.to_string()));
    all
}
