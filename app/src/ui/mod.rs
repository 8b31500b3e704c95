//! The primitives of the console: plain props in, accessible markup out, no knowledge of any feature.
//!
//! Everything works with scripts off; islands are put into the slots by the page. Each file has its stylesheet in
//! `style/components`. Conventions: a text prop takes `&str` or `String`, and an **empty text means "none"**, so
//! `error=form.error("name")` needs no `Option`. A [`Slot`] prop takes any view: `actions=view! { <Button …/> }`.
//! Vectors hold plain structs. Standard words ("Next", "Filters") come from [`Words`] in the context.
//!
//! # Frame
//! - `Shell product home search keys nav=Vec<NavGroup> user=UserMenu crumbs=Vec<Crumb> flash:Slot banner:Slot bar:Slot width=Width::Full|Text` children = the page; body content of a signed-in page. `NavGroup{label,items}`, `NavItem{label,href,icon,count,current}`, `UserMenu{name,detail,items:Slot}` with `MenuLink`/`MenuAction` in it; `bar` = extra things in the top bar.
//! - `Bell href unread`: goes in the bar.
//! - `Centre product` children: a page without navigation (sign-in, welcome, set password), put one `Card` in it.
//! - `PageHeader title detail lead:Slot status:Slot id:Slot actions:Slot`: the only `h1`; `lead` = `Avatar` or `IconTile`.
//! - `Crumb::link(label, href)`, `Crumb::here(label)`; `Crumbs items` (Shell renders it).
//! - `Tabs label items=Vec<Tab>`; `Tab{label,href,count,current}`.
//! - `Split rail:Slot` children: content with a rail of facts on the right. `Stack` children: blocks under each other.
//! - `Card title count actions:Slot flush` children: a surface; `flush` = no padding (tables, timelines).
//!
//! # Lists
//! - `Toolbar action hidden=Vec<(String, String)> filters:Slot end:Slot` children = `SearchInput` (or `TokenSearch` around it): the GET search form; `hidden` keeps `size`, `sort`.
//! - `SearchInput label value placeholder`: `#q`.
//! - `Facets groups=Vec<FacetGroup> open toggle` (goes in `Toolbar filters`); `FacetGroup{title,values}`, `FacetValue{label,count,href,active}`.
//! - `Chips items=Vec<Chip> clear`; `Chip{key,value,remove}`: `remove`/`clear` are links.
//! - `ViewBar items=Vec<ViewTab> end:Slot`: the views of a list; `ColumnsForm action list query choices=Vec<ColumnChoice> open` goes in its end.
//! - `Table caption columns=Vec<Column> selectable framed=true footer:Slot` children = `<tr>` rows. `Column::new("Person")`, `.sort(href, None|Some(Sort::Ascending|Descending))`, `.numeric()`, `.hidden()` (label for screen readers only).
//! - `table::cell::{name_cell, value_cell}` are `NameCell` and `Cell` as markup, for rows that are written as a whole; `select_cell`,
//!   first when the table is `selectable`, and `peek_cell`, the way to the panel, are only markup. `leaf::leaf` makes markup a view.
//! - `NameCell column name href detail icon`: the row header; with `icon` a tile, without it initials. `mono` = technical name.
//! - `Cell column numeric mono wrap` children; `column` is the label on phones. `ActionCell` children = `Menu`. `Absent` = a dash that reads "None".
//! - `Pager range previous next first size sizes=Vec<PageSize>`: empty `previous`/`next` = disabled; `PageSize{rows,href}`; range as `"1–50 of 3 214"`. Goes in `Table footer`.
//! - `Beside panel:Slot` children = the list: the list with `Panel title detail lead:Slot status:Slot open close previous next` (children = overview) at its right.
//! - `BulkBar action hidden all:Slot` children = `Button`s: the form `#bulk`; put it right after the table.
//! - `AllMatching label count` in the bar's `all`: takes everything that matches, by query.
//! - `Empty kind=EmptyKind::Nothing|NoMatch|NotForYou title text icon` children = actions.
//!
//! # Forms
//! - `Form action idem version files problems=Vec<Problem> summary guard=true` children: error summary first, hidden `idem` and `version`, `data-guard`; `Problem{field,message}`; empty `action` = own path.
//! - `FormSection title hint` children; `FieldRow` children (side by side); `FormActions` children (primary button first); `Hidden name value`.
//! - `TextField name label value hint error kind=InputKind::Text|Email|Password|Date|DateTime|Number|Url|Tel required autocomplete maxlength placeholder mono autofocus`.
//! - `TextArea name label value hint error required rows maxlength placeholder`.
//! - `Select name label value options=Vec<Choice> hint error required`; `Radios` the same; `Choice::new(value, label)`, `.detail(text)`.
//! - `Checkbox name label checked value="on" hint error`.
//! - `Field name label hint error required` children: the frame for a control of your own, such as `Combobox`, or `RevealPassword` around
//!   `Input name value kind required invalid described_by autocomplete maxlength placeholder mono autofocus`; `described_by(name, hint, error)` gives the ids.
//! - `FileDrop name label hint accept error single`: many files or one, chosen or dropped; `FileField` the same for one. Their form has `files=true`.
//! - `Confirm title verb danger action idem version cancel` children = what will happen and any field: the body of a confirmation page.
//!
//! # Words and values
//! - `Button label kind=ButtonKind::Default|Primary|Plain|Danger icon href name value form action key download icon_only wide disabled open about`: link when `href` is set; `action` = `formaction`; `disabled` is the reason why not; `about` tells buttons of the same label apart for the ear; `key` shows a shortcut; `open` = `data-open`.
//! - `Menu label icon text up` children = `MenuLink href label icon danger`, `MenuAction action label icon idem danger` (a tiny POST form; children = more hidden fields), `MenuLine`. Without `text` it is the ⋯ button.
//! - `Pill text tone=Tone::Plain|Good|Warn|Bad`; `Risk level=1..4 word`.
//! - `Person name detail href`; `Avatar name large`; `IconTile icon large`.
//! - `Time at text full`: `at` RFC 3339, `text` shown, `full` on hover. `Id value` children = copy button. `Kbd keys="g p"`. `KeyValue name` children.
//! - `Facts title` children = `Fact term` children. `Stats` children = `Stat label value note href tone`. `Progress label done total note`.
//! - `chart::line(points, told)`, `chart::bars(columns, parts, told)`: a picture of numbers; `told` is the same in words. A table of the numbers stands below it.
//! - `Diff caption rows=Vec<Change> before after`; `Change{field,before,after}`, empty = absent; `before`/`after` rename the columns.
//! - `Timeline label` children = `TimelineEvent title:Slot actor:Slot at:Slot icon tone` children = details (a `Diff`, a reason).
//! - `Steps label names=Vec<&str> current`: where one is on a short way. `Disclosure title note open` children: opens under its title.
//! - `Banner tone title` children. `Flash text tone href link`: one-shot message (wrap in the toast island), goes in `Shell flash`.
//! - `ErrorBody code title text request copy:Slot` children = ways on: the body of 403, 404, 409, 500 pages.
//! - `Slot::default()` is an empty slot, `Slot::from(view)` a filled one, for structs and conditions. Fields that are not `required` say "optional".
//! - `Icon::Plus` (see [`Icon`]), `{Icon::Plus.view()}` where no component takes one. [`Assets`] must be in the context.
//!
//! # A list page
//! ```text
//! view! {
//!     <PageHeader title="People" actions=view! {
//!         <Button label="Export" icon=Icon::Download href=export download=true />
//!         <Button label="Add person" icon=Icon::Plus kind=ButtonKind::Primary href="/people/new" />
//!     } />
//!     <Toolbar action="/people" hidden=kept filters=view! { <Facets groups=facets open=open toggle=toggle /> <Chips items=chips clear="/people" /> }>
//!         <SearchInput label="Search people" value=query placeholder="Name, e-mail, id or status:active" />
//!     </Toolbar>
//!     <Table caption="People" columns=columns selectable=true footer=view! { <Pager range=range next=next size=50 sizes=sizes /> }>
//!         {rows.into_iter().map(|row| view! {
//!             <tr>
//!                 {leaf(select_cell(&row.id, &row.name))}
//!                 <NameCell column="Person" name=row.name detail=row.title href=row.href />
//!                 <Cell column="Status"><Pill text=row.status tone=Tone::Good /></Cell>
//!                 <Cell column="Access" numeric=true>{row.access}</Cell>
//!             </tr>
//!         }).collect_view()}
//!     </Table>
//!     <BulkBar action="/people/bulk"><Button label="Suspend" name="act" value="suspend" /></BulkBar>
//! }
//! ```

