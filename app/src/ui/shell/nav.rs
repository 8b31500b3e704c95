//! The navigation: groups of places, the menu of the person signed in, and the dock of a phone.

use leptos::prelude::*;

use super::{
    super::{Avatar, Icon, Slot, some, words},
    mark,
};

/// Places shown in the dock of a phone; the rest is in the drawer.
const DOCK: usize = 4;

/// Places that belong together; the label may be empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NavGroup {
    pub label: String,
    pub items: Vec<NavItem>,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavItem {
    pub label: String,
    pub href: String,
    pub icon: Icon,
    /// What waits there, already formatted; may be empty.
    pub count: String,
    pub current: bool,
}

/// The person signed in and the entries of their menu.
#[derive(Debug, Default)]
pub struct UserMenu {
    pub name: String,
    pub detail: String,
    pub items: Slot,
}

fn place(item: NavItem) -> AnyView {
    let count = some(item.count).map(|count| view! { <span class="nav-count">{count}</span> });
    view! {
        <li>
            <a href=item.href aria-current=item.current.then_some("page")>
                {item.icon.view()}
                <span class="nav-label">{item.label}</span>
                {count}
            </a>
        </li>
    }
    .into_any()
}

/// The navigation at the side, which a phone shows as a drawer.
pub(super) fn side(
    product: String,
    home: String,
    groups: Vec<NavGroup>,
    user: UserMenu,
) -> AnyView {
    let words = words();
    let groups = groups
        .into_iter()
        .map(|group| {
            let label = some(group.label).map(|label| view! { <h2 class="nav-head">{label}</h2> });
            let items = group.items.into_iter().map(place).collect_view();
            view! { <div class="nav-group">{label} <ul>{items}</ul></div> }
        })
        .collect_view();
    let detail =
        some(user.detail).map(|detail| view! { <span class="person-detail">{detail}</span> });
    view! {
        <nav class="nav" id="nav" popover="auto" aria-label=words.main_navigation>
            <a class="brand" href=home>
                {mark()}
                <span>{product}</span>
            </a>
            <div class="nav-groups">{groups}</div>
            <details class="menu nav-user" data-up="">
                <summary>
                    <span class="unseen">{words.account} " "</span>
                    <span class="person">
                        <Avatar name=user.name.clone() />
                        <span class="person-words">
                            <span class="person-name" dir="auto">
                                {user.name}
                            </span>
                            {detail}
                        </span>
                    </span>
                    {Icon::ChevronsUpDown.view()}
                </summary>
                <div class="menu-list">{user.items.wrapped(|view| view)}</div>
            </details>
        </nav>
    }
    .into_any()
}

/// The first places at the bottom of a phone's screen, and the button that opens all of them.
pub(super) fn dock(groups: &[NavGroup]) -> AnyView {
    let words = words();
    let places = groups
        .iter()
        .flat_map(|group| &group.items)
        .take(DOCK)
        .cloned()
        .map(place)
        .collect_view();
    view! {
        <nav class="dock" aria-label=words.quick_navigation>
            <ul>
                {places}
                <li>
                    <button type="button" popovertarget="nav">
                        {Icon::Menu.view()}
                        <span class="nav-label">{words.more}</span>
                    </button>
                </li>
            </ul>
        </nav>
    }
    .into_any()
}
