//! Where a person can go: the navigation, the palette's commands and the keys after `g`. Nothing in it leads to a
//! refusal, and nothing a person may open is missing.

use domain::permission::ConsoleRight::{Administer, Audit, ManageIdentities, RunReviews};
use domain::permission::{Visibility, visible_access, visible_people};
use frontend::api::Suggestion;

use crate::routes;
use crate::ui::{Icon, NavGroup, NavItem};
use crate::visit::Visit;

struct Place {
    label: &'static str,
    href: &'static str,
    icon: Icon,
    key: &'static str,
    group: &'static str,
}

fn places(visit: &Visit) -> Vec<Place> {
    let Some(user) = &visit.user else {
        return Vec::new();
    };
    let mut places = Vec::new();
    let mut add = |label, href, icon, key, group| {
        places.push(Place {
            label,
            href,
            icon,
            key,
            group,
        });
    };
    add("Inbox", routes::INBOX, Icon::Inbox, "i", "");
    add("My access", routes::ME, Icon::KeySquare, "m", "");
    add("Request", routes::CATALOGUE, Icon::ShoppingCart, "r", "");
    let sees_access = visible_access(user.actor()) == Visibility::All;
    if sees_access {
        add("Overview", routes::OVERVIEW, Icon::House, "o", "");
    }
    if visible_people(user.actor()) == Visibility::All {
        add("People", routes::PEOPLE, Icon::Users, "p", "Manage");
    } else if user.is_manager {
        add("My team", routes::PEOPLE, Icon::Users, "p", "Manage");
    }
    if sees_access {
        add(
            "Applications",
            routes::APPLICATIONS,
            Icon::AppWindow,
            "s",
            "Manage",
        );
        add(
            "Entitlements",
            routes::ENTITLEMENTS,
            Icon::KeyRound,
            "e",
            "Manage",
        );
        add("Roles", routes::ROLES, Icon::Layers, "l", "Manage");
        add("Rules", routes::RULES, Icon::ListChecks, "b", "Manage");
        add(
            "Approval flows",
            routes::FLOWS,
            Icon::UserCheck,
            "w",
            "Manage",
        );
        add(
            "Assignments",
            routes::ASSIGNMENTS,
            Icon::Link,
            "g",
            "Manage",
        );
        add("Accounts", routes::ACCOUNTS, Icon::IdCard, "c", "Manage");
        add("Access", routes::ACCESS, Icon::KeySquare, "u", "Manage");
        add(
            "Findings",
            routes::FINDINGS,
            Icon::ShieldAlert,
            "f",
            "Manage",
        );
    }
    if user.rights.has_any(&[Administer, RunReviews, Audit]) {
        add("Reviews", routes::REVIEWS, Icon::ShieldCheck, "v", "Manage");
    }
    if user.rights.has_any(&[Administer, ManageIdentities, Audit]) {
        add("Sources", routes::SOURCES, Icon::Database, "d", "Manage");
    }
    if user.rights.has_any(&[Administer, ManageIdentities, Audit]) {
        add("Jobs", routes::JOBS, Icon::Activity, "j", "Manage");
    }
    if sees_access {
        add("Reports", routes::REPORTS, Icon::Activity, "z", "Prove");
    }
    if user.rights.has_any(&[Administer, Audit]) {
        add("Audit log", routes::AUDIT, Icon::ScrollText, "a", "Prove");
    }
    if user.rights.has_any(&[Administer, RunReviews, Audit]) {
        add(
            "Verify evidence",
            routes::EVIDENCE_VERIFY,
            Icon::Hash,
            "k",
            "Prove",
        );
    }
    places
}

/// What everybody has; who has more begins there.
const EVERYBODY: [&str; 3] = [routes::INBOX, routes::ME, routes::CATALOGUE];

/// Where signing in leads.
pub fn home(visit: &Visit) -> &'static str {
    let rights = visit.rights();
    if rights.has(Audit) && !rights.has(Administer) {
        return routes::AUDIT;
    }
    let decides = visit.waiting.0 > 0 || visit.user.as_ref().is_some_and(|user| user.is_manager);
    let sees_access = visible_access(visit.cx().actor) == Visibility::All;
    match (sees_access, decides) {
        (true, _) => routes::OVERVIEW,
        (false, true) => routes::INBOX,
        // Who manages people and decides nothing looks after them.
        (false, false) => places(visit)
            .into_iter()
            .find(|place| !EVERYBODY.contains(&place.href))
            .map_or(routes::ME, |place| place.href),
    }
}

