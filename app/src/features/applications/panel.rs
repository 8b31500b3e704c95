//! An application beside the list of applications.

use leptos::prelude::*;
use service::applications::ApplicationDetail;
use service::audit::WithLatest;
use service::entitlements::EntitlementsPage;

use super::detail::overview;
use super::words::status;
use crate::listing::Peek;
use crate::routes;
use crate::ui::{Icon, IconTile, Panel};
use crate::visit::Visit;

/// Entitlements shown here; the page has more, and their list has all.
const SHOWN: usize = 5;

/// The panel of an application: what its page begins with.
pub(super) fn panel(
    visit: &Visit,
    peek: &Peek<'_>,
    opened: &WithLatest<ApplicationDetail>,
    mut found: EntitlementsPage,
) -> AnyView {
    let detail = &opened.object;
    found.page.rows.truncate(SHOWN);
    let content = &detail.application.content;
    let overview = overview(visit, opened, found);
    view! {
        <Panel
            title=content.display_name.clone()
            detail=content.name.clone()
            lead=view! { <IconTile icon=Icon::AppWindow large=true /> }
            status=status(content.status, content.built_in)
            open=format!("{}/{}", routes::APPLICATIONS, detail.application.id)
            close=peek.close()
            previous=peek.previous()
            next=peek.next()
        >
            {overview}
        </Panel>
    }
    .into_any()
}
