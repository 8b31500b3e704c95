//! Everything that runs in the browser, and nothing else.
//!
//! Each module holds one island: a leaf of a server-rendered page that adds keys, suggestions or feedback to markup which
//! already works without scripts. Islands keep no truth; the server's answer is the truth. What has no document in it
//! (ranking, ranges, key sequences, completion) is in plain functions and tested natively.

pub mod api;
pub mod bulk;
pub mod combobox;
pub mod copy;
mod dom;
mod finder;
pub mod guard;
pub mod job_progress;
pub mod keys;
mod listbox;
pub mod palette;
mod posting;
pub mod quick_look;
pub mod reveal;
pub mod says;
pub mod sitting;
pub mod toast;
pub mod tokens;

pub use bulk::BulkSelect;
pub use combobox::Combobox;
pub use copy::CopyButton;
pub use guard::Guard;
pub use job_progress::JobProgress;
pub use keys::Keys;
pub use palette::CommandPalette;
pub use quick_look::QuickLook;
pub use reveal::RevealPassword;
pub use says::Says;
pub use sitting::Sitting;
pub use toast::Toast;
pub use tokens::{TokenKey, TokenSearch};

/// Called by the loading script once the module is there.
///
/// The script then walks the islands in one chain of microtasks; a timeout runs only when that chain is at its end,
/// so `html[data-hydrated]` means that every island listens.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
    dom::later(0, || {
        if let Some(root) = leptos::prelude::document().document_element() {
            dom::set(&root, "data-hydrated", "true");
        }
    });
}
