//! The cart: what I am about to ask for, for how long and why, and sending it. It lies on the server.

use axum::extract::State;
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use leptos::prelude::*;
use maud::{Markup, html};
use service::Error;
use service::requests::{self, CartEntry, CartGroup, CartItem};

use super::rows::href;
use super::words::way;
use crate::format::number;
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{
    Button, ButtonKind, Empty, EmptyKind, Form, FormActions, Hidden, Icon, PageHeader, Slot,
    TextArea,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    show(&app, &visit, &Posted::default(), &FieldErrors::new()).await
}

pub(super) async fn change(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    match changed(&app, &visit, &posted).await {
        Ok(response) => response,
        Err(Error::Invalid(errors)) => show(&app, &visit, &posted, &errors).await,
        Err(error) => app.refuse(&visit, error),
    }
}

async fn changed(app: &App, visit: &Visit, posted: &Posted) -> Result<Response, Error> {
    let me = super::me(visit)?;
    let person = super::person(posted.get("for"))?;
    let added = posted.get("add");
    if !added.is_empty() {
        let what = super::what(added)?;
        requests::put_in_cart(&app.service, &visit.cx(), person, &[what]).await?;
        let back = posted.get("back");
        // Only to where the button was: never to another site.
        let known = back.starts_with(routes::CATALOGUE) && !back.contains('\\');
        return Ok(done(if known { back } else { routes::CART }, "in-cart"));
    }
    let person = person.unwrap_or(me);
    let removed = posted.get("remove");
    if !removed.is_empty() {
        // What was typed into the other lines is kept as far as it can be.
        let _ = requests::keep_cart(&app.service, &visit.cx(), person, &entries(posted)).await;
        let what = super::what(removed)?;
        requests::take_from_cart(&app.service, &visit.cx(), person, what).await?;
        return Ok(done(routes::CART, "out-of-cart"));
    }
    requests::keep_cart(&app.service, &visit.cx(), person, &entries(posted)).await?;
    if !posted.ticked("send") {
        return Ok(done(routes::CART, "cart-kept"));
    }
    let cx = visit.cx_once(posted.once());
    let reason = posted.get(&format!("{}reason", prefix(posted.get("for"))));
    match requests::submit_cart(&app.service, &cx, person, reason).await {
        Ok(id) => Ok(done(&format!("{}/{id}", routes::REQUESTS), "asked")),
        Err(Error::AlreadyDone(id)) => Ok(done(&format!("{}/{id}", routes::REQUESTS), "already")),
        Err(error) => Err(error),
    }
}

/// The fields of one person's form, so that ids on the page differ.
fn prefix(person: &str) -> String {
    format!("{person}-")
}

/// The lines as they were sent.
fn entries(posted: &Posted) -> Vec<CartEntry> {
    let prefix = prefix(posted.get("for"));
    let whats = posted.all("what");
    let entry = |(at, what): (usize, String)| CartEntry {
        days: posted.text(&format!("{prefix}days-{at}")),
        reason: posted.text(&format!("{prefix}reason-{at}")),
        what,
    };
    whats.into_iter().enumerate().map(entry).collect()
}

async fn show(app: &App, visit: &Visit, posted: &Posted, errors: &FieldErrors) -> Response {
    let groups = match requests::cart(&app.service, &visit.cx()).await {
        Ok(groups) => groups,
        Err(error) => return app.refuse(visit, error),
    };
    let page = Page::new("Cart · Request access", routes::CATALOGUE).called("Cart");
    let page = page
        .under(&[("Request access", routes::CATALOGUE)])
        .after(errors);
    app.page(visit, page, || {
        let none = FieldErrors::new();
        let forms = groups.iter().map(|group| {
            let mine = posted.get("for") == group.person.id.to_string();
            let key = if mine && !posted.once().is_empty() { posted.once().to_owned() } else { app.form_key() };
            let sheet = Sheet { posted: mine.then_some(posted), errors: if mine { errors } else { &none }, key };
            sheet.show(group, groups.len() > 1)
        });
        let forms = forms.collect_view();
        let empty = groups.is_empty().then(|| view! {
            <Empty kind=EmptyKind::Nothing icon=Icon::ShoppingCart title="Your cart is empty" text="What you add in the catalogue waits here until you send it. It is there on every machine you use, for 90 days.">
                <Button label="Look for access" href=routes::CATALOGUE icon=Icon::Search />
            </Empty>
        });
        let actions = Slot::from(view! { <Button label="Add more" href=routes::CATALOGUE icon=Icon::Plus /> });
        let detail = if groups.is_empty() { "" } else { "Say for how long and why, then send it to those who decide." };
        view! {
            <PageHeader title="Cart" detail=detail actions=actions />
            {empty}
            {forms}
        }
        .into_any()
    })
}

/// One person's form, as it is or as it came back.
struct Sheet<'a> {
    posted: Option<&'a Posted>,
    errors: &'a FieldErrors,
    key: String,
}

