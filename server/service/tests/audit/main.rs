//! The log from outside: what is read from it, what is proven of it, and that nobody changes it unseen.

mod history;
mod reading;
mod verify;