pub mod banner;
pub mod bell;
pub mod bulk;
pub mod button;
pub mod card;
pub mod centre;
pub mod chart;
pub mod columns;
pub mod confirm;
pub mod crumbs;
pub mod diff;
pub mod disclosure;
pub mod empty;
pub mod error;
pub mod facets;
pub mod facts;
pub mod field;
pub mod files;
pub mod form;
pub mod header;
pub mod icon;
pub mod id;
pub mod kbd;
pub mod leaf;
pub mod menu;
pub mod pager;
pub mod panel;
pub mod person;
pub mod pill;
pub mod progress;
pub mod risk;
pub mod shell;
pub mod split;
pub mod stat;
pub mod steps;
pub mod table;
pub mod tabs;
pub mod time;
pub mod timeline;
pub mod toast;
pub mod toolbar;
pub mod value;
pub mod views;

use leptos::prelude::*;

pub use self::{
    banner::Banner,
    bell::Bell,
    bulk::{AllMatching, BulkBar},
    button::{Button, ButtonKind},
    card::Card,
    centre::Centre,
    columns::{ColumnChoice, ColumnsForm},
    confirm::Confirm,
    crumbs::{Crumb, Crumbs},
    diff::{Change, Diff},
    disclosure::Disclosure,
    empty::{Empty, EmptyKind},
    error::ErrorBody,
    facets::{FacetGroup, FacetValue, Facets},
    facts::{Fact, Facts},
    field::{
        Checkbox, Choice, Field, Input, InputKind, Radios, Select, TextArea, TextField,
        described_by,
    },
    files::{FileDrop, FileField},
    form::{FieldRow, Form, FormActions, FormSection, Hidden, Problem},
    header::PageHeader,
    icon::{Assets, Icon},
    id::Id,
    kbd::Kbd,
    menu::{Menu, MenuAction, MenuLine, MenuLink},
    pager::{PageSize, Pager},
    panel::{Beside, Panel},
    person::{Avatar, IconTile, Person},
    pill::{Pill, Tone},
    progress::Progress,
    risk::Risk,
    shell::{NavGroup, NavItem, Shell, UserMenu, Width},
    split::{Split, Stack},
    stat::{Stat, Stats},
    steps::Steps,
    table::{Absent, ActionCell, Cell, Column, NameCell, Sort, Table},
    tabs::{Tab, Tabs},
    time::Time,
    timeline::{Timeline, TimelineEvent},
    toast::Flash,
    toolbar::{Chip, Chips, SearchInput, Toolbar},
    value::KeyValue,
    views::{ViewBar, ViewTab},
};

