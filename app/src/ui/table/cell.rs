//! Cells of a list: the name that heads a row, values, absent values, the checkbox, the menu.

use leptos::prelude::*;

use super::super::{Avatar, Icon, IconTile, person::named, some, words};

/// The cell that names the row; its link opens the thing.
#[component]
pub fn NameCell(
    #[prop(into)] column: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] href: String,
    #[prop(optional, into)] detail: String,
    /// A tile in place of initials.
    #[prop(optional)]
    icon: Option<Icon>,
    /// The detail is a technical name.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let mark = match icon {
        Some(icon) => view! { <IconTile icon=icon /> }.into_any(),
        None => view! { <Avatar name=name.clone() /> }.into_any(),
    };
    view! {
        <th scope="row" class="name" data-label=column>
            <span class="person">{mark} {named(name, href, detail, mono)}</span>
        </th>
    }
    .into_any()
}

/// A cell with a value.
#[component]
pub fn Cell(
    /// The label of the column, shown when the row is a card.
    #[prop(into)]
    column: String,
    #[prop(optional)] numeric: bool,
    #[prop(optional)] mono: bool,
    /// Lets the text run over several lines.
    #[prop(optional)]
    wrap: bool,
    children: Children,
) -> impl IntoView {
    let mut class = Vec::new();
    if numeric {
        class.push("num");
    }
    if mono {
        class.push("mono");
    }
    if wrap {
        class.push("wrap");
    }
    view! {
        <td class=some(class.join(" ")) data-label=column>
            <span class="value">
                <span dir="auto">{children()}</span>
            </span>
        </td>
    }
    .into_any()
}

/// A value that is not there: a dash for the eye, a word for the ear.
#[component]
pub fn Absent() -> impl IntoView {
    view! { <span class="absent"><span aria-hidden="true">"–"</span> <span class="unseen">{words().none}</span></span> }
        .into_any()
}

/// The checkbox of a row; it belongs to the bulk form wherever it stands.
#[component]
pub fn SelectCell(
    #[prop(into)] value: String,
    /// The name of the row.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    view! {
        <td class="pick">
            <label>
                <span class="unseen">{words().select} " " {label}</span>
                <input type="checkbox" name="id" value=value form="bulk" autocomplete="off" />
            </label>
        </td>
    }
    .into_any()
}

/// The last cell of a row: the way to its panel, beside the list.
#[component]
pub fn PeekCell(
    #[prop(into)] href: String,
    /// The name of the row.
    #[prop(into)]
    label: String,
    /// The panel shows this row now.
    #[prop(optional)]
    current: bool,
) -> impl IntoView {
    let quick_look = words().quick_look;
    view! {
        <td class="act">
            <a class="peek" href=href aria-current=current.then_some("true") title=quick_look>
                <span class="unseen">{quick_look} ": " {label}</span>
                {Icon::PanelRight.view()}
            </a>
        </td>
    }
    .into_any()
}

/// The last cell of a row, for its menu.
#[component]
pub fn ActionCell(children: Children) -> impl IntoView {
    view! { <td class="act">{children()}</td> }.into_any()
}
