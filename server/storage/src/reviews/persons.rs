//! Campaigns about one person only, and where the items about a person are in every campaign.

use crate::boxed;
use domain::id::{CampaignId, IdentityId, ReviewId};
use domain::time::Instant;

use super::items::{Row as ItemRow, columns as item_columns};
use super::population::row_id;
use super::{ReviewItem, campaigns, into_review};
use crate::Result;

use crate::bulk::Rows;
use crate::column::At;
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::identities::moved;
use crate::many::{Cell, Table};
use domain::review::{Campaign, Review};

/// The items about a person in a campaign, whether reviewed or left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub person: IdentityId,
    /// The number of the first item.
    pub first: u64,
    /// The number of the last one.
    pub last: u64,
}

impl ReadTx {
    /// The campaigns about one person only, the newest first.
    #[boxed]
    pub async fn campaigns_of_person(
        &mut self,
        person: IdentityId,
        most: i64,
    ) -> Result<Vec<Campaign>> {
        let text = concat!(
            "SELECT ",
            document!("m"),
            " FROM campaign_of_person o JOIN campaign m ON m.id = o.campaign_id AND m.recorded_to IS NULL \
             WHERE o.person_id = $1 ORDER BY o.campaign_id DESC LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(person.raw()).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(campaigns::into_campaign).collect()
    }

    /// People who moved after a moment, up to another, and whom a review of those who move has not dealt with since: neither by
    /// a campaign of theirs, nor by finding them out of its scope; nor did somebody ask for such a campaign. In the order of ids.
    /// What was not known before and is now is no move.
    #[boxed]
    pub async fn movers_to_review(
        &mut self,
        review: ReviewId,
        after: Instant,
        until: Instant,
        most: i64,
    ) -> Result<Vec<IdentityId>> {
        let text = concat!(
            "SELECT DISTINCT o.id FROM identity o JOIN identity p ON p.id = o.id AND p.recorded_to IS NULL AND p.status <> 'ended' WHERE ",
            moved!(),
            " AND NOT EXISTS (SELECT 1 FROM campaign_of_person c WHERE c.person_id = o.id AND c.review_id IN (0, $4) \
             AND (c.begun >= o.recorded_to OR EXISTS (SELECT 1 FROM campaign m WHERE m.id = c.campaign_id AND m.recorded_to IS NULL \
             AND m.state IN ('launching', 'open')))) \
             AND NOT EXISTS (SELECT 1 FROM review_not_mover n WHERE n.review_id = $4 AND n.person_id = o.id AND n.seen >= o.recorded_to) \
             ORDER BY o.id LIMIT $3"
        );
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text)
            .bind(At(after))
            .bind(At(until))
            .bind(most)
            .bind(review.raw())
            .fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// The versions of a review that were its present ones at some time from a moment on, the newest first.
    #[boxed]
    pub async fn review_versions(&mut self, id: ReviewId, from: Instant) -> Result<Vec<Review>> {
        let text = concat!(
            "SELECT ",
            document!("v"),
            " FROM review v WHERE v.id = $1 AND (v.recorded_to IS NULL OR v.recorded_to > $2) ORDER BY v.recorded_from DESC"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).bind(At(from)).fetch_all(c).await)?;
        rows.into_iter().map(into_review).collect()
    }

    /// The campaigns in which something is about a person, the newest first, and where in them.
    #[boxed]
    pub async fn holder_in(
        &mut self,
        person: IdentityId,
        most: i64,
    ) -> Result<Vec<(CampaignId, Holder)>> {
        let text = "SELECT campaign_id, first_item, last_item FROM review_holder WHERE person_id = $1 \
                    ORDER BY campaign_id DESC LIMIT $2";
        let rows: Vec<(i64, i64, i64)> =
            on!(self, c => sqlx::query_as(text).bind(person.raw()).bind(most).fetch_all(c).await)?;
        let number = |n: i64| u64::try_from(n).unwrap_or(0);
        let holder = |(campaign, first, last)| {
            let place = Holder {
                person,
                first: number(first),
                last: number(last),
            };
            (CampaignId::from_raw(campaign), place)
        };
        Ok(rows.into_iter().map(holder).collect())
    }

    /// The items about a person in a campaign, in their order.
    #[boxed]
    pub async fn review_items_about(
        &mut self,
        campaign: CampaignId,
        holder: Holder,
        most: i64,
    ) -> Result<Vec<ReviewItem>> {
        let text = concat!(
            "SELECT ",
            item_columns!(),
            " FROM review_item i WHERE i.id >= $1 AND i.id <= $2 AND i.holder_id = $3 ORDER BY i.id LIMIT $4"
        );
        let rows: Vec<ItemRow> = on!(self, c => sqlx::query_as(text)
            .bind(row_id(campaign, holder.first))
            .bind(row_id(campaign, holder.last))
            .bind(holder.person.raw())
            .bind(most)
            .fetch_all(c).await)?;
        rows.into_iter().map(ItemRow::into_item).collect()
    }
}

impl WriteTx {
    /// A campaign is about one person only, and begins now: by a review of those who move, or because somebody asked for it.
    #[boxed]
    pub async fn put_campaign_of_person(
        &mut self,
        person: IdentityId,
        campaign: CampaignId,
        review: Option<ReviewId>,
    ) -> Result<()> {
        let text = "INSERT INTO campaign_of_person (person_id, campaign_id, begun, review_id) VALUES ($1, $2, $3, $4)";
        let begun = At(self.recorded);
        on!(self, c => sqlx::query(text)
            .bind(person.raw())
            .bind(campaign.raw())
            .bind(begun)
            .bind(review.map_or(0, ReviewId::raw))
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Some people who moved are not in the scope of a review of those who move, as they are now.
    #[boxed]
    pub async fn put_not_movers(&mut self, review: ReviewId, people: &[IdentityId]) -> Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        let rows = Rows::of(people, |cells, one| cells.number(one.raw()));
        let text = of_rows!(
            self,
            "INSERT INTO review_not_mover (review_id, seen, person_id) SELECT $2, $3, ",
            [number 0],
            " ON CONFLICT (review_id, person_id) DO UPDATE SET seen = excluded.seen"
        );
        let seen = At(self.recorded);
        on!(self, c => sqlx::query(text).bind(&rows).bind(review.raw()).bind(seen).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Where the items about some people are.
    pub(super) async fn put_holders(
        &mut self,
        campaign: CampaignId,
        holders: &[Holder],
    ) -> Result<()> {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let rows = holders.iter().map(|one| {
            [
                Cell::Number(campaign.raw()),
                Cell::Number(one.person.raw()),
                Cell::Number(number(one.first)),
                Cell::Number(number(one.last)),
            ]
        });
        HOLDER.add(&mut self.conn, rows).await
    }
}

const HOLDER: Table<4> = Table {
    name: "review_holder",
    columns: ["campaign_id", "person_id", "first_item", "last_item"],
};