impl Sheet<'_> {
    fn show(&self, group: &CartGroup, several: bool) -> AnyView {
        let id = group.person.id;
        let prefix = prefix(&id.to_string());
        let title = if group.oneself {
            "For me".to_owned()
        } else {
            format!("For {}", group.person.name)
        };
        let count = group.items.len();
        let mut problems = problems(self.errors);
        for problem in &mut problems {
            problem.field = match problem.field.as_str() {
                "reason" => format!("{prefix}reason"),
                _ => self
                    .at_line(group, &problem.message)
                    .map(|at| format!("{prefix}days-{at}"))
                    .unwrap_or_default(),
            };
        }
        let lines = group
            .items
            .iter()
            .enumerate()
            .map(|(at, item)| self.line(id, &prefix, (at, item), group.oneself));
        let lines = leaf(html! { ul.cart { @for line in lines { (line) } } });
        let reason_name = format!("{prefix}reason");
        let reason = self
            .posted
            .map(|posted| posted.text(&reason_name))
            .unwrap_or_default();
        let send = if count == 1 {
            "Send the request".to_owned()
        } else {
            format!("Send {} in one request", number(count as u64))
        };
        let heading = if several || !group.oneself {
            title
        } else {
            "What you ask for".to_owned()
        };
        let why = error(self.errors, "reason");
        let why = view! { <TextArea name=reason_name label="Reason for all" value=reason error=why required=true maxlength=500 rows=2 hint="Whoever decides reads this. A line with a reason of its own keeps it." /> };
        let (key, summed) = (self.key.clone(), summary(self.errors));
        view! {
            <div class="cart-form">
                <Form idem=key problems=problems summary=summed>
                    <Hidden name="for" value=id.to_string() />
                    <section class="card">
                        <header class="card-head">
                            <h2>{heading}</h2>
                            <span class="card-count">{number(count as u64)}</span>
                        </header>
                        {lines}
                        <div class="cart-why">
                            {why}
                        </div>
                    </section>
                    <FormActions>
                        <Button label=send name="send" value="yes" kind=ButtonKind::Primary />
                        <Button label="Keep for later" name="keep" value="yes" />
                    </FormActions>
                </Form>
            </div>
        }
        .into_any()
    }

    /// The line that a message names.
    fn at_line(&self, group: &CartGroup, message: &str) -> Option<usize> {
        let by_name = |item: &CartItem| !item.name.is_empty() && message.contains(&item.name);
        let typed = |at: usize| {
            self.posted
                .map(|posted| posted.text(&format!("{}-days-{at}", group.person.id)))
        };
        let quoted = |at: usize| {
            typed(at).is_some_and(|typed| {
                !typed.is_empty() && message.contains(&format!("“{}”", typed.trim()))
            })
        };
        let named = group.items.iter().position(by_name);
        named.or_else(|| (0..group.items.len()).find(|at| quoted(*at)))
    }

    fn line(
        &self,
        person: IdentityId,
        prefix: &str,
        (at, item): (usize, &CartItem),
        oneself: bool,
    ) -> Markup {
        let (days, reason) = (format!("{prefix}days-{at}"), format!("{prefix}reason-{at}"));
        let kept = |name: &str, own: String| self.posted.map_or(own, |posted| posted.text(name));
        let own_days = item
            .line
            .days
            .map(|days| days.to_string())
            .unwrap_or_default();
        let (typed_days, typed_reason) = (
            kept(&days, own_days),
            kept(&reason, item.line.reason.clone()),
        );
        let most = item.offered.as_ref().and_then(|one| one.longest_days);
        let wrong: Vec<&str> = self
            .errors
            .iter()
            .map(|one| one.message.as_str())
            .filter(|message| {
                message.contains(&item.name)
                    || (!typed_days.is_empty()
                        && message.contains(&format!("“{}”", typed_days.trim())))
            })
            .collect();
        let mut said: Vec<String> = wrong.iter().map(|text| (*text).to_owned()).collect();
        if said.is_empty() {
            said.extend(item.problem.clone());
        }
        let bad = !said.is_empty();
        let hint = most.map_or_else(
            || "empty: no end".to_owned(),
            |most| format!("at most {most}"),
        );
        html! {
            li.cart-line data-invalid[bad] {
                input type="hidden" name="what" value=(item.line.what.object());
                div.cart-words {
                    h3 dir="auto" {
                        @if let Some(one) = &item.offered { a href=(href(one, (!oneself).then_some(person))) { (item.name) } } @else { (item.name) }
                    }
                    @if let Some(one) = &item.offered {
                        p.offer-facts {
                            @if let Some((_, application)) = &one.application { span { bdi { (application) } } }
                            span { (way(one)) }
                        }
                    }
                    @for text in &said { p.error id=(format!("f-{days}-error")) { (Icon::CircleAlert.markup()) span { (text) } } }
                }
                div.cart-days {
                    label for=(format!("f-{days}")) { "Days" span.unseen { " of " (item.name) } }
                    input.input type="number" min="1" max=(most.unwrap_or(3_660)) inputmode="numeric" id=(format!("f-{days}")) name=(days) value=(typed_days)
                        aria-invalid=[bad.then_some("true")] aria-describedby=(format!("f-{days}-hint"));
                    p.hint id=(format!("f-{days}-hint")) { (hint) }
                }
                div.cart-reason {
                    label for=(format!("f-{reason}")) { "Own reason" span.unseen { " for " (item.name) } span.optional { "optional" } }
                    input.input type="text" maxlength="500" id=(format!("f-{reason}")) name=(reason) value=(typed_reason) dir="auto";
                }
                button.btn.cart-remove type="submit" data-kind="plain" data-shape="square" name="remove" value=(item.line.what.object()) aria-label=(format!("Remove {}", item.name)) title="Remove" {
                    (Icon::Trash2.markup())
                }
            }
        }
    }
}
