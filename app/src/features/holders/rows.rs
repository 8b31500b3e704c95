//! Rows of observed access, the same in all three lists: whose, to what, since when, last used, and who says so.

use domain::finding::DORMANT_DAYS;
use domain::identity::IdentityStatus;
use domain::permission::ConsoleRight;
use domain::time::Date;
use leptos::prelude::*;
use service::access::{AccessPage, AccessRow};

use crate::access::{level_view, person_href};
use crate::features::accounts::status_of_person;
use crate::features::jobs::{FileOf, export_button};
use crate::format::{capped, day, time_view};
use crate::listing::{Listing, Params, token};
use crate::routes;
use crate::ui::{
    Absent, Button, Card, Cell, Column, Empty, EmptyKind, Icon, NameCell, Pill, Table, Tone,
};
use crate::visit::Visit;

/// Which list the rows stand in; what all of them share is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    /// Of everybody.
    All,
    /// Of one person.
    Person,
    /// Of one entitlement.
    Entitlement,
}

/// A list with its search, its table and its pager. `export` is which file the list on the page of an object becomes; that
/// of everybody is offered above it.
pub(super) fn view(
    visit: &Visit,
    list: List,
    base: &str,
    export: Option<FileOf<'_>>,
    params: &Params,
    found: AccessPage,
) -> AnyView {
    let listing = Listing {
        base,
        params,
        label: match list {
            List::Entitlement => "Search holders",
            List::All | List::Person => "Search access",
        },
        placeholder: "Words of a name, or used<2026-08-01",
        tokens: tokens(list),
        facets: None,
        unknown: found.unknown,
        words,
    };
    let top = listing.top();
    if found.page.rows.is_empty() {
        let empty = empty(list, &listing);
        return view! { {top} {empty} }.into_any();
    }
    let title = match list {
        List::All => "Access",
        List::Person => "What sources see",
        List::Entitlement => "Who holds it",
    };
    let total = found.page.total;
    let count = capped(total);
    let pager = listing.pager(&found.page);
    // Storage sorts the holders by name only while they are few; a head that sorts must do so.
    let few = listing.unfiltered() && found.page.total <= 1_000;
    let columns = columns(list, &listing, few);
    let today = visit.now.day(&visit.zone());
    let rows = found
        .page
        .rows
        .into_iter()
        .map(|found| row(visit, list, today, found))
        .collect_view();
    let Some(file) = export else {
        return view! { {top} <Table caption=title columns=columns footer=pager>{rows}</Table> }
            .into_any();
    };
    let actions = export_button(params, file, &format!("{base}.csv"), total);
    view! {
        {top}
        <Card title=title count=count actions=actions flush=true>
            <Table caption=title columns=columns framed=false footer=pager>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn tokens(list: List) -> Vec<frontend::tokens::TokenKey> {
    let used = token(
        "used",
        "Last use, as in used<2026-08-01 or used:none",
        &["none"],
    );
    let source = token("source", "Name of the source", &[]);
    let application = token("application", "Technical name or id", &[]);
    match list {
        List::All => vec![
            application,
            token("entitlement", "Id of an entitlement", &[]),
            token("person", "Username or id", &[]),
            used,
            source,
        ],
        List::Person => vec![application, used, source],
        List::Entitlement => vec![
            token(
                "status",
                "Where the person is in their life",
                &["active", "on_leave", "suspended", "ended"],
            ),
            used,
            source,
        ],
    }
}

/// What a token's key and a value of it are called.
fn words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "application" => "Application",
        "entitlement" => "Entitlement",
        "person" => "Person",
        "status" => "Status",
        "used" => "Last used",
        "source" => "Source",
        other => other,
    };
    let label = match key {
        "status" => IdentityStatus::from_word(value).map(IdentityStatus::label),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

fn columns(list: List, listing: &Listing<'_>, few: bool) -> Vec<Column> {
    let account = Column::new("Account");
    let source = Column::new("Source");
    match list {
        List::All => vec![
            Column::new("Person"),
            Column::new("Entitlement"),
            Column::new("Application"),
            account,
            Column::new("Since"),
            listing.sorted("Last used", "age", true),
            source,
        ],
        List::Person => vec![
            listing.sorted("Entitlement", "entitlement", false),
            listing.sorted("Application", "application", true),
            Column::new("Risk"),
            account,
            listing.sorted("Since", "since", false),
            listing.sorted("Last used", "used", false),
            source,
        ],
        List::Entitlement if few => vec![
            listing.sorted("Person", "name", true),
            Column::new("Status"),
            account,
            listing.sorted("Since", "since", false),
            listing.sorted("Last used", "used", false),
            source,
        ],
        List::Entitlement => vec![
            Column::new("Person"),
            Column::new("Status"),
            account,
            Column::new("Since"),
            Column::new("Last used"),
            source,
        ],
    }
}

fn row(visit: &Visit, list: List, today: Date, row: AccessRow) -> AnyView {
    let review = (list == List::All)
        .then(|| review_link(visit, today, &row))
        .flatten();
    let access = row.access;
    let person = (list != List::Person).then(|| {
        let href = person_href(visit, access.key.identity);
        view! { <NameCell column="Person" name=row.person detail=row.username href=href /> }
    });
    let status = (list == List::Entitlement).then(|| {
        let status = status_of_person(row.person_status);
        view! { <Cell column="Status">{status}</Cell> }
    });
    let href = format!("{}/{}", routes::ENTITLEMENTS, access.key.entitlement);
    let entitlement = match list {
        List::All => Some(
            view! { <Cell column="Entitlement"><a href=href>{row.entitlement}</a></Cell> }
                .into_any(),
        ),
        List::Person => {
            // The technical name tells two of a name apart.
            let technical = if row.entitlement_name == row.entitlement {
                String::new()
            } else {
                row.entitlement_name
            };
            Some(view! { <NameCell column="Entitlement" name=row.entitlement detail=technical mono=true icon=Icon::KeyRound href=href /> }.into_any())
        }
        List::Entitlement => None,
    };
    let (application, name) = row.application;
    let application = (list != List::Entitlement).then(|| {
        view! { <Cell column="Application"><a href=format!("{}/{application}", routes::APPLICATIONS)>{name}</a></Cell> }
    });
    let risk = (list == List::Person).then(|| {
        let risk = level_view(row.risk);
        view! { <Cell column="Risk">{risk}</Cell> }
    });
    let since = access.granted.map_or_else(
        || {
            let seen = time_view(access.first_seen, visit);
            view! { <span class="soft">"seen " {seen}</span> }.into_any()
        },
        crate::format::day_view,
    );
    let used = last_used(access.last_used, today);
    view! {
        <tr>
            {person}
            {status}
            {entitlement}
            {application}
            {risk}
            <Cell column="Account" mono=true>{row.account}</Cell>
            <Cell column="Since">{since}</Cell>
            <Cell column="Last used">{used} {review}</Cell>
            <Cell column="Source">{row.source}</Cell>
        </tr>
    }
    .into_any()
}

/// What nobody used for a long time asks what else its holder does not need: for who may begin reviews.
fn review_link(visit: &Visit, today: Date, row: &AccessRow) -> Option<AnyView> {
    let used = row.access.last_used?;
    let may = visit
        .rights()
        .has_any(&[ConsoleRight::Administer, ConsoleRight::RunReviews]);
    let dormant = used < today.plus_days(-DORMANT_DAYS);
    let here = row.person_status != IdentityStatus::Ended;
    (may && dormant && here).then(|| {
        let path = format!("{}/{}/review", routes::PEOPLE, row.access.key.identity);
        let because = format!("{} was not used since {used}.", row.entitlement);
        let href = routes::with_query(&path, &[("because", &because)]);
        let label = format!("Review what {} has", row.person);
        view! { <a href=href aria-label=label>"Review"</a> }.into_any()
    })
}

/// The day of the last use; a colour when that was long ago.
pub(in crate::features) fn last_used(used: Option<Date>, today: Date) -> AnyView {
    match used {
        None => view! { <Absent /> }.into_any(),
        Some(used) if used < today.plus_days(-DORMANT_DAYS) => {
            view! { <Pill text=day(used) tone=Tone::Warn /> }.into_any()
        }
        Some(used) => crate::format::day_view(used),
    }
}

fn empty(list: List, listing: &Listing<'_>) -> AnyView {
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="Nothing matches" text="No access fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    let (title, text) = match list {
        List::All => (
            "No source tells when access was used",
            "Access whose last use is known belongs here, the longest unused first in steps of four weeks. It comes with the column last_used_at of the file access.csv.",
        ),
        List::Person => (
            "No source sees access of this person",
            "What they really hold in the applications belongs here, as soon as a source tells of it.",
        ),
        List::Entitlement => (
            "No source sees anybody with it",
            "Who really holds it belongs here, as soon as a source tells of it.",
        ),
    };
    view! { <Empty kind=EmptyKind::Nothing icon=Icon::KeySquare title=title text=text /> }
        .into_any()
}
