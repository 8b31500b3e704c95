//! Some of the people of many groups in one statement.

use crate::boxed;
use domain::id::IdentityId;

use crate::Result;
use crate::bulk::Rows;
use crate::engine::ReadTx;

/// The people of a group, as far as they are there.
macro_rules! group {
    ($p:literal) => {
        concat!(
            $p,
            ".department = asked.department AND ",
            $p,
            ".title = asked.title AND ",
            $p,
            ".recorded_to IS NULL AND ",
            $p,
            ".status IN ('active', 'on_leave')"
        )
    };
}

impl ReadTx {
    /// People of groups of the same department and title who are there, with the place of their group: of each group so
    /// many as `most` says, those with the lowest ids. In no order.
    #[boxed]
    pub async fn peers_of_groups(
        &mut self,
        groups: &[(String, String)],
        most: i64,
    ) -> Result<Vec<(usize, IdentityId)>> {
        let text = of_rows!(
            self,
            "WITH asked (place, department, title) AS (SELECT ",
            [number 0, text 1, text 2],
            concat!(
                ") SELECT asked.place, p.id FROM asked CROSS JOIN identity p WHERE ", group!("p"),
                " AND p.id <= COALESCE((SELECT q.id FROM identity q WHERE ", group!("q"),
                " ORDER BY q.id LIMIT 1 OFFSET $2), 9223372036854775807)"
            )
        );
        let rows = Rows::of(
            groups.iter().zip(0..),
            |cells, ((department, title), place)| {
                cells.number(place);
                cells.text(department);
                cells.text(title);
            },
        );
        let last = (most - 1).max(0);
        let found: Vec<(i64, i64)> =
            on!(self, c => sqlx::query_as(text).bind(&rows).bind(last).fetch_all(c).await)?;
        let found = found.into_iter();
        Ok(found
            .map(|(place, id)| {
                (
                    usize::try_from(place).unwrap_or(0),
                    IdentityId::from_raw(id),
                )
            })
            .collect())
    }
}
