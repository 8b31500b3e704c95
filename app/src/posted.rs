//! A form as it was sent, and what goes back into it when something is wrong.

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use domain::field::FieldErrors;
use domain::time::Instant;
use http::StatusCode;

use crate::ui::Problem;

/// The fields of a form in their order.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Posted(Vec<(String, String)>);

/// Shows names only: values may be passwords.
impl std::fmt::Debug for Posted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries(self.0.iter().map(|(name, _)| name))
            .finish()
    }
}

impl Posted {
    /// A form filled in by the server.
    pub fn filled<'a>(values: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        Self(
            values
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value))
                .collect(),
        )
    }

    /// A form from pairs that were read elsewhere, such as a query.
    pub fn filled_owned(values: Vec<(String, String)>) -> Self {
        Self(values)
    }

    /// The value of a field; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// The value of a field as its own text.
    pub fn text(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// All values of a field.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// The version a form was opened at. One that cannot be read is older than everything.
    pub fn version(&self) -> Instant {
        Instant::from_micros(self.get("version").parse().unwrap_or(0))
    }

    /// The key under which the form is carried out once.
    pub fn once(&self) -> &str {
        let key = self.get("idem");
        if key.len() <= 100 { key } else { "" }
    }
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        let body = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let fields = serde_urlencoded::from_bytes(&body);
        fields.map(Self).map_err(|_| {
            (
                StatusCode::BAD_REQUEST,
                "This form could not be read. Go back and send it again.",
            )
                .into_response()
        })
    }
}

/// Problems for the summary of a form.
pub fn problems(errors: &FieldErrors) -> Vec<Problem> {
    errors
        .iter()
        .map(|e| Problem {
            field: e.field.to_owned(),
            message: e.message.clone(),
        })
        .collect()
}

/// The title of a form's error summary.
pub fn summary(errors: &FieldErrors) -> String {
    match errors.iter().count() {
        1 => "One thing needs your attention".to_owned(),
        n => format!("{n} things need your attention"),
    }
}

/// The message at a field; empty when it is fine.
pub fn error(errors: &FieldErrors, field: &str) -> String {
    errors.of(field).unwrap_or_default().to_owned()
}
