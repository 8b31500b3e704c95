//! A role beside the list of roles.

use leptos::prelude::*;
use service::audit::WithLatest;
use service::roles::RoleDetail;

use super::detail::{detail_line, overview};
use crate::access::status_pill;
use crate::listing::Peek;
use crate::routes;
use crate::ui::{Icon, IconTile, Panel};
use crate::visit::Visit;

/// The panel of a role: what its page begins with.
pub(super) fn panel(visit: &Visit, peek: &Peek<'_>, opened: &WithLatest<RoleDetail>) -> AnyView {
    let detail = &opened.object;
    let content = &detail.role.content;
    let overview = overview(visit, opened);
    view! {
        <Panel
            title=content.display_name.clone()
            detail=detail_line(detail)
            lead=view! { <IconTile icon=Icon::Layers large=true /> }
            status=status_pill(content.status)
            open=format!("{}/{}", routes::ROLES, detail.role.id)
            close=peek.close()
            previous=peek.previous()
            next=peek.next()
        >
            {overview}
        </Panel>
    }
    .into_any()
}
