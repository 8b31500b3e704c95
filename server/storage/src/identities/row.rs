//! A row of the table `identity`.

use std::collections::BTreeMap;

use domain::id::IdentityId;
use domain::identity::{Identity, IdentityContent, IdentityKind, IdentityStatus};
use sqlx::types::Json;

use crate::column::{At, Day};
use crate::{Error, Result};

macro_rules! columns {
    () => {
        "p.id, p.recorded_from, p.salt, p.external_id, p.username, p.display_name, p.email, p.department, p.title, \
         p.location, p.manager_id, p.kind, p.status, p.start_date, p.end_date, p.attributes"
    };
}
pub(crate) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) recorded_from: At,
    pub(crate) salt: Vec<u8>,
    external_id: String,
    username: String,
    display_name: String,
    email: String,
    department: String,
    title: String,
    location: String,
    manager_id: Option<i64>,
    kind: String,
    status: String,
    start_date: Option<Day>,
    end_date: Option<Day>,
    attributes: Json<BTreeMap<String, String>>,
}

impl Row {
    pub(crate) fn into_identity(self) -> Result<Identity> {
        let damaged = |what: &str| {
            Error::damaged(format!(
                "identity {}: {what}",
                IdentityId::from_raw(self.id)
            ))
        };
        Ok(Identity {
            id: IdentityId::from_raw(self.id),
            recorded_from: self.recorded_from.0,
            content: IdentityContent {
                kind: IdentityKind::from_word(&self.kind).ok_or_else(|| damaged("unknown kind"))?,
                status: IdentityStatus::from_word(&self.status)
                    .ok_or_else(|| damaged("unknown status"))?,
                external_id: self.external_id,
                username: self.username,
                display_name: self.display_name,
                email: self.email,
                department: self.department,
                title: self.title,
                location: self.location,
                manager: self.manager_id.map(IdentityId::from_raw),
                start_date: self.start_date.map(|day| day.0),
                end_date: self.end_date.map(|day| day.0),
                attributes: self.attributes.0,
            },
        })
    }
}
