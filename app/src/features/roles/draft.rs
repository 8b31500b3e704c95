//! Another content of a role as a form has it: what stays, what comes in, and why. The service says whether it is possible.

use std::collections::BTreeSet;

use domain::field::FieldErrors;
use domain::role::Grantable;
use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::NamedEntitlement;
use service::roles::{ContentsDraft, NamedPart, RoleDetail};

use super::parts::{by_application, id_of, name_of, split};
use crate::access::{Picker, level_view};
use crate::format::number;
use crate::posted::Posted;
use crate::routes;
use crate::ui::leaf::{leaf, within};
use crate::ui::{Button, FormSection, Icon, TextArea};

/// What was typed, or what a form begins with.
#[derive(Debug, Clone, Default)]
pub(super) struct Typed {
    /// Ids of the parts that stay.
    pub(super) keep: BTreeSet<String>,
    /// What comes in, one a line.
    pub(super) add: String,
    /// Why.
    pub(super) reason: String,
    /// The number of people, when many lose something.
    pub(super) confirm: String,
}

impl Typed {
    /// Everything stays.
    pub(super) fn present(detail: &RoleDetail) -> Self {
        Self {
            keep: detail.parts.iter().map(|part| id_of(part.what())).collect(),
            ..Self::default()
        }
    }

    /// What a past version had stays, and what is missing of it comes in.
    pub(super) fn back_to(detail: &RoleDetail, past: &RoleDetail) -> Self {
        let ids = |detail: &RoleDetail| Self::present(detail).keep;
        let (now, then) = (ids(detail), ids(past));
        let missing: Vec<&str> = then.difference(&now).map(String::as_str).collect();
        Self {
            keep: now.intersection(&then).cloned().collect(),
            add: missing.join("\n"),
            ..Self::default()
        }
    }

    /// As it was sent.
    pub(super) fn of(posted: &Posted) -> Self {
        // What stands in the picker belongs to the lines, whichever button was pressed.
        let (lines, picked) = (posted.text("add"), posted.text("pick"));
        let picked = picked.trim();
        let known = lines.lines().any(|line| line.trim() == picked);
        let add = match (lines.trim_end(), picked) {
            (lines, "") => lines.to_owned(),
            ("", picked) => picked.to_owned(),
            (lines, _) if known => lines.to_owned(),
            (lines, picked) => format!("{lines}\n{picked}"),
        };
        Self {
            keep: posted.all("keep").into_iter().collect(),
            add,
            reason: posted.text("reason"),
            confirm: posted.text("confirm"),
        }
    }

    /// As the service takes it.
    pub(super) fn draft(&self) -> ContentsDraft {
        ContentsDraft {
            keep: self.keep.iter().cloned().collect(),
            add: self.add.clone(),
            reason: self.reason.clone(),
            confirm: self.confirm.clone(),
        }
    }

