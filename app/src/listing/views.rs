//! The views above a list: the shipped ones, one's own, and those that others share.
//!
//! The address names the view (`view=`) and says in full what is shown; the two may differ, which the tab then marks.

use domain::id::ViewId;
use domain::search::Search;
use domain::view::{ListName, SavedView};
use leptos::prelude::*;
use service::views::Views;

use super::{Params, Shown};
use crate::format::capped;
use crate::routes;
use crate::ui::{Button, ButtonKind, ColumnsForm, Form, Hidden, Icon, Slot, ViewBar, ViewTab};

/// A view that comes with the product.
#[derive(Debug, Clone)]
pub struct Shipped {
    key: &'static str,
    name: &'static str,
    search: String,
    sort: &'static str,
}

impl Shipped {
    /// A search under a name. The first of a list is the list itself and searches nothing.
    pub fn new(key: &'static str, name: &'static str, search: impl Into<String>) -> Self {
        Self {
            key,
            name,
            search: search.into(),
            sort: "",
        }
    }

    /// In this order.
    #[must_use]
    pub const fn sorted(mut self, sort: &'static str) -> Self {
        self.sort = sort;
        self
    }
}

/// One view as its tab shows it.
#[derive(Debug)]
struct Known {
    key: String,
    name: String,
    kept: String,
    by: String,
    own: Option<ViewId>,
}

/// The row above a list.
#[derive(Debug)]
pub struct Bar<'a> {
    /// Which list.
    pub list: ListName,
    /// Its path.
    pub base: &'static str,
    /// Its state.
    pub params: &'a Params,
    /// Views that come with it; the first is the list itself.
    pub shipped: Vec<Shipped>,
    /// Views of people.
    pub saved: &'a Views,
    /// How many match.
    pub total: u64,
    /// A fresh key for the form that saves.
    pub idem: String,
}

impl Bar<'_> {
    /// The tabs with what can be done with the view, and the choice of columns.
    pub fn view<R>(&self, shown: &Shown<R>) -> AnyView {
        let known = self.known();
        let at = current(&known, self.params);
        let now = self.params.kept();
        let changed = known[at].kept != now;
        let tabs = known.iter().enumerate().map(|(place, view)| {
            let here = place == at;
            ViewTab {
                label: view.name.clone(),
                href: self.href(place, view),
                count: if here {
                    capped(self.total)
                } else {
                    String::new()
                },
                current: here,
                changed: here && changed,
                by: view.by.clone(),
            }
        });
        let tabs = tabs.collect();
        let acts = self.acts(&known[at], at, changed, now);
        let columns = view! {
            <ColumnsForm
                action=routes::VIEWS_COLUMNS
                list=self.list.word()
                query=self.params.all_but_columns()
                choices=shown.choices()
                open=!self.params.arrange.is_empty()
            />
        };
        let end = Slot::from(view! { {acts} {columns} });
        view! { <ViewBar items=tabs end=end /> }.into_any()
    }

    fn known(&self) -> Vec<Known> {
        let shipped = self.shipped.iter().map(|view| Known {
            key: view.key.to_owned(),
            name: view.name.to_owned(),
            kept: Params {
                q: Search::parse(&view.search).to_string(),
                sort: view.sort.to_owned(),
                ..Params::default()
            }
            .kept(),
            by: String::new(),
            own: None,
        });
        let own = self.saved.own.iter().map(|view| known(view, true));
        let shared = self.saved.shared.iter().map(|view| known(view, false));
        shipped.chain(own).chain(shared).collect()
    }

    fn href(&self, place: usize, view: &Known) -> String {
        let key = if place == 0 { "" } else { &view.key };
        Params::of_view(self.base, &view.kept, key)
    }

    fn acts(&self, view: &Known, at: usize, changed: bool, now: String) -> AnyView {
        let edit = view.own.filter(|_| !changed).map(|id| {
            view! { <Button label="Edit view" href=routes::view(id) icon=Icon::Pencil kind=ButtonKind::Plain /> }
        });
        let reset = changed.then(|| {
            view! { <Button label="Reset" href=self.href(at, view) icon=Icon::Undo2 kind=ButtonKind::Plain /> }
        });
        let save_as = changed.then(|| {
            let pairs = [("list", self.list.word()), ("query", now.as_str())];
            let query = serde_urlencoded::to_string(pairs).unwrap_or_default();
            let href = format!("{}?{query}", routes::VIEWS_NEW);
            let label = if view.own.is_some() {
                "Save as…"
            } else {
                "Save view…"
            };
            view! { <Button label=label href=href icon=Icon::Bookmark kind=ButtonKind::Plain /> }
        });
        let save = view.own.filter(|_| changed).map(|id| {
            let idem = self.idem.clone();
            view! {
                <Form action=routes::view(id) idem=idem guard=false>
                    <Hidden name="query" value=now />
                    <Button label="Save" name="act" value="save" />
                </Form>
            }
        });
        view! { {reset} {save_as} {save} {edit} }.into_any()
    }
}

fn known(view: &SavedView, own: bool) -> Known {
    Known {
        key: view.id.to_string(),
        name: view.content.name.clone(),
        kept: view.content.query.clone(),
        by: if own {
            String::new()
        } else {
            view.owner_name.clone()
        },
        own: own.then_some(view.id),
    }
}

/// The view that is looked at: the one the address names, else the one that shows the same, else the list itself.
fn current(known: &[Known], params: &Params) -> usize {
    let named = known.iter().position(|view| view.key == params.view);
    let now = params.kept();
    named
        .or_else(|| known.iter().position(|view| view.kept == now))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(query: &str) -> usize {
        let views = [
            ("all", ""),
            ("left", "q=status%3Aended"),
            ("viw_1", "q=kim"),
        ];
        let known = views.map(|(key, kept)| Known {
            key: key.to_owned(),
            name: key.to_owned(),
            kept: kept.to_owned(),
            by: String::new(),
            own: None,
        });
        current(&known, &Params::read(query))
    }

    #[test]
    fn the_view_is_the_one_that_is_named_or_the_one_that_shows_the_same() {
        assert_eq!(at(""), 0);
        assert_eq!(at("q=status%3Aended"), 1);
        assert_eq!(at("view=viw_1&q=status%3Aended"), 2, "changed or not");
        assert_eq!(at("q=something"), 0, "the list itself, changed");
        assert_eq!(at("view=viw_gone&q=kim"), 2, "what is gone names nothing");
    }
}
