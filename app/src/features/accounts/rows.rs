//! Rows of accounts, the same in all three lists: whose, where, in use or not, and who says so.

use domain::account::AccountStatus;
use domain::identity::IdentityStatus;
use domain::time::Date;
use leptos::prelude::*;
use service::access::{AccountRow, AccountsPage};

use crate::access::person_href;
use crate::features::holders::last_used;
use crate::features::jobs::{FileOf, export_button};
use crate::format::capped;
use crate::listing::{Listing, Params, token};
use crate::routes;
use crate::ui::{Button, Card, Cell, Column, Empty, EmptyKind, Icon, NameCell, Pill, Table, Tone};
use crate::visit::Visit;

/// Which list the rows stand in; what all of them share is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// All.
    All,
    /// Of one person.
    Person,
    /// In one application.
    Application,
}

/// A list with its search, its table and its pager. `export` is which file the list on the page of an object becomes; that
/// of everybody is offered above it.
pub(super) fn view(
    visit: &Visit,
    list: List,
    base: &str,
    export: Option<FileOf<'_>>,
    params: &Params,
    found: AccountsPage,
) -> AnyView {
    let mut tokens = vec![
        token("status", "Whether it can be used", &["enabled", "disabled"]),
        token("used", "Last use, as in used<2026-08-01", &["none"]),
    ];
    if list != List::Person {
        tokens.push(token("person", "Username, id, me or none", &["none", "me"]));
    }
    if list != List::Application {
        tokens.push(token("application", "Technical name or id", &[]));
    }
    let listing = Listing {
        base,
        params,
        label: "Search accounts",
        placeholder: "Account, or person:none",
        tokens,
        facets: Some(found.facets),
        unknown: found.unknown,
        words,
    };
    let top = listing.top();
    if found.page.rows.is_empty() {
        let empty = empty(list, &listing);
        return view! { {top} {empty} }.into_any();
    }
    let total = found.page.total;
    let count = capped(total);
    let pager = listing.pager(&found.page);
    let columns = columns(list, &listing);
    let today = visit.now.day(&visit.zone());
    let rows = found
        .page
        .rows
        .into_iter()
        .map(|found| row(visit, list, today, found))
        .collect_view();
    let Some(file) = export else {
        return view! { {top} <Table caption="Accounts" columns=columns footer=pager>{rows}</Table> }
            .into_any();
    };
    let actions = export_button(params, file, &format!("{base}.csv"), total);
    view! {
        {top}
        <Card title="Accounts" count=count actions=actions flush=true>
            <Table caption="Accounts" columns=columns framed=false footer=pager>{rows}</Table>
        </Card>
    }
    .into_any()
}

/// What a token's key and a value of it are called.
fn words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "status" => "Status",
        "person" => "Person",
        "application" => "Application",
        "used" => "Last used",
        other => other,
    };
    let label = match key {
        "status" => AccountStatus::from_word(value).map(AccountStatus::label),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

fn columns(list: List, listing: &Listing<'_>) -> Vec<Column> {
    let mut columns = vec![listing.sorted("Account", "name", list != List::Application)];
    if list != List::Application {
        columns.push(Column::new("Application"));
    }
    if list != List::Person {
        columns.push(Column::new("Person"));
    }
    columns.extend([
        Column::new("Status"),
        Column::new("Last used"),
        Column::new("Source"),
    ]);
    columns
}

fn row(visit: &Visit, list: List, today: Date, row: AccountRow) -> AnyView {
    let (application, name) = row.application;
    let application = (list != List::Application).then(|| {
        view! { <Cell column="Application"><a href=format!("{}/{application}", routes::APPLICATIONS)>{name}</a></Cell> }
    });
    let person = (list != List::Person).then(|| {
        let person = match row.person {
            None => view! { <Pill text="Belongs to nobody" tone=Tone::Warn /> }.into_any(),
            Some((id, name)) => match person_href(visit, id) {
                href if href.is_empty() => name.into_any(),
                href => view! { <a href=href>{name}</a> }.into_any(),
            },
        };
        view! { <Cell column="Person">{person}</Cell> }
    });
    let status = match row.status {
        AccountStatus::Enabled => view! { <Pill text="Enabled" tone=Tone::Good /> },
        AccountStatus::Disabled => view! { <Pill text="Disabled" /> },
    };
    let used = last_used(row.last_used, today);
    let source = row.source.1;
    let detail = if row.implied { "Known from access" } else { "" };
    view! {
        <tr>
            <NameCell column="Account" name=row.name detail=detail icon=Icon::IdCard />
            {application}
            {person}
            <Cell column="Status">{status}</Cell>
            <Cell column="Last used">{used}</Cell>
            <Cell column="Source">{source}</Cell>
        </tr>
    }
    .into_any()
}

/// Where a person is in their life, where it matters that they still have something.
pub(in crate::features) fn status_of_person(status: IdentityStatus) -> AnyView {
    let tone = match status {
        IdentityStatus::Active => Tone::Good,
        IdentityStatus::OnLeave => Tone::Plain,
        IdentityStatus::Suspended => Tone::Warn,
        IdentityStatus::Ended => Tone::Bad,
    };
    view! { <Pill text=status.label() tone=tone /> }.into_any()
}

fn empty(list: List, listing: &Listing<'_>) -> AnyView {
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="No account matches" text="No account fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    let (title, text) = match list {
        List::All => (
            "No accounts yet",
            "Logins in the applications belong here. They come with the files accounts.csv and access.csv of a source.",
        ),
        List::Person => (
            "No source knows an account of this person",
            "Their logins in the applications belong here, as soon as a source tells of them.",
        ),
        List::Application => (
            "No source knows an account in this application",
            "Logins in it belong here, as soon as a source tells of them; those that belong to nobody come first.",
        ),
    };
    view! { <Empty kind=EmptyKind::Nothing icon=Icon::IdCard title=title text=text /> }.into_any()
}
