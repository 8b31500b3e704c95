//! How I like pages. Kept in a cookie of this browser, so that the first byte of the next page is right already.

use axum::extract::State;
use axum::response::Response;
use domain::field::FieldErrors;
use http::{HeaderValue, StatusCode, header};
use jiff::tz::TimeZone;
use leptos::prelude::*;

use super::{head, me};
use crate::page::done;
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Checkbox, Choice, Form, FormActions, FormSection, Radios, Select,
};
use crate::visit::{Preferences, Visit};
use crate::zones;

/// The cookie's name.
const COOKIE: &str = "preferences";
/// The choice that follows the organisation's zone; no zone has this name.
const USUAL: &str = "organisation";
/// A year, in seconds.
const KEPT: u32 = 31_536_000;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    let liked = visit.preferences.clone();
    show(&app, &visit, &liked, &FieldErrors::new(), StatusCode::OK)
}

pub(super) async fn save(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    if let Err(error) = me(&visit) {
        return app.refuse(&visit, error);
    }
    let liked = Preferences {
        theme: posted.text("theme"),
        density: posted.text("density"),
        keys_off: !posted.ticked("keys"),
        zone: if posted.get("zone") == USUAL {
            String::new()
        } else {
            posted.text("zone")
        },
    };
    if !liked.zone.is_empty() && TimeZone::get(&liked.zone).is_err() {
        let errors = FieldErrors::one(
            "zone",
            "This time zone is not known. Choose one from the list.",
        );
        return show(
            &app,
            &visit,
            &liked,
            &errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        );
    }
    // Through the reader of the cookie, so that nothing gets into it that would not be read.
    let liked = Preferences::parse(&liked.to_text());
    let mut response = done(routes::ME_PREFERENCES, "preferences");
    if let Ok(cookie) = HeaderValue::from_str(&cookie(&liked, app.https)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

fn cookie(liked: &Preferences, https: bool) -> String {
    let text = liked.to_text();
    let kept = if text.is_empty() { 0 } else { KEPT };
    let secure = if https { "; Secure" } else { "" };
    format!("{COOKIE}={text}; Path=/; Max-Age={kept}; HttpOnly; SameSite=Lax{secure}")
}

fn show(
    app: &App,
    visit: &Visit,
    liked: &Preferences,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let user = match me(visit) {
        Ok(user) => user,
        Err(error) => return app.refuse(visit, error),
    };
    app.page(
        visit,
        super::page("Preferences").text().status(status),
        || {
            let (look, keys, time) = (look(liked), keys(liked), time(visit, liked, errors));
            view! {
                {head(user, routes::ME_PREFERENCES)}
                <Form problems=problems(errors) summary=summary(errors)>
                    {look}
                    {time}
                    {keys}
                    <FormActions>
                        <Button label="Save preferences" kind=ButtonKind::Primary />
                        <Button label="Cancel" href=routes::ME_ACCOUNT kind=ButtonKind::Plain />
                    </FormActions>
                </Form>
                <p class="hint">"Preferences are kept in this browser only."</p>
            }
            .into_any()
        },
    )
}

fn look(liked: &Preferences) -> AnyView {
    let themes = vec![
        Choice::new("", "System").detail("Light or dark as your device is set."),
        Choice::new("light", "Light"),
        Choice::new("dark", "Dark"),
    ];
    let densities = vec![
        Choice::new("", "Comfortable").detail("Room between the rows."),
        Choice::new("compact", "Compact").detail("More rows on one screen."),
    ];
    let theme = view! { <Radios name="theme" label="Theme" value=liked.theme.clone() options=themes required=true /> };
    let density = view! { <Radios name="density" label="Density" value=liked.density.clone() options=densities required=true /> };
    view! { <FormSection title="Look">{theme} {density}</FormSection> }.into_any()
}

fn time(visit: &Visit, liked: &Preferences, errors: &FieldErrors) -> AnyView {
    let organisation = visit
        .organisation
        .as_ref()
        .map_or("UTC", |organisation| organisation.zone.as_str());
    let usual = Choice::new(
        USUAL,
        format!("The organisation’s: {}", organisation.replace('_', " ")),
    );
    let value = if liked.zone.is_empty() {
        USUAL.to_owned()
    } else {
        liked.zone.clone()
    };
    let zones = std::iter::once(usual)
        .chain(zones::choices(visit.now, &liked.zone))
        .collect();
    let zone = view! {
        <Select
            name="zone"
            label="Time zone"
            value=value
            options=zones
            error=error(errors, "zone")
            required=true
            hint="For reading times. Last days are over at midnight in the organisation’s zone."
        />
    };
    view! { <FormSection title="Time">{zone}</FormSection> }.into_any()
}

fn keys(liked: &Preferences) -> AnyView {
    let keys = view! {
        <Checkbox
            name="keys"
            label="Shortcuts of a single key"
            checked=!liked.keys_off
            hint="Such as / for the search and g p for people. Switch them off when they get in the way of other software."
        />
    };
    view! { <FormSection title="Keyboard">{keys}</FormSection> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::cookie;
    use crate::visit::Preferences;

    #[test]
    fn the_cookie_is_kept_for_a_year_and_forgotten_when_there_is_nothing_in_it() {
        let dark = Preferences {
            theme: "dark".into(),
            zone: "Europe/Lisbon".into(),
            ..Preferences::default()
        };
        assert_eq!(
            cookie(&dark, true),
            "preferences=theme.dark&zone.Europe/Lisbon; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(
            cookie(&Preferences::default(), false).starts_with("preferences=; Path=/; Max-Age=0")
        );
    }
}
