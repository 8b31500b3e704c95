//! An entitlement beside the list of entitlements.

use leptos::prelude::*;
use service::audit::WithLatest;
use service::entitlements::EntitlementDetail;

use super::detail::{detail_line, overview};
use crate::access::status_pill;
use crate::listing::Peek;
use crate::routes;
use crate::ui::{Icon, IconTile, Panel};
use crate::visit::Visit;

/// The panel of an entitlement: what its page begins with.
pub(super) fn panel(
    visit: &Visit,
    peek: &Peek<'_>,
    opened: &WithLatest<EntitlementDetail>,
) -> AnyView {
    let detail = &opened.object;
    let content = &detail.entitlement.content;
    let overview = overview(visit, opened);
    view! {
        <Panel
            title=content.display_name.clone()
            detail=detail_line(detail)
            lead=view! { <IconTile icon=Icon::KeyRound large=true /> }
            status=status_pill(content.status)
            open=format!("{}/{}", routes::ENTITLEMENTS, detail.entitlement.id)
            close=peek.close()
            previous=peek.previous()
            next=peek.next()
        >
            {overview}
        </Panel>
    }
    .into_any()
}