    /// The names of what is in the role and does not stay.
    pub(super) fn taken_out<'a>(&self, detail: &'a RoleDetail) -> Vec<&'a str> {
        let parts = detail.parts.iter();
        let out = parts.filter(|part| !self.keep.contains(&id_of(part.what())));
        out.map(name_of).collect()
    }

    /// The lines that name what comes in.
    pub(super) fn coming_in(&self) -> Vec<&str> {
        let lines = self.add.lines().map(str::trim);
        lines.filter(|line| !line.is_empty()).collect()
    }

    /// `12 stay, 1 is taken out, 2 come in`.
    pub(super) fn summary(&self, detail: &RoleDetail) -> String {
        let (out, come) = (self.taken_out(detail).len(), self.coming_in().len());
        let says = [
            (detail.parts.len() - out, "stays", "stay"),
            (out, "is taken out", "are taken out"),
            (come, "comes in", "come in"),
        ];
        let says = says.into_iter().filter(|(n, ..)| *n > 0);
        let says = says.map(|(n, one, many)| {
            format!("{} {}", number(n as u64), if n == 1 { one } else { many })
        });
        says.collect::<Vec<_>>().join(", ")
    }

    /// A box for each part, and a field for what comes in.
    pub(super) fn fields(&self, detail: &RoleDetail, errors: &FieldErrors) -> AnyView {
        let stay = (!detail.parts.is_empty()).then(|| {
            let boxes = leaf(self.boxes(detail));
            view! {
                <FormSection title="What stays" hint="Untick what is to be taken out.">{boxes}</FormSection>
            }
        });
        let add = {
            let problems = errors.iter().filter(|error| error.field == "add");
            let problems: Vec<&str> = problems.map(|error| error.message.as_str()).collect();
            view! {
                <TextArea name="add" label="Put in" value=self.add.clone() error=problems.join(" ") rows=4 hint="One a line, with technical names: APPLICATION/ENTITLEMENT, such as ledger/post-invoice, or role: and the name of another role, such as role:clerk." />
            }
        };
        let pick = Picker {
            name: "pick",
            label: "Find a role or an entitlement",
            hint: "By name, or by technical names. Add puts it into the lines below; what stands here counts without that, too.",
            endpoint: routes::API_PICK_ACCESS,
            chosen: String::new(),
            required: false,
        }
        .view(&Posted::filled([]), &FieldErrors::new());
        view! {
            {stay}
            <FormSection title="What comes in">
                <div class="pick-row">
                    {pick}
                    <Button label="Add" name="step" value="add" icon=Icon::Plus />
                </div>
                {add}
            </FormSection>
        }
        .into_any()
    }

    fn boxes(&self, detail: &RoleDetail) -> Markup {
        let of_source: BTreeSet<Grantable> = detail
            .role
            .content
            .parts
            .iter()
            .filter(|part| part.source.is_some())
            .map(|part| part.what)
            .collect();
        let (roles, entitlements) = split(&detail.parts);
        let groups = by_application(&entitlements);
        html! {
            @if !roles.is_empty() {
                div.keep role="group" aria-labelledby="keep-roles" {
                    p.keep-head id="keep-roles" { "Roles" }
                    @for (role, gives) in &roles {
                        @let what = Grantable::Role(role.id);
                        (self.one(what, &role.display_name, html! { "Gives " (number(*gives as u64)) " in all" }, of_source.contains(&what), None))
                    }
                }
            }
            @for (place, group) in groups.iter().enumerate() {
                div.keep role="group" aria-labelledby={ "keep-" (place) } {
                    p.keep-head id={ "keep-" (place) } dir="auto" { (group.first().map_or("", |named| named.application_display.as_str())) }
                    @for named in *group { (self.entitlement(named, &of_source)) }
                }
            }
        }
    }

    fn entitlement(&self, named: &NamedEntitlement, of_source: &BTreeSet<Grantable>) -> Markup {
        let what = Grantable::Entitlement(named.id);
        let risk = named.risk.map(|risk| within(level_view(Some(risk))));
        let detail = html! { code { (named.name) } };
        self.one(
            what,
            &named.display_name,
            detail,
            of_source.contains(&what),
            risk,
        )
    }

    fn one(
        &self,
        what: Grantable,
        name: &str,
        detail: Markup,
        of_source: bool,
        risk: Option<Markup>,
    ) -> Markup {
        let id = id_of(what);
        html! {
            label.choice {
                input type="checkbox" name="keep" value=(id) checked[self.keep.contains(&id)] autocomplete="off";
                span.keep-words {
                    span dir="auto" { (name) }
                    span.choice-detail {
                        (detail)
                        @if of_source { " · put in by a source, whose next import may put it in again" }
                    }
                }
                @if let Some(risk) = risk { (risk) }
            }
        }
    }
}

/// What a version has and another has not, by name.
pub(super) fn named_in<'a>(
    detail: &'a RoleDetail,
    whats: &BTreeSet<Grantable>,
) -> Vec<&'a NamedPart> {
    let parts = detail.parts.iter();
    parts.filter(|part| whats.contains(&part.what())).collect()
}
