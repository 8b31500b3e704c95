//! What the pages of applications and entitlements have in common: how state and level look, who answers for a thing,
//! who may change it. Knows nothing of either page.

use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::lifecycle::{Level, Lifecycle};
use domain::permission::ConsoleRight::{Administer, ManageAccessModel};
use domain::permission::{Visibility, visible_access, visible_people};
use frontend::combobox::Combobox;
use leptos::prelude::*;
use maud::html;

use crate::posted::{Posted, error};
use crate::routes;
use crate::ui::leaf::leaf;
use crate::ui::{Absent, Card, Choice, Field, Person, Pill, Risk, Select, Tone, described_by};
use crate::visit::Visit;

/// Whether the visitor may add and change applications and entitlements.
pub fn may_manage(visit: &Visit) -> bool {
    visit.rights().has_any(&[Administer, ManageAccessModel])
}

/// Whether the visitor sees all of them, or only their own.
pub fn sees_all(visit: &Visit) -> bool {
    visible_access(visit.cx().actor) == Visibility::All
}

/// Where it is in its life.
pub fn status_pill(status: Lifecycle) -> AnyView {
    let tone = match status {
        Lifecycle::Active => Tone::Good,
        Lifecycle::Suspended => Tone::Warn,
        Lifecycle::Ended => Tone::Plain,
    };
    view! { <Pill text=status.label() tone=tone /> }.into_any()
}

/// Risk or criticality as bars and a word.
pub fn level_view(level: Option<Level>) -> AnyView {
    match level {
        Some(level) => view! { <Risk level=level as u8 + 1 word=level.label() /> }.into_any(),
        None => view! { <Absent /> }.into_any(),
    }
}

/// A person's page, for those who may open it; empty for others, who read the name alone.
pub fn person_href(visit: &Visit, id: IdentityId) -> String {
    if visit.me() == Some(id) || visible_people(visit.cx().actor) == Visibility::All {
        format!("{}/{id}", routes::PEOPLE)
    } else {
        String::new()
    }
}

/// The owner in a list; `missing` says who answers when nobody is named.
pub fn owner_cell(visit: &Visit, owner: Option<(IdentityId, String)>, missing: AnyView) -> AnyView {
    let Some((id, name)) = owner else {
        return missing;
    };
    match person_href(visit, id) {
        href if href.is_empty() => name.into_any(),
        href => leaf(html! { a href=(href) { (name) } }),
    }
}

/// Nobody answers for something that is in use.
pub fn no_owner() -> AnyView {
    view! { <Pill text="No owner" tone=Tone::Warn /> }.into_any()
}

/// The owner among the facts of a thing: id, name, a detail. Without one a warning, and for those who may the way to
/// name one.
pub fn owner_fact(
    visit: &Visit,
    owner: Option<(IdentityId, &str, &str)>,
    assign: Option<String>,
) -> AnyView {
    if let Some((id, name, detail)) = owner {
        return view! { <Person name=name detail=detail href=person_href(visit, id) /> }.into_any();
    }
    let assign = assign.map(|href| view! { " " <a href=href>"Name one"</a> });
    view! { {no_owner()} {assign} }.into_any()
}

/// A description of several lines in a card; without one, `missing`.
pub fn description_card(title: &'static str, text: &str, missing: &'static str) -> AnyView {
    let body = if text.is_empty() {
        view! { <p class="soft">{missing}</p> }.into_any()
    } else {
        let lines = text.split('\n').filter(|line| !line.trim().is_empty());
        let lines = lines
            .map(|line| view! { <p dir="auto">{line.to_owned()}</p> })
            .collect_view();
        view! { <div class="prose">{lines}</div> }.into_any()
    };
    view! { <Card title=title>{body}</Card> }.into_any()
}

/// The choice of a level; none is a choice, too.
pub fn level_field(
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    posted: &Posted,
    errors: &FieldErrors,
) -> AnyView {
    let levels = Level::ALL
        .iter()
        .map(|level| Choice::new(level.word(), level.label()));
    let choices = std::iter::once(Choice::new("", "Not set"))
        .chain(levels)
        .collect();
    view! { <Select name=name label=label value=posted.text(name) options=choices error=error(errors, name) hint=hint /> }.into_any()
}

/// A field of the form that takes an object by name or id, with suggestions.
#[derive(Debug)]
pub struct Picker {
    /// Name of the field.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What to type without suggestions.
    pub hint: &'static str,
    /// Where suggestions come from.
    pub endpoint: &'static str,
    /// The name of what is typed, when it is known.
    pub chosen: String,
    /// Whether it may not be empty.
    pub required: bool,
}

impl Picker {
    /// The field with what was typed and what is wrong with it.
    pub fn view(self, posted: &Posted, errors: &FieldErrors) -> AnyView {
        let problem = error(errors, self.name);
        let describing = described_by(self.name, self.hint, &problem);
        let input = view! {
            <Combobox
                name=self.name
                value=posted.text(self.name)
                label_value=self.chosen
                endpoint=self.endpoint
                input_id=format!("f-{}", self.name)
                described_by=describing
                invalid=!problem.is_empty()
                placeholder=""
            />
        };
        view! { <Field name=self.name label=self.label hint=self.hint error=problem required=self.required>{input}</Field> }.into_any()
    }
}

/// The field `what` for a role or an entitlement; `chosen` is the name of what is typed, when it is known.
pub fn what_field(
    label: &'static str,
    chosen: String,
    posted: &Posted,
    errors: &FieldErrors,
) -> AnyView {
    Picker {
        name: "what",
        label,
        hint: WHAT_HINT,
        endpoint: routes::API_PICK_ACCESS,
        chosen,
        required: true,
    }
    .view(posted, errors)
}

/// How what can be given is typed.
pub const WHAT_HINT: &str = "Search by name, or type technical names: APPLICATION/ENTITLEMENT, such as ledger/post-invoice, or role: and the name of a role, such as role:clerk.";

/// The field for the owner; `owner` is the recorded one as a username and a name.
pub fn owner_field(
    hint: &'static str,
    owner: Option<(&str, &str)>,
    posted: &Posted,
    errors: &FieldErrors,
) -> AnyView {
    let chosen = owner
        .filter(|(username, _)| *username == posted.get("owner"))
        .map(|(_, name)| name.to_owned());
    let chosen = chosen.unwrap_or_default();
    Picker {
        name: "owner",
        label: "Owner",
        hint,
        endpoint: routes::API_PICK_PEOPLE,
        chosen,
        required: false,
    }
    .view(posted, errors)
}
