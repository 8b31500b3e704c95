//! The navigation: groups of places, the menu of the person signed in, and the dock of a phone.

use leptos::prelude::*;
use maud::{Markup, html};

use super::super::leaf::leaf;
use super::super::person::disc;
use super::super::{Icon, Slot, words};
use super::mark;

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

fn place(item: &NavItem) -> Markup {
    html! {
        li {
            a href=(item.href) aria-current=[item.current.then_some("page")] {
                (item.icon.markup())
                span.nav-label { (item.label) }
                @if !item.count.is_empty() { span.nav-count { (item.count) } }
            }
        }
    }
}

/// The navigation at the side, which a phone shows as a drawer.
pub(super) fn side(product: String, home: String, groups: &[NavGroup], user: UserMenu) -> AnyView {
    let words = words();
    let groups = leaf(html! {
        div.nav-groups {
            @for group in groups {
                div.nav-group {
                    @if !group.label.is_empty() { h2.nav-head { (group.label) } }
                    ul { @for item in &group.items { (place(item)) } }
                }
            }
        }
    });
    let person = leaf(html! {
        span.person {
            (disc(&user.name, false))
            span.person-words {
                span.person-name dir="auto" { (user.name) }
                @if !user.detail.is_empty() { span.person-detail { (user.detail) } }
            }
        }
    });
    view! {
        <nav class="nav" id="nav" popover="auto" aria-label=words.main_navigation>
            <a class="brand" href=home>
                {mark()}
                <span>{product}</span>
            </a>
            {groups}
            <details class="menu nav-user" data-up="">
                <summary>
                    <span class="unseen">{words.account} " "</span>
                    {person}
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
    let places = groups.iter().flat_map(|group| &group.items).take(DOCK);
    leaf(html! {
        nav.dock aria-label=(words.quick_navigation) {
            ul {
                @for item in places { (place(item)) }
                li {
                    button type="button" popovertarget="nav" {
                        (Icon::Menu.markup())
                        span.nav-label { (words.more) }
                    }
                }
            }
        }
    })
}
