//! What went wrong in the service, as a page: words, what to do, a request id, a way on. Never internals.

use axum::response::{IntoResponse, Response};
use domain::id::ObjectRef;
use domain::permission::Denied;
use frontend::copy::CopyButton;
use http::{HeaderValue, Method, StatusCode, header};
use leptos::prelude::*;
use service::Error;

use crate::format;
use crate::navigation;
use crate::page::{Page, done, see_other};
use crate::routes;
use crate::state::App;
use crate::ui::{Button, ErrorBody, Icon};
use crate::visit::Visit;

/// The words of an error page.
struct Words {
    status: StatusCode,
    title: String,
    text: String,
}

impl App {
    /// The answer to a request that the service refused.
    pub fn refuse(&self, visit: &Visit, error: Error) -> Response {
        let words = match error {
            Error::Denied { denied: Denied::SignIn, .. } => return sign_in(visit),
            Error::AlreadyDone(object) => return already(visit, &object),
            Error::NotFound => not_found(),
            Error::Denied { denied, action, .. } => forbidden(&denied, action.label()),
            Error::Conflict => Words {
                status: StatusCode::CONFLICT,
                title: "Somebody else was faster".to_owned(),
                text: "This was changed since you opened it, and nothing of yours was saved. Open it again to see how it is now.".to_owned(),
            },
            Error::State(state) => Words {
                status: StatusCode::CONFLICT,
                title: "This cannot be done now".to_owned(),
                text: format!("Because {state}. Somebody may have changed it meanwhile; open it again to see how it is now."),
            },
            Error::Refused(text) => Words { status: StatusCode::CONFLICT, title: "This cannot be done".to_owned(), text },
            Error::Invalid(errors) => Words {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                title: "Something in this form is not right".to_owned(),
                text: errors.to_string(),
            },
            Error::TooMany { most } => Words {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                title: "Too many rows for one file".to_owned(),
                text: format!("A file may have {} rows. Narrow the list with a filter and export again.", format::number(most)),
            },
            Error::Throttled { until } => {
                let words = Words {
                    status: StatusCode::TOO_MANY_REQUESTS,
                    title: "Too many attempts".to_owned(),
                    text: format!("Wait until {} and try again.", format::exact(until, &visit.zone())),
                };
                let mut response = self.error_page(visit, words);
                let seconds = until.since(visit.now).max(0) / domain::time::SECOND + 1;
                if let Ok(value) = HeaderValue::from_str(&seconds.to_string()) {
                    response.headers_mut().insert(header::RETRY_AFTER, value);
                }
                return response;
            }
            Error::Busy => Words {
                status: StatusCode::SERVICE_UNAVAILABLE,
                title: "Very busy just now".to_owned(),
                text: "Too many people are signing in at this moment. Nothing was lost; try again in a few seconds.".to_owned(),
            },
            Error::WrongPassword => forbidden(&Denied::Hidden, "Sign in"),
            error @ (Error::Storage(_) | Error::Internal(_)) => {
                tracing::error!(%error, request = visit.origin.request, "a request failed");
                broken()
            }
        };
        self.error_page(visit, words)
    }

    /// The page for a path that leads nowhere.
    pub fn nothing_here(&self, visit: &Visit) -> Response {
        self.error_page(visit, not_found())
    }

    /// The page for a request that panicked or ran too long.
    pub fn broken(&self, visit: &Visit) -> Response {
        self.error_page(visit, broken())
    }

