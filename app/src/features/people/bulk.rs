//! One act on many people: those that are ticked, or all that match a search. A preview first, then how each ended.
//!
//! All that match are agreed on as a set: the preview shows how many, and when others match by then, nothing is done.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::page::ListQuery;
use domain::permission::Action;
use domain::search::Search;
use http::StatusCode;
use leptos::prelude::*;
use service::people::{self, Act, IdentityRow, MOST_AT_ONCE, Matching, Move, Person};
use service::{Cx, Did, Error};

use super::moves::{effect, fields};
use super::words::status_pill;
use crate::format::number;
use crate::page::{Page, done};
use crate::posted::Posted;
use crate::refuse::sentence;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, Card, Cell, Column, Confirm, Empty, EmptyKind, Hidden, NameCell, PageHeader,
    Pill, Slot, Table, Tone,
};
use crate::visit::Visit;

/// Rows of all that match which the preview shows.
const SAMPLE: usize = 25;

/// Who the act is about.
pub(super) enum Chosen {
    /// Those that were ticked, as far as the visitor may see them.
    Ticked(Vec<(IdentityId, Person)>),
    /// All that match, with the first of them.
    Matching(Matching, Vec<IdentityRow>),
}

impl Chosen {
    /// So many are selected.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Ticked(people) => people.len(),
            Self::Matching(matching, _) => matching.ids.len(),
        }
    }

    fn count(&self) -> usize {
        match self {
            Self::Ticked(people) => people
                .iter()
                .filter(|(_, person)| person.may.contains(&Action::MovePerson))
                .count(),
            Self::Matching(matching, _) => matching.ids.len(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What will happen to whom, before it happens.
pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
) -> Response {
    if let Err(error) = people::may_move_some(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let pairs = serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let posted = Posted::filled_owned(pairs);
    let said = Said::new(app.form_key(), StatusCode::OK);
    preview(&app, &visit, &posted, said).await
}

/// Carries a bulk act out and says how it ended with each; a long one becomes a job.
pub(super) async fn carry_out(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    if let Err(error) = people::may_move_some(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let Some(act) = Act::from_word(posted.get("act")) else {
        return app.nothing_here(&visit);
    };
    let mut errors = FieldErrors::new();
    errors.required("reason", "The reason", posted.get("reason"), 500);
    let last_day = errors.date("last_day", "The last day", posted.get("last_day"));
    let how = Move {
        act,
        reason: posted.text("reason"),
        last_day: last_day.filter(|_| act == Act::End),
    };
    let key = posted.once().to_owned();
    if !errors.is_empty() {
        let mut said = Said::new(key, StatusCode::UNPROCESSABLE_ENTITY);
        said.errors = errors;
        return preview(&app, &visit, &posted, said).await;
    }
    let ids = match chosen(&app, &visit, &posted).await {
        Ok(Chosen::Ticked(people)) => people.into_iter().map(|(id, _)| id).collect(),
        Ok(Chosen::Matching(matching, _)) if matching.mark == posted.get("mark") => matching.ids,
        Ok(Chosen::Matching(..)) => {
            let mut said = Said::new(app.form_key(), StatusCode::CONFLICT);
            said.other_set = true;
            return preview(&app, &visit, &posted, said).await;
        }
        Err(error) => return app.refuse(&visit, error),
    };
    if ids.len() > MOST_AT_ONCE {
        let cx = visit.cx_once(&key);
        return match people::move_many(&app.service, &cx, &how, &ids, &key).await {
            Ok(job) => done(&routes::job(job), "job-asked"),
            Err(error) => app.refuse(&visit, error),
        };
    }
    let mut results = Vec::new();
    for id in ids {
        // One key a person, so that a form sent twice goes on where the first stopped and does nothing twice.
        let cx = visit.cx_once(&format!("{key} {id}"));
        let moved = people::move_one(&app.service, &cx, id, &how).await;
        let result = moved.map_err(|error| sentence(&visit, &error));
        if let Ok(person) = people::read(&app.service, &visit.cx(), id).await {
            results.push((id, person, result));
        }
    }
    show_results(&app, &visit, act, results)
}

/// Who was selected, as far as the visitor may see them.
pub(super) async fn chosen(app: &App, visit: &Visit, posted: &Posted) -> Result<Chosen, Error> {
    let cx = visit.cx();
    if posted.ticked("matching") {
        let search = Search::parse(posted.get("q"));
        let matching = people::matching(&app.service, &cx, &search).await?;
        let query = ListQuery {
            search,
            ..ListQuery::default()
        };
        let mut first = people::list(&app.service, &cx, &query).await?.page.rows;
        first.truncate(SAMPLE);
        return Ok(Chosen::Matching(matching, first));
    }
    Ok(Chosen::Ticked(ticked(app, &cx, posted).await))
}

async fn ticked(app: &App, cx: &Cx, posted: &Posted) -> Vec<(IdentityId, Person)> {
    let mut found = Vec::new();
    let mut ids: Vec<IdentityId> = posted
        .all("id")
        .iter()
        .take(MOST_AT_ONCE)
        .filter_map(|id| id.parse().ok())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    for id in ids {
        if let Ok(person) = people::read(&app.service, cx, id).await {
            found.push((id, person));
        }
    }
    found
}

/// What a preview says besides who and what.
struct Said {
    key: String,
    status: StatusCode,
    errors: FieldErrors,
    /// Others match now than when the form was made.
    other_set: bool,
}

impl Said {
    const fn new(key: String, status: StatusCode) -> Self {
        Self {
            key,
            status,
            errors: FieldErrors::new(),
            other_set: false,
        }
    }
}

async fn preview(app: &App, visit: &Visit, posted: &Posted, said: Said) -> Response {
    let Some(act) = Act::from_word(posted.get("act")) else {
        return app.nothing_here(visit);
    };
    let chosen = match chosen(app, visit, posted).await {
        Ok(chosen) => chosen,
        Err(error) => return app.refuse(visit, error),
    };
    let page = Page::new(format!("{} several people", act.verb()), routes::PEOPLE)
        .under(&[("People", routes::PEOPLE)])
        .status(said.status);
    if chosen.is_empty() {
        let title = format!("{} several people", act.verb());
        return app.page(visit, page, || nobody(&title));
    }
    app.page(visit, page, || asked(visit, posted, act, &chosen, said))
}

/// Nobody was selected.
pub(super) fn nobody(title: &str) -> AnyView {
    view! {
        <PageHeader title=title />
        <Empty kind=EmptyKind::NoMatch title="Nobody is selected" text="Go back to the list and tick the people this is about.">
            <Button label="Back to the list" href=routes::PEOPLE />
        </Empty>
    }
    .into_any()
}

/// Says that others match than when the form was made.
pub(super) fn other_set(posted: &Posted, now: usize) -> AnyView {
    let before = posted.text("count");
    let text = format!(
        "When you looked, {before} matched; now it is {}, or they are others. Nothing was done. Look again and decide.",
        people_count(now)
    );
    view! { <Banner tone=Tone::Warn title="The list has changed since you looked">{text}</Banner> }
        .into_any()
}

fn asked(visit: &Visit, posted: &Posted, act: Act, chosen: &Chosen, said: Said) -> AnyView {
    let count = chosen.count();
    let verb = format!("{} {}", act.verb(), people_count(count));
    let other = said.other_set.then(|| other_set(posted, count));
    let set = set(chosen, posted);
    let fields = fields(act, posted, &said.errors);
    let later = (count > MOST_AT_ONCE).then(|| {
        view! { <p>"It is done in the background, one person after the other; its page says how far it is and who was left out, and why."</p> }
    });
    let table = table(visit, chosen, Action::MovePerson);
    view! {
        {other}
        <Confirm title=format!("{verb}?") verb=verb danger=act == Act::End idem=said.key cancel=routes::PEOPLE>
            <p>{effect(act)}</p>
            {later}
            <Hidden name="act" value=act.word() />
            {set}
            {fields}
        </Confirm>
        {table}
    }
    .into_any()
}

/// Who it is about, as the form carries it.
pub(super) fn set(chosen: &Chosen, posted: &Posted) -> AnyView {
    match chosen {
        Chosen::Ticked(people) => people
            .iter()
            .map(|(id, _)| view! { <Hidden name="id" value=id.to_string() /> })
            .collect_view()
            .into_any(),
        Chosen::Matching(matching, _) => view! {
            <Hidden name="matching" value="1" />
            <Hidden name="q" value=posted.text("q") />
            <Hidden name="count" value=number(matching.ids.len() as u64) />
            <Hidden name="mark" value=matching.mark.clone() />
        }
        .into_any(),
    }
}

/// Those who were selected; whom the visitor may not do this to is said.
pub(super) fn table(visit: &Visit, chosen: &Chosen, action: Action) -> AnyView {
    match chosen {
        Chosen::Ticked(people) => {
            let rows = people.iter().map(|(id, person)| {
                let note = if person.may.contains(&action) {
                    ().into_any()
                } else {
                    view! { <Pill text="Not with your rights" tone=Tone::Warn /> }.into_any()
                };
                row(visit, *id, person, "Note", note)
            });
            let rows = rows.collect_view();
            view! { <Table caption="Selected people" columns=columns(Some("Note"))>{rows}</Table> }
                .into_any()
        }
        Chosen::Matching(matching, first) => {
            let (all, some) = (matching.ids.len(), first.len());
            let count = if all > some {
                format!("the first {some} of {}", number(all as u64))
            } else {
                number(all as u64)
            };
            let rows = first.iter().map(|row| {
                let today = visit.now.day(&visit.zone());
                let status = status_pill(row.status, row.end_date, today);
                view! {
                    <tr>
                        <NameCell column="Person" name=row.display_name.clone() detail=row.username.clone() href=format!("{}/{}", routes::PEOPLE, row.id) />
                        <Cell column="Status">{status}</Cell>
                    </tr>
                }
            });
            let rows = rows.collect_view();
            view! {
                <Card title="Who matches" count=count flush=true>
                    <Table caption="People who match" columns=columns(None) framed=false>{rows}</Table>
                </Card>
            }
            .into_any()
        }
    }
}

/// `1 person`, `12 people`.
pub(super) fn people_count(n: usize) -> String {
    if n == 1 {
        "1 person".to_owned()
    } else {
        format!("{} people", number(n as u64))
    }
}

fn columns(last: Option<&str>) -> Vec<Column> {
    let mut columns = vec![Column::new("Person"), Column::new("Status")];
    columns.extend(last.map(Column::new));
    columns
}

fn row(
    visit: &Visit,
    id: IdentityId,
    person: &Person,
    label: &'static str,
    last: AnyView,
) -> AnyView {
    let content = &person.identity.content;
    let today = visit.now.day(&visit.zone());
    let status = status_pill(content.status, content.end_date, today);
    view! {
        <tr>
            <NameCell column="Person" name=content.display_name.clone() detail=content.username.clone() href=format!("{}/{id}", routes::PEOPLE) />
            <Cell column="Status">{status}</Cell>
            <Cell column=label wrap=true>{last}</Cell>
        </tr>
    }
    .into_any()
}

/// How it ended with one of them.
type Ended = (IdentityId, Person, Result<Did, String>);

fn show_results(app: &App, visit: &Visit, act: Act, results: Vec<Ended>) -> Response {
    let tally = |wanted: Did| results.iter().filter(|(_, _, r)| *r == Ok(wanted)).count();
    let (fine, same) = (tally(Did::Done), tally(Did::Unchanged));
    let failed = results.len() - fine - same;
    let title = format!("{} several people: result", act.verb());
    let page = Page::new(title, routes::PEOPLE).under(&[("People", routes::PEOPLE)]);
    let again = results.iter().filter(|(_, _, result)| result.is_err());
    let again = again.map(|(id, _, _)| ("id", id.to_string()));
    let act_word = std::iter::once(("act", act.word().to_owned()));
    let pairs: Vec<_> = act_word.chain(again).collect();
    let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
    app.page(visit, page, || {
        let retry = (failed > 0).then(|| {
            view! { <Button label="Try the failed ones again" href=format!("{}?{query}", routes::PEOPLE_BULK) /> }
        });
        let actions =
            Slot::from(view! { {retry} <Button label="Back to the list" href=routes::PEOPLE /> });
        let rows = results.into_iter().map(|(id, person, result)| {
            let note = match result {
                Ok(Did::Done) => view! { <Pill text="Done" tone=Tone::Good /> }.into_any(),
                Ok(Did::Unchanged) => {
                    view! { <Pill text="Unchanged" /> " There was nothing to do." }.into_any()
                }
                Err(why) => view! { <Pill text="Not done" tone=Tone::Bad /> " " {why} }.into_any(),
            };
            row(visit, id, &person, "Result", note)
        });
        let rows = rows.collect_view();
        view! {
            <PageHeader title=format!("{} several people", act.verb()) detail=summed(fine, same, failed) actions=actions />
            <Table caption="Results" columns=columns(Some("Result"))>{rows}</Table>
        }
        .into_any()
    })
}

/// `All 3 done.`, or how many were and were not.
pub(in crate::features) fn summed(fine: usize, same: usize, failed: usize) -> String {
    if same == 0 && failed == 0 {
        return format!("All {fine} done.");
    }
    let mut parts = vec![format!("{fine} done")];
    if same > 0 {
        parts.push(format!("{same} unchanged"));
    }
    if failed > 0 {
        parts.push(format!("{failed} not — see why below"));
    }
    format!("{}.", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::summed;

    #[test]
    fn a_result_names_only_what_there_was() {
        assert_eq!(summed(3, 0, 0), "All 3 done.");
        assert_eq!(summed(1, 2, 0), "1 done, 2 unchanged.");
        assert_eq!(summed(1, 0, 2), "1 done, 2 not — see why below.");
    }
}