/// A place in a primitive that takes any view, or nothing.
#[derive(Default)]
pub struct Slot(Option<AnyView>);

impl std::fmt::Debug for Slot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.0.is_some() {
            "Slot(view)"
        } else {
            "Slot(empty)"
        })
    }
}

impl<V: IntoView + 'static> From<V> for Slot {
    fn from(view: V) -> Self {
        Self(Some(view.into_any()))
    }
}

impl Slot {
    /// Whether nothing was put into it.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The view inside `wrap`, or nothing when the slot was left empty.
    fn wrapped<V: IntoView + 'static>(self, wrap: impl FnOnce(AnyView) -> V) -> AnyView {
        self.0
            .map_or_else(|| ().into_any(), |view| wrap(view).into_any())
    }
}

/// `None` for an empty text, so that an attribute or an element is left out.
fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The standard words of the primitives, in one language. A page may put another set in the context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    pub skip: &'static str,
    pub main_navigation: &'static str,
    pub quick_navigation: &'static str,
    pub breadcrumb: &'static str,
    pub account: &'static str,
    pub more: &'static str,
    pub jump: &'static str,
    pub jump_key: &'static str,
    pub keys: &'static str,
    pub actions: &'static str,
    pub search: &'static str,
    pub filters: &'static str,
    pub no_filters: &'static str,
    pub active_filters: &'static str,
    pub remove_filter: &'static str,
    pub clear_filters: &'static str,
    pub select: &'static str,
    pub select_page: &'static str,
    pub selected: &'static str,
    pub with_selected: &'static str,
    pub pages: &'static str,
    pub first: &'static str,
    pub previous: &'static str,
    pub next: &'static str,
    pub rows: &'static str,
    pub none: &'static str,
    pub quick_look: &'static str,
    pub open_page: &'static str,
    pub previous_row: &'static str,
    pub next_row: &'static str,
    pub close: &'static str,
    pub views: &'static str,
    pub changed: &'static str,
    pub shared_by: &'static str,
    pub columns: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub show: &'static str,
    pub keep: &'static str,
    pub usual: &'static str,
    pub optional: &'static str,
    pub field: &'static str,
    pub before: &'static str,
    pub after: &'static str,
    pub cancel: &'static str,
    pub request: &'static str,
    pub messages: &'static str,
    pub notifications: &'static str,
    pub unread: &'static str,
}

impl Words {
    /// English, the only language for now.
    pub const ENGLISH: Self = Self {
        skip: "Skip to content",
        main_navigation: "Main",
        quick_navigation: "Quick",
        breadcrumb: "Breadcrumb",
        account: "Account",
        more: "More",
        jump: "Search or jump",
        jump_key: "Ctrl K",
        keys: "Keyboard shortcuts",
        actions: "Actions",
        search: "Search",
        filters: "Filter",
        no_filters: "Nothing here to narrow the list by.",
        active_filters: "Active filters",
        remove_filter: "Remove filter",
        clear_filters: "Clear all",
        select: "Select",
        select_page: "Select all on this page",
        selected: "selected",
        with_selected: "With selected",
        pages: "Pages",
        first: "First page",
        previous: "Previous",
        next: "Next",
        rows: "Rows per page",
        none: "None",
        quick_look: "Quick look",
        open_page: "Open full page",
        previous_row: "Previous row",
        next_row: "Next row",
        close: "Close",
        views: "Views",
        changed: "changed",
        shared_by: "Shared by",
        columns: "Columns",
        up: "Move up",
        down: "Move down",
        show: "Show these",
        keep: "Keep as mine",
        usual: "Usual ones",
        optional: "optional",
        field: "Field",
        before: "Before",
        after: "After",
        cancel: "Cancel",
        request: "Request",
        messages: "Messages",
        notifications: "Notifications",
        unread: "unread",
    };
}

/// The words of the page being rendered.
fn words() -> Words {
    use_context::<Words>().unwrap_or(Words::ENGLISH)
}
