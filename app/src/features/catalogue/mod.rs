//! What people may ask for: the catalogue, one thing of it, what a colleague has, and the cart.

mod cart;
mod list;
mod one;
mod rows;
mod same;
mod words;

use domain::id::{IdentityId, ObjectRef};
use domain::permission::{Action, Denied};
use domain::role::Grantable;
use service::Error;

use crate::pages::Pages;
use crate::routes;
use crate::visit::Visit;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::CATALOGUE, list::page)
        .get(routes::CART, cart::page)
        .post(routes::CART, cart::change)
        .get(routes::CATALOGUE_SAME, same::page)
        .post(routes::CATALOGUE_SAME, same::put)
        .get(routes::CATALOGUE_ONE, one::page)
        .post(routes::CATALOGUE_ONE, one::take)
}

/// Whoever is signed in; others are sent to sign in.
fn me(visit: &Visit) -> Result<IdentityId, Error> {
    visit.me().ok_or(Error::Denied {
        denied: Denied::SignIn,
        action: Action::AskAccess,
        object: None,
    })
}

/// For whom, as an address or a form says it; empty is oneself.
fn person(text: &str) -> Result<Option<IdentityId>, Error> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::NotFound),
    }
}

/// What, as an address or a form says it.
fn what(text: &str) -> Result<Grantable, Error> {
    let object: ObjectRef = text.trim().parse().map_err(|_| Error::NotFound)?;
    Grantable::of(object).ok_or(Error::NotFound)
}