    /// The page for a status that no handler answered with words.
    pub fn plain_status(&self, visit: &Visit, status: StatusCode) -> Response {
        let (title, text) = match status {
            StatusCode::METHOD_NOT_ALLOWED => (
                "This cannot be done here",
                "The address exists, but not for this kind of request. Go back and use the page's own buttons.",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => (
                "This is too large",
                "What was sent is larger than this page takes. Shorten it and send it again.",
            ),
            StatusCode::FORBIDDEN => (
                "This came from another site",
                "The request did not come from a page of this console, so nothing was done. Open the page here and try again.",
            ),
            StatusCode::REQUEST_TIMEOUT | StatusCode::SERVICE_UNAVAILABLE => (
                "Very busy just now",
                "The answer took too long and was given up. Nothing was half done; try again in a few seconds.",
            ),
            status if status.is_server_error() => return self.broken(visit),
            _ => (
                "This could not be read",
                "What was sent is not what this page expects. Go back and send it again.",
            ),
        };
        self.error_page(
            visit,
            Words {
                status,
                title: title.to_owned(),
                text: text.to_owned(),
            },
        )
    }

    fn error_page(&self, visit: &Visit, words: Words) -> Response {
        let Words {
            status,
            title,
            text,
        } = words;
        let request = visit.origin.request.clone().unwrap_or_default();
        let page = Page {
            status,
            ..Page::new(title.clone(), "")
        };
        self.page(visit, page, move || {
            let copy = view! { <CopyButton value=request.clone() label="Copy request id">{Icon::Copy.view()}</CopyButton> };
            let home = if visit.user.is_some() { navigation::home(visit) } else { routes::SIGN_IN };
            let home = home.to_owned();
            view! {
                <ErrorBody code=status.as_u16().to_string() title=title text=text request=request copy=copy>
                    <Button label="Go to the first page" href=home icon=Icon::ArrowLeft />
                </ErrorBody>
            }
            .into_any()
        })
    }
}

fn not_found() -> Words {
    Words {
        status: StatusCode::NOT_FOUND,
        title: "Nothing here".to_owned(),
        text: "This address leads nowhere, or to something that is not yours to see. Check it, or search for what you need.".to_owned(),
    }
}

fn broken() -> Words {
    Words {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        title: "This did not work".to_owned(),
        text: "Something failed on our side and nothing was half done. Try again; if it fails again, tell your administrator the request below.".to_owned(),
    }
}

fn forbidden(denied: &Denied, attempted: &str) -> Words {
    let text = match denied {
        Denied::Forbidden { needs } => {
            let rights = needs
                .iter()
                .map(|right| right.label())
                .collect::<Vec<_>>()
                .join(" or ");
            format!(
                "“{attempted}” needs the right {rights}. An administrator of this console can give it to you."
            )
        }
        Denied::Oneself => {
            "Nobody may do this to themselves. Ask another administrator.".to_owned()
        }
        Denied::NotAsked => {
            "Somebody else is asked to do this. The page of the request says who.".to_owned()
        }
        Denied::SignIn | Denied::Hidden => "You may not do this.".to_owned(),
    };
    Words {
        status: StatusCode::FORBIDDEN,
        title: "Not with your rights".to_owned(),
        text,
    }
}

/// To the sign-in page and back again; a form that was posted cannot be carried over.
fn sign_in(visit: &Visit) -> Response {
    if visit.uri == routes::HOME || visit.uri.is_empty() {
        return see_other(routes::SIGN_IN);
    }
    let next = serde_urlencoded::to_string([("next", visit.uri.as_str())]).unwrap_or_default();
    see_other(&format!("{}?{next}", routes::SIGN_IN))
}

/// A form that was carried out before leads where it led then.
fn already(visit: &Visit, object: &str) -> Response {
    let page = object.parse::<ObjectRef>().ok().and_then(routes::object);
    done(
        page.as_deref().unwrap_or(navigation::home(visit)),
        "already",
    )
}

/// Why one of several was not done, in a sentence.
pub fn sentence(visit: &Visit, error: &Error) -> String {
    match error {
        Error::Storage(_) | Error::Internal(_) => {
            tracing::error!(%error, request = visit.origin.request, "one of several acts failed");
            "It failed on our side; try it again.".to_owned()
        }
        Error::Conflict => "Somebody else changed it meanwhile; try it again.".to_owned(),
        error => {
            let text = error.to_string();
            let mut letters = text.chars();
            let first: String = letters
                .next()
                .map(|c| c.to_uppercase().collect())
                .unwrap_or_default();
            let end = if text.ends_with('.') { "" } else { "." };
            format!("{first}{}{end}", letters.as_str())
        }
    }
}

/// A short answer for a JSON endpoint of the islands.
pub fn json_refusal(error: &Error) -> Response {
    let status = match error {
        Error::Denied {
            denied: Denied::SignIn,
            ..
        } => StatusCode::UNAUTHORIZED,
        Error::Denied { .. } => StatusCode::FORBIDDEN,
        Error::NotFound => StatusCode::NOT_FOUND,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    status.into_response()
}

/// Whether a method only looks.
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}