/// The navigation with the current place marked. The home of a person comes first on a phone.
pub fn groups(visit: &Visit, current: &str) -> Vec<NavGroup> {
    let mut groups: Vec<NavGroup> = Vec::new();
    let places = places(visit);
    // Titles help only where there is something to tell apart.
    let titled = places.len() > 3;
    for place in places {
        let item = NavItem {
            label: place.label.to_owned(),
            href: place.href.to_owned(),
            icon: place.icon,
            count: if place.href == routes::INBOX {
                waiting(visit)
            } else {
                String::new()
            },
            current: place.href == current,
        };
        let label = if titled { place.group } else { "" };
        match groups.last_mut() {
            Some(group) if group.label == label => group.items.push(item),
            _ => groups.push(NavGroup {
                label: label.to_owned(),
                items: vec![item],
            }),
        }
    }
    groups
}

/// How many things wait, as it stands beside the inbox; nothing when none does.
fn waiting(visit: &Visit) -> String {
    match visit.waiting {
        (0, _) => String::new(),
        (n, false) if n < 100 => n.to_string(),
        _ => "99+".to_owned(),
    }
}

/// Keys after `g` and where they lead.
pub fn keys(visit: &Visit) -> Vec<(String, String)> {
    places(visit)
        .iter()
        .map(|place| (place.key.to_owned(), place.href.to_owned()))
        .collect()
}

/// Places with the key that leads there, for the page of shortcuts.
pub fn key_list(visit: &Visit) -> Vec<(String, String)> {
    places(visit)
        .iter()
        .map(|place| (format!("g {}", place.key), place.label.to_owned()))
        .collect()
}

/// What the palette offers without asking the server.
pub fn commands(visit: &Visit) -> Vec<Suggestion> {
    let mut commands: Vec<Suggestion> = places(visit)
        .iter()
        .map(|place| command(place.label, place.href, "Page"))
        .collect();
    let rights = visit.rights();
    if rights.has_any(&[
        Administer,
        domain::permission::ConsoleRight::ManageIdentities,
    ]) {
        commands.push(command("Add person", routes::PEOPLE_NEW, "Action"));
        commands.push(command("Add source", routes::SOURCES_NEW, "Action"));
    }
    if rights.has_any(&[
        Administer,
        domain::permission::ConsoleRight::ManageAccessModel,
    ]) {
        commands.push(command(
            "Add application",
            routes::APPLICATIONS_NEW,
            "Action",
        ));
        commands.push(command(
            "Add entitlement",
            routes::ENTITLEMENTS_NEW,
            "Action",
        ));
        commands.push(command("New role", routes::ROLES_NEW, "Action"));
        commands.push(command("New rule", routes::RULES_NEW, "Action"));
        commands.push(command("New approval flow", routes::FLOWS_NEW, "Action"));
    }
    commands.push(command("My cart", routes::CART, "Page"));
    commands.push(command(
        "Same access as a colleague",
        routes::CATALOGUE_SAME,
        "Action",
    ));
    commands.push(command("My account", routes::ME_ACCOUNT, "Page"));
    commands.push(command("Change password", routes::ME_PASSWORD, "Action"));
    if !commands.iter().any(|known| known.href == routes::JOBS) {
        commands.push(command("My jobs", routes::JOBS, "Page"));
    }
    if !commands
        .iter()
        .any(|known| known.href == routes::EVIDENCE_VERIFY)
    {
        commands.push(command("Verify evidence", routes::EVIDENCE_VERIFY, "Page"));
    }
    commands.push(command("Notifications", routes::NOTIFICATIONS, "Page"));
    commands.push(command(
        "Notification settings",
        routes::ME_NOTIFICATIONS,
        "Page",
    ));
    if rights.has(Administer) {
        commands.push(command("Outgoing mail", routes::MAIL, "Page"));
    }
    commands.push(command("Delegations", routes::DELEGATIONS, "Page"));
    commands.push(command("My sessions", routes::ME_SESSIONS, "Page"));
    commands.push(command("Preferences", routes::ME_PREFERENCES, "Page"));
    commands.push(command("Keyboard shortcuts", routes::HELP_KEYS, "Page"));
    commands
}

fn command(label: &str, href: &str, kind: &str) -> Suggestion {
    Suggestion {
        id: href.to_owned(),
        label: label.to_owned(),
        detail: String::new(),
        href: href.to_owned(),
        kind: kind.to_owned(),
    }
}
