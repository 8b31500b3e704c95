//! A person beside the list of people.

use leptos::prelude::*;
use service::audit::WithLatest;
use service::people::Person;

use super::detail::{detail_line, overview};
use super::words::status_pill;
use crate::listing::Peek;
use crate::routes;
use crate::ui::{Avatar, Panel};
use crate::visit::Visit;

/// The panel of a person: what their page begins with.
pub(super) fn panel(visit: &Visit, peek: &Peek<'_>, opened: &WithLatest<Person>) -> AnyView {
    let person = &opened.object;
    let content = &person.identity.content;
    let today = visit.now.day(&visit.zone());
    let overview = overview(visit, opened);
    view! {
        <Panel
            title=content.display_name.clone()
            detail=detail_line(person)
            lead=view! { <Avatar name=content.display_name.clone() large=true /> }
            status=status_pill(content.status, content.end_date, today)
            open=format!("{}/{}", routes::PEOPLE, person.identity.id)
            close=peek.close()
            previous=peek.previous()
            next=peek.next()
        >
            {overview}
        </Panel>
    }
    .into_any()
}
