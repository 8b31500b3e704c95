//! What the page of a role says of the proposal that it was made of.

use domain::lifecycle::Lifecycle;
use domain::permission::Action;
use leptos::prelude::*;
use service::roles::{Origin, RoleDetail};

use super::{one, people};
use crate::ui::{Banner, Fact};

/// The way to the proposal, for those who may see it.
fn linked(detail: &RoleDetail) -> Option<(Origin, Option<String>)> {
    let origin = detail.origin?;
    let may = detail.may.contains(&Action::CreateAccess);
    Some((origin, may.then(|| one(origin.discovery, origin.number))))
}

/// That nobody was ever given it, and who it is for.
pub(in crate::features::roles) fn banner(detail: &RoleDetail) -> Option<AnyView> {
    let (origin, href) = linked(detail)?;
    if !origin.draft || !detail.moment.present || detail.role.content.status == Lifecycle::Ended {
        return None;
    }
    let members = people(origin.members.unsigned_abs());
    let whom = match href {
        Some(href) => view! { <a href=href>{members}</a> }.into_any(),
        None => members.into_any(),
    };
    Some(
        view! {
            <Banner title="This is a draft: nobody holds it yet">
                <p>"It was found in what " {whom} " have, and gives nothing before it is given. Giving it to them is the next step."</p>
            </Banner>
        }
        .into_any(),
    )
}

/// Where it comes from.
pub(in crate::features::roles) fn fact(detail: &RoleDetail) -> Option<AnyView> {
    let (origin, href) = linked(detail)?;
    let text = format!("Found in present access, no. {}", origin.number);
    let text = match href {
        Some(href) => view! { <a href=href>{text}</a> }.into_any(),
        None => text.into_any(),
    };
    Some(view! { <Fact term="Comes from">{text}</Fact> }.into_any())
}
