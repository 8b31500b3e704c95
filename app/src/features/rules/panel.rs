//! A rule beside the list of rules.

use leptos::prelude::*;
use service::audit::WithLatest;
use service::rules::RuleDetail;

use super::detail::{Tab, detail_line, overview};
use super::words::state_pill;
use crate::listing::Peek;
use crate::ui::{Icon, IconTile, Panel};
use crate::visit::Visit;

/// The panel of a rule: what its page begins with.
pub(super) fn panel(visit: &Visit, peek: &Peek<'_>, opened: &WithLatest<RuleDetail>) -> AnyView {
    let detail = &opened.object;
    let content = &detail.rule.content;
    let overview = overview(visit, opened);
    view! {
        <Panel
            title=content.name.clone()
            detail=detail_line(detail)
            lead=view! { <IconTile icon=Icon::ListChecks large=true /> }
            status=state_pill(content.state)
            open=Tab::Overview.path(detail.rule.id)
            close=peek.close()
            previous=peek.previous()
            next=peek.next()
        >
            {overview}
        </Panel>
    }
    .into_any()
}
