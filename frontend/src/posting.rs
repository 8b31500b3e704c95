//! A form sent in the background, for an answer in data.

use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, Headers, HtmlFormElement, RequestInit, Response, UrlSearchParams};

/// Sends the fields of a form with one more; the status and the text of the answer, when there is one.
pub(crate) async fn post(
    form: &HtmlFormElement,
    address: &str,
    (name, value): (&str, &str),
) -> Option<(u16, String)> {
    let fields = FormData::new_with_form(form).ok()?;
    fields.append_with_str(name, value).ok()?;
    let body = UrlSearchParams::new_with_str_sequence_sequence(fields.as_ref()).ok()?;
    let headers = Headers::new().ok()?;
    headers.set("accept", "application/json").ok()?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(headers.as_ref());
    init.set_body(&JsValue::from(body));
    let response: Response = JsFuture::from(window().fetch_with_str_and_init(address, &init))
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    let text = JsFuture::from(response.text().ok()?).await.ok()?;
    Some((response.status(), text.as_string()?))
}
