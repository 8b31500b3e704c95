//! One request: who asks, how they like pages, and where they are. Made by the edge before a handler runs.

use axum::extract::FromRequestParts;
use domain::id::IdentityId;
use domain::organisation::Organisation;
use domain::permission::{Actor, Rights};
use domain::time::Instant;
use http::request::Parts;
use jiff::tz::TimeZone;
use service::sessions::SignedIn;
use service::{Cx, Origin};

/// How a person likes pages; kept in a cookie so that the first byte is right.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// `light` or `dark`; empty follows the system.
    pub theme: String,
    /// `compact` or empty.
    pub density: String,
    /// Whether shortcuts of a single key are off.
    pub keys_off: bool,
    /// IANA zone; empty means the organisation's.
    pub zone: String,
}

impl Preferences {
    /// Reads the cookie's text; what it does not know is left out.
    pub fn parse(text: &str) -> Self {
        let mut preferences = Self::default();
        for part in text.split('&') {
            match part.split_once('.') {
                Some(("theme", value @ ("light" | "dark"))) => {
                    value.clone_into(&mut preferences.theme);
                }
                Some(("density", "compact")) => "compact".clone_into(&mut preferences.density),
                Some(("keys", "off")) => preferences.keys_off = true,
                Some(("zone", value)) if TimeZone::get(value).is_ok() => {
                    value.clone_into(&mut preferences.zone);
                }
                _ => {}
            }
        }
        preferences
    }

    /// The cookie's text.
    pub fn to_text(&self) -> String {
        let keys = if self.keys_off { "off" } else { "" };
        [
            ("theme", self.theme.as_str()),
            ("density", &self.density),
            ("keys", keys),
            ("zone", &self.zone),
        ]
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key}.{value}"))
        .collect::<Vec<_>>()
        .join("&")
    }
}

/// One request.
#[derive(Debug, Clone)]
pub struct Visit {
    /// Who is signed in.
    pub user: Option<SignedIn>,
    /// Hash of the session id.
    pub session: Vec<u8>,
    /// From where.
    pub origin: Origin,
    /// The nonce of this page's scripts.
    pub nonce: String,
    /// How pages are liked.
    pub preferences: Preferences,
    /// The one-shot message from the request before.
    pub flash: Option<String>,
    /// The organisation; none before the first run is done.
    pub organisation: Option<Organisation>,
    /// When the request came.
    pub now: Instant,
    /// Path and query.
    pub uri: String,
    /// How many things wait for whoever is signed in, and whether more do than were counted.
    pub waiting: (u64, bool),
}

impl Visit {
    /// The context for the service.
    pub fn cx(&self) -> Cx {
        let actor = self.user.as_ref().map_or(Actor::Anonymous, SignedIn::actor);
        Cx {
            actor,
            origin: self.origin.clone(),
            once: None,
        }
    }

    /// The context for a form that is carried out once.
    pub fn cx_once(&self, key: &str) -> Cx {
        Cx {
            once: Some(key.to_owned()),
            ..self.cx()
        }
    }

    /// Who is signed in.
    pub fn me(&self) -> Option<IdentityId> {
        self.user.as_ref().map(|user| user.id)
    }

    /// Rights in force.
    pub fn rights(&self) -> Rights {
        self.user.as_ref().map_or(Rights::NONE, |user| user.rights)
    }

    /// The zone in which times are shown.
    pub fn zone(&self) -> TimeZone {
        let own = TimeZone::get(&self.preferences.zone)
            .ok()
            .filter(|_| !self.preferences.zone.is_empty());
        own.or_else(|| self.organisation.as_ref().map(Organisation::time_zone))
            .unwrap_or(TimeZone::UTC)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = http::StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // Without the edge's middleware there is no visit; refusing is the only safe answer.
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}

#[cfg(test)]
mod tests {
    use super::Preferences;

    #[test]
    fn preferences_survive_their_cookie_and_nonsense_is_left_out() {
        let liked = Preferences {
            theme: "dark".into(),
            density: "compact".into(),
            keys_off: true,
            zone: "Europe/Lisbon".into(),
        };
        assert_eq!(Preferences::parse(&liked.to_text()), liked);
        assert_eq!(
            Preferences::parse("theme.pink&zone.Nowhere/Land&x&keys.on"),
            Preferences::default()
        );
    }
}
