//! Requests for access: asked for, decided by those who must agree, given in the transaction of the last decision, and on
//! record for good.
//!
//! Where an item stands is derived from what happened to it (`domain::approval`). What is here appends to that, and does
//! what follows ([`course`]).

mod about;
mod activate;
mod ask;
mod cart;
mod catalogue;
mod check;
mod converse;
mod course;
mod decide;
mod detail;
mod emergency;
mod ending;
mod facts;
mod give;
mod give_back;
mod inbox;
mod list;
mod mine;
mod submit;
mod sweep;
mod words;

pub use activate::activate;
pub(crate) use activate::end_activations;
pub use ask::{Ask, Line};
pub use cart::{
    CartEntry, CartGroup, CartItem, cart, cart_count, keep_cart, put_in_cart, take_from_cart,
};
pub use catalogue::{
    Catalogue, CatalogueQuery, Offered, OfferedDetail, Same, SameThing, Standing, StepPreview,
    catalogue, offered, same_as,
};
pub use converse::{ask_back, comment, hand_on, remind, withdraw};
pub use decide::{Decided, Verdict, decide, decide_many};
pub use detail::{
    EventView, Given, ItemDetail, Named, RequestDetail, Similar, StepView, Thing, item, read,
};
pub use emergency::take_at_once;
pub(crate) use ending::tell_of_ends;
pub(crate) use facts::voices;
pub use give_back::give_back;
pub use inbox::{InboxPage, InboxRow, Waiting, inbox, waiting_count};
pub use list::{RequestLine, RequestsPage, export, list};
pub use mine::{
    Mine, MyApplication, MyAssignment, MyEligible, MyGift, MyLine, MyRequest, mine, my_assignment,
};
pub use submit::{extend, submit, submit_cart};
pub use sweep::sweep;
pub(crate) use words::person;
