//! The list of jobs, its facets, and what its tokens mean.

use crate::boxed;
use domain::id::{IdentityId, JobId};
use domain::job::{Job, JobKind, JobState};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;

use super::row::{Row, columns};
use crate::Result;
use crate::engine::ReadTx;
use crate::list::{Arg, Conditions, Placed, Shape, SortColumn};

const SHAPE: Shape = Shape {
    columns: concat!(
        columns!(),
        ", (SELECT m.display_name FROM identity m WHERE m.id = j.created_by AND m.recorded_to IS NULL) AS asked_by"
    ),
    from: "job j",
    id: "j.id",
    sorts: &[SortColumn {
        name: "created",
        sql: "j.id",
    }],
    newest_first: true,
    by_words: None,
};

/// Keys of the list's tokens.
pub const TOKENS: &[&str] = &["state", "kind", "by"];

/// A job in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRow {
    /// The job.
    pub job: Job,
    /// The name of who asked for it.
    pub asked_by: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct Named {
    #[sqlx(flatten)]
    job: Row,
    asked_by: Option<String>,
}

impl Placed for Named {
    fn place(&self, _: &str) -> (Arg, i64) {
        (Arg::Int(self.job.id), self.job.id)
    }
}

impl ReadTx {
    /// A page of the jobs that `visibility` shows, the newest first.
    #[boxed]
    pub async fn jobs(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        query: &ListQuery,
    ) -> Result<Page<JobRow>> {
        let conditions = conditions(visibility, me, &query.search);
        let page: Page<Named> = self.page(&SHAPE, &conditions, query).await?;
        let row = |row: Named| {
            Ok(JobRow {
                job: row.job.into_job()?,
                asked_by: row.asked_by,
            })
        };
        Ok(Page {
            rows: page.rows.into_iter().map(row).collect::<Result<_>>()?,
            before: page.before,
            after: page.after,
            total: page.total,
        })
    }

    /// Values to narrow the list by, with their counts.
    #[boxed]
    pub async fn job_facets(
        &mut self,
        visibility: Visibility,
        me: Option<IdentityId>,
        search: &Search,
    ) -> Result<Vec<Facet>> {
        let conditions = conditions(visibility, me, search);
        Ok(vec![
            self.facet(&SHAPE, &conditions, "state", "j.state", 6)
                .await?,
            self.facet(&SHAPE, &conditions, "kind", "j.kind", 8).await?,
        ])
    }
}

fn conditions(visibility: Visibility, me: Option<IdentityId>, search: &Search) -> Conditions {
    let mut all = Conditions::new("j.id > 0");
    match visibility {
        Visibility::All => {}
        Visibility::Nothing => all.never(),
        Visibility::Related(id) => all.compare("j.created_by", Comparison::Is, Arg::Int(id.raw())),
    }
    for word in search.words() {
        word_or_id(&mut all, word);
    }
    all.tokens(search, |all, key, comparison, value| {
        match (key, comparison) {
            // Whatever is not over, in one word.
            ("state", Comparison::Is) if value == "open" => {
                all.and("j.state IN ('queued', 'running', 'paused')");
                true
            }
            ("state", Comparison::Is) if JobState::from_word(value).is_some() => {
                all.compare("j.state", comparison, Arg::Text(value.to_owned()));
                true
            }
            ("kind", Comparison::Is) if JobKind::from_word(value).is_some() => {
                all.compare("j.kind", comparison, Arg::Text(value.to_owned()));
                true
            }
            ("by", Comparison::Is) => {
                by(all, me, value);
                true
            }
            _ => false,
        }
    });
    all
}

/// A bare word finds a pasted id, or who asked for a job.
fn word_or_id(all: &mut Conditions, word: &str) {
    if let Ok(id) = word.parse::<JobId>() {
        all.compare("j.id", Comparison::Is, Arg::Int(id.raw()));
        return;
    }
    let prefix = text::prefix(word);
    let (from, to) = (
        all.bind(Arg::Text(prefix.clone())),
        all.bind(Arg::Text(format!("{prefix}\u{10FFFF}"))),
    );
    all.and(&format!(
        "j.created_by IN (SELECT w.id FROM identity_word w WHERE w.word >= {from} AND w.word < {to})"
    ));
}

/// `by:me`, `by:none`, `by:kim`, `by:idn_…`.
fn by(all: &mut Conditions, me: Option<IdentityId>, value: &str) {
    match value {
        "none" => all.and("j.created_by IS NULL"),
        "me" => all.compare(
            "j.created_by",
            Comparison::Is,
            Arg::Int(me.map_or(0, IdentityId::raw)),
        ),
        value => {
            if let Ok(id) = value.parse::<IdentityId>() {
                all.compare("j.created_by", Comparison::Is, Arg::Int(id.raw()));
            } else {
                let key = all.bind(Arg::Text(text::key(value)));
                all.and(&format!("j.created_by IN (SELECT m.id FROM identity m WHERE m.recorded_to IS NULL AND m.username_key = {key})"));
            }
        }
    }
}
