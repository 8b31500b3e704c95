//! The breadcrumb: parents are links, the page itself is not.

use leptos::prelude::*;

use super::{some, words};

/// One step of the way to the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    label: String,
    href: String,
}

impl Crumb {
    /// A parent.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: href.into(),
        }
    }

    /// The page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: String::new(),
        }
    }
}

/// The way from the top to the page.
#[component]
pub fn Crumbs(items: Vec<Crumb>) -> impl IntoView {
    let steps = items
        .into_iter()
        .map(|Crumb { label, href }| match some(href) {
            Some(href) => view! { <li><a href=href>{label}</a></li> }.into_any(),
            None => {
                view! { <li aria-current="page"><span dir="auto">{label}</span></li> }.into_any()
            }
        })
        .collect_view();
    view! {
        <nav class="crumbs" aria-label=words().breadcrumb>
            <ol>{steps}</ol>
        </nav>
    }
    .into_any()
}
