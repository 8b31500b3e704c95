//! Items of requests as a list, the newest first, a page at a time.

use crate::boxed;
use domain::id::{IdentityId, RequestItemId};
use domain::request::{ItemState, RequestItem};

use super::items::into_item;
use crate::Result;
use crate::documents::{Row, document};
use crate::engine::ReadTx;

/// Which items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestFilter {
    /// Asked for by, or for, this person.
    pub involving: Option<IdentityId>,
    /// In this state.
    pub state: Option<ItemState>,
}

/// A row of the list.
pub type RequestRow = RequestItem;

impl ReadTx {
    /// Items older than one, the newest first.
    #[boxed]
    pub async fn request_page(
        &mut self,
        filter: RequestFilter,
        before: Option<RequestItemId>,
        most: i64,
    ) -> Result<Vec<RequestRow>> {
        let before = before.map_or(i64::MAX, RequestItemId::raw);
        let state = filter.state.map(ItemState::word);
        let rows: Vec<Row> = match filter.involving {
            None => match state {
                None => {
                    let text = concat!(
                        "SELECT ",
                        document!("i"),
                        " FROM request_item i WHERE i.recorded_to IS NULL AND i.id < $1 ORDER BY i.id DESC LIMIT $2"
                    );
                    on!(self, c => sqlx::query_as(text).bind(before).bind(most).fetch_all(c).await)?
                }
                Some(state) => {
                    let text = concat!(
                        "SELECT ",
                        document!("i"),
                        " FROM request_item i WHERE i.recorded_to IS NULL AND i.state = $3 AND i.id < $1 ORDER BY i.id DESC LIMIT $2"
                    );
                    on!(self, c => sqlx::query_as(text).bind(before).bind(most).bind(state).fetch_all(c).await)?
                }
            },
            Some(person) => {
                // Two indexes, each read in order; together at most twice a page.
                let text = concat!(
                    "SELECT ",
                    document!("i"),
                    " FROM request_item i WHERE i.recorded_to IS NULL AND i.id IN (\
                     SELECT id FROM (SELECT y.id FROM request_item y WHERE y.requester_id = $3 AND y.recorded_to IS NULL AND y.id < $1 \
                     AND ($4 = '' OR y.state = $4) ORDER BY y.id DESC LIMIT $2) mine UNION \
                     SELECT id FROM (SELECT z.id FROM request_item z WHERE z.beneficiary_id = $3 AND z.recorded_to IS NULL AND z.id < $1 \
                     AND ($4 = '' OR z.state = $4) ORDER BY z.id DESC LIMIT $2) theirs) ORDER BY i.id DESC LIMIT $2"
                );
                let state = state.unwrap_or_default();
                on!(self, c => sqlx::query_as(text).bind(before).bind(most).bind(person.raw()).bind(state).fetch_all(c).await)?
            }
        };
        rows.into_iter().map(into_item).collect()
    }
}
